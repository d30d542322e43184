package store

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Apply takes pieces from elsewhere: checks the chain and the signature of each, skips what is held already, and
// returns once the rest is on the disk. Pieces before a failing one stay applied; taking a piece twice changes
// nothing. Errors: journal.ErrGap, journal.ErrFork, journal.ErrForged, journal.ErrUnknown, or a Problem of the disk.
// After ErrFork both histories are kept: the one that was here first in the campaign, the other one in quarantine.
func (s *Store) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	done, after, err := s.applyAll(pieces)
	for _, log := range after.forked {
		if e := s.stateFork(log); e != nil {
			return done, e
		}
	}
	if after.nodes {
		if e := errors.Join(s.countHeld(), s.letInAll()); e != nil {
			return done, e
		}
	}
	return done, err
}

// afterwards is what has to be done once pieces are applied.
type afterwards struct {
	forked []fieldwork.LogID // logs of which another history came
	nodes  bool              // HQ's log said something about nodes: what was kept apart may count now
}

func (s *Store) applyAll(pieces []journal.Piece) (done journal.Applied, after afterwards, err error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return done, after, s.broken
	}
	for i := range pieces {
		p := &pieces[i]
		err := s.applyOne(p, &done)
		if errors.Is(err, journal.ErrFork) {
			after.forked = append(after.forked, p.Log)
		}
		if err == nil && p.Log.Node == s.Self().Log.Node {
			err = s.replayWaiting()
		}
		if err == nil && p.Log.Node == 0 {
			err = s.heed(p.Changes, &after)
		}
		if err != nil {
			return done, after, err
		}
	}
	return done, after, nil
}

// heed does what HQ's own log asks of every replica. The caller holds saving.
func (s *Store) heed(list []journal.Change, after *afterwards) error {
	kinds := map[fieldwork.Kind]bool{}
	for i := range list {
		for j := range list[i].Writes {
			kinds[list[i].Writes[j].Kind] = true
		}
	}
	after.nodes = after.nodes || kinds[fieldwork.KindNode]
	if kinds[fieldwork.KindForgotten] {
		if err := s.heedForgotten(); err != nil {
			return err
		}
	}
	if kinds[fieldwork.KindSnapshot] {
		if err := s.heedSnapshots(list); err != nil {
			return err
		}
	}
	if kinds[fieldwork.KindFork] {
		return s.heedForks()
	}
	return nil
}

func (s *Store) applyOne(p *journal.Piece, done *journal.Applied) error {
	if p.Covered {
		return s.applyPage(p, done)
	}
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
	have := s.Heads()[p.Log]
	if p.Log == self.Log && p.Last() > have { // signed by us, and unknown to us: this folder was put back, or has a twin
		if err := s.renew(0); err != nil {
			return err
		}
	}
	rest, err := s.rest(p, have)
	switch {
	case errors.Is(err, journal.ErrGap) && p.First > limit:
		return s.keepApart(p, journal.ReasonRevoked, done) // what lies before it is kept apart, too, and never becomes held
	case errors.Is(err, journal.ErrGap) && s.joinsApart(p):
		return s.keepApart(p, journal.ReasonFork, done)
	case errors.Is(err, journal.ErrFork):
		return errors.Join(err, s.keepApart(s.branch(p), journal.ReasonFork, done), s.doubt(p.Log))
	case err != nil || len(rest.Changes) == 0:
		return err
	case rest.Last() > limit:
		return s.keepApart(&rest, journal.ReasonRevoked, done)
	}
	if err := s.commitForeign(&rest); err != nil {
		return err
	}
	s.settleForks(p.Log.Node)
	done.Changes += len(rest.Changes)
	done.Writes += touched(rest.Changes)
	s.notify(rest.Changes)
	return nil
}

// joinsApart says whether a piece goes on where another history of its log ends that is kept apart.
func (s *Store) joinsApart(p *journal.Piece) (joins bool) {
	s.read(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketQuarantine).Cursor()
		for k, v := c.Seek(headKey(p.Log)); k != nil && bytes.HasPrefix(k, headKey(p.Log)); k, v = c.Next() {
			a, err := s.readApart(k, v)
			if err != nil || a.Reason == journal.ReasonRevoked || a.Last()+1 != p.First {
				continue
			}
			if end, err := a.Head(); err == nil && end.Hash == p.Prev {
				joins = true
			}
		}
		return nil
	})
	return joins
}

// branch returns what of a piece is not in the history that is held here.
func (s *Store) branch(p *journal.Piece) *journal.Piece {
	common := p.First - 1
	each(p, func(last uint64, at journal.Hash) {
		if h, known := s.HashAt(p.Log, last); known && h == at {
			common = last
		}
	})
	common = max(common, s.outlinedUpTo(p))
	if rest, err := p.After(common); err == nil && common >= p.First {
		return &rest
	}
	return p
}

// outlinedUpTo says up to where a piece goes as the log does here that is held as pages; 0 where it does not at all.
func (s *Store) outlinedUpTo(p *journal.Piece) (common uint64) {
	if s.coveredTo(p.Log) < p.First {
		return 0
	}
	list, err := s.suffix(p.Log, 0)
	all := journal.Outlines(list)
	at, ok := all[p.First-1]
	if err != nil || !ok {
		return 0
	}
	for i := range p.Changes {
		at = journal.Outline(at, &p.Changes[i])
		if h, ok := all[p.Changes[i].Last()]; ok && h == at {
			common = p.Changes[i].Last()
		}
	}
	return common
}

// rest returns what of a piece is new, after a look whether it is of the history that is held here.
func (s *Store) rest(p *journal.Piece, have uint64) (rest journal.Piece, err error) {
	if p.First > have+1 {
		return rest, fmt.Errorf("%w: %v is held up to %d, the piece begins at %d", journal.ErrGap, p.Log, have, p.First)
	}
	forked := fmt.Errorf("%w: %v at %d", journal.ErrFork, p.Log, p.First)
	if p.Last() <= have {
		end, err := p.Head()
		if err != nil {
			return rest, err
		}
		if h, known := s.HashAt(p.Log, p.Last()); known && h != end.Hash {
			return rest, forked
		}
		return rest, nil
	}
	h, known := s.HashAt(p.Log, have)
	if !known { // held up to within a page: the next page is needed first, unless both sides are known to have the same up to here
		if agreed, ok := s.agreed[p.Log]; !ok || agreed != have {
			return rest, fmt.Errorf("%w: %v is held up to within a page", journal.ErrGap, p.Log)
		}
		if rest, err = p.After(have); err != nil {
			return journal.Piece{}, forked
		}
		s.mu.Lock()
		s.covers[p.Log], s.hashes[p.Log] = cover{to: have, hash: rest.Prev}, rest.Prev
		s.mu.Unlock()
		return rest, nil
	}
	if rest, err = p.After(have); err != nil || rest.Prev != h {
		return journal.Piece{}, forked
	}
	return rest, nil
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
	if key, limit, ok = s.recordedKey(node); ok {
		return key, limit, true
	}
	return s.vouchedKey(node)
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

// certificateOf finds the certificate of a node that has a key. They are read once for all nodes and again after a change to one:
// every piece asks, and reading a thousand of them for each would be most of the work.
func (s *Store) certificateOf(node uint32) (Certificate, bool) {
	s.mu.RLock()
	known := s.certificates
	s.mu.RUnlock()
	if known == nil {
		known = s.readCertificates()
	}
	c, ok := known[node]
	return c, ok
}

func (s *Store) readCertificates() map[uint32]Certificate {
	s.mu.RLock()
	version := s.certified
	s.mu.RUnlock()
	known := map[uint32]Certificate{}
	for _, id := range s.IDs(fieldwork.KindNode) {
		if c, ok := s.certificate(id); ok && len(c.Key) == ed25519.PublicKeySize {
			if _, had := known[c.Node]; !had {
				known[c.Node] = c
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if version == s.certified { // nothing changed meanwhile
		s.certificates = known
	}
	return known
}
