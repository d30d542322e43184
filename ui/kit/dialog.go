package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Dialog asks one thing over the window. Enter presses its main button from anywhere but another button, Esc cancels, Tab stays
// inside, and the focus returns to where it was.
type Dialog struct {
	popup  *widget.PopUp
	canvas fyne.Canvas
	before fyne.Focusable
	ask    Ask
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
	b := &dialogBox{dialog: d, content: NewRoot(Inset(20, Column(16, append(parts, Row(12, buttons...))...)))}
	b.ExtendBaseWidget(b)
	width := a.Width
	if width == 0 {
		width = 480
	}
	b.content.Resize(fyne.NewSize(width, 100)) // wraps the sentences, so that the height is known
	d.popup = widget.NewModalPopUp(b, c)
	d.popup.Show()
	d.popup.Resize(fyne.NewSize(width, b.MinSize().Height))
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
	return widget.NewSimpleRenderer(container.NewStack(b.content))
}
