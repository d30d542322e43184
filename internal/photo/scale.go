package photo

import (
	"image"
	"image/color"
	"image/draw"

	scale "golang.org/x/image/draw"
)

// shrink copies a picture, on white where it is transparent, to at most twice the size that will be needed: each pixel
// is the mean of a square of whole pixels. A strip at a time, so that a large picture is not in memory twice.
func shrink(source image.Image, side int) *image.RGBA {
	r := source.Bounds()
	n := max(1, max(r.Dx(), r.Dy())/side)
	w, h := max(1, r.Dx()/n), max(1, r.Dy()/n)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, r.Dx(), min(n, r.Dy())))
	for y := range h {
		draw.Draw(strip, strip.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(strip, strip.Bounds(), source, image.Pt(r.Min.X, r.Min.Y+y*n), draw.Over)
		for x := range w {
			mean(out.Pix[out.PixOffset(x, y):][:4], strip, x*n, n)
		}
	}
	return out
}

// mean sets a pixel to the mean of the strip's square that begins at x.
func mean(pixel []byte, strip *image.RGBA, x, n int) {
	var sum [3]int
	count := 0
	for row := range strip.Bounds().Dy() {
		line := strip.Pix[strip.PixOffset(min(x, strip.Bounds().Dx()-1), row):]
		for i := range min(n, strip.Bounds().Dx()-x) {
			sum[0] += int(line[4*i])
			sum[1] += int(line[4*i+1])
			sum[2] += int(line[4*i+2])
			count++
		}
	}
	for i := range sum {
		pixel[i] = byte((sum[i] + count/2) / count)
	}
	pixel[3] = 0xFF
}

// scaleTo makes a picture's longer side at most so long. It never makes a picture larger.
func scaleTo(pic *image.RGBA, side int) *image.RGBA {
	w, h := pic.Bounds().Dx(), pic.Bounds().Dy()
	long := max(w, h)
	if long <= side {
		return pic
	}
	out := image.NewRGBA(image.Rect(0, 0, max(1, w*side/long), max(1, h*side/long)))
	scale.BiLinear.Scale(out, out.Bounds(), pic, pic.Bounds(), scale.Src, nil)
	return out
}

// upright turns a picture as its EXIF orientation, 1 to 8, says that it was held.
func upright(pic *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return pic
	}
	w, h := pic.Bounds().Dx(), pic.Bounds().Dy()
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			sx, sy := origin(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):][:4], pic.Pix[pic.PixOffset(sx, sy):][:4])
		}
	}
	return out
}

// origin is where a pixel of the upright picture stood in the picture of w × h as it was stored.
func origin(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	}
	return w - 1 - y, x // 8
}
