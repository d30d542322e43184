package store

import (
	"crypto/ed25519"
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Apply takes pieces from elsewhere: checks the chain and the signature of each, skips what is held already, and
// returns once the rest is on the disk. Pieces before a failing one stay applied; taking a piece twice changes
// nothing. Errors: journal.ErrGap, journal.ErrFork, journal.ErrForged, journal.ErrUnknown, or a Problem of the disk.
func (s *Store) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	var done journal.Applied
	if s.broken != nil {
		return done, s.broken
	}
	for i := range pieces {
		if err := s.applyOne(&pieces[i], &done); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (s *Store) applyOne(p *journal.Piece, done *journal.Applied) error {
	end, err := p.Head()
	if err != nil {
		return err
	}
	self := s.Self()
	key, _, ok := s.nodeKey(p.Log.Node)
	limit := s.limitOf(p.Log)
	if !ok {
		return fmt.Errorf("%w: %v", journal.ErrUnknown, p.Log)
	}
	if !end.Verify(self.Campaign, key) {
		return fmt.Errorf("%w: %v", journal.ErrForged, p.Log)
	}
	s.mu.RLock()
	have, hash := s.heads[p.Log], s.hashes[p.Log]
	s.mu.RUnlock()
	if p.Last() <= have {
		return nil
	}
	if p.First > have+1 && p.First > limit {
		return s.keepApart(p, journal.ReasonRevoked, done) // what lies before it is kept apart, too, and never becomes held
	}
	if p.First > have+1 {
		return fmt.Errorf("%w: %v is held up to %d, the piece begins at %d", journal.ErrGap, p.Log, have, p.First)
	}
	rest, err := p.After(have)
	if err != nil {
		return err
	}
	if rest.Prev != hash {
		if err := s.keepApart(p, journal.ReasonFork, done); err != nil {
			return err
		}
		return fmt.Errorf("%w: %v at %d", journal.ErrFork, p.Log, have)
	}
	if rest.Last() > limit {
		return s.keepApart(&rest, journal.ReasonRevoked, done)
	}
	if err := s.commitForeign(&rest); err != nil {
		return err
	}
	done.Changes += len(rest.Changes)
	done.Writes += touched(rest.Changes)
	s.notify(rest.Changes)
	return nil
}

func (s *Store) commitForeign(p *journal.Piece) error {
	err := s.commit([]journal.Piece{*p})
	if err != nil && isFull(err) && dropBallast(s.dir) {
		err = s.commit([]journal.Piece{*p})
	}
	if err != nil {
		return diskProblem("commit what came in", err)
	}
	return nil
}

func touched(list []journal.Change) int {
	n := 0
	for i := range list {
		n += len(list[i].Writes)
	}
	return n
}

// noLimit is the last sequence number taken from a node that was not revoked.
const noLimit = ^uint64(0)

// nodeKey returns the node's public key and the last sequence number to take from it.
func (s *Store) nodeKey(node uint32) (key ed25519.PublicKey, limit uint64, ok bool) {
	self := s.Self()
	if node == 0 && self.HQKey != nil {
		return self.HQKey, noLimit, true
	}
	if node == self.Log.Node {
		return self.Key().Public().(ed25519.PublicKey), noLimit, true
	}
	if s.opt.KeyOf != nil {
		key, ok = s.opt.KeyOf(node)
		return key, noLimit, ok
	}
	return s.recordedKey(node)
}

// recordedKey reads the node's certificate.
func (s *Store) recordedKey(node uint32) (key ed25519.PublicKey, limit uint64, ok bool) {
	c, ok := s.certificateOf(node)
	if !ok {
		return nil, noLimit, false
	}
	if c.Revoked {
		return c.Key, c.limit(fieldwork.LogID{Node: node}), true
	}
	return c.Key, noLimit, true
}

// limitOf is the last sequence number of a log that counts: without end unless HQ revoked its node.
func (s *Store) limitOf(log fieldwork.LogID) uint64 {
	if self := s.Self(); log.Node == 0 || log.Node == self.Log.Node || s.opt.KeyOf != nil {
		return noLimit
	}
	if c, ok := s.certificateOf(log.Node); ok && c.Revoked {
		return c.limit(log)
	}
	return noLimit
}

// certificateOf finds the certificate of a node that has a key.
func (s *Store) certificateOf(node uint32) (Certificate, bool) {
	for _, id := range s.IDs(fieldwork.KindNode) {
		if c, ok := s.certificate(id); ok && c.Node == node && len(c.Key) == ed25519.PublicKeySize {
			return c, true
		}
	}
	return Certificate{}, false
}
