package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
)

// damagedStore is a closed store with a log of its own and one of somebody else, and a replica that has both.
func damagedStore(t *testing.T) (s, hq *Store) {
	t.Helper()
	s, hq = newStore(t, 1), newStore(t, 9)
	other := newStore(t, 2)
	for range 3 {
		for _, x := range []*Store{s, other} {
			var drafts []Draft
			for i := range 40 {
				drafts = append(drafts, trainee(fmt.Sprint("Somebody ", i)))
			}
			if _, err := x.SaveAll(drafts); err != nil {
				t.Fatal(err)
			}
		}
		give(t, other, s)
	}
	give(t, s, hq)
	if err := s.SetDraft("people/new", []byte("given=Nasiek")); err != nil {
		t.Fatal(err)
	}
	if err := s.SetNote("ref/6/a", []byte("KJ1-0001")); err != nil {
		t.Fatal(err)
	}
	if err := s.SetReceived(hq.Heads()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s, hq
}

// repaired repairs the closed store and opens it; what it then holds must verify.
func repaired(t *testing.T, s *Store) (Repaired, *Store) {
	t.Helper()
	keys := keysFor(t, filepath.Dir(s.dir))
	done, err := Repair(s.dir, keys, testOptions)
	if err != nil {
		t.Fatalf("%v: %v", err, errors.Unwrap(err))
	}
	again, err := Open(s.dir, keys, testOptions)
	if err != nil {
		t.Fatalf("after a repair: %v", err)
	}
	t.Cleanup(func() { again.Close() })
	verified(t, again)
	if left, _ := filepath.Glob(filepath.Join(s.dir, rebuildDir)); len(left) > 0 {
		t.Errorf("the repair leaves %v", left)
	}
	return done, again
}

// flip changes n bytes of a file at random.
func flip(t *testing.T, rnd *rand.Rand, path string, n int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		b[rnd.IntN(len(b))] ^= byte(1 + rnd.IntN(255))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func TestRepair_whatIsSoundStaysAsItIs(t *testing.T) {
	s, hq := damagedStore(t)
	before, _ := os.ReadFile(s.path(journalName))
	done, again := repaired(t, s)
	after, _ := os.ReadFile(s.path(journalName))
	if len(done.Found)+len(done.Done)+len(done.Aside) > 0 || done.Report.Records != 240 || !bytes.Equal(before, after) || again.Digest() != hq.Digest() {
		t.Errorf("%+v", done)
	}
	if _, err := Repair(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions); !isProblem(err, "in-use") {
		t.Errorf("while it is open: %v", err)
	}
}

// often is how many times something is tried: more by make soak.
func often(usually, soaking int) int {
	if os.Getenv("KANDILI_SOAK") != "" {
		return soaking
	}
	return usually
}

func TestRepair_flippedBytesOfTheBoltFile(t *testing.T) {
	s, hq := damagedStore(t)
	whole := filepath.Join(filepath.Dir(s.dir), "whole")
	copyFolder(t, s.dir, whole)
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	trials, complete, harmless := often(24, 600), 0, 0
	if testing.Short() {
		trials = 15
	}
	for trial := range trials {
		copyFolder(t, whole, s.dir)
		n := 1 << (trial % 12) // 1 to 2048 bytes
		flip(t, rnd, s.path(boltName), n)
		done, again := repaired(t, s)
		if len(done.Found) == 0 {
			harmless++ // bytes that nothing uses
		}
		if got := again.Heads()[fieldwork.LogID{Node: 1}]; got != 120 {
			t.Errorf("seed %d trial %d: %d of 120 own changes are there", seed, trial, got)
		}
		if again.Heads().Covers(hq.Heads()) {
			complete++
		} else if done.Missing == 0 {
			t.Errorf("seed %d trial %d: something is missing and nobody said so: %q", seed, trial, done.Done)
		}
		give(t, hq, again)
		if again.Digest() != hq.Digest() {
			t.Errorf("seed %d trial %d: the digests differ after HQ gave what was missing", seed, trial)
		}
		save(t, again, trainee("After"))
		verified(t, again)
		if len(done.Found) > 0 {
			if kept, _ := filepath.Glob(filepath.Join(s.dir, asidePrefix+"*.bolt")); len(kept) != 1 {
				t.Errorf("seed %d trial %d: the damaged file must be kept: %v", seed, trial, kept)
			}
		}
		again.Close()
		if t.Failed() {
			break
		}
	}
	t.Logf("seed %d: of %d files %d were complete again without HQ, %d had nothing wrong", seed, trials, complete, harmless)
}

func TestRepair_flippedBytesOfBothFilesNeverForkALog(t *testing.T) {
	s, hq := damagedStore(t)
	whole := filepath.Join(filepath.Dir(s.dir), "whole")
	copyFolder(t, s.dir, whole)
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	trials, renewed := often(12, 200), 0
	if testing.Short() {
		trials = 12
	}
	for trial := range trials {
		copyFolder(t, whole, s.dir)
		flip(t, rnd, s.path(boltName), 1<<(trial%12))
		flip(t, rnd, s.path(journalName), 1<<(trial%8))
		done, again := repaired(t, s)
		if done.Renewed {
			renewed++
		}
		office := newStore(t, 9)
		give(t, hq, office)
		id := save(t, again, trainee(fmt.Sprint("After ", trial)))
		if _, known := office.Record(id); known {
			t.Fatalf("seed %d trial %d: %v was given to somebody before: %+v", seed, trial, id, done)
		}
		give(t, office, again)
		give(t, again, office)
		if again.Digest() != office.Digest() {
			t.Fatalf("seed %d trial %d: the digests differ", seed, trial)
		}
		again.Close()
	}
	t.Logf("seed %d: %d of %d went on under a new log", seed, renewed, trials)
}

func TestRepair_keepsFormsNotesAndReceipts(t *testing.T) {
	s, hq := damagedStore(t)
	b, _ := os.ReadFile(s.path(boltName))
	clear(b[:pageSize]) // one meta page
	records := false
	for at := 2 * pageSize; at < len(b) && !records; at += pageSize { // and a page of records
		for _, e := range leafElements(boltPages(b).at(uint64(at / pageSize))) {
			if len(e.key) == 16 && !e.bucket {
				if _, err := s.seal.get(bucketRecords, e.key, e.value); err == nil {
					records = true
				}
			}
		}
		if records {
			for i := range 200 {
				b[at+pageSize-1-i] ^= 0xff
			}
		}
	}
	os.WriteFile(s.path(boltName), b, 0o600)
	done, again := repaired(t, s)
	if !records || len(done.Found) == 0 {
		t.Fatalf("nothing was damaged: %+v", done)
	}
	if string(again.Draft("people/new")) != "given=Nasiek" || string(again.Note("ref/6/a")) != "KJ1-0001" || again.Unsent() != 0 {
		t.Errorf("draft %q, note %q, %d unsent", again.Draft("people/new"), again.Note("ref/6/a"), again.Unsent())
	}
	if again.Digest() != hq.Digest() || again.Self().Log != s.Self().Log {
		t.Errorf("log %v: %q", again.Self().Log, done.Done)
	}
}

func TestRepair_aJournalThatIsDamagedInTheMiddle(t *testing.T) {
	s, hq := damagedStore(t)
	flipAt(t, s.path(journalName), 4000)
	if _, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions); !isProblem(err, "damaged") {
		t.Fatalf("a damaged journal opens: %v", err)
	}
	done, again := repaired(t, s)
	if again.Digest() != hq.Digest() || done.Renewed || len(done.Aside) != 2 {
		t.Errorf("%+v", done)
	}
	again = reopen(t, again, testOptions)
	if id := save(t, again, trainee("After")); id != (fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: 121}) {
		t.Errorf("numbering goes on at %v", id)
	}
}

func flipAt(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRepair_aJournalThatLostItsEndGetsItBack(t *testing.T) {
	s, _ := damagedStore(t)
	b, _ := os.ReadFile(s.path(journalName))
	os.WriteFile(s.path(journalName), b[:len(b)-300], 0o600) // which looks like a save that was cut off
	keys := keysFor(t, filepath.Dir(s.dir))
	open, err := Open(s.dir, keys, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := open.Verify()
	open.Close()
	if len(r.Damage) != 1 || !strings.Contains(r.Damage[0], "lacks our own changes") {
		t.Fatalf("%q", r.Damage)
	}
	done, again := repaired(t, s)
	if done.Renewed || again.Heads()[again.Self().Log] != 120 {
		t.Errorf("%+v", done)
	}
	again.Close()
	os.Remove(s.path(boltName)) // the journal alone must hold everything of ours now
	if done, again = repaired(t, s); again.Heads()[fieldwork.LogID{Node: 1}] != 120 {
		t.Errorf("%+v", done)
	}
}

// TestRepair_whatIsDamagedInBothFilesComesFromHQ destroys one of our own changes wherever it is. Those after it cannot
// be joined; they wait in the old files until HQ has given the one that is missing.
func TestRepair_whatIsDamagedInBothFilesComesFromHQ(t *testing.T) {
	s, hq := damagedStore(t)
	open, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	late := save(t, open, trainee("Not at HQ")) // after the damage, and nowhere else
	want := open.Digest()
	open.Close()
	destroy(t, s, 50)
	done, again := repaired(t, s)
	if !done.Renewed || done.Missing == 0 || again.Heads()[fieldwork.LogID{Node: 1}] != 49 {
		t.Fatalf("%+v %v", done, again.Heads())
	}
	fresh := save(t, again, trainee("Meanwhile"))
	if fresh.Log.Node != 1 || fresh.Log == late.Log {
		t.Fatalf("a number of the old log was given again: %v", fresh)
	}
	give(t, hq, again)
	if _, ok := again.Record(late); ok {
		t.Fatal("it was to wait")
	}
	again.Close()
	done, again = repaired(t, s)
	if _, ok := again.Record(late); !ok || done.Renewed || done.Missing > 0 {
		t.Fatalf("%+v", done)
	}
	if r, ok := again.Record(fresh); !ok || r.Get(fieldwork.TraineeGivenName).Text() != "Meanwhile" {
		t.Error("what was saved between the repairs is gone")
	}
	give(t, again, hq)
	if hq.Digest() != again.Digest() || hq.Digest() == want {
		t.Error("HQ does not get the rest")
	}
	again.Close()
	if done, _ := repaired(t, s); len(done.Found) > 0 {
		t.Errorf("there is nothing left to repair: %+v", done)
	}
}

// destroy damages one of our own changes wherever the folder holds it.
func destroy(t *testing.T, s *Store, seq uint64) {
	t.Helper()
	b, _ := os.ReadFile(s.path(journalName))
	j := journalFile{seal: s.seal.journal}
	for at := len(journalMagic); at < len(b); {
		e, n, err := j.read(b[at:])
		if err != nil {
			t.Fatal(err)
		}
		if e.change.Seq == seq {
			b[at+20] ^= 1
		}
		at += n
	}
	os.WriteFile(s.path(journalName), b, 0o600)
	f, _ := os.ReadFile(s.path(boltName))
	key := logKey(fieldwork.LogID{Node: 1}, seq)
	hit := 0
	boltPages(f).scan(func(e boltElement) {
		if bytes.Equal(e.key, key) {
			e.value[len(e.value)-1] ^= 1
			hit++
		}
	})
	if hit == 0 {
		t.Fatal("the change is not in the file")
	}
	os.WriteFile(s.path(boltName), f, 0o600)
}

func TestRepair_bringsBackWhatOpenMovedAside(t *testing.T) {
	for name, damage := range map[string]func(*Store){
		"bbolt cannot open it": func(s *Store) {
			b, _ := os.ReadFile(s.path(boltName))
			clear(b[:2*pageSize]) // both meta pages
			os.WriteFile(s.path(boltName), b, 0o600)
		},
		"one page was damaged": func(s *Store) { moveAside(s.dir, boltName, time.Now()) },
	} {
		t.Run(name, func(t *testing.T) {
			s, hq := damagedStore(t)
			damage(s)
			open, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions)
			if err != nil {
				t.Fatal(err)
			}
			if open.Heads()[fieldwork.LogID{Node: 2}] != 0 {
				t.Fatal("the others' log was to be lost")
			}
			save(t, open, trainee("Since then"))
			open.Close()
			done, again := repaired(t, s)
			if again.Heads()[fieldwork.LogID{Node: 2}] != 120 || again.Heads()[fieldwork.LogID{Node: 1}] != 121 || done.Renewed {
				t.Fatalf("%v %+v", again.Heads(), done)
			}
			if string(again.Note("ref/6/a")) != "KJ1-0001" || again.Draft("people/new") != nil {
				t.Error("notes come back, forms that may have been sent off do not")
			}
			give(t, again, hq)
			if hq.Digest() != again.Digest() {
				t.Error("the digests differ")
			}
		})
	}
}

func TestRepair_cutOffBetweenTheTwoFiles(t *testing.T) {
	s, hq := damagedStore(t)
	flipAt(t, s.path(journalName), 4000)
	if _, err := moveAside(s.dir, boltName, time.Now()); err != nil { // as exchange does first
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.dir, rebuildDir), 0o700); err != nil {
		t.Fatal(err)
	}
	if done, again := repaired(t, s); again.Digest() != hq.Digest() {
		t.Errorf("%+v", done)
	}
}

func TestRepair_bothFilesMissingGivesNewNumbers(t *testing.T) {
	for name, open := range map[string]func(*testing.T, *Store) *Store{
		"repair": func(t *testing.T, s *Store) *Store { _, again := repaired(t, s); return again },
		"open": func(t *testing.T, s *Store) *Store {
			again, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { again.Close() })
			return again
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, hq := damagedStore(t)
			os.Remove(s.path(boltName))
			os.Remove(s.path(journalName))
			again := open(t, s)
			if id := save(t, again, trainee("After")); id.Log == s.Self().Log {
				t.Errorf("%v may be somebody else at HQ", id)
			}
			give(t, hq, again)
			give(t, again, hq)
			if again.Digest() != hq.Digest() {
				t.Error("the digests differ")
			}
		})
	}
}

func TestMoveAside_twoInOneSecondKeepBoth(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		os.WriteFile(filepath.Join(dir, boltName), []byte{byte(i)}, 0o600)
		if _, err := moveAside(dir, boltName, time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, asidePrefix+"*")); len(kept) != 3 {
		t.Errorf("kept %v", kept)
	}
}

func FuzzSalvage(f *testing.F) {
	page := make([]byte, pageSize)
	page[8], page[10], page[16+4], page[16+8] = pageLeaf, 1, 16, 16
	f.Add(append(make([]byte, 2*pageSize), page...))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		boltPages(b).reachable(func([]byte, boltElement) { n++ })
		boltPages(b).scan(func(boltElement) { n++ })
		if most := 4 << 16 * (1 + len(b)/pageSize); n > most {
			t.Fatalf("%d elements, more than %d pages can hold", n, len(b)/pageSize)
		}
	})
}
