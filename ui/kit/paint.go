package kit

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/assets"
	"kandili/ui/theme"
)

// Heights and gaps of the look, in Fyne's units.
const (
	minHeight = 44 // of whatever is pressed
	rowHeight = 56 // of a row with two lines, in letters of the usual size
	edgeWidth = 4  // the amber edge of what is selected
	ringWidth = 3  // of the ring around what has the focus
	ringGap   = 2  // between it and the widget
	fieldGap  = 6  // between a control and what stands above and below it
)

var colourless = color.Transparent

func colour(name fyne.ThemeColorName) color.Color { return fynetheme.Color(name) }

func size(name fyne.ThemeSizeName) float32 { return fynetheme.Size(name) }

// snap is the whole unit nearest to x. The toolkit lays the picture of a text between whole pixels: from half a unit it would be a
// pixel wider or narrower than it was drawn, and its letters blurred.
func snap(x float32) float32 { return float32(math.Round(float64(x))) }

func floor(x float32) float32 { return float32(math.Floor(float64(x))) }

// letterScale is the size of letters a person chose, 1 being the usual one.
func letterScale() float32 {
	return float32(math.Round(float64(size(fynetheme.SizeNameText)/15*20))) / 20
}

// lineHigh is the height of a line of letters, in whole units, so that what lies below it lies on a whole one, too.
func lineHigh(letters float32, style fyne.TextStyle) float32 {
	return snap(fyne.MeasureText("Mg", letters, style).Height)
}

// rowHigh is the height of a row with two lines: it grows with the letters.
func rowHigh() float32 {
	return max(rowHeight, lineHigh(size(fynetheme.SizeNameText), fyne.TextStyle{})+lineHigh(size(theme.Small), fyne.TextStyle{})+14)
}

// markSide is the side of a mark before a word: it grows with the letters.
func markSide() float32 { return floor(size(theme.Small)) }

// icon is one of our icons in a colour of the theme. Fyne's own coloured resources leave strokes as they are.
func icon(name string, c fyne.ThemeColorName) fyne.Resource {
	r, g, b, _ := colour(c).RGBA()
	hex := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	svg := strings.ReplaceAll(string(assets.Icon(name)), "#000000", hex)
	return fyne.NewStaticResource(name+hex[1:]+".svg", []byte(svg)) // the name is what the picture is kept by
}

// bigIcon is icon for a mark seen from across a table. Strokes do not grow with a picture here, so these marks are filled shapes.
func bigIcon(name string, c fyne.ThemeColorName) fyne.Resource {
	switch name {
	case MarkCheck, MarkCross, MarkWarning:
		return icon("big-"+name, c)
	}
	return icon(name, c)
}

// AppIcon is the mark of the program for the window.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("icon.png", assets.AppIcon()) }

// ring is drawn around what has the focus.
func newRing() *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth, r.CornerRadius = ringWidth, 8
	r.Hide()
	return r
}

// layRing puts the ring around an object of the given size that lies at the origin.
func layRing(r *canvas.Rectangle, around fyne.Size) {
	const out = ringWidth + ringGap
	r.Move(fyne.NewPos(-out, -out))
	r.Resize(around.AddWidthHeight(2*out, 2*out))
}

func showRing(r *canvas.Rectangle, on bool) {
	r.StrokeColor = colour(theme.Ink)
	if r.Hidden = !on; on {
		r.Show()
	}
	r.Refresh()
}

// box is a filled rectangle with an edge.
func box(fill, edge fyne.ThemeColorName, width, radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(colour(fill))
	r.StrokeColor, r.StrokeWidth, r.CornerRadius = colour(edge), width, radius
	return r
}

// line is one line of text in the theme's font.
func line(s string, sz fyne.ThemeSizeName, c fyne.ThemeColorName, style fyne.TextStyle) *canvas.Text {
	t := canvas.NewText(s, colour(c))
	t.TextSize, t.TextStyle = size(sz), style
	return t
}

// fit shortens s with an ellipsis to at most width.
func fit(s string, width, textSize float32, style fyne.TextStyle) string {
	if fyne.MeasureText(s, textSize, style).Width <= width {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if fyne.MeasureText(string(runes[:mid])+"…", textSize, style).Width <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return string(runes[:lo]) + "…"
}
