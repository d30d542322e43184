package store

import (
	"errors"
	"fmt"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

func set(id fieldwork.RecordID, field fieldwork.FieldID, v fieldwork.Value) Draft {
	return Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: field, Value: v}}}}}
}

func text(t *testing.T, s *Store, id fieldwork.RecordID, field fieldwork.FieldID) string {
	t.Helper()
	r, ok := s.Record(id)
	if !ok {
		t.Fatalf("no record %v", id)
	}
	return r.Get(field).Text()
}

func TestUndo_writesBackWhatWasBeforeAndCanItselfBeUndone(t *testing.T) {
	s := newStore(t, 1)
	id := save(t, s, trainee("Nasieku"))
	save(t, s, set(id, fieldwork.TraineePhone, fieldwork.Text("0711")))
	c, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.TraineePhone, Value: fieldwork.Text("0722")}, {Field: fieldwork.TraineeBirthYear, Value: fieldwork.Int(1994)}}}}})
	if err != nil {
		t.Fatal(err)
	}
	save(t, s, set(id, fieldwork.TraineeNote, fieldwork.Text("tall"))) // another field is no reason to refuse
	back, err := s.Undo(fieldwork.RecordID{}, c.Dot(0))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := s.Record(id)
	if got := r.Get(fieldwork.TraineePhone).Text(); got != "0711" || !r.Get(fieldwork.TraineeBirthYear).IsZero() || r.Get(fieldwork.TraineeNote).Text() != "tall" {
		t.Errorf("after undo: %+v", r)
	}
	if _, err := s.Undo(fieldwork.RecordID{}, c.Dot(0)); !isProblem(err, "undo-changed") {
		t.Errorf("undone twice: %v", err)
	}
	if _, err := s.Undo(fieldwork.RecordID{}, back[0].Dot(0)); err != nil {
		t.Fatal(err)
	}
	if got := text(t, s, id, fieldwork.TraineePhone); got != "0722" {
		t.Errorf("redone: %q", got)
	}
}

func TestUndo_refusesWhatSomebodyChangedSince(t *testing.T) {
	a, b := newStore(t, 1), newStore(t, 2)
	id := save(t, a, trainee("Nasieku"))
	give(t, a, b)
	mine, err := a.Save(set(id, fieldwork.TraineePhone, fieldwork.Text("0711")))
	if err != nil {
		t.Fatal(err)
	}
	save(t, b, set(id, fieldwork.TraineePhone, fieldwork.Text("0722"))) // without knowing
	give(t, b, a)
	before := a.Heads()
	if _, err := a.Undo(fieldwork.RecordID{}, mine.Dot(0)); !isProblem(err, "undo-changed") {
		t.Errorf("contested since: %v", err)
	}
	lamp := save(t, a, Draft{Writes: []journal.Write{{Kind: fieldwork.KindLamp, Fields: []fieldwork.FieldValue{{Field: fieldwork.LampTagCode, Value: fieldwork.Text("T-1")}}}}})
	save(t, a, Draft{Writes: []journal.Write{{Kind: fieldwork.KindVisit, Fields: []fieldwork.FieldValue{{Field: fieldwork.VisitLamp, Value: fieldwork.Ref(lamp)}}}}})
	if _, err := a.Undo(fieldwork.RecordID{}, lamp); !isProblem(err, "undo-referred") {
		t.Errorf("a lamp that was visited: %v", err)
	}
	if _, err := a.Undo(fieldwork.RecordID{}, fieldwork.RecordID{Log: a.Self().Log, Seq: 999}); !isProblem(err, "undo-unknown") {
		t.Errorf("a change that is not here: %v", err)
	}
	if got := a.Heads()[a.Self().Log]; got != before[a.Self().Log]+2 {
		t.Errorf("a refused undo wrote something: %d", got)
	}
}

// TestUndo_aDecisionGoesBackToWhatShowedBefore: both values stay in the history.
func TestUndo_aDecisionGoesBackToWhatShowedBefore(t *testing.T) {
	a, b := newStore(t, 1), newStore(t, 2)
	id := save(t, a, trainee("Nasieku"))
	give(t, a, b)
	save(t, a, set(id, fieldwork.TraineePhone, fieldwork.Text("0711")))
	save(t, b, set(id, fieldwork.TraineePhone, fieldwork.Text("0722")))
	give(t, b, a)
	give(t, a, b)
	if got := a.Contested(); len(got) != 1 || got[0] != id {
		t.Fatalf("contested: %v", got)
	}
	won := text(t, a, id, fieldwork.TraineePhone)
	c, err := a.Save(set(id, fieldwork.TraineePhone, fieldwork.Text("0733")))
	if err != nil {
		t.Fatal(err)
	}
	give(t, a, b)
	if len(a.Contested()) != 0 || len(b.Contested()) != 0 || text(t, b, id, fieldwork.TraineePhone) != "0733" {
		t.Errorf("decided once for everyone: %v %v %q", a.Contested(), b.Contested(), text(t, b, id, fieldwork.TraineePhone))
	}
	if _, err := a.Undo(fieldwork.RecordID{}, c.Dot(0)); err != nil {
		t.Fatal(err)
	}
	give(t, a, b)
	if got := text(t, b, id, fieldwork.TraineePhone); got != won {
		t.Errorf("after undo %q, it showed %q", got, won)
	}
}

func TestUndoLast_takesBackAnImportAsAWholeThenWhatWasBefore(t *testing.T) {
	s := newStore(t, 1)
	first := save(t, s, trainee("Nasieku"))
	var drafts []Draft
	for i := range 3000 {
		drafts = append(drafts, trainee(fmt.Sprintf("Row %d with quite a long name, so that it takes two changes", i)))
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	act, err := s.UndoLast(fieldwork.RecordID{})
	if err != nil || len(act.Records) != 3000 || act.Made != 3000 {
		t.Fatalf("%d records, %d made: %v", len(act.Records), act.Made, err)
	}
	alive := 0
	s.Each(fieldwork.KindTrainee, func(fieldwork.Record) bool { alive++; return true })
	if alive != 1 {
		t.Errorf("%d are left, want 1", alive)
	}
	if act, err := s.UndoLast(fieldwork.RecordID{}); err != nil || act.Records[0] != first {
		t.Errorf("then the one before: %+v %v", act, err)
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("and then nothing: %v", err)
	}
}

func TestUndo_aMergeOfTwoPeople(t *testing.T) {
	s := newStore(t, 1)
	a, b := save(t, s, trainee("Deka")), save(t, s, trainee("Deka N."))
	c, err := s.Save(set(b, fieldwork.FieldSameAs, fieldwork.Ref(a)))
	if err != nil {
		t.Fatal(err)
	}
	if s.Canonical(b) != a {
		t.Fatal("not merged")
	}
	if _, err := s.Undo(fieldwork.RecordID{}, c.Dot(0)); err != nil {
		t.Fatal(err)
	}
	if s.Canonical(b) != b {
		t.Error("still merged after undo")
	}
}
