package synctest

import (
	"fmt"
	"testing"
	"time"

	"kandili/internal/fieldwork"
)

// putBackTo puts a laptop's folder back to the day of its copy and lets somebody write so many names on it. It returns them.
func (w *World) putBackTo(t *testing.T, n *Node, names int) (list []string) {
	t.Helper()
	n.PutBack()
	w.excuse(n.Store.Heads(), w.replicas())
	for i := range names {
		list = append(list, fmt.Sprintf("new on the old folder %d", i))
		if _, err := n.Store.Save(draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text(list[i]))); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// hasOnce complains unless HQ shows each of the names in one person.
func (w *World) hasOnce(t *testing.T, names ...string) {
	t.Helper()
	count := map[string]int{}
	w.HQ.Store.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		count[r.Get(fieldwork.TraineeGivenName).Text()]++
		return true
	})
	for _, name := range names {
		if count[name] != 1 {
			t.Errorf("HQ shows %q %d times", name, count[name])
		}
	}
}

// settle lets all exchange until they are equal, and complains where a replica is not sound.
func (w *World) settle(t *testing.T) {
	t.Helper()
	for range 4 {
		for _, n := range w.present() {
			w.mustSync(t, n, w.HQ)
		}
	}
	w.mustEqual(t)
	for _, n := range w.replicas() {
		if r, err := n.Store.Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("%v: %v %q", n, err, r.Damage)
		}
	}
}

// TestPutBack_aLogThatHQHoldsAsPagesIsFoundOut: HQ covered a laptop's log, so no hash within it is known any more. The laptop's folder is put
// back into that part and written on. Its numbers are given twice, and nothing must mix.
func TestPutBack_aLogThatHQHoldsAsPagesIsFoundOut(t *testing.T) {
	for _, how := range []string{"nobody was forgotten", "somebody was forgotten"} {
		for written := range 4 {
			t.Run(fmt.Sprintf("%s, %d written since", how, written), func(t *testing.T) {
				w := quiet(t, 2)
				a, b := w.laptops[0], w.laptops[1]
				w.newTrainee(a, "before")
				w.mustSync(t, a, w.HQ)
				a.KeepBackup()
				w.newTrainee(a, "after 1")
				w.newTrainee(a, "after 2")
				w.mustSync(t, a, w.HQ)
				w.mustSync(t, b, w.HQ)
				gone := 0
				if how == "somebody was forgotten" {
					w.forgetPerson(a.Store.IDs(fieldwork.KindTrainee)[1])
					gone = 1
				} else if _, err := w.HQ.Store.Publish(w.HQ.Store.Heads()); err != nil {
					t.Fatal(err)
				}
				names := w.putBackTo(t, a, written)
				w.settle(t)
				w.hasOnce(t, append(names, "before", "after 2")...)
				if got := w.HQ.Store.Count(fieldwork.KindTrainee); got != 3+written {
					t.Errorf("HQ shows %d people, %d were forgotten", got, gone)
				}
				if a.Store.Own().Epoch == 0 {
					t.Error("the laptop goes on under numbers that it gave before")
				}
			})
		}
	}
}

// TestPutBack_anotherPersonUnderTheNumberOfSomebodyForgottenStays: the folder was put back to before it knew a person, and another one got her
// number. The laptop hears first, by a stick, that this number is to be forgotten.
func TestPutBack_anotherPersonUnderTheNumberOfSomebodyForgottenStays(t *testing.T) {
	w := quiet(t, 2)
	a := w.laptops[0]
	a.KeepBackup()
	w.newTrainee(a, "to be forgotten")
	w.mustSync(t, a, w.HQ)
	w.forgetPerson(a.Store.IDs(fieldwork.KindTrainee)[0])
	names := w.putBackTo(t, a, 1)
	w.fillStick(w.HQ)
	for len(a.Store.IDs(fieldwork.KindForgotten)) == 0 { // sticks are damaged now and then
		w.readStick(a)
	}
	if r, _ := a.Store.Record(a.Store.IDs(fieldwork.KindTrainee)[0]); r.Get(fieldwork.TraineeGivenName).Text() != names[0] {
		t.Fatalf("the laptop forgot the wrong person: %+v", r)
	}
	w.settle(t)
	w.hasOnce(t, names...)
	w.hasOnce(t, "") // an empty place of the forgotten
}

// TestRestore_whatLaptopsHaveAsPagesOnlyIsGivenAgain: HQ writes about somebody whom it has forgotten, so it covers its own log, and a laptop takes
// that as a page. Then HQ's disk dies, and the backup is from before.
func TestRestore_whatLaptopsHaveAsPagesOnlyIsGivenAgain(t *testing.T) {
	w := quiet(t, 2)
	a, b := w.laptops[0], w.laptops[1]
	w.newTrainee(a, "to be forgotten")
	w.mustSync(t, a, w.HQ)
	id := a.Store.IDs(fieldwork.KindTrainee)[0]
	w.forgetPerson(id)
	w.phone(t, w.HQ, id, "0712 345678")
	w.newTrainee(w.HQ, "at HQ")
	w.newTrainee(a, "in the field")
	w.phone(t, a, id, "0712 345679")
	w.mustSync(t, a, w.HQ)
	w.mustSync(t, b, w.HQ)
	a.KeepBackup() // of the laptop that wrote it nothing will be left either
	w.restore(w.HQ)
	w.settle(t)
	w.hasOnce(t, "at HQ", "in the field")
	w.heal()
}

// TestRestore_ofAnHQFromBeforeASnapshot: laptops keep what others wrote for 90 days after HQ proved to have it. Until then an HQ that
// is restored from an older backup lacks nothing in the end; and later they keep the ends only.
func TestRestore_ofAnHQFromBeforeASnapshot(t *testing.T) {
	for _, days := range []int{10, 120} {
		t.Run(fmt.Sprint(days, " days later"), func(t *testing.T) {
			w := quiet(t, 2)
			writer, colleague := w.laptops[0], w.laptops[1]
			w.HQ.KeepBackup()
			old := w.HQ.backup
			w.HQ.backup = "" // carried to another building
			w.trainees(writer, 30)
			w.trainees(w.HQ, 10)
			w.mustSync(t, writer, w.HQ)
			w.mustSync(t, colleague, w.HQ)
			w.HQ.KeepBackup() // proves, and publishes
			w.mustSync(t, colleague, w.HQ)
			w.Now = w.Now.Add(time.Duration(days) * 24 * time.Hour)
			w.trainees(w.HQ, 1)
			w.HQ.KeepBackup()
			w.mustSync(t, colleague, w.HQ)
			w.mustSync(t, colleague, w.HQ)
			_, err := colleague.Store.Piece(writer.Store.Own(), 0, 1<<20)
			if kept := err == nil; kept != (days < 90) {
				t.Fatalf("after %d days the colleague keeps what others wrote: %v, %v", days, kept, err)
			}
			w.HQ.backup = old
			writer.Gone = true // its disk is gone, too
			w.restore(w.HQ)
			w.newTrainee(colleague, "afterwards")
			w.mustSync(t, colleague, w.HQ)
			if days > 90 { // what no program can bring back is said, and everything else goes on
				w.hasOnce(t, "afterwards")
				if s := colleague.Store; s.OutOfReach() == 0 || s.Unsent() != 0 {
					t.Errorf("out of reach %d, offered %d, unsent %d", s.OutOfReach(), s.Forgotten(), s.Unsent())
				}
				return
			}
			if s := colleague.Store; s.OutOfReach() != 0 || s.Forgotten() != 0 {
				t.Errorf("all was given: out of reach %d, offered %d", s.OutOfReach(), s.Forgotten())
			}
			if got := w.HQ.Store.Count(fieldwork.KindTrainee); got != 42 {
				t.Errorf("HQ was given %d people again", got)
			}
			w.mustEqual(t)
		})
	}
}
