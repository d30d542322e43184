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
	if scrollPage(from, ev.Name) {
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

// Finish makes the control that has the focus take what was typed, as leaving it would. Buttons do so before they act; call it
// before saving, or going to another place, by a shortcut.
func Finish(c fyne.Canvas) {
	if c == nil {
		return
	}
	if e, ok := c.Focused().(*Entry); ok && e.settle != nil {
		e.settle()
	}
}

// reveal scrolls what holds o until o is seen, with its label and problem when it stands in a Field; Fyne does not follow the focus.
func reveal(o fyne.CanvasObject) {
	way := path(o)
	var whole fyne.CanvasObject
	for i := len(way) - 1; i >= 0; i-- { // from the inside: the outer scrolls need to know where the inner ones moved o
		switch at := way[i].(type) {
		case *Field:
			whole = at
		case *fyne.Container:
			if l, ok := at.Layout.(*sides); ok {
				l.bring(at, way[i+1])
			}
		case *view:
			top, bottom := part(o, whole, at.content, at.Size().Height)
			at.bring(top+at.air, bottom+at.air)
		case *container.Scroll:
			top, bottom := part(o, whole, at.Content, at.Size().Height)
			at.ScrollToOffset(fyne.NewPos(at.Offset.X, bring(at.Offset.Y, at.Size().Height, top, bottom)))
		}
	}
	if r := rootOf(way); r != nil {
		r.follow()
	}
}

// Reveal brings into sight what has the focus already and has just grown: what scrolls it is laid out anew before.
func Reveal(o fyne.CanvasObject) {
	way := path(o)
	for i := len(way) - 1; i >= 0; i-- {
		if v, ok := way[i].(*view); ok {
			Relay(v)
			break
		}
	}
	reveal(o)
}

// path lists what holds o, from the canvas's content or an overlay down to o itself; it is empty when o is not shown or lies in
// something that does not tell its children.
func path(o fyne.CanvasObject) []fyne.CanvasObject {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	for _, top := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		if way := pathFrom(top, o, nil); way != nil {
			return way
		}
	}
	return nil
}

func pathFrom(at, target fyne.CanvasObject, above []fyne.CanvasObject) []fyne.CanvasObject {
	above = append(above, at)
	if at == target {
		return above
	}
	for _, child := range children(at) {
		if way := pathFrom(child, target, above); way != nil {
			return way
		}
	}
	return nil
}

// children are the objects directly below o, as far as they can be known from outside the toolkit.
func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.ThemeOverride:
		return []fyne.CanvasObject{o.Content}
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

// part is what should be seen of a content: o with room for its ring, and all of the field around it when that fits.
func part(o, field, content fyne.CanvasObject, height float32) (top, bottom float32) {
	const air = 2 * ringRoom
	if field != nil && field.Size().Height+2*air <= height {
		o = field
	}
	top = positionIn(o, content)
	return top - air, top + o.Size().Height + air
}

// bring is the offset nearest to the given one that shows the part of a content from top to bottom, its upper end if not all.
func bring(offset, height, top, bottom float32) float32 {
	switch {
	case top < offset || bottom-top > height:
		return max(top, 0)
	case bottom > offset+height:
		return bottom - height
	}
	return offset
}

// positionIn is how far the upper edge of o lies below that of around.
func positionIn(o, around fyne.CanvasObject) float32 {
	d := fyne.CurrentApp().Driver()
	return d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(around).Y
}
