package theme

import "image/color"

// menuInk is a colour for Fyne's menus. Fyne 2.7 takes a shortcut's colour from the low bytes of RGBA after multiplying its alpha by
// 0.95 (widget/menu_item.go, shortcutColor), which makes an opaque colour a fifth as strong: nobody could read the keys in the menus. An
// alpha of 0xFFCA is opaque in eight bits, and what Fyne makes of it is opaque, too.
type menuInk color.NRGBA

const menuAlpha = 0xFFCA

// RGBA implements color.Color.
func (c menuInk) RGBA() (r, g, b, a uint32) {
	r, g, b, _ = color.NRGBA(c).RGBA()
	return min(r, menuAlpha), min(g, menuAlpha), min(b, menuAlpha), menuAlpha
}
