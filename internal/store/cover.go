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

// Publish covers every log at HQ as far as a proven backup has it, and says so in HQ's own log: laptops may then keep no more than the
// ends of the logs of others, some day. It returns how many logs that were.
func (s *Store) Publish(proven journal.Heads) (int, error) {
	if s.Own().Node != 0 {
		return 0, &fieldwork.Problem{Code: "not-hq", Sentence: "Only HQ publishes snapshots.", Hint: "On HQ's machine: kandili-hq snapshot"}
	}
	heads, err := s.coverAll(proven)
	if err != nil || len(heads) == 0 {
		return 0, err
	}
	_, err = s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindSnapshot, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.SnapshotHeads, Value: fieldwork.Bytes(AppendHeads(nil, heads))},
		{Field: fieldwork.SnapshotAt, Value: fieldwork.Int(s.opt.Now().Unix())},
	}}}})
	if err != nil {
		return 0, err
	}
	return len(heads), s.Tidy()
}

func (s *Store) coverAll(proven journal.Heads) (journal.Heads, error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	heads := journal.Heads{}
	held := s.Heads()
	for _, log := range held.Logs() {
		to := min(held[log], proven[log])
		if to == 0 {
			continue
		}
		if s.coveredTo(log) < to {
			if err := s.cover(log, to); err != nil {
				return nil, err
			}
		}
		heads[log] = s.coveredTo(log)
	}
	return heads, nil
}

// WorthPublishing says whether pages would help: at least so many writes that a proven backup has are not covered yet, and a quarter of
// what is. Pages of a log are made anew as a whole, so all snapshots together cost no more than five times the last one.
func (s *Store) WorthPublishing(proven journal.Heads, least uint64) bool {
	held := s.Heads()
	var more, covered uint64
	for log, seq := range proven {
		c := s.coveredTo(log)
		covered += c
		if to := min(seq, held[log]); to > c {
			more += to - c
		}
	}
	return more >= max(least, covered/4)
}

// noteSnapshot holds how far HQ's snapshots cover the logs of others that are held here as they were written.
const noteSnapshot = "snapshot/later"

// heedSnapshots heeds the last of the snapshots that changes of HQ's log tell.
func (s *Store) heedSnapshots(list []journal.Change) error {
	var heads journal.Heads
	for i := range list {
		for _, w := range list[i].Writes {
			for _, f := range w.Fields {
				if w.Kind == fieldwork.KindSnapshot && f.Field == fieldwork.SnapshotHeads {
					heads = ReadHeads(f.Value.Bytes())
				}
			}
		}
	}
	return s.heedSnapshot(heads)
}

// heedSnapshot lets a laptop keep pages of its own logs that HQ covers, and of others' logs no more than the ends, once a backup was proven to
// have them for long enough: until then any laptop can give them to an HQ that was restored from an older one. The caller holds saving.
func (s *Store) heedSnapshot(heads journal.Heads) error {
	self, have := s.Own(), s.Heads()
	if self.Node == 0 || len(heads) == 0 {
		return nil
	}
	s.mu.RLock()
	spare := s.durableFor(s.others)
	s.mu.RUnlock()
	later, covered := journal.Heads{}, uint64(0)
	for _, log := range heads.Logs() {
		s.mu.RLock()
		c := s.covers[log]
		s.mu.RUnlock()
		if have[log] < heads[log] || c.to >= heads[log] || c.open {
			continue
		}
		if log.Node != self.Node && spare[log] < heads[log] {
			later[log] = heads[log]
			continue
		}
		if _, known := s.HashAt(log, heads[log]); !known {
			continue // it lies within a segment of ours: with the next snapshot
		}
		if end, err := s.segmentEnd(log, heads[log]); err != nil {
			return err
		} else if end > heads[log] {
			continue // the segment goes on beyond what HQ covers, and could not be passed on any more: with the next snapshot
		}
		if err := s.cover(log, heads[log]); err != nil {
			return err
		}
		covered += heads[log] - c.to
	}
	if err := s.noteLater(later); err != nil || covered < worthTidying {
		return err
	}
	return s.tidy()
}

// noteLater notes what of a snapshot waits.
func (s *Store) noteLater(later journal.Heads) error {
	var value []byte
	if len(later) > 0 {
		value = AppendHeads(nil, later)
	}
	if bytes.Equal(value, s.getNamed(bucketNotes, noteSnapshot)) {
		return nil
	}
	return s.setNamed(bucketNotes, noteSnapshot, value)
}

// worthTidying is how many writes have to be covered for the file to be written anew without them.
const worthTidying = 1000
