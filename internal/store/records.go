package store

import (
	"slices"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// records is what is held in memory: every record's state in stored form, and ways to find records. It is guarded by
// Store.mu.
type records struct {
	state  map[fieldwork.RecordID]held
	kinds  map[fieldwork.Kind]*idList
	links  map[fieldwork.RecordID][]fieldwork.RecordID // from a record to those that ever referred to it
	unique map[uniqueKey][]fieldwork.RecordID          // records that ever had the value
	same   map[fieldwork.RecordID]fieldwork.RecordID   // same-as statements in force
	stands map[fieldwork.RecordID]fieldwork.RecordID   // record to the one that stands for it; nil: to be worked out
	truth  truth
	photos map[blob.Name]int // how many fields show the photo now
	names  map[fieldwork.Kind]*byName
}

// held is one record in memory.
type held struct {
	kind    fieldwork.Kind
	deleted bool
	raw     string // stored form of the state; a string, so that nobody writes into it
}

// uniqueKey is a value that should belong to one record only.
type uniqueKey struct {
	kind  fieldwork.Kind
	field fieldwork.FieldID
	value fieldwork.Value
}

// idList is a list of ids that is sorted when somebody reads it.
type idList struct {
	ids   []fieldwork.RecordID
	dirty bool
}

func (l *idList) add(id fieldwork.RecordID) {
	if n := len(l.ids); n > 0 && id.Compare(l.ids[n-1]) < 0 {
		l.dirty = true
	}
	l.ids = append(l.ids, id)
}

func (l *idList) remove(id fieldwork.RecordID) {
	l.ids = slices.DeleteFunc(l.ids, func(other fieldwork.RecordID) bool { return other == id })
}

func (l *idList) sort() {
	if l.dirty {
		slices.SortFunc(l.ids, fieldwork.RecordID.Compare)
		l.dirty = false
	}
}

func (r *records) reset() {
	r.state = map[fieldwork.RecordID]held{}
	r.kinds = map[fieldwork.Kind]*idList{}
	r.links = map[fieldwork.RecordID][]fieldwork.RecordID{}
	r.unique = map[uniqueKey][]fieldwork.RecordID{}
	r.same = map[fieldwork.RecordID]fieldwork.RecordID{}
	r.truth.reset()
	r.photos = map[blob.Name]int{}
	r.names = map[fieldwork.Kind]*byName{}
}

// grow makes room for so many records, before there are any.
func (r *records) grow(n int) { r.state = make(map[fieldwork.RecordID]held, n) }

// policyOf tells the field's policy by its kind's table; unknown fields are for review, so that nothing vanishes.
func policyOf(k fieldwork.Kind, f fieldwork.FieldID) *fieldwork.Field {
	if f == fieldwork.FieldSameAs {
		return lastWins
	}
	spec := fieldwork.SpecOf(k)
	if spec == nil {
		return forReview
	}
	if field := spec.Field(f); field != nil {
		return field
	}
	return forReview
}

// The rules of fields that stand in no kind's table.
var (
	lastWins  = &fieldwork.Field{Policy: fieldwork.PolicyLast}
	forReview = &fieldwork.Field{Policy: fieldwork.PolicyReview}
)

// remember takes a record's new state into memory. The caller holds mu for writing, or is alone.
func (s *Store) remember(state *journal.State, raw string) {
	r := &s.records
	if s.unproved != nil {
		s.unproved.written[state.ID] = true
	}
	old, had := r.state[state.ID]
	if had {
		if before, err := journal.ReadState(old.raw); err == nil {
			v := before.View(s.ctx, policyOf)
			s.digest.Remove(&v)
			r.countPhotos(&v, -1)
		}
	}
	name := ""
	if state.Kind == fieldwork.KindSite {
		name = s.nameOf(state.ID)
	}
	p := prepared{state: *state, raw: raw, view: state.View(s.ctx, policyOf)}
	p.line = searchLine(&p.view, s.nameOf)
	s.digest.Add(&p.view)
	s.take(&p, had)
	if state.Kind == fieldwork.KindSite && s.nameOf(state.ID) != name {
		s.findAgain(state.ID)
	}
}

// take takes a record into memory but for the digest; had says that it had another state there.
func (s *Store) take(p *prepared, had bool) {
	r := &s.records
	id, kind := p.state.ID, p.state.Kind
	r.countPhotos(&p.view, 1)
	before := r.state[id].kind
	if had && before != kind { // what made the record came after what was written to it, and says otherwise
		r.list(before).remove(id)
		s.index.put(before, id, "")
	}
	if !had || before != kind {
		r.list(kind).add(id)
	}
	r.state[id] = held{kind: kind, deleted: p.view.Deleted, raw: p.raw}
	if kind == fieldwork.KindNode {
		s.certificates = nil
		s.certified++
	}
	if kind == fieldwork.KindClock {
		s.learnClock(&p.state, had)
	}
	s.link(&p.state, &p.view, had)
	s.awaitAfter(&p.view)
	s.index.put(kind, id, p.line)
	r.renamed(p)
}

// findAgain takes the name of a site over into the lines of those that belong to it: they may have come before it, and a site may get
// another name.
func (s *Store) findAgain(site fieldwork.RecordID) {
	for _, id := range s.records.links[site] {
		if v, ok := s.view(id); ok {
			s.index.put(v.Kind, id, searchLine(&v, s.nameOf))
		}
	}
}

func (r *records) list(k fieldwork.Kind) *idList {
	l := r.kinds[k]
	if l == nil {
		l = &idList{}
		r.kinds[k] = l
	}
	return l
}

// link keeps the ways from a record back to those that refer to it, unique values, and same-as.
func (s *Store) link(state *journal.State, view *journal.View, had bool) {
	r := &s.records
	if r.truth.note(view) {
		return
	}
	for i := range view.Fields {
		f := &view.Fields[i]
		p := policyOf(view.Kind, f.Field).Policy
		for _, h := range f.Values {
			for _, to := range h.Value.Refs() {
				r.links[to] = with(r.links[to], state.ID, had)
			}
			if p == fieldwork.PolicyUnique && !h.Value.IsZero() {
				k := uniqueKey{view.Kind, f.Field, h.Value}
				r.unique[k] = with(r.unique[k], state.ID, had)
			}
		}
		if f.Field == fieldwork.FieldSameAs {
			r.setSame(state.ID, f.Values[0].Value.Ref())
		}
	}
}

// with is list with id, once. A record that is remembered for the first time can only stand at the end, so that opening a campaign of
// 100,000 people of one village does not look through the list for each of them.
func with(list []fieldwork.RecordID, id fieldwork.RecordID, had bool) []fieldwork.RecordID {
	if n := len(list); n > 0 && list[n-1] == id || had && slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

func (r *records) setSame(id, as fieldwork.RecordID) {
	if r.same[id] == as {
		return
	}
	r.stands = nil
	if as.IsZero() || as == id {
		delete(r.same, id)
		return
	}
	r.same[id] = as
}

// canonical works out who stands for whom: of all records joined by same-as statements the one with the lowest id,
// which is the same on every replica.
func (r *records) canonical(id fieldwork.RecordID) fieldwork.RecordID {
	if r.stands == nil {
		r.stands = map[fieldwork.RecordID]fieldwork.RecordID{}
		for a, b := range r.same {
			r.join(a, b)
		}
	}
	return r.root(id)
}

func (r *records) root(id fieldwork.RecordID) fieldwork.RecordID {
	if len(r.stands) == 0 {
		return id
	}
	for {
		up, ok := r.stands[id]
		if !ok {
			return id
		}
		id = up
	}
}

func (r *records) join(a, b fieldwork.RecordID) {
	a, b = r.root(a), r.root(b)
	switch a.Compare(b) {
	case -1:
		r.stands[b] = a
	case 1:
		r.stands[a] = b
	}
}

// view decodes a record; the caller holds mu.
func (s *Store) view(id fieldwork.RecordID) (journal.View, bool) {
	h, ok := s.records.state[id]
	if !ok {
		return journal.View{}, false
	}
	state, err := journal.ReadState(h.raw)
	if err != nil {
		return journal.View{}, false // it was read once when it came in; memory does not rot
	}
	return state.View(s.ctx, policyOf), true
}

// record is what a record shows; the caller holds mu.
func (s *Store) record(id fieldwork.RecordID) (fieldwork.Record, bool) {
	r, _, ok := s.recordIn(id, nil)
	return r, ok
}

// recordIn is record with its fields in room, as far as it goes; what is left of that is returned.
func (s *Store) recordIn(id fieldwork.RecordID, room []fieldwork.FieldValue) (r fieldwork.Record, left []fieldwork.FieldValue, ok bool) {
	h, ok := s.records.state[id]
	if !ok {
		return r, room, false
	}
	r, left, err := journal.RecordOf(h.raw, s.ctx, policyOf, room)
	return r, left, err == nil
}

// countPhotos adds to how many fields show each photo of the record: all values count that somebody may see.
func (r *records) countPhotos(view *journal.View, by int) {
	for i := range view.Fields {
		for _, h := range view.Fields[i].Values {
			name, ok := blob.NameOf(h.Value)
			if !ok || !isPhoto(view.Kind, view.Fields[i].Field) {
				continue
			}
			if r.photos[name] += by; r.photos[name] == 0 {
				delete(r.photos, name)
			}
		}
	}
}

func isPhoto(k fieldwork.Kind, f fieldwork.FieldID) bool {
	spec := fieldwork.SpecOf(k)
	if spec == nil {
		return false
	}
	field := spec.Field(f)
	return field != nil && field.Type == fieldwork.TypePhoto
}
