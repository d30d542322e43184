package store

import (
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// truth is what others said about records, found without reading all of them. It is guarded by Store.mu.
type truth struct {
	asked     map[fieldwork.RecordID][]fieldwork.RecordID // record to the questions that ever were about it
	accepted  map[fieldwork.RecordID][]fieldwork.RecordID // record to HQ's acceptances that ever named it
	contested map[fieldwork.RecordID]bool                 // records with a field that waits for a decision
	waiting   map[fieldwork.RecordID]bool                 // records that HQ has not accepted; nil: nobody has asked
}

func (t *truth) reset() {
	t.asked = map[fieldwork.RecordID][]fieldwork.RecordID{}
	t.accepted = map[fieldwork.RecordID][]fieldwork.RecordID{}
	t.contested = map[fieldwork.RecordID]bool{}
}

// note takes a record's new view in, and says whether what it refers to is no link: an acceptance names hundreds of
// records, which are not about it.
func (t *truth) note(v *journal.View) (only bool) {
	delete(t.contested, v.ID)
	for i := range v.Fields {
		if v.Fields[i].Contested {
			t.contested[v.ID] = true
		}
	}
	switch v.Kind {
	case fieldwork.KindQuestion:
		put(t.asked, v, fieldwork.QuestionRecord)
	case fieldwork.KindAcceptance:
		if v.ID.Log.Node == 0 {
			put(t.accepted, v, fieldwork.AcceptanceRecords)
		}
		return true
	case fieldwork.KindNode:
		return true // it names writes, not records
	}
	return false
}

func put(to map[fieldwork.RecordID][]fieldwork.RecordID, v *journal.View, field fieldwork.FieldID) {
	for i := range v.Fields {
		if v.Fields[i].Field != field {
			continue
		}
		for _, h := range v.Fields[i].Values {
			for _, id := range h.Value.Refs() {
				if !slices.Contains(to[id], v.ID) {
					to[id] = append(to[id], v.ID)
				}
			}
		}
	}
}

// Contested returns the records with a field of which people wrote different values without knowing of each other, in
// order, deleted ones left out.
func (s *Store) Contested() []fieldwork.RecordID {
	s.mu.RLock()
	list := make([]fieldwork.RecordID, 0, len(s.records.truth.contested))
	for id := range s.records.truth.contested {
		list = append(list, id)
	}
	s.mu.RUnlock()
	slices.SortFunc(list, fieldwork.RecordID.Compare)
	return slices.DeleteFunc(list, func(id fieldwork.RecordID) bool {
		r, ok := s.Record(id)
		return !ok || r.Deleted
	})
}

// Questions returns the questions about a record, settled ones too, in the order of their making.
func (s *Store) Questions(id fieldwork.RecordID) []fieldwork.Record {
	s.mu.RLock()
	ids := slices.Clone(s.records.truth.asked[id])
	s.mu.RUnlock()
	if len(ids) == 0 {
		return nil
	}
	slices.SortFunc(ids, fieldwork.RecordID.Compare)
	var list []fieldwork.Record
	for _, q := range ids {
		if r, ok := s.Record(q); ok && !r.Deleted && r.Get(fieldwork.QuestionRecord).Ref() == id {
			list = append(list, r)
		}
	}
	return list
}

// OpenQuestions returns the questions about a record that wait for an answer.
func (s *Store) OpenQuestions(id fieldwork.RecordID) []fieldwork.Record {
	return slices.DeleteFunc(s.Questions(id), func(q fieldwork.Record) bool { return !fieldwork.IsOpen(q) })
}

// acceptedNow says that HQ accepted the record with all that is written to it; what HQ wrote itself needs no
// acceptance. The caller holds mu.
func (s *Store) acceptedNow(state *journal.State) bool {
	dots := s.acceptances(state.ID)
	if len(dots) == 0 {
		return false
	}
	for i := range state.Versions {
		v := state.Versions[i].Dot
		if v.Log.Node != 0 && !slices.ContainsFunc(dots, func(by fieldwork.RecordID) bool { return s.ctx.Saw(by, v) }) {
			return false
		}
	}
	return true
}

// acceptances returns the writes of HQ's log by which the record is accepted. What other logs write to an acceptance
// does not count. The caller holds mu.
func (s *Store) acceptances(id fieldwork.RecordID) (dots []fieldwork.RecordID) {
	for _, from := range s.records.truth.accepted[id] {
		state, err := journal.ReadState(s.records.state[from].raw)
		if err != nil {
			continue
		}
		state.Versions = slices.DeleteFunc(state.Versions, func(v journal.Version) bool { return v.Dot.Log.Node != 0 })
		v := state.View(s.ctx, policyOf)
		if v.Deleted {
			continue
		}
		for i := range v.Fields {
			if f := &v.Fields[i]; f.Field == fieldwork.AcceptanceRecords && slices.Contains(f.Values[0].Value.Refs(), id) {
				dots = append(dots, f.Values[0].By.Dot)
			}
		}
	}
	return dots
}

// AcceptedBy returns HQ's acceptances of a record that are in force.
func (s *Store) AcceptedBy(id fieldwork.RecordID) (list []fieldwork.Record) {
	s.mu.RLock()
	ids := slices.Clone(s.records.truth.accepted[id])
	s.mu.RUnlock()
	for _, a := range ids {
		if r, ok := s.Record(a); ok && !r.Deleted && slices.Contains(r.Get(fieldwork.AcceptanceRecords).Refs(), id) {
			list = append(list, r)
		}
	}
	return list
}
