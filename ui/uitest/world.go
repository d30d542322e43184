package uitest

import (
	"bytes"
	"crypto/ed25519"
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// World is HQ and two laptops with real stores, of which the first, “Kajiado 1”, is ours.
type World struct {
	HQ, Ours, Theirs *store.Store
	t                testing.TB
}

// HQSeed is the seed of HQ's key, which signs what it says.
var HQSeed = seedOf(0)

func seedOf(node uint32) []byte { return bytes.Repeat([]byte{byte(node + 1)}, 32) }

func keyOf(node uint32) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(seedOf(node)).Public().(ed25519.PublicKey)
}

// NewWorld is a world in which everybody knows everybody. The other laptop's clock is an hour ahead.
func NewWorld(t testing.TB) *World {
	t.Helper()
	w := &World{HQ: replica(t, 0, Noon), Ours: replica(t, 7, Noon), Theirs: replica(t, 8, Noon.Add(time.Hour)), t: t}
	for node, name := range map[uint32]string{7: "Kajiado 1", 8: "Kajiado 2"} {
		Save(t, w.HQ, fieldwork.KindNode, Field(fieldwork.NodeNumber, fieldwork.Int(int64(node))),
			Field(fieldwork.NodeName, fieldwork.Text(name)), Field(fieldwork.NodePublicKey, fieldwork.Bytes(keyOf(node))))
	}
	w.Sync()
	return w
}

func replica(t testing.TB, node uint32, now time.Time) *store.Store {
	t.Helper()
	dir := t.TempDir()
	keys, err := vault.Create(filepath.Join(dir, "vault.json"), []byte("four words are good"), vault.TestParams)
	if err != nil {
		t.Fatal(err)
	}
	self := store.Identity{Campaign: journal.Campaign{1}, Log: fieldwork.LogID{Node: node}, Name: "Kajiado", Seed: seedOf(node), HQKey: keyOf(0)}
	s, err := store.Create(filepath.Join(dir, "campaign"), self, keys, store.Options{Now: func() time.Time { return now }, Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Write gives a record's field a value, on one of the replicas.
func (w *World) Write(s *store.Store, id fieldwork.RecordID, f fieldwork.FieldID, v fieldwork.Value) {
	w.t.Helper()
	r, ok := s.Record(id)
	if !ok {
		w.t.Fatalf("no record %v", id)
	}
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: r.Kind, Record: id, Fields: []fieldwork.FieldValue{{Field: f, Value: v}}}}}); err != nil {
		w.t.Fatal(err)
	}
}

// Sync gives everybody everything.
func (w *World) Sync() {
	w.t.Helper()
	all := []*store.Store{w.HQ, w.Ours, w.Theirs}
	for range 2 {
		for _, from := range all {
			for _, to := range all {
				w.give(from, to)
			}
		}
	}
}

func (w *World) give(from, to *store.Store) {
	w.t.Helper()
	for _, log := range from.Heads().Logs() {
		p, err := from.Piece(log, to.Heads()[log], 1<<20)
		if err != nil {
			continue // nothing more
		}
		if _, err := to.Apply(p); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Contested registers somebody whose phone the two laptops then write differently.
func (w *World) Contested() fieldwork.RecordID {
	w.t.Helper()
	id := Save(w.t, w.Ours, fieldwork.KindTrainee, Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	w.Sync()
	w.Write(w.Ours, id, fieldwork.TraineePhone, fieldwork.Text("0711 111 111"))
	w.Write(w.Theirs, id, fieldwork.TraineePhone, fieldwork.Text("0722 222 222"))
	w.Sync()
	return id
}

// Ask makes HQ ask our laptop about a field of a record.
func (w *World) Ask(record fieldwork.RecordID, field fieldwork.FieldID, text string) fieldwork.RecordID {
	w.t.Helper()
	q := Save(w.t, w.HQ, fieldwork.KindQuestion, Field(fieldwork.QuestionRecord, fieldwork.Ref(record)), Field(fieldwork.QuestionField, fieldwork.Int(int64(field))),
		Field(fieldwork.QuestionText, fieldwork.Text(text)), Field(fieldwork.QuestionAskedBy, fieldwork.Text("Lea")), Field(fieldwork.QuestionAskedAt, fieldwork.Int(Noon.Unix())))
	w.Sync()
	return q
}

// Says makes HQ say that it holds everything, has it in a proven backup, and keeps runs apart.
func (w *World) Says(apart ...journal.Apart) {
	w.t.Helper()
	held := w.HQ.Heads()
	st := journal.Statement{At: Noon.Unix(), Proven: Noon.Unix(), Held: held, Durable: held, Marks: map[fieldwork.LogID]uint32{}, Apart: apart}
	for log := range held {
		st.Marks[log] = 77777
	}
	if err := st.Sign(journal.Campaign{1}, ed25519.NewKeyFromSeed(HQSeed)); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Ours.TakeStatement(st, true); err != nil {
		w.t.Fatal(err)
	}
}
