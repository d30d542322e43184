package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"

	fynetheme "fyne.io/fyne/v2/theme"
)

// Entry is a line of text to type in. Enter calls OnSubmitted; Esc calls OnEscape, or goes to the dialog or window when there is
// none.
type Entry struct {
	widget.Entry
	OnEscape func()
	// OnKey sees keys first; true means it used the key. Lists below a search use it for Up and Down.
	OnKey func(*fyne.KeyEvent) bool
	// OnLeave is called when the focus goes elsewhere: scanners may end with Tab instead of Enter.
	OnLeave func()

	focused, wrong bool
	// Controls made of an entry set these; nil does nothing. settle takes or puts back what was typed.
	settle, entered func()
}

// NewEntry is an empty entry.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.PlaceHolder = placeholder
	e.Scroll = container.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewSecret is an entry that shows dots.
func NewSecret(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Password = true
	return e
}

// NewArea is an entry of several lines; Tab leaves it, Enter breaks the line.
func NewArea(lines int) *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(lines)
	e.ExtendBaseWidget(e)
	return e
}

// Large makes an entry in large letters, for codes typed standing up. The widget to place is the second result.
func Large(e *Entry) fyne.CanvasObject {
	return container.NewThemeOverride(e, large{fyne.CurrentApp().Settings().Theme()})
}

type large struct{ fyne.Theme }

func (l large) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return l.Theme.Size(theme.Huge)
	case fynetheme.SizeNameInnerPadding:
		return 18
	}
	return l.Theme.Size(name)
}

// SetWrong draws the edge in the colour of errors.
func (e *Entry) SetWrong(wrong bool) {
	if wrong != e.wrong {
		e.wrong = wrong
		e.Refresh()
	}
}

// selectAll makes typing replace what is there.
func (e *Entry) selectAll() { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// AcceptsTab implements fyne.Tabbable: Tab always goes on.
func (e *Entry) AcceptsTab() bool { return false }

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
	e.Refresh()
	reveal(e)
	if e.entered != nil {
		e.entered()
	}
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	if e.settle != nil {
		e.settle()
	}
	e.focused = false
	e.Entry.FocusLost()
	e.Refresh()
	if e.OnLeave != nil {
		e.OnLeave()
	}
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(ev *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(ev) {
		return
	}
	switch {
	case ev.Name == fyne.KeyEscape && e.OnEscape != nil:
		e.OnEscape()
	case ev.Name == fyne.KeyEscape, isFunction(ev.Name):
		fallback(e, ev)
	case (ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter) && !e.MultiLine && e.OnSubmitted == nil:
		fallback(e, ev)
	default:
		e.Entry.TypedKey(ev)
	}
}

func isFunction(name fyne.KeyName) bool {
	return len(name) >= 2 && name[0] == 'F' && name[1] >= '1' && name[1] <= '9'
}

// CreateRenderer implements fyne.Widget: Fyne's own, with our edge and ring around it.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), of: e, ring: newRing(), edge: newRing(), wheel: newWheel(e)}
	r.edge.CornerRadius = 6
	r.wheel.Hidden = e.MultiLine
	r.paint()
	return r
}

type entryRenderer struct {
	fyne.WidgetRenderer
	of         *Entry
	ring, edge *canvas.Rectangle
	wheel      *wheel
}

func (r *entryRenderer) paint() {
	showRing(r.ring, r.of.focused)
	if edge, ok := r.WidgetRenderer.Objects()[1].(*canvas.Rectangle); ok { // the toolkit's own: two dark lines inside each other are one too many
		edge.StrokeColor, edge.StrokeWidth = colour(theme.Edge), theme.EdgeStroke
		edge.Refresh()
	}
	r.edge.StrokeColor, r.edge.StrokeWidth = colour(theme.Bad), 2
	r.edge.Hidden = !r.of.wrong
}

func (r *entryRenderer) MinSize() fyne.Size {
	m := r.WidgetRenderer.MinSize()
	return fyne.NewSize(max(m.Width, 80), max(floor(m.Height), minHeight))
}

func (r *entryRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	for _, o := range r.WidgetRenderer.Objects()[:2] { // ground and edge, which the toolkit draws a hair smaller than other controls
		o.Move(fyne.Position{})
		o.Resize(s)
	}
	layRing(r.ring, s)
	r.edge.Resize(s)
	r.wheel.Resize(s)
}

func (r *entryRenderer) Refresh() { r.WidgetRenderer.Refresh(); r.paint() }
func (r *entryRenderer) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{}, r.WidgetRenderer.Objects()...), r.wheel, r.edge, r.ring)
}
