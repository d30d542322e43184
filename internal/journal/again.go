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
	for i := range list {
		c := Renumber(&list[i], m.id)
		c.Log, c.Seq, c.Seen = to, m.seq(c.Seq), nil
		if i == 0 {
			c.Seen = seen
		}
		out[i] = c
	}
	return out
}

// Renumber returns a change in which other records are known under other numbers. It shares nothing that is changed.
func Renumber(c *Change, to func(fieldwork.RecordID) fieldwork.RecordID) Change {
	out := *c
	out.Author = to(c.Author)
	out.Writes = make([]Write, len(c.Writes))
	for j, w := range c.Writes {
		fields := make([]fieldwork.FieldValue, len(w.Fields))
		for k, f := range w.Fields {
			fields[k] = fieldwork.FieldValue{Field: f.Field, Value: renumbered(f.Value, to)}
		}
		out.Writes[j] = Write{Kind: w.Kind, Record: to(w.Record), Fields: fields}
	}
	return out
}

func renumbered(v fieldwork.Value, to func(fieldwork.RecordID) fieldwork.RecordID) fieldwork.Value {
	refs := v.Refs()
	if len(refs) == 0 {
		return v
	}
	if v == fieldwork.Ref(refs[0]) {
		return fieldwork.Ref(to(refs[0]))
	}
	for i := range refs {
		refs[i] = to(refs[i])
	}
	return fieldwork.Refs(refs...)
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

// Moved returns the number under which a record of a run that was written again is known now; the same one where it is
// none of them.
func Moved(list []Change, to fieldwork.LogID, first uint64, id fieldwork.RecordID) fieldwork.RecordID {
	if len(list) == 0 {
		return id
	}
	m := moved{from: list[0].Log, begin: list[0].Seq, end: list[len(list)-1].Last(), to: to, first: first}
	return m.id(id)
}
