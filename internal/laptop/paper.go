package laptop

import (
	"image"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/paper"
)

// Paper is something to print: it can be written as PDF, shown as a picture of its first page, and told that it was printed.
type Paper struct {
	sample  paper.Document // no more than the first page
	write   func(io.Writer) error
	printed func() error // nil: nothing is remembered
	unshown int          // names that have letters which no font here has
}

// Unshown is how many names on it have letters that cannot be printed.
func (p *Paper) Unshown() int { return p.unshown }

func newPaper(doc, sample paper.Document, printed func() error) *Paper {
	return &Paper{sample: sample, write: func(w io.Writer) error { return WritePDF(w, doc) }, printed: printed}
}

// Write writes the PDF.
func (p *Paper) Write(w io.Writer) error { return p.write(w) }

// Picture is the first page, so many pixels wide.
func (p *Paper) Picture(width int) (image.Image, error) {
	press, err := press()
	if err != nil {
		return nil, err
	}
	return press.Picture(p.sample, width)
}

// Printed remembers that it was printed.
func (p *Paper) Printed() error {
	if p.printed == nil {
		return nil
	}
	return p.printed()
}

// firstPage is how many labels the first page takes.
func firstPage(s paper.Sheet, all int) int {
	return min(all, max(1, s.Layout.Columns*s.Layout.Rows-s.Start))
}

// BadgePaper is people's badges.
func (f *Folder) BadgePaper(people []fieldwork.RecordID, how Print) (*Paper, error) {
	doc, err := f.BadgeSheet(people, how)
	if err != nil {
		return nil, err
	}
	sample := doc
	sample.List = doc.List[:firstPage(doc.Sheet, len(doc.List))]
	made := newPaper(doc, sample, func() error { return f.BadgesPrinted(people) })
	made.unshown = len(Unshown(doc))
	return made, nil
}

// TagPaper is a batch of new lamp tags. Their numbers are taken when it is written; until then the picture shows what they would be.
func (f *Folder) TagPaper(count int, how Print) (*Paper, error) {
	if _, err := f.TagSheet(nil, how); err != nil {
		return nil, err
	}
	next, err := f.nextTags(count)
	if err != nil {
		return nil, err
	}
	sample, err := f.TagSheet(next, how)
	if err != nil {
		return nil, err
	}
	sample.List = sample.List[:firstPage(sample.Sheet, len(sample.List))]
	return &Paper{sample: sample, write: func(w io.Writer) error {
		_, err := f.Tags(w, count, how)
		return err
	}}, nil
}

// RosterPaper is a session's attendance list.
func (f *Folder) RosterPaper(session fieldwork.RecordID, how Print, author fieldwork.RecordID) (*Paper, error) {
	doc, people, err := f.roster(session, how)
	if err != nil {
		return nil, err
	}
	sample := doc
	sample.Rows = doc.Rows[:min(len(doc.Rows), 20)]
	return &Paper{sample: sample, write: func(w io.Writer) error {
		if err := f.expect(session, people, author); err != nil {
			return err
		}
		return WritePDF(w, doc)
	}}, nil
}

// CertificatePaper is certificates, one a page.
func (f *Folder) CertificatePaper(ids []fieldwork.RecordID, how Print) (*Paper, error) {
	doc, err := f.CertificateSheet(ids, how)
	if err != nil {
		return nil, err
	}
	sample := doc
	sample.List = doc.List[:1]
	return newPaper(doc, sample, func() error { return f.CertificatesPrinted(ids) }), nil
}

// HandOverPaper is the packet that stays with a village. Save keeps each of its open tables when the document was printed.
func (f *Folder) HandOverPaper(site fieldwork.RecordID, how Print, save func(name string, table []byte) error) (*Paper, error) {
	h, err := f.HandOver(site, how)
	if err != nil {
		return nil, err
	}
	return newPaper(h.Document, h.Document, func() error {
		for _, name := range handOverFiles {
			if err := save(name, h.Files[name]); err != nil {
				return err
			}
		}
		return nil
	}), nil
}

// TestPaper is a page that shows where a format's labels are, and rulers.
func (f *Folder) TestPaper(how Print) (*Paper, error) {
	sheet, err := f.sheet(how)
	if err != nil {
		return nil, err
	}
	doc := paper.TestPage{Sheet: sheet}
	return newPaper(doc, doc, nil), nil
}
