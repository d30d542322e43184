package laptop

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/sheets"
	"kandili/internal/store"
)

// Refused is a row that was not imported.
type Refused struct {
	Row   int    `json:"row"` // line of the file, counted from 1
	Field string `json:"field"`
	Why   string `json:"why"`
}

// Imported says what an import did.
type Imported struct {
	Read    int       `json:"read"`
	Added   int       `json:"added"`
	Changed int       `json:"changed"`
	Refused []Refused `json:"refused"`
}

// importBatch is how many rows are saved with one flush.
const importBatch = 200

// Import adds the rows of a table. A row that is wrong is reported and the others go in. A row is known again by its
// ref, or else by its content, so that importing a file twice changes nothing. progress may be nil.
func (f *Folder) Import(kind string, t sheets.Table, dryRun bool, progress func(done, total int)) (Imported, error) {
	return f.importRows(context.Background(), kind, t, dryRun, importBatch, progress)
}

// ImportWhole is Import in one go: all good rows are saved with one flush, so that stopping leaves nothing behind and undoing
// takes all of it back.
func (f *Folder) ImportWhole(ctx context.Context, kind string, t sheets.Table, dryRun bool, progress func(done, total int)) (Imported, error) {
	return f.importRows(ctx, kind, t, dryRun, len(t.Rows)+1, progress)
}

func (f *Folder) importRows(ctx context.Context, kind string, t sheets.Table, dryRun bool, batch int, progress func(done, total int)) (Imported, error) {
	s, err := f.Campaign()
	if err != nil {
		return Imported{}, err
	}
	spec, err := KindNamed(kind)
	if err != nil {
		return Imported{}, err
	}
	im := &importing{f: f, s: s, spec: spec, res: Imported{Refused: []Refused{}}, pending: map[string]fieldwork.RecordID{}}
	for i, row := range t.Rows {
		if ctx.Err() != nil {
			return im.res, ctx.Err()
		}
		im.row(t, row, t.Lines[i])
		if len(im.drafts) >= batch && !dryRun {
			if err := im.flush(); err != nil {
				return im.res, err
			}
		}
		if progress != nil {
			progress(i+1, len(t.Rows))
		}
	}
	if dryRun {
		return im.res, nil
	}
	return im.res, im.flush()
}

// importing is one import under way.
type importing struct {
	f       *Folder
	s       *store.Store
	spec    *fieldwork.Spec
	res     Imported
	drafts  []store.Draft
	pending map[string]fieldwork.RecordID // names of rows that wait for the next flush
}

func refName(k fieldwork.Kind, ref string) string { return fmt.Sprintf("ref/%d/%s", k, ref) }

func (im *importing) row(t sheets.Table, row []string, line int) {
	cells := Cells{}
	blank := true
	for i, head := range t.Heads {
		if i < len(row) {
			cells[head] = sheets.Plain(row[i])
			blank = blank && strings.TrimSpace(row[i]) == ""
		}
	}
	if blank {
		return
	}
	im.res.Read++
	ref := strings.TrimSpace(cells["ref"])
	delete(cells, "ref")
	name := refName(im.spec.Kind, ref)
	if ref == "" {
		name = refName(im.spec.Kind, contentName(cells))
	}
	list, faults := im.f.fields(im.spec, cells, im.resolve)
	faults = append(faults, failedFormulas(cells)...)
	if id, known := im.lookup(name); known {
		im.change(id, list, faults, line, ref == "")
		return
	}
	list = dropCleared(list)
	faults = append(faults, im.f.check(im.spec, list)...)
	if im.refuse(faults, line) {
		return
	}
	id := im.s.Upcoming(im.upcoming())
	im.drafts = append(im.drafts, store.Draft{Writes: []journal.Write{{Kind: im.spec.Kind, Fields: list}},
		Notes: map[string][]byte{name: fieldwork.AppendID(nil, id)}, At: id})
	im.pending[name] = id
	im.res.Added++
}

// failedFormulas finds cells that would otherwise make #N/A somebody's name.
func failedFormulas(cells Cells) (faults []fault) {
	for _, head := range slices.Sorted(maps.Keys(cells)) {
		if text := strings.TrimSpace(cells[head]); sheets.IsError(text) {
			faults = append(faults, fault{head, "This is " + text + ", what a spreadsheet shows where a formula failed."})
		}
	}
	return faults
}

// contentName names a row without a ref by what it says.
func contentName(cells Cells) string {
	h := sha256.New()
	for _, k := range slices.Sorted(maps.Keys(cells)) {
		if v := strings.TrimSpace(cells[k]); v != "" {
			fmt.Fprintf(h, "%q=%q\n", k, v)
		}
	}
	return fmt.Sprintf("row-%x", h.Sum(nil)[:16])
}

func (im *importing) upcoming() int {
	n := 0
	for _, d := range im.drafts {
		n += len(d.Writes)
	}
	return n
}

// change brings a row that was imported before up to date: only cells that differ are written.
func (im *importing) change(id fieldwork.RecordID, list []fieldwork.FieldValue, faults []fault, line int, same bool) {
	r, ok := im.s.Record(id)
	if !ok || same {
		return // it waits in this very batch, or the row is exactly as it was
	}
	list = slices.DeleteFunc(list, func(v fieldwork.FieldValue) bool { return r.Get(v.Field) == v.Value })
	if len(list) == 0 && len(faults) == 0 {
		return
	}
	faults = append(faults, im.f.check(im.spec, merged(r, list))...)
	if im.refuse(faults, line) {
		return
	}
	im.drafts = append(im.drafts, store.Draft{Writes: []journal.Write{{Kind: im.spec.Kind, Record: id, Fields: list}}})
	im.res.Changed++
}

func (im *importing) refuse(faults []fault, line int) bool {
	for _, x := range faults {
		im.res.Refused = append(im.res.Refused, Refused{Row: line, Field: x.Field, Why: x.Why})
	}
	return len(faults) > 0
}

func (im *importing) lookup(name string) (fieldwork.RecordID, bool) {
	if id, ok := im.pending[name]; ok {
		return id, true
	}
	b := im.s.Note(name)
	if b == nil {
		return fieldwork.RecordID{}, false
	}
	id, _, err := fieldwork.ReadID(b)
	return id, err == nil
}

// resolve finds a record by the id that it has in this file or in one imported before.
func (im *importing) resolve(kind fieldwork.Kind, text string) (fieldwork.RecordID, bool) {
	if kind != 0 {
		return im.lookup(refName(kind, text))
	}
	for _, s := range fieldwork.Specs() {
		if id, ok := im.lookup(refName(s.Kind, text)); ok {
			return id, true
		}
	}
	return fieldwork.RecordID{}, false
}

func (im *importing) flush() error {
	if len(im.drafts) == 0 {
		return nil
	}
	_, err := im.s.SaveAll(im.drafts)
	im.drafts, im.pending = nil, map[string]fieldwork.RecordID{}
	return err
}
