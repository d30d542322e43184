package paper

// pen draws on pages. The first page begins with the first call of page.
type pen interface {
	page()
	text(r role, size, x, y float64, s string, c colour)             // y is the base line; every rune of s is in the font
	shapes(list []glyph, size, x, y float64, c colour, fat bool)     // glyphs as outlines; fat for a font without a bold weight
	line(x1, y1, x2, y2, width float64, c colour)                    //
	rect(x, y, w, h float64, c colour)                               // filled
	frame(x, y, w, h, round, width float64, edge colour, in *colour) // with round corners; in is its ground, or nil
	disc(x, y, r float64, c colour)
	symbol(x, y, module float64, code [][]bool)
}

// colour is red, green and blue.
type colour [3]uint8

// The colours of the product's look, as in ui/theme and HQ's pages.
var (
	ink   = colour{0x16, 0x20, 0x2E}
	ink2  = colour{0x4A, 0x55, 0x64}
	hair  = colour{0xB8, 0xB2, 0xA4}
	sand  = colour{0xDC, 0xD6, 0xC8}
	white = colour{0xFF, 0xFF, 0xFF}
	amber = colour{0xF0, 0xA8, 0x1C}
	glow  = colour{0xFF, 0xE2, 0xA0}
)

// point is a place on the page.
type point struct{ x, y float64 }

// step is a piece of an outline: a move, a line, a quadratic or a cubic curve, by how many points it has and whether it begins.
type step struct {
	move bool
	n    int // 1 line or move, 2 quadratic, 3 cubic
	p    [3]point
}

// path is closed outlines, filled where they wind.
type path []step
