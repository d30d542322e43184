package hq

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// apartRun is what a log holds apart, as its page shows it.
type apartRun struct {
	Key                  string
	Why                  string // whose it is, and why it is apart
	Fork                 bool
	Left                 bool
	Reason               string // why it was left apart
	Whole                string // the last of its changes, for the form
	Changes, First, Last int    // how many there are, and which of them are shown
	Prev, Next           string // addresses; empty: none
	Rows                 []apartChange
	Copies               []apartCopy // of a copied laptop: each is let in as a whole
	Pages                bool        // somebody in it was forgotten: not every change can be the last
}

// apartCopy is a history of a copied laptop, which HQ writes again as a whole.
type apartCopy struct {
	Key, End string // the log and its last number; the end of its chain, for two histories may end at one number
	From, To string
	Rows     []apartChange
	More     int
}

type apartChange struct {
	UpTo   string // for the form; empty: the changes let in cannot end here
	At     string
	Author piece
	Writes []apartWrite
}

type apartWrite struct {
	What  string // of a new record its kind; of an earlier one its name
	URL   string
	New   bool
	Facts []fact
}

type quarantineView struct {
	Top
	One        bool // only the run that the address names
	Open, Left []apartRun
	Decisions  []apartDecision
}

// apartDecision is what was decided earlier, and why.
type apartDecision struct{ When, Who, Laptop, What, Reason string }

// apartRows is how many changes a page shows of a run.
const apartRows = 100

func (p *site) quarantinePage(w http.ResponseWriter, r *http.Request, v view) {
	v.Spoken, v.Title = true, v.W.T("apart.title")
	s := p.chosen(r)
	if s == nil {
		p.noCampaign(w, v)
		return
	}
	list, err := s.Awaiting()
	runs, e := s.Apart()
	if err != nil || e != nil {
		p.refuse(w, v, http.StatusInternalServerError, "What is kept apart cannot be read.", "Run “kandili-hq verify”.")
		return
	}
	rd := newReading(s, v.W)
	only := r.FormValue("run")
	page, _ := strconv.Atoi(r.FormValue("page"))
	q := quarantineView{Top: p.top(r, s, v), One: only != ""}
	for _, a := range runs {
		if only != "" && runKey(a) != only {
			continue
		}
		run := rd.apartRun(a, list, max(page, 1), q.One)
		if a.Left {
			q.Left = append(q.Left, run)
		} else {
			q.Open = append(q.Open, run)
		}
	}
	if !q.One {
		q.Decisions = rd.apartDecisions()
	}
	v.Body = q
	p.show(w, http.StatusOK, "quarantine.html", v)
}

// runKey names a run in an address.
func runKey(a journal.Apart) string {
	return fmt.Sprintf("%v-%d", fieldwork.RecordID{Log: a.Log, Seq: a.Last}, a.Reason)
}

// apartRun reads one page of a run. whole: of a copied laptop, which is let in as a whole, all changes at once.
func (rd *reading) apartRun(a journal.Apart, list []store.AwaitingPiece, page int, whole bool) apartRun {
	run := apartRun{Key: runKey(a), Left: a.Left, Reason: a.Text, Fork: a.Reason == journal.ReasonFork,
		Why: rd.words.T("apart.revoked", rd.laptop(a.Log)), Whole: fieldwork.RecordID{Log: a.Log, Seq: a.Last}.String()}
	if run.Fork {
		run.Next = rd.runAt(run.Key, 1)
		run.Why = rd.words.T("apart.copied", rd.laptop(a.Log))
	}
	var shown []apartPlace
	for i := range list {
		p := &list[i]
		switch {
		case p.Log != a.Log || p.Reason != a.Reason || p.Last() < a.First || p.First > a.Last:
		case run.Fork && rd.s.WrittenAgain(&p.Piece) == len(p.Changes):
		case run.Fork:
			run.Changes += len(p.Changes)
			run.Copies = append(run.Copies, rd.apartCopy(p, whole))
		default:
			run.Pages = run.Pages || p.Covered
			for j := range p.Changes {
				if c := &p.Changes[j]; c.Seq >= a.First {
					shown = append(shown, apartPlace{c, !p.Covered || j == len(p.Changes)-1})
				}
			}
		}
	}
	if !run.Fork {
		rd.page(&run, shown, page)
	}
	return run
}

// apartPlace is a change of a run, and whether what is let in may end with it.
type apartPlace struct {
	c    *journal.Change
	ends bool
}

// page fills in the changes of one page of a run.
func (rd *reading) page(run *apartRun, all []apartPlace, page int) {
	from := min((page-1)*apartRows, len(all)/apartRows*apartRows)
	to := min(from+apartRows, len(all))
	run.Changes, run.First, run.Last = len(all), from+1, to
	for _, x := range all[from:to] {
		row := rd.apartChange(x.c)
		if x.ends {
			row.UpTo = fieldwork.RecordID{Log: x.c.Log, Seq: x.c.Last()}.String()
		}
		run.Rows = append(run.Rows, row)
	}
	at := func(n int) string { return rd.runAt(run.Key, n) }
	if n := from/apartRows + 1; from > 0 {
		run.Prev = at(n - 1)
	}
	if to < len(all) {
		run.Next = at(from/apartRows + 2)
	}
}

// runAt is the address of a page of a run.
func (rd *reading) runAt(key string, page int) string {
	q := url.Values{"c": {rd.s.Self().Campaign.String()}, "run": {key}, "page": {strconv.Itoa(page)}}
	return "/review/quarantine?" + q.Encode()
}

func (rd *reading) apartCopy(p *store.AwaitingPiece, whole bool) apartCopy {
	most := apartRows
	if whole {
		most = len(p.Changes)
	}
	out := apartCopy{End: endOf(&p.Piece), Key: fieldwork.RecordID{Log: p.Log, Seq: p.Last()}.String(), From: rd.moment(p.Changes[0].Wall), To: rd.moment(p.Changes[len(p.Changes)-1].Wall)}
	for i := range p.Changes[:min(len(p.Changes), most)] {
		out.Rows = append(out.Rows, rd.apartChange(&p.Changes[i]))
	}
	out.More = len(p.Changes) - len(out.Rows)
	return out
}

func (rd *reading) apartChange(c *journal.Change) apartChange {
	x := apartChange{At: rd.wrote(&journal.Version{Dot: c.Dot(0), Boot: c.Boot, Up: c.Up, Wall: c.Wall}), Author: piece{Text: rd.words.T("apart.nobody")}}
	if !c.Author.IsZero() {
		x.Author = rd.link(c.Author)
	}
	for j := range c.Writes {
		x.Writes = append(x.Writes, rd.apartWrite(c, j))
	}
	return x
}

func (rd *reading) apartWrite(c *journal.Change, i int) apartWrite {
	w := &c.Writes[i]
	kind := words(w.Kind.String())
	if key := "kind." + w.Kind.String(); rd.words.Has(key) {
		kind = rd.words.T(key)
	}
	out := apartWrite{What: rd.words.T("apart.new", kind), New: w.Record.IsZero()}
	if !out.New {
		to := rd.link(w.Record)
		out.What, out.URL = to.Text, to.URL
	}
	for _, f := range w.Fields {
		out.Facts = append(out.Facts, fact{Label: rd.label(w.Kind, f.Field), Values: []factValue{{Pieces: rd.spoken(w.Kind, f.Field, f.Value)}}})
	}
	return out
}

// mostDecisions is how many earlier decisions the page tells.
const mostDecisions = 50

// apartDecisions are the decisions so far, the newest first.
func (rd *reading) apartDecisions() (list []apartDecision) {
	var all []fieldwork.Record
	rd.s.Each(fieldwork.KindRevocation, func(r fieldwork.Record) bool {
		if r.ID.Log.Node == 0 {
			all = append(all, r)
		}
		return true
	})
	at := func(r fieldwork.Record) int64 { n, _ := r.Get(fieldwork.RevocationAt).Int(); return n }
	slices.SortStableFunc(all, func(a, b fieldwork.Record) int { return cmp.Or(cmp.Compare(at(b), at(a)), b.ID.Compare(a.ID)) })
	for _, r := range all[:min(len(all), mostDecisions)] {
		node, _ := r.Get(fieldwork.RevocationNode).Int()
		seq, _ := r.Get(fieldwork.RevocationAfterSeq).Int()
		d := apartDecision{When: rd.moment(at(r)), Who: r.Get(fieldwork.RevocationBy).Text(), Laptop: rd.laptop(fieldwork.LogID{Node: uint32(node)}),
			What: rd.words.T("apart.in.upto", rd.words.Number(int(seq))), Reason: r.Get(fieldwork.RevocationReason).Text()}
		if !r.Get(fieldwork.RevocationLeft).IsZero() {
			d.What = rd.words.T("apart.left.upto", rd.words.Number(int(seq)))
		}
		list = append(list, d)
	}
	return list
}
