package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// pickRow is one row of the list.
type pickRow struct {
	widget.BaseWidget
	list      *pickList
	at        int
	top, last bool // the first and the last in sight
	hovered   bool
}

func newPickRow(l *pickList) *pickRow {
	w := &pickRow{list: l}
	w.ExtendBaseWidget(w)
	return w
}

// item is what the row shows; false is the row that says there is nothing.
func (w *pickRow) item() (PickItem, bool) {
	if w.at >= len(w.list.items) {
		return PickItem{}, false
	}
	return w.list.items[w.at], true
}

// Tapped implements fyne.Tappable.
func (w *pickRow) Tapped(*fyne.PointEvent) {
	if item, ok := w.item(); ok {
		w.list.took(item)
	}
}

// MouseIn implements desktop.Hoverable.
func (w *pickRow) MouseIn(*desktop.MouseEvent) { w.hovered = true; w.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (w *pickRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (w *pickRow) MouseOut() { w.hovered = false; w.Refresh() }

// CreateRenderer implements fyne.Widget.
func (w *pickRow) CreateRenderer() fyne.WidgetRenderer {
	r := &pickRowRenderer{
		of: w, back: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), under: canvas.NewRectangle(color.Transparent),
		word: canvas.NewText("", nil), sub: canvas.NewText("", nil),
	}
	r.paint()
	return r
}

type pickRowRenderer struct {
	of                *pickRow
	back, edge, under *canvas.Rectangle
	word, sub         *canvas.Text
}

func (r *pickRowRenderer) paint() {
	r.back.FillColor, r.edge.FillColor, r.under.FillColor = color.Transparent, color.Transparent, colour(theme.Line)
	item, ok := r.of.item()
	switch {
	case ok && r.of.at == r.of.list.at:
		r.back.FillColor, r.edge.FillColor = colour(theme.Chosen), colour(theme.Amber)
	case ok && r.of.hovered:
		r.back.FillColor = colour(theme.Tint)
	}
	r.under.Hidden = r.of.last
	for _, o := range []*canvas.Rectangle{r.back, r.edge} {
		o.TopLeftCornerRadius, o.BottomLeftCornerRadius = rounded(r.of.top), rounded(r.of.last)
	}
	r.back.TopRightCornerRadius, r.back.BottomRightCornerRadius = rounded(r.of.top), rounded(r.of.last)
	r.word.Text, r.word.Color, r.word.TextSize = item.Word, colour(theme.Ink), size(fynetheme.SizeNameText)
	r.sub.Text, r.sub.Color, r.sub.TextSize = item.Sub, colour(theme.Ink2), size(theme.Small)
	if !ok {
		r.word.Text, r.word.Color, r.word.TextSize = r.of.list.none, colour(theme.Ink2), size(theme.Small)
	}
}

// rounded is the radius of a corner that is one of the list's.
func rounded(is bool) float32 {
	if is {
		return pickRadius
	}
	return 0
}

func (r *pickRowRenderer) MinSize() fyne.Size { return fyne.NewSize(80, pickHeight()) }

func (r *pickRowRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.edge.Resize(fyne.NewSize(edgeWidth, s.Height))
	r.under.Resize(fyne.NewSize(s.Width, 1))
	r.under.Move(fyne.NewPos(0, s.Height-1))
	const air = 16
	width := s.Width - 2*air
	if r.sub.Text != "" {
		r.sub.Text = fit(r.sub.Text, width/2, r.sub.TextSize, r.sub.TextStyle)
		sub := r.sub.MinSize()
		r.sub.Resize(sub)
		r.sub.Move(fyne.NewPos(s.Width-air-sub.Width, (s.Height-sub.Height)/2))
		width -= sub.Width + air
	}
	r.word.Text = fit(r.word.Text, width, r.word.TextSize, r.word.TextStyle)
	word := r.word.MinSize()
	r.word.Resize(word)
	r.word.Move(fyne.NewPos(air, (s.Height-word.Height)/2))
}

func (r *pickRowRenderer) Refresh() { r.paint(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *pickRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.edge, r.under, r.word, r.sub}
}
func (r *pickRowRenderer) Destroy() {}
