package hq

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// conflict is one field of which people wrote different values without knowing of each other.
type conflict struct {
	ID, Name, URL, Kind, Code string
	Field                     fieldwork.FieldID
	Label                     string
	Values                    []conflictValue
	Own                       bool // another value may be typed
	Hint                      string
}

type conflictValue struct {
	Dot    string // of the write, which names the value
	Pieces []piece
	By, At string
	Author piece
	Shown  bool // in lists until somebody decides
}

// double is a value that should belong to one record and stands in several.
type double struct {
	Kind, Label, Value string
	Field              fieldwork.FieldID
	Records            []doubleRecord
	Count              int // of all records that it stands in
}

type doubleRecord struct {
	ID         string
	Name       piece
	Code, Gist string
}

type conflictsView struct {
	Top
	Conflicts []conflict
	More      int
	Doubles   []double
	MoreTwice int // doubles that are not shown
}

// mostConflicts is how many records a page shows, mostDoubled with how many records the same value is shown; the rest comes once these
// are decided.
const (
	mostConflicts = 50
	mostDoubled   = 10
)

func (p *site) conflictsPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Spoken, v.Title = true, v.W.T("hq.conflicts")
	s := p.chosen(r)
	if s == nil {
		p.noCampaign(w, v)
		return
	}
	rd := newReading(s, v.W)
	c := conflictsView{Top: p.top(r, s, v)}
	ids := s.Contested()
	c.More = max(0, len(ids)-mostConflicts)
	for _, id := range ids[:min(len(ids), mostConflicts)] {
		c.Conflicts = append(c.Conflicts, rd.conflicts(id)...)
	}
	doubles := s.Doubles()
	c.MoreTwice = max(0, len(doubles)-mostConflicts)
	for _, d := range doubles[:min(len(doubles), mostConflicts)] {
		c.Doubles = append(c.Doubles, rd.double(d))
	}
	v.Body = c
	p.show(w, http.StatusOK, "conflicts.html", v)
}

// conflicts are the contested fields of a record.
func (rd *reading) conflicts(id fieldwork.RecordID) (list []conflict) {
	view, ok := rd.s.View(id)
	if !ok {
		return nil
	}
	rec := view.Record()
	for i := range view.Fields {
		if f := &view.Fields[i]; f.Contested {
			c := conflict{ID: id.String(), Name: shorter(fieldwork.Name(rec)), URL: recordURL(rd.s, id), Kind: rd.words.T("kind." + rec.Kind.String()), Code: fieldwork.CodeOf(id),
				Field: f.Field, Label: rd.label(rec.Kind, f.Field)}
			rd.fillConflict(&c, rec.Kind, f)
			list = append(list, c)
		}
	}
	return list
}

func (rd *reading) fillConflict(c *conflict, kind fieldwork.Kind, f *journal.FieldView) {
	for i, h := range f.Values {
		v := conflictValue{Dot: h.By.Dot.String(), Pieces: rd.spoken(kind, f.Field, h.Value), By: rd.laptop(h.By.Dot.Log), At: rd.wrote(h.By), Shown: i == 0}
		if !h.By.Author.IsZero() {
			v.Author = rd.link(h.By.Author)
		}
		if f.Field == fieldwork.FieldDeleted {
			v.Pieces = []piece{{Text: rd.words.T("hq.conflicts.delete")}}
		}
		c.Values = append(c.Values, v)
	}
	if f.Field == fieldwork.FieldDeleted { // the edits that the one who deleted it did not know
		c.Label = rd.words.T("hq.conflicts.deleted")
		c.Values = append(c.Values, conflictValue{Dot: "keep", Pieces: []piece{{Text: rd.words.T("hq.conflicts.keep")}}, Shown: true})
		c.Values[0].Shown = false
		return
	}
	if spec := fieldOf(kind, f.Field); spec != nil {
		c.Own, c.Hint = rd.typed(spec)
	}
}

// typed says whether a person can type a value of the field, and how.
func (rd *reading) typed(f *fieldwork.Field) (ok bool, hint string) {
	switch f.Type {
	case fieldwork.TypeBytes, fieldwork.TypePhoto:
		return false, ""
	case fieldwork.TypeRef:
		return true, rd.words.T("hq.hint.code")
	case fieldwork.TypeRefs:
		return true, rd.words.T("hq.hint.codes")
	case fieldwork.TypeDate:
		return true, "2027-03-14"
	case fieldwork.TypeBool:
		return true, rd.words.T("hq.hint.yes-no", rd.words.T("option.yes"), rd.words.T("option.no"))
	case fieldwork.TypeEnum, fieldwork.TypeEnums:
		var names []string
		for _, o := range f.Options {
			names = append(names, rd.words.Option(f, o.N))
		}
		return true, shorterTo(strings.Join(names, ", "), 120)
	}
	return true, ""
}

// decide writes the chosen value once, for everyone.
func (p *site) decide(d decision) (outcome, error) {
	id, err := fieldwork.ParseRecordID(d.r.PostForm.Get("record"))
	n, e := strconv.ParseUint(d.r.PostForm.Get("field"), 10, 16)
	if err != nil || e != nil {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say what was decided.", Hint: "Go back and choose again."}
	}
	view, ok := d.s.View(id)
	if !ok {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "HQ has no such record.", Hint: "Go back and choose again."}
	}
	field := fieldwork.FieldID(n)
	i := slices.IndexFunc(view.Fields, func(f journal.FieldView) bool { return f.Field == field && f.Contested })
	if i < 0 || !d.s.WrittenBy(id, asOfForm(d.r)) {
		return outcome{said: d.words.T("hq.conflicts.changed")}, nil
	}
	value, err := p.chosenValue(d, view.Kind, &view.Fields[i])
	if err != nil {
		return outcome{}, err
	}
	c, err := d.s.Save(store.Draft{Writes: []journal.Write{{Kind: view.Kind, Record: id, Fields: []fieldwork.FieldValue{{Field: field, Value: value}}}}})
	if err != nil {
		return outcome{}, err
	}
	rec, _ := d.s.Record(id)
	return outcome{said: d.words.T("hq.conflicts.decided", newReading(d.s, d.words).label(view.Kind, field), shorter(fieldwork.Name(rec))), changes: []journal.Change{c}}, nil
}

// chosenValue is what the form says that holds: one of the values, or another that was typed.
func (p *site) chosenValue(d decision, kind fieldwork.Kind, f *journal.FieldView) (fieldwork.Value, error) {
	pick := d.r.PostForm.Get("value")
	if pick == "keep" && f.Field == fieldwork.FieldDeleted {
		return fieldwork.Bool(false), nil
	}
	for _, h := range f.Values {
		if h.By.Dot.String() == pick {
			return h.Value, nil
		}
	}
	spec := fieldOf(kind, f.Field)
	own := strings.TrimSpace(d.r.PostForm.Get("own"))
	if pick != "own" || own == "" || spec == nil || f.Field == fieldwork.FieldDeleted {
		return fieldwork.Value{}, &fieldwork.Problem{Code: "nothing-chosen", Sentence: "Nothing was chosen, so nothing was decided.", Hint: "Go back and choose one of the values, or type another one."}
	}
	v, err := typedValue(d.s, d.words, spec, own)
	if err != nil {
		return v, err
	}
	for _, x := range fieldwork.Check(fieldwork.SpecOf(kind), []fieldwork.FieldValue{{Field: f.Field, Value: v}}, p.now().Unix()/86400) {
		if x.Field == f.Field {
			return v, &fieldwork.Problem{Code: "bad-value", Sentence: x.Sentence, Hint: x.Hint}
		}
	}
	return v, nil
}

// typedValue reads what an officer typed into a field; what is chosen from a list may be typed in her language.
func typedValue(s *store.Store, w *show.Words, f *fieldwork.Field, text string) (fieldwork.Value, error) {
	switch f.Type {
	case fieldwork.TypeRef, fieldwork.TypeRefs:
		var ids []fieldwork.RecordID
		for _, part := range strings.Split(text, ";") {
			r, err := s.ByCode(part)
			if err != nil {
				return fieldwork.Value{}, err
			}
			if f.Of != 0 && r.Kind != f.Of {
				return fieldwork.Value{}, &fieldwork.Problem{Code: "wrong-kind", Sentence: "This code is of a " + words(r.Kind.String()) + ", not of a " + words(f.Of.String()) + ".", Hint: "Look the code up in the lists."}
			}
			ids = append(ids, r.ID)
		}
		if f.Type == fieldwork.TypeRef {
			return fieldwork.Ref(ids[0]), nil
		}
		return fieldwork.Refs(ids...), nil
	case fieldwork.TypeEnum, fieldwork.TypeEnums:
		text = optionNames(w, f, text)
	case fieldwork.TypeBool:
		for key, name := range map[string]string{"option.yes": "yes", "option.no": "no"} {
			if fieldwork.Fold(text) == fieldwork.Fold(w.T(key)) {
				text = name
			}
		}
	}
	return fieldwork.ParseValue(f, text)
}

// optionNames are the names of options for their words: “em estoque, working” is in_store;working.
func optionNames(w *show.Words, f *fieldwork.Field, text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
	for i, part := range parts {
		part = strings.TrimSpace(part)
		parts[i] = strings.ReplaceAll(part, " ", "_")
		for _, o := range f.Options {
			if fieldwork.Fold(part) == fieldwork.Fold(w.Option(f, o.N)) {
				parts[i] = o.Name
			}
		}
	}
	return strings.Join(parts, ";")
}

func (rd *reading) double(d store.Double) double {
	out := double{Kind: rd.words.T("kind." + d.Kind.String()), Label: rd.label(d.Kind, d.Field), Field: d.Field, Count: len(d.Records)}
	if f := fieldOf(d.Kind, d.Field); f != nil {
		out.Value = rd.text(f, d.Value)
	}
	for _, id := range d.Records[:min(len(d.Records), mostDoubled)] {
		rec, _ := rd.s.Record(id)
		gist := rd.gist(rec, fieldwork.RecordID{})
		if made := rd.s.History(id); len(made) > 0 {
			gist = strings.TrimPrefix(gist+" · "+rd.laptop(id.Log)+" · "+rd.moment(made[0].Wall), " · ")
		}
		out.Records = append(out.Records, doubleRecord{ID: id.String(), Name: rd.link(id), Code: fieldwork.CodeOf(id), Gist: gist})
	}
	return out
}

// belongs says which record a value belongs to: it is taken out of the others.
func (p *site) belongs(d decision) (outcome, error) {
	id, err := fieldwork.ParseRecordID(d.r.PostForm.Get("record"))
	n, e := strconv.ParseUint(d.r.PostForm.Get("field"), 10, 16)
	rec, ok := d.s.Record(id)
	if err != nil || e != nil || !ok {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say what was decided.", Hint: "Go back and choose again."}
	}
	field := fieldwork.FieldID(n)
	var writes []journal.Write
	for _, other := range d.s.Holding(rec.Kind, field, rec.Get(field)) {
		if other.ID != id {
			writes = append(writes, journal.Write{Kind: rec.Kind, Record: other.ID, Fields: []fieldwork.FieldValue{{Field: field}}})
		}
	}
	if len(writes) == 0 {
		return outcome{said: d.words.T("hq.double.settled")}, nil
	}
	c, err := d.s.Save(store.Draft{Writes: writes})
	if err != nil {
		return outcome{}, err
	}
	return outcome{said: d.words.T("hq.double.decided", shorter(fieldwork.Name(rec))), changes: []journal.Change{c}}, nil
}
