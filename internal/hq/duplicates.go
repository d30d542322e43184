package hq

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// twin is a pair of people who may be one.
type twin struct {
	a, b  fieldwork.RecordID
	score float64
	why   string
}

// alike is from when on two names are asked about; the window asks from the same on.
const alike = 0.9

// mostTwins is how many pairs are shown, the likeliest ones.
const mostTwins = 100

// person is what of a trainee tells whether two are one.
type personal struct {
	id           fieldwork.RecordID
	name, turned string
	born         int64 // year; 0: not known
	phones       []string
}

// twins finds people who may have been registered twice, also in two villages. It compares those who share the end of a
// phone number, or the beginnings of their names. What it found is kept until somebody writes something; not for
// longer than a while where the newest is not asked for.
func (o *Office) twins(s *store.Store, newest bool) []twin {
	token := s.Heads().Token()
	id := s.Self().Campaign
	o.mu.Lock()
	kept := o.pairs[id]
	o.mu.Unlock()
	now := o.now()
	if kept.list != nil && (kept.token == token || !newest && now.Sub(kept.at) < keptPairs) {
		return o.undecided(s, kept.list)
	}
	list := findTwins(s)
	o.mu.Lock()
	if o.pairs == nil {
		o.pairs = map[journal.Campaign]pairs{}
	}
	o.pairs[id] = pairs{token, now, list}
	o.mu.Unlock()
	return o.undecided(s, list)
}

// pairs are the twins of a campaign as of a moment.
type pairs struct {
	token [8]byte
	at    time.Time
	list  []twin
}

const keptPairs = 10 * time.Minute

// undecided leaves out those of whom an officer said that they are two.
func (o *Office) undecided(s *store.Store, list []twin) (out []twin) {
	for _, t := range list {
		if o.box.Get(differName(s, t.a, t.b)) == nil {
			out = append(out, t)
		}
	}
	return out[:min(len(out), mostTwins)]
}

func differName(s *store.Store, a, b fieldwork.RecordID) string {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	return "differ/" + s.Self().Campaign.String() + "/" + a.String() + "/" + b.String()
}

func findTwins(s *store.Store) []twin {
	blocks := map[string][]int{}
	var all []personal
	s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		x := personalOf(r)
		i := len(all)
		all = append(all, x)
		for _, k := range x.keys() {
			blocks[k] = append(blocks[k], i)
		}
		return true
	})
	found := map[[2]int]twin{}
	left := mostCompared
	for _, list := range smallestFirst(blocks) {
		if left -= len(list) * len(list) / 2; left < 0 {
			break
		}
		for n, i := range list {
			for _, j := range list[n+1:] {
				if t, ok := compare(&all[i], &all[j]); ok {
					found[[2]int{min(i, j), max(i, j)}] = t
				}
			}
		}
	}
	list := make([]twin, 0, len(found))
	for _, t := range found {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b twin) int {
		return cmp.Or(cmp.Compare(b.score, a.score), a.a.Compare(b.a), a.b.Compare(b.b))
	})
	return list[:min(len(list), 5*mostTwins)]
}

// mostCompared bounds the comparisons. The smallest blocks come first: what only few share tells the most, and a phone
// that a whole village shares tells nothing.
const mostCompared = 400_000

func smallestFirst(blocks map[string][]int) (lists [][]int) {
	keys := make([]string, 0, len(blocks))
	for k, list := range blocks {
		if len(list) > 1 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(blocks[a]), len(blocks[b])), cmp.Compare(a, b)) })
	for _, k := range keys {
		lists = append(lists, blocks[k])
	}
	return lists
}

func personalOf(r fieldwork.Record) personal {
	x := personal{id: r.ID, name: fieldwork.Fold(fieldwork.Name(r))}
	words := strings.Fields(x.name)
	slices.Sort(words)
	x.turned = strings.Join(words, " ")
	x.born, _ = r.Get(fieldwork.TraineeBirthYear).Int()
	for _, f := range []fieldwork.FieldID{fieldwork.TraineePhone, fieldwork.TraineePhone2} {
		digits := strings.Map(func(c rune) rune {
			if unicode.IsDigit(c) {
				return c
			}
			return -1
		}, r.Get(f).Text())
		if len(digits) >= 7 {
			x.phones = append(x.phones, digits[len(digits)-7:])
		}
	}
	return x
}

// keys are under what somebody is compared with others.
func (x *personal) keys() (keys []string) {
	for _, p := range x.phones {
		keys = append(keys, "p"+p)
	}
	words := strings.Fields(x.turned)
	if len(words) < 2 {
		return keys // one name alone is everybody's
	}
	first := func(w string) string { r := []rune(w); return string(r[:min(len(r), 3)]) }
	for i := range words {
		for _, other := range words[i+1:] {
			keys = append(keys, "n"+first(words[i])+first(other))
		}
	}
	return keys
}

func compare(x, y *personal) (twin, bool) {
	t := twin{a: x.id, b: y.id}
	name := max(fieldwork.Similar(x.name, y.name), fieldwork.Similar(x.turned, y.turned))
	phone := slices.ContainsFunc(x.phones, func(p string) bool { return slices.Contains(y.phones, p) })
	apart := x.born != 0 && y.born != 0 && max(x.born-y.born, y.born-x.born) > 2
	same := x.born != 0 && x.born == y.born
	var why []string
	switch {
	case name >= 0.999:
		why = append(why, "the same name")
	case name >= alike:
		why = append(why, "names alike")
	}
	if phone {
		why = append(why, "the same phone")
	}
	if same {
		why = append(why, "born in the same year")
	}
	t.score = name
	if phone {
		t.score += 0.5
	}
	if same {
		t.score += 0.2
	}
	if apart {
		t.score -= 0.5
	}
	t.why = strings.Join(why, ", ")
	return t, t.score >= alike && (name >= alike || phone && name >= 0.7)
}

// pair is two people as the page shows them.
type pair struct {
	Why       string
	Two       []half
	A, B      string
	Elsewhere bool // of two villages
}

type half struct {
	Name                                  piece
	Code, Site, Born, Phone, Laptop, When string
}

type joined struct {
	ID          string
	Name, Other piece
	By, At      string
}

type duplicatesView struct {
	Top
	Pairs  []pair
	Joined []joined
}

func (p *site) duplicatesPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Title = "Duplicates"
	s := p.chosen(r)
	if s == nil {
		p.noCampaign(w, v)
		return
	}
	rd := newReading(s, p.words)
	d := duplicatesView{Top: p.top(r, s, v)}
	for _, t := range p.twins(s, true) {
		if s.Canonical(t.a) != s.Canonical(t.b) {
			d.Pairs = append(d.Pairs, rd.pair(t))
		}
	}
	for id, other := range s.Same() {
		if rec, ok := s.Record(id); ok && !rec.Deleted {
			d.Joined = append(d.Joined, rd.joined(id, other))
		}
	}
	slices.SortFunc(d.Joined, func(a, b joined) int { return cmp.Compare(a.ID, b.ID) })
	d.Joined = d.Joined[:min(len(d.Joined), mostTwins)]
	v.Body = d
	p.show(w, http.StatusOK, "duplicates.html", v)
}

func (rd *reading) pair(t twin) pair {
	out := pair{Why: t.why, A: t.a.String(), B: t.b.String()}
	for _, id := range []fieldwork.RecordID{t.a, t.b} {
		rec, _ := rd.s.Record(id)
		h := half{Name: rd.link(id), Code: fieldwork.CodeOf(id), Phone: rec.Get(fieldwork.TraineePhone).Text(), Laptop: rd.laptop(id.Log)}
		if site := rec.Get(fieldwork.TraineeSite).Ref(); !site.IsZero() {
			h.Site = rd.link(site).Text
		}
		if f := fieldwork.SpecOf(rec.Kind).Field(fieldwork.TraineeBirthYear); f != nil && !rec.Get(f.ID).IsZero() {
			h.Born = rd.text(f, rec.Get(f.ID))
		}
		if made := rd.s.History(id); len(made) > 0 {
			h.When = rd.moment(made[0].Wall)
		}
		out.Two = append(out.Two, h)
	}
	out.Elsewhere = out.Two[0].Site != out.Two[1].Site
	return out
}

func (rd *reading) joined(id, other fieldwork.RecordID) joined {
	j := joined{ID: id.String(), Name: rd.link(id), Other: rd.link(other)}
	for _, h := range rd.s.History(id) {
		for _, f := range h.Fields {
			if f.Field == fieldwork.FieldSameAs {
				j.By, j.At = rd.laptop(h.Dot.Log), rd.moment(h.Wall)
			}
		}
	}
	return j
}

// same joins two people, parts them again, or notes that they are two.
func (p *site) same(d decision) (outcome, error) {
	a, err := fieldwork.ParseRecordID(d.r.PostForm.Get("a"))
	rec, ok := d.s.Record(a)
	if err != nil || !ok {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say who is meant.", Hint: "Go back and choose again."}
	}
	if d.r.PostForm.Get("what") == "part" {
		c, err := d.s.Save(store.Draft{Writes: []journal.Write{{Kind: rec.Kind, Record: a, Fields: []fieldwork.FieldValue{{Field: fieldwork.FieldSameAs}}}}})
		if err != nil {
			return outcome{}, err
		}
		return outcome{said: shorter(fieldwork.Name(rec)) + " stands alone again.", changes: []journal.Change{c}}, nil
	}
	b, err := fieldwork.ParseRecordID(d.r.PostForm.Get("b"))
	other, ok := d.s.Record(b)
	if err != nil || !ok || other.Kind != rec.Kind || a == b {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say who is meant.", Hint: "Go back and choose again."}
	}
	if d.r.PostForm.Get("what") == "differ" {
		if err := p.box.Put(differName(d.s, a, b), []byte(d.who)); err != nil {
			return outcome{}, err
		}
		return outcome{said: shorter(fieldwork.Name(rec)) + " and " + shorter(fieldwork.Name(other)) + " are two people. They are not asked about again."}, nil
	}
	if a.Compare(b) < 0 { // the older one stands for both, as everywhere
		a, b = b, a
	}
	c, err := d.s.Save(store.Draft{Writes: []journal.Write{{Kind: rec.Kind, Record: a, Fields: []fieldwork.FieldValue{{Field: fieldwork.FieldSameAs, Value: fieldwork.Ref(b)}}}}})
	if err != nil {
		return outcome{}, err
	}
	return outcome{said: "Joined: one person from now on, whatever refers to either.", changes: []journal.Change{c}}, nil
}
