package uitest

import (
	"context"
	"fmt"
	"image"
	"io"
	"slices"
	"sync"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/assets"
	"kandili/internal/fieldwork"
	"kandili/internal/paper"
	"kandili/ui/kit"
	"kandili/ui/printing"
	"kandili/ui/show"
)

// Press is a computer that prints, with real papers about invented people. Its printers only note what they got.
type Press struct {
	printing.Printer                             // SavePaper and OpenFile are the desk's files
	Names            []string                    // of its printers, the first is the usual one
	Sent             []string                    // "printer path"
	Kept             []byte                      // what the dialog remembers
	Written          []string                    // "badges 3", "tags 20", "roster KJ4-0101-T": what was written as PDF
	Done             int                         // how often something was printed
	With             map[fieldwork.RecordID]bool // who has a badge

	mu    sync.Mutex
	press *paper.Press
	words *show.Words
	files *files
}

func newPress(t testing.TB, w *show.Words, f *files) *Press {
	t.Helper()
	p, err := paper.NewPress(paper.Fonts{Regular: assets.Font("NotoSans-Regular"), Bold: assets.Font("NotoSans-Bold"), Mono: assets.Font("NotoSansMono-Regular"),
		Arabic: assets.Font("NotoNaskhArabic-Regular"), Devanagari: assets.Font("NotoSansDevanagari-Regular")})
	if err != nil {
		t.Fatal(err)
	}
	return &Press{press: p, words: w, files: f}
}

// Printers implements printing.Printer.
func (p *Press) Printers(context.Context) ([]string, string) {
	if len(p.Names) == 0 {
		return nil, ""
	}
	return p.Names, p.Names[0]
}

// Send implements printing.Printer.
func (p *Press) Send(_ context.Context, path, printer string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Sent = append(p.Sent, printer+" "+path)
	return nil
}

// SavePaper implements printing.Printer.
func (p *Press) SavePaper(name string, write func(io.Writer) error) (string, error) {
	return p.files.SavePaper(name, write)
}

// OpenFile implements printing.Printer.
func (p *Press) OpenFile(path string) error { return p.files.OpenFile(path) }

// Remembered implements printing.Printer.
func (p *Press) Remembered() []byte { return p.Kept }

// Remember implements printing.Printer.
func (p *Press) Remember(b []byte) error {
	p.Kept = b
	return nil
}

// sheet is one of the Press's papers.
type sheet struct {
	p    *Press
	what string
	doc  paper.Document
}

func (s *sheet) Write(w io.Writer) error {
	s.p.mu.Lock()
	s.p.Written = append(s.p.Written, s.what)
	s.p.mu.Unlock()
	return s.p.press.PDF(w, s.doc)
}

func (s *sheet) Picture(width int) (image.Image, error) { return s.p.press.Picture(s.doc, width) }

func (s *sheet) Unshown() int { return 0 }

func (s *sheet) Printed() error {
	s.p.Done++
	return nil
}

func (p *Press) labels(h printing.How) paper.Sheet {
	l, ok := paper.FindLayout(h.Layout)
	if !ok {
		l = paper.Layouts()[0]
	}
	return paper.Sheet{Layout: l, Title: "Kajiado, March 2027", Start: h.Start, Words: p.words}
}

// names of the people on the Press's papers.
var names = []string{"Nasieku Ole Ntutu", "Aïssatou Sène", "Maria da Conceição Albuquerque dos Santos", "فاطمة", "Jane Nasiéku Tipis"}

// BadgePaper implements place.Papers.
func (p *Press) BadgePaper(people []fieldwork.RecordID, h printing.How) (printing.Paper, error) {
	doc := paper.Badges{Sheet: p.labels(h)}
	for i, id := range people {
		code := fieldwork.CodeOf(id)
		doc.List = append(doc.List, paper.Badge{Payload: "KD:KAJI:" + code + ":1.0:7QDMXKZJ3VQ5RJHA", Code: code, Name: names[i%len(names)], Line: "Oldonyo Nyokie"})
	}
	return &sheet{p, fmt.Sprint("badges ", len(people)), doc}, nil
}

// WithoutBadge implements place.Papers.
func (p *Press) WithoutBadge(people []fieldwork.RecordID) (list []fieldwork.RecordID) {
	for _, id := range people {
		if !p.With[id] {
			list = append(list, id)
		}
	}
	return list
}

// TagPaper implements place.Papers.
func (p *Press) TagPaper(count int, h printing.How) (printing.Paper, error) {
	doc := paper.Tags{Sheet: p.labels(h)}
	for i := range min(count, 100) {
		t := fieldwork.TagOf(fieldwork.LogID{Node: 7}, uint64(i+1)).String()
		doc.List = append(doc.List, paper.Tag{Payload: "KL:KAJI:" + t + ":1:7QDMXKZJ3VQ5RJHA", Text: t})
	}
	return &sheet{p, fmt.Sprint("tags ", count), doc}, nil
}

// RosterPaper implements place.Papers.
func (p *Press) RosterPaper(session fieldwork.RecordID, _ printing.How) (printing.Paper, error) {
	code := fieldwork.CodeOf(session)
	return &sheet{p, "roster " + code, paper.Roster{Page: paper.A4, Words: p.words, Title: "Assembly", Code: "R-" + code, Payload: "KR:" + code,
		Rows: []paper.RosterRow{{Name: names[0], Code: code, Payload: "KP:" + code}}}}, nil
}

// CertificatePaper implements place.Papers.
func (p *Press) CertificatePaper(ids []fieldwork.RecordID, _ printing.How) (printing.Paper, error) {
	doc := paper.Certificates{Page: paper.A4, Words: p.words}
	for _, id := range ids {
		doc.List = append(doc.List, paper.Certificate{Number: fieldwork.CodeOf(id), Payload: "KC:" + fieldwork.CodeOf(id), Name: names[0]})
	}
	return &sheet{p, fmt.Sprint("certificates ", len(ids)), doc}, nil
}

// HandOverPaper implements place.Papers.
func (p *Press) HandOverPaper(site fieldwork.RecordID, _ printing.How) (printing.Paper, error) {
	return &sheet{p, "hand-over " + fieldwork.CodeOf(site), paper.HandOver{Page: paper.A4, Words: p.words, Site: "Oldonyo Nyokie", Figures: []paper.Figure{{Value: "3", Label: "lamps"}}}}, nil
}

// Choose picks an option of a list, as a person does.
func (w *Window) Choose(word string) {
	w.t.Helper()
	for _, root := range w.roots() {
		var list *kit.Choice
		walk(root, func(o fyne.CanvasObject) {
			if c, ok := o.(*kit.Choice); ok && slices.Contains(c.Options, word) {
				list = c
			}
		})
		if list != nil {
			list.SetSelected(word)
			w.Settle()
			return
		}
	}
	w.t.Fatalf("no list offers %q; there is %q", word, w.Texts())
}
