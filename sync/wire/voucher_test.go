package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// goldenVoucher is HQ's word for a laptop in the golden frames, with the key of 32 zero bytes.
func goldenVoucher(t *testing.T) []byte {
	v := journal.Voucher{Record: fieldwork.RecordID{Seq: 31}, Node: 9, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)).Public().(ed25519.PublicKey)}
	if err := v.Sign(journal.Campaign{1}, ed25519.NewKeyFromSeed(make([]byte, 32))); err != nil {
		t.Fatal(err)
	}
	return v.Append(nil)
}

// sayVoucher tells what a voucher's frame says, for ever in these words.
func sayVoucher(f wire.Frame) []string {
	if f.Type != wire.TypeVoucher || len(f.Body) == 0 {
		return []string{fmt.Sprintf("type %d: asks for a voucher", f.Type)}
	}
	v, err := journal.ReadVoucher(f.Body)
	if err != nil {
		return []string{err.Error()}
	}
	return []string{fmt.Sprintf("voucher: record %v, node %d, key %x, signed by the zero seed for campaign 0100000000000000: %v", v.Record, v.Node, v.Key, v.SignedBy(journal.Campaign{1}, zeroKey()))}
}

// TestGolden_vouchersAreReadForEver: the file is never changed.
func TestGolden_vouchersAreReadForEver(t *testing.T) {
	var now []golden
	for _, g := range []struct {
		name string
		f    wire.Frame
	}{{"asking", wire.VoucherFrame(nil)}, {"voucher", wire.VoucherFrame(goldenVoucher(t))}} {
		now = append(now, golden{g.name, base64.StdEncoding.EncodeToString(wire.AppendFrame(nil, g.f)), sayVoucher(g.f)})
	}
	readForEver(t, "testdata/voucher-1.json", now, sayVoucher, true)
}
