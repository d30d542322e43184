package wire

import "kandili/internal/journal"

// TypePage is a page of a snapshot: a part of a log without what was forgotten. Never renumbered.
const TypePage Type = 15

// PageFrame returns a page as the smallest frame that whoever speaks so can read. Its body is that of changes, with the
// hash after the page (or zeros) in the place of the hash before, and the signature over the page.
func (s Speaks) PageFrame(p *journal.Piece) (Frame, error) {
	plain := journal.Piece{Log: p.Log, First: p.First, Prev: p.End, Changes: p.Changes, Sig: p.Sig}
	f, err := s.ChangesFrame(&plain)
	f.Type = TypePage
	return f, err
}

// ReadPage reads the body of a TypePage; its signature is not checked yet.
func ReadPage(body []byte) (journal.Piece, error) {
	p, err := ReadChanges(body)
	p.Covered, p.End, p.Prev = true, p.Prev, journal.Hash{}
	return p, err
}
