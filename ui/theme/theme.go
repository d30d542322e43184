// Package theme is the look of the window: colours, sizes and fonts, in a light, a dark and a sunlight variant. Only ui and
// cmd/kandili import it.
package theme

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"kandili/assets"
)

// The variants of the look.
const (
	Light    = "light"
	Dark     = "dark"
	Sunlight = "sunlight" // black on white with every contrast at least 7:1, for a laptop outdoors
)

// Colour names of our own; Fyne's names follow from them.
const (
	Ink     fyne.ThemeColorName = "kandili.ink"     // text
	Ink2    fyne.ThemeColorName = "kandili.ink2"    // second line of a row, hints
	Paper   fyne.ThemeColorName = "kandili.paper"   // behind everything
	Card    fyne.ThemeColorName = "kandili.card"    // behind forms and rows
	Line    fyne.ThemeColorName = "kandili.line"    // between rows
	Edge    fyne.ThemeColorName = "kandili.edge"    // around a field
	Tint    fyne.ThemeColorName = "kandili.tint"    // chips, the empty part of a bar
	Amber   fyne.ThemeColorName = "kandili.amber"   // the main button, the edge of what is selected
	OnAmber fyne.ThemeColorName = "kandili.onamber" // text on Amber
	Chosen  fyne.ThemeColorName = "kandili.chosen"  // behind the selected row
	Marked  fyne.ThemeColorName = "kandili.marked"  // behind letters that a search found
	Good    fyne.ThemeColorName = "kandili.good"
	Dim     fyne.ThemeColorName = "kandili.dim" // needs a look, not broken
	Bad     fyne.ThemeColorName = "kandili.bad"
	OnTone  fyne.ThemeColorName = "kandili.ontone" // text on a Good, Dim or Bad banner
	NavBack fyne.ThemeColorName = "kandili.navback"
	NavText fyne.ThemeColorName = "kandili.navtext"
	NavOn   fyne.ThemeColorName = "kandili.navon"   // behind the place that is open
	NavHint fyne.ThemeColorName = "kandili.navhint" // key hints in the column
)

// Sizes in the look's own steps, before the scale.
const (
	Tiny  fyne.ThemeSizeName = "kandili.tiny"  // 12: the keys in the column
	Small fyne.ThemeSizeName = "kandili.small" // 13: hints, second lines
	Big   fyne.ThemeSizeName = "kandili.big"   // 18: titles of cards
	Huge  fyne.ThemeSizeName = "kandili.huge"  // 24: title of a place
	Num   fyne.ThemeSizeName = "kandili.num"   // 40: the number of a card
	Wall  fyne.ThemeSizeName = "kandili.wall"  // 52: the answer of a check-in
)

// EdgeStroke is the width of the edge around a field; with less it is hard to find in the sun.
const EdgeStroke = 1.25

// Theme implements fyne.Theme. It does not change once it is made.
type Theme struct {
	variant string
	scale   float32
	colours map[fyne.ThemeColorName]color.NRGBA
}

// New makes the theme of a variant; an unknown variant is light. scale multiplies the letters, 1 being 15 points; it is kept
// between 0.8 and 2.
func New(variant string, scale float32) *Theme {
	p, ok := palettes[variant]
	if !ok {
		variant, p = Light, palettes[Light]
	}
	return &Theme{variant: variant, scale: min(max(scale, 0.8), 2), colours: p}
}

// Variant is the name of the variant in use.
func (t *Theme) Variant() string { return t.variant }

// Font implements fyne.Theme: Noto Sans, which covers the letters of all our languages.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Symbol:
		return theme.DefaultTheme().Font(s)
	case s.Monospace:
		return mono
	case s.Bold:
		return bold
	}
	return regular
}

var (
	regular = font("NotoSans-Regular")
	bold    = font("NotoSans-Bold")
	mono    = font("NotoSansMono-Regular")
)

// Icon implements fyne.Theme with Fyne's own icons, but for the arrow of what opens, which is of our family; ours come from assets.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	if name != theme.IconNameArrowDropDown {
		return theme.DefaultTheme().Icon(name)
	}
	ink := t.colours[Ink]
	hex := fmt.Sprintf("#%02x%02x%02x", ink.R, ink.G, ink.B)
	return fyne.NewStaticResource("down"+hex[1:]+".svg", bytes.ReplaceAll(assets.Icon("down"), []byte("#000000"), []byte(hex)))
}

// Color implements fyne.Theme. The system's variant is left aside: a person chooses ours in the settings.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := t.colours[name]; ok {
		return c
	}
	if ours, ok := fynes[name]; ok {
		if name == theme.ColorNameForeground {
			return menuInk(t.colours[ours])
		}
		return t.colours[ours]
	}
	switch name {
	case theme.ColorNameShadow:
		return color.NRGBA{A: 0x1C}
	case theme.ColorNameMenuBackground:
		return t.colours[Card]
	case theme.ColorNameOverlayBackground: // dialogs draw their own
		return color.NRGBA{}
	}
	v := theme.VariantLight
	if t.variant == Dark {
		v = theme.VariantDark
	}
	return theme.DefaultTheme().Color(name, v)
}

// fynes says which of our colours stands for one of Fyne's.
var fynes = map[fyne.ThemeColorName]fyne.ThemeColorName{
	theme.ColorNameBackground:          Paper,
	theme.ColorNameButton:              Card,
	theme.ColorNameDisabled:            Ink2,
	theme.ColorNameDisabledButton:      Tint,
	theme.ColorNameError:               Bad,
	theme.ColorNameFocus:               Chosen,
	theme.ColorNameForeground:          Ink,
	theme.ColorNameForegroundOnError:   OnTone,
	theme.ColorNameForegroundOnPrimary: OnAmber,
	theme.ColorNameForegroundOnSuccess: OnTone,
	theme.ColorNameForegroundOnWarning: OnTone,
	theme.ColorNameHeaderBackground:    Card,
	theme.ColorNameHover:               Tint,
	theme.ColorNameHyperlink:           Ink,
	theme.ColorNameInputBackground:     Card,
	theme.ColorNameInputBorder:         Edge,
	theme.ColorNamePlaceHolder:         Ink2,
	theme.ColorNamePressed:             Tint,
	theme.ColorNamePrimary:             Ink,
	theme.ColorNameScrollBar:           Edge,
	theme.ColorNameScrollBarBackground: Tint,
	theme.ColorNameSelection:           Chosen,
	theme.ColorNameSeparator:           Line,
	theme.ColorNameSuccess:             Good,
	theme.ColorNameWarning:             Dim,
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := letters[name]; ok {
		return whole(s * t.scale)
	}
	switch name {
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 6
	case theme.SizeNameInputBorder:
		return EdgeStroke
	case theme.SizeNameInnerPadding:
		return 12
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInlineIcon:
		return 20 * t.scale
	case theme.SizeNameScrollBar:
		return 14
	case theme.SizeNameScrollBarSmall:
		return 6
	}
	return theme.DefaultTheme().Size(name)
}

// whole is a size in whole units: the toolkit measures letters of 14.4 as those of 15, and would set them too wide apart.
func whole(size float32) float32 { return float32(math.Round(float64(size))) }

// letters are the sizes that grow with the scale.
var letters = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           15,
	theme.SizeNameCaptionText:    13,
	theme.SizeNameHeadingText:    24,
	theme.SizeNameSubHeadingText: 18,

	Tiny: 12, Small: 13, Big: 18, Huge: 24, Num: 40, Wall: 52,
}
