package sheets

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"kandili/internal/fieldwork"
)

// Limits of a workbook. It is unpacked in memory, never to a temporary file: what is in it is about people.
const (
	maxZipped   = 64 << 20  // bytes of the file
	maxUnzipped = 256 << 20 // bytes of all its parts together, as it declares them; more than it declares is not read
	maxParts    = 10_000
	maxTags     = 24 << 20  // tags in parts other than sheets, which the library turns into a structure each
	maxColumns  = 1_000     // filled ones
	maxCells    = 8 << 20   // of the sheet, blank ones between filled ones included
	maxText     = 128 << 20 // bytes of all cells together: one shared text can stand in many
)

var errTooLarge = &fieldwork.Problem{Code: "too-large", Sentence: "This workbook is too large to be read safely.",
	Hint: "Save the sheet as CSV (UTF-8) and import that, or split it."}

func badXLSX(err error) error {
	return &fieldwork.Problem{Code: "bad-xlsx", Sentence: "This file is damaged, or it is no XLSX workbook. Nothing was changed.",
		Hint: "Open it in a spreadsheet program, save it as XLSX or as CSV (UTF-8), and import that.", Err: err}
}

// isZip and isOLE know a workbook, and an old or locked one, by their first bytes.
func isZip(b []byte) bool { return bytes.HasPrefix(b, []byte("PK\x03\x04")) }
func isOLE(b []byte) bool { return bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) }

var errLocked = &fieldwork.Problem{Code: "locked-workbook", Sentence: "This is an old .xls workbook, or one that is locked with a password.",
	Hint: "Open it in a spreadsheet program, save it as XLSX without a password, and import that."}

// nowhere is where the library may put temporary files: it fails to, and keeps what it has in memory.
var nowhere = filepath.Join(os.DevNull, "kandili")

// readXLSX reads a sheet of a workbook; the empty name means the first that is not hidden. Dates and times come as
// ISO text, numbers unrounded, whatever format they show in; formulas as the result that was saved with them.
func readXLSX(b []byte, sheet string) (t Table, err error) {
	defer func() { // the library panics on some nonsense; whatever the bytes, our person gets a sentence
		if r := recover(); r != nil {
			t, err = Table{}, badXLSX(fmt.Errorf("panic: %v", r))
		}
	}()
	if len(b) > maxZipped {
		return t, errTooLarge
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return t, badXLSX(err)
	}
	if err := checkParts(z); err != nil {
		return t, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, TmpDir: nowhere})
	if err != nil {
		return t, badXLSX(err)
	}
	defer f.Close()
	if sheet, err = chooseSheet(f, sheet); err != nil {
		return t, err
	}
	seen, err := survey(f, sheet)
	if err != nil {
		return t, err
	}
	if err := plainFormats(f); err != nil {
		return t, badXLSX(err)
	}
	lines, err := readCells(f, sheet)
	if err != nil {
		return t, err
	}
	if seen.shared > 0 && (f.SharedStrings == nil || seen.shared > len(f.SharedStrings.SI)) {
		return t, badXLSX(errors.New("a shared text is missing")) // the library leaves such a cell blank
	}
	return asTable(lines, seen.merged)
}

// chooseSheet returns the sheet of the name, in any case, or else the first that is not hidden.
func chooseSheet(f *excelize.File, name string) (string, error) {
	all := f.GetSheetList()
	for _, s := range all {
		if strings.EqualFold(s, name) {
			return s, nil
		}
	}
	if name != "" {
		return "", &fieldwork.Problem{Code: "unknown-sheet", Sentence: "The workbook has no sheet “" + name + "”.", Hint: "It has: " + strings.Join(all, ", ") + "."}
	}
	for _, s := range all {
		if visible, err := f.GetSheetVisible(s); err == nil && visible {
			return s, nil
		}
	}
	return "", badXLSX(errors.New("no visible sheet"))
}

// line is a row of the sheet that holds something.
type line struct {
	number int // as the spreadsheet program shows it
	cells  []string
}

func (l line) filled() (n int) {
	for _, c := range l.cells {
		if c != "" {
			n++
		}
	}
	return n
}

func readCells(f *excelize.File, sheet string) ([]line, error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, badXLSX(err)
	}
	defer rows.Close()
	var lines []line
	size := 0
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, badXLSX(err)
		}
		for i := range cells {
			cells[i] = strings.TrimSuffix(cells[i], " 00:00:00") // a day, in a column of days and times
			size += len(cells[i])
		}
		if size > maxText {
			return nil, errTooLarge
		}
		if l := (line{n, cells}); l.filled() > 0 {
			lines = append(lines, l)
		}
	}
	if err := rows.Error(); err != nil {
		return nil, badXLSX(err)
	}
	return lines, nil
}

// asTable finds the heads: under a title, if there is one, and in as many rows as their merged cells reach down.
func asTable(lines []line, merged []area) (Table, error) {
	for len(lines) > 1 && lines[0].filled() == 1 && lines[1].filled() > 1 {
		lines = lines[1:] // a title
	}
	if len(lines) == 0 {
		return Table{}, &fieldwork.Problem{Code: "empty-table", Sentence: "This sheet is empty.", Hint: "Its first row names the columns, for example given_name, family_name."}
	}
	last := lines[0].number
	for _, m := range merged {
		if m.top == lines[0].number && m.bottom-m.top < 4 { // heads of five rows are no heads
			last = max(last, m.bottom)
		}
	}
	var t Table
	for len(lines) > 0 && lines[0].number <= last {
		for i, c := range lines[0].cells {
			for len(t.Heads) <= i {
				t.Heads = append(t.Heads, "")
			}
			if c != "" {
				t.Heads[i] = headOf(c) // the lowest counts: “Name” stands over given_name and family_name
			}
		}
		lines = lines[1:]
	}
	for _, l := range lines {
		for len(t.Heads) < len(l.cells) {
			t.Heads = append(t.Heads, "")
		}
		t.Rows, t.Lines = append(t.Rows, l.cells), append(t.Lines, l.number)
	}
	for i, h := range t.Heads {
		if h == "" { // so that what stands under no head is reported, not dropped
			letters, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return Table{}, badXLSX(err)
			}
			t.Heads[i] = "column_" + strings.ToLower(letters)
		}
	}
	return t, nil
}
