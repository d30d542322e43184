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

// toastTime is long enough to read two lines; what must not be missed belongs into a dialog or the status bar.
const toastTime = 6 * time.Second

// Toast is a sentence at the lower edge that goes away by itself and never takes the focus. Place it last in a stack over the
// window's content.
type Toast struct {
	widget.BaseWidget
	sched task.Scheduler
	chip  *canvas.Rectangle
	text  *Text
	box   *fyne.Container
	hide  task.Handle
}

// NewToast is a hidden toast.
func NewToast(s task.Scheduler) *Toast {
	t := &Toast{sched: s, text: NewText(""), chip: box(theme.Card, theme.Ink, 2, 8)}
	t.box = container.New(toastLayout{}, t.chip, t.text)
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

// Say shows a sentence for six seconds in place of the one before.
func (t *Toast) Say(tone Tone, sentence string) {
	if t.hide != nil {
		t.hide.Cancel()
	}
	t.text.SetText(sentence)
	t.text.SetColour(tone.colour())
	t.chip.StrokeColor = colour(tone.colour())
	t.Show()
	t.Refresh()
	t.hide = t.sched.After(toastTime, t.Hide)
}

func (t *Toast) children() []fyne.CanvasObject { return []fyne.CanvasObject{t.box} }

// CreateRenderer implements fyne.Widget.
func (t *Toast) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }

// toastLayout puts the sentence in the middle of the lower edge, over the status bar and no button.
type toastLayout struct{}

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (toastLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	const air, over = 16, 12
	width := min(s.Width-4*air, 560)
	text := objects[1]
	text.Resize(fyne.NewSize(width-2*air, 20))
	height := text.MinSize().Height
	text.Resize(fyne.NewSize(width-2*air, height))
	x, y := (s.Width-width)/2, s.Height-height-2*over-4
	text.Move(fyne.NewPos(x+air, y+over))
	objects[0].Move(fyne.NewPos(x, y))
	objects[0].Resize(fyne.NewSize(width, height+2*over))
}
