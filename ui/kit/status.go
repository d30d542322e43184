package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Tone is how good news are. It gives the colour; a mark and a word always say the same.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Quiet
	Good
	Dim // needs a look
	Bad
)

func (t Tone) colour() fyne.ThemeColorName {
	return [...]fyne.ThemeColorName{theme.Ink, theme.Ink2, theme.Good, theme.Dim, theme.Bad}[t]
}

// The marks a status can have: shapes that are told apart without colour. Any icon of assets will do as well.
const (
	MarkFull     = "mark-full"
	MarkHalf     = "mark-half"
	MarkRing     = "mark-ring"
	MarkQuestion = "mark-question"
	MarkCheck    = "check"
	MarkCross    = "cross"
	MarkWarning  = "warning"
)

// Status is a shape, a word and a colour. The zero Status shows nothing.
type Status struct {
	Tone Tone
	Mark string // one of the marks; empty shows none
	Word string
}

// Chip shows a Status in one small line.
type Chip struct {
	widget.BaseWidget
	status Status
}

// NewChip is a chip with a status.
func NewChip(s Status) *Chip {
	c := &Chip{status: s}
	c.ExtendBaseWidget(c)
	return c
}

// SetStatus changes what the chip shows.
func (c *Chip) SetStatus(s Status) {
	if s != c.status {
		c.status = s
		c.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{of: c, mark: canvas.NewImageFromResource(nil), word: canvas.NewText("", nil)}
	r.paint()
	return r
}

type chipRenderer struct {
	of   *Chip
	mark *canvas.Image
	word *canvas.Text
}

func (r *chipRenderer) paint() {
	s := r.of.status
	r.word.Text, r.word.Color, r.word.TextSize = s.Word, colour(s.Tone.colour()), size(theme.Small)
	if r.mark.Hidden = s.Mark == ""; !r.mark.Hidden {
		r.mark.Resource = icon(s.Mark, s.Tone.colour())
	}
}

func (r *chipRenderer) inset() float32 {
	if r.mark.Hidden {
		return 0
	}
	return markSide() + 6
}

func (r *chipRenderer) MinSize() fyne.Size {
	m := r.word.MinSize()
	return fyne.NewSize(r.inset()+m.Width, max(snap(m.Height), markSide()))
}

func (r *chipRenderer) Layout(s fyne.Size) {
	r.mark.Resize(fyne.NewSquareSize(markSide()))
	r.mark.Move(fyne.NewPos(0, snap((s.Height-markSide())/2)))
	m := r.word.MinSize()
	r.word.Resize(m)
	r.word.Move(fyne.NewPos(r.inset(), snap((s.Height-m.Height)/2)))
}

func (r *chipRenderer) Refresh() {
	r.paint()
	r.Layout(r.of.Size())
	r.mark.Refresh()
	canvas.Refresh(r.of)
}
func (r *chipRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.mark, r.word} }
func (r *chipRenderer) Destroy()                     {}
