package uitest

import (
	"image"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// capture is the canvas as the real window shows it. The toolkit's software painter cuts what lies in a scroll in another scroll by the
// inner one alone, so that what is typed in an entry is painted below the edge of its form; here that is taken away again.
func capture(c fyne.Canvas) image.Image {
	picture := c.Capture()
	var all []leak
	for _, root := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		if root != nil {
			all = leaks(root, fyne.Position{}, rectAt(fyne.Position{}, c.Size()), false, all)
		}
	}
	if len(all) == 0 {
		return picture
	}
	for _, l := range all {
		l.o.Hide()
	}
	clean := image.NewNRGBA(picture.Bounds())
	draw.Draw(clean, clean.Bounds(), c.Capture(), image.Point{}, draw.Src)
	for _, l := range all {
		l.o.Show()
		draw.Draw(clean, l.seen, picture, l.seen.Min, draw.Src)
	}
	return clean
}

// leak is a scroll that stands out of the one around it.
type leak struct {
	o    fyne.CanvasObject
	seen image.Rectangle // what is seen of it
}

// leaks gathers the outermost such scrolls below o. inside says that o lies in a scroll, of which clip is what can be seen.
func leaks(o fyne.CanvasObject, at fyne.Position, clip rect, inside bool, all []leak) []leak {
	if !o.Visible() {
		return all
	}
	at = at.Add(o.Position())
	if cuts(o) {
		own := rectAt(at, o.Size())
		part := own.and(clip)
		if inside && part != own {
			return append(all, leak{o, image.Rect(int(part.x1), int(part.y1), max(int(part.x2), int(part.x1)), max(int(part.y2), int(part.y1)))})
		}
		clip, inside = part, true
	}
	for _, child := range below(o) {
		if child != nil {
			all = leaks(child, at, clip, inside, all)
		}
	}
	return all
}

func cuts(o fyne.CanvasObject) bool {
	if _, ok := o.(fyne.Scrollable); ok {
		return true
	}
	_, ok := o.(*container.Clip)
	return ok
}
