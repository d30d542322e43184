package laptop

import (
	"io"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
)

// WriteGrid writes an attendance grid as "xlsx" or "csv".
func WriteGrid(w io.Writer, format string, g *fieldwork.Grid, words fieldwork.GridWords, zone *time.Location) error {
	heads, rows := g.Table(words, zone)
	switch format {
	case "csv":
		return sheets.WriteCSV(w, heads, slices.Values(rows))
	case "xlsx":
		columns := make([]sheets.Column, len(heads))
		for i, h := range heads {
			columns[i].Head = h
		}
		columns[len(columns)-1].As = sheets.AsNumber
		return sheets.WriteXLSX(w, "attendance", columns, slices.Values(rows))
	}
	return &fieldwork.Problem{Code: "unknown-format", Sentence: "There is no format “" + format + "” for attendance.", Hint: "Use csv or xlsx."}
}
