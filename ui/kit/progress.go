package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// ProgressLine is a bar with a line of text above: how far some work has come.
type ProgressLine struct {
	widget.BaseWidget
	note *Text
	bar  *bar
}

// NewProgressLine is an empty bar.
func NewProgressLine() *ProgressLine {
	p := &ProgressLine{note: NewSub(""), bar: &bar{}}
	p.ExtendBaseWidget(p)
	return p
}

// Tell gives what is filled the colour of a tone, where it says more than how far some work is, and returns p.
func (p *ProgressLine) Tell(tone Tone) *ProgressLine {
	p.bar.object() // makes it
	if front, ok := p.bar.drawn.Objects[1].(*canvas.Rectangle); ok {
		front.FillColor, front.StrokeColor = colour(tone.colour()), colour(tone.colour())
	}
	return p
}

// Set shows done of total and a note; a total of zero shows the note alone.
func (p *ProgressLine) Set(done, total int64, note string) {
	p.bar.set(done, total)
	p.note.SetText(note)
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *ProgressLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(fillLayout{6}, p.note, p.bar.object()))
}

// Work is a ProgressLine with a way to stop: what takes longer than a breath shows one.
type Work struct {
	widget.BaseWidget
	Line *ProgressLine
	stop *Button
	box  *fyne.Container
}

// NewWork is a hidden Work; Begin shows it. stop is the word on its button.
func NewWork(stop string) *Work {
	w := &Work{Line: NewProgressLine(), stop: Secondary(stop, nil)}
	w.box = Row(16, Stretch(w.Line), w.stop)
	w.ExtendBaseWidget(w)
	w.Hide()
	return w
}

// Begin shows work under way; cancel is called when a person stops it, once.
func (w *Work) Begin(note string, cancel func()) {
	w.Line.Set(0, 0, note)
	w.stop.Enable()
	w.stop.OnTapped = func() {
		w.stop.Disable() // the focus stays until End: it is not thrown about
		cancel()
	}
	w.Show()
	w.Refresh()
}

// End takes it away.
func (w *Work) End() {
	if c := canvasOf(w); c != nil && c.Focused() == fyne.Focusable(w.stop) {
		c.Unfocus()
	}
	w.Hide()
}

func (w *Work) children() []fyne.CanvasObject { return []fyne.CanvasObject{w.box} }

// CreateRenderer implements fyne.Widget.
func (w *Work) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(w.box) }

const barHeight = 8

// bar is a thin line that is filled for the share that is done; it is the layout of its own two rectangles.
type bar struct {
	share float32 // 0 to 1
	drawn *fyne.Container
}

// object is what to place.
func (b *bar) object() fyne.CanvasObject {
	if b.drawn == nil {
		b.drawn = container.New(b, barBack(), box(theme.Ink, theme.Ink, 0, barHeight/2))
	}
	return b.drawn
}

// barBack is the whole length of a bar. Its edge is what is seen of it in sunlight.
func barBack() *canvas.Rectangle { return box(theme.Tint, theme.Line, 1, barHeight/2) }

func (b *bar) set(done, total int64) {
	b.share = 0
	if total > 0 {
		b.share = min(max(float32(done)/float32(total), 0), 1)
	}
	b.object().Refresh()
}

// MinSize implements fyne.Layout.
func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(80, barHeight) }

// Layout implements fyne.Layout.
func (b *bar) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Resize(fyne.NewSize(s.Width, barHeight))
	layFront(objects[1], s.Width*b.share)
}

// layFront gives the filled part its width. A little of something is still seen, and nothing is nothing.
func layFront(o fyne.CanvasObject, width float32) {
	if r, ok := o.(*canvas.Rectangle); ok {
		r.Hidden = width <= 0
	}
	o.Resize(fyne.NewSize(max(width, barHeight), barHeight))
}
