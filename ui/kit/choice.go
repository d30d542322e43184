package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// Option is one thing to choose: the value for the program, the word for a person. Words must differ.
type Option struct{ Value, Word string }

// Choice is a list to choose one option from. Enter, Space or Down opens it; arrows and Enter choose.
type Choice struct {
	widget.Select
	OnPicked func(value string) // after a person chose, not after SetValue

	options        []Option
	focused, wrong bool
	loading        bool
}

// NewChoice is a choice with nothing chosen.
func NewChoice(placeholder string, options ...Option) *Choice {
	c := &Choice{}
	c.PlaceHolder = placeholder
	c.OnChanged = func(string) {
		if !c.loading && c.OnPicked != nil {
			c.OnPicked(c.Value())
		}
	}
	c.ExtendBaseWidget(c)
	c.SetChoices(options...)
	return c
}

// SetChoices changes what can be chosen; what is chosen stays if it is among them.
func (c *Choice) SetChoices(options ...Option) {
	value := c.Value()
	c.options = options
	words := make([]string, len(options))
	for i, o := range options {
		words[i] = o.Word
	}
	c.Options = words
	c.SetValue(value)
}

// Value is what is chosen, empty when nothing is.
func (c *Choice) Value() string {
	for _, o := range c.options {
		if o.Word == c.Selected {
			return o.Value
		}
	}
	return ""
}

// SetValue chooses without telling OnPicked; an unknown value chooses nothing.
func (c *Choice) SetValue(value string) {
	c.loading = true
	defer func() { c.loading = false }()
	for _, o := range c.options {
		if o.Value == value {
			c.SetSelected(o.Word)
			return
		}
	}
	c.ClearSelected()
}

// SetWrong draws the edge in the colour of errors.
func (c *Choice) SetWrong(wrong bool) { c.wrong = wrong; c.Refresh() }

// FocusGained implements fyne.Focusable.
func (c *Choice) FocusGained() { c.focused = true; c.Select.FocusGained(); c.Refresh(); reveal(c) }

// FocusLost implements fyne.Focusable.
func (c *Choice) FocusLost() { c.focused = false; c.Select.FocusLost(); c.Refresh() }

// TypedKey implements fyne.Focusable.
func (c *Choice) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyDown, fyne.KeyUp:
		c.Tapped(nil)
	default:
		fallback(c, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{WidgetRenderer: c.Select.CreateRenderer(), of: c, ring: newRing(), edge: newRing()}
	r.edge.CornerRadius = 6
	r.paint()
	return r
}

type choiceRenderer struct {
	fyne.WidgetRenderer
	of         *Choice
	ring, edge *canvas.Rectangle
}

func (r *choiceRenderer) paint() {
	showRing(r.ring, r.of.focused)
	r.edge.StrokeColor, r.edge.StrokeWidth = colour(theme.Edge), theme.EdgeStroke
	if r.of.wrong {
		r.edge.StrokeColor, r.edge.StrokeWidth = colour(theme.Bad), 2
	}
	r.edge.Show()
}

func (r *choiceRenderer) MinSize() fyne.Size {
	m := r.WidgetRenderer.MinSize()
	high := lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{}) + 2*size(fynetheme.SizeNameInnerPadding) // as an entry; the toolkit adds more
	return fyne.NewSize(max(m.Width, r.widest()), max(high, minHeight))
}

// widest is the width in which every option can be read; very long ones are shortened in the end.
func (r *choiceRenderer) widest() (w float32) {
	letters := size(fynetheme.SizeNameText)
	for _, o := range r.of.options {
		w = max(w, fyne.MeasureText(o.Word, letters, fyne.TextStyle{}).Width)
	}
	air := 2*size(fynetheme.SizeNameInnerPadding) + size(fynetheme.SizeNameInlineIcon) + 4*size(fynetheme.SizeNamePadding)
	return min(w, 22*letters) + air
}

func (r *choiceRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	layRing(r.ring, s)
	r.edge.Resize(s)
}

// Refresh keeps the ground white also with the focus: the ring says where that is, as around an entry.
func (r *choiceRenderer) Refresh() {
	r.paint()
	r.WidgetRenderer.Refresh()
	if ground, ok := r.WidgetRenderer.Objects()[0].(*canvas.Rectangle); ok && !r.of.Disabled() {
		ground.FillColor = colour(theme.Card)
		ground.Refresh()
	}
}

func (r *choiceRenderer) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{}, r.WidgetRenderer.Objects()...), r.edge, r.ring)
}
