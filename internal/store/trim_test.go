package store

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// says makes HQ say at a time, in seconds, that it holds and backed up so much of the store's own log.
func says(t *testing.T, s *Store, at int64, held, durable uint64) {
	t.Helper()
	log := s.Self().Log
	st := journal.Statement{At: at, Held: journal.Heads{log: held}, Durable: journal.Heads{log: durable}, Marks: map[fieldwork.LogID]uint32{}}
	if err := st.Sign(s.Self().Campaign, ed25519.NewKeyFromSeed(testSeed)); err != nil {
		t.Fatal(err)
	}
	if news, err := s.TakeStatement(st, false); err != nil || !news {
		t.Fatalf("%v %v", news, err)
	}
}

// newFieldStore is a store that knows HQ's key.
func newFieldStore(t *testing.T) *Store {
	t.Helper()
	dir := t.TempDir()
	self := identity(1)
	self.HQKey = ed25519.NewKeyFromSeed(testSeed).Public().(ed25519.PublicKey)
	s, err := Create(filepath.Join(dir, "c"), self, keysFor(t, dir), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// inJournal returns the sequence numbers of the changes in the journal file.
func inJournal(t *testing.T, s *Store) (list []uint64) {
	t.Helper()
	f, err := openJournalFile(s.path(journalName), s.seal.journal, func(e entry) error { list = append(list, e.change.Seq); return nil })
	if err != nil {
		t.Fatal(err)
	}
	f.close()
	return list
}

func TestJournal_keepsOurChangesUntilTheyWereDurableForNinetyDays(t *testing.T) {
	s := newFieldStore(t)
	for i := range 8 {
		save(t, s, trainee(fmt.Sprint("Nasieku ", i)))
	}
	const begin = 1_800_000_000
	says(t, s, begin, 8, 0)           // at HQ is not enough
	says(t, s, begin+100*day, 8, 0)   // for however long
	says(t, s, begin+101*day, 8, 6)   // now six are in a proven backup
	says(t, s, begin+101*day+9, 8, 7) // and a moment later seven
	says(t, s, begin+190*day, 8, 8)
	s = reopen(t, s, testOptions)
	if got := inJournal(t, s); len(got) != 8 {
		t.Fatalf("after 89 days the journal has %v", got)
	}
	says(t, s, begin+192*day, 8, 8)
	s = reopen(t, s, testOptions)
	if got := fmt.Sprint(inJournal(t, s)); got != "[8]" {
		t.Fatalf("after 90 days the journal has %s", got)
	}
	verified(t, s)
	last := save(t, s, trainee("Naserian"))
	s = reopen(t, s, testOptions)
	if _, ok := s.Record(last); !ok || s.Heads()[s.Self().Log] != 9 {
		t.Error("what was saved since is gone")
	}
	verified(t, s)
}

func TestJournal_anHQThatLostItsBackupKeepsTheJournalWhole(t *testing.T) {
	s := newFieldStore(t)
	for i := range 4 {
		save(t, s, trainee(fmt.Sprint("Nasieku ", i)))
	}
	const begin = 1_800_000_000
	says(t, s, begin, 4, 4)
	says(t, s, begin+95*day, 1, 1) // restored from an older backup
	s = reopen(t, s, testOptions)
	if got := inJournal(t, s); len(got) != 4 {
		t.Errorf("the journal has %v", got)
	}
	if s.Forgotten() != 3 || s.Unsent() != 3 {
		t.Errorf("forgotten %d, unsent %d", s.Forgotten(), s.Unsent())
	}
}

// TestJournal_aLostFileAfterATrimLosesNothing: what HQ has comes back from HQ, and then what only the journal had.
func TestJournal_aLostFileAfterATrimLosesNothing(t *testing.T) {
	s, hq := newFieldStore(t), newStore(t, 2)
	for i := range 6 {
		save(t, s, trainee(fmt.Sprint("Nasieku ", i)))
	}
	give(t, s, hq)
	const begin = 1_800_000_000
	says(t, s, begin, 6, 5)
	says(t, s, begin+91*day, 6, 5)
	s = reopen(t, s, testOptions)
	only := save(t, s, trainee("Only here"))
	old := s.Self().Log
	if got := fmt.Sprint(inJournal(t, s)); got != "[6 7]" {
		t.Fatalf("the journal has %s", got)
	}
	dir := s.Dir()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, boltName)); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, keysFor(t, filepath.Dir(dir)), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Self().Log == old {
		t.Fatal("numbers that were given may be given again")
	}
	fresh := save(t, s, trainee("After the accident"))
	if fresh.Log == old {
		t.Fatal("the new record has an old number")
	}
	give(t, hq, s)
	if _, ok := s.Record(only); !ok || s.Heads()[old] != 7 {
		t.Errorf("what only the journal had did not come back: %v", s.Heads())
	}
	give(t, s, hq)
	if got, want := hq.Digest(), s.Digest(); got != want {
		t.Errorf("HQ shows %v, the laptop %v", got, want)
	}
}
