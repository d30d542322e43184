package exchange

import (
	"errors"

	"kandili/internal/journal"
	"kandili/sync/wire"
)

// HQ's statements of receipts pass through both sides of an exchange; see journal.Statement.

// known appends which statement of HQ is known here, or the statement itself where the server may not have it.
func (r *run) known(b []byte) []byte {
	s, tell := r.Known()
	token := [8]byte{}
	if s.At != 0 {
		token = s.Token()
	}
	if f, ok := wire.StatementFrame(&s); ok && tell && s.At != 0 {
		b = wire.AppendFrame(b, f)
	}
	return wire.AppendFrame(b, wire.KnownFrame(token))
}

// stated takes in a statement. One that is none, or not HQ's, counts as not said.
func (r *run) stated(body []byte) error {
	s, err := wire.ReadStatement(body)
	if err != nil || r.Stated == nil {
		return nil
	}
	if err := r.Stated(s); !errors.Is(err, journal.ErrForged) {
		return err
	}
	return nil
}

// settledHeads is what the server holds, and what it keeps apart on a person's decision: neither needs to be sent.
func (r *run) settledHeads() journal.Heads {
	if r.Known == nil {
		return r.theirs
	}
	s, other := r.Known()
	if other { // it is not HQ that we speak with
		return r.theirs
	}
	heads := r.theirs.Clone()
	for _, a := range s.Apart { // in order, so that runs join
		if a.Reason == journal.ReasonRevoked && a.First <= heads[a.Log]+1 {
			heads[a.Log] = max(heads[a.Log], a.Last)
		}
	}
	return heads
}

// stated passes on what they have of HQ's statements. One that is no statement, or not HQ's, is left alone.
func (a *answering) stated(body []byte) error {
	st, err := wire.ReadStatement(body)
	if err != nil || a.Stated == nil {
		return nil
	}
	if err := a.Stated(st); !errors.Is(err, journal.ErrForged) {
		return err
	}
	return nil
}

// statement gives the receipts to whoever asks and has others. While more is to come, they wait for the end.
func (a *answering) statement() error {
	if a.known == nil || a.more || a.Statement == nil {
		return nil
	}
	s, ok := a.Statement()
	if !ok || s.Token() == *a.known {
		return nil
	}
	f, ok := wire.StatementFrame(&s)
	if !ok {
		return nil
	}
	return a.frame(f)
}
