package road

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/exchange"
)

// errDiffers says that a courier file does not hold what was written.
var errDiffers = errors.New("what is read back is not what was written")

// verify reads the files back from the medium: every byte of them, every chain in them, and that they hold together
// what was put in.
func (w *courierWriter) verify(load exchange.Load) error {
	next := load.From.Clone()
	for i, p := range w.parts {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.verifyPart(p, i, next); err != nil {
			return w.onMedium(fmt.Errorf("read back part %d: %w", i+1, err))
		}
	}
	if !next.Covers(load.To) || !load.To.Covers(next) {
		return w.onMedium(errDiffers)
	}
	return nil
}

func (w *courierWriter) verifyPart(p *courierPart, i int, next journal.Heads) error {
	f, err := os.Open(p.name)
	if err != nil {
		return err
	}
	defer f.Close()
	forgetCached(f)
	if st, err := f.Stat(); err != nil || st.Size() != p.bytes {
		return fmt.Errorf("%w: %v", errDiffers, err)
	}
	part, plain, err := openCourier(f, w.Self)
	if err != nil {
		return err
	}
	told, err := part.Read(func(piece journal.Piece) error {
		if _, err := piece.Head(); err != nil {
			return err
		}
		if piece.First != next[piece.Log]+1 {
			return fmt.Errorf("%w: log %v at %d", errDiffers, piece.Log, piece.First)
		}
		next[piece.Log] = piece.Last()
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return err
	}
	if !told.SealedBy(w.Key.Public().(ed25519.PublicKey)) || told.More != (i+1 < len(w.parts)) {
		return errDiffers
	}
	return nil
}

// explain turns why nothing was written into a sentence.
func (w *courierWriter) explain(err error) error {
	var p *fieldwork.Problem
	switch {
	case errors.As(err, &p):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &fieldwork.Problem{Code: "cancelled", Sentence: "No courier file was written. Everything stays on this laptop.", Hint: "Write it again when there is time.", Err: err}
	case w.failed == nil:
		return fmt.Errorf("write a courier file: %w", err)
	case isFull(w.failed):
		return &fieldwork.Problem{Code: "courier-full", Sentence: "There is not enough room for the courier file. Nothing counts as carried; everything stays on this laptop.",
			Hint: fmt.Sprintf("Free %d MB there or take another stick, then write the file again.", w.missing()), Err: err}
	case errors.Is(w.failed, fs.ErrPermission), isReadOnly(w.failed):
		return &fieldwork.Problem{Code: "courier-readonly", Sentence: "Kandili may not write there. Nothing counts as carried; everything stays on this laptop.",
			Hint: "Some sticks have a small switch against writing: look for it, or choose another folder.", Err: err}
	case errors.Is(w.failed, errDiffers), errors.Is(w.failed, exchange.ErrBroken), errors.Is(w.failed, exchange.ErrNotCourier):
		return &fieldwork.Problem{Code: "courier-unsound", Sentence: "The courier file could not be read back as it was written. Nothing counts as carried; everything stays on this laptop.",
			Hint: "The stick may be worn out: take another one and write the file again.", Err: err}
	}
	return &fieldwork.Problem{Code: "courier-gone", Sentence: "The courier file could not be written to the end. Nothing counts as carried; everything stays on this laptop.",
		Hint: "Check that the stick is there and was not pulled out, then write the file again.", Err: err}
}

// missing returns how many megabytes are to be freed: all that is to be written, counted by writing it to nowhere,
// without what found room and is removed again.
func (w *courierWriter) missing() int64 {
	count := *w
	count.counting, count.parts, count.failed = true, nil, nil
	courier := count.Courier
	courier.Progress = nil
	if _, err := courier.Write(w.ctx, w.limit, count.open); err != nil {
		return 1 // at least; the next try says more
	}
	need := int64(0)
	for _, p := range count.parts {
		need += p.bytes
	}
	for _, p := range w.parts {
		need -= p.bytes
	}
	return max(need, 0)>>20 + 1
}
