// Package paper lays out what is printed: badge sheets now; tags, rosters and certificates later. It is pure: fonts
// and content come from outside, the same input gives the same bytes. The laptop's package imports it.
package paper

import (
	"fmt"
	"io"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Fonts are TrueType files.
type Fonts struct{ Regular, Bold, Mono []byte }

// Badge is one badge.
type Badge struct {
	Payload string // what the QR says; capital letters, digits and " $%*+-./:" keep it small
	Code    string // printed under the QR
	Name    string // in any script of the fonts
	Line    string // second line, for example the village
	Reprint int    // 0: the first badge; else how often it was printed anew
}

// Sheet says how badges are printed.
type Sheet struct {
	Layout Layout
	Title  string // in the foot of every page
	Fonts  Fonts
}

// Layout is a format of labels on a page. All lengths are in millimetres.
type Layout struct {
	Name          string
	Width, Height float64 // of the page
	Columns, Rows int
	Left, Top     float64 // of the first cell
	CellW, CellH  float64
}

// Cell is a place for one badge, in millimetres from the page's upper left corner.
type Cell struct{ X, Y, W, H float64 }

var layouts = []Layout{
	{Name: "a4-3x8", Width: 210, Height: 297, Columns: 3, Rows: 8, Left: 6, Top: 9.5, CellW: 66, CellH: 34},
}

// Layouts returns all formats, the usual one first.
func Layouts() []Layout { return layouts }

// FindLayout returns the format of the name.
func FindLayout(name string) (Layout, bool) {
	for _, l := range layouts {
		if l.Name == name {
			return l, true
		}
	}
	return Layout{}, false
}

// Cells returns the places of one page, row by row.
func (l Layout) Cells() []Cell {
	var list []Cell
	for row := range l.Rows {
		for col := range l.Columns {
			list = append(list, Cell{l.Left + float64(col)*l.CellW, l.Top + float64(row)*l.CellH, l.CellW, l.CellH})
		}
	}
	return list
}

const (
	familyText = "text"
	familyMono = "mono"
)

// colour is red, green and blue.
type colour [3]int

// The colours of the product's look.
var (
	ink   = colour{0x16, 0x20, 0x2E}
	ink2  = colour{0x4A, 0x55, 0x64}
	hair  = colour{0xB8, 0xB2, 0xA4}
	amber = colour{0xF0, 0xA8, 0x1C}
)

// page is a document under way.
type page struct {
	*fpdf.Fpdf
	sheet Sheet
}

// Badges writes a PDF with the badges in their order. It returns the writer's error, or one that names the badge
// whose payload does not fit into a QR.
func Badges(w io.Writer, sheet Sheet, badges []Badge) error {
	codes, err := encodeAll(badges)
	if err != nil {
		return err
	}
	l := sheet.Layout
	p := &page{Fpdf: fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: l.Width, Ht: l.Height}}), sheet: sheet}
	p.SetAutoPageBreak(false, 0)
	p.SetCompression(true)
	p.SetCreationDate(time.Unix(0, 0).UTC()) // the same badges, the same bytes
	p.SetModificationDate(time.Unix(0, 0).UTC())
	p.SetCatalogSort(true)
	p.SetTitle(sheet.Title, true)
	p.SetCreator("Kandili", true)
	p.AddUTF8FontFromBytes(familyText, "", sheet.Fonts.Regular)
	p.AddUTF8FontFromBytes(familyText, "B", sheet.Fonts.Bold)
	p.AddUTF8FontFromBytes(familyMono, "", sheet.Fonts.Mono)
	cells := l.Cells()
	pages := (len(badges) + len(cells) - 1) / len(cells)
	for i := range badges {
		if i%len(cells) == 0 {
			p.AddPage()
			p.foot(i/len(cells)+1, pages)
		}
		p.badge(cells[i%len(cells)], &badges[i], codes[i])
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write the badges: %w", err)
	}
	return nil
}

// foot draws cut marks, the ruler and the page's title, all outside of the cells.
func (p *page) foot(n, of int) {
	l := p.sheet.Layout
	p.draw(hair, 0.15)
	right, bottom := l.Left+float64(l.Columns)*l.CellW, l.Top+float64(l.Rows)*l.CellH
	for c := range l.Columns + 1 {
		x := l.Left + float64(c)*l.CellW
		p.Line(x, l.Top-4, x, l.Top-1)
		p.Line(x, bottom+1, x, bottom+4)
	}
	for r := range l.Rows + 1 {
		y := l.Top + float64(r)*l.CellH
		p.Line(l.Left-4, y, l.Left-1, y)
		p.Line(right+1, y, right+4, y)
	}
	p.ruler(l.Left+2, bottom+8)
	p.text(familyText, "", 7.5, ink2)
	foot := fmt.Sprintf("%s · %d/%d", p.sheet.Title, n, of)
	p.Text(right-2-p.GetStringWidth(foot), bottom+10, foot)
}

// ruler is 100 mm long: whoever holds a real one to it knows whether the printer shrank the page.
func (p *page) ruler(x, y float64) {
	p.draw(ink2, 0.2)
	p.Line(x, y, x+100, y)
	for mm := 0; mm <= 100; mm += 10 {
		high := 1.2
		if mm%50 == 0 {
			high = 2
		}
		p.Line(x+float64(mm), y, x+float64(mm), y-high)
	}
	p.text(familyText, "", 6.5, ink2)
	p.Text(x+101.5, y, "100 mm = 100 %")
}

func (p *page) draw(c colour, width float64) {
	p.SetDrawColor(c[0], c[1], c[2])
	p.SetLineWidth(width)
}

func (p *page) text(family, style string, size float64, c colour) {
	p.SetFont(family, style, size)
	p.SetTextColor(c[0], c[1], c[2])
}

// Lengths of a badge in millimetres. The symbol is printed at symbolSize; its quiet zone of four modules lies
// around it and nothing else is drawn there.
const (
	symbolSize = 23.0
	quiet      = 4 // modules
	pad        = 2.0
)

func (p *page) badge(c Cell, b *Badge, code [][]bool) {
	module := symbolSize / float64(len(code))
	margin := math.Max(quiet*module, pad)
	x, y := c.X+margin, c.Y+margin
	p.qr(x, y, module, code)
	left := x + symbolSize + margin
	room := c.X + c.W - pad - left
	p.lantern(left+1.1, c.Y+margin+1.1)
	p.text(familyText, "", 6.5, ink2)
	p.Text(left+3.4, c.Y+margin+1.9, fitted(p, "Kandili", room-3.4))
	bottom := p.name(left, c.Y+margin+7.5, room, b.Name)
	p.text(familyText, "", 8, ink2)
	p.Text(left, bottom+4.2, fitted(p, b.Line, room))
	if b.Reprint > 0 {
		p.Text(left, c.Y+c.H-pad-1, fitted(p, fmt.Sprintf("№ %d", b.Reprint+1), room))
	}
	p.text(familyMono, "", 9, ink)
	below := y + symbolSize + margin + 2
	p.Text(x+(symbolSize-p.GetStringWidth(b.Code))/2, math.Min(below, c.Y+c.H-1), b.Code)
}

func (p *page) lantern(x, y float64) {
	p.SetFillColor(amber[0], amber[1], amber[2])
	p.Circle(x, y, 1.1, "F")
}

// name writes the name as large as it fits on two lines, and returns the last line's base.
func (p *page) name(x, y, room float64, name string) float64 {
	for _, size := range []float64{13, 11.5, 10, 9, 8} {
		p.text(familyText, "B", size, ink)
		lines := wrapped(p, name, room)
		if len(lines) <= 2 || size == 8 {
			step := size * 0.46
			if len(lines) > 3 {
				lines = append(lines[:2:2], fitted(p, lines[2]+" "+lines[3], room))
			}
			for i, line := range lines {
				p.Text(x, y+float64(i)*step, fitted(p, line, room))
			}
			return y + float64(len(lines)-1)*step
		}
	}
	return y
}

// qr draws the dark modules as one path of runs, in vectors, so that every printer draws sharp edges.
func (p *page) qr(x, y, module float64, code [][]bool) {
	k := p.GetConversionRatio()
	height := p.sheet.Layout.Height
	b := make([]byte, 0, 8192)
	b = append(b, "0 g\n"...)
	for row := range code {
		for col := 0; col < len(code); {
			run := 0
			for col+run < len(code) && code[row][col+run] {
				run++
			}
			if run > 0 {
				b = fmt.Appendf(b, "%.3f %.3f %.3f %.3f re\n", (x+float64(col)*module)*k, (height-y-float64(row+1)*module)*k, float64(run)*module*k, module*k)
			}
			col += max(run, 1)
		}
	}
	b = append(b, "f\n"...)
	p.RawWriteStr(string(b))
}
