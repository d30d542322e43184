package store

import (
	"crypto/ed25519"
	"fmt"

	"go.etcd.io/bbolt"

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
	key, limit, ok := s.nodeKey(p.Log.Node)
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
		return s.quarantine(p, done) // what lies before it is kept apart, too, and never becomes held
	}
	if p.First > have+1 {
		return fmt.Errorf("%w: %v is held up to %d, the piece begins at %d", journal.ErrGap, p.Log, have, p.First)
	}
	rest, err := p.After(have)
	if err != nil {
		return err
	}
	if rest.Prev != hash {
		return fmt.Errorf("%w: %v at %d", journal.ErrFork, p.Log, have)
	}
	if rest.Last() > limit {
		return s.quarantine(&rest, done)
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

// quarantine keeps a revoked node's later changes apart: for a person to decide, never for the bin.
func (s *Store) quarantine(p *journal.Piece, done *journal.Applied) error {
	k := logKey(p.Log, p.First)
	known := false
	err := s.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketQuarantine)
		known = b.Get(k) != nil
		return b.Put(k, s.seal.put(bucketQuarantine, k, appendSegment(nil, p)))
	})
	if err != nil {
		return diskProblem("put into quarantine", err)
	}
	if !known {
		done.Quarantined += len(p.Changes)
	}
	return nil
}

// Quarantined returns how many changes wait apart for a person's decision.
func (s *Store) Quarantined() (n int, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketQuarantine).ForEach(func(k, v []byte) error {
			log, first, _ := parseLogKey(k)
			plain, err := s.seal.get(bucketQuarantine, k, v)
			if err != nil {
				return err
			}
			p, err := readSegment(plain, log, first)
			n += len(p.Changes)
			return err
		})
	})
	return n, err
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
	for _, id := range s.IDs(fieldwork.KindNode) {
		c, ok := s.certificate(id)
		if !ok || c.Node != node || len(c.Key) != ed25519.PublicKeySize {
			continue
		}
		if c.After >= 0 {
			return c.Key, uint64(c.After), true
		}
		return c.Key, noLimit, true
	}
	return nil, noLimit, false
}
