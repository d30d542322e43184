package store

import (
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

func TestClocks_everyReplicaDerivesTheSameTimeAndKeepsTheRawOne(t *testing.T) {
	hq, other := newStore(t, 0), newStore(t, 2)
	slow := testOptions
	slow.Now = func() time.Time { return time.Now().AddDate(-3, 0, 0) }
	dir := t.TempDir()
	s, err := Create(filepath.Join(dir, "c"), identity(1), keysFor(t, dir), slow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, s); s.Close() })
	now := time.Now().Unix()
	c, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindAttendance, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.AttendanceTime, Value: fieldwork.Int(slow.Now().Unix())}}}}})
	if err != nil {
		t.Fatal(err)
	}
	carry(t, s, hq)
	look := func(s *Store) (at, raw, field int64, trust journal.Trust) {
		h := s.History(c.Target(0))
		if len(h) != 1 {
			t.Fatalf("node %v has %d writes", s.Own(), len(h))
		}
		n, _ := h[0].Fields[0].Value.Int()
		field, _ = s.TimeIn(&h[0].Version, n)
		return h[0].At, h[0].Wall, field, h[0].Trust
	}
	if at, raw, _, trust := look(hq); at != raw || trust != journal.Doubtful && trust != journal.Unchecked {
		t.Errorf("before HQ compared: %d %d %d", at, raw, trust)
	}
	boot, up := s.Running()
	before := hq.Heads()[hq.Own()]
	if err := hq.Compared(s.Own(), boot, up, slow.Now().Unix(), true); err != nil {
		t.Fatal(err)
	}
	if err := hq.Compared(s.Own(), boot, up, slow.Now().Unix(), true); err != nil || hq.Heads()[hq.Own()] != before+1 {
		t.Errorf("what is no news is written once: %d changes, %v", hq.Heads()[hq.Own()]-before, err)
	}
	carry(t, hq, s)
	carry(t, hq, other)
	for _, x := range []*Store{hq, s, other, reopen(t, other, testOptions)} {
		at, raw, field, trust := look(x)
		if at < now-5 || at > now+5 || field < now-5 || field > now+5 || raw > now-86400 || trust != journal.Certain {
			t.Errorf("node %v: at %d, attendance at %d, raw %d, trust %d; it is %d", x.Own(), at, field, raw, trust, now)
		}
	}
	if hq.Digest() != s.Digest() {
		t.Error("digests differ")
	}
}
