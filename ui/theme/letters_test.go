package theme

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// The feet of g have room in every size and scale: the toolkit rounds the height of a line, and the way down to its baseline up.
func TestLetters_keepTheirFeet(t *testing.T) {
	const feet = 0.24 // what g needs below the baseline, in parts of the size
	for _, scale := range []float32{1, 1.15, 1.3, 1.45, 1.6} {
		app := test.NewTempApp(t)
		th := New(Light, scale)
		app.Settings().SetTheme(th)
		for name, want := range letters {
			s := th.Size(name)
			if off := math.Abs(float64(s/(want*scale) - 1)); off > 0.04 || s != float32(math.Round(float64(s))) {
				t.Errorf("%s at %.0f %%: %.2f instead of %.2f", name, scale*100, s, want*scale)
			}
			for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Monospace: true}} {
				m, baseline := fyne.CurrentApp().Driver().RenderedTextSize("Training", s, style, nil)
				high, down := math.Round(float64(m.Height)), math.Ceil(float64(baseline))
				if over := down + feet*float64(s) - high; over > 0.1 {
					t.Errorf("%s at %.0f %%: %v of %.0f are cut by %.2f", name, scale*100, style, s, over)
				}
			}
		}
	}
}
