package paper

import (
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// pdfPen writes PDF.
type pdfPen struct {
	pdf    *fpdf.Fpdf
	height float64
	k      float64 // points in a millimetre
	buf    []byte

	set      *typesetter
	outlines map[shapeKey][]byte

	now struct { // what the PDF was last told, so as not to say it again
		role role
		size float64
		ok   bool
	}
}

var familyOf = [...]struct{ family, style string }{regular: {"text", ""}, bold: {"text", "B"}, mono: {"mono", ""}}

func newPDFPen(p *Press, set *typesetter, size Page, title string) *pdfPen {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: size.W, Ht: size.H}})
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetCompression(true)
	f.SetCreationDate(time.Unix(0, 0).UTC()) // the same content, the same bytes
	f.SetModificationDate(time.Unix(0, 0).UTC())
	f.SetCatalogSort(true)
	f.SetTitle(title, true)
	f.SetCreator("Kandili", true)
	for r, name := range familyOf {
		f.AddUTF8FontFromBytes(name.family, name.style, p.files[r])
	}
	return &pdfPen{pdf: f, height: size.H, k: f.GetConversionRatio(), set: set, outlines: map[shapeKey][]byte{}}
}

func (p *pdfPen) page() {
	p.pdf.AddPage()
	p.now.ok = false
}

func (p *pdfPen) text(r role, size, x, y float64, s string, c colour) {
	if !p.now.ok || p.now.role != r || p.now.size != size {
		p.pdf.SetFont(familyOf[r].family, familyOf[r].style, size)
		p.now.role, p.now.size, p.now.ok = r, size, true
	}
	p.pdf.SetTextColor(int(c[0]), int(c[1]), int(c[2]))
	p.pdf.Text(x, y, s)
}

func (p *pdfPen) number(v float64) {
	p.buf = append(strconv.AppendFloat(p.buf, v, 'f', 2, 64), ' ')
}

func (p *pdfPen) at(q point) {
	p.number(q.x * p.k)
	p.number((p.height - q.y) * p.k)
}

func (p *pdfPen) say(words string) { p.buf = append(p.buf, words...) }

func (p *pdfPen) paint(c colour, operator string) {
	for _, v := range c {
		p.buf = append(strconv.AppendFloat(p.buf, float64(v)/255, 'f', 3, 64), ' ')
	}
	p.say(operator)
}

func (p *pdfPen) flush() {
	p.pdf.RawWriteStr(string(p.buf))
	p.buf = p.buf[:0]
}

// fatness is how much wider letters are drawn that have no bold weight, as a part of their size.
const fatness = 0.025

// shapes draws each glyph by the same words, moved and scaled: a sheet of a thousand names stays small.
func (p *pdfPen) shapes(list []glyph, size, x, y float64, c colour, fat bool) {
	mm := size * pointMM
	p.say("q ")
	p.paint(c, "rg ")
	end := "f Q\n"
	if fat {
		p.paint(c, "RG 1 j ")
		end = "b Q\n"
	}
	for _, g := range list {
		words := p.shape(g)
		if len(words) == 0 {
			continue
		}
		scale := g.em * mm * p.k / unitsEm
		p.say("q ")
		p.fine(scale)
		p.say("0 0 ")
		p.fine(scale)
		p.at(point{x + g.x*mm, y - g.y*mm})
		p.say("cm ")
		if fat {
			p.number(fatness * unitsEm)
			p.say("w ")
		}
		p.buf = append(p.buf, words...)
		p.say(end)
	}
	p.say("Q\n")
	p.flush()
}

// unitsEm is how fine outlines are written.
const unitsEm = 1000

// shape is a glyph's outline in PDF's words, in units.
func (p *pdfPen) shape(g glyph) []byte {
	key := shapeKey{g.role, g.id}
	if words, ok := p.outlines[key]; ok {
		return words
	}
	var b []byte
	put := func(operator string, list ...point) {
		for _, q := range list {
			b = append(strconv.AppendInt(b, int64(math.Round(q.x*unitsEm)), 10), ' ')
			b = append(strconv.AppendInt(b, int64(math.Round(q.y*unitsEm)), 10), ' ')
		}
		b = append(b, operator...)
	}
	var last point
	for i, s := range p.set.shape(g.role, g.id) {
		switch {
		case s.move && i > 0:
			put("h ")
			put("m ", s.p[0])
		case s.move:
			put("m ", s.p[0])
		case s.n == 1:
			put("l ", s.p[0])
		case s.n == 2: // PDF has cubic curves only
			put("c ", between(last, s.p[0], 2.0/3), between(s.p[1], s.p[0], 2.0/3), s.p[1])
		default:
			put("c ", s.p[:3]...)
		}
		last = s.p[s.n-1]
	}
	p.outlines[key] = b
	return b
}

func between(a, b point, part float64) point {
	return point{a.x + (b.x-a.x)*part, a.y + (b.y-a.y)*part}
}

func (p *pdfPen) line(x1, y1, x2, y2, width float64, c colour) {
	p.pdf.SetDrawColor(int(c[0]), int(c[1]), int(c[2]))
	p.pdf.SetLineWidth(width)
	p.pdf.Line(x1, y1, x2, y2)
}

func (p *pdfPen) rect(x, y, w, h float64, c colour) {
	p.pdf.SetFillColor(int(c[0]), int(c[1]), int(c[2]))
	p.pdf.Rect(x, y, w, h, "F")
}

func (p *pdfPen) frame(x, y, w, h, round, width float64, edge colour, in *colour) {
	style := "D"
	if in != nil {
		p.pdf.SetFillColor(int(in[0]), int(in[1]), int(in[2]))
		style = "FD"
	}
	p.pdf.SetDrawColor(int(edge[0]), int(edge[1]), int(edge[2]))
	p.pdf.SetLineWidth(width)
	p.pdf.RoundedRect(x, y, w, h, round, "1234", style)
}

func (p *pdfPen) disc(x, y, r float64, c colour) {
	p.pdf.SetFillColor(int(c[0]), int(c[1]), int(c[2]))
	p.pdf.Circle(x, y, r, "F")
}

// symbol draws the dark modules as one path of runs, so that every printer draws sharp edges.
func (p *pdfPen) symbol(x, y, module float64, code [][]bool) {
	p.say("q 0 g\n")
	for row := range code {
		for col := 0; col < len(code); {
			run := 0
			for col+run < len(code) && code[row][col+run] {
				run++
			}
			if run > 0 {
				p.exact((x + float64(col)*module) * p.k)
				p.exact((p.height - y - float64(row+1)*module) * p.k)
				p.exact(float64(run) * module * p.k)
				p.exact(module * p.k)
				p.say("re\n")
			}
			col += max(run, 1)
		}
	}
	p.say("f Q\n")
	p.flush()
}

func (p *pdfPen) exact(v float64) { p.buf = append(strconv.AppendFloat(p.buf, v, 'f', 3, 64), ' ') }
func (p *pdfPen) fine(v float64)  { p.buf = append(strconv.AppendFloat(p.buf, v, 'f', 6, 64), ' ') }
