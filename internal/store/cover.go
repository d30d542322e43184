package store

import (
	"bytes"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// Covering replaces the beginning of a log by pages, which do not hold what was forgotten, or by nothing but its end:
// HQ keeps pages of every log, for laptops that are new or were away for long; a laptop keeps those of its own logs and
// the end of the others. The records stay as they are.

// pageBytes is how many canonical bytes go into a page, about: 10 to 25 KB once packed, a few seconds of a slow link.
const pageBytes = 96 << 10

// keepsPages says whether pages of a log are kept here.
func (s *Store) keepsPages(log fieldwork.LogID) bool {
	node := s.Own().Node
	return node == 0 || log.Node == node
}

// cover covers a log up to a sequence number, or up to the end of the segment in which that lies, in one transaction.
// The caller holds saving.
func (s *Store) cover(log fieldwork.LogID, upTo uint64) error {
	upTo, err := s.segmentEnd(log, upTo)
	if err != nil {
		return err
	}
	s.mu.RLock()
	have, c := s.heads[log], s.covers[log]
	s.mu.RUnlock()
	if upTo < c.to && !s.keepsPages(log) { // of this part only what HQ had not proven to have is here
		return s.dropKept(log, upTo)
	}
	upTo = max(upTo, c.to) // pages are made anew as a whole: no hash stands between them
	if upTo > have || c.open {
		return nil // a page that is not the last of its log: it holds nothing that was forgotten, and more is coming
	}
	hash, ok := s.HashAt(log, upTo)
	if !ok {
		return fmt.Errorf("cover log %v: the hash at %d is not known", log, upTo)
	}
	var pages []journal.Piece
	if s.keepsPages(log) {
		if pages, err = s.pagesOf(log, upTo, hash); err != nil {
			return err
		}
	}
	next := cover{to: upTo, hash: hash}
	err = s.update(func(tx *bbolt.Tx) error {
		if err := s.dropSegments(tx, log, upTo); err != nil {
			return err
		}
		b := tx.Bucket(bucketLog)
		for i := range pages {
			k := logKey(log, pages[i].First)
			if err := b.Put(k, s.seal.put(bucketLog, k, appendSegment(nil, &pages[i]))); err != nil {
				return err
			}
		}
		s.mu.RLock()
		h := head{seq: s.heads[log], hash: s.hashes[log], wall: int64(s.last), cover: next}
		s.mu.RUnlock()
		return s.putHead(tx, log, h)
	})
	if err != nil {
		return diskProblem("cover a log", err)
	}
	s.mu.Lock()
	s.covers[log] = next
	s.mu.Unlock()
	return s.coverJournal(log, upTo, hash)
}

// dropKept lets go of what was kept of another's log below where it is covered.
func (s *Store) dropKept(log fieldwork.LogID, upTo uint64) error {
	err := s.update(func(tx *bbolt.Tx) error { return s.dropSegments(tx, log, upTo) })
	if err != nil {
		return diskProblem("cover a log", err)
	}
	return nil
}

// segmentEnd returns the end of the segment in which a sequence number lies, the number itself where there is none.
func (s *Store) segmentEnd(log fieldwork.LogID, seq uint64) (end uint64, err error) {
	end = seq
	err = s.read(func(tx *bbolt.Tx) error {
		k, v := seekSegment(tx.Bucket(bucketLog).Cursor(), log, seq)
		if k == nil || !bytes.HasPrefix(k, headKey(log)) {
			return nil
		}
		p, err := s.openSegment(k, v)
		if err == nil && p.First <= seq {
			end = max(end, p.Last())
		}
		return err
	})
	return end, err
}

// pagesOf makes the pages of a log from its first change to a place, without what was forgotten. HQ vouches for them.
func (s *Store) pagesOf(log fieldwork.LogID, upTo uint64, hash journal.Hash) ([]journal.Piece, error) {
	list, err := s.suffix(log, 0)
	if err != nil {
		return nil, err
	}
	w := pageWriter{s: s, log: log}
	for _, c := range list {
		if c.Seq > upTo {
			break
		}
		s.forgetIn(&c)
		w.add(c)
	}
	pages, err := w.end(hash)
	self := s.Self()
	for i := range pages {
		if self.Log.Node == 0 && err == nil {
			err = pages[i].SignPage(self.Campaign, self.Key())
		}
	}
	return pages, err
}

// pageWriter cuts changes into pages, always at the same places, so that what did not change stays the same page.
type pageWriter struct {
	s     *Store
	log   fieldwork.LogID
	pages []journal.Piece
	size  int
}

func (w *pageWriter) add(c journal.Change) {
	n := len(c.Append(nil))
	if len(w.pages) == 0 || w.size+n > pageBytes {
		w.pages, w.size = append(w.pages, journal.Piece{Log: w.log, First: c.Seq, Covered: true}), 0
	}
	w.size += n
	p := &w.pages[len(w.pages)-1]
	p.Changes = append(p.Changes, c)
}

// end returns the pages, those halved that would be too long for a frame.
func (w *pageWriter) end(hash journal.Hash) ([]journal.Piece, error) {
	var out []journal.Piece
	for i := 0; i < len(w.pages); i++ {
		p := w.pages[i]
		p.Sig = make([]byte, 64) // room for one
		_, err := wire.Speaks{}.PageFrame(&p)
		if half := len(p.Changes) / 2; errors.Is(err, wire.ErrTooLong) && half > 0 {
			second := p
			second.Changes, second.First = p.Changes[half:], p.Changes[half].Seq
			p.Changes = p.Changes[:half:half]
			w.pages[i] = p
			w.pages = append(w.pages[:i+1], append([]journal.Piece{second}, w.pages[i+1:]...)...)
			i--
			continue
		}
		if err != nil {
			return nil, err
		}
		p.Sig = nil
		out = append(out, p)
	}
	if n := len(out); n > 0 {
		out[n-1].End = hash
	}
	return out, nil
}

// dropSegments takes segments that end at or before a place out of the log.
func (s *Store) dropSegments(tx *bbolt.Tx, log fieldwork.LogID, upTo uint64) error {
	b := tx.Bucket(bucketLog)
	var gone [][]byte
	c := b.Cursor()
	for k, v := c.Seek(logKey(log, 0)); k != nil && bytes.HasPrefix(k, headKey(log)); k, v = c.Next() {
		_, first, _ := parseLogKey(k)
		if first > upTo {
			break
		}
		p, err := s.openSegment(k, v)
		if err != nil {
			return err
		}
		if p.Last() <= upTo {
			gone = append(gone, bytes.Clone(k))
		}
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// coverJournal writes the journal file anew where it holds what is covered now, without what was forgotten.
func (s *Store) coverJournal(log fieldwork.LogID, upTo uint64, hash journal.Hash) error {
	if log.Node != s.Own().Node || s.file == nil {
		return nil
	}
	err := s.file.rewriteAll(func(e entry) (entry, bool) {
		if e.change.Log != log || e.change.Last() > upTo {
			return e, true
		}
		s.forgetIn(&e.change)
		e.prev, e.covered, e.end = journal.Hash{}, true, journal.Hash{}
		if e.change.Last() == upTo {
			e.end = hash
		}
		e.raw = e.change.Append(nil)
		return e, true
	})
	if err != nil {
		return diskProblem("write the journal file anew", err)
	}
	return nil
}
