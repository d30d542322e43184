package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// PillButton is a small rounded button for the bar on top: the site, the person, the state of sync.
type PillButton struct {
	widget.BaseWidget
	OnTapped func()

	chip    *Chip
	back    *canvas.Rectangle
	ring    *canvas.Rectangle
	content *fyne.Container
}

// Pill shows a status; a Dim or Bad one stands on amber.
func Pill(s Status, tapped func()) *PillButton {
	p := &PillButton{OnTapped: tapped, chip: NewChip(s), back: box(theme.Tint, theme.Tint, 0, 16), ring: newRing()}
	p.content = container.NewStack(p.back, container.New(padded{12, 6}, p.chip))
	p.ExtendBaseWidget(p)
	p.SetStatus(s)
	return p
}

// SetStatus changes what the pill shows.
func (p *PillButton) SetStatus(s Status) {
	p.chip.SetStatus(s)
	p.back.FillColor = colour(theme.Tint)
	if s.Tone == Dim || s.Tone == Bad {
		p.back.FillColor = colour(theme.Chosen)
	}
	p.Refresh()
}

// Tapped implements fyne.Tappable.
func (p *PillButton) Tapped(*fyne.PointEvent) {
	if p.OnTapped != nil {
		Finish(canvasOf(p))
		p.OnTapped()
	}
}

// FocusGained implements fyne.Focusable.
func (p *PillButton) FocusGained() { showRing(p.ring, true); reveal(p) }

// FocusLost implements fyne.Focusable.
func (p *PillButton) FocusLost() { showRing(p.ring, false) }

// TypedRune implements fyne.Focusable.
func (p *PillButton) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (p *PillButton) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.Tapped(nil)
	default:
		fallback(p, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *PillButton) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(ringed{}, p.content, p.ring))
}

// ringed lays a ring around the first object.
type ringed struct{}

func (ringed) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }
func (ringed) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Resize(s)
	if r, ok := objects[1].(*canvas.Rectangle); ok {
		layRing(r, s)
	}
}
