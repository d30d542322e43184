package road_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
)

// copyOf opens a copy of a closed store's folder.
func copyOf(t *testing.T, s *store.Store, to string) *store.Store {
	t.Helper()
	beside := filepath.Dir(s.Dir())
	if err := os.CopyFS(filepath.Join(beside, to), os.DirFS(s.Dir())); err != nil {
		t.Fatal(err)
	}
	return openAgain(t, beside, to)
}

// bareStore makes a store that the test closes itself.
func bareStore(t *testing.T, node uint32) *store.Store {
	t.Helper()
	dir := t.TempDir()
	keys, err := vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(filepath.Join(dir, "c"), store.Identity{Campaign: campaign, Log: fieldwork.LogID{Node: node}, Seed: seedOf(node)}, keys,
		store.Options{Ballast: -1, KeyOf: keyOf})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openAgain(t *testing.T, beside, name string) *store.Store {
	t.Helper()
	keys, err := vault.UnlockWithKeyFile(filepath.Join(beside, "vault.json"), filepath.Join(beside, "key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(beside, name), keys, store.Options{Ballast: -1, KeyOf: keyOf})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if r, err := s.Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("%s: %v %q", name, err, r.Damage)
		}
		s.Close()
	})
	return s
}

// Patchwork 785 and ssb-server 410: a restored or copied laptop forked its feed and was lost for ever.
func TestExchange_aCopiedLaptopNoticesByItselfAndLosesNothing(t *testing.T) {
	office, s := newStore(t, 0), bareStore(t, 1)
	srv, pin := hq(t, office)
	sync := func(s *store.Store) {
		t.Helper()
		res, err := client(s, srv.URL, pin).Run(t.Context())
		if err != nil || len(res.Refused) > 0 || res.Requests > 4 {
			t.Fatalf("node %v: %+v %v", s.Own(), res, err)
		}
	}
	fill(t, s, 20)
	sync(s)
	s.Close()
	beside := filepath.Dir(s.Dir())
	b := copyOf(t, s, "image")
	a := openAgain(t, beside, "c")
	log := a.Own()
	fill(t, a, 10)
	fill(t, b, 7)
	sync(a)
	sync(b)
	fill(t, a, 3)
	fill(t, b, 3)
	sync(b)
	sync(a)
	sync(b)
	if n := office.Count(fieldwork.KindTrainee); n != 43 {
		t.Errorf("HQ has %d of 43 people", n)
	}
	for _, s := range []*store.Store{a, b} {
		if s.Digest() != office.Digest() || s.Unsent() != 0 {
			t.Errorf("node %v differs from HQ; %d unsent", s.Own(), s.Unsent())
		}
	}
	if a.Own() != log || b.Own() == log {
		t.Errorf("one goes on under %v, the other under a new incarnation: %v %v", log, a.Own(), b.Own())
	}
	if _, told := b.Renewed(); !told {
		t.Error("nobody hears of the new incarnation")
	}
	if n, err := office.Quarantined(); n != 0 || err != nil {
		t.Errorf("%d changes wait for a person, though all were written again: %v", n, err)
	}
}

// CouchDB and Ditto: a client that was put back to an earlier day took its old state for the truth.
func TestExchange_aFolderPutBackWhileHQKnowsMore(t *testing.T) {
	office, s := newStore(t, 0), bareStore(t, 1)
	srv, pin := hq(t, office)
	sync := func(s *store.Store) {
		t.Helper()
		if res, err := client(s, srv.URL, pin).Run(t.Context()); err != nil || len(res.Refused) > 0 {
			t.Fatalf("%+v %v", res, err)
		}
	}
	fill(t, s, 5)
	sync(s)
	s.Close()
	beside := filepath.Dir(s.Dir())
	back := copyOf(t, s, "last week")
	s = openAgain(t, beside, "c")
	fill(t, s, 30)
	sync(s)
	log := back.Own()
	sync(back)
	fill(t, back, 2)
	sync(back)
	if back.Own() == log || back.Digest() != office.Digest() || office.Count(fieldwork.KindTrainee) != 37 {
		t.Errorf("log %v after %v, %d people at HQ", back.Own(), log, office.Count(fieldwork.KindTrainee))
	}
}

// Mergin mobile 2382 and Realm's client reset: a broken first copy was taken for the truth. Here the line breaks again and
// again while a new laptop takes a snapshot.
func TestExchange_aNewLaptopTakesASnapshotOverALineThatBreaks(t *testing.T) {
	office, a, fresh := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	srv, pin := hq(t, office)
	fill(t, a, 6000)
	if _, err := client(a, srv.URL, pin).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := office.Publish(office.Heads()); err != nil {
		t.Fatal(err)
	}
	fill(t, a, 50) // pieces after the pages
	if _, err := client(a, srv.URL, pin).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	url := cutter(t, strings.TrimPrefix(srv.URL, "https://"), 30<<10, 90<<10)
	for try := 0; ; try++ {
		res, err := client(fresh, url, pin).Run(t.Context())
		if err == nil {
			break
		}
		if n := fresh.Count(fieldwork.KindTrainee); uint64(n) != fresh.Heads()[fieldwork.LogID{Node: 1}] {
			t.Fatalf("%d people are there, the heads say %v", n, fresh.Heads())
		}
		if try > 60 || !exchange.Retry(err) {
			t.Fatalf("%+v %v", res, err)
		}
	}
	if fresh.Digest() != office.Digest() || fresh.Count(fieldwork.KindTrainee) != 6050 {
		t.Fatalf("%d people, digests %v %v", fresh.Count(fieldwork.KindTrainee), fresh.Digest(), office.Digest())
	}
	fill(t, fresh, 5)
	if res, err := client(fresh, srv.URL, pin).Run(t.Context()); err != nil || fresh.Unsent() != 0 || fresh.Digest() != office.Digest() {
		t.Errorf("%+v %v", res, err)
	}
}

func TestExchange_aLaptopThatKeepsEndsOnlyGivesWhatItHas(t *testing.T) {
	office, a, b, far := newStore(t, 0), newStore(t, 1), newStore(t, 2), newStore(t, 3)
	srv, pin := hq(t, office)
	sync := func(s *store.Store) {
		t.Helper()
		if res, err := client(s, srv.URL, pin).Run(t.Context()); err != nil {
			t.Fatalf("%+v %v", res, err)
		}
	}
	fill(t, a, 30)
	fill(t, b, 30)
	sync(a)
	sync(b)
	if _, err := office.Publish(office.Heads()); err != nil {
		t.Fatal(err)
	}
	sync(a)
	fill(t, a, 4)
	// far away from HQ, a meets somebody who has never met HQ
	village, villagePin := hq(t, far)
	c := client(a, village.URL, villagePin)
	c.Peer, c.Received = "village", nil
	res, err := c.Run(t.Context())
	if err != nil || res.Requests > 3 {
		t.Fatalf("what a cannot give must not hold up what it can: %+v %v", res, err)
	}
	sync(far)
	sync(a)
	sync(far)
	if far.Digest() != office.Digest() || a.Digest() != office.Digest() {
		t.Errorf("in the end: %v %v %v", far.Digest(), a.Digest(), office.Digest())
	}
}

// A snapshot goes by courier like everything else, in parts, in any order.
func TestCourier_aSnapshotForANewLaptop(t *testing.T) {
	office, a, fresh := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	srv, pin := hq(t, office)
	fill(t, a, 3000)
	if _, err := client(a, srv.URL, pin).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := office.Publish(office.Heads()); err != nil {
		t.Fatal(err)
	}
	var list []*bytes.Buffer
	self := office.Self()
	c := exchange.Courier{Replica: office, Campaign: campaign, Log: self.Log, Key: self.Key(), Program: "test", Now: time.Now, Receipts: true}
	if _, err := c.Write(t.Context(), 1, func(int) (io.WriteCloser, error) {
		list = append(list, &bytes.Buffer{})
		return closing{list[len(list)-1]}, nil
	}); err != nil || len(list) == 0 {
		t.Fatalf("%d parts: %v", len(list), err)
	}
	for range len(list) { // the worst order: each round brings one part more
		for i := len(list) - 1; i >= 0; i-- {
			p, err := exchange.OpenPart(bytes.NewReader(list[i].Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if taken, _, err := p.Take(t.Context(), fresh); err != nil || len(taken.Refused) > 0 {
				t.Fatalf("%+v %v", taken, err)
			}
		}
	}
	if fresh.Digest() != office.Digest() || fresh.Count(fieldwork.KindTrainee) != 3000 {
		t.Errorf("%d people in %d parts", fresh.Count(fieldwork.KindTrainee), len(list))
	}
}

type closing struct{ io.Writer }

func (closing) Close() error { return nil }
