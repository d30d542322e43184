package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/internal/fieldwork"
)

// CrossData is what a CrossTab shows. Its functions are called while scrolling and must be quick.
type CrossData struct {
	Rows, Cols int
	Corner     string                               // above the names
	Name       func(row int) string                 // of a row
	Head       func(col int) (first, second string) // of a column, in two lines
	Cell       func(row, col int) Status
	RowTotal   func(row int) string
	ColTotal   func(col int) string
	Total      string // the word for both
}

// CrossTab shows many rows by many columns, of which only those in sight exist: names on the left and heads above stay while it
// scrolls, totals stand to the right and below. It is one stop of Tab; arrows, Home, End, Page Up and Page Down move the chosen cell,
// letters go to the next name that begins so, Enter opens.
type CrossTab struct {
	widget.BaseWidget
	OnOpened func(row, col int) // Enter, or a click on the chosen cell

	data       CrossData
	row, col   int // chosen
	top, left  int // first in sight
	rows, cols int // how many fit
	focused    bool
	typed      string
}

// NewCrossTab is empty.
func NewCrossTab() *CrossTab {
	c := &CrossTab{}
	c.ExtendBaseWidget(c)
	return c
}

// SetData shows other rows and columns. The chosen cell stays where it is as far as there is one.
func (c *CrossTab) SetData(d CrossData) {
	c.data = d
	c.move(c.row, c.col)
}

// Chosen is the chosen cell; ok is false while there is none.
func (c *CrossTab) Chosen() (row, col int, ok bool) {
	return c.row, c.col, c.row < c.data.Rows && c.col < c.data.Cols
}

// move chooses a cell, the nearest one there is, and brings it into sight.
func (c *CrossTab) move(row, col int) {
	c.row = min(max(row, 0), max(c.data.Rows-1, 0))
	c.col = min(max(col, 0), max(c.data.Cols-1, 0))
	c.reveal()
	c.Refresh()
}

func (c *CrossTab) reveal() {
	c.top = firstSeen(c.top, c.row, c.rows, c.data.Rows)
	c.left = firstSeen(c.left, c.col, c.cols, c.data.Cols)
}

// firstSeen is the first of many in sight, moved no more than needed to show one of them.
func firstSeen(first, show, fit, all int) int {
	if fit <= 0 {
		return first
	}
	if show < first {
		first = show
	}
	if show >= first+fit {
		first = show - fit + 1
	}
	return min(max(first, 0), max(all-fit, 0))
}

// FocusGained implements fyne.Focusable.
func (c *CrossTab) FocusGained() { c.focused = true; c.Refresh(); reveal(c) }

// FocusLost implements fyne.Focusable.
func (c *CrossTab) FocusLost() { c.focused, c.typed = false, ""; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *CrossTab) TypedRune(r rune) {
	if r == ' ' && c.typed == "" {
		return // Space opens
	}
	letter := fieldwork.Fold(string(r))
	for _, try := range []struct {
		text string
		from int
	}{{c.typed + letter, c.row}, {letter, c.row + 1}} {
		for n := range c.data.Rows {
			i := (try.from + n) % c.data.Rows
			if strings.HasPrefix(fieldwork.Fold(c.data.Name(i)), try.text) {
				c.typed = try.text
				c.move(i, c.col)
				return
			}
		}
	}
	c.typed = ""
}

// TypedKey implements fyne.Focusable.
func (c *CrossTab) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeySpace && c.typed != "" {
		return // comes as a letter, too
	}
	c.typed = ""
	switch ev.Name {
	case fyne.KeyUp:
		c.move(c.row-1, c.col)
	case fyne.KeyDown:
		c.move(c.row+1, c.col)
	case fyne.KeyLeft:
		c.move(c.row, c.col-1)
	case fyne.KeyRight:
		c.move(c.row, c.col+1)
	case fyne.KeyHome:
		c.move(c.row, 0)
	case fyne.KeyEnd:
		c.move(c.row, c.data.Cols-1)
	case fyne.KeyPageUp:
		c.move(c.row-max(c.rows-1, 1), c.col)
	case fyne.KeyPageDown:
		c.move(c.row+max(c.rows-1, 1), c.col)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.open()
	default:
		fallback(c, ev)
	}
}

func (c *CrossTab) open() {
	if row, col, ok := c.Chosen(); ok && c.OnOpened != nil {
		c.OnOpened(row, col)
	}
}

// crossPad lies over a CrossTab and takes wheel and clicks: the toolkit clips what scrolls, which would cut the ring of the table.
type crossPad struct {
	widget.BaseWidget
	of *CrossTab
}

func newCrossPad(of *CrossTab) *crossPad {
	p := &crossPad{of: of}
	p.ExtendBaseWidget(p)
	return p
}

// Scrolled implements fyne.Scrollable.
func (p *crossPad) Scrolled(ev *fyne.ScrollEvent) { p.of.scrolled(ev) }

// Tapped implements fyne.Tappable.
func (p *crossPad) Tapped(ev *fyne.PointEvent) { p.of.tapped(ev) }

// CreateRenderer implements fyne.Widget; there is nothing to see.
func (p *crossPad) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// scrolled moves by whole rows and columns.
func (c *CrossTab) scrolled(ev *fyne.ScrollEvent) {
	step := func(d float32) int {
		switch {
		case d > 0:
			return -1
		case d < 0:
			return 1
		}
		return 0
	}
	c.top = min(max(c.top+3*step(ev.Scrolled.DY), 0), max(c.data.Rows-c.rows, 0))
	c.left = min(max(c.left+step(ev.Scrolled.DX), 0), max(c.data.Cols-c.cols, 0))
	c.Refresh()
}

func (c *CrossTab) tapped(ev *fyne.PointEvent) {
	Focus(c)
	s := c.sizes()
	col, row := int((ev.Position.X-s.name)/s.cell), int((ev.Position.Y-s.head)/s.row)
	if ev.Position.X < s.name || ev.Position.Y < s.head || col >= c.cols || row >= c.rows {
		return
	}
	row, col = row+c.top, col+c.left
	if row == c.row && col == c.col {
		c.open()
		return
	}
	c.move(row, col)
}
