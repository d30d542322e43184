package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// keptApart is HQ with one piece of ten changes of a revoked laptop apart, and another laptop.
func keptApart(t *testing.T) (hq, peer *Store, node fieldwork.RecordID) {
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
	bring(t, hq, peer)
	revoke(t, hq, node)
	var drafts []Draft
	for i := range 10 {
		drafts = append(drafts, trainee(fmt.Sprintf("Person %d", i)))
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	p, err := s.Piece(s.Own(), 1, 1<<20)
	if err != nil || len(p.Changes) != 10 {
		t.Fatalf("%d changes in a piece, %v", len(p.Changes), err)
	}
	for _, to := range []*Store{hq, peer} {
		bring(t, hq, peer)
		if _, err := to.Apply(p); err != nil {
			t.Fatal(err)
		}
	}
	return hq, peer, node
}

// decide is HQ's decision that a log counts up to a place.
func decide(t *testing.T, hq *Store, node fieldwork.RecordID, seq uint64) journal.Applied {
	t.Helper()
	last := fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: seq}
	if err := hq.CanLetIn(last); err != nil {
		t.Fatal(err)
	}
	save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: node, Fields: []fieldwork.FieldValue{{Field: fieldwork.NodeCounted, Value: fieldwork.Refs(last)}}}}})
	done, err := hq.LetIn(last.Log)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func people(n int) []string {
	list := []string{"Amina"}
	for i := range n {
		list = append(list, fmt.Sprintf("Person %d", i))
	}
	return list
}

func TestLetIn_upToAPlaceWithinAPiece(t *testing.T) {
	hq, peer, node := keptApart(t)
	equal(t, people(0), hq, peer)
	if done := decide(t, hq, node, 5); done.Changes != 4 {
		t.Errorf("let in %d changes", done.Changes)
	}
	bring(t, hq, peer)
	equal(t, people(4), hq, peer)
	for _, s := range []*Store{hq, peer} {
		runs, err := s.Apart()
		if err != nil || len(runs) != 1 || runs[0].First != 6 || runs[0].Last != 11 {
			t.Errorf("node %v keeps apart %+v, %v", s.Own(), runs, err)
		}
	}
	if done := decide(t, hq, node, 6); done.Changes != 1 { // one more
		t.Errorf("let in %d changes", done.Changes)
	}
	bring(t, hq, peer)
	equal(t, people(5), hq, peer)

	// The rest still has its own signature, and joins.
	if done := decide(t, hq, node, 11); done.Changes != 5 {
		t.Errorf("let in %d changes", done.Changes)
	}
	bring(t, hq, peer)
	equal(t, people(10), hq, peer)
	if runs, err := hq.Apart(); err != nil || len(runs) != 0 {
		t.Errorf("%+v %v", runs, err)
	}

	// A laptop that comes later gets all of it.
	dir := t.TempDir()
	self := identity(3)
	self.HQKey = peer.Self().HQKey
	late, err := Create(filepath.Join(dir, "c"), self, keysFor(t, dir), Options{Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, late); late.Close() })
	bring(t, hq, late)
	equal(t, people(10), hq, late)
}

func TestLetIn_outlivesARestart(t *testing.T) {
	hq, peer, node := keptApart(t)
	decide(t, hq, node, 5)
	hq = reopen(t, hq, hq.opt)
	bring(t, hq, peer)
	equal(t, people(4), hq, peer)
	decide(t, hq, node, 11)
	hq = reopen(t, hq, hq.opt)
	bring(t, hq, peer)
	equal(t, people(10), hq, peer)
}

func TestLetIn_saysWhatCannotBe(t *testing.T) {
	hq, _, _ := keptApart(t)
	log := fieldwork.LogID{Node: 1}
	for _, c := range []struct {
		name string
		seq  uint64
		code string
	}{{"the first", 2, ""}, {"one in the middle", 7, ""}, {"the last", 11, ""}, {"what is held", 1, ""}, {"more than there is", 12, "apart-chain"}} {
		err := hq.CanLetIn(fieldwork.RecordID{Log: log, Seq: c.seq})
		if (err == nil) != (c.code == "") || err != nil && !errors.Is(err, &fieldwork.Problem{Code: c.code}) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := hq.CanLetIn(fieldwork.RecordID{Log: fieldwork.LogID{Node: 1, Epoch: 9}, Seq: 1}); err == nil {
		t.Error("a log that nobody knows can be let in")
	}
}
