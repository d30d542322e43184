package store

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Piece returns the run of the log that begins right after the sequence number, about as long as maxBytes canonical
// bytes allow, with a signed head at its end. Our own log is signed here; a log of others ends where a signature of
// its node is held. It returns journal.ErrNoMore where nothing follows.
func (s *Store) Piece(log fieldwork.LogID, after uint64, maxBytes int) (journal.Piece, error) {
	self := s.Self()
	out := journal.Piece{Log: log}
	err := s.read(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketLog).Cursor()
		prefix := headKey(log)
		k, v := seekSegment(c, log, after+1)
		size := 0
		for ; k != nil && bytes.HasPrefix(k, prefix) && size < maxBytes; k, v = c.Next() {
			p, n, err := s.segmentAfter(k, v, after)
			if err != nil {
				return err
			}
			if len(p.Changes) == 0 {
				continue
			}
			if p.Covered || p.First != after+1 && s.coveredTo(log) > after {
				if len(out.Changes) > 0 {
					return nil
				}
				return journal.ErrCovered
			}
			if out.First == 0 {
				out.First, out.Prev = p.First, p.Prev
			}
			if p.First != after+1 {
				return fmt.Errorf("log %v has a gap after %d", log, after)
			}
			out.Changes = append(out.Changes, p.Changes...)
			out.Sig = p.Sig
			after, size = p.Last(), size+n
		}
		return nil
	})
	if err != nil {
		return journal.Piece{}, err
	}
	if len(out.Changes) == 0 && s.coveredTo(log) > after {
		return journal.Piece{}, journal.ErrCovered
	}
	if len(out.Changes) == 0 {
		return journal.Piece{}, journal.ErrNoMore
	}
	return out, s.signOwn(&out, self)
}

// coveredTo returns up to where a log is covered.
func (s *Store) coveredTo(log fieldwork.LogID) uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.covers[log].to
}

// signOwn signs the end of a piece that this node wrote, under whichever incarnation.
func (s *Store) signOwn(p *journal.Piece, self Identity) error {
	if p.Log.Node != self.Log.Node || len(p.Sig) > 0 {
		return nil
	}
	end, err := p.Head()
	if err != nil {
		return err
	}
	if err := end.Sign(self.Campaign, self.Key()); err != nil {
		return err
	}
	p.Sig = end.Sig
	return nil
}

// seekSegment moves to the segment that holds seq, or to the first one after it.
func seekSegment(c *bbolt.Cursor, log fieldwork.LogID, seq uint64) (k, v []byte) {
	want := logKey(log, seq)
	k, v = c.Seek(want)
	if k != nil && bytes.Equal(k, want) {
		return k, v
	}
	if pk, pv := c.Prev(); pk != nil && bytes.HasPrefix(pk, headKey(log)) {
		return pk, pv
	}
	return c.Seek(want)
}

// segmentAfter opens a stored segment, cuts off what lies at or before the sequence number, and tells its size.
func (s *Store) segmentAfter(k, v []byte, after uint64) (journal.Piece, int, error) {
	log, first, _ := parseLogKey(k)
	plain, err := s.seal.get(bucketLog, k, v)
	if err != nil {
		return journal.Piece{}, 0, fmt.Errorf("segment of log %v at %d: %w", log, first, err)
	}
	p, err := readSegment(plain, log, first)
	if err != nil {
		return journal.Piece{}, 0, fmt.Errorf("segment of log %v at %d: %w", log, first, err)
	}
	if first > after {
		return p, len(plain), nil
	}
	if p.Last() <= after {
		return journal.Piece{}, 0, nil
	}
	rest, err := p.After(after)
	return rest, len(plain), err
}
