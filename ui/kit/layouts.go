package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// Column puts objects below each other, gap apart, at full width. Tab follows the same order.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(gap), objects...)
}

// Row puts objects side by side at their own widths, centred in height.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap}, objects...)
}

// Gap in a Row pushes what follows to the right.
func Gap() fyne.CanvasObject { return layout.NewSpacer() }

// Inset leaves air on all sides.
func Inset(air float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(air, air, air, air), o)
}

// Fixed keeps o at least so wide and high; zero leaves a side to o.
func Fixed(width, height float32, o fyne.CanvasObject) *fyne.Container {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(width, height))
	return container.NewStack(space, o)
}

// Columns share the width by weights: Columns([]float32{2, 3}, list, form) gives the form three fifths. Tab follows the order.
func Columns(gap float32, weights []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columns{gap, weights}, objects...)
}

// Fill is Column whose last object takes all height that is left: a search above a list.
func Fill(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(fillLayout{gap}, objects...)
}

type rowLayout struct{ gap float32 }

func (l rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		s := o.MinSize()
		m = fyne.NewSize(m.Width+s.Width, max(m.Height, s.Height))
	}
	return m.AddWidthHeight(l.gap*float32(max(n-1, 0)), 0)
}

func (l rowLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	free, gaps := s.Width-l.MinSize(objects).Width, 0
	for _, o := range objects {
		if isGap(o) {
			gaps++
		}
	}
	x := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		switch {
		case isGap(o):
			m.Width = max(free, 0) / float32(gaps)
		case isStretch(o):
			m.Width += max(free, 0)
			o.Resize(m) // first the width, which texts wrap to
			m.Height = o.MinSize().Height
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
		x += m.Width + l.gap
	}
}

func isGap(o fyne.CanvasObject) bool {
	_, ok := o.(layout.SpacerObject)
	return ok
}

type columns struct {
	gap     float32
	weights []float32
}

func (l *columns) widths(n int, width float32) []float32 {
	var sum float32
	out := make([]float32, n)
	for i := range out {
		out[i] = 1
		if i < len(l.weights) {
			out[i] = l.weights[i]
		}
		sum += out[i]
	}
	for i := range out {
		out[i] *= (width - l.gap*float32(n-1)) / sum
	}
	return out
}

func (l *columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		s := o.MinSize()
		m = fyne.NewSize(m.Width+s.Width, max(m.Height, s.Height))
	}
	return m.AddWidthHeight(l.gap*float32(max(len(objects)-1, 0)), 0)
}

func (l *columns) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	for i, w := range l.widths(len(objects), s.Width) {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(w, s.Height))
		x += w + l.gap
	}
}

type fillLayout struct{ gap float32 }

func (l fillLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for i, o := range objects {
		s := o.MinSize()
		m = fyne.NewSize(max(m.Width, s.Width), m.Height+s.Height)
		if i > 0 {
			m.Height += l.gap
		}
	}
	return m
}

func (l fillLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for i, o := range objects {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, o.Size().Height)) // first the width, which texts wrap to
		h := o.MinSize().Height
		if i == len(objects)-1 {
			h = max(s.Height-y, h)
		}
		o.Resize(fyne.NewSize(s.Width, h))
		y += h + l.gap
	}
}
