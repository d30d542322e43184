package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/task"
	"kandili/ui/theme"
)

// toastTime is long enough to read two lines; what must not be missed belongs into a dialog or the status bar. With something to
// press the toast stays longer.
const (
	toastTime   = 6 * time.Second
	toastActing = 12 * time.Second
)

// Toast is a sentence at the lower edge that goes away by itself and never takes the focus, perhaps with one thing to do about it.
// Place it last in a stack over the window's content.
type Toast struct {
	widget.BaseWidget
	sched task.Scheduler
	chip  *canvas.Rectangle
	text  *Text
	act   *Button
	box   *fyne.Container
	hide  task.Handle
}

// NewToast is a hidden toast.
func NewToast(s task.Scheduler) *Toast {
	t := &Toast{sched: s, text: NewText(""), act: Secondary("", nil), chip: box(theme.Card, theme.Ink, 2, 8)}
	t.act.Hide()
	t.box = container.New(toastLayout{}, t.chip, t.text, t.act)
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

// Say shows a sentence for six seconds in place of the one before.
func (t *Toast) Say(tone Tone, sentence string) { t.say(tone, sentence, toastTime) }

// Offer is Say with a button: "Undo". keys do the same and work whatever has the focus, "Ctrl Z". Pressing takes the toast away.
func (t *Toast) Offer(tone Tone, sentence, word, keys string, act func()) {
	t.act.text, t.act.hint = word, keys
	t.act.OnTapped = func() {
		t.done()
		act()
	}
	t.act.Show()
	t.say(tone, sentence, toastActing)
	t.act.Refresh()
}

func (t *Toast) say(tone Tone, sentence string, time time.Duration) {
	if t.hide != nil {
		t.hide.Cancel()
	}
	if time == toastTime {
		t.act.Hide()
	}
	t.text.SetText(sentence)
	t.text.SetColour(tone.colour())
	t.chip.StrokeColor = colour(tone.colour())
	t.Show()
	t.Refresh()
	t.hide = t.sched.After(time, t.done)
}

// done takes the toast away; who was on its button goes on without the focus being lost in what is hidden.
func (t *Toast) done() {
	if c := canvasOf(t); c != nil && c.Focused() == fyne.Focusable(t.act) {
		c.Unfocus()
	}
	t.Hide()
	t.act.Hide()
}

func (t *Toast) children() []fyne.CanvasObject { return []fyne.CanvasObject{t.box} }

// CreateRenderer implements fyne.Widget.
func (t *Toast) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }

// toastLayout puts the sentence in the middle of the lower edge, over the status bar and no button; what can be pressed stands to its
// right.
type toastLayout struct{}

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (toastLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	const air, over = 16, 12
	width := min(s.Width-4*air, 640)
	chip, text, act := objects[0], objects[1], objects[2]
	inner, least := width-2*air, float32(0)
	if act.Visible() {
		m := act.MinSize()
		inner, least = inner-m.Width-air, m.Height
		act.Resize(m)
	}
	text.Resize(fyne.NewSize(inner, 20))
	text.Resize(fyne.NewSize(inner, text.MinSize().Height))
	high := max(text.MinSize().Height, least)
	x, y := (s.Width-width)/2, s.Height-high-2*over-4
	text.Move(fyne.NewPos(x+air, y+over+(high-text.MinSize().Height)/2))
	act.Move(fyne.NewPos(x+width-air-act.Size().Width, y+over+(high-act.Size().Height)/2))
	chip.Move(fyne.NewPos(x, y))
	chip.Resize(fyne.NewSize(width, high+2*over))
}
