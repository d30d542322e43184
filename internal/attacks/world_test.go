package attacks

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/sync/road"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	os.Exit(m.Run())
}

const passphrase = "four words are good"

// office is a real HQ that answers by HTTPS on loopback.
type office struct {
	*hq.Office
	s    *store.Store // of the campaign Kajiado
	url  string
	pin  []byte
	late atomic.Int64 // seconds by which its clock is ahead
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{}
	made, err := hq.Open(t.TempDir(), hq.Options{Now: func() time.Time { return time.Now().Add(time.Duration(o.late.Load()) * time.Second) }})
	if err != nil {
		t.Fatal(err)
	}
	o.Office = made
	t.Cleanup(func() { made.Close() })
	if o.s, err = made.CreateCampaign("Kajiado", "KE", 0); err != nil {
		t.Fatal(err)
	}
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- made.Serve(ctx, hq.ServeOptions{Listen: "127.0.0.1:0", ReadyFile: ready}) }()
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
		time.Sleep(10 * time.Millisecond)
	}
	inv, err := made.Invite(o.s, "volunteer", "", 7)
	if err != nil {
		t.Fatal(err)
	}
	o.url, o.pin = at.URL, inv.Pin
	return o
}

// join is a laptop that joined a campaign and synced.
func (o *office) join(t *testing.T, s *store.Store, name string) *laptop.Folder {
	t.Helper()
	inv, err := o.Invite(s, "volunteer", "", 7)
	if err != nil {
		t.Fatal(err)
	}
	f, err := laptop.Init(filepath.Join(t.TempDir(), "data"), name, []byte(passphrase))
	if err == nil {
		err = f.Join(t.Context(), inv.String())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	synced(t, f)
	return f
}

func synced(t *testing.T, f *laptop.Folder) {
	t.Helper()
	if _, err := f.Sync(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func person(t *testing.T, f *laptop.Folder, name string) fieldwork.RecordID {
	t.Helper()
	c, err := f.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(name)}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return c.Target(0)
}

// world is a campaign at work: an HQ with two campaigns, an honest laptop whose door is open, a member who means harm, a
// laptop that was stolen and revoked, and people of elsewhere.
type world struct {
	t       *testing.T
	hq      *office
	twin    *store.Store   // another campaign of the same HQ
	other   *office        // another HQ
	honest  *laptop.Folder // attacked
	mallory *laptop.Folder // a member, let in by the honest one
	newcome *laptop.Folder // joined last; the honest laptop has not heard of it
	stolen  *laptop.Folder // revoked
	sibling *laptop.Folder // of the other campaign
	foreign *laptop.Folder // of the other HQ
	door    *laptop.Peers  // of the honest laptop
	secret  fieldwork.RecordID
	files   string // a folder for courier files
	thief   ed25519.PrivateKey
	codes   int
}

const secretName = "Nasieku-Kanari"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, hq: newOffice(t), other: newOffice(t), files: t.TempDir()}
	var err error
	if w.twin, err = w.hq.CreateCampaign("Enugu", "NG", 0); err != nil {
		t.Fatal(err)
	}
	w.mallory, w.stolen = w.hq.join(t, w.hq.s, "Mallory's"), w.hq.join(t, w.hq.s, "Stolen")
	w.honest = w.hq.join(t, w.hq.s, "Honest")
	w.sibling, w.foreign = w.hq.join(t, w.twin, "Sibling"), w.other.join(t, w.other.s, "Foreign")
	w.secret = person(t, w.honest, secretName)
	for _, f := range []*laptop.Folder{w.mallory, w.stolen} {
		person(t, f, "of before")
		synced(t, f)
	}
	if err := w.hq.Revoke(w.hq.s, "Stolen"); err != nil {
		t.Fatal(err)
	}
	for _, f := range []*laptop.Folder{w.honest, w.mallory, w.honest} {
		synced(t, f)
	}
	w.newcome = w.hq.join(t, w.hq.s, "Newcomer")
	if w.door, err = w.honest.OpenPeers(laptop.PeerOptions{Listen: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.door.Close)
	if err := w.door.Confirm(w.mallory.Store().Self().Log.Node); err != nil {
		t.Fatal(err)
	}
	_, w.thief, _ = ed25519.GenerateKey(nil)
	return w
}

// state is all that an attack could have moved, except what is kept apart.
func (w *world) state() string {
	text := ""
	for name, s := range map[string]*store.Store{"HQ": w.hq.s, "the twin": w.twin, "the honest laptop": w.honest.Store()} {
		token, revoked := s.Heads().Token(), 0
		for _, c := range s.Certificates() {
			if c.Revoked {
				revoked++
			}
		}
		text += fmt.Sprintf("%s: %v %x, %d nodes, %d revoked, %d images\n", name, s.Digest(), token, len(s.Certificates()), revoked, s.WholeImages())
	}
	s := w.honest.Store()
	st := s.Statement()
	text += fmt.Sprintf("the honest laptop's receipts: %x, %v, unsent %d\n", st.Token(), s.Received(), s.Unsent())
	return sortLines(text)
}

// apart is how many changes wait for a decision, at HQ and at the honest laptop.
func (w *world) apart() (n int) {
	for _, s := range []*store.Store{w.hq.s, w.honest.Store()} {
		m, err := s.Quarantined()
		if err != nil {
			w.t.Fatal(err)
		}
		n += m
	}
	return n
}

// self is who a laptop is.
func self(f *laptop.Folder) store.Identity { return f.Store().Self() }

func codeOf(err error) string {
	switch p := (*fieldwork.Problem)(nil); {
	case err == nil:
		return "taken"
	case asProblem(err, &p):
		return p.Code
	}
	return "error"
}

// knock is a way to the honest laptop's door, with a key and a voucher of somebody's choice.
func (w *world) knock(key ed25519.PrivateKey, voucher []byte) *road.HTTPS {
	own, err := road.PeerCertificate(key, voucher)
	if err != nil {
		w.t.Fatal(err)
	}
	way := &road.HTTPS{URLs: []string{"https://" + w.door.Address()}, Campaign: self(w.honest).Campaign,
		Peer: road.PeerConfig(own, func(ed25519.PublicKey, []byte) (uint32, error) { return 1, nil })}
	w.t.Cleanup(way.Close)
	return way
}
