package laptop

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/road"
)

// apart is a campaign in which two laptops have not heard of each other: the second joined after the first met HQ.
func apart(t *testing.T) (h *headquarters, old, late *Folder) {
	h = newHQ(t)
	h.online(func() {
		old = h.join("Kajiado 1")
		known := h.join("Kajiado 3")
		sync(t, known)
		sync(t, old)
		late = h.join("Kajiado 2")
		sync(t, late)
	})
	return h, old, late
}

func TestVoucher_letsANewcomerInWhereHQHasNotBeenHeardSince(t *testing.T) {
	for _, newcomerCalls := range []bool{true, false} {
		_, old, late := apart(t)
		meet(t, old, 3)
		meet(t, late, 4)
		node := late.Store().Self().Log.Node
		if _, known := old.Store().KeyOf(node); known {
			t.Fatal("the certificate is there already: this tests nothing")
		}
		po, pl := nearby(t, old, PeerOptions{Anybody: true}), nearby(t, late, PeerOptions{Anybody: true})
		if newcomerCalls {
			mustSync(t, pl, po)
		} else {
			mustSync(t, po, pl)
		}
		if old.Store().Digest() != late.Store().Digest() || old.Store().Count(fieldwork.KindTrainee) != 7 {
			t.Errorf("newcomer calls %v: %d and %d people", newcomerCalls, old.Store().Count(fieldwork.KindTrainee), late.Store().Count(fieldwork.KindTrainee))
		}
		if c, ok := certificateOf(old.Store(), node); !ok || c.Name != "Kajiado 2" {
			t.Errorf("HQ's log came along, and with it the name: %+v", c)
		}
	}
}

func TestVoucher_aPersonSeesTheLettersUntilTheNameComes(t *testing.T) {
	_, old, late := apart(t)
	po, pl := nearby(t, old, PeerOptions{}), nearby(t, late, PeerOptions{})
	_, err := po.Sync(t.Context(), pl.Address(), nil, nil)
	want := fieldwork.LettersOf(late.Store().Self().Log)
	u := (*Unconfirmed)(nil)
	if problemCode(err) != "peer-confirm" || !errors.As(err, &u) || u.Name != want {
		t.Fatalf("%v: want the letters %s", err, want)
	}
	if err := po.Confirm(u.Node); err != nil {
		t.Fatal(err)
	}
	if list := po.Nearby(); len(list) != 1 || list[0].Name != want || !list[0].Friend {
		t.Errorf("the list of laptops: %+v", list)
	}
}

func TestVoucher_outlivesARestart(t *testing.T) {
	_, old, late := apart(t)
	if err := old.Store().TakeVoucher(late.Store().Self().Voucher); err != nil {
		t.Fatal(err)
	}
	old.Close()
	again, err := Open(old.Dir, phrase)
	if err != nil {
		t.Fatal(err)
	}
	*old = *again
	self := late.Store().Self()
	if c, ok := old.Store().Vouched(self.Log.Node); !ok || !bytes.Equal(c.Key, publicKey(&self)) {
		t.Errorf("%+v %v", c, ok)
	}
}

// A newcomer by a campaign pack has never met HQ itself.
func TestVoucher_comesWithACampaignPack(t *testing.T) {
	h := newHQ(t)
	var old *Folder
	h.online(func() { old = h.join("Kajiado 1"); sync(t, old) })
	pack, code, err := h.office.Pack(t.Context(), h.store, "Kajiado 2", "volunteer", "https://127.0.0.1:1", fieldwork.RecordID{})
	if err != nil {
		t.Fatal(err)
	}
	late := blank(t)
	if err := late.JoinPack(t.Context(), pack, code, nil); err != nil {
		t.Fatal(err)
	}
	meet(t, late, 2)
	mustSync(t, nearby(t, late, PeerOptions{Anybody: true}), nearby(t, old, PeerOptions{Anybody: true}))
	if n := old.Store().Count(fieldwork.KindTrainee); n != 2 {
		t.Errorf("%d people", n)
	}
}

func TestVoucher_opensANewcomersCourierFile(t *testing.T) {
	_, old, late := apart(t)
	meet(t, late, 5)
	dir := t.TempDir()
	if _, err := late.CourierOut(t.Context(), CourierTo{Path: dir}, nil); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"+road.CourierExt))
	n, err := old.CourierIn(t.Context(), files, nil)
	if err != nil || n.Waiting != 0 || old.Store().Count(fieldwork.KindTrainee) != 5 {
		t.Errorf("%+v %v", n, err)
	}
}

// A laptop that joined before vouchers were made gets its own with the next exchange, and asks no more after that.
func TestVoucher_isAskedForByWhoHasNone(t *testing.T) {
	h, _, late := apart(t)
	given := late.Store().Self().Voucher
	if err := late.Store().UpdateIdentity(func(i *store.Identity) { i.Voucher = nil }); err != nil {
		t.Fatal(err)
	}
	h.online(func() {
		first := sync(t, late)
		if !bytes.Equal(late.Store().Self().Voucher, given) {
			t.Errorf("it got %x, want %x", late.Store().Self().Voucher, given)
		}
		if again := sync(t, late); again.BytesUp >= first.BytesUp || again.BytesDown >= first.BytesDown {
			t.Errorf("it asks again: %+v after %+v", again, first)
		}
	})
}

// Programs of before: one shows no voucher and is told what it always was; one that passes over vouchers decides as ever.
func TestVoucher_changesNothingForOlderPrograms(t *testing.T) {
	h, old, late := apart(t)
	self := late.Store().Self()
	if err := late.Store().UpdateIdentity(func(i *store.Identity) { i.Voucher = nil }); err != nil {
		t.Fatal(err)
	}
	po, pl := nearby(t, old, PeerOptions{Anybody: true}), nearby(t, late, PeerOptions{Anybody: true})
	if _, err := pl.Sync(t.Context(), po.Address(), nil, nil); problemCode(err) != "peer-unknown" {
		t.Errorf("without a voucher: %v", err)
	}
	h.online(func() { sync(t, old) })
	mustSync(t, pl, po)
	if err := late.Store().UpdateIdentity(func(i *store.Identity) { i.Voucher = self.Voucher }); err != nil {
		t.Fatal(err)
	}
	mustSync(t, pl, po) // shown to one that knows the certificate, as any older program does
}

// shown is what a laptop's door answers to somebody with the key who shows the voucher.
func shown(t *testing.T, to *Peers, key ed25519.PrivateKey, voucher []byte) error {
	t.Helper()
	own, err := road.PeerCertificate(key, voucher)
	if err != nil {
		t.Fatal(err)
	}
	way := &road.HTTPS{URLs: []string{"https://" + to.Address()}, Campaign: to.store.Self().Campaign,
		Peer: road.PeerConfig(own, func(ed25519.PublicKey, []byte) (uint32, error) { return 1, nil })}
	defer way.Close()
	_, err = way.Meet(t.Context(), false)
	return err
}

func TestVoucher_attacksAreRefused(t *testing.T) {
	h, old, late := apart(t)
	other := newHQ(t)
	var foreign *Folder
	other.online(func() { foreign = other.join("Enugu 1"); sync(t, foreign) })
	po := nearby(t, old, PeerOptions{Anybody: true})
	self := late.Store().Self()
	hq := h.store.Self()
	hqKey := hq.Key() // what HQ said before it was restored from a backup is signed as well
	mine, theirs := self.Key(), foreign.Store().Self()
	_, thief, _ := ed25519.GenerateKey(nil)
	forge := func(key ed25519.PrivateKey, change func(*journal.Voucher)) []byte {
		v, err := journal.ReadVoucher(self.Voucher)
		if err != nil {
			t.Fatal(err)
		}
		change(&v)
		if key != nil {
			v.Sign(self.Campaign, key)
		}
		return v.Append(nil)
	}
	pub := func(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
	for name, c := range map[string]struct {
		key     ed25519.PrivateKey
		voucher []byte
	}{
		"none":                                {thief, nil},
		"nonsense":                            {thief, []byte("please")},
		"somebody else's":                     {thief, self.Voucher},
		"its own signature":                   {thief, forge(thief, func(v *journal.Voucher) { v.Key = pub(thief) })},
		"another laptop's signature":          {thief, forge(mine, func(v *journal.Voucher) { v.Key = pub(thief) })},
		"another key under HQ's signature":    {thief, forge(nil, func(v *journal.Voucher) { v.Key = pub(thief) })},
		"another number under HQ's signature": {mine, forge(nil, func(v *journal.Voucher) { v.Node += 7 })},
		"another place under HQ's signature":  {mine, forge(nil, func(v *journal.Voucher) { v.Record.Seq++ })},
		"a number that is known already":      {thief, forge(hqKey, func(v *journal.Voucher) { v.Key, v.Node = pub(thief), 2 })},
		"the called laptop's own number":      {thief, forge(hqKey, func(v *journal.Voucher) { v.Key, v.Node = pub(thief), old.Store().Self().Log.Node })},
		"a place of HQ's log that is held":    {thief, forge(hqKey, func(v *journal.Voucher) { v.Key, v.Record.Seq = pub(thief), 1 })},
		"no signature":                        {mine, forge(nil, func(v *journal.Voucher) { v.Sig = nil })},
		"a byte more":                         {mine, append(bytes.Clone(self.Voucher), 0)},
		"cut":                                 {mine, self.Voucher[:len(self.Voucher)-1]},
		"another campaign's":                  {theirs.Key(), theirs.Voucher},
		"very long":                           {mine, append(bytes.Clone(self.Voucher), make([]byte, 4000)...)},
	} {
		if err := shown(t, po, c.key, c.voucher); problemCode(err) != "peer-unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := old.Store().Vouched(self.Log.Node); ok {
		t.Error("one of them was believed")
	}

	// HQ revokes the newcomer. The old laptop hears of it; the voucher that the thief still has is of no use.
	if err := h.office.Revoke(h.store, "Kajiado 2"); err != nil {
		t.Fatal(err)
	}
	if h.store.Vouch(self.Log.Node) != nil {
		t.Error("HQ vouches for a laptop that it revoked")
	}
	h.online(func() { sync(t, old) })
	if err := shown(t, po, mine, self.Voucher); problemCode(err) != "peer-revoked" {
		t.Errorf("a revoked laptop's old voucher: %v", err)
	}
}

// Taken by voucher, revoked before: what the revoked laptop wrote beyond what counts is put apart once HQ's word comes.
func TestVoucher_aLaterRevocationCountsForWhatWasTaken(t *testing.T) {
	h, old, late := apart(t)
	if err := h.office.Revoke(h.store, "Kajiado 2"); err != nil { // nobody nearby knows
		t.Fatal(err)
	}
	meet(t, late, 5)
	mustSync(t, nearby(t, late, PeerOptions{Anybody: true}), nearby(t, old, PeerOptions{Anybody: true}))
	if n := old.Store().Count(fieldwork.KindTrainee); n != 5 {
		t.Fatalf("%d people came", n)
	}
	h.online(func() { sync(t, old) })
	if n := h.store.Count(fieldwork.KindTrainee); n != 0 {
		t.Errorf("HQ shows %d people of a revoked laptop", n)
	}
	if c, _ := certificateOf(old.Store(), late.Store().Self().Log.Node); !c.Revoked {
		t.Errorf("the old laptop does not know of the revocation: %+v", c)
	}
	self := late.Store().Self()
	if err := shown(t, po(t, old), self.Key(), self.Voucher); problemCode(err) != "peer-revoked" {
		t.Errorf("shown again: %v", err)
	}
}

func po(t *testing.T, f *Folder) *Peers { return nearby(t, f, PeerOptions{Anybody: true}) }

// blank is a laptop that has not joined.
func blank(t *testing.T) *Folder {
	t.Helper()
	f, err := Init(filepath.Join(t.TempDir(), "data"), "Kajiado 2", phrase)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
