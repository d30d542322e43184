package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

const (
	pickRows = 6 // in sight at most
	listGap  = 8 // between the entry, its ring included, and the list
)

// pickList is the list of a Picker: a window of a few rows over all items.
type pickList struct {
	widget.BaseWidget
	took  func(PickItem)
	items []PickItem
	at    int // the marked item, -1 for none
	first int // the item in the first row
	rows  int // in sight
	none  string
	pool  []*pickRow
	pane  *pickPane
}

func newPickList(took func(PickItem)) *pickList {
	l := &pickList{took: took, at: -1, rows: pickRows}
	l.pane = &pickPane{list: l}
	l.pane.ExtendBaseWidget(l.pane)
	l.ExtendBaseWidget(l)
	return l
}

func (l *pickList) set(items []PickItem, at int, none string) {
	l.items, l.at, l.none, l.first = items, at, none, 0
	l.keepInSight()
}

// mark marks the item with a value, if it is there.
func (l *pickList) mark(value string) {
	for i, item := range l.items {
		if value != "" && item.Value == value {
			l.at = i
		}
	}
	l.keepInSight()
}

func (l *pickList) move(by int) {
	if len(l.items) > 0 {
		l.at = min(max(l.at+by, 0), len(l.items)-1)
	}
	l.keepInSight()
}

func (l *pickList) marked() (PickItem, bool) {
	if l.at < 0 || l.at >= len(l.items) {
		return PickItem{}, false
	}
	return l.items[l.at], true
}

func (l *pickList) keepInSight() {
	if l.at >= 0 {
		l.first = min(max(l.first, l.at-l.rows+1), l.at)
	}
	l.first = min(l.first, max(len(l.items)-l.rows, 0))
	l.Refresh()
}

// show lies down at a place with at most so many rows.
func (l *pickList) show(pos fyne.Position, width float32, rows int) {
	l.rows = max(rows, 1)
	l.keepInSight()
	l.Move(pos)
	l.Resize(fyne.NewSize(width, l.high(l.rows)))
}

// high is the height with at most so many rows.
func (l *pickList) high(rows int) float32 {
	return float32(min(max(len(l.items), 1), rows))*pickHeight() + 2
}

// pickHeight is the height of a row, which grows with the letters.
func pickHeight() float32 {
	return max(40, lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{})+16)
}

// The list is focusable and disabled: the driver takes the focus from the entry when a press hits nothing that could have it, and
// neither Tab nor a click gives it to what is disabled.
var _ interface {
	fyne.Focusable
	fyne.Disableable
} = (*pickList)(nil)

// Disabled implements fyne.Disableable.
func (l *pickList) Disabled() bool { return true }

// Disable implements fyne.Disableable.
func (l *pickList) Disable() {}

// Enable implements fyne.Disableable.
func (l *pickList) Enable() {}

// SetWrong makes the list an input to those who list the stops of Tab: disabled inputs are none, unlike disabled buttons.
func (l *pickList) SetWrong(bool) {}

// FocusGained implements fyne.Focusable.
func (l *pickList) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (l *pickList) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (l *pickList) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (l *pickList) TypedKey(*fyne.KeyEvent) {}

// inSight is the number of rows that show something; a list without items shows one.
func (l *pickList) inSight() int { return min(max(len(l.items), 1), l.rows) }

// CreateRenderer implements fyne.Widget.
func (l *pickList) CreateRenderer() fyne.WidgetRenderer {
	r := &pickListRenderer{of: l, back: box(theme.Card, theme.Edge, 1, pickRadius+1), thumb: box(theme.Edge, theme.Edge, 0, 2)}
	r.paint()
	return r
}

const pickRadius = 5 // of the rows at the corners, within an edge of 1

type pickListRenderer struct {
	of          *pickList
	back, thumb *canvas.Rectangle
}

func (r *pickListRenderer) paint() {
	l := r.of
	r.back.FillColor, r.back.StrokeColor = colour(theme.Card), colour(theme.Edge)
	r.back.Resize(l.Size())
	l.pane.Move(fyne.NewPos(1, 1))
	l.pane.Resize(l.Size().SubtractWidthHeight(2, 2))
	l.pane.Refresh()
	r.thumb.FillColor = colour(theme.Edge)
	if r.thumb.Hidden = len(l.items) <= l.rows; !r.thumb.Hidden {
		rail := l.Size().Height - 8
		r.thumb.Resize(fyne.NewSize(4, rail*float32(l.rows)/float32(len(l.items))))
		r.thumb.Move(fyne.NewPos(l.Size().Width-8, 4+rail*float32(l.first)/float32(len(l.items))))
	}
}

func (r *pickListRenderer) MinSize() fyne.Size { return fyne.NewSize(80, r.of.high(1)) }
func (r *pickListRenderer) Layout(fyne.Size)   { r.paint() }
func (r *pickListRenderer) Refresh()           { r.paint(); canvas.Refresh(r.of) }
func (r *pickListRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.of.pane, r.thumb}
}
func (r *pickListRenderer) Destroy() {}

// pickPane holds the rows and turns with the wheel. It lies within the edge of the list: Fyne cuts what stands out of anything that
// can be scrolled.
type pickPane struct {
	widget.BaseWidget
	list *pickList
}

// Scrolled implements fyne.Scrollable.
func (p *pickPane) Scrolled(ev *fyne.ScrollEvent) {
	step := 1
	if ev.Scrolled.DY > 0 {
		step = -1
	}
	l := p.list
	l.first = min(max(l.first+step, 0), max(len(l.items)-l.rows, 0))
	l.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *pickPane) CreateRenderer() fyne.WidgetRenderer { return &pickPaneRenderer{p} }

type pickPaneRenderer struct{ of *pickPane }

// fill gives the rows their items.
func (r *pickPaneRenderer) fill() {
	l := r.of.list
	for len(l.pool) < l.inSight() {
		l.pool = append(l.pool, newPickRow(l))
	}
	h := pickHeight()
	for n, w := range l.pool {
		w.Hidden = n >= l.inSight()
		w.at, w.top, w.last = l.first+n, n == 0, n == l.inSight()-1
		w.Resize(fyne.NewSize(r.of.Size().Width, h))
		w.Move(fyne.NewPos(0, float32(n)*h))
		w.Refresh()
	}
}

func (r *pickPaneRenderer) MinSize() fyne.Size { return fyne.NewSize(80, pickHeight()) }
func (r *pickPaneRenderer) Layout(fyne.Size)   { r.fill() }
func (r *pickPaneRenderer) Refresh()           { r.fill(); canvas.Refresh(r.of) }
func (r *pickPaneRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.of.list.pool))
	for i, w := range r.of.list.pool {
		out[i] = w
	}
	return out
}
func (r *pickPaneRenderer) Destroy() {}
