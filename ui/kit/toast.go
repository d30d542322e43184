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

// Toast is a sentence in the place of the status bar that goes away by itself and never takes the focus, perhaps with one thing to do
// about it. Place it last in a stack over what has the status bar.
type Toast struct {
	widget.BaseWidget
	sched task.Scheduler
	chip  *canvas.Rectangle
	mark  *canvas.Image
	shape *fyne.Container // of the mark
	text  *Text
	act   *Button
	box   *fyne.Container
	hide  task.Handle
}

// NewToast is a hidden toast.
func NewToast(s task.Scheduler) *Toast {
	t := &Toast{sched: s, text: NewText(""), act: Secondary("", nil), chip: box(theme.Card, theme.Ink, 2, 8)}
	t.act.Hide()
	t.mark = canvas.NewImageFromResource(nil)
	t.shape = Fixed(20, 20, t.mark)
	t.box = container.New(toastLayout{}, t.chip, t.shape, t.text, t.act)
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
	if t.shape.Hidden = toastMarks[tone] == ""; !t.shape.Hidden {
		t.mark.Resource = icon(toastMarks[tone], tone.colour())
		t.mark.Refresh()
	}
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

// toastMarks are the shapes of the tones, for who does not see the colour.
var toastMarks = map[Tone]string{Good: MarkCheck, Dim: MarkWarning, Bad: MarkWarning}

// toastLayout lays the sentence along the lower edge, in the place of the status bar, whose words come back with it: over the air below a
// place and no button of it. What can be pressed stands at its right end.
type toastLayout struct{}

const (
	toastSide = 8 // beside the strip
	toastOver = 3 // above and below what it holds
)

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (toastLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	chip, mark, text, act := objects[0], objects[1], objects[2], objects[3]
	width := s.Width - 2*toastSide
	from, to := float32(barSide-toastSide), width-toastOver
	if mark.Visible() {
		from += mark.MinSize().Width + 10
	}
	high := float32(minHeight)
	if act.Visible() {
		m := act.MinSize()
		act.Resize(m)
		to, high = to-m.Width-12, max(high, m.Height)
	}
	text.Resize(fyne.NewSize(to-from, 20))
	text.Resize(fyne.NewSize(to-from, text.MinSize().Height))
	high = max(high, text.MinSize().Height)
	y := s.Height - high - 2*toastOver - 1
	middle := func(o fyne.CanvasObject) float32 { return snap(y + toastOver + (high-o.Size().Height)/2) }
	chip.Move(fyne.NewPos(toastSide, y))
	chip.Resize(fyne.NewSize(width, high+2*toastOver))
	mark.Resize(mark.MinSize())
	mark.Move(fyne.NewPos(barSide, middle(mark)))
	text.Move(fyne.NewPos(toastSide+from, middle(text)))
	act.Move(fyne.NewPos(snap(toastSide+width-toastOver-act.Size().Width), middle(act)))
}
