package hq

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// waitingRow is a record that waits to be accepted.
type waitingRow struct {
	ID, Name, URL, Kind, Code, Site, Laptop, When, Gist string
	Mark                                                string // what stands in the way; empty: nothing
	id                                                  fieldwork.RecordID
	wall                                                int64
}

// choice is an option of a select.
type choice struct {
	Value, Text string
	On          bool
}

// filter is which records a page lists.
type filter struct {
	kind   string
	site   string
	laptop string
	day    string // 2027-03-14 of the campaign's zone
}

func filterOf(get func(string) string) filter {
	return filter{get("kind"), get("site"), get("laptop"), get("day")}
}

func (f filter) values(s *store.Store) url.Values {
	q := url.Values{"c": {s.Self().Campaign.String()}}
	for k, v := range map[string]string{"kind": f.kind, "site": f.site, "laptop": f.laptop, "day": f.day} {
		if v != "" {
			q.Set(k, v)
		}
	}
	return q
}

// mostSorted is up to how many records are put in the order of their last write; more are listed by laptop, the highest
// numbers first, since reading a million for one page takes too long.
const mostSorted = 5000

// waiting lists what the filter leaves of the records that wait, the newest write first.
func (rd *reading) waiting(f filter) (rows []waitingRow) {
	ids := rd.s.Waiting()
	slices.Reverse(ids)
	letters := map[fieldwork.LogID]string{}
	for _, id := range ids {
		if f.kind != "" && rd.s.KindOf(id).String() != f.kind {
			continue
		}
		if letters[id.Log] == "" {
			letters[id.Log] = fieldwork.LettersOf(id.Log)
		}
		if f.laptop != "" && letters[id.Log] != f.laptop {
			continue
		}
		if f.site != "" {
			if rec, ok := rd.s.Record(id); !ok || rd.siteOf(rec).String() != f.site {
				continue
			}
		}
		row := waitingRow{id: id}
		if f.day != "" {
			row.wall = rd.lastWrite(id).Wall
			if time.Unix(row.wall, 0).In(rd.zone).Format(time.DateOnly) != f.day {
				continue
			}
		}
		rows = append(rows, row)
	}
	if len(rows) > mostSorted {
		return rows
	}
	for i := range rows {
		rows[i].wall = rd.lastWrite(rows[i].id).Wall
	}
	slices.SortStableFunc(rows, func(a, b waitingRow) int { return cmp.Or(cmp.Compare(b.wall, a.wall), a.id.Compare(b.id)) })
	return rows
}

// fill says what a row shows; only rows of the page are asked for it.
func (rd *reading) fill(row *waitingRow) {
	id := row.id
	rec, _ := rd.s.Record(id)
	row.ID, row.wall = id.String(), rd.lastWrite(id).Wall
	row.Name, row.URL, row.Kind, row.Code = shorter(fieldwork.Name(rec)), recordURL(rd.s, id), words(rec.Kind.String()), fieldwork.CodeOf(id)
	row.Laptop, row.When, row.Gist = rd.laptop(rd.lastWrite(id).Dot.Log), rd.moment(row.wall), rd.gist(rec, rd.siteOf(rec))
	if site := rd.siteOf(rec); !site.IsZero() && site != id {
		row.Site = rd.link(site).Text
	}
	switch {
	case len(rd.s.OpenQuestions(id)) > 0:
		row.Mark = "? a question waits"
	case len(rec.Contested) > 0:
		row.Mark = "? written differently"
	}
}

func (rd *reading) lastWrite(id fieldwork.RecordID) journal.Version {
	if h := rd.s.History(id); len(h) > 0 {
		return h[len(h)-1].Version
	}
	return journal.Version{}
}

// siteOf is the village that a record belongs to: its own field, or that of what it is about.
func (rd *reading) siteOf(rec fieldwork.Record) fieldwork.RecordID {
	if rec.Kind == fieldwork.KindSite {
		return rec.ID
	}
	spec := fieldwork.SpecOf(rec.Kind)
	if spec == nil {
		return fieldwork.RecordID{}
	}
	var about []fieldwork.RecordID
	for i := range spec.Fields {
		f := &spec.Fields[i]
		to := rec.Get(f.ID).Ref()
		switch {
		case f.Type != fieldwork.TypeRef || to.IsZero():
		case f.Of == fieldwork.KindSite:
			return rd.s.Canonical(to)
		case f.Of != fieldwork.KindVolunteer && f.Of != fieldwork.KindLampModel && to != rec.ID:
			about = append(about, to)
		}
	}
	for _, to := range about {
		other, ok := rd.s.Record(to)
		if ok && other.Kind != rec.Kind && len(about) < 8 {
			if site := other.Get(siteField(other.Kind)).Ref(); !site.IsZero() {
				return rd.s.Canonical(site)
			}
		}
	}
	return fieldwork.RecordID{}
}

// siteField is the field of a kind that names its village; 0 where there is none.
func siteField(kind fieldwork.Kind) fieldwork.FieldID {
	if spec := fieldwork.SpecOf(kind); spec != nil {
		for i := range spec.Fields {
			if f := &spec.Fields[i]; f.Type == fieldwork.TypeRef && f.Of == fieldwork.KindSite {
				return f.ID
			}
		}
	}
	return 0
}

// choices are what the filter can be set to.
func (rd *reading) choices(f filter) (kinds, sites, laptops []choice) {
	for _, spec := range fieldwork.Specs() {
		if rd.s.Count(spec.Kind) > 0 && spec.Kind < fieldwork.KindQuestion && spec.Kind != fieldwork.KindCampaign {
			kinds = append(kinds, choice{spec.Name, capital(words(spec.Name)), f.kind == spec.Name})
		}
	}
	rd.s.Each(fieldwork.KindSite, func(r fieldwork.Record) bool {
		sites = append(sites, choice{r.ID.String(), shorter(fieldwork.Name(r)), f.site == r.ID.String()})
		return true
	})
	for _, log := range rd.s.Heads().Logs() {
		if log.Node != 0 {
			letters := fieldwork.LettersOf(log)
			laptops = append(laptops, choice{letters, rd.laptop(log), f.laptop == letters})
		}
	}
	slices.SortFunc(sites, func(a, b choice) int { return cmp.Compare(fieldwork.Fold(a.Text), fieldwork.Fold(b.Text)) })
	return kinds, sites, laptops
}
