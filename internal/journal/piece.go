package journal

import (
	"errors"
	"fmt"

	"kandili/internal/fieldwork"
)

// Piece is a run of a log without gaps, with the signed head at its end: the unit that travels and that is stored.
type Piece struct {
	Log     fieldwork.LogID
	First   uint64 // sequence number of the first write in it
	Prev    Hash   // the chain before the first change; zero for First 1
	Changes []Change
	Sig     []byte // the node's signature over the head at the end; empty on our own changes that never travelled
	Covered bool   // a page: what was forgotten is missing from the changes, so the chain cannot be followed through them
	End     Hash   // of a page: the hash after its last change where the page is the last that covers the log, else zero
}

// ErrPiece says that a piece is empty, has gaps in it or is of several logs.
var ErrPiece = errors.New("not a run of one log")

// Last returns the sequence number of the last write.
func (p *Piece) Last() uint64 {
	if len(p.Changes) == 0 {
		return p.First - 1
	}
	return p.Changes[len(p.Changes)-1].Last()
}

// Head follows the chain through the piece and returns the head at its end, with the piece's signature.
func (p *Piece) Head() (Head, error) {
	if p.Covered {
		if len(p.Changes) == 0 || p.Changes[0].Seq != p.First {
			return Head{}, ErrPiece
		}
		return Head{Log: p.Log, Seq: p.Last(), Hash: p.End, Sig: p.Sig}, nil
	}
	h, _, err := p.walk(0)
	return Head{Log: p.Log, Seq: p.Last(), Hash: h, Sig: p.Sig}, err
}

// After cuts off what lies at or before seq, and returns the rest with the chain's hash before it. The rest is empty
// where the piece has nothing beyond seq. It fails where seq lies within a change, or before the piece begins.
func (p *Piece) After(seq uint64) (Piece, error) {
	if seq+1 < p.First {
		return Piece{}, fmt.Errorf("%w: log %v is held up to %d, the piece begins at %d", ErrPiece, p.Log, seq, p.First)
	}
	var prev Hash
	if !p.Covered {
		var err error
		if _, prev, err = p.walk(seq); err != nil {
			return Piece{}, err
		}
	}
	rest := Piece{Log: p.Log, First: seq + 1, Prev: prev, Sig: p.Sig, Covered: p.Covered, End: p.End}
	for i := range p.Changes {
		switch c := &p.Changes[i]; {
		case c.Seq > seq:
			rest.Changes = append(rest.Changes, *c)
		case c.Last() > seq:
			return Piece{}, fmt.Errorf("%w: log %v has no change that ends at %d", ErrPiece, p.Log, seq)
		}
	}
	return rest, nil
}

// walk returns the hash at the end and the one after the change that ends at seq.
func (p *Piece) walk(seq uint64) (end, at Hash, err error) {
	end, at = p.Prev, p.Prev
	next := p.First
	if next == 0 || len(p.Changes) == 0 {
		return end, at, ErrPiece
	}
	var b []byte
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Log != p.Log || c.Seq != next || len(c.Writes) == 0 {
			return end, at, ErrPiece
		}
		b = c.Append(b[:0])
		end = Link(end, b)
		next = c.Last() + 1
		if c.Last() <= seq {
			at = end
		}
	}
	return end, at, nil
}

// Why a replica does not take a piece. None of these loses anything: the sender keeps what it has.
var (
	ErrGap     = errors.New("the piece begins beyond what is held")
	ErrFork    = errors.New("another history of the same log is held")
	ErrForged  = errors.New("the signature is not the log's")
	ErrUnknown = errors.New("the log's node is not known here")
	ErrNoMore  = errors.New("nothing more in this log")
	ErrCovered = errors.New("this part of the log is held as pages, or as its end only")
)

// Applied says what a replica did with pieces.
type Applied struct {
	Changes     int // new changes that are now durable
	Writes      int // the writes in them
	Quarantined int // changes of a revoked node, kept apart for a person
}
