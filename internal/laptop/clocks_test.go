package laptop

import (
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// joinAt is join for a laptop whose clock is wrong.
func (h *headquarters) joinAt(name string, wrong time.Duration) *Folder {
	h.t.Helper()
	inv, err := h.office.Invite(h.store, "volunteer", "", 7)
	if err != nil {
		h.t.Fatal(err)
	}
	f, err := Init(filepath.Join(h.t.TempDir(), "data"), name, phrase)
	if err != nil {
		h.t.Fatal(err)
	}
	f.Now = func() time.Time { return time.Now().Add(wrong) }
	if err := f.Join(h.t.Context(), inv.String()); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { f.Close() })
	return f
}

// b's clock is three years slow, and HQ never got anything of it to compare. a met HQ, and then b: from that everybody knows
// when b's work was done, with HQ as well once a brought it home.
func TestClocks_aLaptopThatMetHQKnowsWhatTheOthersClockIs(t *testing.T) {
	for _, aCalls := range []bool{true, false} {
		h := newHQ(t)
		var a, b *Folder
		slow := -3 * 365 * 24 * time.Hour
		h.online(func() {
			a, b = h.join("Kajiado 1"), h.joinAt("Kajiado 2", slow)
			sync(t, b)
			sync(t, a)
			meet(t, a, 1)
			sync(t, a) // HQ compares a's clock
		})
		id := meet(t, b, 1)
		now := time.Now().Unix()
		moment := func(s *store.Store) (int64, journal.Trust) {
			t.Helper()
			list := s.History(id)
			if len(list) != 1 {
				t.Fatalf("%d writes", len(list))
			}
			return list[0].At - now, list[0].Trust
		}
		pa, pb := nearby(t, a, PeerOptions{Anybody: true}), nearby(t, b, PeerOptions{Anybody: true})
		first, second := pa, pb
		if !aCalls {
			first, second = pb, pa
		}
		before := a.Store().Unsent() + b.Store().Unsent()
		mustSync(t, first, second)
		if n := a.Store().Unsent() + b.Store().Unsent(); n != before {
			t.Errorf("a calls %v: %d writes after meeting, %d before: meetings are told with the next save", aCalls, n, before)
		}
		if at, trust := moment(a.Store()); at > -int64(300*24*3600) || trust == journal.Certain {
			t.Fatalf("a calls %v: known already, this tests nothing: %d (%d)", aCalls, at, trust)
		}
		meet(t, a, 1)
		meet(t, b, 1)
		mustSync(t, first, second)
		for name, s := range map[string]*store.Store{"a": a.Store(), "b": b.Store()} {
			if at, trust := moment(s); at < -10 || at > 10 || trust != journal.Likely {
				t.Errorf("a calls %v: %s says %d s off, %d", aCalls, name, at, trust)
			}
		}
		h.online(func() { sync(t, a) })
		if at, trust := moment(h.store); at < -10 || at > 10 || trust != journal.Likely {
			t.Errorf("a calls %v: HQ says %d s off, %d", aCalls, at, trust)
		}
		if a.Store().Digest() != h.store.Digest() {
			t.Error("the digests differ")
		}
		// Undo takes back what the person did, not what the laptop noted along with it.
		if act, ok := a.Store().LastAct(); !ok || act.Kind != fieldwork.KindTrainee {
			t.Errorf("undo would take back %+v", act)
		}
	}
}
