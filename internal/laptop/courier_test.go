package laptop

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// headquarters is a real HQ that can be on the network or not.
type headquarters struct {
	t      *testing.T
	office *hq.Office
	store  *store.Store
	listen string // the same address each time
	ahead  time.Duration
}

func newHQ(t *testing.T) *headquarters {
	t.Helper()
	h := &headquarters{t: t, listen: "127.0.0.1:0"}
	var err error
	h.office, err = hq.Open(t.TempDir(), hq.Options{Now: func() time.Time { return time.Now().Add(h.ahead) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.office.Close() })
	if h.store, err = h.office.CreateCampaign("Kajiado", "KE", 0); err != nil {
		t.Fatal(err)
	}
	return h
}

// online runs f while HQ answers on the network.
func (h *headquarters) online(f func()) {
	h.t.Helper()
	ready := filepath.Join(h.t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.office.Serve(ctx, hq.ServeOptions{Listen: h.listen, ReadyFile: ready}) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	}()
	var at struct {
		URL string `json:"url"`
	}
	for range 500 {
		if b, err := os.ReadFile(ready); err == nil && json.Unmarshal(b, &at) == nil {
			h.listen = strings.TrimPrefix(at.URL, "https://")
			f()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatal("HQ does not answer")
}

// join makes a laptop and lets it join. HQ must be online.
func (h *headquarters) join(name string) *Folder {
	h.t.Helper()
	inv, err := h.office.Invite(h.store, "volunteer", "", 7)
	if err != nil {
		h.t.Fatal(err)
	}
	f, err := Init(filepath.Join(h.t.TempDir(), "data"), name, phrase)
	if err == nil {
		err = f.Join(h.t.Context(), inv.String())
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if r, err := f.Store().Verify(); err != nil || len(r.Damage) > 0 {
			h.t.Errorf("%s: %v %q", name, err, r.Damage)
		}
		f.Close()
	})
	return f
}

func sync(t *testing.T, f *Folder) exchange.Result {
	t.Helper()
	res, err := f.Sync(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// meet registers people whose names hardly compress, and returns the last one.
func meet(t *testing.T, f *Folder, n int) fieldwork.RecordID {
	t.Helper()
	var drafts []store.Draft
	for range n {
		text := ""
		for range 12 {
			text += fmt.Sprintf("%016x", rand.Uint64())
		}
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(text)}}}}})
	}
	if _, err := f.Store().SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	ids := f.Store().IDs(fieldwork.KindTrainee)
	return ids[len(ids)-1]
}

func carry(t *testing.T, f *Folder, to CourierTo) road.CourierSent {
	t.Helper()
	sent, err := f.CourierOut(t.Context(), to, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func (h *headquarters) answer(stick string) []string {
	h.t.Helper()
	sent, err := h.office.CourierOut(h.t.Context(), h.store, hq.CourierAnswer{Path: stick})
	if err != nil {
		h.t.Fatal(err)
	}
	return sent.Files
}

// places counts where a laptop's records of people are.
func places(f *Folder) map[store.Place]int {
	n := map[store.Place]int{}
	for _, id := range f.Store().IDs(fieldwork.KindTrainee) {
		n[f.Store().Where(id)]++
	}
	return n
}

// The story of H3 and H4: two laptops without a network, one stick to HQ and back, a part lost on the way and sent
// by network later.
func TestCourier_twoLaptopsOneStickAndBack(t *testing.T) {
	h := newHQ(t)
	stick := t.TempDir()
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
	})

	// Days without a network. Both write on the same stick.
	meet(t, a, 5000)
	meet(t, b, 300)
	fromA := carry(t, a, CourierTo{Path: stick, MaxBytes: road.LeastCourier})
	fromB := carry(t, b, CourierTo{Path: stick})
	if len(fromA.Files) < 3 || fromA.Writes != 5000 || len(fromB.Files) != 1 || fromB.Writes != 300 {
		t.Fatalf("written: %+v %+v", fromA, fromB)
	}
	late := meet(t, a, 7) // after the stick has left
	if got := places(a); got[store.InCourier] != 5000 || got[store.OnThisLaptop] != 7 || a.Store().Where(late) != store.OnThisLaptop {
		t.Errorf("on laptop A: %v", got)
	}
	if got := a.Store().OnTheWay(); got.Writes != 5000 || got.Files != len(fromA.Files) || a.Store().Unsent() != 5007 {
		t.Errorf("on the way: %+v, unsent %d", got, a.Store().Unsent())
	}

	// The stick reaches HQ without its second part.
	lost := fromA.Files[1]
	if err := os.Remove(lost); err != nil {
		t.Fatal(err)
	}
	arrived := append(append([]string{fromA.Files[0]}, fromA.Files[2:]...), fromB.Files...)
	n, err := h.office.CourierIn(t.Context(), arrived)
	if err != nil || n.Waiting != len(fromA.Files)-2 || n.Received < 300 || n.Received >= 5300 {
		t.Fatalf("HQ took %+v %v", n, err)
	}
	if again, err := h.office.CourierIn(t.Context(), arrived); err != nil || again.Received != 0 {
		t.Errorf("taken in once more: %+v %v", again, err)
	}
	ofA := n.Received - 300

	// HQ's answer travels back on the same stick.
	answer := h.answer(stick)
	news, err := a.CourierIn(t.Context(), answer, nil)
	if err != nil || !news.Receipts || news.Received < 300 || news.Unsent != 5007-ofA {
		t.Fatalf("laptop A heard %+v %v", news, err)
	}
	if got := places(a); got[store.AtHQ] != ofA+300 || got[store.InCourier] != 5000-ofA || got[store.OnThisLaptop] != 7 {
		t.Errorf("on laptop A after the answer: %v, HQ holds %d of it", got, ofA)
	}
	if news, err = a.CourierIn(t.Context(), answer, nil); err != nil || news.Received != 0 {
		t.Errorf("the answer once more: %+v %v", news, err)
	}
	if news, err = b.CourierIn(t.Context(), answer, nil); err != nil || news.Unsent != 0 || b.Store().Unsent() != 0 || b.Store().OnTheWay() != (store.OnTheWay{}) {
		t.Errorf("laptop B heard %+v %v", news, err)
	}

	// A network at last: only what the lost part held, and what came later, goes over it.
	h.online(func() {
		res := sync(t, a)
		if res.Sent != 5007-ofA || res.Unsent != 0 {
			t.Errorf("laptop A sent %+v, HQ lacked %d", res, 5007-ofA)
		}
		sync(t, b)
		sync(t, a)
	})
	want := h.store.Digest()
	if a.Store().Digest() != want || b.Store().Digest() != want || h.store.Count(fieldwork.KindTrainee) != 5307 {
		t.Errorf("digests: HQ %v, A %v, B %v", want, a.Store().Digest(), b.Store().Digest())
	}
	if got := places(a); got[store.AtHQ] != 5307 {
		t.Errorf("at the end on laptop A: %v", got)
	}
	if left, _ := filepath.Glob(filepath.Join(h.store.Dir(), "waiting", "*")); len(left) > 0 {
		t.Errorf("still waiting at HQ: %q", left)
	}
	if sent := carry(t, a, CourierTo{Path: stick}); len(sent.Files) != 0 {
		t.Errorf("with nothing to carry: %+v", sent)
	}
}

func TestCourier_aLaptopTakesInWhatAnotherWrote(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
	})
	meet(t, a, 20)
	sent := carry(t, a, CourierTo{Path: t.TempDir()})
	if news, err := b.CourierIn(t.Context(), sent.Files, nil); err != nil || news.Received != 20 || news.Receipts {
		t.Fatalf("%+v %v", news, err)
	}
	if got := places(b); got[store.OnThisLaptop] != 20 {
		t.Errorf("on laptop B: %v", got) // from A to B is not to HQ
	}
	relayed := carry(t, b, CourierTo{Path: t.TempDir()}) // B carries A's changes on
	if n, err := h.office.CourierIn(t.Context(), relayed.Files); err != nil || n.Received != 20 {
		t.Errorf("HQ took %+v %v", n, err)
	}
	news, err := a.CourierIn(t.Context(), h.answer(t.TempDir()), nil)
	if err != nil || news.Unsent != 0 || places(a)[store.AtHQ] != 20 {
		t.Errorf("laptop A heard %+v %v, %v", news, err, places(a))
	}
}

func TestCourier_aLaptopThatNeverSyncedCarriesToo(t *testing.T) {
	h := newHQ(t)
	var a *Folder
	h.online(func() { a = h.join("Kajiado 1") })
	meet(t, a, 3)
	sent := carry(t, a, CourierTo{Path: t.TempDir()})
	if n, err := h.office.CourierIn(t.Context(), sent.Files); err != nil || n.Received != 3 {
		t.Fatalf("HQ took %+v %v", n, err)
	}
	news, err := a.CourierIn(t.Context(), h.answer(t.TempDir()), nil)
	if err != nil || !news.Receipts || news.Unsent != 0 || a.Store().Digest() != h.store.Digest() {
		t.Errorf("laptop A heard %+v %v", news, err)
	}
}

func TestCourier_whatHQHasByStickIsNotSentAgain(t *testing.T) {
	h := newHQ(t)
	var a *Folder
	h.online(func() {
		a = h.join("Kajiado 1")
		sync(t, a)
	})
	meet(t, a, 2000)
	sent := carry(t, a, CourierTo{Path: t.TempDir()})
	if _, err := h.office.CourierIn(t.Context(), sent.Files); err != nil {
		t.Fatal(err)
	}
	h.online(func() {
		if res := sync(t, a); res.Sent != 2000 || res.BytesUp > 1000 || res.Unsent != 0 {
			t.Errorf("%d bytes of changes were carried, and the network got %+v", sent.Bytes, res)
		}
	})
}

func TestCourier_onlyHQSaysWhatHQHolds(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
	})
	meet(t, a, 3)
	if _, err := b.CourierIn(t.Context(), carry(t, a, CourierTo{Path: t.TempDir()}).Files, nil); err != nil {
		t.Fatal(err)
	}
	// B says in HQ's name that HQ holds what A wrote, with the only key that it has.
	self := b.Store().Self()
	own, err := road.CourierIdentity(self.Seed)
	if err != nil {
		t.Fatal(err)
	}
	readers, err := courierRecipients(b.Store())
	if err != nil {
		t.Fatal(err)
	}
	for what, log := range map[string]fieldwork.LogID{"HQ's": {}, "its own": self.Log} {
		forged, err := road.WriteCourier(t.Context(), road.CourierOut{To: t.TempDir(), For: readers, Self: own,
			Courier: exchange.Courier{Replica: b.Store(), Campaign: self.Campaign, Log: log, Key: self.Key(), Now: time.Now, Receipts: true}})
		if err != nil {
			t.Fatal(err)
		}
		news, err := a.CourierIn(t.Context(), forged.Files, nil)
		if err != nil || news.Receipts || news.Unsent != 3 {
			t.Errorf("receipts in %s name: %+v %v", what, news, err)
		}
	}
}

func TestCourier_whatBuildsOnAnUnknownLaptopWaitsForTheNetwork(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a) // B never synced: it does not know A
	})
	if err := a.Store().UpdateIdentity(func(i *store.Identity) { i.Voucher = nil }); err != nil { // an older program's file
		t.Fatal(err)
	}
	meet(t, a, 10)
	news, err := b.CourierIn(t.Context(), carry(t, a, CourierTo{Path: t.TempDir()}).Files, nil)
	if err != nil || news.Received != 0 || news.Waiting != 1 || !news.Files[0].Waits {
		t.Fatalf("%+v %v", news, err)
	}
	h.online(func() {
		if res := sync(t, b); b.Store().Count(fieldwork.KindTrainee) != 10 {
			t.Errorf("after HQ said who A is: %+v", res)
		}
		sync(t, b)
		sync(t, a)
	})
	if a.Store().Digest() != b.Store().Digest() || a.Store().Digest() != h.store.Digest() || a.Store().Unsent() != 0 {
		t.Error("not equal at the end")
	}
}

func TestCourier_aRevokedLaptopsFileIsKeptApart(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
	})
	meet(t, a, 2000) // several frames
	sent := carry(t, a, CourierTo{Path: t.TempDir()})
	if err := h.office.Revoke(h.store, "Kajiado 1"); err != nil {
		t.Fatal(err)
	}
	n, err := h.office.CourierIn(t.Context(), sent.Files)
	if err != nil || n.Received != 0 || n.Quarantined != 2000 || n.Waiting != 0 {
		t.Fatalf("HQ took %+v %v", n, err)
	}
	if n, err = h.office.CourierIn(t.Context(), sent.Files); err != nil || n.Quarantined != 0 {
		t.Errorf("once more: %+v %v", n, err)
	}
	if q, err := h.store.Quarantined(); err != nil || q != 2000 {
		t.Errorf("%d apart, %v", q, err)
	}
	answer := h.answer(t.TempDir())
	if _, err := a.CourierIn(t.Context(), answer, nil); code(err) != "not-for-us" {
		t.Errorf("a revoked laptop opened HQ's answer: %v", err)
	}
	if _, err := b.CourierIn(t.Context(), answer, nil); err != nil {
		t.Errorf("the other laptop: %v", err)
	}
	if _, err := a.CourierIn(t.Context(), carry(t, b, CourierTo{Path: t.TempDir(), All: true}).Files, nil); code(err) != "not-for-us" {
		t.Errorf("a revoked laptop opened a courier file of another: %v", err)
	}
	if got := places(a); got[store.InCourier] != 2000 {
		t.Errorf("what is apart is not at HQ: %v", got)
	}
	if _, err := h.office.CourierOut(t.Context(), h.store, hq.CourierAnswer{Path: t.TempDir(), Node: "Kajiado 1"}); code(err) != "revoked" {
		t.Errorf("an answer for a revoked laptop: %v", err)
	}
}

func TestCourier_anOldAnswerTakesNothingBackAndPromisesNothing(t *testing.T) {
	h := newHQ(t)
	var a *Folder
	h.online(func() {
		a = h.join("Kajiado 1")
		sync(t, a)
	})
	meet(t, a, 5)
	if _, err := h.office.CourierIn(t.Context(), carry(t, a, CourierTo{Path: t.TempDir()}).Files); err != nil {
		t.Fatal(err)
	}
	old := h.answer(t.TempDir())
	meet(t, a, 5)
	h.ahead = 24 * time.Hour
	h.online(func() { sync(t, a) })
	later := a.Store().Received()
	news, err := a.CourierIn(t.Context(), old, nil)
	if err != nil || news.Receipts || !a.Store().Received().Covers(later) || a.Store().Unsent() != 0 {
		t.Errorf("%+v %v: %v, before %v", news, err, a.Store().Received(), later)
	}
}

func TestCourier_whatWasCarriedIsRememberedAfterARestart(t *testing.T) {
	h := newHQ(t)
	var a *Folder
	h.online(func() { a = h.join("Kajiado 1") })
	id := meet(t, a, 4)
	carry(t, a, CourierTo{Path: t.TempDir()})
	dir := a.Dir
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, phrase)
	if err != nil {
		t.Fatal(err)
	}
	*a = *again // the clean-up closes it
	if got := a.Store().Where(id); got != store.InCourier {
		t.Errorf("the record is %q", got)
	}
	if got := a.Store().OnTheWay(); got.Writes != 4 || got.Files != 1 || got.Last == 0 {
		t.Errorf("%+v", got)
	}
}

func TestCourier_aWriteThatFailsCountsForNothing(t *testing.T) {
	h := newHQ(t)
	var a *Folder
	h.online(func() { a = h.join("Kajiado 1") })
	meet(t, a, 4)
	if _, err := a.CourierOut(t.Context(), CourierTo{Path: filepath.Join(t.TempDir(), "pulled out", "x.kcourier")}, nil); code(err) != "courier-gone" {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.CourierOut(ctx, CourierTo{Path: t.TempDir()}, nil); code(err) != "cancelled" {
		t.Errorf("got %v", err)
	}
	if got := places(a); got[store.OnThisLaptop] != 4 || a.Store().OnTheWay() != (store.OnTheWay{}) {
		t.Errorf("%v %+v", got, a.Store().OnTheWay())
	}
}

func TestCourier_practiceStaysOnTheLaptop(t *testing.T) {
	f := practiceLaptop(t)
	if _, err := f.CourierOut(t.Context(), CourierTo{Path: t.TempDir()}, nil); code(err) != "practice" {
		t.Errorf("out: %v", err)
	}
	if _, err := f.CourierIn(t.Context(), []string{"x"}, nil); code(err) != "practice" {
		t.Errorf("in: %v", err)
	}
}
