package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"

	fynetheme "fyne.io/fyne/v2/theme"
)

// Text is a sentence that wraps at words and, unlike Fyne's label, has no margin of its own.
type Text struct {
	widget.BaseWidget
	text   string
	sizeOf fyne.ThemeSizeName
	colour fyne.ThemeColorName
	style  fyne.TextStyle
	align  fyne.TextAlign
	beside bool // stands beside letters of the usual size
}

// AlignRight puts the lines at the right edge, as for numbers below each other, and returns t.
func (t *Text) AlignRight() *Text {
	t.align = fyne.TextAlignTrailing
	return t
}

// BesideText puts small letters on the line of usual ones beside them, and returns t.
func (t *Text) BesideText() *Text {
	t.beside = true
	return t
}

// AlignCentre puts the lines in the middle, as where there is nothing else to see, and returns t.
func (t *Text) AlignCentre() *Text {
	t.align = fyne.TextAlignCenter
	return t
}

func newText(s string, sz fyne.ThemeSizeName, c fyne.ThemeColorName, style fyne.TextStyle) *Text {
	t := &Text{text: s, sizeOf: sz, colour: c, style: style}
	t.ExtendBaseWidget(t)
	return t
}

// NewText is a plain sentence.
func NewText(s string) *Text {
	return newText(s, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{})
}

// NewBold is a plain sentence in bold.
func NewBold(s string) *Text {
	return newText(s, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{Bold: true})
}

// NewTitle is the title of a place.
func NewTitle(s string) *Text { return newText(s, theme.Huge, theme.Ink, fyne.TextStyle{Bold: true}) }

// NewHeading is the title of a part.
func NewHeading(s string) *Text { return newText(s, theme.Big, theme.Ink, fyne.TextStyle{Bold: true}) }

// NewSub is a small sentence in the second colour.
func NewSub(s string) *Text { return newText(s, theme.Small, theme.Ink2, fyne.TextStyle{}) }

// NewCode is small and monospaced: codes, key hints.
func NewCode(s string) *Text {
	return newText(s, theme.Small, theme.Ink2, fyne.TextStyle{Monospace: true})
}

// Text is what is shown.
func (t *Text) Text() string { return t.text }

// SetText changes what is shown.
func (t *Text) SetText(s string) {
	if s != t.text {
		t.text = s
		t.Refresh()
	}
}

// SetColour changes the colour, one of theme's names.
func (t *Text) SetColour(c fyne.ThemeColorName) {
	t.colour = c
	t.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{of: t}
	r.wrap()
	return r
}

type textRenderer struct {
	of    *Text
	width float32 // of the last layout, zero before
	lines []fyne.CanvasObject
}

func (r *textRenderer) wrap() {
	sz := size(r.of.sizeOf)
	r.lines = r.lines[:0:0]
	lines := wrap(r.of.text, r.width, sz, r.of.style)
	if r.of.align == fyne.TextAlignCenter {
		lines = balanced(r.of.text, r.width, sz, r.of.style, len(lines))
	}
	for i, s := range lines {
		t := line(s, r.of.sizeOf, r.of.colour, r.of.style)
		t.Move(fyne.NewPos(0, r.lowered()+float32(i)*r.lineHeight()))
		t.Resize(t.MinSize())
		free := max(r.width-t.MinSize().Width, 0)
		switch r.of.align {
		case fyne.TextAlignTrailing:
			t.Move(fyne.NewPos(snap(free), t.Position().Y))
		case fyne.TextAlignCenter:
			t.Move(fyne.NewPos(snap(free/2), t.Position().Y))
		}
		r.lines = append(r.lines, t)
	}
}

// lowered is how far small letters stand lower than they would alone.
func (r *textRenderer) lowered() float32 {
	if !r.of.beside {
		return 0
	}
	return snap(baselineOf(size(fynetheme.SizeNameText), r.of.style) - baselineOf(size(r.of.sizeOf), r.of.style))
}

func (r *textRenderer) lineHeight() float32 { return lineHigh(size(r.of.sizeOf), r.of.style) }

func (r *textRenderer) Layout(s fyne.Size) {
	if s.Width == r.width {
		return
	}
	r.width = s.Width
	before := len(r.lines)
	r.wrap()
	if len(r.lines) != before {
		canvas.Refresh(r.of)
	}
}

func (r *textRenderer) MinSize() fyne.Size {
	if r.of.text == "" {
		return fyne.Size{}
	}
	var widest float32
	for _, word := range words(strings.ReplaceAll(r.of.text, "\n", " ")) {
		widest = max(widest, fyne.MeasureText(word, size(r.of.sizeOf), r.of.style).Width)
	}
	widest = min(widest, longest(size(r.of.sizeOf)))
	if r.width == 0 {
		widest = fyne.MeasureText(r.of.text, size(r.of.sizeOf), r.of.style).Width
		widest = min(widest, 240)
	}
	return fyne.NewSize(widest, r.lowered()+float32(max(len(r.lines), 1))*r.lineHeight())
}

func (r *textRenderer) Refresh()                     { r.wrap(); canvas.Refresh(r.of) }
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *textRenderer) Destroy()                     {}

// longest is the width that a word may ask for; what is longer is no word but a path or a link, and is broken anywhere.
func longest(textSize float32) float32 { return 14 * textSize }

// pieces breaks a word that is wider than the width and longer than a word can be.
func pieces(word string, width, textSize float32, style fyne.TextStyle) (out []string) {
	if wide := fyne.MeasureText(word, textSize, style).Width; width <= 0 || wide <= width || wide <= longest(textSize) {
		return []string{word}
	}
	from := 0
	runes := []rune(word)
	for i := range runes {
		if i > from && fyne.MeasureText(string(runes[from:i+1]), textSize, style).Width > width {
			out = append(out, string(runes[from:i]))
			from = i
		}
	}
	return append(out, string(runes[from:]))
}

// wrap parts s into lines of at most width; a width of zero does not wrap. A word that is wider stays whole, unless it is no word.
func wrap(s string, width, textSize float32, style fyne.TextStyle) []string {
	var lines []string
	for _, part := range strings.Split(s, "\n") {
		current := ""
		for _, word := range breakable(part, width, textSize, style) {
			longer := strings.TrimSpace(current + " " + word)
			if width > 0 && current != "" && fyne.MeasureText(longer, textSize, style).Width > width {
				lines = append(lines, current)
				longer = word
			}
			current = longer
		}
		lines = append(lines, current)
	}
	return lines
}

// balanced parts s into as many lines, of about the same length: a last line of one word looks forgotten in the middle of a place.
func balanced(s string, width, textSize float32, style fyne.TextStyle, lines int) []string {
	best := wrap(s, width, textSize, style)
	for narrow := width * 0.95; lines > 1 && narrow > width/2; narrow *= 0.95 {
		tried := wrap(s, narrow, textSize, style)
		if len(tried) > lines {
			break
		}
		best = tried
	}
	return best
}

// breakable are the words of a line, those that cannot fit in pieces.
func breakable(line string, width, textSize float32, style fyne.TextStyle) (out []string) {
	for _, word := range words(line) {
		out = append(out, pieces(word, width, textSize, style)...)
	}
	return out
}

// words parts s at plain blanks only: others, as before a question mark in French, hold together.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' })
}

// Line is text of one line that keeps its full width, for headers beside other things.
func Line(s string, bold bool) fyne.CanvasObject {
	return line(s, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{Bold: bold})
}
