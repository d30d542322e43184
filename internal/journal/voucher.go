package journal

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"

	"kandili/internal/fieldwork"
)

// Voucher is HQ's signed word for one laptop: this node has this key. The laptop shows it to others that have not met HQ
// since it joined and therefore lack its certificate. It says no more than the certificate does, and less: no name is in
// it, because whoever connects to a laptop gets to see it.
type Voucher struct {
	Record fieldwork.RecordID // the node's record in HQ's log: whoever holds that much of the log needs no voucher
	Node   uint32
	Key    ed25519.PublicKey
	Sig    []byte // HQ's, Ed25519, 64 bytes
}

// ErrVoucher says that bytes are no voucher.
var ErrVoucher = errors.New("not a voucher")

// voucherContext separates these signatures from all others made with the same key.
const voucherContext = "kandili/voucher/v1"

// Append appends the voucher's bytes.
func (v *Voucher) Append(b []byte) []byte { return append(v.append(b), v.Sig...) }

func (v *Voucher) append(b []byte) []byte {
	b = fieldwork.AppendID(b, v.Record)
	b = binary.AppendUvarint(b, uint64(v.Node))
	return append(b, v.Key...)
}

// ReadVoucher reads what Append wrote, and nothing else: one voucher has one form. Whoever believes it checks the
// signature first.
func ReadVoucher(b []byte) (Voucher, error) {
	r := reader[[]byte]{b: b}
	v := Voucher{Record: r.id(), Node: uint32(r.upTo(1<<32 - 1))}
	v.Key, v.Sig = []byte(r.text(ed25519.PublicKeySize)), []byte(r.text(ed25519.SignatureSize))
	if r.err != nil || r.at != len(b) || v.Record.Log.Node != 0 || v.Record.Seq == 0 || v.Node == 0 {
		return Voucher{}, ErrVoucher
	}
	return v, nil
}

func (v *Voucher) message(c Campaign) []byte { return v.append(append(make([]byte, 0, 64), c[:]...)) }

// Sign signs the voucher with HQ's key.
func (v *Voucher) Sign(c Campaign, key ed25519.PrivateKey) error {
	sig, err := key.Sign(nil, v.message(c), &ed25519.Options{Context: voucherContext})
	if err != nil {
		return fmt.Errorf("sign a voucher: %w", err)
	}
	v.Sig = sig
	return nil
}

// SignedBy says whether the voucher was signed with the key, for this campaign.
func (v *Voucher) SignedBy(c Campaign, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && len(v.Key) == ed25519.PublicKeySize && len(v.Sig) == ed25519.SignatureSize &&
		ed25519.VerifyWithOptions(key, v.message(c), v.Sig, &ed25519.Options{Context: voucherContext}) == nil
}
