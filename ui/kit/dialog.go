package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// Dialog asks one thing over the window. Enter presses its main button from anywhere but another button, Esc cancels, Tab stays
// inside, arrows and Page Up and Page Down read on where there is more than fits, and the focus returns to where it was.
type Dialog struct {
	popup  *widget.PopUp
	canvas fyne.Canvas
	before fyne.Focusable
	ask    Ask
	scroll *Scroller // of what it says
}

// Ask is what a dialog says.
type Ask struct {
	Title  string
	Line   string            // a sentence below the title, or empty
	Body   fyne.CanvasObject // fields and such below that, or nil
	Yes    string            // the main button
	No     string            // the cancelling button; empty shows none
	First  fyne.Focusable    // gets the focus; nil is the main button
	OnYes  func() bool       // false keeps the dialog open; nil closes it
	OnNo   func()            // after Esc or No
	Width  float32           // zero is 480
	Danger bool              // the focus starts on No, for what cannot be undone
}

// ShowDialog opens a dialog over c.
func ShowDialog(c fyne.Canvas, a Ask) *Dialog {
	d := &Dialog{canvas: c, before: c.Focused(), ask: a}
	yes := Primary(a.Yes, d.Yes)
	no := Secondary(a.No, d.No)
	buttons := []fyne.CanvasObject{yes}
	if a.No != "" {
		buttons = append(buttons, no)
	}
	parts := []fyne.CanvasObject{NewHeading(a.Title)}
	if a.Line != "" {
		parts = append(parts, NewText(a.Line))
	}
	if a.Body != nil {
		parts = append(parts, a.Body)
	}
	inner := Column(16, parts...)
	below := Flow(12, buttons...)
	d.scroll = Scroll(inner)
	b := &dialogBox{dialog: d, content: NewRoot(Inset(20, container.New(&dialogLayout{c, inner}, d.scroll, below)))}
	b.ExtendBaseWidget(b)
	width := a.Width
	if width == 0 {
		width = 480
	}
	width = min(width*letterScale(), c.Size().Width-2*dialogAir) // grows with the letters
	b.content.Resize(fyne.NewSize(width, 100))                   // wraps the sentences, so that the height is known
	high := b.MinSize().Height
	d.popup = widget.NewModalPopUp(b, c)
	d.popup.Show() // at its least width, in which sentences have more lines
	d.popup.Resize(fyne.NewSize(width, high))
	first := a.First
	if first == nil {
		first = yes
		if a.Danger && a.No != "" {
			first = no
		}
	}
	c.Focus(first)
	return d
}

const dialogAir = 16 // at least so much of the window is seen around a dialog

// dialogLayout puts what a dialog says above its buttons, which stay in sight when there is more than the window is high.
type dialogLayout struct {
	canvas fyne.Canvas
	inner  fyne.CanvasObject // what the scroll holds
}

func (l *dialogLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	inner, below := l.inner.MinSize(), objects[1].MinSize()
	most := l.canvas.Size().Height - 2*dialogAir - 2*20
	return fyne.NewSize(max(inner.Width, below.Width), min(inner.Height+dialogGap+below.Height, most))
}

const dialogGap = 16 // between what a dialog says and its buttons

func (l *dialogLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	below := objects[1]
	below.Resize(fyne.NewSize(s.Width, below.Size().Height)) // first the width, by which the buttons break
	high := below.MinSize().Height
	below.Resize(fyne.NewSize(s.Width, high))
	below.Move(fyne.NewPos(0, s.Height-high))
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(s.Width, s.Height-high-dialogGap))
}

// Yes presses the main button.
func (d *Dialog) Yes() {
	if d.ask.OnYes == nil || d.ask.OnYes() {
		d.Close()
	}
}

// No cancels.
func (d *Dialog) No() {
	d.Close()
	if d.ask.OnNo != nil {
		d.ask.OnNo()
	}
}

// Close takes the dialog away without an answer. Closing twice does nothing.
func (d *Dialog) Close() {
	if d.popup == nil {
		return
	}
	d.popup.Hide()
	d.popup = nil
	if d.before != nil {
		d.canvas.Focus(d.before)
	}
}

func (d *Dialog) key(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyEscape:
		d.No()
	case fyne.KeyReturn, fyne.KeyEnter:
		d.Yes()
	default:
		d.scroll.view.key(ev.Name)
	}
}

// dialogBox lets a key find its dialog.
type dialogBox struct {
	widget.BaseWidget
	dialog  *Dialog
	content *Root
}

func (b *dialogBox) children() []fyne.CanvasObject { return []fyne.CanvasObject{b.content} }

// CreateRenderer implements fyne.Widget.
func (b *dialogBox) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(&dialogGround{}, box(theme.Card, theme.Line, 1, 12), b.content))
}

// dialogGround lays the card of a dialog under its content and under the edge that the toolkit leaves around it; the toolkit's own
// ground has no corners and is not seen.
type dialogGround struct{}

func (dialogGround) MinSize(o []fyne.CanvasObject) fyne.Size { return o[1].MinSize() }

func (dialogGround) Layout(o []fyne.CanvasObject, s fyne.Size) {
	edge := size(fynetheme.SizeNameInnerPadding) / 2
	o[0].Move(fyne.NewPos(-edge, -edge))
	o[0].Resize(s.AddWidthHeight(2*edge, 2*edge))
	o[1].Move(fyne.Position{})
	o[1].Resize(s)
}
