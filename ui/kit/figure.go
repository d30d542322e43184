package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// figure is a large number with small words after it on the same line, or below where they do not fit. A number that is too wide
// becomes smaller before it is cut.
type figure struct {
	widget.BaseWidget
	number, after string
}

func newFigure(number string) *figure {
	f := &figure{number: number}
	f.ExtendBaseWidget(f)
	return f
}

func (f *figure) set(number, after string) {
	f.number, f.after = number, after
	f.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *figure) CreateRenderer() fyne.WidgetRenderer {
	r := &figureRenderer{of: f, number: canvas.NewText("", nil), after: canvas.NewText("", nil)}
	r.number.TextStyle.Bold = true
	r.paint()
	return r
}

type figureRenderer struct {
	of            *figure
	number, after *canvas.Text
	below         bool // the words stand below the number
}

const figureGap = 6 // between the number and the words

func (r *figureRenderer) paint() {
	r.number.Text, r.number.Color, r.number.TextSize = r.of.number, colour(theme.Ink), size(theme.Num)
	r.after.Text, r.after.Color, r.after.TextSize = r.of.after, colour(theme.Ink2), size(theme.Small)
}

func (r *figureRenderer) MinSize() fyne.Size {
	number, after := r.number.MinSize(), r.after.MinSize()
	if r.below {
		number.Height += after.Height
	}
	return fyne.NewSize(min(number.Width, 80), snap(number.Height))
}

func (r *figureRenderer) Layout(s fyne.Size) {
	r.number.TextSize = size(theme.Num)
	for r.number.TextSize > size(theme.Big) && r.number.MinSize().Width > s.Width {
		r.number.TextSize--
	}
	number, after := r.number.MinSize(), r.after.MinSize()
	below := r.of.after != "" && number.Width+figureGap+after.Width > s.Width
	r.number.Move(fyne.Position{})
	r.number.Resize(number)
	at := fyne.NewPos(snap(number.Width+figureGap), snap(baseline(r.number)-baseline(r.after)))
	if below {
		at = fyne.NewPos(0, number.Height)
	}
	r.after.Move(at)
	r.after.Resize(after)
	if below != r.below {
		r.below = below
		canvas.Refresh(r.of)
	}
}

// baseline is how far below its upper edge a text stands on its line.
func baseline(t *canvas.Text) float32 { return baselineOf(t.TextSize, t.TextStyle) }

func baselineOf(letters float32, style fyne.TextStyle) float32 {
	_, b := fyne.CurrentApp().Driver().RenderedTextSize("Mg", letters, style, nil)
	return b
}

func (r *figureRenderer) Refresh() { r.paint(); r.Layout(r.of.Size()); canvas.Refresh(r.of) }
func (r *figureRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.number, r.after}
}
func (r *figureRenderer) Destroy() {}
