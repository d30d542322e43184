package journal

import (
	"encoding/binary"
	"errors"
	"math"

	"kandili/internal/fieldwork"
)

// Change is what a person did in one go. It takes one sequence number for each of its writes, so that a record's
// id, the dot of the write that made it, is unique without anybody drawing numbers.
type Change struct {
	Log    fieldwork.LogID
	Seq    uint64             // of the first write; numbering begins at 1 and has no gaps
	Wall   int64              // the laptop's clock, seconds since 1970 UTC; never corrected
	Boot   uint32             // the node's own count of its starts; with Up it tells elapsed time whatever the clock says
	Up     uint32             // seconds since that start
	Stamp  Stamp              // hybrid clock, for ties only
	Author fieldwork.RecordID // the volunteer at work; zero: nobody signed in, or HQ itself
	Seen   []Seen             // what came in from other logs since this log's last change; nearly always empty
	Writes []Write            // at least one
}

// Seen says that a log was held without a gap up to and including Seq.
type Seen struct {
	Log fieldwork.LogID
	Seq uint64
}

// Write gives fields of one record new values.
type Write struct {
	Kind   fieldwork.Kind
	Record fieldwork.RecordID // zero: this write makes the record, and its id is the write's own dot
	Fields []fieldwork.FieldValue
}

// Limits of one change, checked before anything is allocated.
const (
	MaxWrites      = 4096     // writes of one change
	MaxFields      = 512      // fields of one write
	MaxSeen        = 4096     // entries of one context
	MaxChangeBytes = 48 << 10 // canonical bytes of one change made here; readers take twice that
)

// ErrChange says that bytes are not a change in canonical form, or break a limit.
var ErrChange = errors.New("not a change in canonical form")

// Last returns the sequence number of the change's last write.
func (c *Change) Last() uint64 { return c.Seq + uint64(len(c.Writes)) - 1 }

// Dot returns the id of the i-th write.
func (c *Change) Dot(i int) fieldwork.RecordID {
	return fieldwork.RecordID{Log: c.Log, Seq: c.Seq + uint64(i)}
}

// Target returns the record that the i-th write is about.
func (c *Change) Target(i int) fieldwork.RecordID {
	if id := c.Writes[i].Record; !id.IsZero() {
		return id
	}
	return c.Dot(i)
}

// Append appends the canonical bytes: what is hashed, and what the row codec and the journal file hold. The log and
// the sequence are not in them, because the chain that they belong to says both.
//
// On disk, on the wire and under signatures: the layout never changes; new facts become new fields of records.
func (c *Change) Append(b []byte) []byte {
	b = binary.AppendVarint(b, c.Wall)
	b = binary.AppendUvarint(b, uint64(c.Boot))
	b = binary.AppendUvarint(b, uint64(c.Up))
	b = binary.AppendVarint(b, int64(c.Stamp)-int64(StampOf(c.Wall)))
	b = fieldwork.AppendID(b, c.Author)
	b = binary.AppendUvarint(b, uint64(len(c.Seen)))
	for _, s := range c.Seen {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: s.Log, Seq: s.Seq})
	}
	b = binary.AppendUvarint(b, uint64(len(c.Writes)))
	for i := range c.Writes {
		b = c.Writes[i].append(b)
	}
	return b
}

func (w *Write) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(w.Kind))
	b = fieldwork.AppendID(b, w.Record)
	b = binary.AppendUvarint(b, uint64(len(w.Fields)))
	for _, f := range w.Fields {
		b = binary.AppendUvarint(b, uint64(f.Field))
		b = f.Value.Append(b)
	}
	return b
}

// ReadChange reads one change of the log at seq from the front of b and returns how many bytes it took. The change
// shares nothing with b.
func ReadChange(b []byte, log fieldwork.LogID, seq uint64) (Change, int, error) {
	r := reader[[]byte]{b: b}
	c := Change{Log: log, Seq: seq}
	c.Wall = r.varint()
	c.Boot = uint32(r.upTo(math.MaxUint32))
	c.Up = uint32(r.upTo(math.MaxUint32))
	c.Stamp = Stamp(int64(StampOf(c.Wall)) + r.varint())
	c.Author = r.id()
	for range r.upTo(MaxSeen) {
		id := r.id()
		c.Seen = append(c.Seen, Seen{Log: id.Log, Seq: id.Seq})
		if r.err != nil {
			return Change{}, 0, r.err
		}
	}
	writes := r.upTo(MaxWrites)
	if writes == 0 {
		return Change{}, 0, ErrChange
	}
	for range writes {
		c.Writes = append(c.Writes, r.write())
		if r.err != nil {
			return Change{}, 0, r.err
		}
	}
	if r.err != nil || r.at > 2*MaxChangeBytes || c.Last() < c.Seq {
		return Change{}, 0, ErrChange
	}
	return c, r.at, nil
}

// reader reads varints from the front of b and remembers the first failure. What it reads from a string shares its bytes.
type reader[B fieldwork.Encoded] struct {
	b   B
	at  int
	err error
}

func (r *reader[B]) uvarint() uint64 {
	x, n := fieldwork.Uvarint(r.b[r.at:])
	if n <= 0 {
		r.err = ErrChange
		return 0
	}
	r.at += n
	return x
}

func (r *reader[B]) varint() int64 {
	x := r.uvarint()
	return int64(x>>1) ^ -int64(x&1)
}

func (r *reader[B]) upTo(limit uint64) uint64 {
	x := r.uvarint()
	if x > limit {
		r.err = ErrChange
		return 0
	}
	return x
}

func (r *reader[B]) id() fieldwork.RecordID {
	if r.err != nil {
		return fieldwork.RecordID{}
	}
	id, n, err := fieldwork.ReadID(r.b[r.at:])
	if err != nil {
		r.err = ErrChange
	}
	r.at += n
	return id
}

func (r *reader[B]) write() Write {
	w := Write{Kind: fieldwork.Kind(r.upTo(math.MaxUint16)), Record: r.id()}
	w.Fields = r.fields(nil)
	return w
}

// fields reads a list of fields, into the front of room if they have room there.
func (r *reader[B]) fields(room []fieldwork.FieldValue) []fieldwork.FieldValue {
	count := int(r.upTo(MaxFields))
	if count == 0 || r.err != nil {
		return nil
	}
	list := room[:0:min(count, len(room))]
	if count > len(room) {
		list = make([]fieldwork.FieldValue, 0, min(count, (len(r.b)-r.at)/leastField+1))
	}
	for range count {
		f := fieldwork.FieldID(r.upTo(math.MaxUint16))
		if r.err != nil {
			return list
		}
		v, n, err := fieldwork.ReadValue(r.b[r.at:])
		if err != nil {
			r.err = ErrChange
			return list
		}
		r.at += n
		list = append(list, fieldwork.FieldValue{Field: f, Value: v})
	}
	return list
}

// leastField is how many bytes a field takes at least: its number and a cleared value.
const leastField = 2
