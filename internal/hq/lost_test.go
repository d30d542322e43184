package hq

import (
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/laptop"
	"kandili/internal/store"
)

// TestRestore_ofABackupFromBeforeASnapshot: HQ covered its logs after the backup that it was restored from. The laptop that wrote
// what is lacking still has its own log, gives it again, and everybody shows the same in the end.
func TestRestore_ofABackupFromBeforeASnapshot(t *testing.T) {
	o, s, c := tickingOffice(t)
	at, _ := serve(t, o)
	one, two := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")
	person(t, one, "Nasieku")
	synced(t, one, two)
	trial, err := o.Prove(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.forward(time.Hour)
	lost := person(t, one, "Naserian")
	synced(t, one, two)
	if _, err := s.Publish(s.Heads()); err != nil {
		t.Fatal(err)
	}
	synced(t, one, two)

	again := filepath.Join(t.TempDir(), "hq")
	if err := Restore(again, trial.Path, false); err != nil {
		t.Fatal(err)
	}
	c.forward(time.Hour)
	o2, err := Open(again, Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o2.Close() })
	s2 := o2.byID(s.Self().Campaign.String())
	at2, _ := serve(t, o2)
	for i, f := range []*laptop.Folder{one, two} {
		if err := f.Store().UpdateIdentity(func(i *store.Identity) { i.URLs = []string{at2} }); err != nil {
			t.Fatal(err)
		}
		fresh := person(t, f, "After")
		if res, err := f.Sync(t.Context(), nil); err != nil || len(res.Refused) > 0 || res.Unsent > 0 {
			t.Errorf("laptop %d: %+v %v", i+1, res, err)
		}
		if _, ok := s2.Record(fresh.ID); !ok {
			t.Errorf("what laptop %d wrote after the restore did not come home", i+1)
		}
	}
	synced(t, one)
	for _, f := range []*laptop.Folder{one, two} {
		if got, want := f.Store().Digest(), s2.Digest(); got != want {
			t.Errorf("%s shows %v, HQ %v", f.Settings().Name, got, want)
		}
	}
	if _, ok := s2.Record(lost.ID); !ok {
		t.Error("what HQ had lost did not come back")
	}
}
