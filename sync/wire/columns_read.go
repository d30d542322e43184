package wire

import (
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// rowsOf puts changes together from columns: the canonical bytes of count changes of the log from first on, size
// bytes together. What it allocates is bounded by size and the limits above, whatever the columns claim.
func rowsOf(packed, bits []byte, log fieldwork.LogID, first, count uint64, size int) ([]byte, error) {
	j := &joiner{r: reader{b: packed}, bits: bitReader{b: bits}, seq: first, size: size, out: make([]byte, 0, size), columns: map[columnKey]*source{}}
	j.tables(log)
	j.heads()
	if j.r.err != nil {
		return nil, j.r.err
	}
	for range count {
		if !j.change() || j.bits.fail || len(j.out) > size {
			return nil, ErrBody
		}
	}
	if len(j.out) != size || !j.bits.ended() {
		return nil, ErrBody
	}
	return j.out, nil
}

// joiner puts rows together.
type joiner struct {
	r    reader // logs, shapes and heads
	bits bitReader
	out  []byte
	size int
	seq  uint64

	scratch []byte // the text at hand

	logs    []fieldwork.LogID
	shapes  []shape
	plans   [][]*source // of each shape: its columns, nil for a cleared value
	stamp   journal.Stamp
	begun   bool
	first   int64
	common  [colCommon]numbers
	author  references
	seen    references
	columns map[columnKey]*source
	order   []*source
	every   []*numbers // in the order of heads
}

// source is a column being read.
type source struct {
	tag      byte
	count    numbers
	nums     []*numbers
	ref      references
	index    numbers
	length   uint64 // of texts
	texts    []byte // patterns that were not read yet
	patterns []string
}

func (j *joiner) tables(own fieldwork.LogID) {
	n := j.r.uvarint()
	if n >= MaxLogs {
		j.r.fail()
		return
	}
	j.logs = append(j.logs, own)
	for range n {
		node, epoch := j.r.uvarint(), j.r.uvarint()
		if node>>32 != 0 || epoch>>32 != 0 {
			j.r.fail()
		}
		if j.r.err != nil {
			return
		}
		j.logs = append(j.logs, fieldwork.LogID{Node: uint32(node), Epoch: uint32(epoch)})
	}
	n = j.r.uvarint()
	if n > maxShapes {
		j.r.fail()
	}
	parts := uint64(0)
	for range n {
		if j.shape(&parts); j.r.err != nil {
			return
		}
	}
	j.first = j.r.varint()
}

func (j *joiner) shape(parts *uint64) {
	k := j.r.uvarint()
	n := j.r.uvarint()
	*parts += n + 1
	if k>>17 != 0 || n > journal.MaxFields || *parts > maxShapeParts {
		j.r.fail()
		return
	}
	s := shape{kind: fieldwork.Kind(k >> 1), edits: k&1 != 0, fields: make([]shapeField, 0, n)}
	for range n {
		x := j.r.uvarint()
		if x>>19 != 0 || x&7 > tagRefs {
			j.r.fail()
			return
		}
		s.fields = append(s.fields, shapeField{fieldwork.FieldID(x >> 3), byte(x & 7)})
	}
	for _, key := range s.keys() {
		if j.columns[key] == nil {
			c := &source{tag: key.tag}
			j.columns[key] = c
			j.order = append(j.order, c)
		}
	}
	plan := make([]*source, len(s.fields))
	for i, f := range s.fields {
		plan[i] = j.columns[columnKey{s.kind, f.field, f.tag}]
	}
	j.shapes, j.plans = append(j.shapes, s), append(j.plans, plan)
}

func (j *joiner) heads() {
	for i := range j.common {
		j.number(&j.common[i])
	}
	j.reference(&j.author)
	j.reference(&j.seen)
	for _, c := range j.order {
		if j.column(c); j.r.err != nil {
			return
		}
	}
	rest := j.r.b
	for _, c := range j.every {
		if c.length > uint64(len(rest)) {
			j.r.fail()
			return
		}
		c.high, rest = rest[:c.length], rest[c.length:]
	}
	for _, c := range j.order {
		if c.length > uint64(len(rest)) {
			j.r.fail()
			return
		}
		c.texts, rest = rest[:c.length], rest[c.length:]
	}
	if len(rest) > 0 {
		j.r.fail()
	}
}

func (j *joiner) number(c *numbers) {
	if len(j.every) == maxNumbers {
		j.r.fail()
	}
	c.readHead(&j.r)
	j.every = append(j.every, c)
}

func (j *joiner) reference(r *references) {
	form := j.r.take(1)
	if form == nil || form[0] > 1 {
		j.r.fail()
		return
	}
	r.table = form[0] == 1
	for _, c := range r.columns() {
		j.number(c)
	}
	r.seq.perLog = true
}

func (j *joiner) column(c *source) {
	parts := uint64(0)
	switch c.tag {
	case tagInt:
		parts = 1
	case tagText:
		j.number(&c.index)
		c.length = j.r.uvarint()
		parts = j.r.uvarint()
	case tagRef, tagRecord:
		j.reference(&c.ref)
	case tagBytes:
		j.number(&c.count)
	case tagInts:
		j.number(&c.count)
		parts = listParts
	case tagRefs:
		j.number(&c.count)
		j.reference(&c.ref)
	}
	if parts > maxTextParts {
		j.r.fail()
		return
	}
	for range parts {
		n := &numbers{}
		j.number(n)
		c.nums = append(c.nums, n)
	}
}
