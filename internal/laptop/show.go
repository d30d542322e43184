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
	Receipt   *ShownReceipt       `json:"receipt,omitempty"` // absent: HQ confirmed nothing of it yet
	Questions []ShownQuestion     `json:"questions,omitempty"`
	Deleted   bool                `json:"deleted,omitempty"`
	Forgotten bool                `json:"forgotten,omitempty"` // the person asked to be forgotten; the id stays, and what is counted
	History   []ShownWrite        `json:"history,omitempty"`
}

// ShownReceipt is how HQ confirmed a record.
type ShownReceipt struct {
	Number      string `json:"number,omitempty"`      // to read out to HQ
	At          string `json:"at,omitempty"`          // by HQ's clock
	BackedUp    bool   `json:"backed_up"`             // in a backup that HQ restored and found whole
	Quarantined string `json:"quarantined,omitempty"` // why HQ keeps changes apart: revoked, fork; then what HQ wrote about it
}

// ShownQuestion is a question from HQ about a record.
type ShownQuestion struct {
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"` // empty: the whole record
	Text   string `json:"text"`
	Answer string `json:"answer,omitempty"`
	Open   bool   `json:"open"`
}

// ShownWrite is one write of a record's history.
type ShownWrite struct {
	When   string            `json:"when"`                   // corrected where HQ compared the laptop's clock
	Clock  string            `json:"laptop_clock,omitempty"` // what the laptop's clock said, where that differs
	Unsure bool              `json:"unsure,omitempty"`       // nobody knows how far that clock was off
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
	out := Shown{Code: fieldwork.CodeOf(id), ID: id.String(), Kind: v.Kind.String(), Fields: map[string]string{}, Deleted: v.Deleted, Forgotten: f.store.Gone(id)}
	out.receipt(f.store.Receipt(id))
	out.questions(f, id, v.Kind)
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

func (s *Shown) receipt(r store.Receipt) {
	s.Where = r.Place
	if r.Number == "" && r.At == 0 && !r.Durable && r.Apart == nil {
		return
	}
	s.Receipt = &ShownReceipt{Number: r.Number, BackedUp: r.Durable}
	if r.At != 0 {
		s.Receipt.At = time.Unix(r.At, 0).UTC().Format(time.RFC3339)
	}
	if r.Apart != nil {
		s.Receipt.Quarantined = map[journal.Reason]string{journal.ReasonRevoked: "revoked", journal.ReasonFork: "fork"}[r.Apart.Reason]
		if r.Apart.Text != "" {
			s.Receipt.Quarantined += ": " + r.Apart.Text
		}
	}
}

func (s *Shown) questions(f *Folder, id fieldwork.RecordID, kind fieldwork.Kind) {
	for _, q := range f.store.Questions(id) {
		out := ShownQuestion{Code: fieldwork.CodeOf(q.ID), Text: q.Get(fieldwork.QuestionText).Text(), Answer: q.Get(fieldwork.QuestionAnswer).Text(), Open: fieldwork.IsOpen(q)}
		if n, ok := q.Get(fieldwork.QuestionField).Int(); ok {
			out.Field, _ = f.text(kind, fieldwork.FieldID(n), fieldwork.Value{})
		}
		s.Questions = append(s.Questions, out)
	}
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
		w := ShownWrite{When: time.Unix(h.At, 0).UTC().Format(time.RFC3339), Unsure: h.Trust == journal.Doubtful, Laptop: fieldwork.LettersOf(h.Dot.Log), Fields: map[string]string{}, Where: h.Where}
		if d := h.At - h.Wall; d > 1 || d < -1 {
			w.Clock = time.Unix(h.Wall, 0).UTC().Format(time.RFC3339)
		}
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
