package wire

import (
	"bytes"
	"encoding/binary"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// columnsOf writes a piece in columns: the part that zstd gets, and the bits part. It goes over the piece twice: to
// collect the columns, and, once it is decided how each is written, to write the low bits in the order of rows.
func columnsOf(p *journal.Piece) (packed, bits []byte, err error) {
	w := &writer{logs: map[fieldwork.LogID]int64{p.Log: 0}, shapeNo: map[string]int64{}, columns: map[columnKey]*column{}}
	w.author, w.seen = newRefList(), newRefList()
	if err := w.piece(p); err != nil {
		return nil, nil, err
	}
	packed, err = w.packed()
	if err != nil {
		return nil, nil, err
	}
	w.writing = true
	if err := w.piece(p); err != nil {
		return nil, nil, err
	}
	return packed, w.bits.bytes(), nil
}

// writer takes a piece apart.
type writer struct {
	writing bool // second time: write the low bits
	bits    bitWriter

	logs    map[fieldwork.LogID]int64
	logList []fieldwork.LogID // without the piece's own
	first   int64             // first change: hybrid clock less that of its wall time
	common  [colCommon]list
	author  *refList
	seen    *refList
	shapes  []shape
	shapeNo map[string]int64
	parts   int // fields of all shapes
	columns map[columnKey]*column
	order   []*column
	nums    []int64 // of the text at hand
}

// column is a field's values.
type column struct {
	tag   byte
	count list // entries of lists, bytes of bytes
	nums  []*list
	ref   *refList

	index    list // of texts: pattern
	patterns map[string]int64
	texts    []byte // new patterns
}

func (w *writer) piece(p *journal.Piece) error {
	var last journal.Stamp
	for i := range p.Changes {
		c := &p.Changes[i]
		if i == 0 {
			w.first = int64(c.Stamp) - int64(journal.StampOf(c.Wall))
			last = c.Stamp - 1
		}
		w.change(c, last)
		last = c.Stamp
		for i := range c.Writes {
			if err := w.write(c, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) change(c *journal.Change, last journal.Stamp) {
	w.number(&w.common[colWall], c.Wall, near{})
	w.number(&w.common[colBoot], int64(c.Boot), near{})
	w.number(&w.common[colUp], int64(c.Up), near{value: c.Wall})
	w.number(&w.common[colStamp], int64(c.Stamp)-int64(journal.Next(last, c.Wall)), near{})
	w.reference(w.author, c.Author, c.Seq)
	w.number(&w.common[colSeen], int64(len(c.Seen)), near{})
	for _, s := range c.Seen {
		w.reference(w.seen, fieldwork.RecordID{Log: s.Log, Seq: s.Seq}, c.Seq)
	}
	w.number(&w.common[colWrites], int64(len(c.Writes)), near{})
}

func (w *writer) write(c *journal.Change, i int) error {
	x := &c.Writes[i]
	own := c.Seq + uint64(i)
	s := shape{kind: x.Kind, edits: x.Record != fieldwork.RecordID{}}
	for _, f := range x.Fields {
		s.fields = append(s.fields, shapeField{f.Field, tagOf(f.Value)})
	}
	no, err := w.shapeOf(s)
	if err != nil {
		return err
	}
	w.number(&w.common[colShape], no, near{})
	if s.edits {
		w.reference(w.columns[columnKey{kind: x.Kind, tag: tagRecord}].ref, x.Record, own)
	}
	for j, f := range x.Fields {
		if col := w.columns[columnKey{x.Kind, f.Field, s.fields[j].tag}]; col != nil {
			w.value(col, f.Value, c.Wall, own)
		}
	}
	return nil
}

// shapeOf returns the number of a shape; a new one brings its columns.
func (w *writer) shapeOf(s shape) (int64, error) {
	name := string(s.append(nil))
	if no, ok := w.shapeNo[name]; ok {
		return no, nil
	}
	no := int64(len(w.shapes))
	w.parts += len(s.fields) + 1
	if no == maxShapes || w.parts > maxShapeParts {
		return 0, errColumns
	}
	w.shapeNo[name] = no
	w.shapes = append(w.shapes, s)
	for _, k := range s.keys() {
		if w.columns[k] == nil {
			c := &column{tag: k.tag, ref: newRefList(), patterns: map[string]int64{}}
			w.columns[k] = c
			w.order = append(w.order, c)
		}
	}
	return no, nil
}

func (w *writer) value(c *column, v fieldwork.Value, wall int64, own uint64) {
	at := near{value: wall, day: dayOf(wall)}
	switch c.tag {
	case tagInt:
		n, _ := v.Int()
		w.number(c.part(0, true), n, at)
	case tagText:
		w.text(c, v.Text(), own)
	case tagRef:
		w.reference(c.ref, v.Ref(), own)
	case tagBytes:
		b := v.Bytes()
		w.number(&c.count, int64(len(b)), near{})
		if w.writing {
			for _, x := range b {
				w.bits.put(uint64(x), 8)
			}
		}
	case tagInts:
		list := v.Ints()
		w.number(&c.count, int64(len(list)), near{})
		for i, n := range list {
			w.number(c.part(min(i, listParts-1), true), n, at)
		}
	case tagRefs:
		refs := v.Refs()
		w.number(&c.count, int64(len(refs)), near{})
		for _, id := range refs {
			w.reference(c.ref, id, own)
		}
	}
}

func (w *writer) text(c *column, text string, own uint64) {
	pattern, nums := patternOf(text, w.nums[:0])
	w.nums = nums
	no, known := c.patterns[pattern]
	if !known {
		c.patterns[pattern] = int64(len(c.patterns)) + 1
		c.texts = append(append(c.texts, pattern...), endOfText)
	}
	w.number(&c.index, no, near{}) // while writing, the number is what was collected
	for i, n := range nums {
		w.number(c.part(min(i, maxTextParts-1), false), n, near{value: int64(own)})
	}
}

// part returns the column's number column i.
func (c *column) part(i int, days bool) *list {
	for len(c.nums) <= i {
		c.nums = append(c.nums, &list{days: days})
	}
	return c.nums[i]
}

// number collects a number, or writes its low bits.
func (w *writer) number(l *list, v int64, n near) {
	if w.writing {
		l.low(&w.bits)
		return
	}
	l.add(v, n)
}

func (w *writer) reference(r *refList, id fieldwork.RecordID, own uint64) {
	if w.writing {
		r.low(&w.bits)
		return
	}
	r.add(w.logOf(id.Log), id, own)
}

func (w *writer) logOf(l fieldwork.LogID) int64 {
	no, ok := w.logs[l]
	if !ok {
		no = int64(len(w.logs))
		w.logs[l] = no
		w.logList = append(w.logList, l)
	}
	return no
}

// packed decides how every column is written and returns everything but the low bits.
func (w *writer) packed() ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(len(w.logList)))
	for _, l := range w.logList {
		b = binary.AppendUvarint(b, uint64(l.Node))
		b = binary.AppendUvarint(b, uint64(l.Epoch))
	}
	b = binary.AppendUvarint(b, uint64(len(w.shapes)))
	for i := range w.shapes {
		b = w.shapes[i].append(b)
	}
	b = binary.AppendVarint(b, w.first)
	h := heads{b: b}
	for i := range w.common {
		h.number(&w.common[i])
	}
	h.reference(w.author)
	h.reference(w.seen)
	var texts []byte
	for _, c := range w.order {
		h.column(c)
		if bytes.Count(c.texts, []byte{endOfText}) != len(c.patterns) {
			return nil, errColumns
		}
		texts = append(texts, c.texts...)
	}
	if len(h.high) > MaxExpanded || h.columns > maxNumbers {
		return nil, errColumns
	}
	return append(append(h.b, h.high...), texts...), nil
}

// heads collects heads and high parts.
type heads struct {
	b, high []byte
	columns int
}

func (h *heads) number(l *list) {
	l.choose()
	h.write(l)
}

func (h *heads) write(l *list) {
	before := len(h.high)
	h.high = l.plan.high(h.high)
	h.b = l.plan.head(h.b, len(h.high)-before)
	h.columns++
}

// reference writes how references stand, 0 each by itself, 1 as indexes into a table, and the heads.
func (h *heads) reference(r *refList) {
	r.choose()
	form := byte(0)
	if r.table {
		form = 1
	}
	h.b = append(h.b, form)
	for _, l := range r.lists() {
		h.write(l)
	}
}

func (h *heads) column(c *column) {
	switch c.tag {
	case tagInt:
		h.number(c.part(0, true))
	case tagText:
		h.number(&c.index)
		h.b = binary.AppendUvarint(h.b, uint64(len(c.texts)))
		h.b = binary.AppendUvarint(h.b, uint64(len(c.nums)))
		for _, l := range c.nums {
			h.number(l)
		}
	case tagRef, tagRecord:
		h.reference(c.ref)
	case tagBytes:
		h.number(&c.count)
	case tagInts:
		h.number(&c.count)
		for i := range listParts {
			h.number(c.part(i, true))
		}
	case tagRefs:
		h.number(&c.count)
		h.reference(c.ref)
	}
}

// Sample returns the part of a piece's columns that zstd compresses: what dictionaries are trained on.
func Sample(p *journal.Piece) ([]byte, error) {
	packed, _, err := columnsOf(p)
	return packed, err
}
