package paper

import "math"

// A label is a code with its text below or beside it, and a column of words. This file finds the places; badge.go and tag.go fill
// them.

const (
	quiet      = 4    // modules around a symbol in which nothing is drawn
	labelPad   = 1.8  // from the label's edge to words
	goodSymbol = 22.0 // a symbol of this size is read at arm's length
	largest    = 34.0 // of a badge: a larger one is of no more use, and the name needs the room
	largestTag = 44.0 // of a lamp tag, which is read from below
	wordsRoom  = 33.0 // what a name needs to stand well
	codeSize   = 9.0  // points of the code's text
)

// spot is where things go on a label, from its upper left corner.
type spot struct {
	module  float64 // how large a module is
	x, y    float64 // the symbol's corner
	symbol  float64 // its side
	under   bool    // the code's text stands below it, at codeY
	codeY   float64
	code    hand
	left    float64 // the words
	room    float64
	top     float64
	bottom  float64
	stacked bool // words above, symbol below, on a label that is high
}

// place finds the best places on a label for a symbol of n modules, at most so large, and a code so many characters long.
func place(w, h float64, n, chars int, largest float64) spot {
	if h > w*1.05 && (h > 48 || w < 40) {
		return stack(w, h, n, largest)
	}
	all := float64(n + 2*quiet)
	below := hand{mono, codeSize, ink}
	foot := below.cap() + 1.8 // the code's text and the paper below it
	under := min((h-foot)/all, (w*0.62)/all)
	beside := min(h/all, (w*0.58)/all)
	s := spot{under: under*float64(n) >= goodSymbol || under >= beside*0.97, code: below}
	s.module = beside
	if s.under {
		s.module = under
	}
	// Where there is a choice, words get the room that they need before the symbol grows.
	if ideal := (w - wordsRoom) / all; ideal < s.module {
		s.module = max(ideal, min(s.module, (goodSymbol+1)/float64(n)))
	}
	s.module = min(s.module, largest/float64(n))
	s.symbol = s.module * float64(n)
	margin := quiet * s.module
	block := s.symbol + 2*margin
	if s.under {
		block += foot - margin*0.2
	}
	s.x, s.y = margin, margin+max(0, (h-block)/2)
	s.codeY = s.y + s.symbol + margin*0.8 + below.cap() + 0.4
	s.left = s.x + s.symbol + margin
	s.room = w - labelPad - s.left
	s.top, s.bottom = s.y, s.y+s.symbol
	if !s.under {
		s.bottom = min(s.bottom, h-labelPad)
		s.code.size = min(codeSize, s.room/(float64(chars)*0.6*pointMM))
	}
	return s
}

// stack is place for a high label.
func stack(w, h float64, n int, largest float64) spot {
	all := float64(n + 2*quiet)
	below := hand{mono, codeSize + 1, ink}
	s := spot{stacked: true, under: true, code: below}
	s.module = min((w-0.2)/all, (h*0.62-below.cap()-2)/all, largest/float64(n))
	s.symbol = s.module * float64(n)
	margin := quiet * s.module
	s.x = (w - s.symbol) / 2
	s.codeY = h - labelPad - 0.6
	s.y = s.codeY - below.cap() - margin*0.8 - 0.4 - s.symbol
	s.left, s.room = labelPad+1.4, w-2*(labelPad+1.4)
	s.top, s.bottom = labelPad+1.4, s.y-margin
	return s
}

// SymbolSize is how large the code of a badge is on the format, in millimetres; below 22 it has to be held close to the scanner.
func (l Layout) SymbolSize() float64 {
	return math.Round(place(l.CellW, l.CellH, 29, 10, largest).symbol*10) / 10
}

// GoodSymbol is the size from which on a code is read at arm's length, in millimetres.
const GoodSymbol = goodSymbol
