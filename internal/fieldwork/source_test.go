package fieldwork

import "slices"

// memory is a Source of a few records made by hand.
type memory struct {
	records map[RecordID]Record
	byKind  map[Kind][]RecordID
	same    map[RecordID]RecordID
	seq     uint64
}

func newMemory() *memory {
	return &memory{records: map[RecordID]Record{}, byKind: map[Kind][]RecordID{}, same: map[RecordID]RecordID{}}
}

func (m *memory) Each(kind Kind, f func(Record) bool) {
	for _, id := range m.byKind[kind] {
		if r := m.records[id]; !r.Deleted && m.Canonical(id) == id && !f(r) {
			return
		}
	}
}

func (m *memory) Record(id RecordID) (Record, bool) {
	r, ok := m.records[id]
	return r, ok
}

func (m *memory) Canonical(id RecordID) RecordID {
	if to, ok := m.same[id]; ok {
		return to
	}
	return id
}

// add makes a record of node 7; fields come as pairs of FieldID and Value.
func (m *memory) add(kind Kind, pairs ...any) RecordID {
	m.seq++
	return m.put(RecordID{Log: LogID{Node: 7}, Seq: m.seq}, kind, pairs...)
}

func (m *memory) put(id RecordID, kind Kind, pairs ...any) RecordID {
	r := Record{ID: id, Kind: kind, Fields: fieldsOf(pairs...)}
	m.records[id] = r
	m.byKind[kind] = append(m.byKind[kind], id)
	return id
}

func fieldsOf(pairs ...any) []FieldValue {
	var list []FieldValue
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, FieldValue{pairs[i].(FieldID), pairs[i+1].(Value)})
	}
	slices.SortStableFunc(list, func(a, b FieldValue) int { return int(a.Field) - int(b.Field) })
	return list
}

// day returns the number of a date.
func day(text string) int64 {
	v, err := ParseValue(&Field{Type: TypeDate}, text)
	if err != nil {
		panic(err)
	}
	n, _ := v.Int()
	return n
}
