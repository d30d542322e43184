// Package marks is what others say about a record: where it is and how HQ confirmed it, what HQ asks about it, and the fields that
// people wrote differently. Places show it with their records, and the first page lists what waits. ui and its places import it.
package marks

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Store is what is read and written here; *store.Store is one.
type Store interface {
	Self() store.Identity
	Author() fieldwork.RecordID // who is at work; zero: nobody signed in
	Each(kind fieldwork.Kind, f func(fieldwork.Record) bool)
	Record(id fieldwork.RecordID) (fieldwork.Record, bool)
	View(id fieldwork.RecordID) (journal.View, bool)
	ByCode(text string) (fieldwork.Record, error)
	Contested() []fieldwork.RecordID
	Questions(id fieldwork.RecordID) []fieldwork.Record
	Receipt(id fieldwork.RecordID) store.Receipt
	Statement() journal.Statement
	Save(d store.Draft) (journal.Change, error)
}

// Reader turns what the store says into the words of a language and the times of a place.
type Reader struct {
	Store Store
	Words *show.Words
	Zone  *time.Location
}

// Field is one field of which people wrote different values without knowing of each other.
type Field struct {
	Record  fieldwork.RecordID
	Kind    fieldwork.Kind
	ID      fieldwork.FieldID
	Name    string // of the record
	Label   string
	Spec    *fieldwork.Field // nil: nothing else can be typed
	Values  []Value
	Deleted bool // one deleted the record, others wrote to it
}

// Value is one of the values, the one that lists show first.
type Value struct {
	Value    fieldwork.Value
	Text, By string // by whom, on which laptop and when
}

// Fields are the contested fields of a record.
func (r Reader) Fields(id fieldwork.RecordID) []Field {
	view, ok := r.Store.View(id)
	if !ok {
		return nil
	}
	var list []Field
	name := fieldwork.Name(view.Record())
	for i := range view.Fields {
		f := &view.Fields[i]
		if !f.Contested {
			continue
		}
		out := Field{Record: id, Kind: view.Kind, ID: f.Field, Name: name, Deleted: f.Field == fieldwork.FieldDeleted}
		spec := fieldwork.SpecOf(view.Kind)
		if spec != nil {
			out.Spec = spec.Field(f.Field)
		}
		out.Label = r.label(spec, f.Field)
		for _, h := range f.Values {
			out.Values = append(out.Values, Value{h.Value, r.Text(view.Kind, f.Field, h.Value), r.by(h.By.Author, h.By.Dot.Log, h.By.Wall)})
		}
		if out.Deleted {
			out.Values[0].Text = r.Words.T("marks.delete")
			out.Values = append([]Value{{fieldwork.Bool(false), r.Words.T("marks.keep"), r.Words.T("marks.keep.line")}}, out.Values...)
		}
		list = append(list, out)
	}
	return list
}

// Line says the values in one line, as stands below the field in a form.
func (f Field) Line() string { return strings.Join(f.Lines(), " · ") }

// Lines says the values, each with who wrote it, on which laptop and when.
func (f Field) Lines() []string {
	lines := make([]string, len(f.Values))
	for i, v := range f.Values {
		lines[i] = v.Text + " (" + v.By + ")"
	}
	return lines
}

func (r Reader) label(spec *fieldwork.Spec, id fieldwork.FieldID) string {
	if id == fieldwork.FieldDeleted {
		return r.Words.T("marks.deleted")
	}
	if spec != nil {
		if f := spec.Field(id); f != nil {
			return r.Words.Label(spec, f)
		}
	}
	return r.Words.T("marks.unknown")
}

// by says who wrote something, on which laptop and when.
func (r Reader) by(author fieldwork.RecordID, log fieldwork.LogID, wall int64) string {
	parts := []string{r.Laptop(log), r.moment(wall)}
	if who, ok := r.Store.Record(author); ok {
		parts = append([]string{fieldwork.Name(who)}, parts...)
	}
	return strings.Join(parts, ", ")
}

func (r Reader) moment(seconds int64) string {
	t := time.Unix(seconds, 0).In(r.Zone)
	return r.Words.Date(t) + ", " + r.Words.Clock(t)
}

// Laptop is what people call the laptop that wrote a log.
func (r Reader) Laptop(log fieldwork.LogID) string {
	if log.Node == 0 {
		return r.Words.T("marks.hq")
	}
	letters := fieldwork.LettersOf(log)
	if self := r.Store.Self(); log.Node == self.Log.Node {
		return r.Words.T("where.this_laptop")
	}
	name := ""
	r.Store.Each(fieldwork.KindNode, func(n fieldwork.Record) bool {
		if number, ok := n.Get(fieldwork.NodeNumber).Int(); ok && uint32(number) == log.Node {
			name = n.Get(fieldwork.NodeName).Text()
		}
		return name == ""
	})
	if name == "" || name == letters {
		return letters
	}
	return name + " (" + letters + ")"
}

// Text is a value in words.
func (r Reader) Text(kind fieldwork.Kind, id fieldwork.FieldID, v fieldwork.Value) string {
	w := r.Words
	var f *fieldwork.Field
	if spec := fieldwork.SpecOf(kind); spec != nil {
		f = spec.Field(id)
	}
	n, isInt := v.Int()
	switch {
	case v.IsZero():
		return w.T("history.cleared")
	case len(v.Refs()) > 0:
		var names []string
		for _, to := range v.Refs() {
			other, _ := r.Store.Record(to)
			names = append(names, cmp.Or(fieldwork.Name(other), fieldwork.CodeOf(to)))
		}
		return strings.Join(names, ", ")
	case f == nil:
		return cmp.Or(v.Text(), w.T("marks.unknown"))
	case f.Type == fieldwork.TypeEnum && isInt:
		return w.Option(f, n)
	case f.Type == fieldwork.TypeEnums:
		var names []string
		for _, x := range v.Ints() {
			names = append(names, w.Option(f, x))
		}
		return strings.Join(names, ", ")
	case f.Type == fieldwork.TypeBool && isInt:
		return w.T(map[bool]string{true: "option.yes", false: "option.no"}[n != 0])
	case f.Type == fieldwork.TypeDate && isInt:
		return w.Day(n)
	case f.Type == fieldwork.TypeTime && isInt:
		return r.moment(n)
	case f.Type == fieldwork.TypePhoto:
		return w.T("marks.photo")
	}
	return fieldwork.FormatValue(f, v)
}

// Decide writes the value that holds from now on, once for everyone.
func (r Reader) Decide(f Field, v fieldwork.Value) error {
	_, err := r.Store.Save(store.Draft{Writes: []journal.Write{{Kind: f.Kind, Record: f.Record, Fields: []fieldwork.FieldValue{{Field: f.ID, Value: v}}}}})
	return err
}

// Typed reads another value that a person typed; wrong says in her words what is not right about it. today is in days since
// 1970-01-01.
func (r Reader) Typed(f Field, text string, today int64) (v fieldwork.Value, wrong string) {
	spec := fieldwork.SpecOf(f.Kind)
	text = strings.TrimSpace(text)
	if f.Spec.Type == fieldwork.TypeRef {
		other, err := r.Store.ByCode(text)
		if err != nil || f.Spec.Of != 0 && other.Kind != f.Spec.Of {
			return v, r.Words.T("marks.code.wrong")
		}
		return fieldwork.Ref(other.ID), ""
	}
	v, err := fieldwork.ParseValue(f.Spec, text)
	if err != nil {
		return v, r.Words.FormFault(spec, f.Spec, err)
	}
	for _, x := range fieldwork.Check(spec, []fieldwork.FieldValue{{Field: f.ID, Value: v}}, today) {
		if x.Field == f.ID {
			return v, r.Words.Fault(spec, x, today)
		}
	}
	return v, ""
}

// Typable says that another value can be typed.
func (f Field) Typable() bool {
	if f.Spec == nil {
		return false
	}
	switch f.Spec.Type {
	case fieldwork.TypeBytes, fieldwork.TypePhoto, fieldwork.TypeRefs, fieldwork.TypeEnums, fieldwork.TypePosition:
		return false
	}
	return true
}

// Question is what HQ asks about a record.
type Question struct {
	ID, Record fieldwork.RecordID
	Kind       fieldwork.Kind // of the record; 0: it has not arrived
	Name       string         // of the record
	Text, By   string
	Field      string // empty: the whole record
	Mine       bool   // this laptop is asked
	at         int64
}

// Questions are the open questions about a record.
func (r Reader) Questions(id fieldwork.RecordID) (list []Question) {
	for _, q := range r.Store.Questions(id) {
		if fieldwork.IsOpen(q) {
			list = append(list, r.question(q))
		}
	}
	return list
}

func (r Reader) question(q fieldwork.Record) Question {
	out := Question{ID: q.ID, Record: q.Get(fieldwork.QuestionRecord).Ref(), Text: q.Get(fieldwork.QuestionText).Text(), Mine: fieldwork.AskedOf(q) == r.Store.Self().Log.Node}
	rec, ok := r.Store.Record(out.Record)
	out.Name = fieldwork.CodeOf(out.Record)
	if ok {
		out.Name, out.Kind = fieldwork.Name(rec), rec.Kind
	}
	if n, ok := q.Get(fieldwork.QuestionField).Int(); ok {
		out.Field = r.label(fieldwork.SpecOf(out.Kind), fieldwork.FieldID(n))
	}
	out.at, _ = q.Get(fieldwork.QuestionAskedAt).Int()
	parts := []string{r.moment(out.at)}
	if who := q.Get(fieldwork.QuestionAskedBy).Text(); who != "" {
		parts = append([]string{who}, parts...)
	}
	out.By = strings.Join(parts, ", ")
	return out
}

// Answer answers a question. now is in seconds since 1970.
func (r Reader) Answer(q Question, text string, now int64) error {
	_, err := r.Store.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindQuestion, Record: q.ID, Fields: fieldwork.Answered(strings.TrimSpace(text), r.Store.Author(), now)}}})
	return err
}

// Asked are the questions that wait for this laptop, the oldest first.
func (r Reader) Asked() (list []Question) {
	r.Store.Each(fieldwork.KindQuestion, func(q fieldwork.Record) bool {
		if fieldwork.IsOpen(q) && fieldwork.AskedOf(q) == r.Store.Self().Log.Node {
			list = append(list, r.question(q))
		}
		return true
	})
	slices.SortStableFunc(list, func(a, b Question) int { return cmp.Compare(a.at, b.at) })
	return list
}

// Where says in one line how HQ confirmed a record.
func (r Reader) Where(x store.Receipt) string {
	w := r.Words
	var parts []string
	if x.Number != "" {
		parts = append(parts, w.T("marks.receipt", x.Number))
	}
	if x.Durable {
		parts = append(parts, w.T("marks.durable"))
	}
	return strings.Join(parts, " · ")
}

// Apart says why HQ keeps changes apart.
func (r Reader) Apart(a journal.Apart) (sentence, line string) {
	w := r.Words
	sentence, line = w.T("marks.apart"), w.T("marks.apart.revoked")
	if a.Reason == journal.ReasonFork {
		line = w.T("marks.apart.fork")
	}
	if a.Left {
		line = w.T("marks.apart.left", a.Text)
	}
	return sentence, line
}

// Refused counts the changes of this laptop that HQ keeps apart.
func (r Reader) Refused() (n int, why []journal.Apart) {
	node := r.Store.Self().Log.Node
	for _, a := range r.Store.Statement().Apart {
		if a.Log.Node == node && !a.Left {
			n += int(a.Last - a.First + 1)
			why = append(why, a)
		}
	}
	return n, why
}
