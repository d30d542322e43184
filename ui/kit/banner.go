package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Banner is the huge answer to a scan, read from across a table: colour, mark, a name and a line.
type Banner struct {
	widget.BaseWidget
	tone             Tone
	mark, name, line string
}

// NewBanner is a banner that waits.
func NewBanner() *Banner {
	b := &Banner{}
	b.ExtendBaseWidget(b)
	return b
}

// Answer shows the answer; mark is one of the Mark constants.
func (b *Banner) Answer(tone Tone, mark, name, sentence string) {
	b.tone, b.mark, b.name, b.line = tone, mark, name, sentence
	b.Refresh()
}

// Clear goes back to waiting, with a name and a line in quiet colours.
func (b *Banner) Clear(name, sentence string) { b.Answer(Plain, "", name, sentence) }

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	r := &bannerRenderer{
		of: b, back: canvas.NewRectangle(color.Transparent), mark: canvas.NewImageFromResource(nil),
		name: canvas.NewText("", nil), line: canvas.NewText("", nil),
	}
	r.back.CornerRadius, r.name.TextStyle.Bold = 12, true
	r.paint()
	return r
}

type bannerRenderer struct {
	of         *Banner
	back       *canvas.Rectangle
	mark       *canvas.Image
	name, line *canvas.Text
}

func (r *bannerRenderer) paint() {
	fill, ink := r.of.tone.colour(), theme.OnTone
	if r.of.tone == Plain || r.of.tone == Quiet {
		fill, ink = theme.Tint, theme.Ink
	}
	r.back.FillColor = colour(fill)
	r.name.Color, r.name.TextSize = colour(ink), size(theme.Wall)
	r.line.Color, r.line.TextSize = colour(ink), size(theme.Huge)
	if r.mark.Hidden = r.of.mark == ""; !r.mark.Hidden {
		r.mark.Resource = bigIcon(r.of.mark, ink)
	}
}

func (r *bannerRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 200) }

func (r *bannerRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	side := min(s.Height*0.5, 140)
	x := float32(40)
	if !r.mark.Hidden {
		r.mark.Resize(fyne.NewSquareSize(side))
		r.mark.Move(fyne.NewPos(s.Width*0.05, (s.Height-side)/2))
		x = s.Width*0.05 + side + 40
	}
	width := s.Width - x - 24
	r.name.TextSize = size(theme.Wall)
	// A long name grows smaller before it is cut: it must be recognised.
	for r.name.TextSize > size(theme.Big) && fyne.MeasureText(r.of.name, r.name.TextSize, r.name.TextStyle).Width > width {
		r.name.TextSize -= 2
	}
	r.name.Text = fit(r.of.name, width, r.name.TextSize, r.name.TextStyle)
	r.line.Text = fit(r.of.line, width, r.line.TextSize, r.line.TextStyle)
	nh, lh := r.name.MinSize().Height, r.line.MinSize().Height
	y := (s.Height - nh - lh) / 2
	r.name.Move(fyne.NewPos(x, y))
	r.name.Resize(fyne.NewSize(width, nh))
	r.line.Move(fyne.NewPos(x, y+nh))
	r.line.Resize(fyne.NewSize(width, lh))
}

func (r *bannerRenderer) Refresh() {
	r.paint()
	r.Layout(r.of.Size())
	r.mark.Refresh()
	canvas.Refresh(r.of)
}
func (r *bannerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.mark, r.name, r.line}
}
func (r *bannerRenderer) Destroy() {}
