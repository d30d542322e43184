package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// Checks chooses any number of a few options, each with a box to tick. It is one stop of Tab; arrows move, Space ticks.
type Checks struct {
	widget.BaseWidget
	OnChanged func(values []string) // after a person ticked, not after SetValues; in the order of the options

	options        []Option
	on             map[string]bool
	at             int
	focused, wrong bool
	items          []*checkItem
}

// NewChecks has nothing ticked.
func NewChecks(options ...Option) *Checks {
	c := &Checks{on: map[string]bool{}}
	c.ExtendBaseWidget(c)
	c.SetOptions(options...)
	return c
}

// SetOptions changes what can be ticked; what is ticked stays if it is among them.
func (c *Checks) SetOptions(options ...Option) {
	c.options, c.items, c.at = options, nil, 0
	keep := map[string]bool{}
	for i, o := range options {
		keep[o.Value] = c.on[o.Value]
		item := &checkItem{of: c, at: i}
		item.ExtendBaseWidget(item)
		c.items = append(c.items, item)
	}
	c.on = keep
	c.Refresh()
}

// Values are the ticked ones in the order of the options.
func (c *Checks) Values() (out []string) {
	for _, o := range c.options {
		if c.on[o.Value] {
			out = append(out, o.Value)
		}
	}
	return out
}

// SetValues ticks these alone without telling OnChanged.
func (c *Checks) SetValues(values []string) {
	for _, o := range c.options {
		c.on[o.Value] = slices.Contains(values, o.Value)
	}
	c.at = 0
	c.Refresh()
}

// SetWrong draws the boxes in the colour of errors.
func (c *Checks) SetWrong(wrong bool) { c.wrong = wrong; c.Refresh() }

func (c *Checks) toggle(i int) {
	if i < 0 || i >= len(c.options) {
		return
	}
	c.at = i
	c.on[c.options[i].Value] = !c.on[c.options[i].Value]
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(c.Values())
	}
}

// FocusGained implements fyne.Focusable.
func (c *Checks) FocusGained() { c.focused = true; c.Refresh(); reveal(c) }

// FocusLost implements fyne.Focusable.
func (c *Checks) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *Checks) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *Checks) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		c.at = max(c.at-1, 0)
		c.Refresh()
	case fyne.KeyRight, fyne.KeyDown:
		c.at = min(c.at+1, max(len(c.options)-1, 0))
		c.Refresh()
	case fyne.KeySpace:
		c.toggle(c.at)
	default:
		fallback(c, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Checks) CreateRenderer() fyne.WidgetRenderer { return &checksRenderer{of: c} }

type checksRenderer struct {
	of    *Checks
	width float32 // of the last layout
}

const checkGap = 8 // between boxes, across and down

// place lays the items side by side and goes on below where the width ends; it returns the height.
func (r *checksRenderer) place(width float32, lay bool) float32 {
	x, y, high := float32(0), float32(0), float32(0)
	for _, it := range r.of.items {
		m := it.MinSize()
		if x > 0 && x+m.Width > width {
			x, y = 0, y+m.Height+checkGap
		}
		if lay {
			it.Move(fyne.NewPos(x, y))
			it.Resize(fyne.NewSize(min(m.Width, width), m.Height))
		}
		x += m.Width + checkGap
		high = y + m.Height
	}
	return high
}

func (r *checksRenderer) MinSize() fyne.Size {
	var widest float32
	for _, it := range r.of.items {
		widest = max(widest, it.MinSize().Width)
	}
	width := r.width
	if width == 0 {
		width = 10_000
	}
	return fyne.NewSize(widest, max(r.place(width, false), minHeight))
}

func (r *checksRenderer) Layout(s fyne.Size) {
	r.width = s.Width
	r.place(s.Width, true)
}

func (r *checksRenderer) Refresh() {
	for _, it := range r.of.items {
		it.Refresh()
	}
	if r.width > 0 {
		r.place(r.width, true)
	}
	canvas.Refresh(r.of)
}

func (r *checksRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.of.items))
	for i, it := range r.of.items {
		out[i] = it
	}
	return out
}
func (r *checksRenderer) Destroy() {}

// checkItem is one box with its word.
type checkItem struct {
	widget.BaseWidget
	of *Checks
	at int
}

// Tapped implements fyne.Tappable.
func (i *checkItem) Tapped(*fyne.PointEvent) {
	Focus(i.of)
	i.of.toggle(i.at)
}

// CreateRenderer implements fyne.Widget.
func (i *checkItem) CreateRenderer() fyne.WidgetRenderer {
	r := &checkItemRenderer{of: i, back: box(theme.Card, theme.Edge, 1.5, 6), ring: newRing(), tick: newTick(), word: canvas.NewText("", nil)}
	r.paint()
	return r
}

type checkItemRenderer struct {
	of         *checkItem
	back, ring *canvas.Rectangle
	tick       *tick
	word       *canvas.Text
}

const checkAir = 10 // beside and between the box and its word

func (r *checkItemRenderer) paint() {
	c := r.of.of
	o := c.options[r.of.at]
	r.word.Text, r.word.Color, r.word.TextSize = o.Word, colour(theme.Ink), size(fynetheme.SizeNameText)
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = colour(theme.Card), colour(theme.Edge), 1.5
	if c.wrong {
		r.back.StrokeColor, r.back.StrokeWidth = colour(theme.Bad), 2
	}
	r.tick.set(true, c.on[o.Value])
	r.tick.check.Refresh()
	showRing(r.ring, c.focused && c.at == r.of.at)
}

func (r *checkItemRenderer) MinSize() fyne.Size {
	m := fyne.MeasureText(r.of.of.options[r.of.at].Word, size(fynetheme.SizeNameText), fyne.TextStyle{})
	return fyne.NewSize(3*checkAir+tickSide+m.Width, max(m.Height+12, minHeight))
}

func (r *checkItemRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	layRing(r.ring, s)
	r.tick.lay(fyne.NewPos(checkAir, (s.Height-tickSide)/2))
	m := r.word.MinSize()
	r.word.Move(fyne.NewPos(2*checkAir+tickSide, (s.Height-m.Height)/2))
	r.word.Resize(m)
}

func (r *checkItemRenderer) Refresh() { r.paint(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *checkItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.tick.back, r.tick.check, r.word, r.ring}
}
func (r *checkItemRenderer) Destroy() {}
