package marks

import (
	"cmp"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/place"
)

// Book also knows what was written to each record; *store.Store is one.
type Book interface {
	Store
	History(id fieldwork.RecordID) []store.HistoryEntry
}

// Past is what somebody wrote in one go.
type Past struct {
	Head   string // when, who, on which laptop
	Record string // which of the records that are shown as one; empty where there is one only
	Where  store.Place
	Fields []PastField
}

// PastField is one field that was written.
type PastField struct {
	Label, Text string
}

// History is what was written about records that are shown as one, the newest first.
func (r Reader) History(b Book, ids ...fieldwork.RecordID) []Past {
	type entry struct {
		store.HistoryEntry
		kind fieldwork.Kind
	}
	var all []entry
	for _, id := range ids {
		rec, ok := r.Store.Record(id)
		if !ok {
			continue
		}
		for _, e := range b.History(id) {
			all = append(all, entry{e, rec.Kind})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(b.Stamp, a.Stamp), b.Dot.Compare(a.Dot)) })
	out := make([]Past, 0, len(all))
	for _, e := range all {
		p := Past{Head: r.wrote(e.HistoryEntry), Where: e.Where}
		if len(ids) > 1 {
			p.Record = r.Words.T("kind." + e.kind.String())
		}
		spec := fieldwork.SpecOf(e.kind)
		for _, x := range e.Fields {
			p.Fields = append(p.Fields, PastField{r.label(spec, x.Field), r.past(e.kind, x)})
		}
		out = append(out, p)
	}
	return out
}

// past is a value as the history tells it.
func (r Reader) past(kind fieldwork.Kind, x fieldwork.FieldValue) string {
	if x.Field != fieldwork.FieldDeleted {
		return r.Text(kind, x.Field, x.Value)
	}
	if x.Value.Bool() {
		return r.Words.T("history.deleted")
	}
	return r.Words.T("history.restored")
}

// wrote says when something was written, by whom and on which laptop; a time that nobody can be sure of says so.
func (r Reader) wrote(e store.HistoryEntry) string {
	when := r.Words.Moment(time.Unix(e.At, 0).In(r.Zone), e.Trust == journal.Doubtful)
	if who, ok := r.Store.Record(e.Author); ok && !e.Author.IsZero() {
		return r.Words.T("history.by", when, fieldwork.Name(who), r.Laptop(e.Dot.Log))
	}
	return r.Words.T("history.on", when, r.Laptop(e.Dot.Log))
}

// ShowHistory opens the history of records that are shown as one: of all fields, or of one that is chosen.
func ShowHistory(env *place.Env, s Book, name string, ids ...fieldwork.RecordID) {
	w := env.Words
	all := Of(env, s).History(s, ids...)
	list := kit.Column(14)
	show := func(field string) {
		list.RemoveAll()
		for _, p := range all {
			lines := kit.Column(2)
			for _, f := range p.Fields {
				if field == "" || field == f.Label {
					lines.Add(kit.NewText(f.Label + ": " + f.Text))
				}
			}
			if len(lines.Objects) == 0 {
				continue
			}
			head := kit.Column(0, kit.NewBold(p.Head))
			if p.Record != "" {
				head.Add(kit.NewSub(p.Record))
			}
			list.Add(kit.Column(2, kit.Row(12, kit.Stretch(head), kit.NewChip(env.Where(p.Where))), lines))
		}
		kit.Relay(list)
	}
	options := []kit.Option{{Value: "", Word: w.T("history.all")}}
	for _, p := range all {
		for _, f := range p.Fields {
			if o := (kit.Option{Value: f.Label, Word: f.Label}); !slices.Contains(options, o) {
				options = append(options, o)
			}
		}
	}
	slices.SortFunc(options[1:], func(a, b kit.Option) int { return cmp.Compare(fieldwork.Fold(a.Word), fieldwork.Fold(b.Word)) })
	which := kit.NewChoice("", options...)
	which.SetValue("")
	which.OnPicked = show
	show("")
	body := kit.Column(14, kit.NewField(w.T("history.which"), which, ""), kit.Fixed(0, 280, kit.NewReader(list)))
	kit.ShowDialog(env.Canvas(), kit.Ask{Title: w.T("people.history.of", name), Body: body, Yes: w.T("do.close"), First: which, Width: 640})
}
