package hq

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

type acceptView struct {
	Top
	Kinds, Sites, Laptops []choice
	Day                   string
	Rows                  []waitingRow
	From, To, Total       int
	Prev, Next            string // addresses; empty: none
	Filtered              bool
}

func (p *site) acceptPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Title = "Accept"
	s := p.chosen(r)
	if s == nil {
		p.noCampaign(w, v)
		return
	}
	f := filterOf(r.FormValue)
	rd := newReading(s, p.words)
	a := acceptView{Top: p.top(r, s, v), Day: f.day, Filtered: f != filter{}}
	rows := rd.waiting(f)
	a.Kinds, a.Sites, a.Laptops = rd.choices(f)
	page, _ := strconv.Atoi(r.FormValue("page"))
	page = max(page, 1)
	a.Total = len(rows)
	from, to := min((page-1)*pageRows, a.Total), min(page*pageRows, a.Total)
	a.From, a.To, a.Rows = min(from+1, a.Total), to, rows[from:to]
	for i := range a.Rows {
		rd.fill(&a.Rows[i])
	}
	at := func(n int) string {
		q := f.values(s)
		q.Set("page", strconv.Itoa(n))
		return "/review/accept?" + q.Encode()
	}
	if page > 1 {
		a.Prev = at(page - 1)
	}
	if to < a.Total {
		a.Next = at(page + 1)
	}
	v.Body = a
	p.show(w, http.StatusOK, "accept.html", v)
}

// Sizes of acceptances: what a list value holds, and what fits well into one change.
const (
	acceptedRefs   = 250
	acceptedWrites = 16
)

// accept accepts the chosen records, or all of a list.
func (p *site) accept(d decision) (outcome, error) {
	var ids []fieldwork.RecordID
	if d.r.PostForm.Get("all") != "" {
		for _, row := range newReading(d.s, p.words).waiting(filterOf(d.r.PostForm.Get)) {
			ids = append(ids, row.id)
		}
	} else {
		for _, text := range d.r.PostForm["r"] {
			if id, err := fieldwork.ParseRecordID(text); err == nil {
				ids = append(ids, id)
			}
		}
	}
	seen := asOfForm(d.r)
	total := len(ids)
	ids = slices.DeleteFunc(ids, func(id fieldwork.RecordID) bool { return !d.s.WrittenBy(id, seen) })
	if len(ids) == 0 {
		if total > 0 {
			return outcome{said: "Nothing was accepted: what you chose has changed since you looked. Look again."}, nil
		}
		return outcome{said: "Nothing was chosen."}, nil
	}
	changes, err := p.Accept(d.s, ids, d.who, "")
	if err != nil {
		return outcome{}, err
	}
	text := plural(len(ids), "Accepted one record.", "Accepted %s records.")
	if late := total - len(ids); late > 0 {
		text += " " + plural(late, "One changed since you looked and was left.", "%s changed since you looked and were left.")
	}
	return outcome{said: text, changes: changes}, nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, thousands(n))
}

// Accept accepts records as they are now.
func (o *Office) Accept(s *store.Store, ids []fieldwork.RecordID, who, note string) ([]journal.Change, error) {
	var drafts []store.Draft
	for len(ids) > 0 {
		n := min(len(ids), acceptedRefs)
		fields := []fieldwork.FieldValue{
			{Field: fieldwork.AcceptanceRecords, Value: fieldwork.Refs(ids[:n]...)},
			{Field: fieldwork.AcceptanceBy, Value: fieldwork.Text(who)},
			{Field: fieldwork.AcceptanceAt, Value: fieldwork.Int(o.now().Unix())},
		}
		if note != "" {
			fields = append(fields, fieldwork.FieldValue{Field: fieldwork.AcceptanceNote, Value: fieldwork.Text(note)})
		}
		ids = ids[n:]
		if k := len(drafts); k == 0 || len(drafts[k-1].Writes) == acceptedWrites {
			drafts = append(drafts, store.Draft{})
		}
		last := &drafts[len(drafts)-1]
		last.Writes = append(last.Writes, journal.Write{Kind: fieldwork.KindAcceptance, Fields: fields})
	}
	return s.SaveAll(drafts)
}
