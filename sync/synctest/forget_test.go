package synctest

import (
	"testing"

	"kandili/internal/fieldwork"
	"kandili/sync/exchange"
)

// TestForget_whatALaptopWroteMeanwhileIsForgottenThere: HQ forgets a person while a laptop has unsent changes to her record.
func TestForget_whatALaptopWroteMeanwhileIsForgottenThere(t *testing.T) {
	w := quiet(t, 2)
	a := w.laptops[0]
	w.trainees(w.HQ, 2)
	w.mustSync(t, a, w.HQ)
	id := w.HQ.Store.IDs(fieldwork.KindTrainee)[0]
	w.trainees(a, 3)
	w.mustSync(t, a, w.HQ)
	w.forgetPerson(id)
	w.phone(t, a, id, "0712 345678")
	w.trainees(a, 1)
	w.heal()
}

// TestForget_whatIsKeptApartCanBeLetInAfterwards: a stolen laptop's work waits at HQ and on a colleague's laptop when HQ forgets a
// person in it. HQ lets the rest in later, and nobody's sync breaks on it.
func TestForget_whatIsKeptApartCanBeLetInAfterwards(t *testing.T) {
	w := quiet(t, 3)
	stolen, colleague := w.laptops[0], w.laptops[1]
	w.trainees(stolen, 2)
	w.mustSync(t, stolen, w.HQ)
	w.mustSync(t, colleague, w.HQ)
	id := stolen.Store.IDs(fieldwork.KindTrainee)[0]
	w.phone(t, stolen, id, "0712 345678")
	w.newTrainee(stolen, "somebody else")
	w.mustSync(t, colleague, stolen)
	stolen.Gone = true
	w.revoke(stolen)
	w.mustSync(t, stolen, w.HQ)
	w.mustSync(t, colleague, w.HQ)
	w.forgetPerson(id)
	w.mustSync(t, colleague, w.HQ)
	w.heal()
	if got := len(w.HQ.Store.Shown(fieldwork.KindTrainee)); got < 2 {
		t.Errorf("HQ shows %d people", got)
	}
}

// TestForget_whatOnlyAColleagueHasStillReachesHQ: a laptop's work, some of it about a person who is forgotten, is on a colleague's
// laptop only; its own disk dies. HQ must get it from the colleague, who must not have cut it off.
func TestForget_whatOnlyAColleagueHasStillReachesHQ(t *testing.T) {
	w := quiet(t, 2)
	origin, colleague := w.laptops[0], w.laptops[1]
	origin.KeepBackup()
	w.trainees(origin, 2)
	w.mustSync(t, origin, w.HQ)
	w.mustSync(t, colleague, w.HQ)
	id := origin.Store.IDs(fieldwork.KindTrainee)[0]
	w.phone(t, origin, id, "0712 345678")
	w.newTrainee(origin, "somebody else")
	w.mustSync(t, colleague, origin)
	w.forgetPerson(id)
	w.restore(origin)
	if err := exchange.AskFirst(colleague.Store, "hq"); err != nil { // as after each meeting: it hears of it before it sends
		t.Fatal(err)
	}
	w.heal()
	if got := len(w.HQ.Store.Shown(fieldwork.KindTrainee)); got != 3 {
		t.Errorf("HQ shows %d people, want two and an empty place", got)
	}
}
