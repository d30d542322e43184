package uitest

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
)

// What is typed in an entry below the edge of its form is not painted over what stands there.
func TestCapture_cutsScrollsInScrolls(t *testing.T) {
	form := kit.Column(16)
	for range 8 {
		e := kit.NewEntry("")
		e.SetText("MMMMMMMMMMMM")
		form.Add(kit.NewField("Name", e, ""))
	}
	var below fyne.CanvasObject
	w := New(t, 300, 300, func() fyne.CanvasObject {
		below = kit.Fixed(0, 80, kit.Column(0))
		return kit.NewRoot(kit.FillAbove(16, kit.Scroll(form), below))
	})
	blank := func(img image.Image) bool {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
		first := img.At(20, int(at.Y)+2)
		for y := int(at.Y) + 2; y < 298; y++ {
			for x := 16; x < 200; x++ {
				if img.At(x, y) != first {
					return false
				}
			}
		}
		return true
	}
	if blank(w.Canvas().Capture()) {
		t.Log("the toolkit's painter cuts it by itself now: capture is not needed any more")
	}
	if !blank(capture(w.Canvas())) {
		t.Error("what lies below the edge is painted")
	}
}
