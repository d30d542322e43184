package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// todoRow is one row of a Todo. Its sentence wraps, so rows differ in height.
type todoRow struct {
	widget.BaseWidget
	list             *Todo
	item             TodoItem
	first            bool
	focused, hovered bool
}

func newTodoRow(t *Todo) *todoRow {
	w := &todoRow{list: t}
	w.ExtendBaseWidget(w)
	return w
}

// Tapped implements fyne.Tappable.
func (w *todoRow) Tapped(*fyne.PointEvent) {
	if w.item.OnTapped != nil {
		Finish(canvasOf(w))
		w.item.OnTapped()
	}
}

// FocusGained implements fyne.Focusable.
func (w *todoRow) FocusGained() { w.focused = true; w.Refresh(); reveal(w) }

// FocusLost implements fyne.Focusable.
func (w *todoRow) FocusLost() { w.focused = false; w.Refresh() }

// TypedRune implements fyne.Focusable.
func (w *todoRow) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (w *todoRow) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		w.Tapped(nil)
	case fyne.KeyUp:
		w.list.step(w, -1)
	case fyne.KeyDown:
		w.list.step(w, 1)
	default:
		fallback(w, ev)
	}
}

// MouseIn implements desktop.Hoverable.
func (w *todoRow) MouseIn(*desktop.MouseEvent) { w.hovered = true; w.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (w *todoRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (w *todoRow) MouseOut() { w.hovered = false; w.Refresh() }

// CreateRenderer implements fyne.Widget.
func (w *todoRow) CreateRenderer() fyne.WidgetRenderer {
	r := &todoRowRenderer{
		of: w, back: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(nil), ring: newRing(),
		mark: canvas.NewImageFromResource(nil), action: canvas.NewText("", nil),
	}
	r.ring.CornerRadius, r.back.CornerRadius = 6, 6
	r.paint()
	return r
}

type todoRowRenderer struct {
	of               *todoRow
	back, over, ring *canvas.Rectangle // over is the line to the row before
	mark             *canvas.Image
	action           *canvas.Text
	words            []fyne.CanvasObject
	lines            int
}

const (
	todoAir  = 16 // left and right
	todoText = 48 // where the sentence begins
)

func (r *todoRowRenderer) paint() {
	r.back.FillColor, r.over.FillColor = color.Transparent, colour(theme.Line)
	r.over.Hidden = r.of.first
	if r.of.hovered {
		r.back.FillColor = colour(theme.Tint)
	}
	if r.mark.Hidden = r.of.item.Mark == ""; !r.mark.Hidden {
		r.mark.Resource = icon(r.of.item.Mark, r.of.item.Tone.colour())
	}
	r.action.Text, r.action.Color, r.action.TextSize = "", colour(theme.Ink2), size(theme.Small)
	if r.of.item.Action != "" {
		r.action.Text = r.of.item.Action + " ›"
	}
	showRing(r.ring, r.of.focused)
}

func (r *todoRowRenderer) MinSize() fyne.Size {
	line := lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{})
	return fyne.NewSize(todoText+120+r.action.MinSize().Width+todoAir, max(rowHeight, float32(r.lines)*line+20))
}

func (r *todoRowRenderer) Layout(s fyne.Size) {
	const inner = 4 // the ring lies within, for rows touch each other and the panel's edge
	r.back.Move(fyne.NewPos(inner, inner))
	r.back.Resize(s.SubtractWidthHeight(2*inner, 2*inner))
	r.ring.Move(fyne.NewPos(inner, inner))
	r.ring.Resize(s.SubtractWidthHeight(2*inner, 2*inner))
	r.over.Move(fyne.NewPos(1, 0))
	r.over.Resize(fyne.NewSize(s.Width-2, 1))
	mark := min(size(fynetheme.SizeNameInlineIcon)*0.9, todoText-todoAir-4)
	r.mark.Resize(fyne.NewSquareSize(mark))
	r.mark.Move(fyne.NewPos(todoAir, (s.Height-mark)/2))
	action := r.action.MinSize()
	put(r.action, s.Width-todoAir-action.Width, 0, s.Height)
	lines := wrapRuns(r.of.item.Text, r.of.item.Strong, s.Width-todoText-action.Width-2*todoAir)
	line := lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{})
	r.words = layRuns(lines, todoText, snap((s.Height-line*float32(len(lines)))/2))
	if len(lines) != r.lines {
		r.lines = len(lines)
		canvas.Refresh(r.of)
	}
}

func (r *todoRowRenderer) Refresh() {
	r.paint()
	r.mark.Refresh() // else another row's mark stays
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *todoRowRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.back, r.over, r.mark, r.action, r.ring}, r.words...)
}
func (r *todoRowRenderer) Destroy() {}
