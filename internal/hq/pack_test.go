package hq

import (
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
)

// TestPack_joinsWithoutANetworkAndSyncsLater: HQ writes a pack, a laptop that never met a network joins by it, has the village's
// records at once, and brings home what it wrote when it meets HQ.
func TestPack_joinsWithoutANetworkAndSyncsLater(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, _ := serve(t, o)
	lead := newLaptop(t, o, s, at, "Lead")
	site := added(t, lead, "site", laptop.Cells{"name": "Oldonyo Nyokie", "country": "KE"})
	known := added(t, lead, "trainee", laptop.Cells{"given_name": "Nasieku", "site": "Oldonyo Nyokie"})
	synced(t, lead)

	found, err := siteOf(s, "oldonyo nyokie")
	if err != nil || found != site.ID {
		t.Fatalf("the village: %v %v", found, err)
	}
	pack, code1, err := o.Pack(t.Context(), s, "Kajiado 2", "volunteer", at, found)
	if err != nil {
		t.Fatal(err)
	}
	f, err := laptop.Init(filepath.Join(t.TempDir(), "data"), "Kajiado 2", []byte("four words are good"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { f.Close() }()
	other := fieldwork.RecoveryCode(make([]byte, fieldwork.RecoveryBytes))
	if err := f.JoinPack(t.Context(), pack, other, nil); code(err) != "pack-code" {
		t.Errorf("another pack's code: %v", err)
	}
	for name, b := range map[string][]byte{"cut": pack[:len(pack)-1], "cut to half": pack[:len(pack)/2], "none": []byte("hello")} {
		if err := f.JoinPack(t.Context(), b, code1, nil); code(err) != "no-pack" {
			t.Errorf("a pack that is %s: %v", name, err)
		}
	}
	if f.Store() != nil {
		t.Fatal("a refused pack left a campaign behind")
	}
	if err := f.JoinPack(t.Context(), pack, code1, nil); err != nil {
		t.Fatal(err)
	}
	if r, ok := f.Store().Record(known.ID); !ok || fieldwork.Name(r) != "Nasieku" {
		t.Error("the village's people did not come with the pack")
	}
	if got := string(f.Store().Note(laptop.SiteNote)); got != site.ID.String() {
		t.Errorf("at work in %q", got)
	}
	fresh := added(t, f, "trainee", laptop.Cells{"given_name": "Amina", "site": "Oldonyo Nyokie"})
	synced(t, f)
	if _, ok := s.Record(fresh.ID); !ok {
		t.Error("what was written offline did not come home")
	}
	if f.Store().Digest() != s.Digest() {
		t.Error("the digests differ after the first sync")
	}
	recovery, err := o.RecoveryCode(s.Self().Campaign, f.Store().Self().Log.Node, "")
	if err != nil {
		t.Fatal(err)
	}
	dir := f.Dir
	f.Close()
	if f, err = laptop.Recover(dir, recovery, []byte("four new words here")); err != nil {
		t.Errorf("the recovery code of a laptop that joined by a pack: %v", err)
	}
}
