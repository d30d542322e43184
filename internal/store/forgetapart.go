package store

import (
	"slices"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// forgetApart takes out of what is kept apart what has to go; it can be read and let in as before.
func (s *Store) forgetApart() error {
	list, err := s.Awaiting()
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		end, err := a.Head()
		if err != nil {
			return err
		}
		if !s.forgetPiece(&a.Piece, end) {
			continue
		}
		if err := s.vouchApart(&a.Piece); err != nil {
			return err
		}
		k := apartKey(a.Log, a.First, end.Hash)
		err = s.update(func(tx *bbolt.Tx) error {
			return tx.Bucket(bucketQuarantine).Put(k, s.seal.put(bucketQuarantine, k, appendSegment([]byte{byte(a.Reason)}, &a.Piece)))
		})
		if err != nil {
			return diskProblem("forget in what is kept apart", err)
		}
	}
	return nil
}

// vouchApart signs what a forgetting left of a piece: the node's signature was over the chain as it stood before, and HQ
// checked it when the piece came.
func (s *Store) vouchApart(p *journal.Piece) error {
	p.Sig = nil
	if self := s.Self(); self.Log.Node == 0 {
		return p.SignPage(self.Campaign, self.Key())
	}
	return nil
}

// forgetPiece takes out of a piece that is kept apart what has to go, and says whether there was anything.
func (s *Store) forgetPiece(p *journal.Piece, end journal.Head) bool {
	before := p.Name()
	p.Changes = slices.Clone(p.Changes)
	for j := range p.Changes {
		s.forgetApartIn(&p.Changes[j])
	}
	if p.Name() == before {
		return false
	}
	p.Covered, p.End, p.Prev = true, end.Hash, journal.Hash{}
	return true
}

// forgetApartIn does for changes that are in no record what forgetIn does for others.
func (s *Store) forgetApartIn(c *journal.Change) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	writes := slices.Clone(c.Writes)
	for i := range writes {
		if w := &writes[i]; s.goneIn(c, i) || s.isGone(fieldwork.Whom(w.Kind, w.Fields)) {
			kind := w.Kind
			w.Fields = slices.DeleteFunc(slices.Clone(w.Fields), func(f fieldwork.FieldValue) bool { return fieldwork.Goes(kind, f) })
		}
	}
	c.Writes = writes
}

// goneIn says whether a write of a change that is in no record is to a record of somebody forgotten.
func (s *Store) goneIn(c *journal.Change, i int) bool {
	mark, named := s.gone[c.Target(i)]
	if named && mark != [8]byte{} && c.Writes[i].Record.IsZero() {
		return journal.MarkOf(c, i) == mark
	}
	return named && s.isGone(c.Target(i))
}
