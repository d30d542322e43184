package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// wheel lies over an entry of one line and hands the mouse wheel on to the scroll around it. Fyne's entry would keep it for text that
// is too long, and a form would stand still wherever the pointer meets an entry.
type wheel struct {
	widget.BaseWidget
	over *Entry
}

func newWheel(over *Entry) *wheel {
	w := &wheel{over: over}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled implements fyne.Scrollable.
func (w *wheel) Scrolled(ev *fyne.ScrollEvent) {
	way := path(w.over)
	for i := len(way) - 1; i >= 0; i-- {
		if s, ok := way[i].(fyne.Scrollable); ok {
			s.Scrolled(ev)
			return
		}
	}
}

// CreateRenderer implements fyne.Widget; there is nothing to see.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
