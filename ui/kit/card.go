package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
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
	title, number, sub *Text
	back               *canvas.Rectangle
	box                *fyne.Container
}

// NewCard is a card without the amber edge.
func NewCard(title, number, sub string) *Card {
	c := &Card{
		title:  newText(title, theme.Small, theme.Ink, fyne.TextStyle{Bold: true}),
		number: newText(number, theme.Num, theme.Ink, fyne.TextStyle{Bold: true}),
		sub:    NewSub(sub),
		back:   box(theme.Card, theme.Line, 1, 8),
	}
	c.box = container.NewStack(c.back, Inset(20, Column(4, c.title, c.number, c.sub)))
	c.ExtendBaseWidget(c)
	return c
}

// SetNumber changes the number.
func (c *Card) SetNumber(s string) { c.number.SetText(s) }

// SetSub changes the line below.
func (c *Card) SetSub(s string) { c.sub.SetText(s) }

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

// NewEmpty says why there is nothing and what to do about it; action may be nil.
func NewEmpty(title, sentence string, action *Button) fyne.CanvasObject {
	parts := []fyne.CanvasObject{NewHeading(title), NewText(sentence)}
	if action != nil {
		parts = append(parts, Row(0, action))
	}
	return Inset(24, Column(12, parts...))
}

// ProgressLine is a bar with a line of text above: how far some work has come.
type ProgressLine struct {
	widget.BaseWidget
	note        *Text
	back, front *canvas.Rectangle
	share       float32 // 0 to 1
}

// NewProgressLine is an empty bar.
func NewProgressLine() *ProgressLine {
	p := &ProgressLine{note: NewSub(""), back: box(theme.Tint, theme.Tint, 0, 4), front: box(theme.Ink, theme.Ink, 0, 4)}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows done of total and a note; a total of zero shows the note alone.
func (p *ProgressLine) Set(done, total int64, note string) {
	p.share = 0
	if total > 0 {
		p.share = min(max(float32(done)/float32(total), 0), 1)
	}
	p.note.SetText(note)
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *ProgressLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(fillLayout{6}, p.note, container.New(&bar{p}, p.back, p.front)))
}

// bar lays the front over the back for the share that is done.
type bar struct{ of *ProgressLine }

func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(80, 8) }
func (b *bar) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Resize(fyne.NewSize(s.Width, 8))
	objects[1].Resize(fyne.NewSize(s.Width*b.of.share, 8))
}
