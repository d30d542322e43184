package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// rowPane is as high as all rows together and holds widgets for those in sight.
type rowPane struct {
	widget.BaseWidget
	list *RowList
}

// CreateRenderer implements fyne.Widget.
func (p *rowPane) CreateRenderer() fyne.WidgetRenderer { return &rowPaneRenderer{list: p.list, of: p} }

type rowPaneRenderer struct {
	of   *rowPane
	list *RowList
	pool []*row
	used int
}

func (r *rowPaneRenderer) MinSize() fyne.Size {
	return fyne.NewSize(100, float32(r.list.count)*rowHeight)
}

func (r *rowPaneRenderer) Layout(fyne.Size) { r.fill() }

// fill gives the rows in sight their items.
func (r *rowPaneRenderer) fill() {
	first := max(int(r.list.scroll.Offset.Y/rowHeight), 0)
	last := min(first+int(r.list.scroll.Size().Height/rowHeight)+2, r.list.count)
	r.used = max(last-first, 0)
	for len(r.pool) < r.used {
		r.pool = append(r.pool, newRow(r.list))
	}
	for n, w := range r.pool {
		if n >= r.used {
			w.Hide()
			continue
		}
		w.set(first+n, r.list.row(first+n), first+n == r.list.at)
		w.Resize(fyne.NewSize(r.list.scroll.Size().Width, rowHeight))
		w.Move(fyne.NewPos(0, float32(first+n)*rowHeight))
		w.Show()
		w.Refresh()
	}
}

func (r *rowPaneRenderer) Refresh() { r.fill(); canvas.Refresh(r.of) }
func (r *rowPaneRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, r.used)
	for i := range out {
		out[i] = r.pool[i]
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
	w := &row{list: l}
	w.ExtendBaseWidget(w)
	return w
}

func (w *row) set(at int, item RowItem, on bool) { w.at, w.item, w.on = at, item, on }

// Tapped implements fyne.Tappable.
func (w *row) Tapped(*fyne.PointEvent) { w.list.tapped(w.at) }

// CreateRenderer implements fyne.Widget.
func (w *row) CreateRenderer() fyne.WidgetRenderer {
	r := &rowRenderer{
		of: w, back: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), under: canvas.NewRectangle(color.Transparent),
		title: canvas.NewText("", nil), sub: canvas.NewText("", nil), chip: NewChip(Status{}),
	}
	r.title.TextStyle.Bold = true
	return r
}

type rowRenderer struct {
	of                *row
	back, edge, under *canvas.Rectangle
	title, sub        *canvas.Text
	chip              *Chip
}

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(100, rowHeight) }

func (r *rowRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.edge.Resize(fyne.NewSize(edgeWidth, s.Height))
	r.under.Move(fyne.NewPos(0, s.Height-1))
	r.under.Resize(fyne.NewSize(s.Width, 1))
	const air = 16
	chip := r.chip.MinSize()
	r.chip.Resize(chip)
	r.chip.Move(fyne.NewPos(s.Width-air-chip.Width, (s.Height-chip.Height)/2))
	width := s.Width - 2*air
	if chip.Width > 0 {
		width -= chip.Width + air
	}
	r.title.Text = fit(r.of.item.Title, width, r.title.TextSize, r.title.TextStyle)
	r.sub.Text = fit(r.of.item.Sub, width, r.sub.TextSize, r.sub.TextStyle)
	th, sh := r.title.MinSize().Height, r.sub.MinSize().Height
	if r.of.item.Sub == "" {
		sh = 0
	}
	y := (s.Height - th - sh) / 2
	r.title.Move(fyne.NewPos(air, y))
	r.title.Resize(fyne.NewSize(width, th))
	r.sub.Move(fyne.NewPos(air, y+th))
	r.sub.Resize(fyne.NewSize(width, sh))
}

func (r *rowRenderer) Refresh() {
	r.back.FillColor, r.edge.FillColor, r.under.FillColor = color.Transparent, color.Transparent, colour(theme.Line)
	if r.of.on {
		r.back.FillColor, r.edge.FillColor = colour(theme.Chosen), colour(theme.Amber)
	}
	r.title.Color, r.title.TextSize = colour(theme.Ink), size(fynetheme.SizeNameText)
	r.sub.Color, r.sub.TextSize = colour(theme.Ink2), size(theme.Small)
	r.chip.SetStatus(r.of.item.Status)
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.edge, r.under, r.title, r.sub, r.chip}
}
func (r *rowRenderer) Destroy() {}
