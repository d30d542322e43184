package form

import (
	"slices"
	"testing"

	"kandili/internal/fieldwork"
)

func TestReadClock_asPeopleTypeIt(t *testing.T) {
	for text, want := range map[string]int{"8:30": 510, "08.30": 510, "8h30": 510, "0830": 510, "830": 510, "8": 480, "14h": 840, "2 pm": 840, "12 am": 0, "12pm": 720, " 23:59 ": 1439, "0:00": 0} {
		if got, ok := ReadClock(text); !ok || got != want {
			t.Errorf("%q: %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "24:00", "8:60", "nine", "8:3x", "13 pm", "0 am", "12345", ":"} {
		if got, ok := ReadClock(text); ok {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestModel_keepsListsOfRecords(t *testing.T) {
	m := New(fieldwork.KindSession)
	ids := []fieldwork.RecordID{{Log: fieldwork.LogID{Node: 2}, Seq: 9}, {Log: fieldwork.LogID{Node: 1}, Seq: 4}}
	m.SetRefs("expected", ids)
	got, wrong := m.Values(english(t), today)
	if wrong != nil || len(got) != 1 || !slices.Equal(got[0].Value.Refs(), ids) || !slices.Equal(m.Refs("expected"), ids) {
		t.Errorf("got %v, wrong %v", got, wrong)
	}
	again := Of(fieldwork.Record{Kind: fieldwork.KindSession, Fields: got})
	if !slices.Equal(again.Refs("expected"), ids) {
		t.Errorf("read again: %v", again.Refs("expected"))
	}
	m.SetRefs("expected", make([]fieldwork.RecordID, 2*fieldwork.MaxListItems))
	if n := len(m.Refs("expected")); n > fieldwork.MaxListItems {
		t.Errorf("%d records in one list", n)
	}
}
