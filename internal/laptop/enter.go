package laptop

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// Cells are a record's fields as text, by the names of FIELDS.md; what a command line and a table's row hold.
type Cells map[string]string

// fault is what is wrong with a cell.
type fault struct {
	Field string
	Why   string
}

// Fields turns cells into fields. Positions may come as lat, lon and accuracy; references as codes, as names of
// sites, or as another row's own id, which resolve finds. Heads that are no field of the kind are a fault.
func (f *Folder) fields(spec *fieldwork.Spec, cells Cells, resolve func(kind fieldwork.Kind, text string) (fieldwork.RecordID, bool)) ([]fieldwork.FieldValue, []fault) {
	var list []fieldwork.FieldValue
	var faults []fault
	cells = foldPosition(cells)
	for _, name := range slices.Sorted(maps.Keys(cells)) {
		text := strings.TrimSpace(cells[name])
		field := fieldNamed(spec, name)
		if field == nil {
			if text != "" {
				faults = append(faults, fault{name, "A " + spec.Name + " has no field of this name."})
			}
			continue
		}
		v, err := f.value(field, text, resolve)
		if err != nil {
			faults = append(faults, fault{name, sentenceOf(err)})
			continue
		}
		list = append(list, fieldwork.FieldValue{Field: field.ID, Value: v})
	}
	slices.SortFunc(list, func(a, b fieldwork.FieldValue) int { return int(a.Field) - int(b.Field) })
	return list, faults
}

func sentenceOf(err error) string {
	if h := fieldwork.Hint(err); h != "" {
		return err.Error() + " " + h
	}
	return err.Error()
}

// fieldNamed also takes the singular of a list, as in household for households.
func fieldNamed(spec *fieldwork.Spec, name string) *fieldwork.Field {
	if f := spec.FieldByName(name); f != nil {
		return f
	}
	return spec.FieldByName(name + "s")
}

func foldPosition(cells Cells) Cells {
	lat, lon := cells["lat"], cells["lon"]
	if lat == "" && lon == "" {
		return cells
	}
	out := Cells{}
	for k, v := range cells {
		if k != "lat" && k != "lon" && k != "accuracy" {
			out[k] = v
		}
	}
	out["position"] = lat + "," + lon
	if a := cells["accuracy"]; a != "" {
		out["position"] += "," + a
	}
	return out
}

func (f *Folder) value(field *fieldwork.Field, text string, resolve func(fieldwork.Kind, string) (fieldwork.RecordID, bool)) (fieldwork.Value, error) {
	if text == "" {
		return fieldwork.Value{}, nil
	}
	if field.Type != fieldwork.TypeRef && field.Type != fieldwork.TypeRefs {
		return fieldwork.ParseValue(field, text)
	}
	parts := []string{text}
	if field.Type == fieldwork.TypeRefs {
		parts = strings.Split(text, ";")
	}
	var ids []fieldwork.RecordID
	for _, part := range parts {
		part = strings.TrimSpace(part)
		id, ok := f.find(field.Of, part, resolve)
		if !ok {
			what := "record"
			if field.Of != 0 {
				what = field.Of.String()
			}
			return fieldwork.Value{}, &fieldwork.Problem{Code: "unknown-reference", Sentence: fmt.Sprintf("There is no %s “%s” here.", what, part),
				Hint: "Use its code, or import the file that holds it first."}
		}
		ids = append(ids, id)
	}
	if field.Type == fieldwork.TypeRef {
		return fieldwork.Ref(ids[0]), nil
	}
	return fieldwork.Refs(ids...), nil
}

func (f *Folder) find(kind fieldwork.Kind, text string, resolve func(fieldwork.Kind, string) (fieldwork.RecordID, bool)) (fieldwork.RecordID, bool) {
	if resolve != nil {
		if id, ok := resolve(kind, text); ok {
			return id, true
		}
	}
	if r, err := f.store.ByCode(text); err == nil && (kind == 0 || r.Kind == kind) {
		return r.ID, true
	}
	if kind == fieldwork.KindSite || kind == fieldwork.KindLampModel {
		return f.named(kind, text)
	}
	return fieldwork.RecordID{}, false
}

// named finds the only site or model of a name.
func (f *Folder) named(kind fieldwork.Kind, text string) (id fieldwork.RecordID, ok bool) {
	want := fieldwork.Fold(text)
	n := 0
	f.store.Each(kind, func(r fieldwork.Record) bool {
		if fieldwork.Fold(fieldwork.Name(r)) == want {
			id = r.ID
			n++
		}
		return n < 2
	})
	return id, n == 1
}

// KindNamed returns the kind of a name, or a Problem that lists the names.
func KindNamed(name string) (*fieldwork.Spec, error) {
	k, ok := fieldwork.KindByName(strings.ToLower(strings.ReplaceAll(name, "-", "_")))
	if ok {
		return fieldwork.SpecOf(k), nil
	}
	var names []string
	for _, s := range fieldwork.Specs() {
		names = append(names, s.Name)
	}
	return nil, &fieldwork.Problem{Code: "unknown-kind", Sentence: "There is no kind of record called “" + name + "”.", Hint: "Use one of: " + strings.Join(names, ", ") + "."}
}

// Add makes a record from cells and returns it.
func (f *Folder) Add(kind string, cells Cells) (fieldwork.Record, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.Record{}, err
	}
	spec, err := KindNamed(kind)
	if err != nil {
		return fieldwork.Record{}, err
	}
	if cells, err = f.photoCells(spec, cells, fieldwork.Record{}); err != nil {
		return fieldwork.Record{}, err
	}
	list, faults := f.fields(spec, cells, nil)
	list = dropCleared(list)
	if p := f.problem(spec, list, faults); p != nil {
		return fieldwork.Record{}, p
	}
	c, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: spec.Kind, Fields: list}}})
	if err != nil {
		return fieldwork.Record{}, err
	}
	r, _ := s.Record(c.Target(0))
	return r, nil
}

// Set gives fields of a record new values; an empty cell clears the field.
func (f *Folder) Set(code string, cells Cells) (fieldwork.Record, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.Record{}, err
	}
	r, err := s.ByCode(code)
	if err != nil {
		return fieldwork.Record{}, err
	}
	spec := fieldwork.SpecOf(r.Kind)
	if spec == nil {
		return r, &fieldwork.Problem{Code: "unknown-kind", Sentence: "This record is of a kind that this version does not know.", Hint: "Install the newer version."}
	}
	if cells, err = f.photoCells(spec, cells, r); err != nil {
		return r, err
	}
	list, faults := f.fields(spec, cells, nil)
	list = fieldwork.Dated(r, list, f.today())
	if p := f.problem(spec, merged(r, list), faults); p != nil {
		return r, p
	}
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: r.Kind, Record: r.ID, Fields: list}}}); err != nil {
		return r, err
	}
	r, _ = s.Record(r.ID)
	return r, nil
}

// problem says what is wrong with a record in one Problem, or returns nil.
func (f *Folder) problem(spec *fieldwork.Spec, list []fieldwork.FieldValue, faults []fault) error {
	faults = append(faults, f.check(spec, list)...)
	if len(faults) == 0 {
		return nil
	}
	return &fieldwork.Problem{Code: "refused", Sentence: faults[0].Field + ": " + faults[0].Why, Hint: "Nothing was saved. Mend it and try again."}
}

func (f *Folder) check(spec *fieldwork.Spec, list []fieldwork.FieldValue) []fault {
	var faults []fault
	for _, x := range fieldwork.Check(spec, list, f.today()) {
		name := ""
		if field := spec.Field(x.Field); field != nil {
			name = field.Name
		}
		why := x.Sentence
		if x.Hint != "" {
			why += " " + x.Hint
		}
		faults = append(faults, fault{name, why})
	}
	return faults
}

// merged is what the record will show after the fields are set.
func merged(r fieldwork.Record, list []fieldwork.FieldValue) []fieldwork.FieldValue {
	all := slices.Clone(list)
	for _, old := range r.Fields {
		if !slices.ContainsFunc(list, func(n fieldwork.FieldValue) bool { return n.Field == old.Field }) {
			all = append(all, old)
		}
	}
	return dropCleared(all)
}

func dropCleared(list []fieldwork.FieldValue) []fieldwork.FieldValue {
	return slices.DeleteFunc(list, func(v fieldwork.FieldValue) bool { return v.Value.IsZero() })
}
