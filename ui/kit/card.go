package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Panel is a white card with an edge around anything.
func Panel(o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(box(theme.Card, theme.Line, 1, 8), Inset(20, o))
}

// Note is a panel in the colour of what wants attention.
func Note(o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(box(theme.Chosen, theme.Amber, 1, 8), Inset(16, o))
}

// Card shows one number: a title, the number large, a line below.
type Card struct {
	widget.BaseWidget
	number *figure
	sub    *Text
	bar    *bar
	room   *fyne.Container // of the bar
	back   *canvas.Rectangle
	box    *fyne.Container
}

// NewCard is a card without a bar and without the amber edge.
func NewCard(title, number, sub string) *Card {
	c := &Card{number: newFigure(number), sub: NewSub(sub), bar: &bar{}, back: box(theme.Card, theme.Line, 1, 8)}
	c.room = container.New(layout.NewCustomPaddedLayout(8, 4, 0, 0), c.bar.object())
	c.room.Hide()
	c.sub.Hidden = sub == ""
	c.box = container.NewStack(c.back, Inset(20, Column(4, NewSub(title), c.number, c.room, c.sub)))
	c.ExtendBaseWidget(c)
	return c
}

// SetNumber changes the number.
func (c *Card) SetNumber(s string) { c.number.set(s, c.number.after) }

// SetAfter puts small words after the number: "of 34".
func (c *Card) SetAfter(s string) { c.number.set(c.number.number, s) }

// SetBar shows a thin bar, done of total being filled. A total of zero takes it away.
func (c *Card) SetBar(done, total int64) {
	c.bar.set(done, total)
	c.room.Hidden = total <= 0
	c.box.Refresh()
}

// SetSub changes the line below.
func (c *Card) SetSub(s string) {
	c.sub.SetText(s)
	c.sub.Hidden = s == ""
	c.box.Refresh()
}

// SetAmber draws the edge in amber: here is something to do.
func (c *Card) SetAmber(on bool) {
	c.back.StrokeColor, c.back.StrokeWidth = colour(theme.Line), 1
	if on {
		c.back.StrokeColor, c.back.StrokeWidth = colour(theme.Amber), 3
	}
	c.back.Refresh()
}

func (c *Card) children() []fyne.CanvasObject { return []fyne.CanvasObject{c.box} }

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.box) }

// Ground is the colour behind everything.
func Ground() fyne.CanvasObject { return box(theme.Paper, theme.Paper, 0, 0) }
