package paper

// desk is a document under way.
type desk struct {
	pen
	size Page
	set  *typesetter
}

// align says which end of a text stands at its place.
type align int

const (
	left align = iota
	centre
	right
)

// hand is how text looks.
type hand struct {
	role   role
	size   float64 // points
	colour colour
}

// write writes one line with its base at y. It is not cut: see fit.
func (d *desk) write(x, y float64, a align, text string, h hand) (width float64) {
	return d.put(x, y, a, d.set.set(text, h.role), h)
}

// put draws a line that is set.
func (d *desk) put(x, y float64, a align, l setLine, h hand) (width float64) {
	width = l.mm(h.size)
	switch a {
	case centre:
		x -= width / 2
	case right:
		x -= width
	}
	for _, r := range l.runs {
		if r.text != "" {
			d.text(r.role, h.size, x, y, r.text, h.colour)
		} else {
			d.shapes(r.glyphs, h.size, x, y, h.colour, r.bold)
		}
		x += r.width * h.size * pointMM
	}
	return width
}

// line writes one line that is cut, with a mark, where there is no more room.
func (d *desk) short(x, y float64, a align, text string, room float64, h hand) (width float64) {
	return d.write(x, y, a, d.cut(text, room, h), h)
}

// lineHeight is from base to base, as a multiple of the size. Arabic and Devanagari letters reach further down and up.
const lineHeight = 1.22

func (h hand) step() float64 { return h.size * pointMM * lineHeight }

// cap is how high capital letters are.
func (h hand) cap() float64 { return h.size * pointMM * 0.714 }

// lantern is the product's mark: a small light.
func (d *desk) lantern(x, y, r float64) {
	d.disc(x, y, r, amber)
	d.disc(x, y, r*0.45, glow)
}

// brand writes the mark and the name, y being the base line.
func (d *desk) brand(x, y float64, h hand) (width float64) {
	r := h.cap() * 0.62
	d.lantern(x+r, y-h.cap()/2, r)
	return 3.1*r + d.write(x+3.1*r, y, left, "Kandili", h)
}

// ruler is 100 mm long: whoever holds a real one to it knows whether the printer shrank the page.
func (d *desk) ruler(x, y float64) {
	d.pen.line(x, y, x+100, y, 0.2, ink2)
	for mm := 0; mm <= 100; mm += 10 {
		high := 1.2
		if mm%50 == 0 {
			high = 2
		}
		d.pen.line(x+float64(mm), y, x+float64(mm), y-high, 0.2, ink2)
	}
	d.write(x+101.5, y, left, "100 mm = 100 %", hand{regular, 6.5, ink2})
}

// uprightRuler is the ruler downwards.
func (d *desk) uprightRuler(x, y float64) {
	d.pen.line(x, y, x, y+100, 0.2, ink2)
	for mm := 0; mm <= 100; mm += 10 {
		wide := 1.2
		if mm%50 == 0 {
			wide = 2
		}
		d.pen.line(x, y+float64(mm), x+wide, y+float64(mm), 0.2, ink2)
	}
}

// box is an empty box to tick.
func (d *desk) tickBox(x, y, side float64) { d.frame(x, y, side, side, 0.6, 0.35, ink, nil) }
