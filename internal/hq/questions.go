package hq

import (
	"net/http"
	"slices"
	"strconv"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// asked is a question as its page shows it.
type asked struct {
	ID            string
	About         piece
	Field         string // empty: the whole record
	Text, By, At  string
	For           string // the laptop that is to answer
	Answer, Who   string
	Author        piece
	AnsweredAt    string
	Open, Settled bool
	at            int64
}

type questionsView struct {
	Top
	Open, Answered, Settled []asked
}

// mostSettled is how many closed questions are shown, the newest ones.
const mostSettled = 30

func (p *site) questionsPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Title = "Questions"
	s := p.chosen(r)
	if s == nil {
		p.noCampaign(w, v)
		return
	}
	rd := newReading(s, p.words)
	q := questionsView{Top: p.top(r, s, v)}
	s.Each(fieldwork.KindQuestion, func(rec fieldwork.Record) bool {
		a := rd.asked(rec)
		switch {
		case a.Settled:
			q.Settled = append(q.Settled, a)
		case a.Open:
			q.Open = append(q.Open, a)
		default:
			q.Answered = append(q.Answered, a)
		}
		return true
	})
	for _, list := range []*[]asked{&q.Open, &q.Answered, &q.Settled} {
		slices.SortStableFunc(*list, func(a, b asked) int { return int(b.at - a.at) })
	}
	q.Settled = q.Settled[:min(len(q.Settled), mostSettled)]
	v.Body = q
	p.show(w, http.StatusOK, "questions.html", v)
}

func (rd *reading) asked(q fieldwork.Record) asked {
	about := q.Get(fieldwork.QuestionRecord).Ref()
	a := asked{ID: q.ID.String(), About: rd.link(about), Text: q.Get(fieldwork.QuestionText).Text(), By: q.Get(fieldwork.QuestionAskedBy).Text(),
		Answer: q.Get(fieldwork.QuestionAnswer).Text(), Open: fieldwork.IsOpen(q), Settled: !q.Get(fieldwork.QuestionSettledAt).IsZero(), For: rd.laptop(fieldwork.LogID{Node: fieldwork.AskedOf(q)})}
	a.at, _ = q.Get(fieldwork.QuestionAskedAt).Int()
	a.At = rd.moment(a.at)
	if n, ok := q.Get(fieldwork.QuestionField).Int(); ok {
		kind := fieldwork.Kind(0)
		if rec, ok := rd.s.Record(about); ok {
			kind = rec.Kind
		}
		a.Field = label(kind, fieldwork.FieldID(n))
	}
	if at, ok := q.Get(fieldwork.QuestionAnsweredAt).Int(); ok {
		a.AnsweredAt = rd.moment(at)
	}
	if by := q.Get(fieldwork.QuestionAnsweredBy).Ref(); !by.IsZero() {
		a.Author = rd.link(by)
	}
	for _, h := range rd.s.History(q.ID) {
		for _, f := range h.Fields {
			if f.Field == fieldwork.QuestionAnswer && !f.Value.IsZero() {
				a.Who = rd.laptop(h.Dot.Log)
			}
		}
	}
	return a
}

// ask sends a record back with a question.
func (p *site) ask(d decision) (outcome, error) {
	id, err := fieldwork.ParseRecordID(d.r.PostForm.Get("record"))
	rec, ok := d.s.Record(id)
	if err != nil || !ok {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say which record it is about.", Hint: "Go back and ask again."}
	}
	field, _ := strconv.ParseUint(d.r.PostForm.Get("field"), 10, 16) // empty: the whole record
	node, _ := strconv.ParseUint(d.r.PostForm.Get("node"), 10, 32)   // empty: the laptop that made it
	q, err := p.Ask(d.s, id, fieldwork.FieldID(field), d.r.PostForm.Get("text"), d.who, uint32(node))
	if err != nil {
		return outcome{}, err
	}
	made, _ := d.s.Record(q)
	to := newReading(d.s, p.words).laptop(fieldwork.LogID{Node: fieldwork.AskedOf(made)})
	return outcome{said: "Asked about " + shorter(fieldwork.Name(rec)) + ". It becomes a to-do on " + to + " with its next sync.",
		changes: []journal.Change{{Log: q.Log, Seq: q.Seq, Writes: []journal.Write{{}}}}}, nil
}

// settle closes a question.
func (p *site) settle(d decision) (outcome, error) {
	id, err := fieldwork.ParseRecordID(d.r.PostForm.Get("question"))
	q, ok := d.s.Record(id)
	if err != nil || !ok || q.Kind != fieldwork.KindQuestion {
		return outcome{}, &fieldwork.Problem{Code: "bad-form", Sentence: "The form does not say which question it is about.", Hint: "Go back and choose again."}
	}
	c, err := p.Settle(d.s, id)
	if err != nil {
		return outcome{}, err
	}
	out := outcome{said: "Closed.", changes: []journal.Change{c}}
	if d.r.PostForm.Get("accept") == "" {
		return out, nil
	}
	about := q.Get(fieldwork.QuestionRecord).Ref()
	if !d.s.WrittenBy(about, asOfForm(d.r)) {
		out.said = "Closed, but not accepted: the record has changed since you looked."
		return out, nil
	}
	more, err := p.Accept(d.s, []fieldwork.RecordID{about}, d.who, "")
	if err != nil {
		return outcome{}, err
	}
	return outcome{said: "Closed, and the record accepted.", changes: append(out.changes, more...)}, nil
}
