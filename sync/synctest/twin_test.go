package synctest

import (
	"testing"

	"kandili/internal/fieldwork"
	"kandili/sync/exchange"
)

// TestTwin_whoHasTheOtherHistoryNoticesThoughNothingIsToSend: a folder lives on twice, both copies write the same number of changes. A colleague
// has the one copy's, HQ the other's. The one copy is lost; numbers are equal everywhere.
func TestTwin_whoHasTheOtherHistoryNoticesThoughNothingIsToSend(t *testing.T) {
	w := quiet(t, 2)
	a, colleague := w.laptops[0], w.laptops[1]
	w.newTrainee(a, "common")
	w.mustSync(t, a, w.HQ)
	w.mustSync(t, colleague, w.HQ)
	w.mustSync(t, a, w.HQ) // it knows the colleague by now
	b := w.copyFolder(a)
	w.newTrainee(a, "of the first")
	w.newTrainee(b, "of the second")
	w.mustSync(t, colleague, a)
	w.mustSync(t, b, w.HQ)
	a.Gone = true                                                    // fell into the river
	if err := exchange.AskFirst(colleague.Store, "hq"); err != nil { // as after each meeting: it hears how much HQ has before it sends
		t.Fatal(err)
	}
	for range 3 {
		w.mustSync(t, colleague, w.HQ)
		w.mustSync(t, b, w.HQ)
	}
	w.mustEqual(t)
	w.copyIn()
	w.mustSync(t, colleague, w.HQ)
	w.mustSync(t, b, w.HQ)
	w.mustEqual(t)
	w.hasOnce(t, "common", "of the first", "of the second")
	if got := w.HQ.Store.Count(fieldwork.KindTrainee); got != 3 {
		t.Errorf("HQ shows %d people", got)
	}
}
