package store

import (
	"bytes"
	"slices"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// AwaitingPiece is a piece that is kept apart: whole, signed by its node, and part of no record.
type AwaitingPiece struct {
	journal.Piece
	Reason journal.Reason
}

// apartKey is where a piece is kept apart. Two histories of one log may begin at the same number, so the end of the
// chain is part of the key.
func apartKey(log fieldwork.LogID, first uint64, end journal.Hash) []byte {
	return append(logKey(log, first), end[:8]...)
}

// keepApart keeps a piece apart: for a person to decide, never for the bin.
func (s *Store) keepApart(p *journal.Piece, why journal.Reason, done *journal.Applied) error {
	end, err := p.Head()
	if err != nil {
		return err
	}
	var put bool
	kept := *p
	if s.forgetPiece(&kept, end) {
		if err := s.vouchApart(&kept); err != nil {
			return err
		}
	}
	err = s.update(func(tx *bbolt.Tx) (err error) {
		put, err = s.putApart(tx, &kept, end, why)
		return err
	})
	if err != nil {
		return diskProblem("put into quarantine", err)
	}
	if put {
		done.Quarantined += len(p.Changes)
		s.forgetAwaiting()
	}
	return nil
}

// putApart keeps a piece apart, in the place of parts of it that came earlier; put is false where all of it is there.
func (s *Store) putApart(tx *bbolt.Tx, p *journal.Piece, end journal.Head, why journal.Reason) (put bool, err error) {
	k := apartKey(p.Log, p.First, end.Hash)
	b := tx.Bucket(bucketQuarantine)
	var parts [][]byte
	c := b.Cursor()
	for other, _ := c.Seek(headKey(p.Log)); other != nil && bytes.HasPrefix(other, headKey(p.Log)); other, _ = c.Next() {
		if !bytes.Equal(other[16:], k[16:]) {
			continue
		}
		if bytes.Compare(other[:16], k[:16]) <= 0 {
			return false, nil
		}
		parts = append(parts, bytes.Clone(other))
	}
	for _, part := range parts {
		if err := b.Delete(part); err != nil {
			return false, err
		}
	}
	return true, b.Put(k, s.seal.put(bucketQuarantine, k, appendSegment([]byte{byte(why)}, p)))
}

// forgetAwaiting makes the next look at what is kept apart read it anew.
func (s *Store) forgetAwaiting() {
	s.mu.Lock()
	s.awaiting = nil
	s.mu.Unlock()
}

// awaitingRuns returns each piece that is kept apart as a run, by log and number. They are read once: HQ tells them in
// every exchange.
func (s *Store) awaitingRuns() ([]journal.Apart, error) {
	s.mu.RLock()
	runs := s.awaiting
	s.mu.RUnlock()
	if runs != nil {
		return runs, nil
	}
	s.saving.Lock() // nothing new comes in meanwhile
	defer s.saving.Unlock()
	list, err := s.Awaiting()
	if err != nil {
		return nil, err
	}
	runs = []journal.Apart{}
	for i := range list {
		p := &list[i]
		if s.settled(p) {
			continue
		}
		runs = append(runs, journal.Apart{Log: p.Log, First: p.First, Last: p.Last(), Reason: p.Reason})
	}
	s.mu.Lock()
	s.awaiting = runs
	s.mu.Unlock()
	return runs, nil
}

// settled says that nobody has to decide about a piece: it is another history, and all of it was written again.
func (s *Store) settled(p *AwaitingPiece) bool {
	return p.Reason == journal.ReasonAgain || p.Reason == journal.ReasonFork && s.WrittenAgain(&p.Piece) == len(p.Changes)
}

// settleForks looks anew at other histories of a node's logs after something of it came in.
func (s *Store) settleForks(node uint32) {
	s.mu.RLock()
	again := slices.ContainsFunc(s.awaiting, func(a journal.Apart) bool { return a.Log.Node == node && a.Reason == journal.ReasonFork })
	s.mu.RUnlock()
	if again {
		s.forgetAwaiting()
	}
}

// Awaiting returns the pieces that are kept apart, by log and number.
func (s *Store) Awaiting() (list []AwaitingPiece, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketQuarantine).ForEach(func(k, v []byte) error {
			p, err := s.readApart(k, v)
			list = append(list, p)
			return err
		})
	})
	return list, err
}

func (s *Store) readApart(k, v []byte) (p AwaitingPiece, err error) {
	if len(k) != 24 {
		return p, journal.ErrPiece
	}
	log, first, _ := parseLogKey(k[:16])
	plain, err := s.seal.get(bucketQuarantine, k, v)
	if err != nil {
		return p, err
	}
	if len(plain) == 0 {
		return p, journal.ErrPiece
	}
	p.Reason = journal.Reason(plain[0])
	p.Piece, err = readSegment(plain[1:], log, first)
	return p, err
}

// Quarantined returns how many changes wait apart for a person's decision.
func (s *Store) Quarantined() (n int, err error) {
	list, err := s.Awaiting()
	for i := range list {
		if !s.settled(&list[i]) {
			n += len(list[i].Changes)
		}
	}
	return n, err
}

// Apart returns what is kept apart as runs, and what HQ decided about them: which were read and left apart, and why.
func (s *Store) Apart() ([]journal.Apart, error) {
	list, err := s.awaitingRuns()
	if err != nil || len(list) == 0 {
		return nil, err
	}
	left := s.leftApart()
	var runs []journal.Apart
	for _, a := range list {
		if a.Reason == journal.ReasonRevoked && !s.beyondCounted(&a) {
			continue
		}
		if d, ok := left[a.Log]; ok && a.Last <= d.upTo {
			a.Left, a.Text = true, d.reason
		}
		if n := len(runs); n > 0 && joins(&runs[n-1], &a) {
			runs[n-1].Last = max(runs[n-1].Last, a.Last)
			continue
		}
		runs = append(runs, a)
	}
	return runs, nil
}

// beyondCounted leaves of a run what HQ does not count, and says whether that is anything. A piece that came from a thief may
// begin before the theft: whoever holds its beginning apart from the rest must go on offering it.
func (s *Store) beyondCounted(a *journal.Apart) bool {
	if limit := s.limitOf(a.Log); limit >= a.First {
		a.First = limit + 1
	}
	return a.First <= a.Last && a.First != 0
}

func joins(a, b *journal.Apart) bool {
	return a.Log == b.Log && a.Reason == b.Reason && a.Left == b.Left && a.Text == b.Text && b.First <= a.Last+1
}

type leftUpTo struct {
	upTo   uint64
	reason string
}

// leftApart reads from HQ's own log which changes a person read and left apart.
func (s *Store) leftApart() map[fieldwork.LogID]leftUpTo {
	left := map[fieldwork.LogID]leftUpTo{}
	s.Each(fieldwork.KindRevocation, func(r fieldwork.Record) bool {
		last := r.Get(fieldwork.RevocationLeft).Ref()
		if r.ID.Log.Node == 0 && !last.IsZero() && last.Seq > left[last.Log].upTo {
			left[last.Log] = leftUpTo{last.Seq, r.Get(fieldwork.RevocationReason).Text()}
		}
		return true
	})
	return left
}

// LetIn takes what is kept apart of a log and counts now, because HQ's log says so since, into the records, and
// returns what became of it. What counts still not stays apart.
func (s *Store) LetIn(log fieldwork.LogID) (journal.Applied, error) {
	list, err := s.Awaiting()
	if err != nil {
		return journal.Applied{}, err
	}
	var pieces []journal.Piece
	limit := s.limitOf(log)
	for i := range list {
		p := &list[i]
		if p.Log != log || p.Reason != journal.ReasonRevoked || p.Last() > limit {
			continue
		}
		if p.Covered && !p.VerifyPage(s.Self().Campaign, s.hqKey()) {
			continue // somebody in it was forgotten: HQ vouches for its own copy, and gives it
		}
		pieces = append(pieces, p.Piece)
	}
	slices.SortFunc(pieces, func(a, b journal.Piece) int { return int(int64(a.First) - int64(b.First)) })
	done, err := s.Apply(pieces...)
	if err != nil {
		return done, err
	}
	part, err := s.letInPart(log, limit)
	done.Changes, done.Writes = done.Changes+part.Changes, done.Writes+part.Writes
	if err != nil {
		return done, err
	}
	return done, s.dropApart(log)
}

// dropApart forgets the copies of pieces of a log that are held as records by now.
func (s *Store) dropApart(log fieldwork.LogID) error {
	held := s.Heads()[log]
	s.saving.Lock()
	defer s.saving.Unlock()
	err := s.update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketQuarantine)
		var gone [][]byte
		c := b.Cursor()
		for k, v := c.Seek(headKey(log)); k != nil && string(k[:8]) == string(headKey(log)); k, v = c.Next() {
			p, err := s.readApart(k, v)
			if err != nil {
				return err
			}
			if p.Reason == journal.ReasonRevoked && p.Last() <= held {
				gone = append(gone, slices.Clone(k))
			}
		}
		for _, k := range gone {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return diskProblem("tidy the quarantine", err)
	}
	s.forgetAwaiting()
	return nil
}
