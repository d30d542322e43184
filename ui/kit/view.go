package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

const (
	barWidth  = 6  // of the bar that is seen
	barTarget = 14 // of what can be taken hold of
)

// view shows a part of something higher than itself. Unlike Fyne's scroll it draws no shadows over the cut edges, and its bar keeps
// clear of what lies below. Fyne cuts whatever stands out of it because it can be scrolled.
type view struct {
	widget.BaseWidget
	content fyne.CanvasObject
	moved   func() // after the offset changed

	air    float32 // left around the content for rings, on all sides
	beside bool    // the bar stands beside the content, not on it
	offset float32 // of the upper edge of the view within the content
	over   bool    // there is more than fits
	bar    *scrollBar
	edges  [2]*canvas.Rectangle // where the content is cut, above and below
}

func newView(content fyne.CanvasObject, air float32, beside bool, moved func()) *view {
	v := &view{content: content, moved: moved, air: air, beside: beside}
	v.bar = &scrollBar{of: v, thumb: canvas.NewRectangle(nil)}
	v.bar.ExtendBaseWidget(v.bar)
	for i := range v.edges {
		v.edges[i] = box(theme.Line, theme.Line, 0, 0)
		v.edges[i].Hide()
	}
	v.ExtendBaseWidget(v)
	return v
}

// to scrolls to an offset, or as near as can be.
func (v *view) to(offset float32) {
	offset = v.within(offset)
	if offset == v.offset {
		return
	}
	v.offset = offset
	v.lay()
	v.moved()
}

func (v *view) within(offset float32) float32 {
	return min(max(offset, 0), max(v.high()-v.Size().Height, 0))
}

// high is the height of the content with its air.
func (v *view) high() float32 { return v.content.Size().Height + 2*v.air }

// bring scrolls until the part of the content from top to bottom is seen.
func (v *view) bring(top, bottom float32) { v.to(bring(v.offset, v.Size().Height, top, bottom)) }

// key goes on a line or a page where there is more than fits.
func (v *view) key(name fyne.KeyName) {
	line, page := 3*size(fynetheme.SizeNameText), v.Size().Height-rowHeight
	by, ok := map[fyne.KeyName]float32{fyne.KeyDown: line, fyne.KeyUp: -line, fyne.KeyPageDown: page, fyne.KeyPageUp: -page}[name]
	if ok && v.over {
		v.to(v.offset + by)
	}
}

// Scrolled implements fyne.Scrollable.
func (v *view) Scrolled(ev *fyne.ScrollEvent) { v.to(v.offset - ev.Scrolled.DY) }

func (v *view) lay() {
	s := v.Size()
	low := v.fitWidth(s)
	// Made narrower by the bar, the content cannot become lower, so this does not swing to and fro.
	if over := low+2*v.air > s.Height+0.5; over != v.over {
		v.over = over
		low = v.fitWidth(s)
	}
	v.content.Resize(fyne.NewSize(v.content.Size().Width, max(low, s.Height-2*v.air)))
	v.offset = v.within(v.offset)
	v.content.Move(fyne.NewPos(v.air, v.air-v.offset))
	in := v.air
	if !v.beside {
		in = 3 // off the edge of the list
	}
	v.bar.Resize(fyne.NewSize(barTarget, s.Height-2*in))
	v.bar.Move(fyne.NewPos(s.Width-in-barTarget, in))
	v.bar.Hidden = !v.over
	v.bar.Refresh()
	cut := [2]bool{v.offset > v.air, v.offset+s.Height < v.high()-v.air}
	for i, e := range v.edges {
		e.Resize(fyne.NewSize(v.content.Size().Width, 1))
		e.Move(fyne.NewPos(v.air, float32(i)*(s.Height-1)))
		e.Hidden = !cut[i] || v.air == 0
	}
}

// fitWidth gives the content its width, which texts wrap to, and returns the height it then needs.
func (v *view) fitWidth(s fyne.Size) float32 {
	width := s.Width - 2*v.air
	if v.over && v.beside {
		width -= barTarget
	}
	v.content.Resize(fyne.NewSize(width, v.content.Size().Height))
	return v.content.MinSize().Height
}

func (v *view) children() []fyne.CanvasObject { return []fyne.CanvasObject{v.content} }

// CreateRenderer implements fyne.Widget.
func (v *view) CreateRenderer() fyne.WidgetRenderer { return &viewRenderer{v} }

type viewRenderer struct{ of *view }

func (r *viewRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.of.content.MinSize().Width+2*r.of.air, 2*rowHeight)
}
func (r *viewRenderer) Layout(fyne.Size) { r.of.lay() }
func (r *viewRenderer) Refresh() {
	for _, e := range r.of.edges {
		e.FillColor = colour(theme.Line)
	}
	r.of.lay()
	r.of.content.Refresh()
}
func (r *viewRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.of.content, r.of.edges[0], r.of.edges[1], r.of.bar}
}
func (r *viewRenderer) Destroy() {}

// scrollBar shows how much there is and can be dragged; a click beside the thumb turns a page.
type scrollBar struct {
	widget.BaseWidget
	of      *view
	thumb   *canvas.Rectangle
	hovered bool
}

// span is where the thumb lies, in units of the bar.
func (b *scrollBar) span() (top, length float32) {
	all, h := b.of.high(), b.Size().Height
	if all <= 0 {
		return 0, h
	}
	length = min(max(h*b.of.Size().Height/all, 24), h)
	if rest := all - b.of.Size().Height; rest > 0 {
		top = (h - length) * b.of.offset / rest
	}
	return top, length
}

// Dragged implements fyne.Draggable.
func (b *scrollBar) Dragged(ev *fyne.DragEvent) {
	if _, length := b.span(); b.Size().Height > length {
		b.of.to(b.of.offset + ev.Dragged.DY*(b.of.high()-b.of.Size().Height)/(b.Size().Height-length))
	}
}

// DragEnd implements fyne.Draggable.
func (b *scrollBar) DragEnd() {}

// Tapped implements fyne.Tappable.
func (b *scrollBar) Tapped(ev *fyne.PointEvent) {
	top, length := b.span()
	page := b.of.Size().Height - rowHeight
	switch {
	case ev.Position.Y < top:
		b.of.to(b.of.offset - page)
	case ev.Position.Y > top+length:
		b.of.to(b.of.offset + page)
	}
}

// MouseIn implements desktop.Hoverable.
func (b *scrollBar) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *scrollBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *scrollBar) MouseOut() { b.hovered = false; b.Refresh() }

// CreateRenderer implements fyne.Widget.
func (b *scrollBar) CreateRenderer() fyne.WidgetRenderer {
	b.thumb.CornerRadius = barWidth / 2
	return &scrollBarRenderer{b}
}

type scrollBarRenderer struct{ of *scrollBar }

func (r *scrollBarRenderer) MinSize() fyne.Size { return fyne.NewSize(barTarget, 24) }
func (r *scrollBarRenderer) Layout(s fyne.Size) {
	top, length := r.of.span()
	r.of.thumb.Resize(fyne.NewSize(barWidth, length))
	r.of.thumb.Move(fyne.NewPos(s.Width-barWidth, top))
}
func (r *scrollBarRenderer) Refresh() {
	r.of.thumb.FillColor = colour(theme.Edge)
	if r.of.hovered {
		r.of.thumb.FillColor = colour(theme.Ink2)
	}
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}
func (r *scrollBarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.of.thumb} }
func (r *scrollBarRenderer) Destroy()                     {}
