package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// Stretch in a Row takes the width that is left, so that a sentence beside a button wraps instead of pushing it out. One a row.
func Stretch(o fyne.CanvasObject) fyne.CanvasObject { return container.New(&stretch{}, o) }

// stretch asks for little width and for the height that its content needs at the width it got.
type stretch struct{}

// wanted is the width from which on what stretches can be read: the whole question of an entry, a few words of a sentence.
func wanted(o fyne.CanvasObject) float32 {
	c, ok := o.(*fyne.Container)
	if !ok || len(c.Objects) == 0 {
		return 0
	}
	if e, ok := c.Objects[0].(*Entry); ok {
		return fyne.MeasureText(e.PlaceHolder, size(fynetheme.SizeNameText), fyne.TextStyle{}).Width + 2*size(fynetheme.SizeNameInnerPadding) + 8
	}
	return max(c.Objects[0].MinSize().Width, 8*size(fynetheme.SizeNameText))
}

func (*stretch) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, objects[0].MinSize().Height)
}

func (*stretch) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(s)
}

func isStretch(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(*stretch)
	return ok
}

// FillAbove is Column whose first object takes all height that is left: a form above its buttons.
func FillAbove(gap float32, first fyne.CanvasObject, rest ...fyne.CanvasObject) *fyne.Container {
	return container.New(fillAbove{gap}, append([]fyne.CanvasObject{first}, rest...)...)
}

type fillAbove struct{ gap float32 }

func (l fillAbove) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fillLayout(l).MinSize(seen(objects))
}

func (l fillAbove) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects = seen(objects)
	free := s.Height
	for _, o := range objects[1:] {
		o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		free -= o.MinSize().Height + l.gap
	}
	y := float32(0)
	for i, o := range objects {
		h := o.MinSize().Height
		if i == 0 {
			h = max(free, h)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, h))
		y += h + l.gap
	}
}

// seen leaves out what is hidden, but for the first.
func seen(objects []fyne.CanvasObject) []fyne.CanvasObject {
	out := objects[:1:1]
	for _, o := range objects[1:] {
		if o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

// Flow puts objects side by side and goes on below where the width ends: buttons under a form, in large letters.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap}, objects...)
}

type flow struct{ gap, width float32 }

// MinSize is that of the last layout's width: how many lines there are is not known before.
func (l *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(80, l.lay(objects, max(l.width, 320), false))
}

func (l *flow) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.lay(objects, s.Width, true)
}

func (l *flow) lay(objects []fyne.CanvasObject, width float32, move bool) (height float32) {
	x, y, line := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, line = 0, y+line+l.gap, 0
		}
		if move {
			o.Move(fyne.NewPos(snap(x), y))
			o.Resize(m)
		}
		x, line = x+m.Width+l.gap, max(line, m.Height)
	}
	return y + line
}

// Relay lays o out again once its texts changed: a text knows its height only once it knows its width, and then what is around it
// must move.
func Relay(o fyne.CanvasObject) {
	o.Refresh()
	o.Refresh()
}

// Tile is a tinted square, as behind initials.
func Tile(side float32, fill fyne.ThemeColorName) fyne.CanvasObject {
	return Fixed(side, side, box(fill, theme.Tint, 0, 8))
}
