package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// Reader is a text that is higher than its place and is read by keys: it is one stop of Tab, arrows go on a line, Page Up, Page Down
// and Space a page, Home and End to the ends.
type Reader struct {
	widget.BaseWidget
	view *view
	back *canvas.Rectangle
	ring *canvas.Rectangle
}

// NewReader lets o be read.
func NewReader(o fyne.CanvasObject) *Reader {
	r := &Reader{back: box(theme.Card, theme.Line, 1, 8), ring: newRing()}
	r.view = newView(o, readerAir, true, func() {})
	r.ExtendBaseWidget(r)
	return r
}

// FocusGained implements fyne.Focusable.
func (r *Reader) FocusGained() { showRing(r.ring, true) }

// FocusLost implements fyne.Focusable.
func (r *Reader) FocusLost() { showRing(r.ring, false) }

// TypedRune implements fyne.Focusable.
func (r *Reader) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (r *Reader) TypedKey(ev *fyne.KeyEvent) {
	line, page := 3*size(fynetheme.SizeNameText), r.view.Size().Height-rowHigh()
	switch ev.Name {
	case fyne.KeyDown:
		r.view.to(r.view.offset + line)
	case fyne.KeyUp:
		r.view.to(r.view.offset - line)
	case fyne.KeyPageDown, fyne.KeySpace:
		r.view.to(r.view.offset + page)
	case fyne.KeyPageUp:
		r.view.to(r.view.offset - page)
	case fyne.KeyHome:
		r.view.to(0)
	case fyne.KeyEnd:
		r.view.to(r.view.high())
	default:
		fallback(r, ev)
	}
}

func (r *Reader) children() []fyne.CanvasObject { return []fyne.CanvasObject{r.view} }

// CreateRenderer implements fyne.Widget.
func (r *Reader) CreateRenderer() fyne.WidgetRenderer { return &readerRenderer{r} }

const readerAir = 16 // around the text

type readerRenderer struct{ of *Reader }

func (r *readerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.of.view.content.MinSize().Width+barTarget+2*readerAir, 2*rowHeight)
}
func (r *readerRenderer) Layout(s fyne.Size) {
	r.of.back.Resize(s)
	layRing(r.of.ring, s)
	r.of.view.Move(fyne.NewPos(1, 1))
	r.of.view.Resize(s.SubtractWidthHeight(2, 2))
}
func (r *readerRenderer) Refresh() {
	r.of.back.FillColor, r.of.back.StrokeColor = colour(theme.Card), colour(theme.Line)
	r.of.view.Refresh()
}
func (r *readerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.of.back, r.of.view, r.of.ring}
}
func (r *readerRenderer) Destroy() {}

// Hanging puts a bullet or a number before a text whose further lines begin where its first does.
func Hanging(mark string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(hanging{}, line(mark, fynetheme.SizeNameText, theme.Ink2, fyne.TextStyle{Bold: true}), o)
}

type hanging struct{}

func (hanging) indent() float32 { return 1.8 * size(fynetheme.SizeNameText) }

func (h hanging) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[1].MinSize()
	return fyne.NewSize(m.Width+h.indent(), max(m.Height, o[0].MinSize().Height))
}

func (h hanging) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(o[0].MinSize())
	o[0].Move(fyne.NewPos(4, 0))
	o[1].Move(fyne.NewPos(h.indent(), 0))
	o[1].Resize(fyne.NewSize(s.Width-h.indent(), s.Height))
}
