package store

import (
	"encoding/json"
	"fmt"
	"slices"

	"kandili/internal/journal"
)

// What a laptop keeps apart, HQ has to have as well, since a person there decides about it. It is no part of the heads, so
// an exchange with HQ hands it over once.

// noteHanded names the pieces that HQ has.
const noteHanded = "quarantine/handed"

// ToHand returns what is kept apart here and was not handed to HQ yet.
func (s *Store) ToHand() []journal.Piece {
	if s.Own().Node == 0 {
		return nil
	}
	list, err := s.Awaiting()
	if err != nil || len(list) == 0 {
		return nil
	}
	handed := s.handed()
	var pieces []journal.Piece
	for i := range list {
		p := &list[i]
		if p.Reason != journal.ReasonAgain && len(p.Sig) > 0 && !p.Covered && !slices.Contains(handed, handName(&p.Piece)) {
			pieces = append(pieces, p.Piece)
		}
	}
	return pieces
}

// Handed notes that HQ has pieces that ToHand returned.
func (s *Store) Handed(pieces []journal.Piece) error {
	handed := s.handed()
	for i := range pieces {
		handed = append(handed, handName(&pieces[i]))
	}
	b, err := json.Marshal(handed)
	if err != nil {
		return err
	}
	return s.SetNote(noteHanded, b)
}

func (s *Store) handed() (names []string) {
	json.Unmarshal(s.Note(noteHanded), &names) // nothing or nonsense: nothing was handed, and handing twice does no harm
	return names
}

func handName(p *journal.Piece) string {
	end, err := p.Head()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%v-%d-%x", p.Log, p.First, end.Hash[:8])
}
