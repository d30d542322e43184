package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// Bar is one bar of a chart: what it is, how long it is, and the number as a person reads it.
type Bar struct {
	Label string
	Value float64 // below zero is drawn as zero
	Text  string
	Tone  Tone // of the bar; Plain is ink
}

// Bars is a chart of bars that lie, one below the other, each between its label and its number. Where labels are long or the place
// is narrow, they stand above their bars.
type Bars struct {
	widget.BaseWidget
	bars []Bar
	most float64 // what fills the whole width; zero is the longest bar
}

// NewBars is a chart; the longest bar fills the width.
func NewBars(bars []Bar) *Bars {
	b := &Bars{bars: bars}
	b.ExtendBaseWidget(b)
	return b
}

// SetBars changes the bars.
func (b *Bars) SetBars(bars []Bar) { b.bars = bars; b.Refresh() }

// SetMost says which value fills the whole width, so that several charts can be compared; zero is the longest bar.
func (b *Bars) SetMost(most float64) { b.most = most; b.Refresh() }

// share is the part of the width a value fills.
func (b *Bars) share(value float64) float32 {
	most := b.most
	if most <= 0 {
		for _, one := range b.bars {
			most = max(most, one.Value)
		}
	}
	if most <= 0 {
		return 0
	}
	return float32(min(max(value/most, 0), 1))
}

// CreateRenderer implements fyne.Widget.
func (b *Bars) CreateRenderer() fyne.WidgetRenderer {
	r := &barsRenderer{of: b}
	r.build()
	return r
}

type barsRenderer struct {
	of    *Bars
	lines []barLine
	width float32 // of the last layout
}

type barLine struct {
	label       []fyne.CanvasObject // its lines
	text        *canvas.Text
	back, front *canvas.Rectangle
}

func (r *barsRenderer) build() {
	r.lines = r.lines[:0]
	for _, b := range r.of.bars {
		r.lines = append(r.lines, barLine{
			text:  line(b.Text, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{Bold: true}),
			back:  barBack(),
			front: box(b.Tone.colour(), b.Tone.colour(), 0, barHeight/2),
		})
	}
}

const (
	barGap   = 16 // between label, bar and number
	barAir   = 12 // between a bar's words and the next one's
	barUnder = 4  // between a label and its bar below
)

// columns are the widths of the widest label and the widest number.
func (r *barsRenderer) columns() (label, text float32) {
	for i, l := range r.lines {
		label = max(label, fyne.MeasureText(r.of.bars[i].Label, l.text.TextSize, fyne.TextStyle{}).Width)
		text = max(text, l.text.MinSize().Width)
	}
	return label, text
}

// stacked says whether labels stand above their bars.
func (r *barsRenderer) stacked() bool {
	label, text := r.columns()
	return label+text+2*barGap > r.width*0.6
}

// height is that of one bar with its words.
func (r *barsRenderer) height(i int) float32 {
	words := lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{})
	if !r.stacked() {
		return words + barAir
	}
	return words*float32(len(r.labelLines(i))) + barUnder + barHeight + barAir
}

// labelLines parts a label that stands above its bar, beside the number.
func (r *barsRenderer) labelLines(i int) []string {
	_, text := r.columns()
	return wrap(r.of.bars[i].Label, r.width-text-barGap, size(fynetheme.SizeNameText), fyne.TextStyle{})
}

func (r *barsRenderer) MinSize() fyne.Size {
	_, text := r.columns()
	m := fyne.NewSize(text+120, 0)
	for i := range r.lines {
		m.Height += r.height(i)
	}
	m.Height -= min(barAir, m.Height)
	return m
}

func (r *barsRenderer) Layout(s fyne.Size) {
	before := r.MinSize().Height
	r.width = s.Width
	y := float32(0)
	for i := range r.lines {
		if r.stacked() {
			r.layStacked(i, y)
		} else {
			r.layBeside(i, y)
		}
		y += r.height(i)
	}
	if r.MinSize().Height != before {
		canvas.Refresh(r.of)
	}
}

func (r *barsRenderer) layBeside(i int, y float32) {
	label, text := r.columns()
	l, high := &r.lines[i], r.height(i)-barAir
	r.layLabel(i, []string{r.of.bars[i].Label}, y)
	put(l.text, r.width-l.text.MinSize().Width, y, high)
	r.layBar(i, label+barGap, y+(high-barHeight)/2, r.width-label-text-2*barGap)
}

func (r *barsRenderer) layStacked(i int, y float32) {
	l, lines := &r.lines[i], r.labelLines(i)
	high := r.layLabel(i, lines, y)
	put(l.text, r.width-l.text.MinSize().Width, y, high/float32(len(lines)))
	r.layBar(i, 0, y+high+barUnder, r.width)
}

// layLabel makes the lines of a label and returns their height.
func (r *barsRenderer) layLabel(i int, lines []string, y float32) (high float32) {
	r.lines[i].label = r.lines[i].label[:0:0]
	for _, words := range lines {
		t := line(words, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{})
		put(t, 0, y+high, t.MinSize().Height)
		high += t.MinSize().Height
		r.lines[i].label = append(r.lines[i].label, t)
	}
	return high
}

func (r *barsRenderer) layBar(i int, x, y, width float32) {
	l := &r.lines[i]
	l.back.Move(fyne.NewPos(x, y))
	l.back.Resize(fyne.NewSize(width, barHeight))
	l.front.Move(fyne.NewPos(x, y))
	layFront(l.front, width*r.of.share(r.of.bars[i].Value))
}

// put places a line of text in the middle of a height.
func put(t *canvas.Text, x, y, high float32) {
	m := t.MinSize()
	t.Resize(m)
	t.Move(fyne.NewPos(snap(x), snap(y+(high-m.Height)/2)))
}

func (r *barsRenderer) Refresh() { r.build(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *barsRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, l := range r.lines {
		out = append(append(out, l.label...), l.back, l.front, l.text)
	}
	return out
}
func (r *barsRenderer) Destroy() {}
