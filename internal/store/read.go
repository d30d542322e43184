package store

import (
	"path/filepath"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

var _ fieldwork.Source = (*Store)(nil)

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// Record returns the record as it shows, also a deleted one. The caller owns it.
func (s *Store) Record(id fieldwork.RecordID) (fieldwork.Record, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.record(id)
}

// View returns the record with all values that it holds. The caller owns it.
func (s *Store) View(id fieldwork.RecordID) (journal.View, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.view(id)
}

// Each calls f with every record of the kind that is neither deleted nor stood for by another, in id order. f may
// call the store; it sees the records that were there when Each began.
func (s *Store) Each(kind fieldwork.Kind, f func(fieldwork.Record) bool) {
	ids := s.IDs(kind)
	var batch []fieldwork.Record
	for n := 1; len(ids) > 0 && n < eachAtOnce; n *= 2 {
		n = min(n, len(ids))
		batch = s.some(batch[:0], ids[:n])
		ids = ids[n:]
		for _, r := range batch {
			if !f(r) {
				return
			}
		}
	}
	if len(ids) > 0 {
		s.eachAhead(ids, f)
	}
}

// eachAtOnce is how many records Each reads under one lock, some 0.1 ms; the first few are read one by one for those who want no more.
const eachAtOnce = 256

// eachAhead reads the next records in a goroutine of its own while f looks at the last ones. It returns once that has ended.
func (s *Store) eachAhead(ids []fieldwork.RecordID, f func(fieldwork.Record) bool) {
	read, again, stop := make(chan []fieldwork.Record), make(chan []fieldwork.Record, 2), make(chan struct{})
	again <- nil
	again <- nil
	go func() {
		defer close(read)
		for len(ids) > 0 {
			var batch []fieldwork.Record
			select {
			case batch = <-again:
			case <-stop:
				return
			}
			n := min(len(ids), eachAtOnce)
			batch = s.some(batch[:0], ids[:n])
			ids = ids[n:]
			select {
			case read <- batch:
			case <-stop:
				return
			}
		}
	}()
	defer func() {
		close(stop)
		for range read { // until it has ended
		}
	}()
	for batch := range read {
		for _, r := range batch {
			if !f(r) {
				return
			}
		}
		again <- batch
	}
}

// fieldsOfMost is how many fields most records have at most.
const fieldsOfMost = 6

// some appends the records of ids that are neither deleted nor stood for by another.
func (s *Store) some(list []fieldwork.Record, ids []fieldwork.RecordID) []fieldwork.Record {
	room := make([]fieldwork.FieldValue, fieldsOfMost*len(ids)) // for all of them at once
	s.rlockStanding()
	defer s.mu.RUnlock()
	for _, id := range ids {
		if s.records.root(id) != id {
			continue
		}
		r, left, ok := s.recordIn(id, room)
		room = left
		if ok && !r.Deleted {
			list = append(list, r)
		}
	}
	return list
}

// IDs returns the ids of all records of the kind, deleted ones too, in order. The caller owns the list.
func (s *Store) IDs(kind fieldwork.Kind) []fieldwork.RecordID {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.records.kinds[kind]
	if l == nil {
		return nil
	}
	l.sort()
	return slices.Clone(l.ids)
}

// Shown returns the ids that Each would call with, in order, without reading a record: a list of a million is paged by it. The
// caller owns the list.
func (s *Store) Shown(kind fieldwork.Kind) []fieldwork.RecordID {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.records.kinds[kind]
	if l == nil {
		return nil
	}
	l.sort()
	shown := make([]fieldwork.RecordID, 0, len(l.ids))
	for _, id := range l.ids {
		if !s.records.state[id].deleted && (len(s.records.same) == 0 || s.records.canonical(id) == id) {
			shown = append(shown, id)
		}
	}
	return shown
}

// Count returns how many records of the kind there are, deleted ones too.
func (s *Store) Count(kind fieldwork.Kind) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if l := s.records.kinds[kind]; l != nil {
		return len(l.ids)
	}
	return 0
}

// Canonical returns the record that stands for all those that are the same as id.
func (s *Store) Canonical(id fieldwork.RecordID) fieldwork.RecordID {
	s.rlockStanding()
	defer s.mu.RUnlock()
	return s.records.root(id)
}

// rlockStanding takes mu for reading once who stands for whom is worked out.
func (s *Store) rlockStanding() {
	for {
		s.mu.RLock()
		if len(s.records.same) == 0 || s.records.stands != nil {
			return
		}
		s.mu.RUnlock()
		s.mu.Lock()
		s.records.canonical(fieldwork.RecordID{})
		s.mu.Unlock()
	}
}

// Referring returns the records of the kind that refer to id now, in order.
func (s *Store) Referring(id fieldwork.RecordID, kind fieldwork.Kind) []fieldwork.Record {
	s.mu.RLock()
	candidates := slices.Clone(s.records.links[id])
	s.mu.RUnlock()
	var list []fieldwork.Record
	for _, c := range candidates {
		r, ok := s.Record(c)
		if ok && r.Kind == kind && !r.Deleted && r.RefersTo(id) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b fieldwork.Record) int { return a.ID.Compare(b.ID) })
	return list
}

// EverReferring returns by kind, in order, the records that refer to id or did once. It reads none of them, so it is
// quick for a village with a hundred thousand records too; Record.RefersTo tells who still does.
func (s *Store) EverReferring(id fieldwork.RecordID) map[fieldwork.Kind][]fieldwork.RecordID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	byKind := map[fieldwork.Kind][]fieldwork.RecordID{}
	for _, from := range s.records.links[id] {
		kind := s.records.state[from].kind
		byKind[kind] = append(byKind[kind], from)
	}
	for _, list := range byKind {
		slices.SortFunc(list, fieldwork.RecordID.Compare)
	}
	return byKind
}

// Holding returns the records of the kind whose field has the value now: one, unless a unique value was given twice.
func (s *Store) Holding(kind fieldwork.Kind, field fieldwork.FieldID, value fieldwork.Value) []fieldwork.Record {
	s.mu.RLock()
	candidates := slices.Clone(s.records.unique[uniqueKey{kind, field, value}])
	s.mu.RUnlock()
	var list []fieldwork.Record
	for _, c := range candidates {
		if r, ok := s.Record(c); ok && !r.Deleted && r.Get(field) == value {
			list = append(list, r)
		}
	}
	return list
}

// ByCode finds the record of a code as people write it.
func (s *Store) ByCode(text string) (fieldwork.Record, error) {
	code, err := fieldwork.ParseCode(text)
	if err != nil {
		return fieldwork.Record{}, err
	}
	for _, log := range s.Heads().Logs() {
		id := fieldwork.RecordID{Log: log, Seq: code.Seq}
		if !code.Matches(id) {
			continue
		}
		if r, ok := s.Record(id); ok {
			return r, nil
		}
	}
	return fieldwork.Record{}, &fieldwork.Problem{Code: "unknown-code", Sentence: "Nothing with the code " + text + " is on this laptop.",
		Hint: "Check the code. If it was made on another laptop, sync first."}
}

// HistoryEntry is one write to a record.
type HistoryEntry struct {
	journal.Version
	Where Place
	At    int64         // when it was written, seconds since 1970, as well as that is known; Wall is what the laptop's clock said
	Trust journal.Trust // how well
}

// History returns all writes to the record, the oldest by clock first.
func (s *Store) History(id fieldwork.RecordID) []HistoryEntry {
	s.mu.RLock()
	h, ok := s.records.state[id]
	s.mu.RUnlock()
	if !ok {
		return nil
	}
	state, err := journal.ReadState(h.raw)
	if err != nil {
		return nil
	}
	list := make([]HistoryEntry, 0, len(state.Versions))
	for _, v := range state.Versions {
		at, trust := s.Moment(&v)
		list = append(list, HistoryEntry{Version: v, Where: s.whereWrite(v), At: at, Trust: trust})
	}
	slices.SortStableFunc(list, func(a, b HistoryEntry) int {
		switch {
		case a.Stamp < b.Stamp:
			return -1
		case a.Stamp > b.Stamp:
			return 1
		}
		return a.Dot.Compare(b.Dot)
	})
	return list
}
