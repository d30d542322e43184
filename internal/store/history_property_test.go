package store

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// TestProperty_digestsAreEqualWhateverMixOfPagesAndPieces: people write, exchange in any order, HQ publishes and forgets
// in between, folders are tidied and opened again; in the end all replicas show the same, and nobody forgotten is there.
func TestProperty_digestsAreEqualWhateverMixOfPagesAndPieces(t *testing.T) {
	old := flag.Lookup("rapid.checks").Value.String()
	flag.Set("rapid.checks", "12")
	defer flag.Set("rapid.checks", old)
	rapid.Check(t, func(r *rapid.T) {
		w := newVillage(r)
		defer w.close()
		r.Repeat(map[string]func(*rapid.T){
			"a laptop writes":      w.write,
			"a laptop meets HQ":    w.meetHQ,
			"two laptops meet":     w.meetPeer,
			"HQ publishes":         w.publish,
			"HQ forgets somebody":  w.forget,
			"somebody starts anew": w.restart,
		})
		w.settle(r)
	})
}

type village struct {
	dirs    []string
	stores  []*Store // HQ first
	people  []fieldwork.RecordID
	gone    int
	written int
}

func newVillage(r *rapid.T) *village {
	w := &village{}
	hqKey, _ := keyOf(0)
	for node := range uint32(4) {
		dir, err := os.MkdirTemp("", "village")
		if err != nil {
			r.Fatal(err)
		}
		w.dirs = append(w.dirs, dir)
		self := identity(node)
		self.HQKey = hqKey
		s, err := Create(filepath.Join(dir, "c"), self, w.keys(r, dir), Options{Ballast: -1})
		if err != nil {
			r.Fatal(err)
		}
		w.stores = append(w.stores, s)
		if key, _ := keyOf(node); node > 0 {
			w.save(r, w.stores[0], Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{
				{Field: fieldwork.NodeNumber, Value: fieldwork.Int(int64(node))}, {Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(key)}}}}})
		}
	}
	for _, s := range w.stores[1:] {
		w.exchange(r, s, w.stores[0])
	}
	return w
}

func (w *village) close() {
	for _, s := range w.stores {
		s.Close()
	}
	for _, d := range w.dirs {
		os.RemoveAll(d)
	}
}

func (w *village) save(r *rapid.T, s *Store, d Draft) fieldwork.RecordID {
	c, err := s.Save(d)
	if err != nil {
		r.Fatal(err)
	}
	return c.Target(0)
}

func (w *village) laptop(r *rapid.T) *Store {
	return w.stores[rapid.IntRange(1, len(w.stores)-1).Draw(r, "laptop")]
}

// write registers somebody, or corrects somebody who may have been forgotten.
func (w *village) write(r *rapid.T) {
	s := w.laptop(r)
	w.written++
	name := fieldwork.Text(fmt.Sprintf("%s %d", canary, w.written))
	write := journal.Write{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: name}}}
	if len(w.people) > 0 && rapid.Bool().Draw(r, "corrects") {
		write.Record = rapid.SampledFrom(w.people).Draw(r, "whom")
	}
	id := w.save(r, s, Draft{Writes: []journal.Write{write}})
	if write.Record.IsZero() {
		w.people = append(w.people, id)
	}
}

func (w *village) meetHQ(r *rapid.T)   { w.exchange(r, w.laptop(r), w.stores[0]) }
func (w *village) meetPeer(r *rapid.T) { w.exchange(r, w.laptop(r), w.laptop(r)) }

func (w *village) publish(r *rapid.T) {
	if _, err := w.stores[0].Publish(w.stores[0].Heads()); err != nil {
		r.Fatal(err)
	}
}

func (w *village) forget(r *rapid.T) {
	if len(w.people) == 0 {
		r.Skip("nobody is there")
	}
	id := rapid.SampledFrom(w.people).Draw(r, "whom")
	if rec, ok := w.stores[0].Record(id); !ok || rec.Kind != fieldwork.KindTrainee {
		r.Skip("HQ does not know her yet")
	}
	if _, err := w.stores[0].Forget(id); err != nil {
		r.Fatal(err)
	}
	w.gone++
}

func (w *village) restart(r *rapid.T) {
	i := rapid.IntRange(0, len(w.stores)-1).Draw(r, "who")
	if err := w.stores[i].Close(); err != nil {
		r.Fatal(err)
	}
	s, err := Open(filepath.Join(w.dirs[i], "c"), w.keys(r, w.dirs[i]), Options{Ballast: -1})
	if err != nil {
		r.Fatal(err)
	}
	w.stores[i] = s
}

func (w *village) keys(r *rapid.T, dir string) *vault.Keys {
	k, err := openKeys(dir)
	if err != nil {
		r.Fatal(err)
	}
	return k
}

func (w *village) exchange(r *rapid.T, a, b *Store) {
	for range 6 {
		if !w.bring(r, a, b) && !w.bring(r, b, a) {
			return
		}
	}
}

func (w *village) bring(r *rapid.T, from, to *Store) (moved bool) {
	if from == to {
		return false
	}
	moved, err := brought(from, to)
	if err != nil {
		r.Fatalf("%v to %v: %v", from.Own(), to.Own(), err)
	}
	return moved
}

// settle lets everybody meet HQ, and compares.
func (w *village) settle(r *rapid.T) {
	hq := w.stores[0]
	for range 2 {
		for _, s := range w.stores[1:] {
			w.exchange(r, s, hq)
		}
	}
	for _, s := range w.stores {
		if s.Digest() != hq.Digest() || !s.Heads().Covers(hq.Heads()) {
			r.Fatalf("node %v shows something else than HQ: heads %v, HQ's %v", s.Own(), s.Heads(), hq.Heads())
		}
		if rep, err := s.Verify(); err != nil || len(rep.Damage) > 0 {
			r.Fatalf("node %v: %v %q", s.Own(), err, rep.Damage)
		}
		for _, id := range w.people {
			if rec, ok := s.Record(id); ok && s.Gone(id) && rec.Get(fieldwork.TraineeGivenName).Text() != "" {
				r.Fatalf("node %v brought %v back", s.Own(), id)
			}
		}
	}
}
