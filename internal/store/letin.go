package store

import (
	"maps"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// letInAll takes what is kept apart of revoked nodes and counts now, because HQ's log says so since.
func (s *Store) letInAll() error {
	if s.opt.KeyOf != nil {
		return nil
	}
	list, err := s.Awaiting()
	if err != nil {
		return err
	}
	var logs []fieldwork.LogID
	for i := range list {
		p := &list[i]
		if p.Reason == journal.ReasonRevoked && p.Last() <= s.limitOf(p.Log) && !slices.Contains(logs, p.Log) {
			logs = append(logs, p.Log)
		}
	}
	for _, log := range logs {
		if _, err := s.LetIn(log); err != nil {
			return err
		}
	}
	return nil
}

// countHeld says in HQ's log that what HQ holds of revoked nodes counts, where it is more than was said before: HQ was
// restored from a backup, took it in good faith, and hears now what it had said itself. On a laptop it does nothing.
func (s *Store) countHeld() error {
	heads := s.Heads()
	if s.Own().Node != 0 {
		return nil
	}
	for _, c := range s.Certificates() {
		if !c.Revoked {
			continue
		}
		more := false
		var counted []fieldwork.RecordID
		for _, log := range heads.Logs() {
			if log.Node == c.Node {
				more = more || heads[log] > c.limit(log)
				counted = append(counted, fieldwork.RecordID{Log: log, Seq: max(heads[log], c.limit(log))})
			}
		}
		if !more {
			continue
		}
		first := max(heads[fieldwork.LogID{Node: c.Node}], uint64(max(c.After, 0)))
		if _, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: c.Record, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.NodeRevokedAfterSeq, Value: fieldwork.Int(int64(first))},
			{Field: fieldwork.NodeCounted, Value: fieldwork.Refs(counted...)},
		}}}}); err != nil {
			return err
		}
	}
	return nil
}

// CopyIn makes another history of a log, which is kept apart, part of the campaign: HQ writes its changes again in its
// own log, under the names of those who wrote them. It does so under an incarnation of its own: HQ has seen what these
// people had not, and a value that they wrote without knowing of another one must stand beside it. What the piece builds on, of the
// same history, goes in with it, and what of that was written again before is referred to under its new numbers: under the old
// ones is somebody else by now. It returns how many changes that were. Doing it twice would double them; WrittenAgain tells.
func (s *Store) CopyIn(p *journal.Piece) (int, error) {
	if s.Own().Node != 0 {
		return 0, &fieldwork.Problem{Code: "not-hq", Sentence: "Only HQ can let these changes in.", Hint: "They are at HQ or reach it with the next sync."}
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return 0, s.broken
	}
	list, to, err := s.historyUpTo(p)
	if err != nil {
		return 0, err
	}
	if err := s.incarnate(); err != nil {
		return 0, err
	}
	for i := range list {
		list[i] = journal.Renumber(&list[i], to)
	}
	err = s.writeAgain(list, &Again{Log: p.Log, After: list[0].Seq - 1, First: 1})
	s.forgetAwaiting()
	return len(list), err
}

// historyUpTo returns the changes of a piece that is kept apart, after those that it builds on and that nobody wrote again yet, and under
// which numbers the others are known.
func (s *Store) historyUpTo(p *journal.Piece) (list []journal.Change, to func(fieldwork.RecordID) fieldwork.RecordID, err error) {
	all, err := s.Awaiting()
	if err != nil {
		return nil, nil, err
	}
	known := map[fieldwork.RecordID]fieldwork.RecordID{}
	list = p.Changes
	fresh := true // nothing of what lies before was written again so far
	for at := p; at != nil; {
		before := builtOn(all, at)
		if before == nil {
			break
		}
		again := s.writtenAs(before)
		fresh = fresh && len(again) == 0
		if fresh {
			list = append(slices.Clone(before.Changes), list...)
		}
		maps.Copy(known, again)
		at = before
	}
	return list, func(id fieldwork.RecordID) fieldwork.RecordID {
		if as, ok := known[id]; ok {
			return as
		}
		return id
	}, nil
}

// builtOn finds the piece of the same history that ends where this one begins.
func builtOn(all []AwaitingPiece, p *journal.Piece) *journal.Piece {
	for i := range all {
		q := &all[i].Piece
		if q.Log != p.Log || q.Last()+1 != p.First || all[i].Reason == journal.ReasonRevoked {
			continue
		}
		if end, err := q.Head(); err == nil && end.Hash == p.Prev && p.Prev != (journal.Hash{}) {
			return q
		}
	}
	return nil
}

// writtenAs returns under which numbers the writes of a piece are known that were written again: of each change the earliest, for the
// writes of one go on without gaps.
func (s *Store) writtenAs(p *journal.Piece) map[fieldwork.RecordID]fieldwork.RecordID {
	type moment struct {
		wall  int64
		stamp journal.Stamp
	}
	wanted := map[moment]*journal.Change{}
	for i := range p.Changes {
		wanted[moment{p.Changes[i].Wall, p.Changes[i].Stamp}] = &p.Changes[i]
	}
	first := map[*journal.Change]fieldwork.RecordID{}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, h := range s.records.state {
		state, err := journal.ReadState(h.raw)
		if err != nil {
			continue
		}
		for i := range state.Versions {
			v := &state.Versions[i]
			c := wanted[moment{v.Wall, v.Stamp}]
			if n := v.Dot.Log.Node; c == nil || v.Dot.Log == p.Log || n != p.Log.Node && n != 0 {
				continue
			}
			if least, had := first[c]; !had || v.Dot.Compare(least) < 0 {
				first[c] = v.Dot
			}
		}
	}
	as := map[fieldwork.RecordID]fieldwork.RecordID{}
	for c, at := range first {
		for i := range c.Writes {
			as[c.Dot(i)] = fieldwork.RecordID{Log: at.Log, Seq: at.Seq + uint64(i)}
		}
	}
	return as
}

// WrittenAgain returns how many changes of another history were written again, by the laptop under its new incarnation or
// by HQ, so that nothing of them is missing. It looks through all records.
func (s *Store) WrittenAgain(p *journal.Piece) int {
	type moment struct { // no two changes of one kind have it in common
		wall  int64
		stamp journal.Stamp
		kind  fieldwork.Kind
	}
	wanted := map[moment]bool{}
	for i := range p.Changes {
		c := &p.Changes[i]
		wanted[moment{c.Wall, c.Stamp, c.Writes[0].Kind}] = true
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, h := range s.records.state {
		if len(wanted) == 0 {
			break
		}
		state, err := journal.ReadState(h.raw)
		if err != nil {
			continue
		}
		for i := range state.Versions {
			v := &state.Versions[i]
			if n := v.Dot.Log.Node; v.Dot.Log != p.Log && (n == p.Log.Node || n == 0) {
				delete(wanted, moment{v.Wall, v.Stamp, state.Kind})
			}
		}
	}
	return len(p.Changes) - len(wanted)
}
