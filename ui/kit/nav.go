package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// NavItem is one place in the column on the left.
type NavItem struct {
	ID, Icon, Word string
	Hint           string // the keys that go there, "Ctrl 1"
}

// Nav is the column of places. It is one stop of Tab: Up and Down move, Enter goes there.
type Nav struct {
	widget.BaseWidget
	OnPicked func(id string)

	items   []*navItem
	on      string // the place that is open
	cursor  int    // where the keyboard is
	focused bool
	box     *fyne.Container
}

// NewNav is a column with the program's name on top.
func NewNav(brand string, items ...NavItem) *Nav {
	n := &Nav{}
	head := Inset(14, Row(10, lantern(22), line(brand, theme.Big, theme.NavText, fyne.TextStyle{Bold: true})))
	objects := []fyne.CanvasObject{head}
	for i, it := range items {
		w := &navItem{NavItem: it, nav: n, at: i}
		w.ExtendBaseWidget(w)
		n.items = append(n.items, w)
		objects = append(objects, w)
	}
	n.box = container.NewStack(box(theme.NavBack, theme.NavBack, 0, 0), Inset(8, Column(2, objects...)))
	n.ExtendBaseWidget(n)
	return n
}

// lantern is the sign of the program: a light in amber.
func lantern(side float32) fyne.CanvasObject {
	light := canvas.NewRadialGradient(color.NRGBA{0xFF, 0xF1, 0xC8, 0xFF}, color.NRGBA{0xF0, 0xA8, 0x1C, 0x00})
	return Fixed(side, side, container.NewStack(canvas.NewCircle(colour(theme.Amber)), light))
}

// Brand is the sign and name of the program above a page of its own.
func Brand(name string) fyne.CanvasObject {
	return Row(14, lantern(34), line(name, theme.Huge, theme.Ink, fyne.TextStyle{Bold: true}))
}

// Select shows which place is open, without telling OnPicked.
func (n *Nav) Select(id string) {
	n.on = id
	for i, it := range n.items {
		if it.ID == id {
			n.cursor = i
		}
	}
	n.refreshItems()
}

// Selected is the place that is open.
func (n *Nav) Selected() string { return n.on }

func (n *Nav) refreshItems() {
	for _, it := range n.items {
		it.Refresh()
	}
}

func (n *Nav) pick(i int) {
	Finish(canvasOf(n))
	n.Select(n.items[i].ID)
	if n.OnPicked != nil {
		n.OnPicked(n.on)
	}
}

// FocusGained implements fyne.Focusable.
func (n *Nav) FocusGained() { n.focused = true; n.refreshItems() }

// FocusLost implements fyne.Focusable.
func (n *Nav) FocusLost() { n.focused = false; n.refreshItems() }

// TypedRune implements fyne.Focusable.
func (n *Nav) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (n *Nav) TypedKey(ev *fyne.KeyEvent) {
	if len(n.items) == 0 {
		return
	}
	switch ev.Name {
	case fyne.KeyUp:
		n.cursor = max(n.cursor-1, 0)
	case fyne.KeyDown:
		n.cursor = min(n.cursor+1, len(n.items)-1)
	case fyne.KeyHome:
		n.cursor = 0
	case fyne.KeyEnd:
		n.cursor = len(n.items) - 1
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		n.pick(n.cursor)
	default:
		fallback(n, ev)
	}
	n.refreshItems()
}

// CreateRenderer implements fyne.Widget.
func (n *Nav) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(n.box) }

// MinSize implements fyne.CanvasObject.
func (n *Nav) MinSize() fyne.Size {
	m := n.BaseWidget.MinSize()
	return fyne.NewSize(max(m.Width, 200), m.Height)
}

type navItem struct {
	widget.BaseWidget
	NavItem
	nav *Nav
	at  int
}

// Tapped implements fyne.Tappable.
func (w *navItem) Tapped(*fyne.PointEvent) { w.nav.pick(w.at) }

// CreateRenderer implements fyne.Widget.
func (w *navItem) CreateRenderer() fyne.WidgetRenderer {
	r := &navItemRenderer{
		of: w, back: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), icon: canvas.NewImageFromResource(nil),
		word: canvas.NewText(w.Word, nil), hint: canvas.NewText(w.Hint, nil),
	}
	r.back.CornerRadius, r.edge.CornerRadius, r.hint.TextStyle.Monospace = 6, 2, true
	r.paint()
	return r
}

type navItemRenderer struct {
	of         *navItem
	back, edge *canvas.Rectangle
	icon       *canvas.Image
	word, hint *canvas.Text
}

func (r *navItemRenderer) paint() {
	on := r.of.nav.on == r.of.ID
	r.back.FillColor, r.edge.FillColor, r.back.StrokeWidth = color.Transparent, color.Transparent, 0
	if on {
		r.back.FillColor, r.edge.FillColor = colour(theme.NavOn), colour(theme.Amber)
	}
	if r.of.nav.focused && r.of.nav.cursor == r.of.at {
		r.back.StrokeWidth, r.back.StrokeColor = ringWidth, colour(theme.Amber)
	}
	r.word.Color, r.word.TextSize, r.word.TextStyle.Bold = colour(theme.NavText), size(fynetheme.SizeNameText), on
	r.hint.Color, r.hint.TextSize = colour(theme.NavHint), size(theme.Small)-1
	r.icon.Resource = icon(r.of.Icon, theme.NavText)
}

func (r *navItemRenderer) MinSize() fyne.Size {
	return fyne.NewSize(44+r.word.MinSize().Width+16+r.hint.MinSize().Width+12, max(minHeight, r.word.MinSize().Height+16))
}

func (r *navItemRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.edge.Resize(fyne.NewSize(edgeWidth, s.Height))
	r.icon.Resize(fyne.NewSquareSize(20))
	r.icon.Move(fyne.NewPos(12, (s.Height-20)/2))
	word, hint := r.word.MinSize(), r.hint.MinSize()
	r.word.Resize(word)
	r.word.Move(fyne.NewPos(44, (s.Height-word.Height)/2))
	r.hint.Resize(hint)
	r.hint.Move(fyne.NewPos(s.Width-12-hint.Width, (s.Height-hint.Height)/2))
}

func (r *navItemRenderer) Refresh() { r.paint(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *navItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.edge, r.icon, r.word, r.hint}
}
func (r *navItemRenderer) Destroy() {}
