package synctest

import (
	"math/rand/v2"
	"testing"
	"time"

	"kandili/internal/fieldwork"
)

// quiet is a world in which nothing happens but what a test does.
func quiet(t *testing.T, laptops int) *World {
	t.Helper()
	w := &World{Seed: 1, Now: time.Unix(1_800_000_000, 0), root: memory(t), keys: sameKeys(t), rnd: rand.New(rand.NewPCG(1, 1)), Story: t.Logf}
	w.oracle.init()
	w.HQ = w.newNode(0)
	for range laptops {
		w.join()
	}
	t.Cleanup(func() {
		for _, n := range append(w.laptops, w.HQ) {
			n.Store.Close()
		}
		for _, f := range w.faults {
			t.Error(f)
		}
	})
	return w
}

func (w *World) newTrainee(n *Node, name string) {
	w.save(n, draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text(name)))
}

// TestApart_aPieceOfAThiefThatBeginsBeforeTheTheft: what the laptop wrote before the theft is held by a colleague only, since HQ
// was restored from a backup. The thief sends it once more in one piece with what he wrote himself. HQ puts that piece apart,
// counts the honest beginning, and must be given it by the colleague.
func TestApart_aPieceOfAThiefThatBeginsBeforeTheTheft(t *testing.T) {
	w := quiet(t, 3)
	stolen, colleague := w.laptops[0], w.laptops[1]
	w.HQ.KeepBackup()
	w.newTrainee(stolen, "honest")
	for _, other := range []*Node{stolen, w.HQ} {
		if err := w.Sync(colleague, other, false); err != nil {
			t.Fatal(err)
		}
	}
	w.restore(w.HQ) // the colleague believes HQ to have it
	stolen.Gone = true
	w.revoke(stolen)
	if _, err := stolen.Store.Save(draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text("thief"))); err != nil {
		t.Fatal(err)
	}
	if err := w.Sync(stolen, w.HQ, false); err != nil {
		t.Fatal(err)
	}
	w.keptOf(stolen)
	if err := w.Sync(colleague, w.HQ, false); err != nil {
		t.Fatal(err)
	}
	w.heal()
	if got := w.HQ.Store.Count(fieldwork.KindTrainee); got != 1 {
		t.Errorf("HQ shows %d people, and one is honest", got)
	}
}
