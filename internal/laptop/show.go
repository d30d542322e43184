package laptop

import (
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// Shown is a record as commands print it.
type Shown struct {
	Code      string              `json:"code"`
	ID        string              `json:"id"`
	Kind      string              `json:"kind"`
	Fields    map[string]string   `json:"fields"`
	Contested map[string][]string `json:"contested,omitempty"` // all values, the winner first
	Where     store.Place         `json:"where"`
	Deleted   bool                `json:"deleted,omitempty"`
	History   []ShownWrite        `json:"history,omitempty"`
}

// ShownWrite is one write of a record's history.
type ShownWrite struct {
	When   string            `json:"when"` // by the laptop that wrote it
	Laptop string            `json:"laptop"`
	Author string            `json:"author,omitempty"`
	Fields map[string]string `json:"fields"`
	Where  store.Place       `json:"where"`
}

// Show returns a record as commands print it.
func (f *Folder) Show(id fieldwork.RecordID, history bool) (Shown, bool) {
	v, ok := f.store.View(id)
	if !ok {
		return Shown{}, false
	}
	out := Shown{Code: fieldwork.CodeOf(id), ID: id.String(), Kind: v.Kind.String(), Fields: map[string]string{}, Where: f.store.Where(id), Deleted: v.Deleted}
	for i := range v.Fields {
		fv := &v.Fields[i]
		name, text := f.text(v.Kind, fv.Field, fv.Values[0].Value)
		if text != "" {
			out.Fields[name] = text
		}
		if fv.Contested {
			out.contest(f, v.Kind, fv)
		}
	}
	if history {
		out.History = f.history(id, v.Kind)
	}
	return out, true
}

func (s *Shown) contest(f *Folder, kind fieldwork.Kind, fv *journal.FieldView) {
	if s.Contested == nil {
		s.Contested = map[string][]string{}
	}
	for _, h := range fv.Values {
		name, text := f.text(kind, fv.Field, h.Value)
		s.Contested[name] = append(s.Contested[name], text)
	}
}

func (f *Folder) history(id fieldwork.RecordID, kind fieldwork.Kind) []ShownWrite {
	var list []ShownWrite
	for _, h := range f.store.History(id) {
		w := ShownWrite{When: time.Unix(h.Wall, 0).UTC().Format(time.RFC3339), Laptop: fieldwork.LettersOf(h.Dot.Log), Fields: map[string]string{}, Where: h.Where}
		if !h.Author.IsZero() {
			w.Author = fieldwork.CodeOf(h.Author)
		}
		for _, x := range h.Fields {
			name, text := f.text(kind, x.Field, x.Value)
			w.Fields[name] = text
		}
		list = append(list, w)
	}
	return list
}

// text returns a field's name and its value as text; references as codes. What this version does not know is named
// by its number.
func (f *Folder) text(kind fieldwork.Kind, id fieldwork.FieldID, v fieldwork.Value) (name, text string) {
	if spec := fieldwork.SpecOf(kind); spec != nil {
		if field := spec.Field(id); field != nil {
			return field.Name, FieldText(field, v)
		}
	}
	switch id {
	case fieldwork.FieldDeleted:
		return "deleted", FieldText(&fieldwork.Field{Type: fieldwork.TypeBool}, v)
	case fieldwork.FieldSameAs:
		return "same_as", FieldText(&fieldwork.Field{Type: fieldwork.TypeRef}, v)
	}
	return "field_" + fieldwork.FormatValue(&fieldwork.Field{Type: fieldwork.TypeInt}, fieldwork.Int(int64(id))), v.Text()
}

// FieldText returns a value as text for machines: references as codes, everything else as fieldwork writes it.
func FieldText(f *fieldwork.Field, v fieldwork.Value) string {
	if f.Type != fieldwork.TypeRef && f.Type != fieldwork.TypeRefs {
		return fieldwork.FormatValue(f, v)
	}
	out := ""
	for i, id := range v.Refs() {
		if i > 0 {
			out += ";"
		}
		out += fieldwork.CodeOf(id)
	}
	return out
}
