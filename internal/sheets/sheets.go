// Package sheets reads and writes tables that other programs understand: CSV, XLSX and JSON Lines. It knows nothing of
// records beyond names of heads. The laptop's package, HQ and commands import it.
package sheets

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"kandili/internal/fieldwork"
)

// Table is a sheet: heads and rows of text. Row i of the table is line Lines[i] of the file, counted from 1.
type Table struct {
	Heads []string
	Rows  [][]string
	Lines []int
}

// MaxBytes is the largest file that is read, in bytes.
const MaxBytes = 256 << 20

// Read reads CSV, JSON Lines or the first sheet of an XLSX workbook, told apart by the first bytes. CSV may have a BOM,
// commas, semicolons or tabs, and be UTF-8 or Windows-1252. Errors for a person are Problems.
func Read(r io.Reader) (Table, error) { return ReadSheet(r, "") }

// ReadSheet is Read with the sheet of that name, which only a workbook can have; the empty name means the first sheet.
func ReadSheet(r io.Reader, sheet string) (Table, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Table{}, fmt.Errorf("read the table: %w", err)
	}
	if len(b) > MaxBytes {
		return Table{}, &fieldwork.Problem{Code: "too-large", Sentence: "This file is larger than 256 MB.", Hint: "Split it and import the parts."}
	}
	switch {
	case isZip(b):
		return readXLSX(b, sheet)
	case isOLE(b):
		return Table{}, errLocked
	case sheet != "":
		return Table{}, &fieldwork.Problem{Code: "no-workbook", Sentence: "This file has no sheets: it is no XLSX workbook.", Hint: "Leave the sheet's name out."}
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(b) {
		if b, err = charmap.Windows1252.NewDecoder().Bytes(b); err != nil {
			return Table{}, fmt.Errorf("decode the table: %w", err)
		}
	}
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		return readLines(b)
	}
	return readCSV(b)
}

func readCSV(b []byte) (Table, error) {
	in := csv.NewReader(bytes.NewReader(b))
	in.Comma = separator(b)
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	var t Table
	for {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return t, &fieldwork.Problem{Code: "bad-csv", Sentence: "This file cannot be read as a table.", Hint: "Save it as CSV (UTF-8) again.", Err: err}
		}
		line, _ := in.FieldPos(0)
		if t.Heads == nil {
			for _, h := range row {
				t.Heads = append(t.Heads, headOf(h))
			}
			continue
		}
		t.Rows = append(t.Rows, row)
		t.Lines = append(t.Lines, line)
	}
	if t.Heads == nil {
		return t, &fieldwork.Problem{Code: "empty-table", Sentence: "This file is empty.", Hint: "The first line names the columns, for example given_name,family_name."}
	}
	return t, nil
}

// headOf makes a head the name of a field: “Given name” is given_name.
func headOf(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), "_")) }

// separator is the sign that parts most columns of the first line.
func separator(b []byte) rune {
	first, _, _ := bytes.Cut(b, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func readLines(b []byte) (Table, error) {
	var t Table
	column := map[string]int{}
	in := bufio.NewScanner(bytes.NewReader(b))
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var object map[string]any
		d := json.NewDecoder(bytes.NewReader(in.Bytes()))
		d.UseNumber()
		if err := d.Decode(&object); err != nil {
			return t, &fieldwork.Problem{Code: "bad-jsonl", Sentence: fmt.Sprintf("Line %d is no JSON object.", n), Hint: "Each line holds one object, for example {\"given_name\":\"Amina\"}.", Err: err}
		}
		row := make([]string, len(t.Heads))
		for name, v := range object {
			i, known := column[name]
			if !known {
				i = len(t.Heads)
				column[name] = i
				t.Heads = append(t.Heads, name)
				row = append(row, "")
			}
			row[i] = textOf(v)
		}
		t.Rows = append(t.Rows, row)
		t.Lines = append(t.Lines, n)
	}
	return t, in.Err()
}

func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = textOf(v[i])
		}
		return strings.Join(parts, ";")
	}
	return fmt.Sprint(v)
}

// WriteCSV writes a table as UTF-8 with a BOM, so that spreadsheets show accents, and with cells that no spreadsheet
// takes for a formula.
func WriteCSV(w io.Writer, heads []string, rows func(yield func([]string) bool)) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	out.Write(heads) // errors stay in out
	for row := range rows {
		safe := slices.Clone(row)
		for i := range safe {
			safe[i] = Safe(safe[i])
		}
		out.Write(safe)
	}
	out.Flush()
	return out.Error()
}

// Safe puts an apostrophe before what a spreadsheet could take for a formula; plain numbers stay as they are.
func Safe(cell string) string {
	if cell == "" {
		return cell
	}
	switch r, _ := utf8.DecodeRuneInString(cell); r {
	case '=', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
		return "'" + cell
	case '+', '-':
		if strings.Trim(cell[1:], "0123456789. ,") != "" || strings.Count(cell, ",") > 1 {
			return "'" + cell
		}
	}
	return cell
}

// Plain takes away the apostrophe that Safe put.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && Safe(rest) == cell {
		return rest
	}
	return cell
}

// IsError says that a cell holds what a spreadsheet program writes where a formula failed.
func IsError(cell string) bool {
	switch cell {
	case "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!":
		return true
	}
	return false
}
