package lamps

import (
	"cmp"
	"slices"
	"strings"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/store"
)

// Lamp is the lamp that is open, for people.
type Lamp struct {
	ID     fieldwork.RecordID
	Title  string
	Code   string
	Status int64
	Since  int64 // days since 1970-01-01; 0: not known
	Facts  [][2]string
	Photo  blob.Name // of where it hangs; zero: none
	Visits []Seen    // the latest first

	Receipt store.Receipt
	Records []fieldwork.RecordID // it, its installations and its visits: what is shown as one
}

// Seen is one visit.
type Seen struct {
	Day    int64
	Status int64
	Line   string
	Photo  blob.Name // zero: none
}

// Lamp returns the lamp that is open; ok is false for none.
func (m *Model) Lamp() (l Lamp, ok bool) {
	r, ok := m.store.Record(m.open)
	if !ok {
		return l, false
	}
	state, place := m.state(r)
	l = Lamp{ID: r.ID, Title: title(r), Code: fieldwork.CodeOf(r.ID), Status: state.Status, Receipt: m.store.Receipt(r.ID), Records: []fieldwork.RecordID{r.ID}}
	for _, kind := range []fieldwork.Kind{fieldwork.KindInstallation, fieldwork.KindVisit} {
		for _, x := range m.store.Referring(r.ID, kind) {
			l.Records = append(l.Records, x.ID)
		}
	}
	if state.Day > 0 {
		l.Since = state.Day
	}
	l.Facts = m.facts(r, place)
	l.Photo, _ = blob.NameOf(place.Get(fieldwork.InstallationPhoto))
	l.Visits = m.visits(r.ID)
	return l, true
}

func (m *Model) facts(r, place fieldwork.Record) [][2]string {
	w := m.words
	var out [][2]string
	add := func(key, value string) {
		if value != "" {
			out = append(out, [2]string{w.T(key), value})
		}
	}
	nameOf := func(id fieldwork.RecordID) string {
		x, ok := m.store.Record(id)
		if !ok {
			return ""
		}
		return fieldwork.Name(x)
	}
	add("field.lamp.model", nameOf(r.Get(fieldwork.LampModel).Ref()))
	add("field.lamp.serial", r.Get(fieldwork.LampSerial).Text())
	if place.ID.IsZero() {
		add("lamps.hangs", w.T("lamps.hangs.nowhere"))
		return out
	}
	if n, ok := place.Get(fieldwork.InstallationPlace).Int(); ok {
		add("field.installation.place", w.Option(fieldwork.SpecOf(fieldwork.KindInstallation).Field(fieldwork.InstallationPlace), n))
	}
	add("field.installation.site", nameOf(place.Get(fieldwork.InstallationSite).Ref()))
	people := 0
	for _, id := range place.Get(fieldwork.InstallationHouseholds).Refs() {
		h, _ := m.store.Record(id)
		people += int(fieldwork.Members(h))
	}
	if homes := m.homes(place); homes != "" {
		add("lamps.household", w.N("lamps.home", people, homes))
	}
	if n, ok := place.Get(fieldwork.InstallationPeopleLit).Int(); ok {
		add("field.installation.people_lit", w.Number(int(n)))
	}
	if day, ok := place.Get(fieldwork.InstallationDate).Int(); ok {
		add("field.installation.date", w.Day(day))
	}
	return out
}

func (m *Model) visits(lamp fieldwork.RecordID) []Seen {
	spec := fieldwork.SpecOf(fieldwork.KindVisit)
	var out []Seen
	for _, v := range m.store.Referring(lamp, fieldwork.KindVisit) {
		day, done := v.Get(fieldwork.VisitDone).Int()
		if !done {
			continue
		}
		status, _ := v.Get(fieldwork.VisitStatusFound).Int()
		var parts []string
		for _, n := range v.Get(fieldwork.VisitProblem).Ints() {
			parts = append(parts, m.words.Option(spec.Field(fieldwork.VisitProblem), n))
		}
		if n, ok := v.Get(fieldwork.VisitAction).Int(); ok {
			parts = append(parts, m.words.Option(spec.Field(fieldwork.VisitAction), n))
		}
		if note := v.Get(fieldwork.VisitNote).Text(); note != "" {
			parts = append(parts, note)
		}
		pic, _ := blob.NameOf(v.Get(fieldwork.VisitPhoto))
		out = append(out, Seen{Day: day, Status: status, Line: strings.Join(parts, " · "), Photo: pic})
	}
	slices.SortStableFunc(out, func(a, b Seen) int { return cmp.Compare(b.Day, a.Day) })
	return out
}
