package exchange

import (
	"errors"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// Replica is what the engine needs of a store.
type Replica interface {
	// Heads returns a copy of what is held.
	Heads() journal.Heads
	// Piece returns the run of the log right after the sequence number, of about maxBytes canonical bytes, with a
	// signed head at its end; journal.ErrNoMore where nothing follows.
	Piece(log fieldwork.LogID, after uint64, maxBytes int) (journal.Piece, error)
	// Apply checks pieces, makes what is new in them durable, and skips the rest.
	Apply(pieces ...journal.Piece) (journal.Applied, error)
	// Note and SetNote keep small values between exchanges, durably; nil: nothing kept.
	Note(name string) []byte
	SetNote(name string, value []byte) error
}

// pieceBytes is the canonical size that gives about wire.TargetBody compressed: rows shrink to a third or less.
const pieceBytes = 3 * wire.TargetBody

// pack calls send with frames of everything that have lacks, HQ's log first because it says who may write the
// others, until about limit bytes are sent. It reports whether something was left out.
func pack(r Replica, have journal.Heads, limit int, send func(wire.Frame, *journal.Piece) error) (more bool, err error) {
	mine := r.Heads()
	for _, log := range mine.Logs() {
		for after := have[log]; after < mine[log]; {
			if limit <= 0 {
				return true, nil
			}
			f, p, err := frame(r, log, after)
			if errors.Is(err, journal.ErrNoMore) {
				break
			}
			if err != nil {
				return false, err
			}
			if err := send(f, &p); err != nil {
				return false, err
			}
			after = p.Last()
			limit -= len(f.Body)
		}
	}
	return false, nil
}

// frame makes the next frame of a log; a run that turns out too long for one is cut to its first segment.
func frame(r Replica, log fieldwork.LogID, after uint64) (wire.Frame, journal.Piece, error) {
	for _, size := range []int{pieceBytes, 1} {
		p, err := r.Piece(log, after, size)
		if err != nil {
			return wire.Frame{}, p, err
		}
		f, err := wire.ChangesFrame(&p)
		if !errors.Is(err, wire.ErrTooLong) {
			return f, p, err
		}
	}
	return wire.Frame{}, journal.Piece{}, wire.ErrTooLong
}

// take applies one frame of changes. A piece that cannot be taken now is no reason to refuse the others: it is told
// apart by the returned problem, and its sender keeps it.
func take(r Replica, body []byte) (journal.Applied, error) {
	p, err := wire.ReadChanges(body)
	if err != nil {
		return journal.Applied{}, err
	}
	return r.Apply(p)
}

// refusal says whether the error concerns one log only, so that the exchange goes on without it.
func refusal(err error) *fieldwork.Problem {
	switch {
	case errors.Is(err, journal.ErrGap), errors.Is(err, journal.ErrUnknown):
		return &fieldwork.Problem{Code: "later", Sentence: "Some changes wait for others that have not arrived yet.", Hint: "They come with the next sync.", Err: err}
	case errors.Is(err, journal.ErrFork):
		return &fieldwork.Problem{Code: "fork", Sentence: "Two copies of one laptop wrote different things under the same numbers. Both are kept.",
			Hint: "On the copied laptop, make a backup and restore it: it then goes on under new numbers.", Err: err}
	case errors.Is(err, journal.ErrForged):
		return &fieldwork.Problem{Code: "forged", Sentence: "Some changes were not signed by the laptop that they name. They were not taken.",
			Hint: "Tell HQ which laptop or stick they came from.", Err: err}
	}
	return nil
}
