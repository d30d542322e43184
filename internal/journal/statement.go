package journal

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"kandili/internal/fieldwork"
)

// Statement is what HQ says at one moment about everybody's changes: the receipts. HQ signs it, so it may come by any
// road and through anybody's hands, and of two the one that HQ made later counts.
type Statement struct {
	At      int64                      // HQ's clock, seconds since 1970 UTC
	Proven  int64                      // HQ's clock when the backup behind Durable was restored and found whole; 0: never
	Held    Heads                      // flushed at HQ
	Durable Heads                      // in a proven backup, or on three nodes; never beyond Held
	Marks   map[fieldwork.LogID]uint32 // of each log in Held, see Mark
	Apart   []Apart                    // what HQ keeps apart, the logs in order
	Sig     []byte                     // Ed25519, 64 bytes
}

// Apart is a run of changes that HQ keeps apart until a person decides, or for good.
type Apart struct {
	Log         fieldwork.LogID
	First, Last uint64
	Reason      Reason
	Left        bool   // a person read them and left them apart
	Text        string // why, as that person wrote it; may be empty
}

// Reason says why changes are kept apart. On the wire: add at the end, never renumber.
type Reason uint8

// The reasons.
const (
	ReasonRevoked Reason = 1 // the laptop was revoked before HQ had them
	ReasonFork    Reason = 2 // another copy of the laptop wrote other changes under the same numbers
	ReasonAgain   Reason = 3 // as before, and this laptop itself wrote them again under its new incarnation
)

// Limits of a statement.
const (
	MaxApart     = 256 // runs
	maxApartText = 160 // bytes
	maxLogs      = 4096
)

// ErrStatement says that bytes are no statement.
var ErrStatement = errors.New("not a statement of receipts")

// statementContext separates these signatures from all others made with the same key.
const statementContext = "kandili/receipts/v1"

// Append appends the statement's bytes: what is signed, then the signature.
func (s *Statement) Append(b []byte) []byte { return append(s.append(b), s.Sig...) }

func (s *Statement) append(b []byte) []byte {
	b = binary.AppendVarint(b, s.At)
	return s.appendSaid(b)
}

// appendSaid is all but the time, which alone is no news.
func (s *Statement) appendSaid(b []byte) []byte {
	b = binary.AppendVarint(b, s.Proven)
	b = binary.AppendUvarint(b, uint64(len(s.Held)))
	for _, log := range s.Held.Logs() {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: log, Seq: s.Held[log]})
		b = binary.AppendUvarint(b, s.Held[log]-min(s.Durable[log], s.Held[log]))
		b = binary.AppendUvarint(b, uint64(s.Marks[log]))
	}
	list := s.Apart[:min(len(s.Apart), MaxApart)]
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, a := range list {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: a.Log, Seq: a.First})
		b = binary.AppendUvarint(b, a.Last-a.First)
		how := uint64(a.Reason) << 1
		if a.Left {
			how |= 1
		}
		b = binary.AppendUvarint(b, how)
		text := clip(a.Text, maxApartText)
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	return b
}

// clip shortens a text to so many bytes without cutting a letter in two.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xc0 == 0x80 {
		most--
	}
	return s[:most]
}

// ReadStatement reads what Append wrote. Nothing may follow.
func ReadStatement(b []byte) (Statement, error) {
	if len(b) < ed25519.SignatureSize {
		return Statement{}, ErrStatement
	}
	r := reader[[]byte]{b: b[:len(b)-ed25519.SignatureSize]}
	s := Statement{At: r.varint(), Proven: r.varint(), Held: Heads{}, Durable: Heads{}, Marks: map[fieldwork.LogID]uint32{},
		Sig: append([]byte(nil), b[len(r.b):]...)}
	for range r.upTo(maxLogs) {
		id := r.id()
		lag, mark := r.upTo(id.Seq), uint32(r.upTo(maxMark))
		if r.err != nil {
			return Statement{}, ErrStatement
		}
		s.Held[id.Log], s.Marks[id.Log] = id.Seq, mark
		if lag < id.Seq {
			s.Durable[id.Log] = id.Seq - lag
		}
	}
	for range r.upTo(MaxApart) {
		id := r.id()
		a := Apart{Log: id.Log, First: id.Seq, Last: id.Seq + r.upTo(1<<62)}
		how := r.upTo(511)
		a.Reason, a.Left = Reason(how>>1), how&1 == 1
		a.Text = r.text(int(r.upTo(maxApartText)))
		if r.err != nil {
			return Statement{}, ErrStatement
		}
		s.Apart = append(s.Apart, a)
	}
	if r.err != nil || r.at != len(r.b) {
		return Statement{}, ErrStatement
	}
	return s, nil
}

func (r *reader[B]) text(n int) string {
	if r.err != nil || n > len(r.b)-r.at {
		r.err = ErrChange
		return ""
	}
	r.at += n
	return string(r.b[r.at-n : r.at])
}

// Token is a short name of what the statement says, whenever it was said.
func (s *Statement) Token() [8]byte {
	sum := sha256.Sum256(s.appendSaid(nil))
	return [8]byte(sum[:8])
}

// Sign signs the statement with HQ's key.
func (s *Statement) Sign(c Campaign, key ed25519.PrivateKey) error {
	sig, err := key.Sign(nil, s.append(c[:]), &ed25519.Options{Context: statementContext})
	if err != nil {
		return fmt.Errorf("sign receipts: %w", err)
	}
	s.Sig = sig
	return nil
}

// SignedBy says whether the owner of the key made the statement, for this campaign.
func (s *Statement) SignedBy(c Campaign, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && len(s.Sig) == ed25519.SignatureSize &&
		ed25519.VerifyWithOptions(key, s.append(c[:]), s.Sig, &ed25519.Options{Context: statementContext}) == nil
}

// maxMark bounds a mark: four letters of receiptAlphabet.
const maxMark = 1<<20 - 1

// Mark proves that HQ confirmed to hold a log up to a number: nobody can work it out who has not HQ's secret, and HQ
// need not keep any list to recognise it, not even after it was restored from a backup.
func Mark(secret []byte, c Campaign, log fieldwork.LogID, seq uint64) uint32 {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("kandili/receipt/v1"))
	h.Write(c[:])
	h.Write(fieldwork.AppendID(nil, fieldwork.RecordID{Log: log, Seq: seq}))
	return binary.BigEndian.Uint32(h.Sum(nil)) & maxMark
}
