package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

var freeze = flag.Bool("freeze", false, "write testdata/store-N.tar.gz of a format version that has none yet")

// frozen are folders as each format version wrote them: an HQ and a laptop with whatever a store can hold. They are
// never changed, and opened for ever.
var frozen = []struct {
	file   string
	digest string // of HQ and of the laptop
}{
	{"testdata/store-2.tar.gz", "3b67a96b7e34d9f4fcc49335d8856b20cd237a59fa43e99f47a8a6fbc53e682e"},
}

const laterKind fieldwork.Kind = 61_000 // of a version that is not written yet

// TestVersions_foldersOfEveryFormatOpenForEver: what an old program left opens, verifies, and exchanges with today's.
func TestVersions_foldersOfEveryFormatOpenForEver(t *testing.T) {
	if _, err := os.Stat(frozen[len(frozen)-1].file); *freeze && os.IsNotExist(err) {
		t.Log("digest: ", writeFrozen(t, frozen[len(frozen)-1].file))
	}
	for _, f := range frozen {
		dir := t.TempDir()
		unpack(t, f.file, dir)
		open := func(name string) *Store {
			s, err := Open(filepath.Join(dir, name, "c"), keysFor(t, filepath.Join(dir, name)), Options{Ballast: -1, Machine: "frozen"})
			if err != nil {
				t.Fatalf("%s: %v", f.file, err)
			}
			t.Cleanup(func() { verified(t, s); s.Close() })
			verified(t, s)
			return s
		}
		hq, laptop := open("hq"), open("laptop")
		if got := hq.Digest().String(); got != f.digest {
			t.Errorf("%s shows %s, want %s", f.file, got, f.digest)
		}
		if n := laptop.Unsent(); n != 1 {
			t.Errorf("%s: the laptop had one change that HQ lacks, now %d", f.file, n)
		}
		if hits := append(scan(t, hq, canary), scan(t, laptop, canary)...); len(hits) > 0 {
			t.Errorf("%s: %q", f.file, hits)
		}
		if n, err := hq.Quarantined(); n != 1 || err != nil {
			t.Errorf("%s: %d changes kept apart, %v", f.file, n, err)
		}
		if len(laptop.Drafts()) != 1 {
			t.Errorf("%s: the half-typed form is gone", f.file)
		}
		exchange(t, laptop, hq)
		if laptop.Digest() != hq.Digest() {
			t.Errorf("%s: after an exchange they differ", f.file)
		}
		fresh := freshLaptop(t, hq, 7)
		exchange(t, fresh, hq)
		if fresh.Digest() != hq.Digest() || fresh.Count(laterKind) == 0 {
			t.Errorf("%s: a new laptop gets something else: %d of a later kind", f.file, fresh.Count(laterKind))
		}
	}
}

// freshLaptop is one that HQ certifies now.
func freshLaptop(t *testing.T, hq *Store, node uint32) *Store {
	t.Helper()
	key, _ := keyOf(node)
	save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeNumber, Value: fieldwork.Int(int64(node))}, {Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(key)}}}}})
	dir := t.TempDir()
	self := identity(node)
	self.HQKey, _ = keyOf(0)
	s, err := Create(filepath.Join(dir, "c"), self, keysFor(t, dir), Options{Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, s); s.Close() })
	return s
}

// writeFrozen makes a folder of today's format and returns HQ's digest.
func writeFrozen(t *testing.T, file string) string {
	dir := t.TempDir()
	opt := Options{Ballast: -1, Machine: "frozen", Now: func() time.Time { return time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC) }}
	open := func(name string, node uint32) *Store {
		self := identity(node)
		self.HQKey, _ = keyOf(0)
		s, err := Create(filepath.Join(dir, name, "c"), self, keysFor(t, filepath.Join(dir, name)), opt)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	hq, laptop, lost := open("hq", 0), open("laptop", 1), open("lost", 2)
	var nodes []fieldwork.RecordID
	for node := range uint32(2) {
		key, _ := keyOf(node + 1)
		nodes = append(nodes, save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.NodeNumber, Value: fieldwork.Int(int64(node + 1))}, {Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(key)}}}}}))
	}
	exchange(t, laptop, hq)
	exchange(t, lost, hq)
	id, _ := person(t, laptop, canary)
	for i := range 30 {
		save(t, laptop, trainee(fmt.Sprint("Trainee ", i)))
	}
	save(t, laptop, later())
	save(t, lost, trainee("Before the loss"))
	exchange(t, laptop, hq)
	exchange(t, lost, hq)
	if _, err := hq.Forget(id); err != nil {
		t.Fatal(err)
	}
	boot, up := laptop.Running()
	if err := hq.Compared(laptop.Own(), boot, up, 1_700_000_000, true); err != nil {
		t.Fatal(err)
	}
	save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: nodes[1], Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeRevokedAfterSeq, Value: fieldwork.Int(1)}, {Field: fieldwork.NodeCounted, Value: fieldwork.Refs(fieldwork.RecordID{Log: lost.Own(), Seq: 1})}}}}})
	save(t, lost, trainee("After the loss"))
	bring(t, lost, hq)
	exchange(t, laptop, hq)
	save(t, laptop, later())
	exchange(t, laptop, hq)
	if err := laptop.SetReceived(hq.Heads()); err != nil {
		t.Fatal(err)
	}
	if err := laptop.SetDraft("people/new", []byte("given_name=Half")); err != nil {
		t.Fatal(err)
	}
	save(t, laptop, trainee("Not sent yet"))
	digest := hq.Digest().String()
	for _, s := range []*Store{hq, laptop, lost} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "lost")); err != nil {
		t.Fatal(err)
	}
	pack(t, dir, file)
	return digest
}

// later is a change with what a later version knows.
func later() Draft {
	return Draft{Writes: []journal.Write{
		{Kind: laterKind, Fields: []fieldwork.FieldValue{{Field: 61_001, Value: fieldwork.Text("later")}, {Field: 61_002, Value: fieldwork.Ints(1, -1)}}},
		{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Of a later version")}, {Field: 61_003, Value: fieldwork.Bytes([]byte{0, 255})}}},
	}}
}

func pack(t *testing.T, dir, file string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, file, dir string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, h.Name)
		if h.Typeflag == tar.TypeDir {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVersions_whatIsNotKnownPassesThrough: an old program in the middle, HQ with pages, and another laptop.
func TestVersions_whatIsNotKnownPassesThrough(t *testing.T) {
	hq, l := office(t, 3)
	a, old, b := l[0], l[1], l[2]
	exchange(t, a, hq)
	exchange(t, old, hq)
	c, err := a.Save(later())
	if err != nil {
		t.Fatal(err)
	}
	exchange(t, old, a) // by the local network, through somebody who does not know the kind
	exchange(t, old, hq)
	if _, err := hq.Publish(hq.Heads()); err != nil {
		t.Fatal(err)
	}
	exchange(t, b, hq)
	exchange(t, old, hq)
	for _, s := range []*Store{hq, old, b} {
		r, ok := s.Record(c.Target(0))
		p, _ := s.Record(c.Target(1))
		if !ok || r.Kind != laterKind || r.Get(61_001).Text() != "later" || len(r.Get(61_002).Ints()) != 2 || len(p.Get(61_003).Bytes()) != 2 {
			t.Errorf("node %v has %+v and %+v", s.Own(), r, p)
		}
	}
}
