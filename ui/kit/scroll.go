package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Scroller is a vertical scroll that follows the focus.
type Scroller struct {
	widget.BaseWidget
	view *view
}

// Scroll lets o be higher than its place. A control that gets the focus is brought into sight with its label and problem; Page Up
// and Page Down turn the page where the control has no use for them. What fits is given the whole height.
func Scroll(o fyne.CanvasObject) *Scroller {
	s := &Scroller{}
	s.view = newView(o, ringRoom, true, s.moved)
	s.ExtendBaseWidget(s)
	return s
}

// ToTop goes back to the beginning, for a form that now shows another record.
func (s *Scroller) ToTop() { s.view.to(0) }

// moved lets what floats over the content go along.
func (s *Scroller) moved() {
	if r := rootOf(path(s)); r != nil {
		r.follow()
	}
}

func (s *Scroller) children() []fyne.CanvasObject { return []fyne.CanvasObject{s.view} }

// CreateRenderer implements fyne.Widget.
func (s *Scroller) CreateRenderer() fyne.WidgetRenderer { return &scrollerRenderer{s} }

// ringRoom is how far a ring stands out from what it is around.
const ringRoom = ringWidth + ringGap + 5 // with a hair for what falls between pixels

type scrollerRenderer struct{ of *Scroller }

// MinSize is low, so that a form is never the reason that a window cannot become small.
func (r *scrollerRenderer) MinSize() fyne.Size {
	m := r.of.view.content.MinSize()
	return fyne.NewSize(m.Width+barTarget, min(m.Height, 2*rowHeight))
}

// Layout lets the view stand out by the room of a ring: it cuts whatever stands out of it, and the content keeps its line with what
// stands above and beside the scroll.
func (r *scrollerRenderer) Layout(s fyne.Size) {
	r.of.view.Move(fyne.NewPos(-ringRoom, -ringRoom))
	r.of.view.Resize(s.AddWidthHeight(2*ringRoom, 2*ringRoom))
}
func (r *scrollerRenderer) Refresh()                     { r.of.view.Refresh() }
func (r *scrollerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.of.view} }
func (r *scrollerRenderer) Destroy()                     {}

// scrollPage turns a page of the innermost scroll around o and says whether key was for that.
func scrollPage(o fyne.CanvasObject, key fyne.KeyName) bool {
	if key != fyne.KeyPageUp && key != fyne.KeyPageDown {
		return false
	}
	way := path(o)
	for i := len(way) - 1; i >= 0; i-- {
		v, ok := way[i].(*view)
		if !ok || !v.over {
			continue
		}
		page := v.Size().Height - rowHeight
		if key == fyne.KeyPageUp {
			page = -page
		}
		v.to(v.offset + page)
		return true
	}
	return false
}
