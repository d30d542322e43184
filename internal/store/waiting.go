package store

import (
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Waiting returns the records that HQ has not accepted as they are now, in order: what laptops wrote to, deleted ones
// and those that need no acceptance left out. The first call reads every record; then it is kept up to date.
func (s *Store) Waiting() []fieldwork.RecordID {
	s.lookWaiting()
	s.mu.RLock()
	list := make([]fieldwork.RecordID, 0, len(s.records.truth.waiting))
	for id := range s.records.truth.waiting {
		list = append(list, id)
	}
	s.mu.RUnlock()
	slices.SortFunc(list, fieldwork.RecordID.Compare)
	return list
}

// WaitingCount returns how many records wait to be accepted.
func (s *Store) WaitingCount() int {
	s.lookWaiting()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.records.truth.waiting)
}

// lookWaiting looks through all records once, a few at a time, so that laptops and pages go on meanwhile. What comes in
// while it looks is taken up by awaitAfter.
func (s *Store) lookWaiting() {
	s.looking.Lock()
	defer s.looking.Unlock()
	s.mu.Lock()
	if s.records.truth.waiting != nil {
		s.mu.Unlock()
		return
	}
	s.records.truth.waiting = map[fieldwork.RecordID]bool{}
	ids := make([]fieldwork.RecordID, 0, len(s.records.state))
	for id := range s.records.state {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	for len(ids) > 0 {
		n := min(len(ids), lookedAt)
		s.mu.Lock()
		for _, id := range ids[:n] {
			s.await(id)
		}
		s.mu.Unlock()
		ids = ids[n:]
	}
}

// lookedAt is how many records are looked at without a pause: some milliseconds.
const lookedAt = 1000

// KindOf returns the kind of a record without reading it; 0 where there is none.
func (s *Store) KindOf(id fieldwork.RecordID) fieldwork.Kind {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.records.state[id].kind
}

// NeedsAccepting says whether records of the kind are what people in the field recorded.
func NeedsAccepting(k fieldwork.Kind) bool {
	switch k {
	case 0, fieldwork.KindCampaign, fieldwork.KindQuestion, fieldwork.KindInvite, fieldwork.KindNode, fieldwork.KindRevocation, fieldwork.KindAcceptance,
		fieldwork.KindFork, fieldwork.KindForgotten, fieldwork.KindSnapshot, fieldwork.KindClock:
		return false
	}
	return fieldwork.SpecOf(k) != nil
}

// await works out whether a record waits to be accepted. The caller holds mu.
func (s *Store) await(id fieldwork.RecordID) {
	delete(s.records.truth.waiting, id)
	h, ok := s.records.state[id]
	if !ok || !NeedsAccepting(h.kind) {
		return
	}
	state, err := journal.ReadState(h.raw)
	if err != nil || !slices.ContainsFunc(state.Versions, func(v journal.Version) bool { return v.Dot.Log.Node != 0 }) {
		return // HQ's own
	}
	if v := state.View(s.ctx, policyOf); v.Deleted || s.acceptedNow(&state) {
		return
	}
	s.records.truth.waiting[id] = true
}

// awaitAfter keeps Waiting up to date once a record has a new state. The caller holds mu.
func (s *Store) awaitAfter(v *journal.View) {
	if s.records.truth.waiting == nil {
		return
	}
	s.await(v.ID)
	if v.Kind != fieldwork.KindAcceptance {
		return
	}
	state, err := journal.ReadState(s.records.state[v.ID].raw)
	if err != nil {
		return
	}
	for i := range state.Versions { // also what it named once and names no longer
		for _, f := range state.Versions[i].Fields {
			for _, id := range f.Value.Refs() {
				s.await(id)
			}
		}
	}
}

// WrittenBy says whether every write to the record is within the heads: nobody wrote to it since they were looked at.
func (s *Store) WrittenBy(id fieldwork.RecordID, heads journal.Heads) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	h, ok := s.records.state[id]
	if !ok {
		return false
	}
	state, err := journal.ReadState(h.raw)
	return err == nil && !slices.ContainsFunc(state.Versions, func(v journal.Version) bool { return v.Dot.Seq > heads[v.Dot.Log] })
}

// Double is a value that should belong to one record and stands in several.
type Double struct {
	Kind    fieldwork.Kind
	Field   fieldwork.FieldID
	Value   fieldwork.Value
	Records []fieldwork.RecordID // in order, two at least
}

// Doubles returns the values, such as lamp tags, that are in several records now.
func (s *Store) Doubles() []Double {
	s.mu.RLock()
	var keys []uniqueKey
	for k, ids := range s.records.unique {
		if len(ids) > 1 {
			keys = append(keys, k)
		}
	}
	s.mu.RUnlock()
	var list []Double
	for _, k := range keys {
		d := Double{Kind: k.kind, Field: k.field, Value: k.value}
		for _, r := range s.Holding(k.kind, k.field, k.value) {
			if s.Canonical(r.ID) == r.ID {
				d.Records = append(d.Records, r.ID)
			}
		}
		slices.SortFunc(d.Records, fieldwork.RecordID.Compare)
		if len(d.Records) > 1 {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Double) int { return a.Records[0].Compare(b.Records[0]) })
	return list
}

// Same returns the same-as statements in force, by the record that makes them.
func (s *Store) Same() map[fieldwork.RecordID]fieldwork.RecordID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	same := make(map[fieldwork.RecordID]fieldwork.RecordID, len(s.records.same))
	for a, b := range s.records.same {
		same[a] = b
	}
	return same
}
