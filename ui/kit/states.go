package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// NewEmpty says why there is nothing and what to do about it, under an icon of the place, which may be "".
func NewEmpty(name, title, sentence string, actions ...*Button) fyne.CanvasObject {
	return NewEmptyOf(name, NewHeading(title), NewText(sentence), actions...)
}

// NewEmptyOf is NewEmpty with a title and a sentence that the place keeps, to change them.
func NewEmptyOf(name string, title, sentence *Text, actions ...*Button) fyne.CanvasObject {
	var sign fyne.CanvasObject
	if name != "" {
		sign = badge(canvas.NewImageFromResource(icon(name, theme.Ink2)))
	}
	return poster(sign, title, sentence, actions)
}

// NewFailed says what went wrong and what to do next, with a mark that is seen without colour.
func NewFailed(title, sentence string, actions ...*Button) fyne.CanvasObject {
	return poster(badge(canvas.NewImageFromResource(bigIcon(MarkWarning, theme.Bad))), NewHeading(title), NewText(sentence), actions)
}

// NewLoading says what is being read or done. Nothing turns: a moving picture costs an old laptop a tenth of its strength.
func NewLoading(sentence string) fyne.CanvasObject {
	said := newText(sentence, fynetheme.SizeNameText, theme.Ink2, fyne.TextStyle{}).AlignCentre()
	return container.New(&posterLayout{}, badge(canvas.NewImageFromResource(icon(MarkHalf, theme.Ink2))), said)
}

// badge is a picture in a tinted circle.
func badge(picture *canvas.Image) fyne.CanvasObject {
	const side, inner = 64, 32
	return Fixed(side, side, container.NewStack(box(theme.Tint, theme.Tint, 0, side/2), container.NewCenter(Fixed(inner, inner, picture))))
}

func poster(sign fyne.CanvasObject, title, sentence *Text, actions []*Button) fyne.CanvasObject {
	var parts []fyne.CanvasObject
	if sign != nil {
		parts = append(parts, sign)
	}
	parts = append(parts, title.AlignCentre(), sentence.AlignCentre())
	for _, b := range actions {
		parts = append(parts, b)
	}
	return container.New(&posterLayout{}, parts...)
}

// posterLayout puts things below each other in the middle, a little above the half of the height, where the eye looks first. Sentences
// wrap before they become hard to read; buttons stand side by side where there is room for all.
type posterLayout struct{ width float32 }

const (
	posterGap  = 12  // between buttons, and between lines that are no text
	posterWide = 420 // of a sentence, in letters of the usual size
)

// gapOver is the air above a line: a sentence belongs to its title, buttons stand apart.
func gapOver(line, before []fyne.CanvasObject) float32 {
	switch line[0].(type) {
	case *Button:
		if _, ok := before[0].(*Text); ok {
			return 20
		}
	case *Text:
		if _, ok := before[0].(*Text); ok {
			return 6
		}
		return 16
	}
	return posterGap
}

// lines are the objects that stand side by side.
func (l *posterLayout) lines(objects []fyne.CanvasObject) (lines [][]fyne.CanvasObject) {
	var buttons []fyne.CanvasObject
	for _, o := range objects {
		if _, ok := o.(*Button); ok {
			buttons = append(buttons, o)
			continue
		}
		lines = append(lines, []fyne.CanvasObject{o})
	}
	if wide := lineOf(buttons).Width; l.width == 0 || wide <= l.width {
		if len(buttons) > 0 {
			lines = append(lines, buttons)
		}
		return lines
	}
	for _, b := range buttons {
		lines = append(lines, []fyne.CanvasObject{b})
	}
	return lines
}

// lineOf is the size of objects side by side.
func lineOf(objects []fyne.CanvasObject) fyne.Size { return (&rowLayout{gap: posterGap}).line(objects) }

func (l *posterLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m.Width = max(m.Width, o.MinSize().Width)
	}
	lines := l.lines(objects)
	for i, line := range lines {
		m.Height += lineOf(line).Height
		if i > 0 {
			m.Height += gapOver(line, lines[i-1])
		}
	}
	return m
}

func (l *posterLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	wide := min(s.Width, posterWide*letterScale())
	for _, o := range objects {
		if _, ok := o.(*Text); ok {
			o.Resize(fyne.NewSize(wide, o.Size().Height)) // wraps, so that the height is known
		}
	}
	y := snap(max((s.Height-l.MinSize(objects).Height)*0.42, 0))
	lines := l.lines(objects)
	for i, line := range lines {
		m := lineOf(line)
		if i > 0 {
			y += gapOver(line, lines[i-1])
		}
		if _, ok := line[0].(*Text); ok {
			m.Width = wide
		}
		x := snap((s.Width - m.Width) / 2)
		for _, o := range line {
			width := min(o.MinSize().Width, m.Width)
			if len(line) == 1 {
				width = m.Width
			}
			o.Resize(fyne.NewSize(width, m.Height))
			o.Move(fyne.NewPos(x, y))
			x = snap(x + width + posterGap)
		}
		y += m.Height
	}
}

// States is a part of a place that is not always there: while it is read, when there is nothing, when reading failed.
type States struct {
	content fyne.CanvasObject
	box     *fyne.Container
}

// NewStates begins with the content.
func NewStates(content fyne.CanvasObject) *States {
	return &States{content: content, box: container.NewStack(content)}
}

// Object is what to place.
func (s *States) Object() fyne.CanvasObject { return s.box }

// Content shows the content.
func (s *States) Content() { s.put(s.content) }

// Instead shows something else: one of NewEmpty, NewFailed and NewLoading, on a panel.
func (s *States) Instead(o fyne.CanvasObject) { s.put(Panel(o)) }

func (s *States) put(o fyne.CanvasObject) {
	if len(s.box.Objects) == 1 && s.box.Objects[0] == o {
		return
	}
	held := s.holdsFocus()
	s.box.Objects = []fyne.CanvasObject{o}
	Relay(s.box)
	if held {
		focusFirst(o)
	}
}

// holdsFocus says that the keyboard is in what is shown, and would be lost with it.
func (s *States) holdsFocus() bool {
	c := canvasOf(s.box)
	if c == nil {
		return false
	}
	o, ok := c.Focused().(fyne.CanvasObject)
	return ok && pathFrom(s.box, o, nil) != nil
}

// focusFirst gives the keyboard to the first stop of Tab in o, if there is one.
func focusFirst(o fyne.CanvasObject) {
	first := Find(o, func(o fyne.CanvasObject) bool {
		_, ok := o.(fyne.Focusable)
		d, may := o.(fyne.Disableable)
		return ok && !(may && d.Disabled())
	})
	if f, ok := first.(fyne.Focusable); ok {
		Focus(f)
	}
}
