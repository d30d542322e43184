package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// pairs are what is read on what.
var pairs = [][2]fyne.ThemeColorName{
	{Ink, Paper}, {Ink, Card}, {Ink, Tint}, {Ink, Chosen}, {Ink, Marked}, {Ink2, Paper}, {Ink2, Card}, {Ink2, Tint}, {Ink2, Chosen},
	{Good, Card}, {Dim, Card}, {Bad, Card}, {Good, Chosen}, {Dim, Chosen}, {Bad, Chosen}, {Good, Paper}, {Dim, Paper}, {Bad, Paper},
	{OnTone, Good}, {OnTone, Dim}, {OnTone, Bad}, {OnAmber, Amber},
	{NavText, NavBack}, {NavText, NavOn}, {NavHint, NavBack}, {NavHint, NavOn},
	{Good, Tint}, {Dim, Tint}, {Bad, Tint}, {Card, Ink},
}

// edges are what tells where something is without words: the edge of a field, the ring around what has the focus, the bar of a chart, the
// mark of the open place. Hairlines between rows tell nothing that air does not.
var edges = [][2]fyne.ThemeColorName{
	{Edge, Card}, {Edge, Paper}, {Ink, Paper}, {Ink, Card}, {Ink, Chosen}, {Ink, Tint}, {Ink, Amber}, {Bad, Card}, {Bad, Paper}, {Amber, NavBack}, {Amber, NavOn},
}

// WCAG 2.2, 1.4.11: 3:1 for what is no text.
func TestContrast_edgesAreSeen(t *testing.T) {
	for variant := range palettes {
		for _, p := range edges {
			if p == [2]fyne.ThemeColorName{Ink, Amber} && variant == Dark {
				continue // a main button has an edge of its own colour there, and a ring outside it
			}
			if got := ratio(palettes[variant][p[0]], palettes[variant][p[1]]); got < 3 {
				t.Errorf("%s: %s on %s is %.2f:1, want 3", variant, p[0], p[1], got)
			}
		}
	}
}

// WCAG 2.2: 4.5:1 is level AA, 7:1 level AAA.
func TestContrast_isEnoughToRead(t *testing.T) {
	for variant, least := range map[string]float64{Light: 4.5, Dark: 4.5, Sunlight: 7} {
		for _, p := range pairs {
			if got := ratio(palettes[variant][p[0]], palettes[variant][p[1]]); got < least {
				t.Errorf("%s: %s on %s is %.2f:1, want %.1f", variant, p[0], p[1], got, least)
			}
		}
	}
}

func TestColours_areAllDefined(t *testing.T) {
	for variant, p := range palettes {
		if len(p) != len(palettes[Light]) {
			t.Errorf("%s has %d colours, light %d", variant, len(p), len(palettes[Light]))
		}
		test.AssertAllColorNamesDefined(t, New(variant, 1), variant)
	}
}

func TestNew_keepsTheScaleReadable(t *testing.T) {
	if got := New(Light, 9).Size(Small); got != 26 {
		t.Errorf("got %v, want 26", got)
	}
	if got := New("none such", 1).Variant(); got != Light {
		t.Errorf("got %q", got)
	}
}

func ratio(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}
