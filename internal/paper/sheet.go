package paper

import "fmt"

// Sheet says how labels are printed.
type Sheet struct {
	Layout Layout
	Title  string // in the foot of every page, where there is room
	Start  int    // how many labels of the first page are used up already
	Words  Words
}

// labels draws n labels, each by draw into its cell, on as many pages as they need.
func (d *desk) labels(sheet Sheet, n int, draw func(Cell, int)) {
	cells := sheet.Layout.Cells()
	start := min(max(sheet.Start, 0), len(cells)-1)
	pages := (start + n + len(cells) - 1) / len(cells)
	for i := range n {
		at := (start + i) % len(cells)
		if i == 0 || at == 0 {
			d.page()
			d.edge(sheet, (start+i)/len(cells)+1, pages)
		}
		draw(cells[at], i)
	}
}

// edge draws cut marks, the ruler and the title, all outside of the cells.
func (d *desk) edge(sheet Sheet, n, of int) {
	l := sheet.Layout
	if l.Plain {
		d.cutMarks(l)
	}
	foot := l.foot()
	if foot < 9 {
		return
	}
	y := l.Page.H - foot/2 + 2.5
	if l.Plain {
		y = l.Page.H - foot + 8
	}
	from, to := max(l.Left, 8), min(l.Page.W-8, l.Page.W-l.Left)
	d.ruler(from, y)
	d.short(to, y, right, fmt.Sprintf("%s · %d/%d", sheet.Title, n, of), to-from-126, hand{regular, 7, ink2})
}

// cutMarks are short lines in the margins where to cut; a gap between labels has two.
func (d *desk) cutMarks(l Layout) {
	const long = 3.5
	bottom := l.Page.H - l.foot()
	for c := range l.Columns {
		for _, x := range []float64{l.Left + float64(c)*l.PitchX, l.Left + float64(c)*l.PitchX + l.CellW} {
			d.pen.line(x, max(l.Top-1-long, 0), x, l.Top-1, 0.15, hair)
			d.pen.line(x, bottom+1, x, min(bottom+1+long, l.Page.H), 0.15, hair)
		}
	}
	end := l.Left + float64(l.Columns-1)*l.PitchX + l.CellW
	for r := range l.Rows {
		for _, y := range []float64{l.Top + float64(r)*l.PitchY, l.Top + float64(r)*l.PitchY + l.CellH} {
			d.pen.line(max(l.Left-1-long, 0), y, l.Left-1, y, 0.15, hair)
			d.pen.line(end+1, y, min(end+1+long, l.Page.W), y, 0.15, hair)
		}
	}
}

// TestPage shows where a format's labels are, for holding against a real sheet, and two rulers.
type TestPage struct{ Sheet Sheet }

func (t TestPage) sheet() (Page, string) { return t.Sheet.Layout.Page, t.Sheet.Title }

func (t TestPage) draw(d *desk) error {
	d.page()
	l := t.Sheet.Layout
	for _, c := range l.Cells() {
		d.frame(c.X, c.Y, c.W, c.H, 1.5, 0.15, hair, nil)
	}
	x, y := l.Page.W/2-65, l.Page.H/2-30
	d.frame(x, y, 130, 60, 2, 0.25, hair, &white)
	d.brand(x+6, y+9, hand{bold, 9, ink})
	d.write(x+124, y+9, right, l.Name+" · "+l.PageName, hand{regular, 8, ink2})
	title := d.fit(t.Sheet.Words.T("print.test.title"), 118, hand{bold, 0, ink}, []float64{15, 13, 11}, 1)
	d.write(x+6, y+20, left, title.lines[0], title.hand)
	text := d.fit(t.Sheet.Words.T("print.test.line"), 118, hand{regular, 0, ink}, []float64{9, 8}, 4)
	for i, line := range text.lines {
		d.write(x+6, y+28+float64(i)*text.hand.step(), left, line, text.hand)
	}
	d.ruler(x+6, y+54)
	d.uprightRuler(x-12, l.Page.H/2-50)
	return nil
}
