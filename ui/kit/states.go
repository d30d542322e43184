package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// NewEmpty says why there is nothing and what to do about it; action may be nil.
func NewEmpty(title, sentence string, action *Button) fyne.CanvasObject {
	parts := []fyne.CanvasObject{NewHeading(title), NewText(sentence)}
	if action != nil {
		parts = append(parts, Row(0, action))
	}
	return Inset(24, Column(12, parts...))
}

// NewFailed says what went wrong and what to do next, with a mark that is seen without colour; action may be nil.
func NewFailed(title, sentence string, action *Button) fyne.CanvasObject {
	mark := canvas.NewImageFromResource(bigIcon(MarkWarning, theme.Bad))
	parts := []fyne.CanvasObject{Row(12, Fixed(28, 28, mark), Stretch(NewHeading(title))), NewText(sentence)}
	if action != nil {
		parts = append(parts, Row(0, action))
	}
	return Inset(24, Column(12, parts...))
}

// NewLoading says what is being read or done. Nothing turns: a moving picture costs an old laptop a tenth of its strength.
func NewLoading(sentence string) fyne.CanvasObject {
	mark := canvas.NewImageFromResource(icon(MarkHalf, theme.Ink2))
	return Inset(24, Row(10, Fixed(markSide(), markSide(), mark), Stretch(newText(sentence, fynetheme.SizeNameText, theme.Ink2, fyne.TextStyle{}))))
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
	s.box.Objects = []fyne.CanvasObject{o}
	Relay(s.box)
}
