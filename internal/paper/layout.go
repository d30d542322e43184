package paper

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kandili/assets"
)

// Layout is a format of labels on a page, in millimetres.
type Layout struct {
	Name           string
	Page           Page
	PageName       string // "A4" or "Letter"
	Columns, Rows  int
	Left, Top      float64 // of the first label
	CellW, CellH   float64
	PitchX, PitchY float64 // from one label to the next
	Plain          bool    // ordinary paper, cut afterwards: cut marks are drawn
}

// Cell is a place for one label.
type Cell struct{ X, Y, W, H float64 }

// Cells returns the places of one page, row by row.
func (l Layout) Cells() []Cell {
	var list []Cell
	for row := range l.Rows {
		for col := range l.Columns {
			list = append(list, Cell{l.Left + float64(col)*l.PitchX, l.Top + float64(row)*l.PitchY, l.CellW, l.CellH})
		}
	}
	return list
}

// foot is how much paper there is below the labels.
func (l Layout) foot() float64 {
	return l.Page.H - l.Top - float64(l.Rows-1)*l.PitchY - l.CellH
}

var pages = map[string]Page{"a4": A4, "letter": Letter}

// layouts are those of assets/labels, the usual one first.
var layouts = readLayouts(assets.Labels())

func readLayouts(b []byte) []Layout {
	var file struct {
		Labels []struct {
			Name, Page                               string
			Columns, Rows                            int
			Left, Top, Width, Height, PitchX, PitchY float64
			Plain                                    bool
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		panic("paper: " + err.Error()) // the file is ours and built in
	}
	var list []Layout
	for _, l := range file.Labels {
		made := Layout{Name: l.Name, Page: pages[strings.ToLower(l.Page)], PageName: l.Page, Columns: l.Columns, Rows: l.Rows, Left: l.Left, Top: l.Top,
			CellW: l.Width, CellH: l.Height, PitchX: l.PitchX, PitchY: l.PitchY, Plain: l.Plain}
		if made.PitchX == 0 {
			made.PitchX = made.CellW
		}
		if made.PitchY == 0 {
			made.PitchY = made.CellH
		}
		list = append(list, made)
	}
	return list
}

// Layouts returns all named formats, the usual one first.
func Layouts() []Layout { return layouts }

// FindLayout returns the format of a name: "Avery L7160", "avery-l7160" or "L7160"; or a free grid: the page, columns × rows and, if
// wanted, margins and gaps in millimetres, as in "a4:3x8", "letter:2x4:12:3" or "a4:2x5:10x15:4x0" (across first).
func FindLayout(name string) (Layout, bool) {
	want := squeezed(name)
	for _, l := range layouts {
		if squeezed(l.Name) == want {
			return l, true
		}
	}
	for _, l := range layouts {
		if _, number, brand := strings.Cut(l.Name, " "); brand && squeezed(number) == want {
			return l, true
		}
	}
	return freeGrid(strings.ToLower(strings.TrimSpace(name)))
}

var squeeze = strings.NewReplacer(" ", "", "-", "", "_", "")

func squeezed(name string) string { return squeeze.Replace(strings.ToLower(name)) }

var gridForm = regexp.MustCompile(`^(a4|letter):(\d{1,2})[x×](\d{1,2})(?::([\d.]+)(?:[x×]([\d.]+))?(?::([\d.]+)(?:[x×]([\d.]+))?)?)?$`)

// Bounds of a free grid, in millimetres.
const (
	defaultMargin = 10
	leastLabel    = 18 // a label's shorter side
)

func freeGrid(text string) (Layout, bool) {
	m := gridForm.FindStringSubmatch(text)
	if m == nil {
		return Layout{}, false
	}
	columns, _ := strconv.Atoi(m[2])
	rows, _ := strconv.Atoi(m[3])
	marginX := number(m[4], defaultMargin)
	gapX := number(m[6], 0)
	return Grid(m[1], columns, rows, marginX, number(m[5], marginX), gapX, number(m[7], gapX))
}

func number(text string, otherwise float64) float64 {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return n
	}
	return otherwise
}

// Grid is a free grid of labels on "A4" or "Letter". Ok is false where the labels would be too small, or off the page.
func Grid(page string, columns, rows int, marginX, marginY, gapX, gapY float64) (Layout, bool) {
	size, ok := pages[strings.ToLower(page)]
	if !ok || columns < 1 || rows < 1 || columns > 20 || rows > 40 || marginX < 0 || marginY < 0 || gapX < 0 || gapY < 0 {
		return Layout{}, false
	}
	l := Layout{Page: size, PageName: map[Page]string{A4: "A4", Letter: "Letter"}[size], Columns: columns, Rows: rows, Left: marginX, Top: marginY, Plain: true,
		CellW: (size.W - 2*marginX - float64(columns-1)*gapX) / float64(columns), CellH: (size.H - 2*marginY - float64(rows-1)*gapY) / float64(rows)}
	l.PitchX, l.PitchY = l.CellW+gapX, l.CellH+gapY
	l.Name = fmt.Sprintf("%s:%dx%d:%gx%g:%gx%g", strings.ToLower(page), columns, rows, marginX, marginY, gapX, gapY)
	return l, min(l.CellW, l.CellH) >= leastLabel && l.CellW*l.CellH >= 2*leastLabel*leastLabel*0.9
}
