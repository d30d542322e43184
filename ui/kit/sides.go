package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Sides put a list on the left and what was chosen in it on the right. Where that is too narrow, for the window or for the size of the
// letters, only the side with the focus is seen: Enter in the list, or Tab, comes to the right one, Esc back to the left one.
func Sides(gap float32, weights []float32, left, right fyne.CanvasObject) *fyne.Container {
	return container.New(&sides{columns: columns{gap: gap, weights: weights}}, left, right)
}

// Away is how far out of the window the side lies that is not seen; it is not hidden, because Tab must find it.
const Away = 20_000

type sides struct {
	columns
	right bool // the right side is seen, where there is room for one
}

// comfortable is the width from which on two sides stand beside each other, in letters of the usual size.
const comfortable = 640

func (l *sides) both(width float32) bool {
	return width >= comfortable*letterScale()
}

func (l *sides) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(objects[0].MinSize().Width, objects[1].MinSize().Width), tallest(objects))
}

func (l *sides) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	if widths := l.shares(2, true, s.Width); l.both(s.Width) && l.fit(objects, widths) {
		objects[0].Move(fyne.Position{})
		objects[0].Resize(fyne.NewSize(widths[0], s.Height))
		objects[1].Move(fyne.NewPos(widths[0]+l.gap, 0))
		objects[1].Resize(fyne.NewSize(widths[1], s.Height))
		return
	}
	for i, o := range objects {
		x := float32(Away)
		if (i == 1) == l.right {
			x = 0
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(s)
	}
}

// bring shows the side that holds what gets the focus.
func (l *sides) bring(of *fyne.Container, side fyne.CanvasObject) {
	if right := side == of.Objects[1]; right != l.right {
		l.right = right
		l.Layout(of.Objects, of.Size())
		of.Refresh()
	}
}
