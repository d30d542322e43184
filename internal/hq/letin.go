package hq

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// quarantined lets changes in up to a place, or leaves them apart, each with a reason.
func (p *site) quarantined(d decision) (outcome, error) {
	what := d.r.PostForm.Get("what")
	place := d.r.PostForm.Get("upto")
	if what == "left" { // all of it: what is left apart is not asked about again
		place = cmp.Or(d.r.PostForm.Get("whole"), place)
	}
	last, err := fieldwork.ParseRecordID(place)
	reason := strings.TrimSpace(d.r.PostForm.Get("reason"))
	if err != nil {
		return outcome{}, &fieldwork.Problem{Code: "apart-place", Sentence: "The form does not say which changes are meant. Nothing was decided.", Hint: "Go back and choose the last change to let in."}
	}
	if reason == "" {
		return outcome{}, &fieldwork.Problem{Code: "apart-reason", Sentence: "A decision about what is kept apart needs a reason. Nothing was decided.", Hint: "Go back and write one: whoever asks in a year will read it."}
	}
	if what == "left" {
		if err := p.LeaveApart(d.s, last, reason, d.who); err != nil {
			return outcome{}, err
		}
		return outcome{said: d.words.T("apart.said.left")}, nil
	}
	n, err := p.letIn(d, last, reason)
	if err != nil {
		return outcome{}, err
	}
	return outcome{said: d.words.N("apart.said.in", n)}, nil
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
	if err := s.CanLetIn(last); err != nil {
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

// endOf names a piece by the hash at its end.
func endOf(p *journal.Piece) string {
	end, err := p.Head()
	if err != nil {
		return "" // it was read once when it came in
	}
	return hex.EncodeToString(end.Hash[:8])
}
