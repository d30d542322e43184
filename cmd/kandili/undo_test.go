package main

import (
	"slices"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/ui/uitest"
)

// After a save the message offers Undo; pressing it takes the registration back, as Ctrl Z does.
func TestWindow_theMessageOfASaveTakesItBack(t *testing.T) {
	k := &walker{session: practising(t, 0), faults: map[string]string{}}
	k.menu("People")
	k.menu("New")
	k.typed("Nasieku")
	k.menu("Save")
	k.settle()
	if got := k.texts(); !strings.Contains(got, "Undo") || k.desk.Store().Count(fieldwork.KindTrainee) != 1 {
		t.Fatalf("after saving: %s", got)
	}
	stops := uitest.Stops(k.canvas().Content())
	at := slices.Index(uitest.Reading(k.canvas().Content()), "Undo Ctrl Z (button)")
	if at < 0 {
		t.Fatalf("Tab does not reach Undo: %q", uitest.Reading(k.canvas().Content()))
	}
	k.press(stops[at])
	n := 0
	k.desk.Store().Each(fieldwork.KindTrainee, func(fieldwork.Record) bool { n++; return true })
	if n != 0 {
		t.Errorf("%d people are left after Undo", n)
	}
}
