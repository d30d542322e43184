package hq

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// apartRun is what a log holds apart, as its page shows it.
type apartRun struct {
	Laptop, Why string
	Fork        bool
	Left        bool
	Reason      string // why it was left apart
	Pieces      []apartPiece
	Changes     int
}

// apartPiece is what came together, under one signature: it is let in as a whole.
type apartPiece struct {
	Key      string // log and last number, for the form
	End      string // of its chain: two histories may end at one number
	Changes  []apartChange
	More     int
	From, To string
	Last     bool
}

type apartChange struct {
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
	Open, Left []apartRun
}

// mostApart is how many changes of a piece are shown.
const mostApart = 100

func (p *site) quarantinePage(w http.ResponseWriter, r *http.Request, v view) {
	v.Title = "Kept apart"
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
	rd := newReading(s, p.words)
	q := quarantineView{Top: p.top(r, s, v)}
	for _, a := range runs {
		run := rd.apartRun(a, list)
		if a.Left {
			q.Left = append(q.Left, run)
		} else {
			q.Open = append(q.Open, run)
		}
	}
	v.Body = q
	p.show(w, http.StatusOK, "quarantine.html", v)
}

func (rd *reading) apartRun(a journal.Apart, list []store.AwaitingPiece) apartRun {
	run := apartRun{Laptop: rd.laptop(a.Log), Left: a.Left, Reason: a.Text, Fork: a.Reason == journal.ReasonFork,
		Why: "was revoked before HQ had these changes"}
	if run.Fork {
		run.Why = "wrote these in another copy of itself, under numbers that were taken"
	}
	for i := range list {
		p := &list[i]
		if p.Log != a.Log || p.Reason != a.Reason || p.Last() < a.First || p.First > a.Last {
			continue
		}
		if run.Fork && rd.s.WrittenAgain(&p.Piece) == len(p.Changes) {
			continue
		}
		run.Changes += len(p.Changes)
		run.Pieces = append(run.Pieces, rd.apartPiece(p))
	}
	if n := len(run.Pieces); n > 0 {
		run.Pieces[n-1].Last = true
	}
	return run
}

func (rd *reading) apartPiece(p *store.AwaitingPiece) apartPiece {
	out := apartPiece{End: endOf(&p.Piece), Key: fieldwork.RecordID{Log: p.Log, Seq: p.Last()}.String(), From: rd.moment(p.Changes[0].Wall), To: rd.moment(p.Changes[len(p.Changes)-1].Wall)}
	for i := range p.Changes[:min(len(p.Changes), mostApart)] {
		c := &p.Changes[i]
		x := apartChange{At: rd.moment(c.Wall)}
		if !c.Author.IsZero() {
			x.Author = rd.link(c.Author)
		}
		for j := range c.Writes {
			x.Writes = append(x.Writes, rd.apartWrite(c, j))
		}
		out.Changes = append(out.Changes, x)
	}
	out.More = len(p.Changes) - len(out.Changes)
	return out
}

// endOf names a piece by the hash at its end.
func endOf(p *journal.Piece) string {
	end, err := p.Head()
	if err != nil {
		return "" // it was read once when it came in
	}
	return hex.EncodeToString(end.Hash[:8])
}

func (rd *reading) apartWrite(c *journal.Change, i int) apartWrite {
	w := &c.Writes[i]
	out := apartWrite{What: "new " + words(w.Kind.String()), New: w.Record.IsZero()}
	if !out.New {
		to := rd.link(w.Record)
		out.What, out.URL = to.Text, to.URL
	}
	for _, f := range w.Fields {
		out.Facts = append(out.Facts, fact{Label: label(w.Kind, f.Field), Values: []factValue{{Pieces: rd.value(w.Kind, f.Field, f.Value)}}})
	}
	return out
}

// quarantined lets changes in up to a place, or leaves them apart, each with a reason.
func (p *site) quarantined(d decision) (outcome, error) {
	last, err := fieldwork.ParseRecordID(d.r.PostForm.Get("upto"))
	reason := strings.TrimSpace(d.r.PostForm.Get("reason"))
	if err != nil {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say which changes are meant.", Hint: "Go back and choose again."}
	}
	if reason == "" {
		return outcome{}, &fieldwork.Problem{Code: "no-reason", Sentence: "A decision about what is kept apart needs a reason. Nothing was decided.", Hint: "Go back and write one: whoever asks in a year will read it."}
	}
	if d.r.PostForm.Get("what") == "left" {
		if err := p.LeaveApart(d.s, last, reason, d.who); err != nil {
			return outcome{}, err
		}
		return outcome{said: "Left apart. They stay here, and nobody is asked about them again."}, nil
	}
	n, err := p.letIn(d, last, reason)
	if err != nil {
		return outcome{}, err
	}
	return outcome{said: "Let in: " + plural(n, "one change. It is part of the records now, and reaches every laptop.", "%s changes. They are part of the records now, and reach every laptop.")}, nil
}

// letIn lets in up to last what a revoked laptop wrote, or the one history of a copied laptop that the form names.
func (p *site) letIn(d decision, last fieldwork.RecordID, reason string) (int, error) {
	list, err := d.s.Awaiting()
	if err != nil {
		return 0, err
	}
	for i := range list {
		piece := &list[i]
		if piece.Reason == journal.ReasonFork && piece.Log == last.Log && piece.Last() == last.Seq && endOf(&piece.Piece) == d.r.PostForm.Get("end") {
			return p.CopyIn(d.s, &piece.Piece, reason, d.who)
		}
	}
	done, err := p.LetIn(d.s, last, reason, d.who)
	return done.Changes, err
}

// CopyIn writes another history of a laptop's log again in HQ's own, with the decision and its reason.
func (o *Office) CopyIn(s *store.Store, piece *journal.Piece, reason, who string) (int, error) {
	if s.WrittenAgain(piece) > 0 {
		return 0, &fieldwork.Problem{Code: "written-again", Sentence: "The laptop has begun to write these changes again itself. Nothing was let in.", Hint: "Wait for its next sync, which brings the rest."}
	}
	n, err := s.CopyIn(piece)
	if err != nil {
		return n, err
	}
	fields := o.decided(fieldwork.RecordID{Log: piece.Log, Seq: piece.Last()}, reason, who)
	_, err = s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindRevocation, Fields: fields}}})
	return n, err
}

// decided records in HQ's log what was decided about changes of a log that are kept apart.
func (o *Office) decided(last fieldwork.RecordID, reason, who string) []fieldwork.FieldValue {
	return []fieldwork.FieldValue{
		{Field: fieldwork.RevocationNode, Value: fieldwork.Int(int64(last.Log.Node))},
		{Field: fieldwork.RevocationAfterSeq, Value: fieldwork.Int(int64(last.Seq))},
		{Field: fieldwork.RevocationReason, Value: fieldwork.Text(shorterTo(reason, 200))},
		{Field: fieldwork.RevocationAt, Value: fieldwork.Int(o.now().Unix())},
		{Field: fieldwork.RevocationBy, Value: fieldwork.Text(who)},
	}
}

// LeaveApart notes that the changes up to last were read and stay apart.
func (o *Office) LeaveApart(s *store.Store, last fieldwork.RecordID, reason, who string) error {
	fields := append(o.decided(last, reason, who), fieldwork.FieldValue{Field: fieldwork.RevocationLeft, Value: fieldwork.Ref(last)})
	_, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindRevocation, Fields: fields}}})
	return err
}

// LetIn lets the changes of a revoked node's log in, up to last. The decision and what then counts of the node are one
// change, so every replica takes both or none.
func (o *Office) LetIn(s *store.Store, last fieldwork.RecordID, reason, who string) (journal.Applied, error) {
	id, _, err := findNode(s, fmt.Sprint(last.Log.Node))
	if err != nil {
		return journal.Applied{}, err
	}
	counted := s.Heads()
	counted[last.Log] = max(counted[last.Log], last.Seq)
	_, err = s.Save(store.Draft{Writes: []journal.Write{
		{Kind: fieldwork.KindRevocation, Fields: o.decided(last, reason, who)},
		{Kind: fieldwork.KindNode, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.NodeCounted, Value: countedOf(counted, last.Log.Node)}}},
	}})
	if err != nil {
		return journal.Applied{}, err
	}
	return s.LetIn(last.Log)
}
