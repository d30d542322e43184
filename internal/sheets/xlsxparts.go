package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"kandili/internal/fieldwork"
)

// checkParts looks at a workbook's parts before the library unpacks them: how many and how large they are, and, of
// those that it turns into structures whole, how many tags they hold.
func checkParts(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return errTooLarge
	}
	var size uint64
	for _, p := range z.File {
		if p.UncompressedSize64 > maxUnzipped {
			return errTooLarge
		}
		if size += p.UncompressedSize64; size > maxUnzipped {
			return errTooLarge
		}
	}
	tags := 0
	for _, p := range z.File {
		if strings.HasPrefix(strings.ToLower(p.Name), "xl/worksheets/sheet") {
			continue // read as a stream; see survey
		}
		n, err := countTags(p)
		if err != nil {
			return badXLSX(fmt.Errorf("%s: %w", p.Name, err))
		}
		if tags += n; tags > maxTags {
			return errTooLarge
		}
	}
	return nil
}

func countTags(p *zip.File) (n int, err error) {
	r, err := p.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	buf := make([]byte, 32<<10)
	for {
		k, err := r.Read(buf)
		n += bytes.Count(buf[:k], []byte("<"))
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// area is a block of merged cells, its bounds inclusive and counted from 1.
type area struct{ top, bottom int }

// surveyed is what a first pass over a sheet finds.
type surveyed struct {
	merged []area
	cells  int // with blank ones between filled ones
	shared int // the highest number of a shared text that a cell names, and one more
}

// survey reads a sheet's XML once: the library, which reads it again for the values, goes quietly over an end that is
// missing and makes as many blank cells as a sheet asks for.
func survey(f *excelize.File, sheet string) (surveyed, error) {
	part, err := sheetPart(f, sheet)
	if err != nil {
		return surveyed{}, badXLSX(err)
	}
	d := xml.NewDecoder(bytes.NewReader(part))
	d.CharsetReader = f.CharsetReader
	var s surveyed
	var c cellSeen
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return s, wholeSheet(part)
		}
		if err != nil {
			return s, badXLSX(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				c = cellSeen{}
			case "c":
				c = c.next(e)
			case "mergeCell":
				s.merged = append(s.merged, areaOf(attr(e, "ref")))
			default:
				c.inside(e.Name.Local)
			}
		case xml.CharData:
			if n, err := strconv.Atoi(string(bytes.TrimSpace(e))); err == nil && c.shared {
				s.shared = max(s.shared, n+1)
			}
		case xml.EndElement:
			if e.Name.Local == "c" {
				if err := s.add(&c); err != nil {
					return s, err
				}
			}
		}
	}
}

// wholeSheet says that the part ends as a sheet does; RawToken does not compare tags.
func wholeSheet(part []byte) error {
	if d := bytes.TrimSpace(part); !bytes.HasSuffix(d, []byte(">")) || !bytes.Contains(d[max(0, len(d)-256):], []byte("worksheet")) {
		return badXLSX(io.ErrUnexpectedEOF)
	}
	return nil
}

// cellSeen is the cell that the survey is in.
type cellSeen struct {
	name           string
	column         int // of this cell
	width          int // of the row so far: its last filled column
	value, formula bool
	shared         bool // the value is the number of a shared text
}

func (c cellSeen) next(e xml.StartElement) cellSeen {
	c.column, c.value, c.formula, c.shared = c.column+1, false, false, attr(e, "t") == "s"
	if c.name = attr(e, "r"); c.name != "" {
		if column, _, err := excelize.CellNameToCoordinates(c.name); err == nil {
			c.column = column
		}
	}
	return c
}

func (c *cellSeen) inside(tag string) {
	switch tag {
	case "v", "is":
		c.value = true
	case "f":
		c.formula = true
	}
}

// add counts a cell that ends here.
func (s *surveyed) add(c *cellSeen) error {
	if c.formula && !c.value {
		return &fieldwork.Problem{Code: "no-result", Sentence: "Cell " + c.name + " holds a formula without its result. Nothing was changed.",
			Hint: "Open the workbook in a spreadsheet program, save it, and import it again."}
	}
	if !c.value {
		return nil
	}
	if c.column > maxColumns {
		return &fieldwork.Problem{Code: "too-wide", Sentence: fmt.Sprintf("This sheet has something in column %d.", c.column), Hint: "Delete what stands far to the right of the table, and import it again."}
	}
	if c.column > c.width {
		s.cells += c.column - c.width
		c.width = c.column
	}
	if s.cells > maxCells {
		return errTooLarge
	}
	return nil
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func areaOf(ref string) area {
	from, to, _ := strings.Cut(ref, ":")
	_, top, err := excelize.CellNameToCoordinates(from)
	_, bottom, err2 := excelize.CellNameToCoordinates(to)
	if err != nil || err2 != nil {
		return area{}
	}
	return area{min(top, bottom), max(top, bottom)}
}

// sheetPart returns the XML of a sheet, which the workbook's relations lead to.
func sheetPart(f *excelize.File, sheet string) ([]byte, error) {
	book := "xl/workbook.xml"
	if to, ok := relation(f, "_rels/.rels", func(r rel) bool { return strings.HasSuffix(r.Type, "/officeDocument") }); ok {
		book = partName("", to)
	}
	for _, s := range f.WorkBook.Sheets.Sheet {
		if s.Name != sheet {
			continue
		}
		to, ok := relation(f, path.Join(path.Dir(book), "_rels", path.Base(book)+".rels"), func(r rel) bool { return r.ID == s.ID })
		if !ok {
			break
		}
		if b, ok := f.Pkg.Load(partName(path.Dir(book), to)); ok {
			if part, ok := b.([]byte); ok {
				return part, nil
			}
		}
	}
	return nil, errors.New("the sheet has no part")
}

type rel struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func relation(f *excelize.File, part string, is func(rel) bool) (target string, ok bool) {
	b, _ := f.Pkg.Load(part)
	text, _ := b.([]byte)
	var all struct {
		Relationship []rel
	}
	if xml.Unmarshal(text, &all) != nil {
		return "", false
	}
	for _, r := range all.Relationship {
		if is(r) {
			return r.Target, true
		}
	}
	return "", false
}

// partName makes a relation's target, which may begin at the top or beside the part that it is in, a part's name.
func partName(dir, target string) string {
	if rest, ok := strings.CutPrefix(target, "/"); ok {
		return rest
	}
	return path.Join(dir, target)
}
