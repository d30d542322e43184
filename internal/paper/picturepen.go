package paper

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// picturePen paints the first page and leaves out the others.
type picturePen struct {
	image *image.RGBA
	set   *typesetter
	k     float64 // pixels in a millimetre
	pages int
}

func newPicturePen(set *typesetter, size Page, width int) *picturePen {
	k := float64(width) / size.W
	img := image.NewRGBA(image.Rect(0, 0, width, int(math.Ceil(size.H*k))))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	return &picturePen{image: img, set: set, k: k}
}

func (p *picturePen) page() { p.pages++ }

func (p *picturePen) text(r role, size, x, y float64, s string, c colour) {
	if p.pages == 1 {
		p.fill(p.set.glyphs(nil, p.set.simple(run{role: r, text: s}), size, x, y), c, 0)
	}
}

func (p *picturePen) shapes(list []glyph, size, x, y float64, c colour, fat bool) {
	stroke := 0.0
	if fat {
		stroke = fatness * size * pointMM
	}
	p.fill(p.set.glyphs(nil, list, size, x, y), c, stroke)
}

// fill paints an outline. Fatter letters are painted several times, each a little aside.
func (p *picturePen) fill(outline path, c colour, stroke float64) {
	if p.pages != 1 || len(outline) == 0 {
		return
	}
	p.paint(outline, 0, c)
	if stroke > 0 {
		p.paint(outline, stroke/2, c)
		p.paint(outline, -stroke/2, c)
	}
}

func (p *picturePen) paint(outline path, aside float64, c colour) {
	low, high := bounds(outline)
	box := image.Rect(int((low.x-1)*p.k), int((low.y-1)*p.k), int((high.x+1)*p.k)+1, int((high.y+1)*p.k)+1).Intersect(p.image.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(q point) (float32, float32) {
		return float32((q.x+aside)*p.k - float64(box.Min.X)), float32(q.y*p.k - float64(box.Min.Y))
	}
	for i, s := range outline {
		x1, y1 := at(s.p[0])
		x2, y2 := at(s.p[1])
		x3, y3 := at(s.p[2])
		switch {
		case s.move:
			if i > 0 {
				r.ClosePath()
			}
			r.MoveTo(x1, y1)
		case s.n == 1:
			r.LineTo(x1, y1)
		case s.n == 2:
			r.QuadTo(x1, y1, x2, y2)
		default:
			r.CubeTo(x1, y1, x2, y2, x3, y3)
		}
	}
	r.ClosePath()
	r.Draw(p.image, box, image.NewUniform(color.RGBA{c[0], c[1], c[2], 255}), image.Point{})
}

func bounds(outline path) (low, high point) {
	low, high = outline[0].p[0], outline[0].p[0]
	for _, s := range outline {
		for _, q := range s.p[:s.n] {
			low = point{min(low.x, q.x), min(low.y, q.y)}
			high = point{max(high.x, q.x), max(high.y, q.y)}
		}
	}
	return low, high
}

func box(x1, y1, x2, y2 float64) path {
	return path{{move: true, n: 1, p: [3]point{{x1, y1}}}, {n: 1, p: [3]point{{x2, y1}}}, {n: 1, p: [3]point{{x2, y2}}}, {n: 1, p: [3]point{{x1, y2}}}}
}

func (p *picturePen) line(x1, y1, x2, y2, width float64, c colour) {
	width = max(width, 0.8/p.k) // a hair is still seen
	long := math.Hypot(x2-x1, y2-y1)
	if long == 0 {
		return
	}
	dx, dy := (y2-y1)/long*width/2, (x1-x2)/long*width/2
	p.fill(path{{move: true, n: 1, p: [3]point{{x1 + dx, y1 + dy}}}, {n: 1, p: [3]point{{x2 + dx, y2 + dy}}},
		{n: 1, p: [3]point{{x2 - dx, y2 - dy}}}, {n: 1, p: [3]point{{x1 - dx, y1 - dy}}}}, c, 0)
}

func (p *picturePen) rect(x, y, w, h float64, c colour) { p.fill(box(x, y, x+w, y+h), c, 0) }

func (p *picturePen) frame(x, y, w, h, round, width float64, edge colour, in *colour) {
	width = max(width, 0.8/p.k)
	p.fill(rounded(x-width/2, y-width/2, w+width, h+width, round), edge, 0)
	ground := white
	if in != nil {
		ground = *in
	}
	p.fill(rounded(x+width/2, y+width/2, w-width, h-width, max(round-width, 0)), ground, 0)
}

// rounded is a box with round corners; circle is what a cubic curve needs for a quarter of one.
func rounded(x, y, w, h, r float64) path {
	const circle = 0.4477
	q := r * circle
	curve := func(a, b, c point) step { return step{n: 3, p: [3]point{a, b, c}} }
	to := func(a point) step { return step{n: 1, p: [3]point{a}} }
	return path{{move: true, n: 1, p: [3]point{{x + r, y}}},
		to(point{x + w - r, y}), curve(point{x + w - q, y}, point{x + w, y + q}, point{x + w, y + r}),
		to(point{x + w, y + h - r}), curve(point{x + w, y + h - q}, point{x + w - q, y + h}, point{x + w - r, y + h}),
		to(point{x + r, y + h}), curve(point{x + q, y + h}, point{x, y + h - q}, point{x, y + h - r}),
		to(point{x, y + r}), curve(point{x, y + q}, point{x + q, y}, point{x + r, y})}
}

func (p *picturePen) disc(x, y, r float64, c colour) { p.fill(rounded(x-r, y-r, 2*r, 2*r, r), c, 0) }

func (p *picturePen) symbol(x, y, module float64, code [][]bool) {
	var all path
	for row := range code {
		for col := range code[row] {
			if code[row][col] {
				all = append(all, box(x+float64(col)*module, y+float64(row)*module, x+float64(col+1)*module, y+float64(row+1)*module)...)
			}
		}
	}
	p.fill(all, colour{}, 0)
}
