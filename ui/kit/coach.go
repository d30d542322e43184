package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Coach is a card in a lower corner that explains the window step by step, with a ring around what it speaks of. It does not
// take the focus. Place it in a stack over the window's content.
type Coach struct {
	widget.BaseWidget
	title, line, count *Text
	skip, next         *Button
	card               fyne.CanvasObject
	ring               *canvas.Rectangle
	at                 fyne.CanvasObject // what the ring is around; nil for none
	after              fyne.CanvasObject // what the card stands to the right of; nil puts it into the right corner
}

// NewCoach is a hidden card with a button to leave and one to go on.
func NewCoach(skip, next *Button) *Coach {
	c := &Coach{title: NewHeading(""), line: NewText(""), count: NewSub(""), skip: skip, next: next, ring: box(theme.Card, theme.Amber, 4, 10)}
	c.ring.FillColor = colourless
	c.ring.Hide()
	c.card = container.NewStack(box(theme.Card, theme.Ink, 2, 8), Inset(18, Column(10, c.count, c.title, c.line, Flow(12, next, skip))))
	c.ExtendBaseWidget(c)
	c.Hide()
	return c
}

// Next is the button that goes on.
func (c *Coach) Next() *Button { return c.next }

// Say changes what the card says.
func (c *Coach) Say(title, line, count string) {
	c.title.SetText(title)
	c.line.SetText(line)
	c.count.SetText(count)
	Relay(c)
}

// After puts the card into the lower left corner, to the right of o, which lies at the left edge of the window; nil into the right one.
func (c *Coach) After(o fyne.CanvasObject) { c.after = o }

// Point draws the ring around an object of the window, nil takes it away.
func (c *Coach) Point(at fyne.CanvasObject) {
	c.at = at
	c.Refresh()
}

func (c *Coach) children() []fyne.CanvasObject { return []fyne.CanvasObject{c.card} }

// CreateRenderer implements fyne.Widget.
func (c *Coach) CreateRenderer() fyne.WidgetRenderer { return &coachRenderer{c} }

type coachRenderer struct{ of *Coach }

const coachWidth = 380 // in letters of the usual size

func (r *coachRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *coachRenderer) Layout(s fyne.Size) {
	card := r.of.card
	width := min(coachWidth*letterScale(), s.Width-48)
	for range 2 { // first the width, which texts wrap to
		card.Resize(fyne.NewSize(width, card.MinSize().Height))
	}
	r.ringed()
	low := s.Height - card.Size().Height - 48
	high := fyne.NewPos(s.Width-width-24, low)
	if r.of.after != nil {
		high.X = min(r.of.after.Size().Width+24, high.X)
	}
	if p, m := r.of.ring.Position(), r.of.ring.Size(); !r.of.ring.Hidden && p.X+m.Width > high.X && p.X < high.X+width && p.Y+m.Height > high.Y {
		high.X = max(p.X-width-16, 8) // not over what it speaks of
	}
	card.Move(high)
}

// ringed lays the ring around the object, where it is now.
func (r *coachRenderer) ringed() {
	o := r.of.at
	r.of.ring.Hidden = o == nil || !o.Visible() || len(path(o)) == 0
	if r.of.ring.Hidden {
		return
	}
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(r.of))
	if at.X >= Away || at.X < 0 {
		r.of.ring.Hide()
		return
	}
	const out, in = 6, 2 // beyond the object, but in the window
	from := fyne.NewPos(max(at.X-out, in), max(at.Y-out, in))
	to := fyne.NewPos(min(at.X+o.Size().Width+out, r.of.Size().Width-in), min(at.Y+o.Size().Height+out, r.of.Size().Height-in))
	r.of.ring.Move(from)
	r.of.ring.Resize(fyne.NewSize(to.X-from.X, to.Y-from.Y))
	r.of.ring.StrokeColor = colour(theme.Amber)
}

func (r *coachRenderer) Refresh() {
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}
func (r *coachRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.of.ring, r.of.card}
}
func (r *coachRenderer) Destroy() {}

// Find is the first object at or below root, in the order of the tree, that is visible and that is is true of; nil when there is none.
func Find(root fyne.CanvasObject, is func(fyne.CanvasObject) bool) fyne.CanvasObject {
	if root == nil || !root.Visible() {
		return nil
	}
	if is(root) {
		return root
	}
	for _, child := range children(root) {
		if found := Find(child, is); found != nil {
			return found
		}
	}
	return nil
}
