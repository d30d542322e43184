package journal

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"testing"

	"kandili/internal/fieldwork"
)

func voucher(t testing.TB) (v Voucher, hq ed25519.PrivateKey) {
	hq = ed25519.NewKeyFromSeed(make([]byte, 32))
	v = Voucher{Record: fieldwork.RecordID{Log: fieldwork.LogID{Epoch: 3}, Seq: 1 << 40}, Node: 1<<32 - 1, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)).Public().(ed25519.PublicKey)}
	if err := v.Sign(Campaign{1}, hq); err != nil {
		t.Fatal(err)
	}
	return v, hq
}

func TestVoucher_isReadBackAndCountsForItsCampaignOnly(t *testing.T) {
	v, hq := voucher(t)
	public := hq.Public().(ed25519.PublicKey)
	got, err := ReadVoucher(v.Append(nil))
	if err != nil || got.Record != v.Record || got.Node != v.Node || !got.Key.Equal(v.Key) || !got.SignedBy(Campaign{1}, public) {
		t.Fatalf("%+v %v", got, err)
	}
	if got.SignedBy(Campaign{2}, public) || got.SignedBy(Campaign{1}, v.Key) {
		t.Error("it counts for another campaign, or under another key")
	}
	head := Head{Log: fieldwork.LogID{Epoch: 3}, Seq: v.Record.Seq, Sig: v.Sig}
	if head.Verify(Campaign{1}, public) {
		t.Error("its signature stands for a head")
	}
}

func TestVoucher_everyChangedByteIsNoticed(t *testing.T) {
	v, hq := voucher(t)
	b := v.Append(nil)
	for i := range b {
		bad := bytes.Clone(b)
		bad[i] ^= 1
		if x, err := ReadVoucher(bad); err == nil && x.SignedBy(Campaign{1}, hq.Public().(ed25519.PublicKey)) {
			t.Errorf("byte %d was changed", i)
		}
	}
	for i := range b {
		if _, err := ReadVoucher(b[:i]); !errors.Is(err, ErrVoucher) {
			t.Errorf("%d bytes of it: %v", i, err)
		}
	}
	if _, err := ReadVoucher(append(b, 0)); !errors.Is(err, ErrVoucher) {
		t.Errorf("a byte more: %v", err)
	}
}

func FuzzReadVoucher(f *testing.F) {
	v, _ := voucher(f)
	f.Add(v.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ReadVoucher(b)
		if err == nil && !bytes.Equal(v.Append(nil), b) {
			t.Errorf("%x is written as %x", b, v.Append(nil))
		}
	})
}
