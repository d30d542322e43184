package lens

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// gray returns the picture without colours, starting at 0, 0.
func gray(img image.Image) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	switch src := img.(type) {
	case *image.YCbCr: // photos: the light is there already
		for y := range b.Dy() {
			at := src.YOffset(b.Min.X, b.Min.Y+y)
			copy(out.Pix[y*out.Stride:y*out.Stride+b.Dx()], src.Y[at:at+b.Dx()])
		}
	case *image.Gray:
		draw.Draw(out, out.Bounds(), src, b.Min, draw.Src)
	default: // what is transparent was meant to be seen on paper
		for y := range b.Dy() {
			for x := range b.Dx() {
				out.Pix[y*out.Stride+x] = light(img.At(b.Min.X+x, b.Min.Y+y))
			}
		}
	}
	return out
}

func light(c color.Color) byte {
	r, g, b, a := c.RGBA()
	white := 0xffff - a
	return byte((299*(r+white) + 587*(g+white) + 114*(b+white)) / 1000 >> 8)
}

// fitted reduces a picture to a longest side of so many pixels, each the mean of those that it stands for; a smaller one stays.
func fitted(g *image.Gray, side int) *image.Gray {
	w, h := g.Bounds().Dx(), g.Bounds().Dy()
	longest := max(w, h)
	if longest <= side {
		return g
	}
	dw, dh := max(w*side/longest, 1), max(h*side/longest, 1)
	out := image.NewGray(image.Rect(0, 0, dw, dh))
	for y := range dh {
		y0, y1 := y*h/dh, max((y+1)*h/dh, y*h/dh+1)
		for x := range dw {
			x0, x1 := x*w/dw, max((x+1)*w/dw, x*w/dw+1)
			sum := 0
			for yy := y0; yy < y1; yy++ {
				for _, p := range g.Pix[yy*g.Stride+x0 : yy*g.Stride+x1] {
					sum += int(p)
				}
			}
			out.Pix[y*out.Stride+x] = byte(sum / ((x1 - x0) * (y1 - y0)))
		}
	}
	return out
}

// smoothed is the mean of each pixel and its eight neighbours.
func smoothed(g *image.Gray) *image.Gray {
	w, h := g.Bounds().Dx(), g.Bounds().Dy()
	out := image.NewGray(g.Bounds())
	for y := range h {
		for x := range w {
			sum, n := 0, 0
			for yy := max(y-1, 0); yy <= min(y+1, h-1); yy++ {
				for xx := max(x-1, 0); xx <= min(x+1, w-1); xx++ {
					sum += int(g.Pix[yy*g.Stride+xx])
					n++
				}
			}
			out.Pix[y*out.Stride+x] = byte(sum / n)
		}
	}
	return out
}

// turned is the picture turned by so many degrees, on white.
func turned(g *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(g.Bounds().Dx()), float64(g.Bounds().Dy())
	dw, dh := int(w*math.Abs(cos)+h*math.Abs(sin)), int(w*math.Abs(sin)+h*math.Abs(cos))
	out := image.NewGray(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			dx, dy := float64(x)-float64(dw)/2, float64(y)-float64(dh)/2
			out.Pix[y*out.Stride+x] = between(g, cos*dx+sin*dy+w/2, -sin*dx+cos*dy+h/2)
		}
	}
	return out
}

// between mixes the four pixels around a point; white outside.
func between(g *image.Gray, x, y float64) byte {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	if x0 < 0 || y0 < 0 || x0+1 >= g.Bounds().Dx() || y0+1 >= g.Bounds().Dy() {
		return 255
	}
	fx, fy := x-float64(x0), y-float64(y0)
	at := y0*g.Stride + x0
	top := float64(g.Pix[at])*(1-fx) + float64(g.Pix[at+1])*fx
	low := float64(g.Pix[at+g.Stride])*(1-fx) + float64(g.Pix[at+g.Stride+1])*fx
	return byte(top*(1-fy) + low*fy)
}
