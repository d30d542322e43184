package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"kandili/ui/theme"
)

// Column puts objects below each other, gap apart, at full width. Tab follows the same order.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columnLayout{gap}, objects...)
}

// columnLayout gives each object its width before it asks for the height, which wrapped texts know only then.
type columnLayout struct{ gap float32 }

func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		s := o.MinSize()
		m = fyne.NewSize(max(m.Width, s.Width), m.Height+s.Height)
		n++
	}
	return m.AddWidthHeight(0, l.gap*float32(max(n-1, 0)))
}

func (l columnLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(s.Width, h))
		y += h + l.gap
	}
}

// Row puts objects side by side at their own widths, centred in height. One that stretches stands above the others where it would get
// too little beside them.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&rowLayout{gap: gap}, objects...)
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

// Columns share the width by weights: Columns([]float32{2, 3}, list, form) gives the form three fifths. Tab follows the order. Where an
// object would get less width than it needs, there are fewer columns, one below the other.
func Columns(gap float32, weights []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columns{gap: gap, weights: weights}, objects...)
}

// Fill is Column whose last object takes all height that is left: a search above a list.
func Fill(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(fillLayout{gap}, objects...)
}

type rowLayout struct{ gap, width float32 }

// broken says that what stretches would get too little width beside the others, and stands above them instead.
func (l *rowLayout) broken(objects []fyne.CanvasObject, width float32) bool {
	if width == 0 {
		return false
	}
	need, stretches := -l.gap, false
	for _, o := range objects {
		if !o.Visible() || isGap(o) {
			continue
		}
		need += o.MinSize().Width + l.gap
		if isStretch(o) {
			stretches = true
			need += max(wanted(o)-o.MinSize().Width, 0)
		}
	}
	return stretches && need > width
}

// parts are what stretches and the others.
func (l *rowLayout) parts(objects []fyne.CanvasObject) (wide, rest []fyne.CanvasObject) {
	for _, o := range objects {
		switch {
		case !o.Visible() || isGap(o):
		case isStretch(o):
			wide = append(wide, o)
		default:
			rest = append(rest, o)
		}
	}
	return wide, rest
}

// hints leaves the keys on buttons out where an entry, or the title beside them, would get too little room; they come back with it.
func (l *rowLayout) hints(objects []fyne.CanvasObject, width float32) {
	if width == 0 {
		return
	}
	need, keys, stretches := -l.gap, float32(0), false
	for _, o := range objects {
		if !o.Visible() || isGap(o) {
			continue
		}
		need += o.MinSize().Width + l.gap
		if b, ok := o.(*Button); ok {
			if b.bare {
				need += b.hintWidth()
			}
			keys += b.hintWidth()
		}
		if isStretch(o) {
			stretches = true
			need += max(max(wanted(o), titleWidth(o))-o.MinSize().Width, 0)
		}
	}
	for _, o := range objects {
		if b, ok := o.(*Button); ok {
			b.setBare(stretches && keys > 0 && need > width)
		}
	}
}

// titleWidth is the width of the titles in o, each in one line.
func titleWidth(o fyne.CanvasObject) (w float32) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			w = max(w, titleWidth(c))
		}
	case *Text:
		if o.sizeOf == theme.Huge || o.sizeOf == theme.Big {
			return fyne.MeasureText(o.text, size(o.sizeOf), o.style).Width
		}
	}
	return w
}

func (l *rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	l.hints(objects, l.width)
	if l.broken(objects, l.width) {
		wide, rest := l.parts(objects)
		below := (&flow{gap: l.gap, width: l.width}).MinSize(rest)
		m := fyne.NewSize(l.least(objects), wide[0].MinSize().Height)
		if len(rest) > 0 {
			m.Height += l.gap + below.Height
		}
		return m
	}
	m := l.line(objects)
	if wide, _ := l.parts(objects); len(wide) > 0 {
		m.Width = l.least(objects)
	}
	return m
}

// least is the width of the widest object: a row that may break needs no more.
func (l *rowLayout) least(objects []fyne.CanvasObject) (w float32) {
	for _, o := range objects {
		if o.Visible() && !isGap(o) {
			w = max(w, o.MinSize().Width)
		}
	}
	return w
}

// line is the size of all in one line.
func (l *rowLayout) line(objects []fyne.CanvasObject) fyne.Size {
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

func (l *rowLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.hints(objects, s.Width)
	if l.broken(objects, s.Width) {
		l.below(objects, s)
		return
	}
	free, gaps := s.Width-l.line(objects).Width, 0
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
		o.Move(fyne.NewPos(snap(x), snap((s.Height-m.Height)/2)))
		x += m.Width + l.gap
	}
}

// below lays what stretches over the whole width, and the others under it.
func (l *rowLayout) below(objects []fyne.CanvasObject, s fyne.Size) {
	wide, rest := l.parts(objects)
	y := float32(0)
	for _, o := range wide {
		o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		o.Resize(fyne.NewSize(s.Width, o.MinSize().Height))
		o.Move(fyne.NewPos(0, y))
		y += o.MinSize().Height + l.gap
	}
	under := &flow{gap: l.gap}
	under.Layout(rest, fyne.NewSize(s.Width, 0))
	for _, o := range rest {
		o.Move(o.Position().AddXY(0, y))
	}
}

func isGap(o fyne.CanvasObject) bool {
	_, ok := o.(layout.SpacerObject)
	return ok
}

type columns struct {
	gap     float32
	weights []float32
	width   float32 // of the last layout, zero before
}

// shares are the widths of n columns.
func (l *columns) shares(n int, weighted bool, width float32) []float32 {
	var sum float32
	out := make([]float32, n)
	for i := range out {
		out[i] = 1
		if weighted && i < len(l.weights) {
			out[i] = l.weights[i]
		}
		sum += out[i]
	}
	free := width - l.gap*float32(n-1)
	for i := range out { // whole units, that texts lie on pixels; the last takes what is left
		if i == n-1 {
			out[i] = free
			break
		}
		share := floor(out[i] * free / sum)
		sum -= out[i]
		free, out[i] = free-share, share
	}
	return out
}

// rows parts the objects into rows: all side by side where each gets the width it needs, else two or three or one a row. Large letters
// and long words make a place of two columns one of one.
func (l *columns) rows(objects []fyne.CanvasObject, width float32) (rows [][]fyne.CanvasObject, widths []float32) {
	for n := len(objects); n > 0; n-- {
		if n < len(objects) && n > 1 && len(objects)%n != 0 {
			continue // a last row of one among rows of three looks like a mistake
		}
		widths = l.shares(n, n == len(objects), width)
		if n > 1 && !l.fit(objects, widths) {
			continue
		}
		for at := 0; at < len(objects); at += n {
			rows = append(rows, objects[at:min(at+n, len(objects))])
		}
		break
	}
	return rows, widths
}

func (l *columns) fit(objects []fyne.CanvasObject, widths []float32) bool {
	for i, o := range objects {
		if o.MinSize().Width > widths[i%len(widths)]+0.5 {
			return false
		}
	}
	return true
}

// MinSize is for the last layout's width: how many rows there are is not known before.
func (l *columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	sum := float32(0)
	for _, o := range objects {
		m.Width = max(m.Width, o.MinSize().Width)
		sum += o.MinSize().Width
	}
	width := l.width
	if width == 0 {
		width = 1e6 // side by side, until it is known
	}
	rows, _ := l.rows(objects, width)
	for i, row := range rows {
		if i > 0 {
			m.Height += l.gap
		}
		m.Height += tallest(row)
	}
	return m
}

func (l *columns) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	rows, widths := l.rows(objects, s.Width)
	y := float32(0)
	for _, row := range rows {
		x := float32(0)
		for i, o := range row {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(widths[i], o.Size().Height)) // first the width, which texts wrap to
			x += widths[i] + l.gap
		}
		high := s.Height
		if len(rows) > 1 {
			high = tallest(row)
		}
		for i, o := range row {
			o.Resize(fyne.NewSize(widths[i], high))
		}
		y += high + l.gap
	}
}

func tallest(objects []fyne.CanvasObject) (h float32) {
	for _, o := range objects {
		h = max(h, o.MinSize().Height)
	}
	return h
}

type fillLayout struct{ gap float32 }

func (l fillLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for i, o := range seen(objects) {
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
	objects = seen(objects)
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
