package store

import (
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// A piece that is kept apart has one signature, its node's at its end. HQ can let in a part of it all the same: it holds the
// whole piece and has followed its chain to the signature, so it knows that the part is genuine, and vouches for it by a
// page, as it does for a log without what was forgotten. The rest still joins, should it be let in later.

// errApartChain says that a place cannot be reached from where the log ends.
var errApartChain = &fieldwork.Problem{Code: "apart-chain", Sentence: "These changes cannot be let in up to this place. Nothing was let in.",
	Hint: "Changes are let in from the first on, as they follow each other. Something before this place is missing here, or ends elsewhere: choose another place, or wait for the rest."}

// errApartPage is errApartChain where HQ holds a page.
var errApartPage = &fieldwork.Problem{Code: "apart-page", Sentence: "These changes cannot be let in up to this place, because somebody in them was forgotten. Nothing was let in.",
	Hint: "What holds a part that was forgotten is let in as a whole: choose the last change of it."}

// CanLetIn says whether what is kept apart of a revoked node's log can be let in up to a place: nil, or a Problem that says
// what is in the way.
func (s *Store) CanLetIn(last fieldwork.RecordID) error {
	list, err := s.apartOf(last.Log)
	if err != nil {
		return err
	}
	have := s.Heads()[last.Log]
	for i := range list {
		switch p := &list[i]; {
		case p.Last() <= have:
		case p.First > have+1:
			return errApartChain
		case p.Last() <= last.Seq:
			have = p.Last()
		case have >= last.Seq:
			return nil
		case p.Covered:
			return errApartPage
		default:
			if _, err := p.After(last.Seq); err != nil {
				return errApartChain // in the middle of a change
			}
			return nil
		}
	}
	if have < last.Seq {
		return errApartChain
	}
	return nil
}

// apartOf returns what is kept apart of a log because its node was revoked, by number.
func (s *Store) apartOf(log fieldwork.LogID) ([]AwaitingPiece, error) {
	list, err := s.Awaiting()
	list = slices.DeleteFunc(list, func(p AwaitingPiece) bool { return p.Log != log || p.Reason != journal.ReasonRevoked })
	slices.SortStableFunc(list, func(a, b AwaitingPiece) int { return int(int64(a.First) - int64(b.First)) })
	return list, err
}

// letInPart lets in what counts of a piece of which not all does. On a laptop it does nothing: HQ's page comes to it.
func (s *Store) letInPart(log fieldwork.LogID, limit uint64) (done journal.Applied, err error) {
	have := s.Heads()[log]
	if s.Own().Node != 0 || have >= limit || limit == noLimit {
		return done, nil
	}
	list, err := s.apartOf(log)
	if err != nil {
		return done, err
	}
	for i := range list {
		p := &list[i]
		if p.Covered || p.First > have+1 || p.Last() <= limit {
			continue
		}
		page, err := s.pageUpTo(&p.Piece, have, limit)
		if err != nil {
			continue // another history, or a piece that goes on elsewhere: it stays apart
		}
		return s.Apply(page)
	}
	return done, nil
}

// pageUpTo is the part of a piece after what is held, up to a place, with HQ's word for it.
func (s *Store) pageUpTo(p *journal.Piece, have, limit uint64) (journal.Piece, error) {
	part, err := p.After(have)
	if err != nil {
		return part, err
	}
	if at, known := s.HashAt(p.Log, have); have > 0 && (!known || at != part.Prev) {
		return part, journal.ErrFork
	}
	after, err := p.After(limit)
	if err != nil {
		return part, err
	}
	part.Changes = slices.DeleteFunc(slices.Clone(part.Changes), func(c journal.Change) bool { return c.Seq > limit })
	part.Covered, part.Prev, part.End = true, journal.Hash{}, after.Prev
	self := s.Self()
	return part, part.SignPage(self.Campaign, self.Key())
}
