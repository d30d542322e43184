package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// SetHeader puts a line above the rows that stays while they scroll: what the titles are, and what stands on the right. Two empty
// words take it away.
func (l *RowList) SetHeader(left, right string) {
	if l.head = nil; left != "" || right != "" {
		l.head = &rowHead{left: left, right: right}
		l.head.ExtendBaseWidget(l.head)
	}
	l.Refresh()
	l.Resize(l.Size())
}

// headHeight is the room of the header, zero without one.
func (l *RowList) headHeight() float32 {
	if l.head == nil {
		return 0
	}
	return l.head.MinSize().Height
}

// rowHead is the line above the rows.
type rowHead struct {
	widget.BaseWidget
	left, right string
}

// CreateRenderer implements fyne.Widget.
func (h *rowHead) CreateRenderer() fyne.WidgetRenderer {
	r := &rowHeadRenderer{
		of: h, back: box(theme.Tint, theme.Tint, 0, 0), under: box(theme.Line, theme.Line, 0, 0),
		left: line("", theme.Small, theme.Ink2, fyne.TextStyle{Bold: true}), right: line("", theme.Small, theme.Ink2, fyne.TextStyle{Bold: true}),
	}
	r.back.TopLeftCornerRadius, r.back.TopRightCornerRadius = 7, 7
	return r
}

type rowHeadRenderer struct {
	of          *rowHead
	back, under *canvas.Rectangle
	left, right *canvas.Text
}

func (r *rowHeadRenderer) MinSize() fyne.Size {
	return fyne.NewSize(100, lineHigh(size(theme.Small), r.left.TextStyle)+14)
}

func (r *rowHeadRenderer) Layout(s fyne.Size) {
	const air = 16
	r.back.Resize(s)
	r.under.Resize(fyne.NewSize(s.Width, 1))
	r.under.Move(fyne.NewPos(0, s.Height-1))
	right := fit(r.of.right, s.Width/2-air, r.right.TextSize, r.right.TextStyle)
	r.right.Text = right
	put(r.right, s.Width-air-r.right.MinSize().Width, 0, s.Height)
	r.left.Text = fit(r.of.left, s.Width-3*air-r.right.MinSize().Width, r.left.TextSize, r.left.TextStyle)
	put(r.left, air, 0, s.Height)
}

func (r *rowHeadRenderer) Refresh() {
	r.back.FillColor, r.under.FillColor = colour(theme.Tint), colour(theme.Line)
	r.left.Color, r.right.Color = colour(theme.Ink2), colour(theme.Ink2)
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}
func (r *rowHeadRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.under, r.left, r.right}
}
func (r *rowHeadRenderer) Destroy() {}
