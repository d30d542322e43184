package kit_test

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"kandili/ui/uitest"
)

// textAt is where a visible text is drawn on the window.
func textAt(w *uitest.Window, text string) (top, high float32, ok bool) {
	var found fyne.CanvasObject
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if !o.Visible() || found != nil {
			return
		}
		if t, is := o.(*canvas.Text); is && t.Text == text {
			found = o
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		}
	}
	look(w.Canvas().Content())
	if found == nil {
		return 0, 0, false
	}
	return topOf(w.Canvas(), found), found.Size().Height, true
}

// enter types into what has the focus. As from a keyboard, each letter comes as a key before it comes as itself.
func enter(w *uitest.Window, text string) {
	for _, r := range text {
		name := fyne.KeyName(strings.ToUpper(string(r)))
		if r == ' ' {
			name = fyne.KeySpace
		}
		w.Key(name)
		w.Canvas().Focused().TypedRune(r)
	}
}

// scrollDown turns the wheel over the middle of the window.
func scrollDown(w *uitest.Window, by float32) {
	s := w.Canvas().Size()
	test.Scroll(w.Canvas(), fyne.NewPos(s.Width/2, s.Height/2), 0, -by)
}
