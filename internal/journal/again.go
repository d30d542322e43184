package journal

import "kandili/internal/fieldwork"

// Again writes changes of one log anew into another one, from sequence number first on: the same facts by the same
// person at the same time, under numbers that nobody else gave. What they made among themselves they go on meaning.
// seen is what had been in view when the first of them was made.
func Again(list []Change, to fieldwork.LogID, first uint64, seen []Seen) []Change {
	if len(list) == 0 {
		return nil
	}
	m := moved{from: list[0].Log, begin: list[0].Seq, end: list[len(list)-1].Last(), to: to, first: first}
	out := make([]Change, len(list))
	for i, c := range list {
		c.Log, c.Seq = to, m.seq(c.Seq)
		c.Author = m.id(c.Author)
		if i == 0 {
			c.Seen = seen
		}
		writes := make([]Write, len(c.Writes))
		for j, w := range c.Writes {
			fields := make([]fieldwork.FieldValue, len(w.Fields))
			for k, f := range w.Fields {
				fields[k] = fieldwork.FieldValue{Field: f.Field, Value: m.value(f.Value)}
			}
			writes[j] = Write{Kind: w.Kind, Record: m.id(w.Record), Fields: fields}
		}
		c.Writes = writes
		out[i] = c
	}
	return out
}

// moved knows under which numbers a run of one log stands in another.
type moved struct {
	from       fieldwork.LogID
	begin, end uint64
	to         fieldwork.LogID
	first      uint64
}

func (m *moved) seq(old uint64) uint64 { return m.first + old - m.begin }

func (m *moved) id(id fieldwork.RecordID) fieldwork.RecordID {
	if id.Log != m.from || id.Seq < m.begin || id.Seq > m.end {
		return id
	}
	return fieldwork.RecordID{Log: m.to, Seq: m.seq(id.Seq)}
}

func (m *moved) value(v fieldwork.Value) fieldwork.Value {
	refs := v.Refs()
	if len(refs) == 0 {
		return v
	}
	if v == fieldwork.Ref(refs[0]) {
		return fieldwork.Ref(m.id(refs[0]))
	}
	for i := range refs {
		refs[i] = m.id(refs[i])
	}
	return fieldwork.Refs(refs...)
}

// Moved returns the number under which a record of a run that was written again is known now; the same one where it is
// none of them.
func Moved(list []Change, to fieldwork.LogID, first uint64, id fieldwork.RecordID) fieldwork.RecordID {
	if len(list) == 0 {
		return id
	}
	m := moved{from: list[0].Log, begin: list[0].Seq, end: list[len(list)-1].Last(), to: to, first: first}
	return m.id(id)
}
