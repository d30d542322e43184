package wire

import (
	"encoding/binary"
	"errors"

	"kandili/internal/fieldwork"
)

// The columns codec takes changes apart: what all changes have, and each field of each kind, stands in a column of
// its own, where neighbours look alike. docs/wire.md describes the bytes. The parts of a payload before compression:
//
//	logs | shapes | heads of columns | high parts of columns | texts
//
// and beside it the bits part. Reading gives the changes' canonical bytes, which are then read as rows are, so that
// one reader alone says what a change is.

// Limits of the columns codec beyond those of frames. What breaks them travels as rows.
const (
	maxShapes     = 4096
	maxShapeParts = 16 << 10 // fields of all shapes
	maxNumbers    = 4096     // columns of numbers
	maxTextParts  = 8        // columns for the numbers in a text; further ones share the last
	listParts     = 4        // columns for the entries of a list of numbers; further ones share the last
)

// Tags of values, as in fieldwork; an absent value is a cleared one.
const (
	tagCleared = 0
	tagInt     = 1
	tagText    = 2
	tagRef     = 3
	tagBytes   = 4
	tagInts    = 5
	tagRefs    = 6
	tagRecord  = 7 // not a value: the record that a write is about
)

// errColumns says that a piece cannot be written in columns. It then travels as rows.
var errColumns = errors.New("the piece does not fit into columns")

// columnKey names a column: a field of a kind with values of a tag, or a kind's records.
type columnKey struct {
	kind  fieldwork.Kind
	field fieldwork.FieldID
	tag   byte
}

// shape is what a write is made of.
type shape struct {
	kind   fieldwork.Kind
	edits  bool // the write is about an earlier record
	fields []shapeField
}

type shapeField struct {
	field fieldwork.FieldID
	tag   byte
}

// Columns that all changes have, in this order, before those of the shapes. On the wire for ever.
const (
	colWall   = iota // seconds since 1970
	colBoot          // count of starts
	colUp            // seconds since the start
	colStamp         // hybrid time less the least that the one before and the wall time allow
	colWrites        // writes of the change
	colShape         // of each write
	colSeen          // entries of the context
	colCommon
)

// append appends the shape's bytes.
func (s *shape) append(b []byte) []byte {
	edits := uint64(0)
	if s.edits {
		edits = 1
	}
	b = binary.AppendUvarint(b, uint64(s.kind)<<1|edits)
	b = binary.AppendUvarint(b, uint64(len(s.fields)))
	for _, f := range s.fields {
		b = binary.AppendUvarint(b, uint64(f.field)<<3|uint64(f.tag))
	}
	return b
}

// keys returns the columns of the shape in their order.
func (s *shape) keys() []columnKey {
	var keys []columnKey
	if s.edits {
		keys = append(keys, columnKey{kind: s.kind, tag: tagRecord})
	}
	for _, f := range s.fields {
		if f.tag != tagCleared {
			keys = append(keys, columnKey{s.kind, f.field, f.tag})
		}
	}
	return keys
}

func tagOf(v fieldwork.Value) byte {
	if v.IsZero() {
		return tagCleared
	}
	return v.Canonical()[0]
}

// dayOf returns the day of a time, days since 1970 UTC.
func dayOf(wall int64) int64 {
	day := wall / 86400
	if wall%86400 < 0 {
		day--
	}
	return day
}
