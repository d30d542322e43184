package paper

import (
	"golang.org/x/text/unicode/bidi"
)

// Names and lines mix scripts of both directions. This is the Unicode bidirectional algorithm (UAX #9) for one line without
// embeddings, whose marks typeset drops before: rules P2–P3, W1–W7, N0–N2, I1–I2, L1, L2. golang.org/x/text has the classes but
// leaves runs of mixed lines in logical order.

// span is a stretch of runes of one level; odd levels run from right to left.
type span struct{ from, to, level int }

// inOrder parts a line into spans, as they stand from left to right.
func inOrder(runes []rune) []span {
	levels := levelsOf(runes)
	var spans []span
	for i, l := range levels {
		if n := len(spans); n > 0 && spans[n-1].level == l {
			spans[n-1].to = i + 1
			continue
		}
		spans = append(spans, span{i, i + 1, l})
	}
	highest := 0
	for _, s := range spans {
		highest = max(highest, s.level)
	}
	for level := highest; level > 0; level-- { // L2
		for i := 0; i < len(spans); {
			j := i
			for j < len(spans) && spans[j].level >= level {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				spans[a], spans[b] = spans[b], spans[a]
			}
			i = max(j, i+1)
		}
	}
	return spans
}

// levelsOf returns every rune's level; the line's own is that of its first letter with a direction.
func levelsOf(runes []rune) []int {
	classes := make([]bidi.Class, len(runes))
	base := 0
	found := false
	for i, r := range runes {
		p, _ := bidi.LookupRune(r)
		classes[i] = p.Class()
		if c := classes[i]; !found && (c == bidi.L || c == bidi.R || c == bidi.AL) {
			found = true
			if c != bidi.L {
				base = 1
			}
		}
	}
	side := bidi.Class(bidi.L)
	if base == 1 {
		side = bidi.R
	}
	weak(classes, side)
	brackets(runes, classes, side)
	neutral(classes, side)
	levels := make([]int, len(runes))
	for i, c := range classes { // I1, I2
		levels[i] = base
		switch {
		case base == 0 && c == bidi.R:
			levels[i] = 1
		case base == 0 && (c == bidi.AN || c == bidi.EN):
			levels[i] = 2
		case base == 1 && c != bidi.R:
			levels[i] = 2
		}
	}
	for i := len(runes) - 1; i >= 0; i-- { // L1
		if p, _ := bidi.LookupRune(runes[i]); p.Class() != bidi.WS {
			break
		}
		levels[i] = base
	}
	return levels
}

// weak resolves numbers, marks and what stands between digits (W1–W7).
func weak(c []bidi.Class, side bidi.Class) {
	before := side
	for i := range c { // W1
		if c[i] == bidi.NSM {
			c[i] = before
		}
		before = c[i]
	}
	strong := side
	for i := range c { // W2, W3
		switch c[i] {
		case bidi.L, bidi.R:
			strong = c[i]
		case bidi.AL:
			strong, c[i] = bidi.AL, bidi.R
		case bidi.EN:
			if strong == bidi.AL {
				c[i] = bidi.AN
			}
		}
	}
	for i := 1; i+1 < len(c); i++ { // W4
		if c[i-1] == c[i+1] && (c[i] == bidi.ES && c[i-1] == bidi.EN || c[i] == bidi.CS && (c[i-1] == bidi.EN || c[i-1] == bidi.AN)) {
			c[i] = c[i-1]
		}
	}
	for i := 0; i < len(c); i++ { // W5, W6
		if c[i] != bidi.ET {
			if c[i] == bidi.ES || c[i] == bidi.CS {
				c[i] = bidi.ON
			}
			continue
		}
		j := i
		for j < len(c) && c[j] == bidi.ET {
			j++
		}
		to := bidi.Class(bidi.ON)
		if i > 0 && c[i-1] == bidi.EN || j < len(c) && c[j] == bidi.EN {
			to = bidi.EN
		}
		for ; i < j; i++ {
			c[i] = to
		}
		i--
	}
	strong = side
	for i := range c { // W7
		switch c[i] {
		case bidi.L, bidi.R:
			strong = c[i]
		case bidi.EN:
			if strong == bidi.L {
				c[i] = bidi.L
			}
		}
	}
}

// asStrong is a class as the neutral rules see it: numbers count as R.
func asStrong(c bidi.Class) (bidi.Class, bool) {
	switch c {
	case bidi.L, bidi.R:
		return c, true
	case bidi.EN, bidi.AN:
		return bidi.R, true
	}
	return 0, false
}

var closing = map[rune]rune{'(': ')', '[': ']', '{': '}', '\u2329': '\u232a', '\u3008': '\u3009', '\uff08': '\uff09'}

// brackets gives both brackets of a pair the direction of what they hold (N0).
func brackets(runes []rune, c []bidi.Class, side bidi.Class) {
	type opened struct{ at int }
	var open []opened
	var pairs [][2]int
	for i, r := range runes {
		if c[i] != bidi.ON {
			continue
		}
		if _, ok := closing[r]; ok {
			open = append(open, opened{i})
			continue
		}
		for k := len(open) - 1; k >= 0; k-- {
			if closing[runes[open[k].at]] == r {
				pairs = append(pairs, [2]int{open[k].at, i})
				open = open[:k]
				break
			}
		}
	}
	for i := 1; i < len(pairs); i++ { // by where they open
		for j := i; j > 0 && pairs[j][0] < pairs[j-1][0]; j-- {
			pairs[j], pairs[j-1] = pairs[j-1], pairs[j]
		}
	}
	for _, p := range pairs {
		if to, ok := pairSide(c, p, side); ok {
			for _, at := range p {
				c[at] = to
				for at++; at < len(runes) && isMark(runes[at]); at++ {
					c[at] = to // a mark follows its bracket
				}
			}
		}
	}
}

func isMark(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.NSM
}

func pairSide(c []bidi.Class, pair [2]int, side bidi.Class) (bidi.Class, bool) {
	other := false
	for _, x := range c[pair[0]+1 : pair[1]] {
		s, strong := asStrong(x)
		if strong && s == side {
			return side, true
		}
		other = other || strong
	}
	if !other {
		return 0, false
	}
	before := side
	for _, x := range c[:pair[0]] {
		if s, strong := asStrong(x); strong {
			before = s
		}
	}
	if before != side {
		return before, true
	}
	return side, true
}

// neutral gives blanks and signs the direction of both neighbours, or the line's (N1, N2).
func neutral(c []bidi.Class, side bidi.Class) {
	for i := 0; i < len(c); i++ {
		if _, strong := asStrong(c[i]); strong {
			continue
		}
		j := i
		for j < len(c) {
			if _, strong := asStrong(c[j]); strong {
				break
			}
			j++
		}
		left, right := side, side
		if i > 0 {
			left, _ = asStrong(c[i-1])
		}
		if j < len(c) {
			right, _ = asStrong(c[j])
		}
		to := side
		if left == right {
			to = left
		}
		for ; i < j; i++ {
			c[i] = to
		}
		i--
	}
}
