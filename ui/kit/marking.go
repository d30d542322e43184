package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"kandili/ui/theme"
)

// marks are the records marked for work on many, by id. They stay while rows come and go by a search, and leave with their records.
type marks map[string]bool

// Marked are the ids of the marked rows that the list shows, in its order.
func (l *RowList) Marked() []string {
	if len(l.marks) == 0 {
		return nil
	}
	var out []string
	for i := range l.count {
		if id := l.idAt(i); l.marks[id] {
			out = append(out, id)
		}
	}
	return out
}

// MarkAll marks every row of the list.
func (l *RowList) MarkAll() {
	for i := range l.count {
		l.marks[l.idAt(i)] = true
	}
	l.marked()
}

// ClearMarks takes all marks away.
func (l *RowList) ClearMarks() {
	clear(l.marks)
	l.marked()
}

// mark marks the row at i, or takes its mark away.
func (l *RowList) mark(i int) {
	if i < 0 || i >= l.count {
		return
	}
	if id := l.idAt(i); l.marks[id] {
		delete(l.marks, id)
	} else {
		l.marks[id] = true
	}
	l.marked()
}

// markTo marks the selected row and the one that Up or Down leads to: Shift and an arrow draw a line of marks.
func (l *RowList) markTo(key fyne.KeyName) {
	if l.id != "" {
		l.marks[l.id] = true
	}
	step := 1
	if key == fyne.KeyUp {
		step = -1
	}
	l.choose(l.at + step)
	l.marks[l.id] = true
	l.marked()
}

func (l *RowList) marked() {
	l.Refresh()
	if l.OnMarked != nil {
		l.OnMarked(len(l.Marked()))
	}
}

// TypedShortcut implements fyne.Shortcutable: Ctrl A marks all rows, or none when all are marked.
func (l *RowList) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); !all || l.OnMarked == nil {
		return
	}
	if len(l.Marked()) == l.count {
		l.ClearMarks()
		return
	}
	l.MarkAll()
}

// shifted says whether a Shift key is down.
func shifted() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

const tickSide = 22 // of the box that is ticked

// tick is a box that is ticked when its row is marked.
type tick struct {
	back  *canvas.Rectangle
	check *canvas.Image
}

func newTick() *tick {
	t := &tick{back: box(theme.Card, theme.Edge, 1.5, 4), check: canvas.NewImageFromResource(nil)}
	t.back.Hide()
	t.check.Hide()
	return t
}

func (t *tick) hidden() bool { return t.back.Hidden }

func (t *tick) set(shown, on bool) {
	t.back.Hidden, t.check.Hidden = !shown, !shown || !on
	t.back.FillColor, t.back.StrokeColor = colour(theme.Card), colour(theme.Edge)
	if on {
		t.back.FillColor, t.back.StrokeColor = colour(theme.Ink), colour(theme.Ink)
		t.check.Resource = icon(MarkCheck, theme.Card)
		t.check.Refresh()
	}
}

func (t *tick) lay(at fyne.Position) {
	t.back.Move(at)
	t.back.Resize(fyne.NewSquareSize(tickSide))
	t.check.Move(at.AddXY(3, 3))
	t.check.Resize(fyne.NewSquareSize(tickSide - 6))
}

// Mark marks the rows of these records without telling OnMarked.
func (l *RowList) Mark(ids ...string) {
	for _, id := range ids {
		l.marks[id] = true
	}
	l.Refresh()
}
