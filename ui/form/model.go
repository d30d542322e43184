// Package form is a record being filled in, whatever its kind: what a person typed, what is wrong with it, what is to be saved,
// and the draft that outlives a dead battery. ui and its places import it.
package form

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
)

// Model is one record as it stands in a form: text by field name, in the form that fieldwork.ParseValue reads; a reference as the
// record's id. It knows nothing of windows.
type Model struct {
	spec   *fieldwork.Spec
	record fieldwork.RecordID // zero: a new one
	saved  []fieldwork.FieldValue
	base   map[string]string // text of what is saved
	text   map[string]string
}

// New is an empty form for a new record of the kind, which must be one that fieldwork knows.
func New(kind fieldwork.Kind) *Model {
	return &Model{spec: fieldwork.SpecOf(kind), base: map[string]string{}, text: map[string]string{}}
}

// Of is a form with what the record says now.
func Of(r fieldwork.Record) *Model {
	m := New(r.Kind)
	m.record, m.saved = r.ID, r.Fields
	for _, v := range r.Fields {
		if f := m.spec.Field(v.Field); f != nil {
			m.base[f.Name] = fieldwork.FormatValue(f, v.Value)
		}
	}
	m.text = maps.Clone(m.base)
	return m
}

// Record is whose form this is; zero for a new one.
func (m *Model) Record() fieldwork.RecordID { return m.record }

// Spec is the kind's table.
func (m *Model) Spec() *fieldwork.Spec { return m.spec }

// Get is the text of a field.
func (m *Model) Get(name string) string { return m.text[name] }

// Set takes what a person typed or chose.
func (m *Model) Set(name, text string) { m.text[name] = text }

// Ref is the record that a field names; zero for none.
func (m *Model) Ref(name string) fieldwork.RecordID {
	id, _ := fieldwork.ParseRecordID(m.text[name])
	return id
}

// SetRef names another record.
func (m *Model) SetRef(name string, id fieldwork.RecordID) {
	m.text[name] = ""
	if !id.IsZero() {
		m.text[name] = id.String()
	}
}

// Dirty says that something is typed that is not saved.
func (m *Model) Dirty() bool {
	for name, text := range m.text {
		if text != m.base[name] {
			return true
		}
	}
	return false
}

// Values are the fields that differ from what is saved, a cleared one with the zero value, and what is wrong by field name, in the
// person's words. The values are only good for saving while nothing is wrong. today is in days since 1970-01-01.
func (m *Model) Values(w *show.Words, today int64) ([]fieldwork.FieldValue, map[string]string) {
	var changed []fieldwork.FieldValue
	wrong := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.text)) {
		if m.text[name] == m.base[name] {
			continue
		}
		f := m.spec.FieldByName(name)
		v, err := m.parse(f, m.text[name])
		if err != nil {
			wrong[name] = w.FormFault(m.spec, f, err)
			continue
		}
		changed = append(changed, fieldwork.FieldValue{Field: f.ID, Value: v})
	}
	slices.SortFunc(changed, func(a, b fieldwork.FieldValue) int { return int(a.Field) - int(b.Field) })
	for _, x := range fieldwork.Check(m.spec, m.merged(changed), today) {
		if f := m.spec.Field(x.Field); f != nil && wrong[f.Name] == "" {
			wrong[f.Name] = w.Fault(m.spec, x, today)
		}
	}
	if len(wrong) == 0 {
		return changed, nil
	}
	return changed, wrong
}

func (m *Model) parse(f *fieldwork.Field, text string) (fieldwork.Value, error) {
	switch {
	case f.Type == fieldwork.TypeRefs:
		return parseRefs(text)
	case f.Type != fieldwork.TypeRef:
		return fieldwork.ParseValue(f, text)
	case text == "":
		return fieldwork.Value{}, nil
	}
	id, err := fieldwork.ParseRecordID(text)
	if err != nil {
		return fieldwork.Value{}, err
	}
	return fieldwork.Ref(id), nil
}

// parseRefs reads records' ids with semicolons between, as Of writes them.
func parseRefs(text string) (fieldwork.Value, error) {
	var ids []fieldwork.RecordID
	for _, part := range strings.Split(text, ";") {
		if part == "" {
			continue
		}
		id, err := fieldwork.ParseRecordID(part)
		if err != nil {
			return fieldwork.Value{}, err
		}
		ids = append(ids, id)
	}
	return fieldwork.Refs(ids...), nil
}

// Refs are the records that a field names.
func (m *Model) Refs(name string) []fieldwork.RecordID {
	v, err := parseRefs(m.text[name])
	if err != nil {
		return nil
	}
	return v.Refs()
}

// SetRefs names other records, at most fieldwork.MaxListItems of them.
func (m *Model) SetRefs(name string, ids []fieldwork.RecordID) {
	parts := make([]string, 0, len(ids))
	for _, id := range ids[:min(len(ids), fieldwork.MaxListItems)] {
		parts = append(parts, id.String())
	}
	m.text[name] = strings.Join(parts, ";")
}

// merged is what the record will say once the changes are saved.
func (m *Model) merged(changed []fieldwork.FieldValue) []fieldwork.FieldValue {
	all := slices.Clone(changed)
	for _, old := range m.saved {
		if !slices.ContainsFunc(changed, func(n fieldwork.FieldValue) bool { return n.Field == old.Field }) {
			all = append(all, old)
		}
	}
	return slices.DeleteFunc(all, func(v fieldwork.FieldValue) bool { return v.Value.IsZero() })
}

// Inverse gives back what the changed fields said before, for undoing.
func (m *Model) Inverse(changed []fieldwork.FieldValue) []fieldwork.FieldValue {
	out := make([]fieldwork.FieldValue, len(changed))
	before := fieldwork.Record{Fields: m.saved}
	for i, v := range changed {
		out[i] = fieldwork.FieldValue{Field: v.Field, Value: before.Get(v.Field)}
	}
	return out
}

// Draft is what is typed and not saved, to be kept; nil when there is nothing.
func (m *Model) Draft() []byte {
	typed := map[string]string{}
	for name, text := range m.text {
		if text != m.base[name] {
			typed[name] = text
		}
	}
	if len(typed) == 0 {
		return nil
	}
	b, err := json.Marshal(typed)
	if err != nil {
		return nil // texts always encode
	}
	return b
}

// Resume takes a draft up again. A field that this version does not know is left out; a damaged draft changes nothing.
func (m *Model) Resume(draft []byte) (resumed bool) {
	var typed map[string]string
	if json.Unmarshal(draft, &typed) != nil {
		return false
	}
	for name, text := range typed {
		if m.spec.FieldByName(name) != nil {
			m.text[name] = text
			resumed = true
		}
	}
	return resumed
}
