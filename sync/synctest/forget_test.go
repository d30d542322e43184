package synctest

import (
	"testing"

	"kandili/internal/fieldwork"
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
