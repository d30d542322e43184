package journal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"kandili/internal/fieldwork"
)

// Hash is a link of a log's chain: h(n) = SHA-256(h(n-1) ‖ canonical bytes of change n). The zero hash stands before
// the first change.
type Hash [32]byte

// Link returns the hash after the change whose canonical bytes are given.
func Link(before Hash, change []byte) Hash {
	h := sha256.New()
	h.Write(before[:])
	h.Write(change)
	var out Hash
	h.Sum(out[:0])
	return out
}

// Head is the end of a log, or of a part of it: the last sequence number, the hash there, and the node's signature.
// The signature covers the chain, not an encoding, so whoever holds the changes may pack them anew.
type Head struct {
	Log  fieldwork.LogID
	Seq  uint64
	Hash Hash
	Sig  []byte // Ed25519, 64 bytes; empty where it was not signed yet
}

// Campaign names a campaign on every replica: 8 random bytes drawn by HQ.
type Campaign [8]byte

// String returns 16 hexadecimal digits.
func (c Campaign) String() string { return fmt.Sprintf("%x", c[:]) }

// headContext separates these signatures from all others made with the same key.
const headContext = "kandili/head/v1"

func (h *Head) message(c Campaign) []byte {
	b := append(make([]byte, 0, 64), c[:]...)
	b = fieldwork.AppendID(b, fieldwork.RecordID{Log: h.Log, Seq: h.Seq})
	return append(b, h.Hash[:]...)
}

// Sign signs the head with the node's key.
func (h *Head) Sign(c Campaign, key ed25519.PrivateKey) error {
	sig, err := key.Sign(nil, h.message(c), &ed25519.Options{Context: headContext})
	if err != nil {
		return fmt.Errorf("sign head of log %v: %w", h.Log, err)
	}
	h.Sig = sig
	return nil
}

// Verify says whether the head was signed with the key, for this campaign.
func (h *Head) Verify(c Campaign, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && len(h.Sig) == ed25519.SignatureSize &&
		ed25519.VerifyWithOptions(key, h.message(c), h.Sig, &ed25519.Options{Context: headContext}) == nil
}

// Heads is a version vector: for each log the last sequence number up to which it is held without a gap.
type Heads map[fieldwork.LogID]uint64

// Covers says that everything in other is held too.
func (h Heads) Covers(other Heads) bool {
	for log, seq := range other {
		if h[log] < seq {
			return false
		}
	}
	return true
}

// Clone returns a copy.
func (h Heads) Clone() Heads {
	c := make(Heads, len(h))
	for log, seq := range h {
		c[log] = seq
	}
	return c
}

// Logs returns the logs in order.
func (h Heads) Logs() []fieldwork.LogID { return sortedLogs(h) }

// Token returns a short name of the vector: the first 8 bytes of a hash over it. Two sides that remember the vector
// need to send the token only.
func (h Heads) Token() [8]byte {
	var b []byte
	for _, log := range h.Logs() {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: log, Seq: h[log]})
	}
	sum := sha256.Sum256(binary.AppendUvarint(b, uint64(len(h))))
	return [8]byte(sum[:8])
}
