package sheets

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"kandili/internal/fieldwork"
)

// Column is a column of a workbook that is written.
type Column struct {
	Head string
	As   As
}

// As says what a column's cells become in a workbook. A cell that is none stays text.
type As uint8

// Kinds of cells. Text is the zero value: a phone keeps its zeros and plus, and nothing is ever a formula.
const (
	AsText   As = iota
	AsNumber    // 12.5
	AsDate      // 2027-03-14, shown so in every country
	AsTime      // 2027-03-14T08:41:00Z, shown as UTC
)

// maxRows is how many rows a sheet has, its heads included.
const maxRows = 1 << 20

// WriteXLSX writes a table as a workbook of one sheet, with bold heads that stay in view. It holds the sheet in memory:
// a temporary file would leave people's data in clear on the disk.
func WriteXLSX(w io.Writer, sheet string, columns []Column, rows func(yield func([]string) bool)) error {
	f := excelize.NewFile(excelize.Options{TmpDir: nowhere})
	defer f.Close()
	if err := f.SetSheetName(f.GetSheetName(0), sheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	styles, head, err := stylesFor(f)
	if err != nil {
		return fmt.Errorf("workbook styles: %w", err)
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	if err := writeRows(out, columns, rows, styles, head); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func stylesFor(f *excelize.File) (styles map[As]int, head int, err error) {
	styles = map[As]int{}
	for as, code := range map[As]string{AsDate: isoDay, AsTime: isoMoment} {
		if styles[as], err = f.NewStyle(&excelize.Style{CustomNumFmt: &code}); err != nil {
			return nil, 0, err
		}
	}
	head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	return styles, head, err
}

func writeRows(out *excelize.StreamWriter, columns []Column, rows func(yield func([]string) bool), styles map[As]int, head int) error {
	if err := out.SetColWidth(1, max(len(columns), 1), 18); err != nil { // characters, about
		return fmt.Errorf("write the sheet: %w", err)
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	line := make([]any, len(columns))
	for i, c := range columns {
		line[i] = excelize.Cell{StyleID: head, Value: c.Head}
	}
	if err := out.SetRow("A1", line); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	n := 1
	for row := range rows {
		if n++; n > maxRows {
			return &fieldwork.Problem{Code: "too-many-rows", Sentence: "A spreadsheet has no room for so many rows.", Hint: "Export as CSV, or one site at a time."}
		}
		for i := range line {
			line[i] = nil
			if i < len(row) && row[i] != "" {
				line[i] = cellAs(columns[i].As, row[i], styles)
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(n), line); err != nil {
			return fmt.Errorf("write row %d: %w", n, err)
		}
	}
	return nil
}

func cellAs(as As, text string, styles map[As]int) any {
	switch as {
	case AsNumber:
		// Longer numbers would lose digits; what does not come back the same is kept as text.
		if x, err := strconv.ParseFloat(text, 64); err == nil && strconv.FormatFloat(x, 'f', -1, 64) == text {
			return x
		}
	case AsDate:
		if t, err := time.Parse(time.DateOnly, text); err == nil && t.Year() >= 1900 {
			return excelize.Cell{StyleID: styles[as], Value: t}
		}
	case AsTime:
		if t, err := time.Parse(time.RFC3339, text); err == nil && t.Year() >= 1900 {
			return excelize.Cell{StyleID: styles[as], Value: t.UTC()}
		}
	}
	return text
}
