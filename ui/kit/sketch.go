package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// What follows draws parts of the window for the help: they look like them, cannot be pressed, and take no focus.

// Framed puts a picture on the ground that the window has, with an edge.
func Framed(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(box(theme.Paper, theme.Line, 1, 8), Inset(14, o))
}

// Sign is an icon of assets in a tone, in the size of the letters.
func Sign(name string, tone Tone) fyne.CanvasObject {
	side := size(theme.Big)
	return Fixed(side, side, canvas.NewImageFromResource(icon(name, tone.colour())))
}

// Labelled is an icon with its word.
func Labelled(sign, word string) fyne.CanvasObject {
	return Row(8, Sign(sign, Plain), line(word, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{Bold: true}))
}

// Sketch is an entry with something typed in it.
func Sketch(typed string) fyne.CanvasObject {
	return Fixed(0, minHeight, container.NewStack(box(theme.Card, theme.Edge, 1.5, 6), container.New(padded{12, 4}, line(typed, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{}))))
}

// Wrong is a field with its problem.
func Wrong(label, typed, problem string) fyne.CanvasObject {
	entry := Fixed(0, minHeight, container.NewStack(box(theme.Card, theme.Bad, 2, 6), container.New(padded{12, 4}, line(typed, fynetheme.SizeNameText, theme.Ink, fyne.TextStyle{}))))
	return Column(fieldGap, newText(label, theme.Small, theme.Ink, fyne.TextStyle{Bold: true}), entry, newText(problem, theme.Small, theme.Bad, fyne.TextStyle{}))
}
