package theme

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TestMenu_keysCanBeRead: the keys in a menu are as dark as its words; see menuInk.
func TestMenu_keysCanBeRead(t *testing.T) {
	for _, variant := range []string{Light, Dark, Sunlight} {
		app := test.NewTempApp(t)
		th := New(variant, 1)
		app.Settings().SetTheme(th)
		item := fyne.NewMenuItem("", nil) // only the key is drawn
		item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyL, Modifier: fyne.KeyModifierControl}
		w := test.NewTempWindow(t, widget.NewMenu(fyne.NewMenu("", item)))
		w.Resize(fyne.NewSize(200, 80))
		if far := farthest(w.Canvas().Capture(), th.colours[Card]); far < 4.5 {
			t.Errorf("%s: the keys stand out by %.1f to 1", variant, far)
		}
		if _, _, _, a := th.Color(fynetheme.ColorNameForeground, 0).RGBA(); a>>8 != 0xFF {
			t.Errorf("%s: letters are not opaque", variant)
		}
	}
}

// farthest is the best contrast of any pixel to the ground.
func farthest(img image.Image, ground color.NRGBA) (best float64) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			best = max(best, ratio(color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA), ground))
		}
	}
	return best
}
