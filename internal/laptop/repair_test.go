package laptop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
)

// servedHQ is a real HQ on loopback with one campaign; it returns a maker of invites and HQ's digest.
func servedHQ(t *testing.T) (invite func() string, digest func() string) {
	t.Helper()
	o, err := hq.Open(t.TempDir(), hq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	s, err := o.CreateCampaign("Kajiado", "KE", 0)
	if err != nil {
		t.Fatal(err)
	}
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.Serve(ctx, hq.ServeOptions{Listen: "127.0.0.1:0", ReadyFile: ready}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	var at struct{ URL string }
	for range 500 {
		if b, err := os.ReadFile(ready); err == nil && json.Unmarshal(b, &at) == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return func() string {
		t.Helper()
		inv, err := o.Invite(s, "volunteer", at.URL, 7)
		if err != nil {
			t.Fatal(err)
		}
		return inv.String()
	}, func() string { return s.Digest().String() }
}

func joined(t *testing.T, name, invite string) *Folder {
	t.Helper()
	f, err := Init(filepath.Join(t.TempDir(), "data"), name, phrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Join(t.Context(), invite); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRepair_nothingAcknowledgedIsMissingAndHQGivesTheRest(t *testing.T) {
	invite, digest := servedHQ(t)
	other, f := joined(t, "Kajiado 2", invite()), joined(t, "Kajiado 1", invite())
	defer other.Close()
	add := func(f *Folder, n int) (ids []fieldwork.RecordID) {
		t.Helper()
		for i := range n {
			r, err := f.Add("trainee", Cells{"given_name": fmt.Sprint("Nasieku ", i)})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, r.ID)
		}
		return ids
	}
	add(other, 30)
	ours := add(f, 30)
	sync(t, other)
	sync(t, f)
	ours = append(ours, add(f, 10)...) // acknowledged here, and not at HQ
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}

	bolts, err := filepath.Glob(filepath.Join(f.Dir, campaignsDir, "*", "*.bolt"))
	if err != nil || len(bolts) != 1 {
		t.Fatalf("%v %v", bolts, err)
	}
	whole, err := os.ReadFile(bolts[0])
	if err != nil {
		t.Fatal(err)
	}
	bad := bytes.Clone(whole)
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 400 {
		bad[rnd.IntN(len(bad))] ^= byte(1 + rnd.IntN(255))
	}
	if err := os.WriteFile(bolts[0], bad, 0o600); err != nil {
		t.Fatal(err)
	}

	done, err := Repair(f.Dir, phrase)
	if err != nil || !done.OK || len(done.Found) == 0 || len(done.Done) == 0 || len(done.Aside) != 1 {
		t.Fatalf("seed %d: %+v %v", seed, done, err)
	}
	if kept, err := os.ReadFile(filepath.Join(f.Dir, done.Aside[0])); err != nil || !bytes.Equal(kept, bad) {
		t.Errorf("seed %d: the damaged file must be kept as it was: %v", seed, err)
	}
	again, err := Open(f.Dir, phrase)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if r, err := again.Store().Verify(); err != nil || len(r.Damage) > 0 {
		t.Errorf("seed %d: %v %q", seed, err, r.Damage)
	}
	for _, id := range ours {
		if _, ok := again.Store().Record(id); !ok {
			t.Errorf("seed %d: %v was acknowledged and is gone", seed, id)
		}
	}
	sync(t, again)
	sync(t, other)
	if got := again.Store().Digest().String(); got != digest() || got != other.Store().Digest().String() {
		t.Errorf("seed %d: the digests differ after a sync", seed)
	}
	if got := again.Store().Count(fieldwork.KindTrainee); got != 70 {
		t.Errorf("seed %d: %d trainees, want 70", seed, got)
	}
	again.Close()
	if done, err := Repair(f.Dir, phrase); err != nil || !done.OK || len(done.Found) > 0 {
		t.Errorf("seed %d: a second repair: %+v %v", seed, done, err)
	}
}

func TestRepair_saysWhatItCannotOpen(t *testing.T) {
	if _, err := Repair(t.TempDir(), phrase); code(err) != "no-folder" {
		t.Errorf("an empty folder: %v", err)
	}
	f := practiceLaptop(t)
	if _, err := Repair(f.Dir, []byte("something else")); code(err) != "wrong-passphrase" {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if _, err := Repair(f.Dir, phrase); code(err) != "in-use" {
		t.Errorf("a folder that is open: %v", err)
	}
}
