package lists

import (
	"context"
	"errors"
	"io"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/ui/task"
)

// The forms a list can be exported in.
const (
	CSV     = "csv"
	XLSX    = "xlsx"
	GeoJSON = "geojson"
)

// Where gives the position of a record in degrees, false for none.
type Where func(fieldwork.Record) (lat, lon float64, ok bool)

// Table is what an export has of each record.
type Table struct {
	Name    string // of the sheet in a workbook
	Columns []sheets.Column
	Row     func(fieldwork.Record) []string // called beside the window
}

// TableOf has of the records of a kind their code and every field that is no key and no picture, references by the names of what they
// name. The heads are those that an import reads.
func TableOf(s Store, kind fieldwork.Kind) Table {
	k := &kindTable{store: s, spec: fieldwork.SpecOf(kind)}
	return Table{Name: k.spec.Name, Columns: k.columns(), Row: k.row}
}

// Export writes the records of ids in their order. at may be nil but for GeoJSON, which holds what has a position. It reports its
// progress, stops when ctx ends, and returns how many records it wrote.
func Export(ctx context.Context, w io.Writer, format string, s Store, t Table, ids []fieldwork.RecordID, at Where, report task.Progress) (int, error) {
	e := &exporter{ctx: ctx, store: s, table: t, ids: ids, report: report}
	columns := t.Columns
	var err error
	switch format {
	case CSV:
		heads := make([]string, len(columns))
		for i, c := range columns {
			heads[i] = c.Head
		}
		err = sheets.WriteCSV(w, heads, e.rows)
	case XLSX:
		err = sheets.WriteXLSX(w, t.Name, columns, e.rows)
	case GeoJSON:
		err = sheets.WriteGeoJSON(w, func(yield func(sheets.Feature) bool) {
			e.each(func(r fieldwork.Record) bool {
				lat, lon, ok := at(r)
				if !ok {
					return true
				}
				f := sheets.Feature{Lat: lat, Lon: lon}
				for i, cell := range t.Row(r) {
					if cell != "" {
						f.Properties = append(f.Properties, sheets.Property{Name: columns[i].Head, Value: cell})
					}
				}
				e.n++
				return yield(f)
			})
		})
	default:
		err = errors.New("no such format: " + format)
	}
	return e.n, errors.Join(ctx.Err(), err)
}

type exporter struct {
	ctx    context.Context
	store  Store
	table  Table
	ids    []fieldwork.RecordID
	report task.Progress
	n      int // written so far
}

// kindTable is the inside of TableOf.
type kindTable struct {
	store Store
	spec  *fieldwork.Spec
}

func (k *kindTable) columns() []sheets.Column {
	columns := []sheets.Column{{Head: "code"}}
	as := map[fieldwork.Type]sheets.As{fieldwork.TypeInt: sheets.AsNumber, fieldwork.TypeDecimal: sheets.AsNumber,
		fieldwork.TypeDate: sheets.AsDate, fieldwork.TypeTime: sheets.AsTime}
	for _, f := range k.fields() {
		columns = append(columns, sheets.Column{Head: f.Name, As: as[f.Type]})
	}
	return columns
}

// fields are those that are no keys and no pictures.
func (k *kindTable) fields() (out []*fieldwork.Field) {
	for i := range k.spec.Fields {
		if f := &k.spec.Fields[i]; f.Type != fieldwork.TypeBytes && f.Type != fieldwork.TypePhoto {
			out = append(out, f)
		}
	}
	return out
}

// each goes through the records until f says no or the work is stopped.
func (e *exporter) each(f func(fieldwork.Record) bool) {
	for i, id := range e.ids {
		if e.ctx.Err() != nil {
			return
		}
		e.report.Report(int64(i), int64(len(e.ids)), "")
		if r, ok := e.store.Record(id); ok && !f(r) {
			return
		}
	}
}

func (e *exporter) rows(yield func([]string) bool) {
	e.each(func(r fieldwork.Record) bool {
		e.n++
		return yield(e.table.Row(r))
	})
}

func (k *kindTable) row(r fieldwork.Record) []string {
	row := []string{fieldwork.CodeOf(r.ID)}
	for _, f := range k.fields() {
		row = append(row, k.cell(f, r.Get(f.ID)))
	}
	return row
}

func (k *kindTable) cell(f *fieldwork.Field, v fieldwork.Value) string {
	if v.IsZero() {
		return ""
	}
	switch f.Type {
	case fieldwork.TypeRef:
		return k.named(v.Ref())
	case fieldwork.TypeRefs:
		var names []string
		for _, id := range v.Refs() {
			names = append(names, k.named(id))
		}
		return strings.Join(names, "; ")
	}
	return fieldwork.FormatValue(f, v)
}

// named is the name of a record, and its code where it has none.
func (k *kindTable) named(id fieldwork.RecordID) string {
	if r, ok := k.store.Record(id); ok {
		if name := fieldwork.Name(r); name != "" {
			return name
		}
	}
	return fieldwork.CodeOf(id)
}
