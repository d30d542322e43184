package hq

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// reviewPages adds the pages on which the office decides: accept, ask, conflicts, duplicates, quarantine, backups.
// Whatever is decided is a change in HQ's own log, so it reaches every laptop by every road.
func (p *site) reviewPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /review", p.guarded(p.reviewPage))
	mux.HandleFunc("GET /review/accept", p.guarded(p.acceptPage))
	mux.HandleFunc("POST /review/accept", p.deciding(p.accept))
	mux.HandleFunc("GET /review/conflicts", p.guarded(p.conflictsPage))
	mux.HandleFunc("POST /review/decide", p.deciding(p.decide))
	mux.HandleFunc("POST /review/belongs", p.deciding(p.belongs))
	mux.HandleFunc("GET /review/questions", p.guarded(p.questionsPage))
	mux.HandleFunc("POST /review/ask", p.deciding(p.ask))
	mux.HandleFunc("POST /review/settle", p.deciding(p.settle))
	mux.HandleFunc("GET /review/duplicates", p.guarded(p.duplicatesPage))
	mux.HandleFunc("POST /review/same", p.deciding(p.same))
	mux.HandleFunc("GET /review/quarantine", p.guarded(p.quarantinePage))
	mux.HandleFunc("POST /review/quarantine", p.deciding(p.quarantined))
	mux.HandleFunc("POST /review/undo", p.deciding(p.undo))
	mux.HandleFunc("GET /backups", p.guarded(p.backupsPage))
	mux.HandleFunc("POST /backups", p.deciding(p.proveNow))
}

// mayReview says whether the role decides about records.
func mayReview(role string) bool { return role == "admin" || role == "officer" }

// decision is one form that was sent, of one campaign.
type decision struct {
	s   *store.Store
	who string // the account
	r   *http.Request
}

// outcome is what became of a decision: a sentence, and how to take it back.
type outcome struct {
	said    string
	changes []journal.Change // what Undo takes back; none: it cannot be taken back here
	back    string           // where to go on; empty: where the form was
}

// mostForm bounds a form, in bytes: fifty chosen records and a text.
const mostForm = 256 << 10

// deciding lets officers decide, and leads back to where the form was with what became of it.
func (p *site) deciding(f func(decision) (outcome, error)) http.HandlerFunc {
	return p.guarded(func(w http.ResponseWriter, r *http.Request, v view) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		if err := r.ParseForm(); err != nil {
			p.refuse(w, v, http.StatusBadRequest, "The form did not arrive whole. Nothing was decided.", "Go back and send it again.")
			return
		}
		if !mayReview(v.Role) {
			p.refuse(w, v, http.StatusForbidden, "Your account only looks.", "Ask an officer to decide.")
			return
		}
		s := p.byID(r.PostForm.Get("c"))
		if s == nil && r.URL.Path != "/backups" {
			p.refuse(w, v, http.StatusNotFound, "HQ has no such campaign.", "Go to the overview and choose from there.")
			return
		}
		out, err := f(decision{s, v.Who, r})
		if err != nil {
			p.refuse(w, v, http.StatusUnprocessableEntity, err.Error(), fieldwork.Hint(err))
			return
		}
		http.Redirect(w, r, p.url(out, r, s), http.StatusSeeOther)
	})
}

func (p *site) refuse(w http.ResponseWriter, v view, status int, sentence, hint string) {
	v.Title, v.Error, v.Hint = "Not decided", sentence, hint
	p.show(w, status, "message.html", v)
}

// url leads back with what to say. It is signed, so that nobody can send a link that puts words into HQ's mouth, or an
// Undo under an officer's finger.
func (p *site) url(o outcome, r *http.Request, s *store.Store) string {
	back := cmp.Or(o.back, r.PostForm.Get("back"))
	to, err := url.Parse(back)
	if err != nil || to.IsAbs() || to.Host != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(back, "//") {
		to = &url.URL{Path: "/review"}
	}
	q := to.Query()
	for _, old := range saidParts {
		q.Del(old)
	}
	q.Set("said", o.said)
	var dots []string
	for i := range o.changes {
		dots = append(dots, o.changes[i].Dot(0).String())
	}
	if len(dots) > 0 && len(dots) <= 50 { // more do not fit into an address; each record's page undoes one
		q.Set("undo", strings.Join(dots, ","))
		q.Set("of", s.Self().Campaign.String())
	}
	q.Set("sign", p.saidSign(q))
	to.RawQuery = q.Encode()
	return to.String()
}

// saidParts are the parts of an address that say what became of a decision.
var saidParts = []string{"said", "undo", "of", "sign"}

// saidSign is what HQ alone can make of what an address says.
func (p *site) saidSign(q url.Values) string {
	h := hmac.New(sha256.New, p.seed)
	fmt.Fprintf(h, "kandili/said/v1 %q %q %q", q.Get("said"), q.Get("undo"), q.Get("of"))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// said is what the page before this one did, with a way to take it back.
type said struct {
	Text, Undo, Of, Back string
}

// saidOf reads what url wrote; what HQ did not write itself is not said.
func (p *site) saidOf(r *http.Request) said {
	q := r.URL.Query()
	if !hmac.Equal([]byte(q.Get("sign")), []byte(p.saidSign(q))) {
		q.Del("said")
		q.Del("undo")
	}
	back := *r.URL
	b := back.Query()
	for _, old := range saidParts {
		b.Del(old)
	}
	back.RawQuery = b.Encode()
	return said{Text: shorterTo(q.Get("said"), 300), Undo: q.Get("undo"), Of: q.Get("of"), Back: back.RequestURI()}
}

// undo takes back what HQ decided just now.
func (p *site) undo(d decision) (outcome, error) {
	var firsts []fieldwork.RecordID
	for _, text := range strings.Split(d.r.PostForm.Get("undo"), ",") {
		id, err := fieldwork.ParseRecordID(text)
		if err != nil || id.Log.Node != 0 {
			return outcome{}, &fieldwork.Problem{Code: "undo-unknown", Sentence: "Only what HQ decided can be taken back here.", Hint: "Open the record and correct it."}
		}
		firsts = append(firsts, id)
	}
	if _, err := d.s.Undo(fieldwork.RecordID{}, firsts...); err != nil {
		return outcome{}, err
	}
	return outcome{said: "Taken back."}, nil
}

// asOf is what HQ held when a page was made: what came in since was not looked at.
func asOf(s *store.Store) string {
	return base64.RawURLEncoding.EncodeToString(store.AppendHeads(nil, s.Heads()))
}

func asOfForm(r *http.Request) journal.Heads {
	b, err := base64.RawURLEncoding.DecodeString(r.PostForm.Get("asof"))
	if err != nil {
		return journal.Heads{}
	}
	return store.ReadHeads(b)
}

// hub is the first page of the review.
type hub struct {
	Said      said
	Campaigns []hubCampaign
	Backup    backupLine
	Receipt   string // what was typed
	Answer    string // about it
	Known     bool
}

type hubCampaign struct {
	ID, Name                                                                              string
	Waiting, Conflicts, Doubles, Open, Answered, Duplicates, Apart, ApartChanges, Laptops int
}

func (p *site) reviewPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Title = "Review"
	h := hub{Said: p.saidOf(r), Backup: p.backupLine(), Receipt: strings.TrimSpace(r.FormValue("receipt"))}
	for _, s := range p.ordered() {
		c := hubCampaign{ID: s.Self().Campaign.String(), Name: campaignRecord(s).Get(fieldwork.CampaignName).Text(),
			Waiting: s.WaitingCount(), Conflicts: len(s.Contested()), Doubles: len(s.Doubles()), Duplicates: len(p.twins(s, false))}
		s.Each(fieldwork.KindQuestion, func(q fieldwork.Record) bool {
			switch {
			case fieldwork.IsOpen(q):
				c.Open++
			case q.Get(fieldwork.QuestionSettledAt).IsZero():
				c.Answered++
			}
			return true
		})
		runs, err := s.Apart()
		if err != nil {
			p.refuse(w, v, http.StatusInternalServerError, "What is kept apart cannot be read.", "Run “kandili-hq verify”.")
			return
		}
		for _, a := range runs {
			if !a.Left {
				c.Apart++
				c.ApartChanges += int(a.Last - a.First + 1)
			}
		}
		h.Campaigns = append(h.Campaigns, c)
		if h.Receipt != "" && !h.Known {
			h.Answer, h.Known = p.receiptAnswer(s, h.Receipt)
		}
	}
	v.Body = h
	p.show(w, http.StatusOK, "review.html", v)
}

func (p *site) receiptAnswer(s *store.Store, number string) (answer string, known bool) {
	c, err := p.CheckReceipt(s, number)
	if err != nil {
		return err.Error() + " " + fieldwork.Hint(err), false
	}
	return receiptWords(s, c), c.Given
}

// ordered returns the campaigns by name.
func (p *site) ordered() []*store.Store {
	list := p.Campaigns()
	slices.SortFunc(list, func(a, b *store.Store) int {
		name := func(s *store.Store) string {
			return fieldwork.Fold(campaignRecord(s).Get(fieldwork.CampaignName).Text())
		}
		return cmp.Or(cmp.Compare(name(a), name(b)), cmp.Compare(a.Self().Campaign.String(), b.Self().Campaign.String()))
	})
	return list
}

// chosen is the campaign that a page is about: by the address, else the first by name. Nil: there is none.
func (p *site) chosen(r *http.Request) *store.Store {
	if s := p.byID(r.FormValue("c")); s != nil {
		return s
	}
	for _, s := range p.ordered() {
		return s
	}
	return nil
}

// Top is what all pages of the review begin with.
type Top struct {
	Said      said
	Campaigns []hubCampaign
	Campaign  string // id of the chosen one
	Here      string // the page's own address, to come back to
	AsOf      string
	May       bool // the account decides
}

func (p *site) top(r *http.Request, s *store.Store, v view) Top {
	t := Top{Said: p.saidOf(r), AsOf: asOf(s), May: mayReview(v.Role), Campaign: s.Self().Campaign.String()}
	t.Here = t.Said.Back
	for _, o := range p.ordered() {
		t.Campaigns = append(t.Campaigns, hubCampaign{ID: o.Self().Campaign.String(), Name: campaignRecord(o).Get(fieldwork.CampaignName).Text()})
	}
	return t
}

func (p *site) noCampaign(w http.ResponseWriter, v view) {
	p.missing(w, v, "There is no campaign yet.", "Make the first one on this machine: kandili-hq campaign create NAME --country CC")
}

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

type acceptView struct {
	Top
	Kinds, Sites, Laptops []choice
	Day                   string
	Rows                  []waitingRow
	From, To, Total       int
	Prev, Next            string // addresses; empty: none
	Filtered              bool
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

// shorterTo keeps a text within so many characters.
func shorterTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
