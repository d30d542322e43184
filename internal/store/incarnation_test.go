package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// meet lets a laptop sync with HQ as an exchange does: tips, proofs, then changes both ways, until nothing moves.
func meet(t testing.TB, s, hq *Store, byHQ bool) {
	t.Helper()
	for range 6 {
		moved := false
		for _, tip := range s.Tips() {
			trace, err := hq.Doubt(tip, tip.Log == s.Own())
			if err != nil && !errors.Is(err, journal.ErrNoMore) {
				t.Fatal(err)
			}
			if trace != nil {
				changed, err := s.Confront(trace, byHQ)
				if err != nil {
					t.Fatal(err)
				}
				moved = moved || changed
			}
		}
		moved = carry(t, s, hq) || moved
		for _, trace := range carryForks(t, s, hq) {
			changed, err := s.Confront(trace, byHQ)
			if err != nil {
				t.Fatal(err)
			}
			moved = moved || changed
		}
		if hand := s.ToHand(); byHQ && len(hand) > 0 {
			for _, p := range hand {
				if _, err := hq.Apply(p); err != nil && !errors.Is(err, journal.ErrFork) {
					t.Fatal(err)
				}
			}
			if err := s.Handed(hand); err != nil {
				t.Fatal(err)
			}
			moved = true
		}
		moved = carry(t, hq, s) || moved
		if byHQ {
			if err := s.SetReceived(hq.Heads()); err != nil {
				t.Fatal(err)
			}
		}
		if !moved {
			return
		}
	}
	t.Fatal("the exchange does not end")
}

// carry brings what to lacks, as far as it takes it.
func carry(t testing.TB, from, to *Store) (moved bool) {
	t.Helper()
	heads := from.Heads()
	for _, log := range heads.Logs() {
		for {
			p, err := from.Piece(log, to.Heads()[log], 2000)
			if errors.Is(err, journal.ErrNoMore) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			done, err := to.Apply(p)
			moved = moved || done.Changes > 0
			if errors.Is(err, journal.ErrFork) || errors.Is(err, journal.ErrGap) || err == nil && done.Changes == 0 {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return moved
}

// carryForks returns the proofs with which HQ answers pieces of other histories.
func carryForks(t testing.TB, s, hq *Store) (list []*journal.Trace) {
	t.Helper()
	heads := s.Heads()
	for _, log := range heads.Logs() {
		p, err := s.Piece(log, hq.Heads()[log], 2000)
		if err != nil {
			continue
		}
		if _, err := hq.Apply(p); !errors.Is(err, journal.ErrFork) {
			continue
		}
		trace, err := hq.Doubt(journal.TipOf(log, p.First-1, p.Prev), log == s.Own())
		if err != nil || trace == nil {
			t.Fatalf("no proof: %v", err)
		}
		list = append(list, trace)
	}
	return list
}

// twin opens a copy of a store's folder, as it was when it was copied.
func twin(t testing.TB, s *Store, name string, opt Options) *Store {
	t.Helper()
	if _, err := os.Stat(filepath.Join(filepath.Dir(s.dir), name)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(filepath.Join(filepath.Dir(s.dir), name), keysFor(t, filepath.Dir(s.dir)), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, again); again.Close() })
	return again
}

// image copies the closed folder of a store beside it and opens the store again.
func image(t testing.TB, s *Store, name string) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(filepath.Dir(s.dir), name)
	if err := os.CopyFS(to, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, again); again.Close() })
	return again
}

func names(s *Store) []string {
	var list []string
	s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		list = append(list, r.Get(fieldwork.TraineeGivenName).Text())
		return true
	})
	slices.Sort(list)
	return list
}

func equal(t testing.TB, want []string, stores ...*Store) {
	t.Helper()
	for _, s := range stores {
		if got := names(s); !slices.Equal(got, want) {
			t.Errorf("node %v holds %q, want %q", s.Own(), got, want)
		}
		if s.Digest() != stores[0].Digest() {
			t.Errorf("node %v has another digest than %v", s.Own(), stores[0].Own())
		}
	}
}

func TestIncarnation_aFolderCarriedToAnotherComputerNoticesAtOnce(t *testing.T) {
	opt := testOptions
	opt.Machine = "one"
	s := reopen(t, newStore(t, 1), opt)
	save(t, s, trainee("Amina"))
	before := s.Own()
	if s = reopen(t, s, opt); s.Own() != before {
		t.Fatalf("on the same computer it stays %v, got %v", before, s.Own())
	}
	opt.Machine = "another"
	s = reopen(t, s, opt)
	if s.Own() == before {
		t.Fatal("on another computer it must go on under a new incarnation")
	}
	if id := save(t, s, trainee("Baraka")); id.Log == before || id.Seq != 1 {
		t.Errorf("new numbers begin with %v", id)
	}
}

func TestIncarnation_aBoltFileThatWasPutBackIsNoticed(t *testing.T) {
	s := newStore(t, 1)
	save(t, s, trainee("Amina"))
	s = reopen(t, s, testOptions)
	before := s.Own()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(s.path(boltName))
	if err != nil {
		t.Fatal(err)
	}
	s = twin(t, s, "c", testOptions)
	save(t, s, trainee("Baraka"))
	if s = reopen(t, s, testOptions); s.Own() != before {
		t.Fatal("nothing was put back yet")
	}
	s.Close()
	if err := os.WriteFile(s.path(boltName), old, 0o600); err != nil {
		t.Fatal(err)
	}
	s = twin(t, s, "c", testOptions)
	if s.Own() == before {
		t.Fatal("an older bbolt file beside a newer generation must begin a new incarnation")
	}
	equal(t, []string{"Amina", "Baraka"}, s) // the journal had the rest
}

func TestIncarnation_aFolderPutBackAsAWholeHearsItFromHQ(t *testing.T) {
	s, hq := newStore(t, 1), newStore(t, 0)
	save(t, s, trainee("Amina"))
	meet(t, s, hq, true)
	s = image(t, s, "last week")
	save(t, s, trainee("Baraka"))
	meet(t, s, hq, true)
	old := s.Own()
	s.Close()

	back := twin(t, s, "last week", testOptions)
	if back.Own() != old {
		t.Fatal("nobody can know yet")
	}
	meet(t, back, hq, true)
	if back.Own() == old {
		t.Fatal("HQ holds more of this log than the folder does: it was put back")
	}
	equal(t, []string{"Amina", "Baraka"}, hq, back)
	if r, ok := back.Renewed(); !ok || r.Again != 0 {
		t.Errorf("the person hears of it: %+v %v", r, ok)
	}
}

func TestIncarnation_whatWasWrittenAfterPuttingBackIsWrittenAgain(t *testing.T) {
	for _, before := range []int{0, 1, 2, 3} { // changes after the backup that only the lost folder had
		s, hq := newStore(t, 1), newStore(t, 0)
		amina := save(t, s, trainee("Amina"))
		meet(t, s, hq, true)
		s = image(t, s, "last week")
		want := []string{"Amina"}
		for i := range before {
			name := string(rune('B'+i)) + " at HQ only"
			save(t, s, trainee(name))
			want = append(want, name)
		}
		meet(t, s, hq, true)
		old := s.Own()
		s.Close()

		back := twin(t, s, "last week", testOptions)
		second := save(t, back, trainee("Y after the restore"))
		save(t, back, Draft{Writes: []journal.Write{{Kind: fieldwork.KindConsent, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.ConsentSubject, Value: fieldwork.Ref(second)}}}}})
		save(t, back, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: amina, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeFamilyName, Value: fieldwork.Text("Njeri")}}}}})
		meet(t, back, hq, true)
		want = append(want, "Y after the restore")
		slices.Sort(want)
		equal(t, want, hq, back)
		if r, _ := hq.Record(amina); r.Get(fieldwork.TraineeFamilyName).Text() != "Njeri" {
			t.Errorf("%d: the correction is lost: %+v", before, r)
		}
		if forked := before > 0; (back.Own() != old) != forked {
			t.Errorf("%d: incarnation %v after %v", before, back.Own(), old)
		}
		for _, x := range []*Store{hq, back} {
			found := 0
			x.Each(fieldwork.KindConsent, func(r fieldwork.Record) bool {
				who, _ := x.Record(r.Get(fieldwork.ConsentSubject).Ref())
				if who.Get(fieldwork.TraineeGivenName).Text() == "Y after the restore" {
					found++
				}
				return true
			})
			if found != 1 {
				t.Errorf("%d: the consent must go on naming the same person at %v", before, x.Own())
			}
		}
		back = reopen(t, back, testOptions)
		equal(t, want, hq, back)
		meet(t, back, hq, true)
		equal(t, want, hq, back)
	}
}

func TestIncarnation_twoLaptopsFromOneDiskImageLoseNothing(t *testing.T) {
	s, hq := newStore(t, 1), newStore(t, 0)
	save(t, s, trainee("Amina"))
	meet(t, s, hq, true)
	a := image(t, s, "image")
	b := twin(t, a, "image", testOptions)
	save(t, a, trainee("B of the first"))
	save(t, b, trainee("C of the second"))
	save(t, a, trainee("D of the first"))
	save(t, b, trainee("E of the second"))
	meet(t, a, hq, true)
	meet(t, b, hq, true)
	save(t, a, trainee("F of the first"))
	save(t, b, trainee("G of the second"))
	meet(t, b, hq, true)
	meet(t, a, hq, true)
	meet(t, b, hq, true)
	equal(t, []string{"Amina", "B of the first", "C of the second", "D of the first", "E of the second", "F of the first", "G of the second"}, hq, a, b)
	if a.Own() == b.Own() {
		t.Error("both write the same log")
	}
}

func TestIncarnation_equallyLongHistoriesAreToldApart(t *testing.T) {
	s, hq := newStore(t, 1), newStore(t, 0)
	save(t, s, trainee("Amina"))
	a := image(t, s, "image")
	b := twin(t, a, "image", testOptions)
	save(t, a, trainee("B of the first"))
	save(t, b, trainee("C of the second"))
	meet(t, a, hq, true)
	meet(t, b, hq, true)
	meet(t, a, hq, true)
	equal(t, []string{"Amina", "B of the first", "C of the second"}, hq, a, b)
}

// By courier nobody tells tips: a piece under numbers that are held, with something else in it, is noticed by itself.
func TestFork_anotherHistoryUnderNumbersThatAreHeldIsKeptApart(t *testing.T) {
	s, hq := newStore(t, 1), newStore(t, 0)
	save(t, s, trainee("Amina"))
	a := image(t, s, "image")
	b := twin(t, a, "image", testOptions)
	save(t, a, trainee("B of the first"))
	save(t, a, trainee("D of the first"))
	save(t, b, trainee("C of the second"))
	carry(t, a, hq)
	p, err := b.Piece(b.Own(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := hq.Apply(p); !errors.Is(err, journal.ErrFork) {
			t.Fatalf("got %v", err)
		}
	}
	apart, err := hq.Awaiting()
	if err != nil || len(apart) != 1 || len(apart[0].Changes) != 1 || apart[0].First != 2 {
		t.Errorf("kept apart: %+v %v", apart, err)
	}
	equal(t, []string{"Amina", "B of the first", "D of the first"}, hq)
	if hq.Count(fieldwork.KindFork) != 1 {
		t.Error("HQ does not say that there are two histories")
	}
	if _, err := hq.Apply(); err != nil {
		t.Fatal(err)
	}
}

func TestFork_aLaptopThatHeldTheOtherHistoryComesToHQs(t *testing.T) {
	s, hq, peer := newStore(t, 1), newStore(t, 0), newStore(t, 2)
	save(t, s, trainee("Amina"))
	a := image(t, s, "image")
	b := twin(t, a, "image", testOptions)
	save(t, a, trainee("B of the first"))
	save(t, b, trainee("C of the second"))
	meet(t, peer, b, false) // by the local network, far from HQ
	save(t, peer, trainee("P of the peer"))
	meet(t, a, hq, true)
	meet(t, b, hq, true) // HQ states which history counts
	meet(t, peer, hq, true)
	meet(t, peer, hq, true)
	meet(t, a, hq, true)
	meet(t, b, hq, true)
	equal(t, []string{"Amina", "B of the first", "C of the second", "P of the peer"}, hq, a, b, peer)
	apart, err := peer.Awaiting()
	if err != nil || len(apart) != 1 || apart[0].Reason != journal.ReasonFork || apart[0].Log != (fieldwork.LogID{Node: 1}) || peer.WrittenAgain(&apart[0].Piece) != len(apart[0].Changes) {
		t.Errorf("the other history is kept apart, and known to be written again: %+v %v", apart, err)
	}
	if n, _ := peer.Quarantined(); n != 0 {
		t.Errorf("nothing waits for a person, got %d", n)
	}
}

func TestFork_whatNobodyWritesAgainWaitsAtHQAndCanBeLetIn(t *testing.T) {
	s, hq, peer := newStore(t, 1), newStore(t, 0), newStore(t, 2)
	save(t, s, trainee("Amina"))
	a := image(t, s, "image")
	b := twin(t, a, "image", testOptions)
	save(t, a, trainee("B of the first"))
	lost := save(t, b, trainee("C of the second, which then fell into the river"))
	save(t, b, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: lost, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeFamilyName, Value: fieldwork.Text("Wekesa")}}}}})
	meet(t, peer, b, false)
	meet(t, a, hq, true)
	meet(t, peer, hq, true)
	meet(t, peer, hq, true)
	equal(t, []string{"Amina", "B of the first"}, hq, peer)
	apart, err := hq.Awaiting()
	if err != nil || len(apart) != 1 || apart[0].Reason != journal.ReasonFork || hq.WrittenAgain(&apart[0].Piece) != 0 || len(apart[0].Changes) != 2 {
		t.Fatalf("got %+v %v", apart, err)
	}
	if runs, err := hq.Apart(); err != nil || len(runs) != 1 {
		t.Errorf("HQ says apart: %+v %v", runs, err)
	}
	n, err := hq.CopyIn(&apart[0].Piece)
	if err != nil || n != 2 {
		t.Fatalf("let in %d: %v", n, err)
	}
	meet(t, peer, hq, true)
	want := []string{"Amina", "B of the first", "C of the second, which then fell into the river"}
	equal(t, want, hq, peer)
	found := false
	hq.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		found = found || r.Get(fieldwork.TraineeFamilyName).Text() == "Wekesa" && r.Get(fieldwork.TraineeGivenName).Text() != ""
		return true
	})
	if !found {
		t.Error("what was written about the record that came in is written about it still")
	}
	if n := hq.WrittenAgain(&apart[0].Piece); n != 2 {
		t.Errorf("%d of 2 are known to be written again", n)
	}
}

// certified makes HQ say who node 1 is, and lets both believe only what HQ says.
func certified(t *testing.T) (s, hq *Store, node fieldwork.RecordID) {
	t.Helper()
	hqKey, _ := keyOf(0)
	open := func(node uint32) *Store {
		dir := t.TempDir()
		self := identity(node)
		self.HQKey = hqKey
		s, err := Create(filepath.Join(dir, "c"), self, keysFor(t, dir), Options{Ballast: -1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { verified(t, s); s.Close() })
		return s
	}
	s, hq = open(1), open(0)
	key, _ := keyOf(1)
	node = save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeNumber, Value: fieldwork.Int(1)}, {Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(key)}}}}})
	return s, hq, node
}

func revoke(t *testing.T, hq *Store, node fieldwork.RecordID) {
	t.Helper()
	var counted []fieldwork.RecordID
	first := uint64(0)
	for log, seq := range hq.Heads() {
		if log.Node == 1 {
			counted = append(counted, fieldwork.RecordID{Log: log, Seq: seq})
			first = seq
		}
	}
	save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: node, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeRevokedAfterSeq, Value: fieldwork.Int(int64(first))}, {Field: fieldwork.NodeCounted, Value: fieldwork.Refs(counted...)}}}}})
}

func TestQuarantine_aLaptopLetsInWhatHQLetsIn(t *testing.T) {
	s, hq, node := certified(t)
	dir := t.TempDir()
	self := identity(2)
	self.HQKey = s.Self().HQKey
	peer, err := Create(filepath.Join(dir, "c"), self, keysFor(t, dir), Options{Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, peer); peer.Close() })
	save(t, s, trainee("Amina"))
	meet(t, s, hq, true)
	revoke(t, hq, node)
	save(t, s, trainee("Baraka, before the theft"))
	carry(t, hq, peer)
	carry(t, s, peer)
	if n, _ := peer.Quarantined(); n != 1 {
		t.Fatalf("%d changes are apart at the laptop", n)
	}
	save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: node, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeCounted, Value: fieldwork.Refs(fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: 2})}}}}})
	carry(t, hq, peer)
	equal(t, []string{"Amina", "Baraka, before the theft"}, peer)
	if n, _ := peer.Quarantined(); n != 0 {
		t.Errorf("%d changes are still apart", n)
	}
}

func TestQuarantine_aRevokedLaptopGetsNoFreshStartByANewIncarnation(t *testing.T) {
	s, hq, node := certified(t)
	save(t, s, trainee("Amina"))
	save(t, s, trainee("Baraka"))
	meet(t, s, hq, true)
	revoke(t, hq, node)
	opt := s.opt
	opt.Incarnate = true
	s = reopen(t, s, opt)
	save(t, s, trainee("Thief"))
	carry(t, s, hq)
	equal(t, []string{"Amina", "Baraka"}, hq)
	if n, _ := hq.Quarantined(); n != 1 {
		t.Errorf("%d changes are apart, want 1", n)
	}
}
