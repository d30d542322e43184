package hq

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// registered lets HQ write about so many people.
func registered(t *testing.T, s *store.Store, n int) {
	t.Helper()
	var drafts []store.Draft
	for i := range n {
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(fmt.Sprint("Person ", i))}}}}})
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
}

// TestForget_destroysTheBackupsThatHoldThePerson: a new backup is proven first, then those before it go, and those that somebody carried away are
// named.
func TestForget_destroysTheBackupsThatHoldThePerson(t *testing.T) {
	c := &clock{time.Unix(1_800_000_000, 0)}
	o, s := newOffice(t, c)
	registered(t, s, 3)
	dir, stick := t.TempDir(), t.TempDir()
	var old []string
	for _, to := range []string{dir, dir, stick} {
		trial, err := o.Prove(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		old = append(old, trial.Path)
		c.t = c.t.Add(time.Hour)
	}
	away := filepath.Join(t.TempDir(), "in another building")
	if err := os.Rename(old[2], away); err != nil {
		t.Fatal(err)
	}
	o.backups = dir
	her := s.IDs(fieldwork.KindTrainee)[0]
	r := o.Do(Command{Name: "forget", Args: []string{fieldwork.CodeOf(her)}})
	if r.Failed != nil {
		t.Fatal(r.Failed)
	}
	for _, want := range []string{"Forgotten.", "2 older backups", old[2], "Copies of older backups that you made yourself"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("the command says %q, and not %q", r.Text, want)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, backupPattern))
	if err != nil || len(left) != 1 || slices.Contains(old, left[0]) {
		t.Fatalf("left are %q: %v", left, err)
	}
	again := filepath.Join(t.TempDir(), "hq")
	if err := Restore(again, left[0], false); err != nil {
		t.Fatal(err)
	}
	o2, err := Open(again, Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	defer o2.Close()
	s2 := o2.Campaigns()[0]
	if rec, ok := s2.Record(her); !ok || !s2.Gone(her) || rec.Get(fieldwork.TraineeGivenName).Text() != "" {
		t.Errorf("the new backup holds her: %+v", rec)
	}
	if st, err := o.statement(s); err != nil || st.Durable[s.Own()] != s.Heads()[s.Own()] {
		t.Errorf("durable is %v, HQ holds %v: %v", st.Durable, s.Heads(), err)
	}
	c.t = c.t.Add(time.Hour) // the next one, without anybody new to forget, destroys nothing
	trial, err := o.Prove(t.Context(), dir)
	if err != nil || trial.Destroyed != 0 || len(trial.Elsewhere) != 0 {
		t.Errorf("%+v %v", trial, err)
	}
}

// TestForget_withoutRoomForABackupSaysSo: HQ has forgotten, and what is left to do is told.
func TestForget_withoutRoomForABackupSaysSo(t *testing.T) {
	o, s, _ := tickingOffice(t)
	registered(t, s, 1)
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.backups = filepath.Join(file, "no folder can be here")
	her := s.IDs(fieldwork.KindTrainee)[0]
	r := o.Do(Command{Name: "forget", Args: []string{fieldwork.CodeOf(her)}})
	if r.Failed == nil || r.Failed.Code != "forgotten-unproven" || !strings.Contains(r.Failed.Hint, "Prove one") || !s.Gone(her) {
		t.Errorf("%+v, gone %v", r, s.Gone(her))
	}
}

// TestProve_publishesASnapshotWhereThatIsWorthIt: by itself, once a proven backup has a page more than is covered and a quarter more than at the last
// time.
func TestProve_publishesASnapshotWhereThatIsWorthIt(t *testing.T) {
	o, s, c := tickingOffice(t)
	o.backups = t.TempDir()
	snapshots := func() int { return len(s.IDs(fieldwork.KindSnapshot)) }
	for _, step := range []struct{ writes, want int }{{900, 0}, {100, 1}, {990, 1}, {10, 2}, {4000, 3}, {1300, 3}, {400, 4}} {
		registered(t, s, step.writes)
		c.forward(24 * time.Hour)
		if _, err := o.Prove(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		if got := snapshots(); got != step.want {
			t.Fatalf("after %d writes more there are %d snapshots, want %d", step.writes, got, step.want)
		}
	}
}
