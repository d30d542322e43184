package hq

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// recordView is a record as its page shows it.
type recordView struct {
	Code, Kind string
	Where      string // in words, with the mark that the window uses too
	Known      string // the last that is known of a lamp; empty: no lamp, or nothing
	Zone       string // of all times on the page
	Deleted    bool
	Gone       bool   // of somebody who was forgotten, or about her
	Forget     string // where the person is forgotten; empty: not here, or not by this account
	Stands     piece  // the record that stands for this one; empty: it stands for itself
	Facts      []fact
	History    []written
	Referring  []referring
	Review     recordReview
}

// recordReview is what the office decided about a record and can decide.
type recordReview struct {
	Top
	ID        string
	Accepted  []acceptedBy
	AcceptNow bool // it waits to be accepted
	Questions []asked
	Conflicts []conflict
	Fields    []choice // to ask about
	Laptops   []choice // who may be asked
	Backup    string   // whether what is written to it is in a proven backup
}

type acceptedBy struct{ By, At string }

// fact is one field. Contested ones have several values, the one that shows elsewhere first.
type fact struct {
	Label     string
	Values    []factValue
	Contested bool
}

type factValue struct {
	Pieces  []piece
	Picture *picture // of a photo; nil otherwise
	By, At  string   // which laptop wrote it, and when by its clock
	Winning bool
}

// written is one write of the history.
type written struct {
	At, Laptop string
	Author     piece // empty: nobody had signed in
	Made       bool  // this write made the record
	Facts      []fact
}

// referring is what of one kind refers to the record.
type referring struct {
	Title string
	Items []referrer
	More  int // that many more refer to it, or did once
}

type referrer struct {
	piece
	Gist string
}

// referringShown is how many records of a kind are listed as referring.
const referringShown = 50

// recordPage shows one record with its history and what refers to it.
func (p *site) recordPage(w http.ResponseWriter, r *http.Request, v view) {
	s := p.byID(r.PathValue("campaign"))
	if s == nil {
		p.missing(w, v, "HQ has no such campaign.", "Go to the overview and choose from there.")
		return
	}
	typed := r.PathValue("code")
	rec, err := s.ByCode(typed)
	if errors.Is(err, fieldwork.ErrNoCode) || errors.Is(err, fieldwork.ErrMistypedCode) || errors.Is(err, fieldwork.ErrAmbiguousCode) {
		p.missing(w, v, err.Error(), fieldwork.Hint(err))
		return
	}
	if err != nil {
		p.missing(w, v, "HQ has nothing with the code "+typed+".", "Check the code. What was made on a laptop that has not synced since comes with its next sync.")
		return
	}
	if code := fieldwork.CodeOf(rec.ID); code != typed { // as typed in lower case, or without dashes
		http.Redirect(w, r, recordURL(s, rec.ID), http.StatusFound)
		return
	}
	v.Title = shorter(fieldwork.Name(rec))
	rd := newReading(s, p.words)
	body := rd.record(rec)
	if body.Review, err = p.recordReview(rd, r, v, rec); err != nil {
		p.refuse(w, v, http.StatusInternalServerError, err.Error(), fieldwork.Hint(err))
		return
	}
	if person := rec.Kind == fieldwork.KindTrainee || rec.Kind == fieldwork.KindVolunteer; person && !body.Gone && mayReview(v.Role) {
		body.Forget = recordURL(s, rec.ID) + "/forget"
	}
	v.Body = body
	p.show(w, http.StatusOK, "record.html", v)
}

func (p *site) missing(w http.ResponseWriter, v view, sentence, hint string) {
	v.Title, v.Error, v.Hint = "Not found", sentence, hint
	p.show(w, http.StatusNotFound, "message.html", v)
}

func (r *reading) record(rec fieldwork.Record) recordView {
	out := recordView{Code: fieldwork.CodeOf(rec.ID), Kind: words(rec.Kind.String()), Zone: r.zone.String(), Deleted: rec.Deleted, Gone: r.s.Gone(rec.ID),
		Where: whereWords(r.s.Where(rec.ID)), Known: r.known(rec), History: r.history(rec), Referring: r.referring(rec.ID)}
	if stands := r.s.Canonical(rec.ID); stands != rec.ID {
		out.Stands = r.link(stands)
	}
	view, _ := r.s.View(rec.ID)
	for i := range view.Fields {
		if f, ok := r.fact(rec.Kind, &view.Fields[i]); ok {
			out.Facts = append(out.Facts, f)
		}
	}
	return out
}

// whereWords says where a record is; everything on these pages is at HQ at least.
func whereWords(place store.Place) string {
	switch place {
	case store.Question:
		return "? at HQ, a question waits for an answer"
	case store.Accepted:
		return "✓ accepted"
	}
	return "● at HQ"
}

func (p *site) recordReview(rd *reading, r *http.Request, v view, rec fieldwork.Record) (recordReview, error) {
	st, err := p.statement(rd.s) // says what is durable now
	if err != nil {
		return recordReview{}, err
	}
	out := recordReview{Top: p.top(r, rd.s, v), ID: rec.ID.String(), Conflicts: newReading(rd.s, v.W).conflicts(rec.ID), Backup: "not yet in a proven backup"}
	if rd.s.Receipt(rec.ID).Durable {
		out.Backup = "in the backup that was proven " + ago(p.now().Unix()-st.Proven)
	}
	for _, a := range rd.s.AcceptedBy(rec.ID) {
		at, _ := a.Get(fieldwork.AcceptanceAt).Int()
		out.Accepted = append(out.Accepted, acceptedBy{a.Get(fieldwork.AcceptanceBy).Text(), rd.moment(at)})
	}
	for _, q := range rd.s.Questions(rec.ID) {
		out.Questions = append(out.Questions, rd.asked(q))
	}
	if store.NeedsAccepting(rec.Kind) && !rec.Deleted {
		out.AcceptNow = rd.s.Where(rec.ID) != store.Accepted
		spec := fieldwork.SpecOf(rec.Kind)
		for i := range spec.Fields {
			out.Fields = append(out.Fields, choice{Value: fieldwork.FormatValue(&fieldwork.Field{Type: fieldwork.TypeInt}, fieldwork.Int(int64(spec.Fields[i].ID))), Text: capital(spec.Fields[i].Label())})
		}
		out.Laptops = rd.laptopsToAsk(rec.ID.Log.Node)
	}
	return out, nil
}

// laptopsToAsk are the laptops that can be asked, the one that made the record first.
func (rd *reading) laptopsToAsk(made uint32) (list []choice) {
	for _, c := range rd.s.Certificates() {
		if c.Node == 0 || c.Revoked && c.Node != made {
			continue
		}
		x := choice{Value: fieldwork.FormatValue(&fieldwork.Field{Type: fieldwork.TypeInt}, fieldwork.Int(int64(c.Node))), Text: rd.laptop(fieldwork.LogID{Node: c.Node}), On: c.Node == made}
		if x.On {
			x.Text += ", which made it"
		}
		list = append(list, x)
	}
	return list
}

// known is the last that is known of a lamp, which follows from its visits and installations.
func (r *reading) known(rec fieldwork.Record) string {
	if rec.Kind != fieldwork.KindLamp {
		return ""
	}
	installations := r.s.Referring(rec.ID, fieldwork.KindInstallation)
	state := fieldwork.StateOf(rec, installations, r.s.Referring(rec.ID, fieldwork.KindVisit))
	option, ok := fieldwork.SpecOf(fieldwork.KindLamp).Field(fieldwork.LampStatus).Option(state.Status)
	if !ok {
		return ""
	}
	where := rec.Get(fieldwork.LampSite).Ref()
	if n := len(installations); n > 0 {
		where = installations[n-1].Get(fieldwork.InstallationSite).Ref()
	}
	if where.IsZero() {
		return words(option.Name)
	}
	return words(option.Name) + ", " + r.link(where).Text
}

// fact is a field as it shows. Emptied fields and those that only say "not deleted" show in the history alone.
func (r *reading) fact(kind fieldwork.Kind, f *journal.FieldView) (fact, bool) {
	if !f.Contested && (f.Values[0].Value.IsZero() || f.Field == fieldwork.FieldDeleted) {
		return fact{}, false
	}
	out := fact{Label: label(kind, f.Field), Contested: f.Contested}
	for i, h := range f.Values {
		if i > 0 && !f.Contested && (h.Value.IsZero() || !addsUp(kind, f.Field)) {
			continue
		}
		out.Values = append(out.Values, factValue{Pieces: r.valueBy(kind, f.Field, h), Picture: r.picture(fieldOf(kind, f.Field), h.Value), By: r.laptop(h.By.Dot.Log), At: r.wrote(h.By), Winning: i == 0})
	}
	return out, true
}

// valueBy writes a value as value does, and times with a look at the clock of whoever wrote them.
func (r *reading) valueBy(kind fieldwork.Kind, id fieldwork.FieldID, h journal.Held) []piece {
	f := fieldOf(kind, id)
	if n, isInt := h.Value.Int(); f != nil && f.Type == fieldwork.TypeTime && isInt {
		return []piece{{Text: r.clocked(h.By, n)}}
	}
	return r.value(kind, id, h.Value)
}

// addsUp says that all of a field's values count, as notes of two people do.
func addsUp(kind fieldwork.Kind, id fieldwork.FieldID) bool {
	f := fieldOf(kind, id)
	return f != nil && f.Policy == fieldwork.PolicyAppend
}

// history is all writes, the newest by hybrid clock first.
func (r *reading) history(rec fieldwork.Record) []written {
	var list []written
	for _, h := range r.s.History(rec.ID) {
		w := written{At: r.wrote(&h.Version), Laptop: r.laptop(h.Dot.Log), Made: h.Dot == rec.ID}
		if !h.Author.IsZero() {
			w.Author = r.link(h.Author)
		}
		for _, f := range h.Fields {
			w.Facts = append(w.Facts, fact{Label: label(rec.Kind, f.Field), Values: []factValue{{Pieces: r.value(rec.Kind, f.Field, f.Value)}}})
		}
		list = append(list, w)
	}
	slices.Reverse(list)
	return list
}

// referring lists by kind what refers to the record now.
func (r *reading) referring(id fieldwork.RecordID) []referring {
	var out []referring
	byKind := r.s.EverReferring(id)
	delete(byKind, fieldwork.KindForgotten) // the note on top of the page says it
	for _, kind := range kindsOf(byKind) {
		g := referring{Title: capital(words(kind.String()) + "s")}
		for i, from := range byKind[kind] {
			rec, ok := r.s.Record(from)
			if !ok || rec.Deleted || !rec.RefersTo(id) {
				continue
			}
			if len(g.Items) == referringShown {
				g.More = len(byKind[kind]) - i
				break
			}
			g.Items = append(g.Items, referrer{r.link(from), r.gist(rec, id)})
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func kindsOf(m map[fieldwork.Kind][]fieldwork.RecordID) []fieldwork.Kind {
	var kinds []fieldwork.Kind
	for k := range m {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, cmp.Compare)
	return kinds
}
