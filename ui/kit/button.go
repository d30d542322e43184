package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"

	fynetheme "fyne.io/fyne/v2/theme"
)

// Button is pressed with Enter, Space or a click.
type Button struct {
	widget.BaseWidget
	OnTapped func()

	text, hint, icon         string
	primary, tall            bool
	bare                     bool // without its keys, where they leave no room for what stands beside it
	focused, hovered, silent bool
}

// Primary is the one amber button of a place.
func Primary(text string, tapped func()) *Button { return newButton(text, true, tapped) }

// Secondary is any other button.
func Secondary(text string, tapped func()) *Button { return newButton(text, false, tapped) }

func newButton(text string, primary bool, tapped func()) *Button {
	b := &Button{text: text, primary: primary, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// WithHint shows the keys that do the same, "Ctrl N", and returns b.
func (b *Button) WithHint(keys string) *Button { b.hint = keys; b.Refresh(); return b }

// WithIcon shows an icon of assets before the text and returns b.
func (b *Button) WithIcon(name string) *Button { b.icon = name; b.Refresh(); return b }

// Tall makes the button one of the large ones beside a place's numbers, its text on the left, and returns b.
func (b *Button) Tall() *Button { b.tall = true; b.Refresh(); return b }

// Hint are the keys that do the same, empty for none.
func (b *Button) Hint() string { return b.hint }

// Primary says whether it is the main button of its place.
func (b *Button) Primary() bool { return b.primary }

// Text is what the button says.
func (b *Button) Text() string { return b.text }

// SetText changes what the button says.
func (b *Button) SetText(s string) { b.text = s; b.Refresh() }

// Enable makes the button work again.
func (b *Button) Enable() { b.silent = false; b.Refresh() }

// Disable makes the button pale and deaf. It keeps its place in the order of Tab, so that the focus is never lost.
func (b *Button) Disable() { b.silent = true; b.Refresh() }

// hintWidth is what the keys take.
func (b *Button) hintWidth() float32 {
	if b.hint == "" {
		return 0
	}
	return fyne.MeasureText(b.hint, size(theme.Small), fyne.TextStyle{Monospace: true}).Width + hintGap
}

// setBare leaves the keys out, or shows them.
func (b *Button) setBare(bare bool) {
	if bare != b.bare {
		b.bare = bare
		b.Refresh()
	}
}

// Disabled says whether the button is deaf.
func (b *Button) Disabled() bool { return b.silent }

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.silent {
		return
	}
	Finish(canvasOf(b)) // a click does not take the focus from an entry
	if b.OnTapped != nil {
		b.OnTapped()
	}
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.Refresh(); reveal(b) }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	default:
		fallback(b, ev)
	}
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		of: b, ring: newRing(), back: canvas.NewRectangle(color.Transparent), icon: canvas.NewImageFromResource(nil),
		text: canvas.NewText("", nil), hint: canvas.NewText("", nil),
	}
	r.back.CornerRadius, r.back.StrokeWidth = 6, 2
	r.text.TextStyle.Bold, r.hint.TextStyle.Monospace = true, true
	r.paint()
	return r
}

const (
	buttonAir = 20 // left and right of what a button says
	hintGap   = 8  // between its words and the keys
)

type buttonRenderer struct {
	of         *Button
	ring, back *canvas.Rectangle
	icon       *canvas.Image
	text, hint *canvas.Text
}

func (r *buttonRenderer) paint() {
	ink, fill, edge := theme.Ink, theme.Card, theme.Ink
	switch {
	case r.of.silent:
		ink, fill, edge = theme.Ink2, theme.Tint, theme.Line
	case r.of.primary:
		ink, fill, edge = theme.OnAmber, theme.Amber, theme.Amber
		if r.of.hovered {
			edge = theme.Ink
		}
	case r.of.hovered:
		fill = theme.Tint
	}
	r.back.FillColor, r.back.StrokeColor = colour(fill), colour(edge)
	letters := fynetheme.SizeNameText
	if r.of.tall && r.of.primary {
		letters = theme.Big
	}
	r.text.Text, r.text.Color, r.text.TextSize = r.of.text, colour(ink), size(letters)
	r.hint.Text, r.hint.Color, r.hint.TextSize = r.of.hint, colour(ink), size(theme.Small)
	if r.icon.Hidden = r.of.icon == ""; !r.icon.Hidden {
		r.icon.Resource = icon(r.of.icon, ink)
	}
	showRing(r.ring, r.of.focused)
}

// parts are the objects in a row, from the left, with their sizes.
func (r *buttonRenderer) parts() (objects []fyne.CanvasObject, sizes []fyne.Size) {
	if r.of.icon != "" {
		objects, sizes = append(objects, r.icon), append(sizes, fyne.NewSquareSize(size(fynetheme.SizeNameInlineIcon)))
	}
	objects, sizes = append(objects, r.text), append(sizes, r.text.MinSize())
	if r.hint.Hidden = r.of.bare || r.of.hint == ""; !r.hint.Hidden {
		objects, sizes = append(objects, r.hint), append(sizes, r.hint.MinSize())
	}
	return objects, sizes
}

func (r *buttonRenderer) width() float32 {
	_, sizes := r.parts()
	w := float32(len(sizes)-1) * hintGap
	for _, s := range sizes {
		w += s.Width
	}
	return w
}

// least is the height with letters of the usual size.
func (r *buttonRenderer) least() float32 {
	switch {
	case r.of.tall && r.of.primary:
		return 72
	case r.of.tall:
		return rowHeight
	}
	return minHeight
}

func (r *buttonRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.width()+2*buttonAir, max(r.least(), snap(r.text.MinSize().Height)+20))
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	layRing(r.ring, s)
	x := (s.Width - r.width()) / 2
	if r.of.tall {
		x = buttonAir
	}
	x = snap(x)
	objects, sizes := r.parts()
	for i, o := range objects {
		o.Resize(sizes[i])
		o.Move(fyne.NewPos(x, snap((s.Height-sizes[i].Height)/2)))
		x = snap(x + sizes[i].Width + hintGap)
	}
}

func (r *buttonRenderer) Refresh() { r.paint(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.text, r.hint, r.ring}
}
func (r *buttonRenderer) Destroy() {}
