package store

import (
	"bytes"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// rewind takes what a log says after a place out of the campaign and keeps it apart, in one transaction. The caller holds
// saving.
func (s *Store) rewind(log fieldwork.LogID, after uint64, why journal.Reason) error {
	s.mu.RLock()
	have := s.heads[log]
	s.mu.RUnlock()
	if have <= after {
		return nil
	}
	hash, ok := s.HashAt(log, after)
	if !ok && log.Node != s.Own().Node {
		return journal.ErrGap
	}
	s.mu.RLock()
	c := s.covers[log]
	s.mu.RUnlock()
	if !ok { // within a page of ours: HQ gives what follows as pages
		c = cover{to: after, open: true}
	}
	states, err := s.statesWithout(log, after)
	if err != nil {
		return err
	}
	err = s.update(func(tx *bbolt.Tx) error {
		if err := s.cutLog(tx, log, after, why); err != nil {
			return err
		}
		if err := s.cutContexts(tx, log, after); err != nil {
			return err
		}
		s.mu.RLock()
		h := head{seq: after, hash: hash, wall: int64(s.last), cover: c}
		s.mu.RUnlock()
		if err := s.putHead(tx, log, h); err != nil {
			return err
		}
		return s.putStates(tx, states)
	})
	if err != nil {
		return diskProblem("keep another history apart", err)
	}
	s.forgetAwaiting()
	return s.reload()
}

// statesWithout returns every record that a log wrote to after a place, without these writes.
func (s *Store) statesWithout(log fieldwork.LogID, after uint64) (map[fieldwork.RecordID]*journal.State, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := map[fieldwork.RecordID]*journal.State{}
	for id, h := range s.records.state {
		state, err := journal.ReadState(h.raw)
		if err != nil {
			return nil, err
		}
		if state.Drop(func(v *journal.Version) bool { return v.Dot.Log == log && v.Dot.Seq > after }) {
			out[id] = &state
		}
		if len(state.Versions) > 0 && id.Log == log && id.Seq > after { // what made it is gone: it is what the others take it for
			if kind, ok := s.kindWritten(state.Versions[0].Dot); ok {
				state.Kind = kind
			}
		}
	}
	return out, nil
}

// kindWritten says of which kind a write takes its record to be; ok is false where the write is not held in its log.
func (s *Store) kindWritten(dot fieldwork.RecordID) (kind fieldwork.Kind, ok bool) {
	s.read(func(tx *bbolt.Tx) error {
		k, v := seekSegment(tx.Bucket(bucketLog).Cursor(), dot.Log, dot.Seq)
		if k == nil || !bytes.HasPrefix(k, headKey(dot.Log)) {
			return nil
		}
		p, err := s.openSegment(k, v)
		if err != nil {
			return err
		}
		for i := range p.Changes {
			if c := &p.Changes[i]; c.Seq <= dot.Seq && dot.Seq <= c.Last() {
				kind, ok = c.Writes[dot.Seq-c.Seq].Kind, true
			}
		}
		return nil
	})
	return kind, ok
}

// cutLog takes segments after a place out of the log, into quarantine.
func (s *Store) cutLog(tx *bbolt.Tx, log fieldwork.LogID, after uint64, why journal.Reason) error {
	b := tx.Bucket(bucketLog)
	var gone [][]byte
	var keep *journal.Piece
	c := b.Cursor()
	for k, v := seekSegment(c, log, after+1); k != nil && bytes.HasPrefix(k, headKey(log)); k, v = c.Next() {
		p, err := s.openSegment(k, v)
		if err != nil {
			return err
		}
		if p.Last() <= after {
			continue
		}
		gone = append(gone, bytes.Clone(k))
		rest := p
		if p.First <= after {
			if rest, err = p.After(after); err != nil {
				return err
			}
			if keep, err = s.beginning(&p, &rest); err != nil {
				return err
			}
		}
		end, err := rest.Head()
		if err != nil {
			return err
		}
		if _, err := s.putApart(tx, &rest, end, why); err != nil {
			return err
		}
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	if keep == nil {
		return nil
	}
	k := logKey(log, keep.First)
	return b.Put(k, s.seal.put(bucketLog, k, appendSegment(nil, keep)))
}

// beginning returns what of a piece stays when the rest is cut off. Our own is signed anew when it travels; no signature
// of others is left for theirs, so HQ vouches for it, as for a page.
func (s *Store) beginning(p, rest *journal.Piece) (*journal.Piece, error) {
	keep := &journal.Piece{Log: p.Log, First: p.First, Prev: p.Prev, Covered: p.Covered, Changes: p.Changes[:len(p.Changes)-len(rest.Changes)]}
	self := s.Self()
	if p.Log.Node == self.Log.Node && !p.Covered {
		return keep, nil
	}
	keep.Covered, keep.Prev, keep.End = true, journal.Hash{}, rest.Prev
	if self.Log.Node != 0 {
		return keep, nil
	}
	return keep, keep.SignPage(self.Campaign, self.Key())
}

func (s *Store) cutContexts(tx *bbolt.Tx, log fieldwork.LogID, after uint64) error {
	b := tx.Bucket(bucketContexts)
	var gone [][]byte
	c := b.Cursor()
	for k, _ := c.Seek(logKey(log, after+1)); k != nil && bytes.HasPrefix(k, headKey(log)); k, _ = c.Next() {
		gone = append(gone, bytes.Clone(k))
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) putHead(tx *bbolt.Tx, log fieldwork.LogID, h head) error {
	k := headKey(log)
	if h.seq == 0 {
		return tx.Bucket(bucketHeads).Delete(k)
	}
	return tx.Bucket(bucketHeads).Put(k, s.seal.put(bucketHeads, k, h.bytes()))
}

// putStates writes records as they are now; one without any write is gone.
func (s *Store) putStates(tx *bbolt.Tx, states map[fieldwork.RecordID]*journal.State) error {
	if err := touch(tx); err != nil {
		return err
	}
	b := tx.Bucket(bucketRecords)
	for id, state := range states {
		k := s.seal.recordKey(id)
		if len(state.Versions) == 0 {
			if err := b.Delete(k); err != nil {
				return err
			}
			continue
		}
		if err := b.Put(k, s.seal.put(bucketRecords, k, state.Append(nil))); err != nil {
			return err
		}
	}
	return nil
}

// reload reads everything in memory anew from the file.
func (s *Store) reload() error {
	s.mu.Lock()
	s.unproved = nil // what is read now is no summary's
	s.heads, s.hashes, s.covers = journal.Heads{}, map[fieldwork.LogID]journal.Hash{}, map[fieldwork.LogID]cover{}
	s.clocks = journal.NewClocks()
	s.ctx, s.digest = journal.NewContexts(), journal.Digest{}
	s.records.reset()
	s.index = newSearchIndex()
	err := s.load(false)
	s.mu.Unlock()
	if err != nil {
		s.broken = err
		return err
	}
	s.tellAll()
	return nil
}

// tellAll says that anything may have changed.
func (s *Store) tellAll() {
	all := map[fieldwork.Kind]bool{}
	for _, spec := range fieldwork.Specs() {
		all[spec.Kind] = true
	}
	s.tell(Event{Kinds: all, Receipts: true})
}
