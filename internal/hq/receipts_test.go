package hq

import (
	"crypto/ed25519"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/sync/wire"
)

// ticking is a clock that a test moves while HQ serves.
type ticking struct{ seconds atomic.Int64 }

func (c *ticking) now() time.Time          { return time.Unix(c.seconds.Load(), 0) }
func (c *ticking) forward(d time.Duration) { c.seconds.Add(int64(d.Seconds())) }

// tickingOffice is an office that begins at 1,800,000,000.
func tickingOffice(t *testing.T) (*Office, *store.Store, *ticking) {
	t.Helper()
	c := &ticking{}
	c.seconds.Store(1_800_000_000)
	o, s := newOffice(t, &clock{c.now()})
	o.now = c.now
	return o, s, c
}

// person registers somebody and returns the record.
func person(t *testing.T, f *laptop.Folder, name string) fieldwork.Record {
	t.Helper()
	return added(t, f, "trainee", laptop.Cells{"given_name": name})
}

// where complains unless the laptop says that the record is there.
func where(t *testing.T, f *laptop.Folder, id fieldwork.RecordID, want store.Place) store.Receipt {
	t.Helper()
	r := f.Store().Receipt(id)
	if r.Place != want {
		t.Errorf("%s is at %q, want %q: %+v", fieldwork.CodeOf(id), r.Place, want, r)
	}
	return r
}

func TestReceipts_fromTheLaptopToAProvenBackup(t *testing.T) {
	o, s, _ := tickingOffice(t)
	at, _ := serve(t, o)
	one, two := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")
	first := person(t, one, "Nasieku")
	if r := where(t, one, first.ID, store.OnThisLaptop); r.Number != "" || r.Durable {
		t.Errorf("before any sync: %+v", r)
	}
	synced(t, one)
	r := where(t, one, first.ID, store.AtHQ)
	if r.Number == "" || r.At != 1_800_000_000 || r.Durable {
		t.Fatalf("after the first sync: %+v", r)
	}
	c, err := o.CheckReceipt(s, strings.ToLower(r.Number))
	if err != nil || !c.Given || c.Held < c.Seq || c.Log != first.ID.Log {
		t.Errorf("HQ does not know its own receipt %s: %+v %v", r.Number, c, err)
	}
	forged := r.Number[:len(r.Number)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(r.Number, "0")]
	if c, err := o.CheckReceipt(s, forged); err != nil || c.Given {
		t.Errorf("a forged receipt %s: %+v %v", forged, c, err)
	}
	trial, err := o.Prove(t.Context(), filepath.Join(t.TempDir(), "stick"))
	if err != nil || trial.Writes == 0 || trial.Bytes == 0 {
		t.Fatalf("%+v %v", trial, err)
	}
	second := person(t, one, "Naserian")
	synced(t, one, two)
	if again := where(t, one, first.ID, store.AtHQ); !again.Durable || again.Number != r.Number || again.At != r.At {
		t.Errorf("in the proven backup, with its own receipt %s: %+v", r.Number, again)
	}
	if r := where(t, one, second.ID, store.AtHQ); r.Durable || r.Number == "" {
		t.Errorf("what came after the backup is not in it: %+v", r)
	}
	if r := where(t, two, first.ID, store.AtHQ); !r.Durable || r.Number == "" {
		t.Errorf("the other laptop knows as much: %+v", r)
	}
	if shown, _ := one.Show(first.ID, false); shown.Receipt == nil || shown.Receipt.Number != r.Number || !shown.Receipt.BackedUp {
		t.Errorf("show says %+v", shown.Receipt)
	}
}

func TestReceipts_reachTheThirdLaptopInTheSecondOnesCourierFile(t *testing.T) {
	o, s, c := tickingOffice(t)
	at, _ := serve(t, o)
	one, two := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")
	synced(t, one, two) // each knows the other's key
	mine := person(t, one, "Nasieku")
	stick := t.TempDir()
	sent, err := one.CourierOut(t.Context(), laptop.CourierTo{Path: stick}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.CourierIn(t.Context(), sent.Files, nil); err != nil {
		t.Fatal(err)
	}
	where(t, one, mine.ID, store.InCourier)
	where(t, two, mine.ID, store.OnThisLaptop)
	synced(t, two) // brings it home
	if _, err := o.Prove(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	c.forward(time.Hour)
	person(t, two, "Naserian")
	synced(t, two)
	person(t, two, "Nalotu") // else there is nothing to write
	if sent, err = two.CourierOut(t.Context(), laptop.CourierTo{Path: stick}, nil); err != nil {
		t.Fatal(err)
	}
	news, err := one.CourierIn(t.Context(), sent.Files, nil)
	if err != nil || !news.Receipts {
		t.Fatalf("%+v %v", news, err)
	}
	if r := where(t, one, mine.ID, store.AtHQ); !r.Durable || r.Number == "" || one.Store().Unsent() != 0 {
		t.Errorf("HQ's receipt came by another laptop's stick: %+v, unsent %d", r, one.Store().Unsent())
	}
	// An older statement, or one that HQ did not make, takes nothing back.
	old := one.Store().Statement()
	forged := old
	forged.At, forged.Held = old.At+1, journal.Heads{}
	if err := forged.Sign(s.Self().Campaign, ed25519.NewKeyFromSeed(store.NewSeed())); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Store().TakeStatement(forged, true); err == nil {
		t.Error("a statement that HQ did not sign was believed")
	}
	where(t, one, mine.ID, store.AtHQ)
}

// TestPitfall24_aRestoredHQIsNoticedAndGivenAgain: HQ's disk broke, and a backup of yesterday took its place.
func TestPitfall24_aRestoredHQIsNoticedAndGivenAgain(t *testing.T) {
	o, s, c := tickingOffice(t)
	dir := t.TempDir()
	at, _ := serve(t, o)
	one, two := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")
	before := person(t, one, "Nasieku")
	synced(t, one, two)
	trial, err := o.Prove(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	c.forward(time.Hour)
	after := person(t, one, "Naserian")
	if _, err := o.Ask(s, after.ID, 0, "Which village?", "lea", 0); err != nil { // HQ's own log goes on, too
		t.Fatal(err)
	}
	synced(t, one, two)
	receipt := where(t, one, after.ID, store.Question)
	if receipt.Number == "" {
		t.Fatal("no receipt")
	}

	again := filepath.Join(t.TempDir(), "hq")
	if err := Restore(again, trial.Path, false); err != nil {
		t.Fatal(err)
	}
	c.forward(time.Hour)
	o2, err := Open(again, Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o2.Close() })
	s2 := o2.byID(s.Self().Campaign.String())
	at2, _ := serve(t, o2)
	if c, err := o2.CheckReceipt(s2, receipt.Number); err != nil || !c.Given || c.Held >= c.Seq {
		t.Errorf("the restored HQ must own up to what it confirmed and lost: %+v %v", c, err)
	}
	if _, err := o2.Ask(s2, before.ID, 0, "Is this her phone?", "lea", 0); err != nil { // written by a restored HQ
		t.Fatal(err)
	}
	for _, f := range []*laptop.Folder{one, two} {
		if err := f.Store().UpdateIdentity(func(i *store.Identity) { i.URLs = []string{at2} }); err != nil {
			t.Fatal(err)
		}
	}
	if res, err := one.Sync(t.Context(), nil); err != nil || res.Forgotten == 0 {
		t.Errorf("the laptop does not say that HQ had forgotten something: %+v %v", res, err)
	}
	if n := one.Store().Forgotten(); n != 0 {
		t.Errorf("after the exchange HQ still lacks %d", n)
	}
	synced(t, two, one)
	for _, f := range []*laptop.Folder{one, two} {
		if got, want := f.Store().Digest(), s2.Digest(); got != want {
			t.Errorf("%s shows %v, HQ %v", f.Settings().Name, got, want)
		}
	}
	if _, ok := s2.Record(after.ID); !ok {
		t.Error("what HQ had lost did not come back")
	}
	where(t, two, before.ID, store.Question)
	where(t, two, after.ID, store.Question)
	if c, err := o2.CheckReceipt(s2, receipt.Number); err != nil || !c.Given || c.Held < c.Seq {
		t.Errorf("the receipt holds true again: %+v %v", c, err)
	}
}

// TestPitfall12_aServerThatSaysYesAndStoresNothingBringsNothingHome: without a receipt nothing counts as sent.
func TestPitfall12_aServerThatSaysYesAndStoresNothingBringsNothingHome(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, _ := serve(t, o)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	synced(t, f)
	mine := person(t, f, "Nasieku")
	cert, err := o.certificate()
	if err != nil {
		t.Fatal(err)
	}
	liar := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in := wire.NewReader(r.Body)
		for {
			if _, err := in.Next(); err != nil {
				break
			}
		}
		w.Header().Set("X-Kandili", "1")
		w.Header().Set("Content-Type", "application/x-kandili")
		w.Write(wire.AppendFrame(nil, wire.EndFrame(false)))
	}))
	liar.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	liar.StartTLS()
	defer liar.Close()
	if err := f.Store().UpdateIdentity(func(i *store.Identity) { i.URLs = []string{liar.URL} }); err != nil {
		t.Fatal(err)
	}
	res, err := f.Sync(t.Context(), nil)
	if res.Sent != 0 || res.Unsent == 0 || f.Store().Unsent() == 0 {
		t.Errorf("sent %d, unsent %d: %v", res.Sent, res.Unsent, err)
	}
	where(t, f, mine.ID, store.OnThisLaptop)
	if err := f.Store().UpdateIdentity(func(i *store.Identity) { i.URLs = []string{at} }); err != nil {
		t.Fatal(err)
	}
	synced(t, f)
	where(t, f, mine.ID, store.AtHQ)
}

func TestProve_aBackupThatCannotBeRestoredCountsForNothing(t *testing.T) {
	o, s, c := tickingOffice(t)
	at, _ := serve(t, o)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	p := person(t, f, "Nasieku")
	key := filepath.Join(o.dir, "hq.key")
	good, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, append([]byte(nil), make([]byte, len(good))...), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	trial, err := o.Prove(t.Context(), dir)
	if code(err) != "backup-unproven" || trial.Failed == "" || o.lastTrial().Failed == "" {
		t.Errorf("with a key that opens nothing: %+v %v", trial, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	synced(t, f)
	if r := where(t, f, p.ID, store.AtHQ); r.Durable {
		t.Error("an unproven backup makes nothing durable")
	}
	if err := os.WriteFile(key, good, 0o600); err != nil {
		t.Fatal(err)
	}
	for range keptBackups + 2 {
		if _, err := o.Prove(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		c.forward(time.Minute)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != keptBackups {
		t.Errorf("%d files stay, want %d: %v", len(left), keptBackups, left)
	}
	if o.lastTrial().Failed != "" {
		t.Error("the last trial went well")
	}
}
