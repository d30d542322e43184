package wire

import "kandili/internal/fieldwork"

// refList is a column of references being collected in both of its forms: each reference by itself, as log and
// sequence, or as an index into a table that grows, in which each different one stands once.
type refList struct {
	all, fresh pairs
	index      list // 0: a new one follows; else its place in the table, counted from 1
	known      map[fieldwork.RecordID]int64
	isNew      []bool
	table      bool // the form chosen
	at         int
}

// pairs are logs and sequences.
type pairs struct {
	log, seq list
	before   map[int64]int64 // by log: the sequence before
}

func newRefList() *refList {
	r := &refList{known: map[fieldwork.RecordID]int64{}}
	r.all.seq.perLog, r.fresh.seq.perLog = true, true
	r.all.before, r.fresh.before = map[int64]int64{}, map[int64]int64{}
	return r
}

func (r *refList) add(log int64, id fieldwork.RecordID, own uint64) {
	r.all.add(log, id.Seq, own)
	no := r.known[id]
	r.index.add(no, near{})
	r.isNew = append(r.isNew, no == 0)
	if no == 0 {
		r.known[id] = int64(len(r.known)) + 1
		r.fresh.add(log, id.Seq, own)
	}
}

func (p *pairs) add(log int64, seq, own uint64) {
	n := near{value: int64(own)}
	if before, met := p.before[log]; met {
		n.before = before
	} else if len(p.seq.values) > 0 {
		n.before = p.seq.values[0]
	}
	p.log.add(log, near{})
	p.seq.add(int64(seq), n)
	p.before[log] = int64(seq)
}

// choose decides between the two forms.
func (r *refList) choose() {
	for _, l := range []*list{&r.all.log, &r.all.seq, &r.index, &r.fresh.log, &r.fresh.seq} {
		l.choose()
	}
	r.table = r.index.plan.cost+r.fresh.log.plan.cost+r.fresh.seq.plan.cost < r.all.log.plan.cost+r.all.seq.plan.cost
}

// lists returns the columns of numbers that are written.
func (r *refList) lists() []*list {
	if r.table {
		return []*list{&r.index, &r.fresh.log, &r.fresh.seq}
	}
	return []*list{&r.all.log, &r.all.seq}
}

// low writes the low bits of the next reference.
func (r *refList) low(w *bitWriter) {
	i := r.at
	r.at++
	switch {
	case !r.table:
		r.all.log.low(w)
		r.all.seq.low(w)
	case r.isNew[i]:
		r.index.low(w)
		r.fresh.log.low(w)
		r.fresh.seq.low(w)
	default:
		r.index.low(w)
	}
}

// references is a column of references being read.
type references struct {
	table    bool
	index    numbers
	log, seq numbers
	known    []fieldwork.RecordID
	before   map[int64]int64
}

func (r *references) columns() []*numbers {
	if r.table {
		return []*numbers{&r.index, &r.log, &r.seq}
	}
	return []*numbers{&r.log, &r.seq}
}

// next returns the next reference; ok is false where it names a log or a place that is not there.
func (r *references) next(bits *bitReader, logs []fieldwork.LogID, own uint64) (id fieldwork.RecordID, ok bool) {
	if r.table {
		if no := r.index.next(bits, near{}); no != 0 {
			if no < 0 || no > int64(len(r.known)) {
				return id, false
			}
			return r.known[no-1], true
		}
	}
	log := r.log.next(bits, near{})
	if log < 0 || log >= int64(len(logs)) {
		return id, false
	}
	n := near{value: int64(own)}
	if before, met := r.before[log]; met {
		n.before = before
	} else {
		n.before = r.seq.last
	}
	seq := r.seq.next(bits, n)
	if r.before == nil {
		r.before = map[int64]int64{}
	}
	r.before[log] = seq
	id = fieldwork.RecordID{Log: logs[log], Seq: uint64(seq)}
	if r.table {
		r.known = append(r.known, id)
	}
	return id, true
}
