package exchange

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// What reading a part of a courier file may end with. What was taken before stays, for each piece proves itself.
var (
	ErrNotCourier = errors.New("not a part of a courier file")
	ErrNewer      = errors.New("a newer program wrote this courier file")
	ErrBroken     = errors.New("the courier file is damaged or ends too early")
)

// CourierPart is one part of a courier file that is being read.
type CourierPart struct {
	Part  wire.Part
	Hello wire.Hello // of the writer; believe it once the seal is checked

	in    *wire.Reader
	sum   hash.Hash
	photo func(wire.Frame) error // takes manifests and chunks; nil: they are passed over
	vouch Vouching               // believes HQ's word for the writer; nil: of no use
}

// Told is what a part says besides the changes. It is worth something only where SealedBy says so.
type Told struct {
	Hello    wire.Hello
	Heads    journal.Heads // what the writer held
	Receipts bool          // it was on the writer's disk
	More     bool          // a part follows
	Photos   []wire.Photos // what the writer held of photos

	Statement *journal.Statement // HQ's receipts, which prove themselves whoever wrote the part; nil: none

	sum, sig []byte
}

// SealedBy says whether the owner of the key wrote all of the part.
func (t *Told) SealedBy(key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && len(t.sig) == ed25519.SignatureSize &&
		ed25519.VerifyWithOptions(key, t.sum, t.sig, &ed25519.Options{Context: sealContext}) == nil
}

// OpenPart reads who wrote the part. It fails with ErrNotCourier, ErrNewer or ErrBroken.
func OpenPart(r io.Reader) (*CourierPart, error) {
	p := &CourierPart{in: wire.NewReader(r), sum: sha256.New()}
	f, err := p.next()
	if err != nil {
		return nil, err
	}
	if f.Type != wire.TypePart {
		return nil, ErrNotCourier
	}
	if p.Part, err = wire.ReadPart(f.Body); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotCourier, err)
	}
	if p.Part.Needs > wire.CourierVersion {
		return nil, ErrNewer
	}
	if f, err = p.next(); err != nil {
		return nil, err
	}
	if f.Type != wire.TypeHello {
		return nil, ErrNotCourier
	}
	if p.Hello, err = wire.ReadHello(f.Body); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotCourier, err)
	}
	return p, nil
}

// next returns the next frame and adds it to the sum that the seal is over.
func (p *CourierPart) next() (wire.Frame, error) {
	f, err := p.in.Next()
	if err != nil {
		return f, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if f.Type != wire.TypeSeal {
		p.sum.Write(wire.AppendFrame(nil, f))
	}
	return f, nil
}

// Read hands every piece to take and returns what else the part tells. It stops at take's first error.
func (p *CourierPart) Read(take func(journal.Piece) error) (Told, error) {
	t := Told{Hello: p.Hello}
	ended := false
	for {
		f, err := p.next()
		if err != nil {
			return t, err
		}
		switch f.Type {
		case wire.TypeHeads, wire.TypeReceived:
			t.Receipts = f.Type == wire.TypeReceived
			t.Heads, err = wire.ReadHeads(f.Body)
		case wire.TypeStatement:
			if st, err := wire.ReadStatement(f.Body); err == nil { // else it counts as not said
				t.Statement = &st
			}
		case wire.TypeVoucher:
			if p.vouch != nil {
				p.vouch.TakeVoucher(f.Body) // one that does not count is as none: the changes then wait for the certificate
			}
		case wire.TypeChanges, wire.TypePage:
			var piece journal.Piece
			if piece, err = readPart(f); err == nil {
				if err := take(piece); err != nil {
					return t, err
				}
			}
		case wire.TypePhotos:
			if told, err := wire.ReadPhotos(f.Body); err == nil { // else it counts as not said
				t.Photos = append(t.Photos, told)
			}
		case wire.TypeManifest, wire.TypeChunk:
			if p.photo != nil {
				if err := p.photo(f); err != nil {
					return t, err
				}
			}
		case wire.TypeEnd:
			ended = true
			t.More, err = wire.ReadEnd(f.Body)
		case wire.TypeSeal:
			if !ended {
				return t, fmt.Errorf("%w: the seal comes before the end", ErrBroken)
			}
			t.sum, t.sig = sealMessage(p.Hello.Campaign, p.sum), f.Body
			return t, nil
		}
		if err != nil { // sound bytes that mean nothing to us: a newer writer's, as far as it says so
			if p.Hello.Version > wire.Version {
				return t, fmt.Errorf("%w: %w", ErrNewer, err)
			}
			return t, fmt.Errorf("%w: %w", ErrBroken, err)
		}
	}
}

// Taken says what became of a part's changes.
type Taken struct {
	Writes      int // new here
	Quarantined int // changes of a revoked node, kept apart
	Later       int // pieces that wait for others
	Images      int // of photos, whole now
	Refused     []*fieldwork.Problem
}

// Take gives the part's pieces to the replica, one after the other, each durable before the next. Taking a part twice
// changes nothing. Taken is filled in any case.
func (p *CourierPart) Take(ctx context.Context, r Replica) (Taken, Told, error) {
	var n Taken
	unasked := false
	p.vouch, _ = r.(Vouching)
	if album, ok := r.(Album); ok {
		p.photo = func(f wire.Frame) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			t, err := takePhoto(album, f)
			unasked = unasked || t.unasked
			if t.whole {
				n.Images++
			}
			if t.full != nil {
				p.photo = nil
				n.refused(t.full)
			}
			return err
		}
	}
	told, err := p.Read(func(piece journal.Piece) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		done, err := r.Apply(piece)
		n.Writes += done.Writes
		n.Quarantined += done.Quarantined
		if p := refusal(err); p != nil {
			n.refused(p)
			return nil
		}
		return err
	})
	if unasked && !r.Heads().Covers(told.Heads) { // the record that names it has not come: the part waits for it
		n.Later++
	}
	return n, told, err
}

func (n *Taken) refused(p *fieldwork.Problem) {
	if p.Code == "later" {
		n.Later++
		return
	}
	for _, q := range n.Refused {
		if q.Code == p.Code {
			return
		}
	}
	n.Refused = append(n.Refused, p)
}
