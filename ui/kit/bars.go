package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/ui/theme"
)

// NewTopBar is the bar above a place: what is on the left, what is on the right. In large letters it has more than one line.
func NewTopBar(left, right []fyne.CanvasObject) fyne.CanvasObject {
	row := container.New(&topLayout{left: len(left)}, append(append([]fyne.CanvasObject{}, left...), right...)...)
	inner := container.New(padded{barSide, 6}, row)
	return Fixed(0, 56, container.NewStack(box(theme.Card, theme.Card, 0, 0), container.New(edged{bottom: true}, box(theme.Line, theme.Line, 0, 0)), inner))
}

// topLayout puts some objects to the left and the others to the right, or all in lines from the left where that is too wide.
type topLayout struct {
	left  int     // how many
	width float32 // of the last layout
}

const topGap = 20

func (l *topLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest float32
	for _, o := range objects {
		widest = max(widest, o.MinSize().Width)
	}
	lines := &flow{gap: topGap / 2, width: l.width}
	if l.width == 0 || l.one(objects) <= l.width {
		return fyne.NewSize(widest, max(tallest(objects), minHeight))
	}
	return fyne.NewSize(widest, lines.MinSize(objects).Height)
}

// one is the width of all in one line.
func (l *topLayout) one(objects []fyne.CanvasObject) (w float32) {
	for i, o := range objects {
		if i > 0 {
			w += topGap
		}
		w += o.MinSize().Width
	}
	return w
}

func (l *topLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	all := l.one(objects)
	if all > s.Width {
		(&flow{gap: topGap / 2}).Layout(objects, s)
		return
	}
	x := float32(0)
	for i, o := range objects {
		if i == l.left {
			x += s.Width - all
		}
		x = snap(x)
		m := o.MinSize()
		o.Resize(m)
		o.Move(fyne.NewPos(x, snap((s.Height-m.Height)/2)))
		x += m.Width + topGap
	}
}

// padded leaves air left and right, and above and below.
type padded struct{ side, over float32 }

func (p padded) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(2*p.side, 2*p.over)
}

func (p padded) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Move(fyne.NewPos(p.side, p.over))
	objects[0].Resize(s.SubtractWidthHeight(2*p.side, 2*p.over))
}

// edged lays a line along the upper or lower edge.
type edged struct{ bottom bool }

func (edged) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (e edged) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Resize(fyne.NewSize(s.Width, 1))
	objects[0].Move(fyne.Position{})
	if e.bottom {
		objects[0].Move(fyne.NewPos(0, s.Height-1))
	}
}
