package paper

import "fmt"

// report is a text with headings and tables that flows over pages, each under the product's bar.
type report struct {
	*desk
	words      Words
	head       string
	foot       string
	y          float64
	page, most int // most is 0 while pages are counted
}

const (
	reportBar    = 13.0
	reportBottom = 18.0
)

// nothing is a pen that draws nowhere: pages are counted with it.
type nothing struct{}

func (nothing) page()                                                    {}
func (nothing) text(role, float64, float64, float64, string, colour)     {}
func (nothing) shapes([]glyph, float64, float64, float64, colour, bool)  {}
func (nothing) line(float64, float64, float64, float64, float64, colour) {}
func (nothing) rect(float64, float64, float64, float64, colour)          {}
func (nothing) frame(_, _, _, _, _, _ float64, _ colour, _ *colour)      {}
func (nothing) disc(float64, float64, float64, colour)                   {}
func (nothing) symbol(float64, float64, float64, [][]bool)               {}

// flow draws a report twice: once to count its pages.
func (d *desk) flow(words Words, head, foot string, write func(*report)) {
	dry := &report{desk: &desk{pen: nothing{}, size: d.size, set: d.set}, words: words, head: head, foot: foot}
	write(dry)
	write(&report{desk: d, words: words, head: head, foot: foot, most: dry.page})
}

func (r *report) next() {
	r.page++
	r.desk.page()
	r.bar(reportBar, sheetMargin, r.head)
	h := hand{regular, 7.5, ink2}
	y := r.size.H - 9
	wide := r.write(r.size.W-sheetMargin, y, right, fmt.Sprintf("%d/%d", r.page, r.most), h)
	r.short(sheetMargin, y, left, r.foot, r.width()-wide-4, h)
	r.y = reportBar + 11
}

func (r *report) width() float64 { return r.size.W - 2*sheetMargin }

// need begins a new page where there is not so much room left.
func (r *report) need(high float64) {
	if r.page == 0 || r.y+high > r.size.H-reportBottom {
		r.next()
	}
}

func (r *report) title(text string) {
	r.need(30)
	f := r.fit(text, r.width(), hand{bold, 0, ink}, []float64{24, 20, 17}, 2)
	for i, line := range f.lines {
		if i == 0 {
			r.y += f.hand.cap()
		} else {
			r.y += f.hand.step()
		}
		r.short(sheetMargin, r.y, left, line, r.width(), f.hand)
	}
	r.y += 3
}

// heading stands with at least what follows it.
func (r *report) heading(text string, with float64) {
	r.need(16 + with)
	h := hand{bold, 13, ink}
	r.y += 9 + h.cap()
	r.short(sheetMargin, r.y, left, text, r.width(), h)
	r.y += 3.4
}

func (r *report) para(text string, h hand) {
	lines, ok := r.wrap(text, r.width(), h)
	if !ok {
		lines = r.squeeze(text, r.width(), h, 12)
	}
	for _, line := range lines {
		r.need(h.step())
		r.y += h.step()
		r.write(sheetMargin, r.y, left, line, h)
	}
	r.y += 1.4
}

// numbered is a list of short rules.
func (r *report) numbered(items []string) {
	h := hand{regular, 10, ink}
	for i, item := range items {
		lines, ok := r.wrap(item, r.width()-8, h)
		if !ok {
			lines = r.squeeze(item, r.width()-8, h, 6)
		}
		r.need(float64(len(lines))*h.step() + 1)
		r.write(sheetMargin+4, r.y+h.step(), right, fmt.Sprint(i+1), hand{bold, 10, ink2})
		for _, line := range lines {
			r.y += h.step()
			r.write(sheetMargin+8, r.y, left, line, h)
		}
		r.y += 1.2
	}
}

// Figure is a number that stands out, and what it counts.
type Figure struct{ Value, Label string }

// figures are cards beside each other, as on HQ's overview.
func (r *report) figures(list []Figure) {
	const high, gap = 26.0, 4.0
	r.need(high + 4)
	r.y += 4
	wide := (r.width() - gap*float64(len(list)-1)) / float64(len(list))
	for i, f := range list {
		x := sheetMargin + float64(i)*(wide+gap)
		r.frame(x, r.y, wide, high, 1.8, 0.25, sand, nil)
		r.short(x+4, r.y+11.5, left, f.Value, wide-8, hand{bold, 22, ink})
		small := hand{regular, 8.5, ink2}
		for j, line := range r.linesIn(f.Label, wide-7, 9, small, 2) {
			r.write(x+4, r.y+17.5+float64(j)*small.step(), left, line, small)
		}
	}
	r.y += high + 2
}

// column is a column of a table.
type column struct {
	head  string
	share float64 // of the width, relative to the others
	align align
	role  role
}

// table writes rows, the heads again on every page. The first column is bold.
func (r *report) table(columns []column, rows [][]string) {
	all := 0.0
	for _, c := range columns {
		all += c.share
	}
	x := make([]float64, len(columns)+1)
	x[0] = sheetMargin
	for i, c := range columns {
		x[i+1] = x[i] + c.share/all*r.width()
	}
	r.need(16)
	r.tableHead(columns, x)
	for _, row := range rows {
		r.tableRow(columns, x, row)
	}
}

const cellPad = 2.0

func (r *report) tableHead(columns []column, x []float64) {
	h := hand{regular, 8, ink2}
	r.y += 5
	for i, c := range columns {
		r.cell(c, x[i], x[i+1], r.y, c.head, h)
	}
	r.y += 2
	r.line(sheetMargin, r.y, x[len(x)-1], r.y, 0.35, ink)
}

func (r *report) cell(c column, from, to, y float64, text string, h hand) {
	if c.align == right {
		r.short(to-cellPad, y, right, text, to-from-cellPad, h)
		return
	}
	r.short(from, y, left, text, to-from-cellPad, h)
}

func (r *report) tableRow(columns []column, x []float64, row []string) {
	lines := make([][]string, len(columns))
	hands := make([]hand, len(columns))
	most := 1
	for i, c := range columns {
		h := hand{c.role, 9, ink}
		made, ok := r.wrap(row[i], x[i+1]-x[i]-cellPad, h)
		if !ok {
			made = r.squeeze(row[i], x[i+1]-x[i]-cellPad, h, 2)
		}
		if len(made) > 3 {
			made = append(made[:2:2], r.cut(made[2]+" "+made[3], x[i+1]-x[i]-cellPad, h))
		}
		lines[i], hands[i] = made, h
		most = max(most, len(made))
	}
	step := hand{regular, 9, ink}.step()
	high := float64(most)*step + 2.6
	if r.y+high > r.size.H-reportBottom {
		r.next()
		r.tableHead(columns, x)
	}
	for i, c := range columns {
		for j, text := range lines[i] {
			r.cell(c, x[i], x[i+1], r.y+0.7+step*float64(j+1), text, hands[i])
		}
	}
	r.y += high
	r.line(sheetMargin, r.y, x[len(x)-1], r.y, 0.15, sand)
}

// signatures are lines to sign on.
func (r *report) signatures(labels ...string) {
	r.need(32)
	r.y += 20
	const gap = 8
	wide := (r.width() - gap*float64(len(labels)-1)) / float64(len(labels))
	for i, l := range labels {
		x := sheetMargin + float64(i)*(wide+gap)
		r.line(x, r.y, x+wide, r.y, 0.25, ink2)
		r.short(x, r.y+4.4, left, l, wide, hand{regular, 8, ink2})
	}
	r.y += 8
}
