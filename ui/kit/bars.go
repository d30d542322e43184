package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// NewTopBar is the bar above a place: what is on the left, what is on the right.
func NewTopBar(left, right []fyne.CanvasObject) fyne.CanvasObject {
	row := Row(24, append(append(append([]fyne.CanvasObject{}, left...), Gap()), right...)...)
	inner := container.New(padded{24, 6}, row)
	return Fixed(0, 56, container.NewStack(box(theme.Card, theme.Card, 0, 0), container.New(edged{bottom: true}, box(theme.Line, theme.Line, 0, 0)), inner))
}

// StatusBar is the line below a place: what was saved on the left, keys on the right.
type StatusBar struct {
	widget.BaseWidget
	left, right *canvas.Text
	box         fyne.CanvasObject
}

// NewStatusBar is an empty line.
func NewStatusBar() *StatusBar {
	s := &StatusBar{
		left:  line("", theme.Small, theme.Ink2, fyne.TextStyle{}),
		right: line("", theme.Small, theme.Ink2, fyne.TextStyle{}),
	}
	s.box = Fixed(0, 32, container.NewStack(container.New(edged{}, box(theme.Line, theme.Line, 0, 0)), container.New(padded{24, 3}, Row(24, s.left, Gap(), s.right))))
	s.ExtendBaseWidget(s)
	return s
}

// SetLeft says what was last done: "Last saved on this laptop 14:02".
func (s *StatusBar) SetLeft(text string) { s.left.Text = text; s.relay() }

// SetRight names the keys that matter here.
func (s *StatusBar) SetRight(text string) { s.right.Text = text; s.relay() }

func (s *StatusBar) relay() {
	s.box.Refresh()
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *StatusBar) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.box) }

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
