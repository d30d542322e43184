package exchange

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// Courier writes what a replica holds for somebody who cannot answer: the content of a courier file, in parts. Each
// part says who wrote it and what the writer holds, carries pieces that prove themselves, and ends with a seal.
type Courier struct {
	Replica  Replica
	Campaign journal.Campaign
	Log      fieldwork.LogID    // of the replica
	Key      ed25519.PrivateKey // of the replica's node; seals each part
	Program  string             // name and version
	Now      func() time.Time
	Have     journal.Heads           // what the readers hold for certain, and what is therefore left out
	Receipts bool                    // of HQ: what it holds is on its disk, and confirmed by this
	Progress func(done, total int64) // of writes; nil: nobody looks

	Statement *journal.Statement // HQ's receipts, of its own making or the last that is known; nil: none
	Photos    *CourierPhotos     // nil: none
	Voucher   []byte             // HQ's word for the writer, for readers that do not know it yet; empty: none
}

// Load is what was put into a courier file: of each log in To the writes after From, up to and with To.
type Load struct {
	From, To journal.Heads
	Writes   int
	Images   int // of photos
	Parts    int
}

// leastPart is the smallest limit of a part, in bytes: it has room for the version vector, the receipts and the largest frame.
const leastPart = 3*wire.MaxBody + 1024

// Write writes the parts one after the other, each at most about limit bytes long and at least leastPart. next opens
// a part for writing; Write closes it. Writes that are saved meanwhile may or may not be in it; the Load tells.
func (c *Courier) Write(ctx context.Context, limit int64, next func(number int) (io.WriteCloser, error)) (Load, error) {
	held := frozen{Replica: c.Replica, heads: c.Replica.Heads()}
	w := &partWriter{Courier: c, ctx: ctx, limit: max(limit, leastPart), next: next, heads: held.heads,
		load: Load{From: journal.Heads{}, To: journal.Heads{}}}
	for log, seq := range held.heads {
		w.total += int64(seq - min(seq, c.Have[log]))
	}
	rand.Read(w.set[:]) // never fails
	if err := w.begin(); err != nil {
		return w.load, w.abandon(err)
	}
	if _, err := pack(held, c.Have, wire.Everything(), math.MaxInt, w.changes); err != nil {
		return w.load, w.abandon(err)
	}
	if err := w.holding(); err != nil {
		return w.load, w.abandon(err)
	}
	if err := w.photos(); err != nil {
		return w.load, w.abandon(err)
	}
	if err := w.end(false); err != nil {
		return w.load, w.abandon(err)
	}
	return w.load, nil
}

// frozen is a replica whose heads stand still, so that people may go on saving.
type frozen struct {
	Replica
	heads journal.Heads
}

func (f frozen) Heads() journal.Heads { return f.heads.Clone() }

// partWriter is one Write under way.
type partWriter struct {
	*Courier
	ctx   context.Context
	limit int64
	next  func(int) (io.WriteCloser, error)
	heads journal.Heads
	set   [8]byte
	total int64
	load  Load

	out  io.WriteCloser // the part that is open
	size int64
	sum  hash.Hash
}

func (w *partWriter) begin() error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	out, err := w.next(w.load.Parts + 1)
	if err != nil {
		return err
	}
	w.load.Parts++
	w.out, w.size, w.sum = out, 0, sha256.New()
	hello := wire.Hello{Version: wire.Version, Campaign: w.Campaign, Log: w.Log, Mine: w.heads.Token(), Program: w.Program,
		Unsent: uint64(w.total), Wall: w.Now().Unix()}
	kind := wire.TypeHeads
	if w.Receipts {
		kind = wire.TypeReceived
	}
	part := wire.Part{Needs: wire.CourierVersion, Set: w.set, Number: uint64(w.load.Parts)}
	frames := []wire.Frame{part.Frame(), hello.Frame(), wire.HeadsFrame(kind, w.heads)}
	if len(w.Voucher) > 0 {
		frames = append(frames, wire.VoucherFrame(w.Voucher))
	}
	for _, f := range frames {
		if err := w.frame(f); err != nil {
			return err
		}
	}
	if w.Statement == nil {
		return nil
	}
	if f, ok := wire.StatementFrame(w.Statement); ok {
		return w.frame(f)
	}
	return nil
}

func (w *partWriter) frame(f wire.Frame) error {
	b := wire.AppendFrame(nil, f)
	w.sum.Write(b)
	w.size += int64(len(b))
	_, err := w.out.Write(b)
	return err
}

// tailBytes is what the end and the seal of a part take.
const tailBytes = 128

func (w *partWriter) changes(f wire.Frame, p *journal.Piece) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if err := w.turn(len(f.Body)); err != nil {
		return err
	}
	if err := w.frame(f); err != nil {
		return err
	}
	if _, begun := w.load.To[p.Log]; !begun {
		w.load.From[p.Log] = p.First - 1
	}
	w.load.To[p.Log] = p.Last()
	w.load.Writes += int(p.Last() - p.First + 1)
	if w.Progress != nil {
		w.Progress(int64(w.load.Writes), max(w.total, int64(w.load.Writes)))
	}
	return nil
}

// turn begins a new part where this one has no room for so many bytes.
func (w *partWriter) turn(bytes int) error {
	if w.size+int64(bytes)+tailBytes <= w.limit {
		return nil
	}
	if err := w.end(true); err != nil {
		return err
	}
	return w.begin()
}

func (w *partWriter) end(more bool) error {
	if err := w.frame(wire.EndFrame(more)); err != nil {
		return err
	}
	sig, err := w.Key.Sign(nil, sealMessage(w.Campaign, w.sum), &ed25519.Options{Context: sealContext})
	if err != nil {
		return fmt.Errorf("seal a courier file: %w", err)
	}
	if err := w.frame(wire.SealFrame(sig)); err != nil {
		return err
	}
	out := w.out
	w.out = nil
	return out.Close()
}

// abandon closes the part that is open and passes the error up.
func (w *partWriter) abandon(err error) error {
	if w.out != nil {
		w.out.Close() // unfinished: its own error says nothing new
	}
	return err
}

// sealContext separates these signatures from all others made with the same key.
const sealContext = "kandili/courier/v1"

func sealMessage(c journal.Campaign, sum hash.Hash) []byte { return sum.Sum(c[:]) }
