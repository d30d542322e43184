package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// TodoItem is one thing that waits for somebody here.
type TodoItem struct {
	Mark     string // an icon of assets, or empty
	Tone     Tone   // of the mark
	Text     string // the sentence
	Strong   string // the part of Text in bold, a name; empty for none
	Action   string // the word at the end of the row, "answer"
	OnTapped func()
}

// Todo is a panel of things to do. Each row is one button; Up and Down go from row to row as Tab does.
type Todo struct {
	widget.BaseWidget
	empty *Text
	rest  *fyne.Container // what is seen when nothing waits
	rows  []*todoRow
	list  *fyne.Container
	box   *fyne.Container
}

// NewTodo is a panel with a title.
func NewTodo(title string, items ...TodoItem) *Todo {
	t := &Todo{empty: newText("", fynetheme.SizeNameText, theme.Ink2, fyne.TextStyle{}).AlignCentre(), list: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	head := container.New(layout.NewCustomPaddedLayout(20, 4, 20, 20), NewHeading(title))
	done := container.New(&posterLayout{}, badge(canvas.NewImageFromResource(icon(MarkCheck, theme.Good))), t.empty)
	t.rest = Inset(20, done)
	t.box = container.NewStack(box(theme.Card, theme.Line, 1, 8), Fill(0, head, t.list, t.rest))
	t.ExtendBaseWidget(t)
	t.SetItems(items...)
	return t
}

// SetEmpty is the sentence for when nothing waits.
func (t *Todo) SetEmpty(sentence string) { t.empty.SetText(sentence); t.paint() }

// SetItems changes what waits. The focus stays on the row where it was, or goes to the last one.
func (t *Todo) SetItems(items ...TodoItem) {
	lost := false
	for len(t.rows) > len(items) {
		last := t.rows[len(t.rows)-1]
		lost = lost || last.focused
		t.rows = t.rows[:len(t.rows)-1]
	}
	for len(t.rows) < len(items) {
		t.rows = append(t.rows, newTodoRow(t))
	}
	t.list.Objects = t.list.Objects[:0]
	for i, row := range t.rows {
		row.item, row.first = items[i], i == 0
		t.list.Objects = append(t.list.Objects, row)
		row.Refresh()
	}
	t.paint()
	if lost {
		t.focus(len(t.rows) - 1)
	}
}

func (t *Todo) paint() {
	t.rest.Hidden = len(t.rows) > 0 || t.empty.Text() == ""
	Relay(t.box)
}

// focus gives the keyboard to a row, or takes it away when there are none.
func (t *Todo) focus(i int) {
	if i >= 0 && i < len(t.rows) {
		Focus(t.rows[i])
		return
	}
	if c := canvasOf(t); c != nil && len(t.rows) == 0 {
		c.Unfocus()
	}
}

// step goes from a row to its neighbour.
func (t *Todo) step(from *todoRow, by int) {
	for i, row := range t.rows {
		if row == from {
			t.focus(i + by)
			return
		}
	}
}

func (t *Todo) children() []fyne.CanvasObject { return []fyne.CanvasObject{t.box} }

// CreateRenderer implements fyne.Widget.
func (t *Todo) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }
