package store

import (
	"encoding/binary"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// merge collects what pieces of logs do to the store: prepared aside, written in one transaction, then published to
// memory. Until then nobody sees any of it.
type merge struct {
	s        *Store
	heads    map[fieldwork.LogID]head
	seen     []sighting
	states   map[fieldwork.RecordID]*journal.State
	order    []fieldwork.RecordID
	segments []segment
	stamp    journal.Stamp
	drafts   []Draft       // whose notes are written along
	reach    journal.Heads // logs that brought what was forgotten, and how far they have to be covered for it
}

type sighting struct {
	log  fieldwork.LogID
	at   uint64
	seen []journal.Seen
}

type segment struct {
	log   fieldwork.LogID
	first uint64
	plain []byte
}

func newMerge(s *Store) *merge {
	return &merge{s: s, heads: map[fieldwork.LogID]head{}, states: map[fieldwork.RecordID]*journal.State{}, stamp: s.last, reach: journal.Heads{}}
}

// piece takes one piece in. Its chain was followed by the caller for pieces from elsewhere.
func (m *merge) piece(p *journal.Piece) error {
	end, err := p.Head()
	if err != nil {
		return err
	}
	m.segments = append(m.segments, segment{p.Log, p.First, appendSegment(nil, p)})
	for i := range p.Changes {
		if err := m.change(&p.Changes[i]); err != nil {
			return err
		}
	}
	m.s.mu.RLock()
	c := m.s.covers[p.Log]
	m.s.mu.RUnlock()
	if p.Covered {
		c = cover{to: end.Seq, hash: end.Hash, open: end.Hash == journal.Hash{}}
	}
	m.heads[p.Log] = head{seq: end.Seq, hash: end.Hash, cover: c}
	return nil
}

func (m *merge) change(c *journal.Change) error {
	if len(c.Seen) > 0 {
		m.seen = append(m.seen, sighting{c.Log, c.Seq, c.Seen})
	}
	if c.Log == m.s.self.Log {
		m.stamp = max(m.stamp, c.Stamp)
	} else {
		m.stamp = journal.Witness(m.stamp, c.Stamp, m.s.opt.Now().Unix())
	}
	for i := range c.Writes {
		id := c.Target(i)
		state, err := m.state(id)
		if err != nil {
			return err
		}
		state.Add(c.Writes[i].Kind, journal.VersionOf(c, i))
	}
	return nil
}

func (m *merge) state(id fieldwork.RecordID) (*journal.State, error) {
	if st := m.states[id]; st != nil {
		return st, nil
	}
	st := &journal.State{ID: id}
	m.s.mu.RLock()
	raw, unproved := m.s.records.state[id].raw, m.s.unproved != nil
	m.s.mu.RUnlock()
	if unproved {
		var err error
		if raw, err = m.s.stored(id); err != nil {
			return nil, damagedProblem(err)
		}
	}
	if raw != "" {
		read, err := journal.ReadState(raw)
		if err != nil {
			return nil, err
		}
		st = &read
	}
	m.states[id] = st
	m.order = append(m.order, id)
	return st, nil
}

// write writes everything in one transaction.
func (m *merge) write(tx *bbolt.Tx) error {
	seal := &m.s.seal
	logs := tx.Bucket(bucketLog)
	logs.FillPercent = 0.9 // sequence numbers of a log only grow
	for _, seg := range m.segments {
		k := logKey(seg.log, seg.first)
		if err := logs.Put(k, seal.put(bucketLog, k, seg.plain)); err != nil {
			return err
		}
	}
	for log, h := range m.heads {
		h.wall = int64(m.stamp)
		k := headKey(log)
		if err := tx.Bucket(bucketHeads).Put(k, seal.put(bucketHeads, k, h.bytes())); err != nil {
			return err
		}
	}
	for _, x := range m.seen {
		k := logKey(x.log, x.at)
		if err := tx.Bucket(bucketContexts).Put(k, seal.put(bucketContexts, k, appendSeen(nil, x.seen))); err != nil {
			return err
		}
	}
	for _, d := range m.drafts {
		for name, value := range d.Notes {
			k := seal.nameKey(string(bucketNotes), name)
			if err := tx.Bucket(bucketNotes).Put(k, seal.put(bucketNotes, k, named(name, value))); err != nil {
				return err
			}
		}
	}
	if err := m.writeStates(tx); err != nil || len(m.reach) == 0 {
		return err
	}
	return m.s.putForgetting(tx, nil)
}

func (m *merge) writeStates(tx *bbolt.Tx) error {
	if err := touch(tx); err != nil {
		return err
	}
	b := tx.Bucket(bucketRecords)
	var plain []byte
	for _, id := range m.order {
		for _, d := range m.s.forgetState(m.states[id]) {
			m.reach[d.Log] = max(m.reach[d.Log], d.Seq)
		}
		k := m.s.seal.recordKey(id)
		plain = m.states[id].Append(plain[:0])
		if err := b.Put(k, m.s.seal.put(bucketRecords, k, plain)); err != nil {
			return err
		}
	}
	return nil
}

// publish takes everything into memory; the caller holds mu.
func (m *merge) publish() {
	s := m.s
	for _, x := range m.seen {
		s.ctx.Add(x.log, x.at, x.seen)
	}
	for log, h := range m.heads {
		s.heads[log], s.hashes[log] = h.seq, h.hash
		if h.to > 0 || h.open {
			s.covers[log] = h.cover
		}
	}
	s.last = max(s.last, m.stamp)
	for _, id := range m.order {
		s.remember(m.states[id], string(m.states[id].Append(nil)))
	}
}

// A segment is stored as: hash before, signature (length first), number of changes, their canonical bytes.
// A page has instead: hash after, 255, length of the signature and the signature, number of changes, their bytes.
func appendSegment(b []byte, p *journal.Piece) []byte {
	if p.Covered {
		b = append(append(b, p.End[:]...), coveredSegment, byte(len(p.Sig)))
		b = append(b, p.Sig...)
		return appendChanges(b, p.Changes)
	}
	b = append(b, p.Prev[:]...)
	b = append(b, byte(len(p.Sig)))
	b = append(b, p.Sig...)
	return appendChanges(b, p.Changes)
}

// coveredSegment marks a page; signatures are 64 bytes long, or missing.
const coveredSegment = 255

func appendChanges(b []byte, list []journal.Change) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for i := range list {
		b = list[i].Append(b)
	}
	return b
}

func readSegment(b []byte, log fieldwork.LogID, first uint64) (journal.Piece, error) {
	p := journal.Piece{Log: log, First: first}
	if len(b) > 34 && b[32] == coveredSegment {
		p.Covered, p.End = true, journal.Hash(b[:32])
		b = append(make([]byte, 32, len(b)), b[33:]...)
	}
	if len(b) < 33 || len(b) < 33+int(b[32]) {
		return p, journal.ErrPiece
	}
	p.Prev = journal.Hash(b[:32])
	p.Sig = append([]byte(nil), b[33:33+int(b[32])]...)
	b = b[33+int(b[32]):]
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b)) {
		return p, journal.ErrPiece
	}
	b = b[n:]
	for seq := first; count > 0; count-- {
		c, n, err := journal.ReadChange(b, log, seq)
		if err != nil {
			return p, err
		}
		b, seq = b[n:], c.Last()+1
		p.Changes = append(p.Changes, c)
	}
	return p, nil
}
