package store

import (
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// TestShown_isWhatEachCallsWith holds the quick list against the thorough one: with records that were deleted, taken back, and
// joined, and after a start.
func TestShown_isWhatEachCallsWith(t *testing.T) {
	s := newStore(t, 1)
	var ids []fieldwork.RecordID
	for range 6 {
		ids = append(ids, save(t, s, trainee("Nasieku")))
	}
	set := func(id fieldwork.RecordID, f fieldwork.FieldID, v fieldwork.Value) {
		save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: f, Value: v}}}}})
	}
	compare := func(want int) {
		t.Helper()
		var each []fieldwork.RecordID
		s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool { each = append(each, r.ID); return true })
		if got := s.Shown(fieldwork.KindTrainee); len(got) != want || !slices.Equal(got, each) {
			t.Errorf("shown %v, each %v, want %d", got, each, want)
		}
	}
	compare(6)
	set(ids[0], fieldwork.FieldDeleted, fieldwork.Bool(true))
	set(ids[1], fieldwork.FieldDeleted, fieldwork.Bool(true))
	compare(4)
	set(ids[1], fieldwork.FieldDeleted, fieldwork.Bool(false))
	set(ids[3], fieldwork.FieldSameAs, fieldwork.Ref(ids[2]))
	compare(4)
	s = reopen(t, s, testOptions)
	compare(4)
	if s.Shown(fieldwork.KindLamp) != nil {
		t.Error("lamps of nobody")
	}
}
