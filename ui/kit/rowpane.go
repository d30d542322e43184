package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

const rowAir = 16 // left and right of what a row says

// rowPane is as high as all rows together and holds widgets for those in sight.
type rowPane struct {
	widget.BaseWidget
	list *RowList
	pool []*row // the row at an index is drawn by the widget at that index modulo the length
}

// slide draws what came into sight; what was there before is left alone.
func (p *rowPane) slide() {
	p.fill(false)
	canvas.Refresh(p)
}

// fill gives the rows in sight their items, all of them anew when again is set.
func (p *rowPane) fill(again bool) {
	l := p.list
	first := max(int(l.view.offset/rowHigh()), 0)
	last := min(first+int(l.view.Size().Height/rowHigh())+2, l.count)
	for len(p.pool) < last-first {
		p.pool = append(p.pool, newRow(l))
		again = true
	}
	for _, w := range p.pool {
		w.Hidden = w.at < first || w.at >= last
	}
	size := fyne.NewSize(l.view.Size().Width, rowHigh())
	for i := first; i < last; i++ {
		w := p.pool[i%len(p.pool)]
		w.Hidden = false
		if !again && w.at == i && w.on == (i == l.at) && w.Size() == size { // marks come and go with a full Refresh only
			continue
		}
		w.set(i, l.row(i), i == l.at)
		w.Resize(size)
		w.Move(fyne.NewPos(0, float32(i)*rowHigh()))
		w.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *rowPane) CreateRenderer() fyne.WidgetRenderer { return &rowPaneRenderer{p} }

type rowPaneRenderer struct{ of *rowPane }

func (r *rowPaneRenderer) MinSize() fyne.Size {
	return fyne.NewSize(100, float32(r.of.list.count)*rowHigh())
}

func (r *rowPaneRenderer) Layout(fyne.Size) { r.of.fill(false) }
func (r *rowPaneRenderer) Refresh()         { r.of.fill(true); canvas.Refresh(r.of) }
func (r *rowPaneRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, w := range r.of.pool {
		if !w.Hidden {
			out = append(out, w)
		}
	}
	return out
}
func (r *rowPaneRenderer) Destroy() {}

// row is one row; it is used again for other records while scrolling.
type row struct {
	widget.BaseWidget
	list *RowList
	at   int
	item RowItem
	on   bool
}

func newRow(l *RowList) *row {
	w := &row{list: l, at: -1}
	w.ExtendBaseWidget(w)
	return w
}

func (w *row) set(at int, item RowItem, on bool) { w.at, w.item, w.on = at, item, on }

// Tapped implements fyne.Tappable.
func (w *row) Tapped(ev *fyne.PointEvent) {
	if w.list.OnMarked != nil && ev != nil && ev.Position.X > 0 && ev.Position.X < rowAir+tickSide+rowAir/2 {
		Focus(w.list)
		w.list.mark(w.at)
		return
	}
	w.list.tapped(w.at)
}

// CreateRenderer implements fyne.Widget.
func (w *row) CreateRenderer() fyne.WidgetRenderer {
	r := &rowRenderer{
		of: w, back: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), under: canvas.NewRectangle(color.Transparent),
		title: canvas.NewText("", nil), sub: canvas.NewText("", nil), chip: NewChip(Status{}), tick: newTick(),
	}
	r.title.TextStyle.Bold = true
	return r
}

type rowRenderer struct {
	of                *row
	back, edge, under *canvas.Rectangle
	marks             []*canvas.Rectangle // behind the title
	title, sub        *canvas.Text
	chip              *Chip
	tick              *tick // whether the row is marked
}

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(100, rowHigh()) }

func (r *rowRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.edge.Resize(fyne.NewSize(edgeWidth, s.Height))
	r.under.Move(fyne.NewPos(0, s.Height-1))
	r.under.Resize(fyne.NewSize(s.Width, 1))
	const air = rowAir
	chip := r.chip.MinSize()
	r.chip.Resize(chip)
	r.chip.Move(fyne.NewPos(snap(s.Width-air-chip.Width), snap((s.Height-chip.Height)/2)))
	left, width := float32(air), s.Width-2*air
	if !r.tick.hidden() {
		r.tick.lay(fyne.NewPos(air, (s.Height-tickSide)/2))
		left, width = left+tickSide+12, width-tickSide-12
	}
	if chip.Width > 0 {
		width -= chip.Width + air
	}
	r.title.Text = fit(r.of.item.Title, width, r.title.TextSize, r.title.TextStyle)
	r.sub.Text = fit(r.of.item.Sub, width, r.sub.TextSize, r.sub.TextStyle)
	th, sh := snap(r.title.MinSize().Height), snap(r.sub.MinSize().Height)
	if r.of.item.Sub == "" {
		sh = 0
	}
	y := snap((s.Height - th - sh) / 2)
	r.title.Move(fyne.NewPos(left, y))
	r.title.Resize(fyne.NewSize(width, th))
	r.sub.Move(fyne.NewPos(left, y+th))
	r.sub.Resize(fyne.NewSize(width, sh))
	r.layMarks(fyne.NewPos(left, y), th)
}

// layMarks lays tints behind the marked letters of the title as far as it is drawn.
func (r *rowRenderer) layMarks(title fyne.Position, high float32) {
	drawn := []rune(r.title.Text)
	if r.title.Text != r.of.item.Title && len(drawn) > 0 {
		drawn = drawn[:len(drawn)-1] // without the ellipsis
	}
	used := 0
	for _, m := range r.of.item.Marks {
		from, to := max(m[0], 0), min(m[1], len(drawn))
		if from >= to {
			continue
		}
		if used == len(r.marks) {
			r.marks = append(r.marks, canvas.NewRectangle(nil))
		}
		tint := r.marks[used]
		used++
		left, right := r.until(drawn, from), r.until(drawn, to)
		tint.FillColor, tint.CornerRadius, tint.Hidden = colour(theme.Marked), 2, false
		tint.Move(title.AddXY(left, 0))
		tint.Resize(fyne.NewSize(right-left, high))
	}
	for _, tint := range r.marks[used:] {
		tint.Hidden = true
	}
}

// until is the width of the title's first n letters.
func (r *rowRenderer) until(title []rune, n int) float32 {
	if n == 0 {
		return 0
	}
	return fyne.MeasureText(string(title[:n]), r.title.TextSize, r.title.TextStyle).Width
}

func (r *rowRenderer) Refresh() {
	r.back.FillColor, r.edge.FillColor, r.under.FillColor = color.Transparent, color.Transparent, colour(theme.Line)
	round := float32(0)
	if r.of.at == 0 && r.of.list.head == nil {
		round = 7 // as the corners of the list
	}
	r.back.TopLeftCornerRadius, r.back.TopRightCornerRadius, r.edge.TopLeftCornerRadius = round, round, round
	if r.of.on {
		r.back.FillColor, r.edge.FillColor = colour(theme.Chosen), colour(theme.Amber)
	}
	r.title.Color, r.title.TextSize = colour(theme.Ink), size(fynetheme.SizeNameText)
	r.sub.Color, r.sub.TextSize = colour(theme.Ink2), size(theme.Small)
	r.chip.SetStatus(r.of.item.Status)
	r.tick.set(r.of.list.OnMarked != nil, r.of.list.marks[r.of.item.ID])
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *rowRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.back, r.edge, r.under}
	for _, tint := range r.marks {
		out = append(out, tint)
	}
	return append(out, r.title, r.sub, r.chip, r.tick.back, r.tick.check)
}
func (r *rowRenderer) Destroy() {}
