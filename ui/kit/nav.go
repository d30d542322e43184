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
	back    *canvas.Rectangle
	head    fyne.CanvasObject
}

// NewNav is a column with the program's name on top.
func NewNav(brand string, items ...NavItem) *Nav {
	n := &Nav{}
	head := Inset(14, Row(10, lantern(22), line(brand, theme.Big, theme.NavText, fyne.TextStyle{Bold: true})))
	for i, it := range items {
		w := &navItem{NavItem: it, nav: n, at: i}
		w.ExtendBaseWidget(w)
		n.items = append(n.items, w)
	}
	n.back, n.head = box(theme.NavBack, theme.NavBack, 0, 0), head
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
func (n *Nav) CreateRenderer() fyne.WidgetRenderer { return &navRenderer{n} }

// Width is what the column wants of a window: with the keys beside the words where there is room for them.
func (n *Nav) Width(window float32) float32 {
	words, keys := n.widths()
	if wide := max(words+keys, 200); wide <= 0.22*window {
		return wide
	}
	return words
}

// widths are the width that the words need and what the keys need beside them.
func (n *Nav) widths() (words, keys float32) {
	words = n.head.MinSize().Width
	for _, it := range n.items {
		words = max(words, navText+it.word().Width+navAir)
		keys = max(keys, it.key().Width+16)
	}
	return snap(words) + 2*navAir, snap(keys)
}

type navRenderer struct{ of *Nav }

const (
	navAir  = 8  // around the items
	navText = 44 // where the words begin
)

// low is the height of an item in a window that is just high enough.
func (r *navRenderer) low() float32 {
	return lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{Bold: true}) + 6
}

func (r *navRenderer) MinSize() fyne.Size {
	words, _ := r.of.widths()
	return fyne.NewSize(words, r.of.head.MinSize().Height+float32(len(r.of.items))*(r.low()+2)+2*navAir)
}

func (r *navRenderer) Layout(s fyne.Size) {
	r.of.back.Resize(s)
	head := r.of.head.MinSize()
	r.of.head.Resize(fyne.NewSize(s.Width-2*navAir, head.Height))
	r.of.head.Move(fyne.NewPos(navAir, navAir))
	y := navAir + head.Height + 2
	high := max(minHeight, r.low()+10)
	if n := float32(len(r.of.items)); n > 0 {
		high = max(min(high, (s.Height-y-navAir)/n-2), r.low())
	}
	y, high = snap(y), floor(high)
	for _, it := range r.of.items {
		it.Resize(fyne.NewSize(s.Width-2*navAir, high))
		it.Move(fyne.NewPos(navAir, y))
		y += high + 2
	}
}

func (r *navRenderer) Refresh() {
	r.Layout(r.of.Size())
	r.of.refreshItems()
	canvas.Refresh(r.of)
}
func (r *navRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.of.back, r.of.head}
	for _, it := range r.of.items {
		out = append(out, it)
	}
	return out
}
func (r *navRenderer) Destroy() {}

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
	r.hint.Color, r.hint.TextSize = colour(theme.NavHint), size(theme.Tiny)
	r.icon.Resource = icon(r.of.Icon, theme.NavText)
}

// word is the size of the word when it is bold, as that of the place that is open is, and key that of the keys.
func (w *navItem) word() fyne.Size {
	return fyne.MeasureText(w.Word, size(fynetheme.SizeNameText), fyne.TextStyle{Bold: true})
}

func (w *navItem) key() fyne.Size {
	return fyne.MeasureText(w.Hint, size(theme.Tiny), fyne.TextStyle{Monospace: true})
}

func (r *navItemRenderer) MinSize() fyne.Size {
	return fyne.NewSize(navText+r.of.word().Width, r.of.word().Height+6)
}

func (r *navItemRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.edge.Resize(fyne.NewSize(edgeWidth, s.Height))
	r.icon.Resize(fyne.NewSquareSize(20))
	r.icon.Move(fyne.NewPos(12, snap((s.Height-20)/2)))
	word, hint := r.word.MinSize(), r.hint.MinSize()
	r.word.Resize(word)
	r.word.Move(fyne.NewPos(navText, snap((s.Height-word.Height)/2)))
	r.hint.Hidden = navText+r.of.word().Width+8+hint.Width+12 > s.Width
	r.hint.Resize(hint)
	r.hint.Move(fyne.NewPos(snap(s.Width-12-hint.Width), snap((s.Height-hint.Height)/2)))
}

func (r *navItemRenderer) Refresh() { r.paint(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *navItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.edge, r.icon, r.word, r.hint}
}
func (r *navItemRenderer) Destroy() {}
