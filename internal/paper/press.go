package paper

import (
	"bytes"
	"fmt"
	"image"
	"io"

	"github.com/go-text/typesetting/font"
)

// Fonts are TrueType files. Regular, Bold and Mono are for the product's own words and for names in Latin, Greek and Cyrillic
// letters, the others for names in their scripts.
type Fonts struct{ Regular, Bold, Mono, Arabic, Devanagari []byte }

// Words are the product's words in the language of the print.
type Words interface {
	T(key string, args ...any) string
}

// role is what a font is for.
type role int

const (
	regular role = iota
	bold
	mono
	arabic
	devanagari
	roles
)

// Press prints. It may be used from several goroutines.
type Press struct {
	files [roles][]byte
	fonts [roles]*font.Font
}

// NewPress reads the fonts. It fails where one is none.
func NewPress(f Fonts) (*Press, error) {
	p := &Press{files: [roles][]byte{f.Regular, f.Bold, f.Mono, f.Arabic, f.Devanagari}}
	for i, b := range p.files {
		face, err := font.ParseTTF(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("read font %d for printing: %w", i, err)
		}
		p.fonts[i] = face.Font
	}
	return p, nil
}

// Document is something to print.
type Document interface {
	// sheet returns the size of its pages and its title.
	sheet() (size Page, title string)
	// draw draws it, page after page.
	draw(*desk) error
}

// Page is a size of paper in millimetres.
type Page struct{ W, H float64 }

// The papers of the world.
var (
	A4     = Page{210, 297}
	Letter = Page{215.9, 279.4}
)

// Turned is the page lying on its side.
func (p Page) Turned() Page { return Page{p.H, p.W} }

// PDF writes a document. It returns the writer's error, or one that names the code that does not fit into a QR.
func (p *Press) PDF(w io.Writer, doc Document) error {
	size, title := doc.sheet()
	set := newTypesetter(p)
	pen := newPDFPen(p, set, size, title)
	if err := doc.draw(&desk{pen: pen, size: size, set: set}); err != nil {
		return err
	}
	if err := pen.pdf.Output(w); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// Picture paints a document's first page, so many pixels wide. Give it a document that is short: it is drawn to its end.
func (p *Press) Picture(doc Document, width int) (image.Image, error) {
	size, _ := doc.sheet()
	set := newTypesetter(p)
	pen := newPicturePen(set, size, width)
	err := doc.draw(&desk{pen: pen, size: size, set: set})
	return pen.image, err
}
