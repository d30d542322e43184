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
	// Page returns the page in which what follows the sequence number lies; see journal.Piece.Covered. Piece fails with
	// journal.ErrCovered where only a page may be held.
	Page(log fieldwork.LogID, after uint64) (journal.Piece, error)
	// Apply checks pieces, makes what is new in them durable, and skips the rest.
	Apply(pieces ...journal.Piece) (journal.Applied, error)
	// Own is the log that the replica writes; it changes when its folder turns out to be a copy.
	Own() fieldwork.LogID
	// Tips is what the other side must hear to notice a copy; Doubt compares what was heard and returns a proof where
	// more or something else is held, else nil; Confront takes such a proof in. See journal.Trace.
	Tips() []journal.Tip
	Doubt(tip journal.Tip, own bool) (*journal.Trace, error)
	Confront(t *journal.Trace, byHQ bool) (changed bool, err error)
	// OutlineAt tells how a log of our own goes up to a place; Outlined hears that of the laptop that writes a log, before its pages.
	OutlineAt(log fieldwork.LogID, seq uint64) *journal.Trace
	Outlined(t *journal.Trace) error
	// Ends names where all logs end, and AllTips tells it of each: what is asked for where both sides hold as much and not the same.
	Ends() [8]byte
	AllTips() []journal.Tip
	// Running tells which run of the program this is, and how many seconds it lasts; Compared is told the clock of whoever
	// calls and whether it brought changes, and may write down how far it is off, or that the two met.
	Running() (boot, up uint32)
	Compared(log fieldwork.LogID, boot, up uint32, wall int64, brought bool) error
	// ToHand returns what is kept apart here and HQ may not have; Handed notes that it has it now.
	ToHand() []journal.Piece
	Handed(pieces []journal.Piece) error
	// Note and SetNote keep small values between exchanges, durably; nil: nothing kept.
	Note(name string) []byte
	SetNote(name string, value []byte) error
}

// Canonical bytes of a piece: how many the first one gets, in the hope of wire.TargetBody once packed, and the bounds
// within which later ones follow what the ones before became.
const (
	firstPiece = 4 * wire.TargetBody
	leastPiece = wire.TargetBody / 2
	mostPiece  = 32 * wire.TargetBody
)

// Rest is what travels after all changes, in what room they leave: photos. A request and an answer say first what
// has arrived, then HQ's log (who may write, who may not any more), then changes, the oldest first, then the rest.
type Rest interface {
	// Pack calls send with frames of about limit bytes and reports whether something was left out.
	Pack(limit int, send func(wire.Frame) error) (more bool, err error)
	// Take takes a frame of a type that the engine does not know; news says that it moved something. Types that it
	// does not know either are skipped.
	Take(f wire.Frame) (news bool, err error)
	// Done says, once an answer came that held nothing back, that nothing is left to do. Only the side that began the
	// exchange is asked.
	Done() bool
}

// takeRest hands a frame to whoever may know it.
func takeRest(r Rest, f wire.Frame, moved *bool) error {
	if r == nil {
		return nil
	}
	news, err := r.Take(f)
	*moved = *moved || news
	return err
}

// cutter cuts logs into frames of about wire.TargetBody, or less.
type cutter struct {
	Replica
	to   wire.Speaks
	size int // canonical bytes of the next piece
}

// frame makes the next frame of a log that ends at end. A run that turns out too long is cut shorter, down to the
// first segment that the replica keeps.
func (c *cutter) frame(log fieldwork.LogID, after, end uint64) (wire.Frame, journal.Piece, error) {
	for {
		p, err := part(c, log, after, c.size)
		if err != nil {
			return wire.Frame{}, p, err
		}
		if p.Covered {
			f, err := c.to.PageFrame(&p)
			return f, p, err
		}
		f, err := c.to.ChangesFrame(&p)
		if err != nil && !errors.Is(err, wire.ErrTooLong) {
			return f, p, err
		}
		long := err != nil || len(f.Body) > wire.TargetBody-frameHead
		if long && c.size > 1 {
			c.shrink(len(f.Body))
			continue
		}
		if err == nil && p.Last() < end {
			c.size = c.near(len(f.Body), 97)
		}
		c.size = max(c.size, leastPiece)
		return f, p, err
	}
}

// part returns what follows in a log: a piece, or where that is covered the page.
func part(r Replica, log fieldwork.LogID, after uint64, maxBytes int) (journal.Piece, error) {
	p, err := r.Piece(log, after, maxBytes)
	if errors.Is(err, journal.ErrCovered) {
		return r.Page(log, after)
	}
	return p, err
}

// frameHead is what a frame has around its body, in bytes.
const frameHead = 8

// shrink makes the next piece shorter; body is the size that this one had, 0 where it fitted nowhere.
func (c *cutter) shrink(body int) {
	switch {
	case c.size <= leastPiece:
		c.size = 1
	case body == 0:
		c.size /= 2
	default:
		c.size = min(c.near(body, 93), c.size*9/10)
	}
}

// near is the size that would bring a piece near the target, to so many per cent of it.
func (c *cutter) near(body, percent int) int {
	return min(max(c.size*wire.TargetBody/body*percent/100, leastPiece), mostPiece)
}

// take applies one frame of changes. A piece that cannot be taken now is no reason to refuse the others: it is told
// apart by the returned problem, and its sender keeps it.
func take(r Replica, f wire.Frame) (journal.Applied, error) {
	p, err := readPart(f)
	if err != nil {
		return journal.Applied{}, err
	}
	return r.Apply(p)
}

// readPart reads a frame of changes or a page.
func readPart(f wire.Frame) (journal.Piece, error) {
	if f.Type == wire.TypePage {
		return wire.ReadPage(f.Body)
	}
	return wire.ReadChanges(f.Body)
}

// codeRows asks for changes in rows, which every program reads.
const codeRows = "send-rows"

// refusal says whether the error concerns one log only, so that the exchange goes on without it.
func refusal(err error) *fieldwork.Problem {
	switch {
	case errors.Is(err, journal.ErrGap), errors.Is(err, journal.ErrUnknown):
		return &fieldwork.Problem{Code: "later", Sentence: "Some changes wait for others that have not arrived yet.", Hint: "They come with the next sync.", Err: err}
	case errors.Is(err, wire.ErrCodec):
		return &fieldwork.Problem{Code: codeRows, Sentence: "Some changes came in a form that this version does not know. They are asked for again in another one.",
			Hint: "If this goes on, install the newest version.", Err: err}
	case errors.Is(err, journal.ErrFork):
		return &fieldwork.Problem{Code: "fork", Sentence: "Two copies of one laptop wrote different things under the same numbers. Both are kept.",
			Hint: "Nothing has to be done: HQ's copy counts, and the other one goes on under new numbers at its next sync.", Err: err}
	case errors.Is(err, journal.ErrForged):
		return &fieldwork.Problem{Code: "forged", Sentence: "Some changes were not signed by the laptop that they name. They were not taken.",
			Hint: "Tell HQ which laptop or stick they came from.", Err: err}
	}
	return nil
}
