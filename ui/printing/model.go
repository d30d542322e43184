package printing

import (
	"encoding/json"
	"image"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kandili/internal/paper"
	"kandili/ui/show"
)

// How says on what something is printed.
type How struct {
	Layout string // of labels; empty for whole pages
	Start  int    // labels of the first sheet that are used up
	Page   string // of whole pages: "A4" or "Letter"
}

// Paper is something to print.
type Paper interface {
	Write(io.Writer) error                  // the PDF
	Picture(width int) (image.Image, error) // of the first page
	Printed() error                         // it was: remember that
	Unshown() int                           // names with letters that cannot be printed
}

// Format is a format of labels.
type Format struct {
	Name, Page    string
	Columns, Rows int
	Width, Height float64 // of a label, in millimetres
	Code          float64 // how large the code of a badge is, in millimetres
	Small         bool    // too small to be read at arm's length
	Plain         bool    // paper that is cut: it has no used labels
}

// formatOf is a format of internal/paper.
func formatOf(l paper.Layout) Format {
	f := Format{Name: l.Name, Page: l.PageName, Columns: l.Columns, Rows: l.Rows, Width: l.CellW, Height: l.CellH, Plain: l.Plain}
	f.Code = l.SymbolSize()
	f.Small = f.Code < paper.GoodSymbol
	return f
}

// find is the format of a name, also of a free grid.
func find(name string) (Format, bool) {
	l, ok := paper.FindLayout(name)
	if !ok {
		return Format{}, false
	}
	return formatOf(l), true
}

// labels is how many a sheet has.
func (f Format) labels() int { return f.Columns * f.Rows }

// Job is what a place wants to print.
type Job struct {
	Title string
	File  string   // name of the PDF, without its ending
	Whose []Choice // nothing to choose: one or none
	Label bool     // on labels, else on whole pages
	Whole bool     // with Label: a page about the format itself, which uses no label up
	Many  int      // asks how many, beginning with this; 0 does not ask
	Make  func(Wish) (Paper, error)
}

// Choice is whom or what to print, and how many labels that takes; 0 is not known.
type Choice struct {
	Value, Word string
	Labels      int
}

// Wish is what a person chose.
type Wish struct {
	How
	Whose string
	Many  int
}

// kept is what is remembered from one time to the next, on this laptop.
type kept struct {
	Layout  string         `json:"layout,omitempty"`
	Page    string         `json:"page,omitempty"`
	Printer string         `json:"printer,omitempty"` // pdfWay: no printer
	Used    map[string]int `json:"used,omitempty"`    // by format: labels of the sheet that was begun
}

const (
	gridFormat = "grid"
	pdfWay     = "pdf"
)

// Model is the dialog's state.
type Model struct {
	words    *show.Words
	job      Job
	formats  []Format
	kept     kept
	printers []string

	format  string // name, or gridFormat
	grid    string // a free grid as it is typed
	start   string // the first label, from 1, as it is typed
	many    string
	page    string
	whose   string
	printer string
}

// NewModel begins with what was chosen last.
func NewModel(w *show.Words, job Job, remembered []byte) *Model {
	m := &Model{words: w, job: job, page: "A4", printer: pdfWay, many: strconv.Itoa(job.Many)}
	for _, l := range paper.Layouts() {
		m.formats = append(m.formats, formatOf(l))
	}
	json.Unmarshal(remembered, &m.kept) // nothing there, or from elsewhere: the usual choices
	if len(job.Whose) > 0 {
		m.whose = job.Whose[0].Value
	}
	if m.kept.Page == "Letter" {
		m.page = "Letter"
	}
	m.format = m.formats[0].Name
	switch f, ok := find(m.kept.Layout); {
	case ok && m.named(f.Name):
		m.format = f.Name
	case ok:
		m.format, m.grid = gridFormat, m.kept.Layout
	}
	m.begin()
	return m
}

func (m *Model) named(name string) bool {
	return slices.ContainsFunc(m.formats, func(f Format) bool { return f.Name == name })
}

// begin sets the first label to where the last sheet of the format was left.
func (m *Model) begin() {
	m.start = "1"
	if f, ok := m.Format(); ok && !f.Plain {
		m.start = strconv.Itoa(m.kept.Used[f.Name] + 1)
	}
}

// SetPrinters takes the computer's printers; the one that was used last is chosen, else the usual one.
func (m *Model) SetPrinters(names []string, usual string) {
	m.printers = names
	for _, name := range []string{m.kept.Printer, usual} {
		if slices.Contains(names, name) {
			m.printer = name
			return
		}
		if name == pdfWay {
			return
		}
	}
}

// Format is the one that is chosen; ok is false while a grid is typed that is none.
func (m *Model) Format() (f Format, ok bool) {
	name := m.format
	if name == gridFormat {
		name = m.grid
	}
	return find(name)
}

// Wish is what would be printed now, or what is wrong, by field: "grid", "start", "many".
func (m *Model) Wish() (w Wish, wrong map[string]string) {
	w = Wish{Whose: m.whose, How: How{Page: m.page}}
	wrong = map[string]string{}
	if m.job.Label {
		f, ok := m.Format()
		if !ok {
			wrong["grid"] = m.words.T("print.grid.wrong")
		}
		w.Page, w.Layout = "", f.Name
		switch n, err := strconv.Atoi(strings.TrimSpace(m.start)); {
		case m.job.Whole:
		case ok && (err != nil || n < 1 || n > f.labels()):
			wrong["start"] = m.words.T("print.start.wrong", m.words.Number(f.labels()))
		default:
			w.Start = max(n-1, 0)
		}
	}
	if m.job.Many > 0 {
		n, err := strconv.Atoi(strings.TrimSpace(m.many))
		if w.Many = n; err != nil || n < 1 || n > mostMany {
			wrong["many"] = m.words.T("print.many.wrong", m.words.Number(mostMany))
		}
	}
	return w, wrong
}

const mostMany = 5000

// labels is how many labels the wish takes, 0 where that is not known.
func (m *Model) labels(w Wish) int {
	if m.job.Many > 0 {
		return w.Many
	}
	for _, c := range m.job.Whose {
		if c.Value == w.Whose {
			return c.Labels
		}
	}
	return 0
}

// About says how many sheets it takes, and how large the code is.
func (m *Model) About() (text string, small bool) {
	w, wrong := m.Wish()
	f, ok := m.Format()
	if !m.job.Label || !ok {
		return "", false
	}
	text = m.words.T("print.format.about", f.Page, m.words.Number(f.labels()), m.words.Number(int(f.Code+0.5)))
	if n := m.labels(w); n > 0 && len(wrong) == 0 {
		text += " " + m.words.N("print.sheets", (w.Start+n+f.labels()-1)/f.labels())
	}
	if f.Small {
		text += " " + m.words.T("print.format.small")
	}
	return text, f.Small
}

// Word is what a format is called in the list.
func (m *Model) Word(f Format) string {
	name := f.Name
	if f.Plain {
		name = m.words.T("print.format.plain", f.Page)
	}
	return name + " · " + strconv.Itoa(f.Columns) + " × " + strconv.Itoa(f.Rows) + " · " + m.words.Decimal(f.Width, 1) + " × " + m.words.Decimal(f.Height, 1) + " mm"
}

// Remember is what to keep once w was printed.
func (m *Model) Remember(w Wish) ([]byte, error) {
	k := m.kept
	k.Printer = m.printer
	if m.job.Label {
		k.use(w.How, m.labels(w))
	} else {
		k.Page = w.Page
	}
	return json.Marshal(k)
}

// use notes that so many labels were printed.
func (k *kept) use(h How, labels int) {
	k.Layout = h.Layout
	if f, ok := find(h.Layout); ok && !f.Plain && labels > 0 {
		used := maps.Clone(k.Used)
		if used == nil {
			used = map[string]int{}
		}
		used[f.Name] = (h.Start + labels) % f.labels()
		k.Used = used
	}
}

// Last is how labels were printed last, for a place that does not ask: on the same format, from the next free label on. Then is what
// to remember once so many labels were printed.
func Last(remembered []byte, labels int) (h How, then []byte) {
	var k kept
	json.Unmarshal(remembered, &k) // nothing there: the usual format
	if f, ok := find(k.Layout); ok {
		h.Layout = k.Layout
		if !f.Plain {
			h.Start = k.Used[f.Name]
		}
		k.use(h, labels)
	}
	then, err := json.Marshal(k)
	if err != nil {
		then = remembered
	}
	return h, then
}
