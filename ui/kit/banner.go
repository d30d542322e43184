package kit

import (
	"image"
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
	initials         string      // stand where a face is awaited; empty: none is
	face             image.Image // nil: none
}

// NewBanner is a banner that waits.
func NewBanner() *Banner {
	b := &Banner{}
	b.ExtendBaseWidget(b)
	return b
}

// Answer shows the answer, and no face until SetFace brings one; mark is one of the Mark constants.
func (b *Banner) Answer(tone Tone, mark, name, sentence string) {
	b.tone, b.mark, b.name, b.line = tone, mark, name, sentence
	b.initials, b.face = "", nil
	b.Refresh()
}

// Await keeps room for the face of whom the answer is about, so that the name does not jump when it comes.
func (b *Banner) Await(initials string) {
	b.initials = initials
	b.Refresh()
}

// SetFace shows the face beside the answer; nil gives its room back.
func (b *Banner) SetFace(i image.Image) {
	b.face, b.initials = i, ""
	b.Refresh()
}

// HasFace says whether one is shown.
func (b *Banner) HasFace() bool { return b.face != nil }

// Clear goes back to waiting, with a name and a line in quiet colours.
func (b *Banner) Clear(name, sentence string) { b.Answer(Plain, "", name, sentence) }

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	r := &bannerRenderer{
		of: b, back: canvas.NewRectangle(color.Transparent), mark: canvas.NewImageFromResource(nil),
		name: canvas.NewText("", nil), line: canvas.NewText("", nil), more: canvas.NewText("", nil),
		face: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth, CornerRadius: 8},
		room: canvas.NewRectangle(color.Transparent), initials: canvas.NewText("", nil),
	}
	r.back.CornerRadius, r.name.TextStyle.Bold = 12, true
	r.room.CornerRadius = 8
	r.initials.TextStyle.Bold, r.initials.Alignment = true, fyne.TextAlignCenter
	r.paint()
	return r
}

type bannerRenderer struct {
	of         *Banner
	back       *canvas.Rectangle
	mark       *canvas.Image
	name, line *canvas.Text
	more       *canvas.Text // what of the line did not fit
	face       *canvas.Image
	room       *canvas.Rectangle // where a face is awaited
	initials   *canvas.Text
}

func (r *bannerRenderer) paint() {
	fill, ink := r.of.tone.colour(), theme.OnTone
	if r.of.tone == Plain || r.of.tone == Quiet {
		fill, ink = theme.Tint, theme.Ink
	}
	r.back.FillColor = colour(fill)
	r.name.Color, r.name.TextSize = colour(ink), size(theme.Wall)
	r.line.Color, r.line.TextSize = colour(ink), size(theme.Huge)
	r.more.Color, r.more.TextSize = r.line.Color, r.line.TextSize
	if r.mark.Hidden = r.of.mark == ""; !r.mark.Hidden {
		r.mark.Resource = bigIcon(r.of.mark, ink)
	}
	r.face.Image, r.face.Hidden = r.of.face, r.of.face == nil
	r.room.FillColor, r.room.Hidden = faint(colour(ink)), r.of.initials == ""
	r.initials.Text, r.initials.Color, r.initials.TextSize, r.initials.Hidden = r.of.initials, colour(ink), size(theme.Huge), r.of.initials == ""
}

func (r *bannerRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 124) }

func (r *bannerRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	side := min(s.Height*0.5, 140)
	x := float32(40)
	if !r.mark.Hidden {
		r.mark.Resize(fyne.NewSquareSize(side))
		r.mark.Move(fyne.NewPos(s.Width*0.05, (s.Height-side)/2))
		x = s.Width*0.05 + side + 40
	}
	width := s.Width - x - 24 - r.layFace(s)
	r.name.TextSize = size(theme.Wall)
	// A long name grows smaller before it is cut: it must be recognised.
	for r.name.TextSize > size(theme.Big) && fyne.MeasureText(r.of.name, r.name.TextSize, r.name.TextStyle).Width > width {
		r.name.TextSize -= 2
	}
	for r.name.TextSize > size(theme.Big) && r.nameHigh()+2*r.lineHigh() > s.Height-12 {
		r.name.TextSize -= 2 // a low banner, in large letters
	}
	r.name.Text = fit(r.of.name, width, r.name.TextSize, r.name.TextStyle)
	first, second := r.lines(width)
	r.line.Text, r.more.Text = first, fit(second, width, r.more.TextSize, r.more.TextStyle)
	nh, lh := r.name.MinSize().Height, r.line.MinSize().Height
	all := nh + lh
	if second != "" {
		all += lh
	}
	x, y := snap(x), snap((s.Height-all)/2)
	for i, t := range []*canvas.Text{r.name, r.line, r.more} {
		t.Move(fyne.NewPos(x, y))
		h := lh
		if i == 0 {
			h = nh
		}
		t.Resize(fyne.NewSize(width, h))
		y += h
	}
}

// faint is a breath of a colour, for what is there for a moment only.
func faint(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0x24}
}

// faceAir is what a face keeps from the edges and from the name.
const faceAir = 20

// layFace lays the face, or its room, at the right end and returns how much of the width it takes.
func (r *bannerRenderer) layFace(s fyne.Size) float32 {
	if r.face.Hidden && r.room.Hidden {
		return 0
	}
	high := min(s.Height-2*faceAir, 320)
	wide := high
	if i := r.face.Image; i != nil && i.Bounds().Dy() > 0 {
		wide = high * float32(i.Bounds().Dx()) / float32(i.Bounds().Dy())
	}
	if most := s.Width * 0.3; wide > most {
		wide, high = most, high*most/wide
	}
	at := fyne.NewPos(s.Width-faceAir-wide, (s.Height-high)/2)
	for _, o := range []fyne.CanvasObject{r.face, r.room} {
		o.Move(at)
		o.Resize(fyne.NewSize(wide, high))
	}
	m := r.initials.MinSize()
	r.initials.Move(at.AddXY(0, (high-m.Height)/2))
	r.initials.Resize(fyne.NewSize(wide, m.Height))
	return wide + faceAir
}

func (r *bannerRenderer) nameHigh() float32 {
	return lineHigh(r.name.TextSize, r.name.TextStyle)
}

// lineHigh is the height of a line of the sentence at most.
func (r *bannerRenderer) lineHigh() float32 {
	return fyne.MeasureText("Mg", min(size(theme.Huge), r.of.Size().Height/5), r.line.TextStyle).Height
}

// lines parts the sentence into at most two lines; it grows smaller before it is cut, as the name does.
func (r *bannerRenderer) lines(width float32) (first, second string) {
	wide := func(s string) bool { return fyne.MeasureText(s, r.line.TextSize, r.line.TextStyle).Width > width }
	largest := min(size(theme.Huge), r.of.Size().Height/5)
	for r.line.TextSize = largest; ; r.line.TextSize -= 2 {
		first, second = r.of.line, ""
		if wide(first) {
			first, second = broken(r.of.line, width, r.line.TextSize, r.line.TextStyle)
		}
		if !wide(second) || r.line.TextSize-2 < size(theme.Small) {
			r.more.TextSize = r.line.TextSize
			return first, second
		}
	}
}

// broken parts a sentence at a blank that keeps its beginning within the width: the first after its middle, for a single word in the
// second line looks forgotten, else the last.
func broken(s string, width, textSize float32, style fyne.TextStyle) (first, second string) {
	at := 0
	half := fyne.MeasureText(s, textSize, style).Width / 2
	for i, r := range s {
		if r != ' ' {
			continue
		}
		wide := fyne.MeasureText(s[:i], textSize, style).Width
		if wide > width {
			break
		}
		if at = i; wide >= half {
			break
		}
	}
	if at == 0 {
		return fit(s, width, textSize, style), ""
	}
	return s[:at], s[at+1:]
}

func (r *bannerRenderer) Refresh() {
	r.paint()
	r.Layout(r.of.Size())
	r.mark.Refresh()
	r.face.Refresh()
	canvas.Refresh(r.of)
}
func (r *bannerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.mark, r.name, r.line, r.more, r.room, r.initials, r.face}
}
func (r *bannerRenderer) Destroy() {}
