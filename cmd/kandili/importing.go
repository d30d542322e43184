package main

import (
	"context"
	"io"
	"os"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/ui/importing"
)

// mostTable is how large a file of a list may be, in bytes.
const mostTable = 64 << 20

// ReadTable implements importing.Desk.
func (d *desk) ReadTable(path string) (importing.Table, error) {
	in, err := os.Open(path)
	if err != nil {
		return importing.Table{}, &fieldwork.Problem{Code: "no-file", Sentence: "The file cannot be read.", Hint: "Check its name, and that the stick is still there.", Err: err}
	}
	defer in.Close()
	t, err := sheets.Read(io.LimitReader(in, mostTable))
	return importing.Table{Heads: t.Heads, Rows: t.Rows, Lines: t.Lines}, err
}

// ImportTable implements importing.Desk.
func (d *desk) ImportTable(ctx context.Context, kind fieldwork.Kind, t importing.Table, dry bool, report func(done, total int)) (importing.Done, error) {
	f := d.open()
	if f == nil {
		return importing.Done{}, errLocked
	}
	got, err := f.ImportWhole(ctx, kind.String(), sheets.Table{Heads: t.Heads, Rows: t.Rows, Lines: t.Lines}, dry, report)
	out := importing.Done{Read: got.Read, Added: got.Added, Changed: got.Changed}
	for _, r := range got.Refused {
		out.Refused = append(out.Refused, importing.Refused{Line: r.Row, Field: r.Field, Why: r.Why})
	}
	return out, err
}

// SaveRefused implements importing.Desk.
func (d *desk) SaveRefused(name string, heads []string, rows [][]string) (string, error) {
	return d.SavePaper(name, func(w io.Writer) error {
		return sheets.WriteCSV(w, heads, func(yield func([]string) bool) {
			for _, row := range rows {
				if !yield(row) {
					return
				}
			}
		})
	})
}
