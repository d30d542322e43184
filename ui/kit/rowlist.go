package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// RowItem is what one row shows.
type RowItem struct {
	ID     string // selection is kept by it
	Title  string // ends with an ellipsis where it is too long
	Sub    string
	Status Status   // on the right; the zero Status shows nothing
	Marks  [][2]int // parts of Title on a tint, what a search found: from and to in runes, to not included
}

// RowList shows rows of two lines, any number of them: only those in sight exist. It is one stop of Tab; arrows, Home, End, Page Up and
// Page Down move the selection, letters go to the next title that begins so, Enter opens.
type RowList struct {
	widget.BaseWidget
	OnSelected func(id string)           // a person moved the selection here
	OnKey      func(*fyne.KeyEvent) bool // sees keys first; true means that it used the key
	OnOpened   func(id string)           // Enter, or a click on the row that is selected
	OnMarked   func(n int)               // a person marked rows for work on many, or took marks away: so many are marked now; nil shows no marks

	row     func(i int) RowItem
	count   int
	id      string // of the selected row, empty for none
	at      int    // its index, -1 for none
	focused bool
	view    *view
	pane    *rowPane
	head    *rowHead // nil for none
	typed   string   // folded letters of the title looked for
	marks   marks    // rows marked for work on many
	idAt    func(i int) string
	empty   *Text           // seen while there is no row
	none    *fyne.Container // around it
}

// NewRowList is an empty list; row gives the item at an index below the count of SetCount. It is called while scrolling and must be
// quick.
func NewRowList(row func(i int) RowItem) *RowList {
	l := &RowList{row: row, at: -1, marks: marks{}}
	l.idAt = func(i int) string { return row(i).ID }
	l.pane = &rowPane{list: l}
	l.pane.ExtendBaseWidget(l.pane)
	l.view = newView(l.pane, 0, false, l.pane.slide)
	l.empty = NewSub("").AlignCentre()
	l.none = container.New(emptyLayout{}, l.empty)
	l.none.Hide()
	l.ExtendBaseWidget(l)
	return l
}

// SetEmpty says why there is no row, or what to do about it, where rows would be.
func (l *RowList) SetEmpty(sentence string) {
	l.empty.SetText(sentence)
	l.none.Hidden = sentence == "" || l.count > 0
	l.none.Refresh()
}

// SetIDs gives a quicker way to the record of a row than its item, for lists of very many rows: it is asked for all of them to find
// where a record went.
func (l *RowList) SetIDs(at func(i int) string) { l.idAt = at }

// SetCount says how many rows there are now and reads them again. The selected record stays selected where it went; when it is
// gone, nothing is selected.
func (l *RowList) SetCount(n int) {
	l.count = n
	l.none.Hidden = l.empty.Text() == "" || n > 0
	l.at = l.find(l.id)
	if l.at < 0 {
		l.id = ""
	}
	l.view.Refresh()
	if l.at >= 0 {
		l.show(l.at)
	}
	l.Refresh()
}

// Count is the number of rows.
func (l *RowList) Count() int { return l.count }

// find is the index of a record, looking first where it was.
func (l *RowList) find(id string) int {
	if id == "" {
		return -1
	}
	if l.at >= 0 && l.at < l.count && l.idAt(l.at) == id {
		return l.at
	}
	for i := range l.count {
		if l.idAt(i) == id {
			return i
		}
	}
	return -1
}

// SelectedID is the record selected, empty for none.
func (l *RowList) SelectedID() string { return l.id }

// SelectedIndex is its index, -1 for none.
func (l *RowList) SelectedIndex() int { return l.at }

// SelectID selects a record without telling OnSelected; an unknown one selects nothing.
func (l *RowList) SelectID(id string) {
	l.at = l.find(id)
	l.id = ""
	if l.at >= 0 {
		l.id = id
		l.show(l.at)
	}
	l.pane.Refresh()
}

// choose selects the row at i as a person did.
func (l *RowList) choose(i int) {
	if l.count == 0 {
		return
	}
	i = min(max(i, 0), l.count-1)
	l.at, l.id = i, l.idAt(i)
	l.show(i)
	l.pane.Refresh()
	if l.OnSelected != nil {
		l.OnSelected(l.id)
	}
}

func (l *RowList) open() {
	if l.id != "" && l.OnOpened != nil {
		l.OnOpened(l.id)
	}
}

// show scrolls row i into sight.
func (l *RowList) show(i int) {
	if l.view.Size().Height > 0 {
		top := float32(i) * rowHigh()
		l.view.bring(top, top+rowHigh())
	}
}

// Key moves the selection or opens and says whether the key was one of the list's. A search above uses it as its OnKey: the focus
// stays in the search. Home and End are left to the search while the list has no focus.
func (l *RowList) Key(ev *fyne.KeyEvent) bool {
	page := max(int(l.view.Size().Height/rowHigh())-1, 1)
	switch ev.Name {
	case fyne.KeyUp:
		l.choose(l.at - 1)
	case fyne.KeyDown:
		l.choose(l.at + 1)
	case fyne.KeyPageUp:
		l.choose(l.at - page)
	case fyne.KeyPageDown:
		l.choose(l.at + page)
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.id == "" {
			return false
		}
		l.open()
	default:
		return false
	}
	return true
}

// TypedKey implements fyne.Focusable.
func (l *RowList) TypedKey(ev *fyne.KeyEvent) {
	if l.OnKey != nil && l.OnKey(ev) {
		return
	}
	switch {
	case ev.Name == fyne.KeyHome:
		l.typed = ""
		l.choose(0)
	case ev.Name == fyne.KeyEnd:
		l.typed = ""
		l.choose(l.count - 1)
	case ev.Name == fyne.KeySpace && l.typed != "": // comes as a letter, too
	case ev.Name == fyne.KeySpace && l.OnMarked != nil:
		l.mark(l.at)
	case (ev.Name == fyne.KeyDown || ev.Name == fyne.KeyUp) && l.OnMarked != nil && shifted():
		l.markTo(ev.Name)
	case ev.Name == fyne.KeySpace:
		l.open()
	case l.Key(ev):
		l.typed = ""
	default:
		fallback(l, ev)
	}
}

// FocusGained implements fyne.Focusable.
func (l *RowList) FocusGained() { l.focused = true; l.Refresh(); reveal(l) }

// FocusLost implements fyne.Focusable.
func (l *RowList) FocusLost() { l.focused, l.typed = false, ""; l.Refresh() }

func (l *RowList) tapped(i int) {
	again := i == l.at
	Focus(l)
	if again {
		l.open()
		return
	}
	l.choose(i)
}

// CreateRenderer implements fyne.Widget.
func (l *RowList) CreateRenderer() fyne.WidgetRenderer {
	return &rowListRenderer{of: l, back: box(theme.Card, theme.Line, 1, 8), ring: newRing()}
}

type rowListRenderer struct {
	of         *RowList
	back, ring *canvas.Rectangle
}

func (r *rowListRenderer) MinSize() fyne.Size {
	return fyne.NewSize(200, 2*rowHigh()+2+r.of.headHeight())
}

func (r *rowListRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	layRing(r.ring, s)
	head := r.of.headHeight()
	if r.of.head != nil {
		r.of.head.Move(fyne.NewPos(1, 1))
		r.of.head.Resize(fyne.NewSize(s.Width-2, head))
	}
	r.of.view.Move(fyne.NewPos(1, 1+head))
	r.of.view.Resize(s.SubtractWidthHeight(2, 2+head))
	r.of.none.Move(fyne.NewPos(0, head))
	r.of.none.Resize(s.SubtractWidthHeight(0, head))
	if r.of.at >= 0 {
		r.of.show(r.of.at)
	}
	r.of.pane.Refresh()
}

// emptyLayout puts a sentence into the middle, a little above the half.
type emptyLayout struct{}

func (emptyLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (emptyLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := max(min(s.Width-2*rowAir, posterWide*letterScale()), 0)
	o[0].Resize(fyne.NewSize(width, 0)) // wraps, so that the height is known
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(width, high))
	o[0].Move(fyne.NewPos(snap((s.Width-width)/2), snap(max((s.Height-high)*0.42, 0))))
}

func (r *rowListRenderer) Refresh() {
	r.back.FillColor, r.back.StrokeColor = colour(theme.Card), colour(theme.Line)
	showRing(r.ring, r.of.focused)
	if r.of.head != nil {
		r.of.head.Refresh()
	}
	r.of.pane.Refresh()
	canvas.Refresh(r.of)
}
func (r *rowListRenderer) Objects() []fyne.CanvasObject {
	if r.of.head != nil {
		return []fyne.CanvasObject{r.back, r.of.head, r.of.view, r.of.none, r.ring}
	}
	return []fyne.CanvasObject{r.back, r.of.view, r.of.none, r.ring}
}
func (r *rowListRenderer) Destroy() {}
