package wire

import (
	"bytes"
	"encoding/binary"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// change puts the next change together. It returns false where the columns do not make one; numbers that ran out are
// found by the caller.
func (j *joiner) change() bool {
	wall := j.common[colWall].next(&j.bits, near{})
	j.out = binary.AppendVarint(j.out, wall)
	j.out = binary.AppendUvarint(j.out, uint64(j.common[colBoot].next(&j.bits, near{})))
	j.out = binary.AppendUvarint(j.out, uint64(j.common[colUp].next(&j.bits, near{value: wall})))
	if !j.begun {
		j.begun = true
		j.stamp = journal.Stamp(int64(journal.StampOf(wall))+j.first) - 1
	}
	j.stamp = journal.Stamp(int64(journal.Next(j.stamp, wall)) + j.common[colStamp].next(&j.bits, near{}))
	j.out = binary.AppendVarint(j.out, int64(j.stamp)-int64(journal.StampOf(wall)))
	if !j.id(&j.author, j.seq) {
		return false
	}
	seen := j.length(&j.common[colSeen], journal.MaxSeen)
	for range seen {
		if !j.id(&j.seen, j.seq) {
			return false
		}
	}
	writes := j.length(&j.common[colWrites], journal.MaxWrites)
	for range writes {
		if !j.write(wall) || len(j.out) > j.size {
			return false
		}
		j.seq++
	}
	return true
}

// length reads how many things follow, writes it, and returns it; 0 where it breaks the limit, which whoever reads
// the row finds.
func (j *joiner) length(c *numbers, limit int64) int64 {
	n := c.next(&j.bits, near{})
	j.out = binary.AppendUvarint(j.out, uint64(n))
	if n < 0 || n > limit {
		return 0
	}
	return n
}

func (j *joiner) id(r *references, own uint64) bool {
	id, ok := r.next(&j.bits, j.logs, own)
	j.out = fieldwork.AppendID(j.out, id)
	return ok && len(j.out) <= j.size
}

func (j *joiner) write(wall int64) bool {
	no := j.common[colShape].next(&j.bits, near{})
	if no < 0 || no >= int64(len(j.shapes)) {
		return false
	}
	s := &j.shapes[no]
	j.out = binary.AppendUvarint(j.out, uint64(s.kind))
	if !s.edits {
		j.out = fieldwork.AppendID(j.out, fieldwork.RecordID{})
	} else if !j.id(&j.columns[columnKey{kind: s.kind, tag: tagRecord}].ref, j.seq) {
		return false
	}
	j.out = binary.AppendUvarint(j.out, uint64(len(s.fields)))
	at := near{value: wall, day: dayOf(wall)}
	for i, f := range s.fields {
		j.out = binary.AppendUvarint(j.out, uint64(f.field))
		j.out = append(j.out, f.tag)
		if c := j.plans[no][i]; c != nil && !j.value(c, at) || len(j.out) > j.size {
			return false
		}
	}
	return true
}

// value writes a value without its tag.
func (j *joiner) value(c *source, at near) bool {
	switch c.tag {
	case tagInt:
		j.out = binary.AppendVarint(j.out, c.nums[0].next(&j.bits, at))
	case tagText:
		return j.text(c)
	case tagRef:
		return j.id(&c.ref, j.seq)
	case tagBytes:
		n := j.length(&c.count, fieldwork.MaxTextBytes)
		for range n {
			j.out = append(j.out, byte(j.bits.take(8)))
		}
		return n > 0
	case tagInts:
		n := j.length(&c.count, fieldwork.MaxListItems)
		for i := range n {
			j.out = binary.AppendVarint(j.out, c.nums[min(i, listParts-1)].next(&j.bits, at))
		}
		return n > 0
	case tagRefs:
		n := j.length(&c.count, fieldwork.MaxListItems)
		for range n {
			if !j.id(&c.ref, j.seq) {
				return false
			}
		}
		return n > 0
	}
	return true
}

// text writes a text: its length is known only after it.
func (j *joiner) text(c *source) bool {
	pattern, ok := c.pattern(c.index.next(&j.bits, near{}))
	if !ok {
		return false
	}
	i := 0
	at := near{value: int64(j.seq)}
	text, ok := appendText(j.scratch[:0], pattern, func() int64 {
		if len(c.nums) == 0 {
			return -1
		}
		n := c.nums[min(i, len(c.nums)-1)]
		i++
		return n.next(&j.bits, at)
	})
	j.scratch = text
	if !ok || len(text) == 0 {
		return false
	}
	j.out = binary.AppendUvarint(j.out, uint64(len(text)))
	j.out = append(j.out, text...)
	return true
}

// pattern returns the pattern of an index; 0 is the next new one.
func (c *source) pattern(no int64) (string, bool) {
	if no < 0 || no > int64(len(c.patterns)) {
		return "", false
	}
	if no > 0 {
		return c.patterns[no-1], true
	}
	end := bytes.IndexByte(c.texts, endOfText)
	if end < 0 {
		return "", false
	}
	c.patterns = append(c.patterns, string(c.texts[:end]))
	c.texts = c.texts[end+1:]
	return c.patterns[len(c.patterns)-1], true
}
