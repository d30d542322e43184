// Package today is the first place: what happens here today, what is true so far, what is to do. Only ui imports it.
package today

import (
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Store is what this place reads; *store.Store is one.
type Store interface {
	fieldwork.Source
	Drafts() map[string][]byte
	Unsent() int

	// What others say about records; see ui/marks.
	Self() store.Identity
	Author() fieldwork.RecordID
	View(id fieldwork.RecordID) (journal.View, bool)
	ByCode(text string) (fieldwork.Record, error)
	Contested() []fieldwork.RecordID
	Questions(id fieldwork.RecordID) []fieldwork.Record
	Receipt(id fieldwork.RecordID) store.Receipt
	Statement() journal.Statement
	Save(d store.Draft) (journal.Change, error)
}

// Day is what the place shows, worked out at one moment.
type Day struct {
	Session  fieldwork.RecordID // of the village, today; zero: none
	Title    string             // of the session
	Line     string             // when and where it is
	Here     int
	Expected int

	People, Trained, Women, Under25 int
	Lamps                           int
	Rate                            fieldwork.WorkingRate
	Lit                             fieldwork.PeopleLit
	Target                          int

	Todo []Todo
}

// Todo is one thing to do, in the order of urgency.
type Todo struct {
	Kind  string // "question", "refused", "consent", "due", "contested", "draft", "unmeasured", "first"
	N     int
	At    fieldwork.RecordID // where to begin; zero: the place's list
	Place string
}

// due is after how many days without a visit a lamp wants to be seen again.
const due = 90

// Work works the day out: for a village, or for all when site is zero. It only reads the store and may run anywhere; it reads every
// record once.
func Work(s Store, w *show.Words, site fieldwork.RecordID, now time.Time) Day {
	today := now.Unix() / 86400
	scope := fieldwork.Scope{Site: site, Today: today}
	fleet, roll := fieldwork.NewFleet(s), fieldwork.NewRoll(s, now.Unix(), 0)
	training := fieldwork.TrainingOf(s, roll, scope)
	d := Day{People: training.Registered.N, Trained: training.Attended.N, Women: training.Women.Part, Under25: training.Under25.Part,
		Rate: fleet.WorkingRate(scope), Lit: fleet.PeopleLit(scope)}
	d.Target = target(s)
	d.session(s, w, roll, site, now)
	d.lamps(s, fleet, site, today)
	d.todo(s, training.Registered.Records)
	return d
}

// target is how many people the campaign wants to light; 0: not said.
func target(s Store) (n int) {
	s.Each(fieldwork.KindCampaign, func(r fieldwork.Record) bool {
		x, _ := r.Get(fieldwork.CampaignTargetPeopleLit).Int()
		n = int(x)
		return false
	})
	return n
}

func (d *Day) session(s Store, w *show.Words, roll *fieldwork.Roll, site fieldwork.RecordID, now time.Time) {
	for _, r := range roll.Sessions {
		start, ok := r.Get(fieldwork.SessionStart).Int()
		status, _ := r.Get(fieldwork.SessionStatus).Int()
		at := r.Get(fieldwork.SessionSite).Ref()
		if !ok || status == fieldwork.SessionStatusCancelled || (!site.IsZero() && at != site) {
			continue
		}
		t := time.Unix(start, 0).In(now.Location())
		if t.Format(time.DateOnly) != now.Format(time.DateOnly) {
			continue
		}
		count := roll.Headcount(r.ID)
		d.Session, d.Here, d.Expected = r.ID, count.Here, count.Expected
		d.Title = fieldwork.Name(r)
		d.Line = w.Clock(t)
		if end, ok := r.Get(fieldwork.SessionEnd).Int(); ok {
			d.Line += "–" + w.Clock(time.Unix(end, 0).In(now.Location()))
		}
		if room := r.Get(fieldwork.SessionRoom).Text(); room != "" {
			d.Line += " · " + room
		}
		if v, ok := s.Record(at); ok && site.IsZero() {
			d.Line += " · " + fieldwork.Name(v)
		}
	}
}

func (d *Day) lamps(s Store, fleet *fieldwork.Fleet, site fieldwork.RecordID, today int64) {
	old, first := 0, fieldwork.RecordID{}
	for _, l := range fleet.Lamps {
		if !site.IsZero() && fleet.Site(l) != site {
			continue
		}
		d.Lamps++
		if !l.State.Lit() {
			continue
		}
		last := l.State.Day
		for _, v := range l.Visits {
			if day, ok := v.Get(fieldwork.VisitDone).Int(); ok {
				last = max(last, day)
			}
		}
		if last < today-due {
			old++
			if first.IsZero() {
				first = l.Lamp.ID
			}
		}
	}
	if old > 0 {
		d.Todo = append(d.Todo, Todo{Kind: "due", N: old, At: first, Place: "lamps"})
	}
	if n := d.Lit.Uncounted.N + d.Lit.Homeless.N; n > 0 {
		d.Todo = append(d.Todo, Todo{Kind: "unmeasured", N: n, Place: "lamps"})
	}
}

// told is what others said: HQ's questions to this laptop, changes of it that HQ keeps apart, fields that were written differently.
func (d *Day) told(s Store) []Todo {
	question, refused := Todo{Kind: "question"}, Todo{Kind: "refused"}
	self := s.Self().Log.Node
	s.Each(fieldwork.KindQuestion, func(q fieldwork.Record) bool {
		if fieldwork.IsOpen(q) && fieldwork.AskedOf(q) == self {
			question.N++
		}
		return true
	})
	for _, a := range s.Statement().Apart {
		if a.Log.Node == self && !a.Left {
			refused.N += int(a.Last - a.First + 1)
		}
	}
	return []Todo{question, refused, {Kind: "contested", N: len(s.Contested())}}
}

// todo is told the people of the village, in id order.
func (d *Day) todo(s Store, people []fieldwork.RecordID) {
	agreed := map[fieldwork.RecordID]bool{}
	s.Each(fieldwork.KindConsent, func(r fieldwork.Record) bool {
		agreed[s.Canonical(r.Get(fieldwork.ConsentSubject).Ref())] = true
		return true
	})
	without := Todo{Kind: "consent", Place: "people"}
	for _, id := range people {
		if agreed[id] {
			continue
		}
		without.N++
		if without.At.IsZero() {
			without.At = id
		}
	}
	for _, t := range append(d.told(s), without) {
		if t.N > 0 {
			d.Todo = append(d.Todo, t)
		}
	}
	if n := len(s.Drafts()); n > 0 {
		d.Todo = append(d.Todo, Todo{Kind: "draft", N: n, Place: "people"})
	}
	if d.People == 0 {
		d.Todo = append(d.Todo, Todo{Kind: "first", N: 1, Place: "people"})
	}
	order := []string{"question", "refused", "contested", "draft", "first", "due", "unmeasured", "consent"}
	slices.SortStableFunc(d.Todo, func(a, b Todo) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
}
