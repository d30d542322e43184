package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// canvasOf is the canvas o is on, or nil before it is shown.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// Focus gives the keyboard to f, which must be in the window. What was put there just now is not known to be on its canvas before
// it is drawn, so the program's only window is asked then.
func Focus(f fyne.Focusable) {
	o, ok := f.(fyne.CanvasObject)
	if !ok {
		return
	}
	c := canvasOf(o)
	if windows := fyne.CurrentApp().Driver().AllWindows(); c == nil && len(windows) > 0 {
		c = windows[len(windows)-1].Canvas()
	}
	if c != nil {
		c.Focus(f)
	}
}

// fallback passes a key that the widget itself has no use for to the dialog on top, else to the window's own handler
// (canvas.SetOnTypedKey). This is how Esc and the F-keys work whatever has the focus.
func fallback(from fyne.CanvasObject, ev *fyne.KeyEvent) {
	c := canvasOf(from)
	if c == nil {
		return
	}
	if d := topDialog(c); d != nil {
		d.key(ev)
		return
	}
	if f := c.OnTypedKey(); f != nil {
		f(ev)
	}
}

// topDialog is the dialog that lies over everything on c, or nil.
func topDialog(c fyne.Canvas) *Dialog {
	pop, ok := c.Overlays().Top().(*widget.PopUp)
	if !ok {
		return nil
	}
	if b, ok := pop.Content.(*dialogBox); ok {
		return b.dialog
	}
	return nil
}

// reveal scrolls the Scroll that holds o until o is seen; Fyne does not follow the focus.
func reveal(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	roots := append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...)
	for _, root := range roots {
		if chain := scrollsAround(root, o, nil); chain != nil {
			for _, s := range chain {
				scrollTo(s, o)
			}
			return
		}
	}
}

// scrollsAround lists the scrolls between root and target, empty but not nil when there are none.
func scrollsAround(root, target fyne.CanvasObject, above []*container.Scroll) []*container.Scroll {
	if root == target {
		return append([]*container.Scroll{}, above...)
	}
	if s, ok := root.(*container.Scroll); ok {
		above = append(above, s)
	}
	for _, child := range children(root) {
		if found := scrollsAround(child, target, above); found != nil {
			return found
		}
	}
	return nil
}

// children are the objects directly below o, as far as they can be known from outside the toolkit.
func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *container.Split:
		return []fyne.CanvasObject{o.Leading, o.Trailing}
	case *widget.PopUp:
		return []fyne.CanvasObject{o.Content}
	case parent:
		return o.children()
	}
	return nil
}

// parent is a widget of ours that holds others.
type parent interface{ children() []fyne.CanvasObject }

func scrollTo(s *container.Scroll, o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	const air = 12 // room for the ring
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.Content).Y
	bottom := top + o.Size().Height + air
	top -= air
	switch {
	case top < s.Offset.Y:
		s.ScrollToOffset(fyne.NewPos(s.Offset.X, max(top, 0)))
	case bottom > s.Offset.Y+s.Size().Height:
		s.ScrollToOffset(fyne.NewPos(s.Offset.X, bottom-s.Size().Height))
	}
}
