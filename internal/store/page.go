package store

import (
	"bytes"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Page returns the page of a log in which what follows the sequence number lies; journal.ErrNoMore where none is kept
// here that anybody would believe.
func (s *Store) Page(log fieldwork.LogID, after uint64) (p journal.Piece, err error) {
	found := false
	err = s.read(func(tx *bbolt.Tx) error {
		k, v := seekSegment(tx.Bucket(bucketLog).Cursor(), log, after+1)
		if k == nil || !bytes.HasPrefix(k, headKey(log)) {
			return nil
		}
		p, err = s.openSegment(k, v)
		found = err == nil && p.Covered && p.First <= after+1 && p.Last() > after
		return err
	})
	if err != nil || !found {
		return journal.Piece{}, errors.Join(err, journal.ErrNoMore)
	}
	self := s.Self()
	if len(p.Sig) == 0 && log.Node != self.Log.Node {
		return journal.Piece{}, journal.ErrNoMore
	}
	if len(p.Sig) == 0 {
		err = p.SignPage(self.Campaign, self.Key()) // our own log: HQ believes us what it does not have yet
	}
	return p, err
}

// applyPage takes a page in. HQ's word counts, and at HQ the word of the log's own node, of what HQ does not have yet.
func (s *Store) applyPage(p *journal.Piece, done *journal.Applied) error {
	self := s.Self()
	end, err := p.Head()
	if err != nil {
		return err
	}
	byNode := !p.VerifyPage(self.Campaign, s.hqKey())
	if byNode {
		key, _, ok := s.nodeKey(p.Log.Node)
		if !ok || !p.VerifyPage(self.Campaign, key) {
			return fmt.Errorf("%w: a page of %v", journal.ErrForged, p.Log)
		}
		if self.Log.Node != 0 {
			return fmt.Errorf("%w: HQ has to vouch for a page of %v", journal.ErrGap, p.Log)
		}
	}
	s.mu.RLock()
	have, c := s.heads[p.Log], s.covers[p.Log]
	s.mu.RUnlock()
	switch {
	case p.First > have+1:
		return fmt.Errorf("%w: %v is held up to %d, the page begins at %d", journal.ErrGap, p.Log, have, p.First)
	case p.Last() < have, p.Last() == have && !c.open:
		return nil
	case p.Last() == have && end.Hash == journal.Hash{}:
		return nil
	}
	if limit := s.limitOf(p.Log); p.Last() > limit {
		return s.keepApart(p, journal.ReasonRevoked, done)
	}
	if byNode || p.Log.Node == self.Log.Node && self.Log.Node != 0 {
		switch joins, err := s.joins(p, have); {
		case err != nil:
			return err
		case !joins && byNode:
			return fmt.Errorf("%w: a page of %v, which is held up to %d", journal.ErrFork, p.Log, have)
		case !joins:
			return fmt.Errorf("%w: whether a page of our own log %v joins, HQ has to say", journal.ErrGap, p.Log)
		}
	}
	if p.Log.Node == self.Log.Node {
		if p.Log == self.Log && p.Last() > have { // written by us, and unknown to us: this folder was put back, or has a twin
			if err := s.renew(0); err != nil {
				return err
			}
		}
	}
	rest := *p
	if p.First <= have && p.Last() > have {
		if rest, err = p.After(have); err != nil {
			return fmt.Errorf("%w: %w", journal.ErrFork, err)
		}
	}
	if p.Last() == have {
		rest.Changes, rest.First = nil, have+1 // nothing new but the hash at the end
	}
	if err := s.commitPage(&rest, p, end); err != nil {
		return diskProblem("commit a page", err)
	}
	if byNode || p.Log.Node == self.Log.Node {
		s.agree(p.Log, p.Last())
	}
	done.Changes += len(rest.Changes)
	done.Writes += touched(rest.Changes)
	s.notify(rest.Changes)
	if self.Log.Node == 0 && end.Hash != (journal.Hash{}) { // HQ vouches for it from now on
		return errors.Join(s.cover(p.Log, p.Last()), s.tidyGone())
	}
	return nil
}

// tidyGone tidies where somebody was forgotten, whose words may lie on free pages.
func (s *Store) tidyGone() error {
	if len(s.gone) == 0 {
		return nil
	}
	return s.tidy()
}

// hqKey is the key that HQ signs with.
func (s *Store) hqKey() []byte {
	key, _, ok := s.nodeKey(0)
	if !ok {
		return nil
	}
	return key
}

// commitPage brings what is new in a page into the records; whole is the page as it came. Until the last page of a log is there, no hash is
// known at its end, and no piece can join. Of another's log a laptop keeps pages until HQ has proven that a backup has them.
func (s *Store) commitPage(p, whole *journal.Piece, end journal.Head) error {
	t := newMerge(s)
	for i := range p.Changes {
		if err := t.change(&p.Changes[i]); err != nil {
			return err
		}
	}
	keeps, waits := s.keepsPages(p.Log), s.unproven(p.Log, end.Seq)
	switch {
	case keeps && len(p.Changes) > 0:
		q := *p
		q.Sig = nil // it is a part of the page; ours is signed when it travels, HQ's when it is whole
		t.segments = append(t.segments, segment{p.Log, p.First, appendSegment(nil, &q)})
	case waits:
		t.segments = append(t.segments, segment{p.Log, whole.First, appendSegment(nil, whole)})
	}
	t.heads[p.Log] = head{seq: end.Seq, hash: end.Hash, cover: cover{to: end.Seq, hash: end.Hash, open: end.Hash == journal.Hash{}}}
	err := s.update(func(tx *bbolt.Tx) error {
		if waits {
			if err := s.dropFrom(tx, p.Log, whole.First); err != nil {
				return err
			}
		}
		if err := t.write(tx); err != nil || keeps || waits {
			return err
		}
		return s.dropSegments(tx, p.Log, end.Seq)
	})
	if err != nil {
		return fmt.Errorf("bbolt: %w", err)
	}
	s.mu.Lock()
	t.publish()
	s.mu.Unlock()
	if waits {
		if err := s.coverLater(journal.Heads{p.Log: end.Seq}); err != nil {
			return err
		}
	}
	if len(t.reach) > 0 {
		return errors.Join(s.tidy(), s.forgot())
	}
	return nil
}

// dropFrom takes segments out of a log that begin at or after a place: a page has all that they have.
func (s *Store) dropFrom(tx *bbolt.Tx, log fieldwork.LogID, first uint64) error {
	b := tx.Bucket(bucketLog)
	var gone [][]byte
	c := b.Cursor()
	for k, _ := c.Seek(logKey(log, first)); k != nil && bytes.HasPrefix(k, headKey(log)); k, _ = c.Next() {
		gone = append(gone, bytes.Clone(k))
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
