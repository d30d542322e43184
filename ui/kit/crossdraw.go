package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// crossSizes are lengths that grow with the letters.
type crossSizes struct {
	name, cell, total float32 // widths: of names, of a column, of totals
	head, row         float32 // heights: of the heads, of a row
}

func (c *CrossTab) sizes() crossSizes {
	text, small := lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{}), lineHigh(size(theme.Small), fyne.TextStyle{})
	scale := size(fynetheme.SizeNameText) / 16
	s := crossSizes{name: min(250*scale, max(c.Size().Width*0.32, 120)), cell: 116 * scale, total: 84 * scale, head: 2*small + 18, row: max(text, small) + 16}
	if n := float32(c.data.Cols); n > 0 { // few columns are wide, that their titles can be read
		s.cell = floor(max(s.cell, min((c.Size().Width-s.name-s.total)/n, 190*scale)))
	}
	return s
}

// CreateRenderer implements fyne.Widget.
func (c *CrossTab) CreateRenderer() fyne.WidgetRenderer {
	return &crossRenderer{of: c, back: box(theme.Card, theme.Line, 1, 8), ring: newRing(), chosen: canvas.NewRectangle(color.Transparent), band: canvas.NewRectangle(color.Transparent), pad: newCrossPad(c)}
}

type crossRenderer struct {
	of           *CrossTab
	back, ring   *canvas.Rectangle
	chosen, band *canvas.Rectangle // the chosen cell and its row
	pad          *crossPad
	texts        []*canvas.Text
	chips        []*Chip
	lines        []*canvas.Rectangle
	used         [3]int // texts, chips, lines
}

func (r *crossRenderer) MinSize() fyne.Size {
	s := r.of.sizes()
	return fyne.NewSize(s.name+s.cell+s.total, s.head+3*s.row)
}

func (r *crossRenderer) Layout(size fyne.Size) {
	c, s := r.of, r.of.sizes()
	c.cols = max(min(int((size.Width-s.name-s.total)/s.cell), c.data.Cols), 0)
	c.rows = max(min(int((size.Height-s.head-s.row)/s.row), c.data.Rows), 0)
	c.reveal()
	r.draw(size)
}

// draw places everything anew: a few hundred objects that are used again.
func (r *crossRenderer) draw(size fyne.Size) {
	c, s := r.of, r.of.sizes()
	r.used = [3]int{}
	r.back.Resize(size)
	layRing(r.ring, size)
	r.pad.Resize(size)
	right := s.name + float32(c.cols)*s.cell
	below := s.head + float32(c.rows)*s.row
	r.rule(0, s.head-1, right+s.total, 1)
	r.text(c.data.Corner, 16, 0, s.name-24, s.head, true, false)
	r.text(c.data.Total, right, 0, s.total-12, s.head, true, true)
	for j := range c.cols {
		first, second := c.data.Head(c.left + j)
		x := s.name + float32(j)*s.cell
		r.text(first, x+8, 8, s.cell-12, s.head/2-9, true, false)
		r.text(second, x+8, s.head/2, s.cell-12, s.head/2-8, false, false)
		r.text(c.data.ColTotal(c.left+j), x+8, below, s.cell-12, s.row, true, false)
	}
	for i := range c.rows {
		r.line(i, s, right)
	}
	r.rule(0, below-1, right+s.total, 1)
	r.text(c.data.Total, 16, below, s.name-24, s.row, true, false)
	r.mark(s, right)
	r.hideRest()
}

func (r *crossRenderer) line(i int, s crossSizes, right float32) {
	c, y := r.of, s.head+float32(i)*s.row
	r.text(c.data.Name(c.top+i), 16, y, s.name-24, s.row, false, false)
	for j := range c.cols {
		if st := c.data.Cell(c.top+i, c.left+j); st != (Status{}) {
			r.chip(st, s.name+float32(j)*s.cell+8, y, s.cell-12, s.row)
		}
	}
	r.text(c.data.RowTotal(c.top+i), right, y, s.total-12, s.row, true, true)
	if i > 0 {
		r.rule(0, y, right+s.total, 1)
	}
}

// mark shows which cell is chosen.
func (r *crossRenderer) mark(s crossSizes, right float32) {
	c := r.of
	row, col, ok := c.Chosen()
	seen := ok && row >= c.top && row < c.top+c.rows && col >= c.left && col < c.left+c.cols
	r.chosen.Hidden, r.band.Hidden = !seen, !seen
	if !seen {
		return
	}
	y := s.head + float32(row-c.top)*s.row
	r.band.FillColor = colour(theme.Chosen)
	r.band.Move(fyne.NewPos(1, y+1))
	r.band.Resize(fyne.NewSize(right+s.total-2, s.row-1))
	r.chosen.StrokeColor, r.chosen.StrokeWidth, r.chosen.CornerRadius = colour(theme.Ink), 2, 4
	r.chosen.Move(fyne.NewPos(s.name+float32(col-c.left)*s.cell+1, y+1))
	r.chosen.Resize(fyne.NewSize(s.cell-2, s.row-2))
}

func (r *crossRenderer) text(s string, x, y, width, height float32, bold, right bool) {
	if r.used[0] == len(r.texts) {
		r.texts = append(r.texts, canvas.NewText("", nil))
	}
	t := r.texts[r.used[0]]
	r.used[0]++
	t.Color, t.TextSize, t.TextStyle.Bold, t.Hidden = colour(theme.Ink), size(theme.Small), bold, false
	t.Text = fit(s, width, t.TextSize, t.TextStyle)
	m := t.MinSize()
	if right {
		x += width - m.Width
	}
	t.Move(fyne.NewPos(x, y+(height-m.Height)/2))
	t.Resize(m)
}

func (r *crossRenderer) chip(st Status, x, y, width, height float32) {
	if r.used[1] == len(r.chips) {
		r.chips = append(r.chips, NewChip(Status{}))
	}
	c := r.chips[r.used[1]]
	r.used[1]++
	c.Hidden = false
	c.SetStatus(st)
	m := c.MinSize()
	if m.Width > width {
		st.Word = fit(st.Word, width-markSide()-6, size(theme.Small), fyne.TextStyle{})
		c.SetStatus(st)
		m = c.MinSize()
	}
	c.Move(fyne.NewPos(x, y+(height-m.Height)/2))
	c.Resize(m)
}

func (r *crossRenderer) rule(x, y, width, height float32) {
	if r.used[2] == len(r.lines) {
		r.lines = append(r.lines, canvas.NewRectangle(nil))
	}
	l := r.lines[r.used[2]]
	r.used[2]++
	l.FillColor, l.Hidden = colour(theme.Line), false
	l.Move(fyne.NewPos(x, y))
	l.Resize(fyne.NewSize(width, height))
}

func (r *crossRenderer) hideRest() {
	for _, t := range r.texts[r.used[0]:] {
		t.Hidden = true
	}
	for _, c := range r.chips[r.used[1]:] {
		c.Hidden = true
	}
	for _, l := range r.lines[r.used[2]:] {
		l.Hidden = true
	}
}

func (r *crossRenderer) Refresh() {
	r.back.FillColor, r.back.StrokeColor = colour(theme.Card), colour(theme.Line)
	showRing(r.ring, r.of.focused)
	if s := r.of.Size(); s.Width > 0 {
		r.Layout(s)
	}
	canvas.Refresh(r.of)
}

func (r *crossRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.back, r.band}
	for _, l := range r.lines {
		out = append(out, l)
	}
	out = append(out, r.chosen)
	for _, t := range r.texts {
		out = append(out, t)
	}
	for _, c := range r.chips {
		out = append(out, c)
	}
	return append(out, r.pad, r.ring)
}
func (r *crossRenderer) Destroy() {}
