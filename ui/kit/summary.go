package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"

	fynetheme "fyne.io/fyne/v2/theme"
)

// Summary says near the main button what keeps a form from being saved. It is a stop of Tab while there is something to mend; Enter,
// Space or a click lead to the first field that is wrong.
type Summary struct {
	widget.BaseWidget
	lead func() // to the first wrong field; nil when no field of the form is wrong
	text *Text
	mark *canvas.Image
	ring *canvas.Rectangle
	box  *fyne.Container
}

func newSummary() *Summary {
	s := &Summary{text: newText("", fynetheme.SizeNameText, theme.Bad, fyne.TextStyle{}), mark: canvas.NewImageFromResource(nil), ring: newRing()}
	s.box = Row(8, Fixed(size(theme.Big), size(theme.Big), s.mark), Stretch(s.text))
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// set shows a text, or hides the summary when there is none.
func (s *Summary) set(text string, lead func()) {
	s.lead = lead
	s.text.SetText(text)
	s.Hidden = text == ""
	s.Refresh()
}

// Text is what it says, empty while nothing is wrong.
func (s *Summary) Text() string { return s.text.Text() }

// Tapped implements fyne.Tappable.
func (s *Summary) Tapped(*fyne.PointEvent) {
	if s.lead != nil {
		s.lead()
	}
}

// FocusGained implements fyne.Focusable.
func (s *Summary) FocusGained() { showRing(s.ring, true); reveal(s) }

// FocusLost implements fyne.Focusable.
func (s *Summary) FocusLost() { showRing(s.ring, false) }

// TypedRune implements fyne.Focusable.
func (s *Summary) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (s *Summary) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		s.Tapped(nil)
	default:
		fallback(s, ev)
	}
}

func (s *Summary) children() []fyne.CanvasObject { return []fyne.CanvasObject{s.box} }

// CreateRenderer implements fyne.Widget.
func (s *Summary) CreateRenderer() fyne.WidgetRenderer {
	return &summaryRenderer{widget.NewSimpleRenderer(container.New(ringed{}, s.box, s.ring)), s}
}

type summaryRenderer struct {
	fyne.WidgetRenderer
	of *Summary
}

func (r *summaryRenderer) Refresh() {
	r.of.mark.Resource = bigIcon(MarkWarning, theme.Bad)
	r.of.mark.Refresh()
	r.WidgetRenderer.Refresh()
}
