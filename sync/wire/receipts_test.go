package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// goldenStatement is what HQ says in the golden frames, with the key of 32 zero bytes.
func goldenStatement(t *testing.T) journal.Statement {
	one, two := fieldwork.LogID{Node: 4}, fieldwork.LogID{Node: 9, Epoch: 1 << 31}
	s := journal.Statement{At: 1_800_000_000, Proven: 1_799_990_000, Held: journal.Heads{{}: 31, one: 1042, two: 83}, Durable: journal.Heads{{}: 31, one: 900}, Marks: map[fieldwork.LogID]uint32{},
		Apart: []journal.Apart{{Log: two, First: 84, Last: 90, Reason: journal.ReasonRevoked, Left: true, Text: "Nobody knows who had it."}, {Log: two, First: 91, Last: 91, Reason: journal.ReasonRevoked}}}
	for log, seq := range s.Held {
		s.Marks[log] = journal.Mark([]byte("HQ's secret"), journal.Campaign{1}, log, seq)
	}
	if err := s.Sign(journal.Campaign{1}, ed25519.NewKeyFromSeed(make([]byte, 32))); err != nil {
		t.Fatal(err)
	}
	return s
}

func goldenReceiptFrames(t *testing.T) (list []golden) {
	s := goldenStatement(t)
	f, ok := wire.StatementFrame(&s)
	if !ok {
		t.Fatal("too long")
	}
	for name, f := range map[string]wire.Frame{"statement": f, "known": wire.KnownFrame(s.Token())} {
		list = append(list, golden{name, base64.StdEncoding.EncodeToString(wire.AppendFrame(nil, f)), sayReceipts(f)})
	}
	slices.SortFunc(list, func(a, b golden) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return list
}

// sayReceipts tells what a frame of receipts says, for ever in these words.
func sayReceipts(f wire.Frame) []string {
	if f.Type == wire.TypeKnown {
		token, err := wire.ReadKnown(f.Body)
		return []string{fmt.Sprintf("known: %x %v", token, err)}
	}
	s, err := wire.ReadStatement(f.Body)
	if err != nil {
		return []string{err.Error()}
	}
	zero := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	lines := []string{fmt.Sprintf("statement: at %d, proven %d, token %x, signed by the zero key for campaign 1: %v", s.At, s.Proven, s.Token(), s.SignedBy(journal.Campaign{1}, zero))}
	for _, log := range s.Held.Logs() {
		lines = append(lines, fmt.Sprintf("  %v held up to %d, durable up to %d, receipt %s", log, s.Held[log], s.Durable[log], fieldwork.ReceiptNumber(log, s.Held[log], s.Marks[log])))
	}
	for _, a := range s.Apart {
		lines = append(lines, fmt.Sprintf("  %v from %d to %d apart: reason %d, left %v, %q", a.Log, a.First, a.Last, a.Reason, a.Left, a.Text))
	}
	return lines
}

// TestGolden_receiptsAreReadForEver: the file is never changed.
func TestGolden_receiptsAreReadForEver(t *testing.T) {
	readForEver(t, "testdata/receipts-1.json", goldenReceiptFrames(t), sayReceipts, true)
}
