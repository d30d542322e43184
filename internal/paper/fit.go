package paper

import (
	"strings"
	"unicode"
)

// fitted is a text made to fit: its lines and their size.
type fitted struct {
	lines []string
	hand  hand
}

// fit makes a text fit a column: it takes the largest of the sizes at which the words stand in so many lines; at the smallest size
// there may be one line more, words too long for a line are broken, and what is left over is cut with a mark.
func (d *desk) fit(text string, room float64, h hand, sizes []float64, lines int) fitted {
	for _, h.size = range sizes {
		if made, ok := d.wrap(text, room, h); ok && len(made) <= lines {
			return fitted{made, h}
		}
	}
	return fitted{d.squeeze(text, room, h, lines+1), h}
}

// wrap breaks a text at blanks and after hyphens. Ok is false where a word alone is wider than the room.
func (d *desk) wrap(text string, room float64, h hand) (lines []string, ok bool) {
	line := ""
	for _, word := range words(text) {
		if d.set.set(strings.TrimRight(line+word, " "), h.role).mm(h.size) <= room {
			line += word
			continue
		}
		if d.set.set(strings.TrimRight(word, " "), h.role).mm(h.size) > room {
			return nil, false
		}
		lines = append(lines, strings.TrimRight(line, " "))
		line = word
	}
	return append(lines, strings.TrimRight(line, " ")), true
}

// words parts a text where it may be broken; each part keeps the blank or hyphen behind it.
func words(text string) []string {
	var list []string
	for _, w := range strings.Fields(clean(text)) {
		for {
			at := strings.IndexAny(w, "-\u2010")
			if at <= 0 || at+1 >= len(w) {
				break
			}
			end := at + len(string([]rune(w[at:])[0]))
			list = append(list, w[:end])
			w = w[end:]
		}
		list = append(list, w+" ")
	}
	return list
}

// squeeze breaks words where it must and cuts what is too much.
func (d *desk) squeeze(text string, room float64, h hand, most int) []string {
	var lines []string
	rest := strings.TrimSpace(clean(text))
	for len(lines) < most-1 && rest != "" {
		line, after := d.take(rest, room, h)
		lines = append(lines, line)
		rest = after
	}
	if rest != "" {
		lines = append(lines, d.cut(rest, room, h))
	}
	return lines
}

// take is the first line of a text: whole words, or as much of the first word as there is room for.
func (d *desk) take(text string, room float64, h hand) (line, rest string) {
	for _, word := range words(text) {
		if d.set.set(strings.TrimRight(line+word, " "), h.role).mm(h.size) > room {
			break
		}
		line += word
	}
	if line == "" {
		line = d.longest(text, room, h, "")
	}
	if line == "" {
		return "", ""
	}
	return strings.TrimRight(line, " "), strings.TrimSpace(strings.TrimPrefix(text, strings.TrimRight(line, " ")))
}

// cutMark stands where text was left out.
const cutMark = "…"

// cut shortens a text to one line and marks the cut.
func (d *desk) cut(text string, room float64, h hand) string {
	if d.set.set(text, h.role).mm(h.size) <= room {
		return text
	}
	if s := d.longest(text, room, h, cutMark); s != "" {
		return s + cutMark
	}
	return ""
}

// longest is the longest beginning that fits together with what is to follow. It ends between letters, never within one that is
// put together.
func (d *desk) longest(text string, room float64, h hand, follow string) string {
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if d.set.set(strings.TrimRight(string(runes[:mid]), " ")+follow, h.role).mm(h.size) <= room {
			low = mid
		} else {
			high = mid - 1
		}
	}
	for low > 0 && low < len(runes) && (joins(runes[low]) || joinsNext(runes[low-1])) {
		low--
	}
	return strings.TrimRight(string(runes[:low]), " ")
}

// joins says that the rune belongs to the letter before it.
func joins(r rune) bool { return unicode.In(r, unicode.M) || r == '\u200c' || r == '\u200d' }

// joinsNext says that the letter behind the rune belongs to it, as behind the virama of Devanagari.
func joinsNext(r rune) bool { return r == '\u094d' || r == '\u200d' }
