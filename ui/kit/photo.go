package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Photo is a picture in a frame of fixed size, never cut and never made larger than it is, or a few words where there is none.
type Photo struct {
	widget.BaseWidget
	picture *canvas.Image
	note    *Text
	box     *fyne.Container
}

// NewPhoto is a frame without a picture.
func NewPhoto(width, height float32) *Photo {
	p := &Photo{picture: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth, CornerRadius: 6}, note: NewSub("")}
	p.picture.Hide()
	p.box = container.NewStack(Fixed(width, height, box(theme.Tint, theme.Line, 1, 8)), container.NewPadded(p.picture), container.New(middle{}, p.note))
	p.ExtendBaseWidget(p)
	return p
}

// SetImage shows a picture that is decoded already; nil takes it away.
func (p *Photo) SetImage(i image.Image) {
	p.picture.Image = i
	p.picture.Hidden = i == nil
	p.note.Hidden = i != nil
	p.picture.Refresh()
	p.box.Refresh()
}

// HasImage says whether a picture is shown.
func (p *Photo) HasImage() bool { return p.picture.Image != nil }

// SetNote changes the words that stand in the frame as long as there is no picture.
func (p *Photo) SetNote(s string) { p.note.SetText(s); p.box.Refresh() }

func (p *Photo) children() []fyne.CanvasObject { return []fyne.CanvasObject{p.note} }

// CreateRenderer implements fyne.Widget.
func (p *Photo) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.box) }

// middle puts one object at full width, less some air, in the middle of the height.
type middle struct{}

func (middle) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (middle) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	const air = 12
	for _, o := range objects {
		o.Resize(fyne.NewSize(s.Width-2*air, 0)) // wraps, so that the height is known
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(s.Width-2*air, h))
		o.Move(fyne.NewPos(air, max((s.Height-h)/2, 0)))
	}
}
