package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// palettes hold every colour of ours for every variant.
var palettes = map[string]map[fyne.ThemeColorName]color.NRGBA{
	Light: {
		Ink: rgb(0x16202E), Ink2: rgb(0x4A5564), Paper: rgb(0xFAF7F0), Card: rgb(0xFFFFFF), Line: rgb(0xDCD6C8), Edge: rgb(0x868E9B),
		Tint: rgb(0xF3EEE2), Amber: rgb(0xF0A81C), OnAmber: rgb(0x16202E), Chosen: rgb(0xFFF4D9), Marked: rgb(0xFFE2A0),
		Good: rgb(0x1F7A4A), Dim: rgb(0x8F5D00), Bad: rgb(0xB3261E), OnTone: rgb(0xFFFFFF),
		NavBack: rgb(0x16202E), NavText: rgb(0xE9E4D8), NavOn: rgb(0x2A3950), NavHint: rgb(0xA0A9B7),
	},
	Dark: {
		Ink: rgb(0xF3EEE2), Ink2: rgb(0xB4BCC8), Paper: rgb(0x121924), Card: rgb(0x1B2533), Line: rgb(0x344256), Edge: rgb(0x8B93A0),
		Tint: rgb(0x2A3647), Amber: rgb(0xF0A81C), OnAmber: rgb(0x16202E), Chosen: rgb(0x3A3320), Marked: rgb(0x6B5114),
		Good: rgb(0x7BD3A2), Dim: rgb(0xF2C15C), Bad: rgb(0xFF9C94), OnTone: rgb(0x121924),
		NavBack: rgb(0x0B111A), NavText: rgb(0xE9E4D8), NavOn: rgb(0x2A3950), NavHint: rgb(0xA7B0BE),
	},
	Sunlight: {
		Ink: rgb(0x000000), Ink2: rgb(0x1E2630), Paper: rgb(0xFFFFFF), Card: rgb(0xFFFFFF), Line: rgb(0x4A4A4A), Edge: rgb(0x000000),
		Tint: rgb(0xF2F2F2), Amber: rgb(0xFFB81F), OnAmber: rgb(0x000000), Chosen: rgb(0xFFF0C2), Marked: rgb(0xFFD466),
		Good: rgb(0x00451F), Dim: rgb(0x573500), Bad: rgb(0x7D0008), OnTone: rgb(0xFFFFFF),
		NavBack: rgb(0x000000), NavText: rgb(0xFFFFFF), NavOn: rgb(0x2B2B2B), NavHint: rgb(0xDDDDDD),
	},
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}
