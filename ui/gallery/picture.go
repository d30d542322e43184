package gallery

import (
	"image"
	"image/color"
	"math"
)

// evening is a drawn picture for the photo frames: a hut at dusk with a lamp in its door. No photo of a person is needed to show a frame.
func evening(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	w, h := float64(width), float64(height)
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, scene(float64(x)/w, float64(y)/h, w/h))
		}
	}
	return img
}

// scene is the colour at a place of the picture, both from 0 to 1; wide is its width in heights.
func scene(x, y, wide float64) color.NRGBA {
	c := between(rgb{0x23, 0x32, 0x4A}, rgb{0xE0, 0x8A, 0x4C}, min(y/0.72, 1)) // the sky
	if y > 0.72 {
		c = rgb{0x33, 0x2B, 0x26} // the ground
	}
	hut := math.Abs(x-0.5)*wide < 0.26 && y > 0.46 && y < 0.8
	roof := y > 0.26 && y <= 0.46 && math.Abs(x-0.5)*wide < (y-0.26)*1.7
	door := math.Abs(x-0.5)*wide < 0.08 && y > 0.56 && y < 0.8
	switch {
	case door:
		c = rgb{0x5A, 0x42, 0x22}
	case roof:
		c = rgb{0x1A, 0x1C, 0x20}
	case hut:
		c = rgb{0x26, 0x22, 0x20}
	}
	far := math.Hypot((x-0.5)*wide, y-0.62)
	return between(c, rgb{0xFF, 0xD9, 0x84}, math.Exp(-far*far/0.02)).colour()
}

type rgb [3]float64

func between(a, b rgb, share float64) (out rgb) {
	for i := range out {
		out[i] = a[i] + (b[i]-a[i])*share
	}
	return out
}

func (c rgb) colour() color.NRGBA {
	return color.NRGBA{R: uint8(c[0]), G: uint8(c[1]), B: uint8(c[2]), A: 0xFF}
}
