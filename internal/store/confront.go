package store

import (
	"bytes"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// How a folder that was copied, restored or put back to an earlier day is found out: with each exchange a node says how
// far its own log goes and how the hash there begins (Tips). Who holds more of it, or another hash, answers with a proof
// (Doubt), and the node goes on under a new incarnation (Confront).

// HashAt returns the hash of a log at the end of the change that ends at the sequence number, where it is known here.
func (s *Store) HashAt(log fieldwork.LogID, seq uint64) (h journal.Hash, ok bool) {
	s.mu.RLock()
	have, hash, c := s.heads[log], s.hashes[log], s.covers[log]
	s.mu.RUnlock()
	switch {
	case seq == 0:
		return h, true
	case seq == have:
		return hash, !c.open
	case seq == c.to:
		return c.hash, true
	case seq > have:
		return h, false
	}
	err := s.read(func(tx *bbolt.Tx) error {
		k, v := seekSegment(tx.Bucket(bucketLog).Cursor(), log, seq)
		if k == nil || !bytes.HasPrefix(k, headKey(log)) {
			return nil
		}
		p, err := s.openSegment(k, v)
		if err != nil {
			return err
		}
		each(&p, func(last uint64, at journal.Hash) {
			if last == seq {
				h, ok = at, true
			}
		})
		return nil
	})
	return h, ok && err == nil
}

// each calls f with the end of every change of a piece and the hash there.
func each(p *journal.Piece, f func(last uint64, at journal.Hash)) {
	if p.Covered {
		if p.End != (journal.Hash{}) {
			f(p.Last(), p.End)
		}
		return
	}
	hash := p.Prev
	for i := range p.Changes {
		hash = journal.Link(hash, p.Changes[i].Append(nil))
		f(p.Changes[i].Last(), hash)
	}
}

func (s *Store) openSegment(k, v []byte) (journal.Piece, error) {
	log, first, _ := parseLogKey(k)
	plain, err := s.seal.get(bucketLog, k, v)
	if err != nil {
		return journal.Piece{}, err
	}
	return readSegment(plain, log, first)
}

// Tips returns what an exchange says of our own logs, and of logs of which somebody holds another history.
func (s *Store) Tips() []journal.Tip {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []journal.Tip
	add := func(log fieldwork.LogID) {
		switch seq := s.heads[log]; {
		case seq == 0:
		case s.outlines[log]:
			list = append(list, journal.Tip{Log: log, Seq: seq}) // without a hash: how does it go at HQ?
		default:
			list = append(list, journal.TipOf(log, seq, s.hashes[log]))
		}
	}
	add(s.self.Log)
	for _, log := range s.heads.Logs() { // what this laptop wrote under earlier numbers, too: it may have been put back before it took new ones
		if log.Node == s.self.Log.Node && log != s.self.Log {
			add(log)
		}
	}
	for _, log := range s.doubts.Logs() {
		if log.Node != s.self.Log.Node {
			add(log)
		}
	}
	return list
}

// Ends is a short name of where all logs end here, hashes included.
func (s *Store) Ends() [8]byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return journal.Ends(s.heads, func(log fieldwork.LogID) journal.Hash { return s.hashes[log] })
}

// AllTips returns a tip of every log of which the hash at its end is known, in order.
func (s *Store) AllTips() (list []journal.Tip) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, log := range s.heads.Logs() {
		if !s.covers[log].open {
			list = append(list, journal.TipOf(log, s.heads[log], s.hashes[log]))
		}
	}
	return list
}

// Doubt compares what somebody says of a log with what is held here. The trace is nil where there is nothing to say: what
// is held here is the beginning of theirs. own says that the log is the speaker's: then a trace goes out as well when
// only we hold more.
func (s *Store) Doubt(tip journal.Tip, own bool) (*journal.Trace, error) {
	have := s.Heads()[tip.Log]
	if tip.Hash == [8]byte{} {
		return s.outlineTrace(tip.Log, min(tip.Seq, have))
	}
	if have < tip.Seq {
		return nil, nil // their changes will show whether they join
	}
	h, known := s.HashAt(tip.Log, tip.Seq)
	same := known && [8]byte(h[:8]) == tip.Hash
	if same && have == tip.Seq && own {
		return nil, nil
	}
	if !known {
		return s.outlineTrace(tip.Log, min(have, tip.Seq+beyondTip))
	}
	if own && !same && s.coveredTo(tip.Log) > 0 && s.Own().Node == 0 { // the two may part within a page
		t, err := s.outlineTrace(tip.Log, min(have, tip.Seq+beyondTip))
		return t, errors.Join(err, s.stateFork(tip.Log))
	}
	t, err := s.trace(tip.Log)
	if errors.Is(err, errNoChain) {
		return s.outlineTrace(tip.Log, min(have, tip.Seq+beyondTip))
	}
	if err != nil {
		return nil, err
	}
	if same && have == tip.Seq { // the question is settled
		t.Points = nil
	}
	if same {
		t.Add(journal.Point{Seq: tip.Seq, Hash: tip.Hash})
		return &t, nil
	}
	return &t, s.stateFork(tip.Log)
}

// trace makes the proof of how far a log goes here.
func (s *Store) trace(log fieldwork.LogID) (journal.Trace, error) {
	var t journal.Trace
	var last journal.Piece
	apart := uint64(1)
	err := s.read(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketLog).Cursor()
		k, v := seekSegment(c, log, noLimit)
		for ; k != nil && bytes.HasPrefix(k, headKey(log)) && len(t.Points) < journal.MaxPoints/2; k, v = c.Prev() {
			p, err := s.openSegment(k, v)
			if err != nil {
				return err
			}
			if last.Changes == nil {
				last = p
			}
			t.Points = append(t.Points, points(&p)...)
		}
		for ; k != nil && bytes.HasPrefix(k, headKey(log)) && len(t.Points) < journal.MaxPoints; apart *= 2 {
			p, err := s.openSegment(k, v)
			if err != nil {
				return err
			}
			if at := points(&p); len(at) > 0 {
				t.Points = append(t.Points, at[0])
			}
			if p.First <= apart {
				break
			}
			k, v = seekSegment(c, log, p.First-apart)
		}
		return nil
	})
	if err != nil || len(last.Changes) == 0 {
		return t, errors.Join(err, journal.ErrNoMore)
	}
	if last.Covered {
		return t, errNoChain
	}
	if err := s.signOwn(&last, s.Self()); err != nil {
		return t, err
	}
	t.Points = t.Points[:min(len(t.Points), journal.MaxPoints-1)]
	t.Head, err = last.Head()
	return t, err
}

// points returns the ends of a piece's changes, the last first.
func points(p *journal.Piece) []journal.Point {
	list := make([]journal.Point, 0, len(p.Changes))
	each(p, func(last uint64, at journal.Hash) {
		list = append(list, journal.Point{Seq: last, Hash: [8]byte(at[:8])})
	})
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// Confront compares a log with the proof that somebody else gave. Where it is our own and they hold another history or
// more, this replica goes on under a new incarnation and writes again what they lack. Where it is somebody else's, the
// history that HQ has counts; ours is put into quarantine. byHQ says that HQ itself gave the proof. changed says that
// what is held here is not what it was.
func (s *Store) Confront(t *journal.Trace, byHQ bool) (changed bool, err error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return false, s.broken
	}
	log, self := t.Head.Log, s.Self()
	part, ok, err := s.parting(t, byHQ)
	if err != nil || !ok {
		return false, err
	}
	if log.Node == self.Log.Node && !s.certain(t, part) {
		return byHQ && s.askOutline(log), nil
	}
	if byHQ && log.Node == self.Log.Node {
		s.mu.Lock()
		delete(s.outlines, log)
		s.mu.Unlock()
		defer func() { s.agree(log, part) }()
	}
	mine := s.Heads()[log]
	counts := byHQ || s.isHQs(t)
	switch {
	case part == mine && log == self.Log && t.Head.Seq > mine: // put back to an earlier day; nothing was written since
		return true, errors.Join(s.renew(0), s.undoubt(log))
	case part == mine || part == t.Head.Seq: // one is the beginning of the other
		return false, s.undoubt(log)
	case log.Node == self.Log.Node && counts:
		return true, errors.Join(s.startOver(log, part), s.undoubt(log))
	case log == self.Log: // HQ may get our history from whoever has it: until HQ has said which one counts, nothing is written again
		return true, s.renew(0)
	case log.Node == self.Log.Node:
		return false, nil
	case counts:
		return true, errors.Join(s.rewind(log, part, journal.ReasonFork), s.undoubt(log))
	}
	return false, s.doubt(log)
}

// certain says that what was found of where a log of ours parts is no guess: pages, here or there, hide hashes, and what both have must
// not be written again.
func (s *Store) certain(t *journal.Trace, part uint64) bool {
	switch {
	case t.Outlined || part == t.Head.Seq:
		return true
	case part < s.coveredTo(t.Head.Log):
		return false
	case part > 0:
		return true
	}
	list, err := s.suffix(t.Head.Log, 0)
	n := len(t.Points)
	return err == nil && len(list) > 0 && n > 0 && t.Points[n-1].Seq <= list[0].Last()
}

// parting finds the place up to which our history of a log is the one of the trace. ok is false where that cannot be told.
func (s *Store) parting(t *journal.Trace, byHQ bool) (part uint64, ok bool, err error) {
	self, log := s.Self(), t.Head.Log
	if t.Outlined { // it is signed by nobody: HQ's word counts, over its own line
		list, err := s.suffix(log, 0)
		all := journal.Outlines(list)
		if err != nil || all == nil || !byHQ {
			return 0, false, err
		}
		return t.Parting(func(seq uint64) (journal.Hash, bool) { h, ok := all[seq]; return h, ok }), true, nil
	}
	key, _, known := s.nodeKey(log.Node)
	if !known || !t.Head.Verify(self.Campaign, key) {
		return 0, false, fmt.Errorf("%w: %v", journal.ErrForged, log)
	}
	return t.Parting(func(seq uint64) (journal.Hash, bool) { return s.HashAt(log, seq) }), true, nil
}

// errNoChain says that a log ends in a page here, so that no node's signature proves how far it goes.
var errNoChain = errors.New("the log ends in a page")

// beyondTip is how far beyond a tip an outline goes: where a piece is refused, the tip is what lies before it, and the beginning of the piece may
// be what both have.
const beyondTip = 1024

// outlineTrace is what HQ says instead of a trace where it holds the log as pages. On a laptop it is nil: nobody believes its word.
func (s *Store) outlineTrace(log fieldwork.LogID, upTo uint64) (*journal.Trace, error) {
	if s.Own().Node != 0 || upTo == 0 {
		return nil, nil
	}
	list, err := s.suffix(log, 0)
	if err != nil {
		return nil, err
	}
	return journal.OutlineTrace(log, list, upTo), nil
}

// OutlineAt tells the outline of a log of ours at one place; nil where none can be told.
func (s *Store) OutlineAt(log fieldwork.LogID, seq uint64) *journal.Trace {
	list, err := s.suffix(log, 0)
	at, ok := journal.Outlines(list)[seq]
	if err != nil || !ok || seq == 0 {
		return nil
	}
	return &journal.Trace{Head: journal.Head{Log: log, Seq: seq}, Points: []journal.Point{{Seq: seq, Hash: [8]byte(at[:8])}}, Outlined: true}
}

// Outlined hears from the laptop that writes a log how it goes there, before a page of its own. Where that is how HQ has it, the page joins.
func (s *Store) Outlined(t *journal.Trace) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	log := t.Head.Log
	if s.Own().Node != 0 || s.Heads()[log] != t.Head.Seq {
		return nil
	}
	part, ok, err := s.parting(t, true)
	if err == nil && ok && part == t.Head.Seq {
		s.agree(log, part)
	}
	return err
}

// agree remembers, while the program runs, up to where HQ and the laptop that writes a log were found to have the same history of it. Pages
// join there and nowhere else: they do not prove what lies before them. The caller holds saving.
func (s *Store) agree(log fieldwork.LogID, upTo uint64) {
	if s.agreed == nil {
		s.agreed = journal.Heads{}
	}
	s.agreed[log] = upTo
}

// askOutline lets the next request ask how a log of ours goes at HQ, and says whether it was not asked already.
func (s *Store) askOutline(log fieldwork.LogID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outlines[log] {
		return false
	}
	if s.outlines == nil {
		s.outlines = map[fieldwork.LogID]bool{}
	}
	s.outlines[log] = true
	return true
}

// joins says whether a page that does not prove what lies before it goes on where the log ends here: it repeats our last change, or the
// other side was found to have the same up to there.
func (s *Store) joins(p *journal.Piece, have uint64) (bool, error) {
	if agreed, ok := s.agreed[p.Log]; have == 0 || ok && agreed == have {
		return true, nil
	}
	list, err := s.suffix(p.Log, p.First-1)
	if err != nil || len(list) == 0 {
		return false, err
	}
	ours := list[len(list)-1]
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Last() == have {
			return journal.Outline(journal.Hash{}, c) == journal.Outline(journal.Hash{}, &ours), nil
		}
	}
	return false, nil
}

const noteDoubts = "doubts"

// doubt remembers that somebody holds another history of the log, so that HQ is asked which one counts. The caller holds
// saving.
func (s *Store) doubt(log fieldwork.LogID) error { return s.setDoubt(log, true) }

// undoubt remembers that the question is settled.
func (s *Store) undoubt(log fieldwork.LogID) error { return s.setDoubt(log, false) }

func (s *Store) setDoubt(log fieldwork.LogID, doubtful bool) error {
	s.mu.RLock()
	next := s.doubts.Clone()
	s.mu.RUnlock()
	if _, had := next[log]; had == doubtful {
		return nil
	}
	if doubtful {
		next[log] = 1
	} else {
		delete(next, log)
	}
	if err := s.setNamed(bucketNotes, noteDoubts, AppendHeads(nil, next)); err != nil {
		return err
	}
	s.mu.Lock()
	s.doubts = next
	s.mu.Unlock()
	return nil
}

// isHQs says whether HQ stated in its own log that the history of the trace is the one that counts.
func (s *Store) isHQs(t *journal.Trace) bool {
	f, ok := s.forkOf(t.Head.Log)
	if !ok || f.seq > t.Head.Seq {
		return false
	}
	if f.seq == t.Head.Seq {
		return bytes.Equal(f.hash, t.Head.Hash[:])
	}
	for _, p := range t.Points {
		if p.Seq == f.seq {
			return bytes.HasPrefix(f.hash, p.Hash[:])
		}
	}
	return false
}

// statedFork is what HQ's log says of a log with two histories: which hash the one that counts has at a place.
type statedFork struct {
	log  fieldwork.LogID
	seq  uint64
	hash []byte
}

// forkOf returns HQ's latest statement about a log.
func (s *Store) forkOf(log fieldwork.LogID) (f statedFork, ok bool) {
	for _, id := range s.IDs(fieldwork.KindFork) {
		r, there := s.Record(id)
		if g := forkIn(r); there && id.Log.Node == 0 && g.log == log && g.seq >= f.seq {
			f, ok = g, true
		}
	}
	return f, ok
}

func forkIn(r fieldwork.Record) statedFork {
	node, _ := r.Get(fieldwork.ForkNode).Int()
	epoch, _ := r.Get(fieldwork.ForkEpoch).Int()
	seq, _ := r.Get(fieldwork.ForkSeq).Int()
	return statedFork{log: fieldwork.LogID{Node: uint32(node), Epoch: uint32(epoch)}, seq: uint64(seq), hash: r.Get(fieldwork.ForkHash).Bytes()}
}

// stateFork writes into HQ's log which history of a log HQ has, so that every replica learns by every road that there
// are two. On a laptop it does nothing.
func (s *Store) stateFork(log fieldwork.LogID) error {
	self := s.Self()
	if self.Log.Node != 0 || log.Node == 0 {
		return nil
	}
	s.mu.RLock()
	seq, hash := s.heads[log], s.hashes[log]
	s.mu.RUnlock()
	if f, ok := s.forkOf(log); ok && (f.seq == seq || s.agrees(f)) || seq == 0 {
		return nil
	}
	_, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindFork, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.ForkNode, Value: fieldwork.Int(int64(log.Node))},
		{Field: fieldwork.ForkEpoch, Value: fieldwork.Int(int64(log.Epoch))},
		{Field: fieldwork.ForkSeq, Value: fieldwork.Int(int64(seq))},
		{Field: fieldwork.ForkHash, Value: fieldwork.Bytes(hash[:])},
	}}}})
	return err
}

// agrees says whether what is held here is the history that HQ stated.
func (s *Store) agrees(f statedFork) bool {
	h, ok := s.HashAt(f.log, f.seq)
	return ok && bytes.Equal(h[:], f.hash)
}

// heedForks looks whether HQ states another history of a log than the one held here, and then asks HQ about it with the
// next exchange. The caller holds saving.
func (s *Store) heedForks() error {
	for _, id := range s.IDs(fieldwork.KindFork) {
		r, _ := s.Record(id)
		f := forkIn(r)
		if id.Log.Node != 0 || s.Self().Log.Node == 0 || s.Heads()[f.log] == 0 || s.agrees(f) {
			continue
		}
		if err := s.doubt(f.log); err != nil {
			return err
		}
	}
	return nil
}
