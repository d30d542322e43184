package fieldwork

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// Value is one field's value in its canonical form: a tag byte and what the tag says. It is immutable and
// comparable; two values are the same value exactly when they are ==. The zero Value means "cleared".
//
// Tags and layouts are on disk, on the wire and under signatures: add at the end, never renumber.
type Value struct{ b string }

const (
	tagInt   = 1 // zigzag varint
	tagText  = 2 // length, UTF-8 bytes
	tagRef   = 3 // node, epoch, sequence
	tagBytes = 4 // length, bytes
	tagInts  = 5 // count, zigzag varints
	tagRefs  = 6 // count, refs
)

// Limits of one value, checked before anything is allocated.
const (
	MaxTextBytes = 16 << 10 // one text, in bytes
	MaxListItems = 256      // entries of a list
)

var errValue = errors.New("value is not in canonical form")

// Text makes a text value; the empty text is the cleared value.
func Text(s string) Value {
	if s == "" {
		return Value{}
	}
	b := append(make([]byte, 0, len(s)+3), tagText)
	b = binary.AppendUvarint(b, uint64(len(s)))
	return Value{string(append(b, s...))}
}

// Int makes a number, an enumeration's number, days since 1970 of a date, or seconds since 1970 of a time.
func Int(n int64) Value {
	return Value{string(binary.AppendVarint([]byte{tagInt}, n))}
}

// Bool makes yes (1) or no (0).
func Bool(yes bool) Value {
	if yes {
		return Int(1)
	}
	return Int(0)
}

// Ref makes a reference to a record; the zero id is the cleared value.
func Ref(id RecordID) Value {
	if id.IsZero() {
		return Value{}
	}
	return Value{string(appendID([]byte{tagRef}, id))}
}

// Bytes makes an opaque value, such as a key or the name of a photo.
func Bytes(p []byte) Value {
	if len(p) == 0 {
		return Value{}
	}
	b := binary.AppendUvarint([]byte{tagBytes}, uint64(len(p)))
	return Value{string(append(b, p...))}
}

// Ints makes a list of numbers, such as a position or a set of enumerated values.
func Ints(list ...int64) Value {
	if len(list) == 0 {
		return Value{}
	}
	b := binary.AppendUvarint([]byte{tagInts}, uint64(len(list)))
	for _, n := range list {
		b = binary.AppendVarint(b, n)
	}
	return Value{string(b)}
}

// Refs makes a list of references.
func Refs(list ...RecordID) Value {
	if len(list) == 0 {
		return Value{}
	}
	b := binary.AppendUvarint([]byte{tagRefs}, uint64(len(list)))
	for _, id := range list {
		b = appendID(b, id)
	}
	return Value{string(b)}
}

// Position makes a position: latitude and longitude in 1e-5 degree (1.1 m), accuracy in metres (0: unknown).
func Position(lat, lon float64, accuracy int64) Value {
	return Ints(int64(math.Round(lat*1e5)), int64(math.Round(lon*1e5)), accuracy)
}

// IsZero says that the value is the cleared one.
func (v Value) IsZero() bool { return v.b == "" }

// Canonical returns the canonical bytes: what is stored, sent, hashed and signed. Empty means cleared.
func (v Value) Canonical() string { return v.b }

// Text returns the text, or "" for any other value.
func (v Value) Text() string {
	if v.b == "" || v.b[0] != tagText {
		return ""
	}
	_, n := Uvarint(v.b[1:])
	return v.b[1+n:]
}

// IsText says that the value is a text.
func (v Value) IsText() bool { return v.b != "" && v.b[0] == tagText }

// Int returns the number; ok is false for any other value.
func (v Value) Int() (n int64, ok bool) {
	if v.b == "" || v.b[0] != tagInt {
		return 0, false
	}
	x, _ := Uvarint(v.b[1:])
	return int64(x>>1) ^ -int64(x&1), true
}

// Bool says that the value is a number other than 0.
func (v Value) Bool() bool {
	n, _ := v.Int()
	return n != 0
}

// Ref returns the referred record, or the zero id for any other value.
func (v Value) Ref() RecordID {
	if v.b == "" || v.b[0] != tagRef {
		return RecordID{}
	}
	id, _, _ := ReadID(v.b[1:])
	return id
}

// Bytes returns a copy of the opaque bytes, or nil for any other value.
func (v Value) Bytes() []byte {
	if v.b == "" || v.b[0] != tagBytes {
		return nil
	}
	raw := []byte(v.b[1:])
	_, n := binary.Uvarint(raw)
	return raw[n:]
}

// Ints returns the list of numbers, or nil for any other value.
func (v Value) Ints() []int64 {
	if v.b == "" || v.b[0] != tagInts {
		return nil
	}
	raw := []byte(v.b[1:])
	count, n := binary.Uvarint(raw)
	raw = raw[n:]
	list := make([]int64, 0, count)
	for range count {
		x, n := binary.Varint(raw)
		raw = raw[n:]
		list = append(list, x)
	}
	return list
}

// Refs returns the referred records of a list or of a single reference, or nil for any other value.
func (v Value) Refs() []RecordID {
	if v.b == "" {
		return nil
	}
	if v.b[0] == tagRef {
		return []RecordID{v.Ref()}
	}
	if v.b[0] != tagRefs {
		return nil
	}
	raw := v.b[1:]
	count, n := Uvarint(raw)
	raw = raw[n:]
	list := make([]RecordID, 0, count)
	for range count {
		id, n, _ := ReadID(raw)
		raw = raw[n:]
		list = append(list, id)
	}
	return list
}

// Has says whether a list of numbers contains n.
func (v Value) Has(n int64) bool { return slices.Contains(v.Ints(), n) }

// Append appends the canonical bytes; a cleared value is one zero byte, so that every value ends by itself.
func (v Value) Append(b []byte) []byte {
	if v.b == "" {
		return append(b, 0)
	}
	return append(b, v.b...)
}

// Encoded is what values and ids are read from. Values read from a string share its bytes, those read from a slice have their own.
type Encoded interface{ ~string | ~[]byte }

// ReadValue reads one value from the front of b and returns how many bytes it took. It checks every limit before
// it allocates and refuses what is not canonical, so that one value has one form only.
func ReadValue[B Encoded](b B) (Value, int, error) {
	n := valueSize(b)
	if n == 0 {
		return Value{}, 0, errValue
	}
	if b[0] == 0 {
		return Value{}, 1, nil
	}
	return Value{string(b[:n])}, n, nil
}

// valueSize is how many bytes the value at the front of b takes; 0: there is no canonical one.
func valueSize[B Encoded](b B) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case 0:
		return 1
	case tagInt:
		return intsSize(b, 1, 1)
	case tagText, tagBytes:
		return bytesSize(b)
	case tagRef:
		return refsSize(b, 1, 1)
	case tagInts, tagRefs:
		count, n := Uvarint(b[1:])
		if n <= 0 || count == 0 || count > MaxListItems {
			return 0
		}
		if b[0] == tagInts {
			return intsSize(b, 1+n, int(count))
		}
		return refsSize(b, 1+n, int(count))
	}
	return 0
}

func bytesSize[B Encoded](b B) int {
	size, n := Uvarint(b[1:])
	if n <= 0 || size == 0 || size > MaxTextBytes || uint64(len(b)-1-n) < size {
		return 0
	}
	return 1 + n + int(size)
}

func intsSize[B Encoded](b B, at, count int) int {
	for range count {
		_, n := Uvarint(b[at:]) // a zigzag varint has the same length rules
		if n <= 0 {
			return 0
		}
		at += n
	}
	return at
}

func refsSize[B Encoded](b B, at, count int) int {
	for range count {
		id, n, err := ReadID(b[at:])
		if err != nil || id.IsZero() {
			return 0
		}
		at += n
	}
	return at
}

// AppendID appends a record id as three varints.
func AppendID(b []byte, id RecordID) []byte { return appendID(b, id) }

// ReadID reads what AppendID wrote and returns how many bytes it took.
func ReadID[B Encoded](b B) (RecordID, int, error) {
	node, n1 := Uvarint(b)
	if n1 <= 0 || node > math.MaxUint32 {
		return RecordID{}, 0, errValue
	}
	epoch, n2 := Uvarint(b[n1:])
	if n2 <= 0 || epoch > math.MaxUint32 {
		return RecordID{}, 0, errValue
	}
	seq, n3 := Uvarint(b[n1+n2:])
	if n3 <= 0 {
		return RecordID{}, 0, errValue
	}
	return RecordID{Log: LogID{Node: uint32(node), Epoch: uint32(epoch)}, Seq: seq}, n1 + n2 + n3, nil
}

func appendID(b []byte, id RecordID) []byte {
	b = binary.AppendUvarint(b, uint64(id.Log.Node))
	b = binary.AppendUvarint(b, uint64(id.Log.Epoch))
	return binary.AppendUvarint(b, id.Seq)
}

// Uvarint is binary.Uvarint that refuses a longer form than needed, so that hashes cannot differ for equal content; n is 0 or less
// where there is none.
func Uvarint[B Encoded](b B) (x uint64, n int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	for i := 0; i < len(b) && i < binary.MaxVarintLen64; i++ {
		c := b[i]
		if c >= 0x80 {
			x |= uint64(c&0x7f) << (7 * i)
			continue
		}
		if i > 0 && c == 0 || i == binary.MaxVarintLen64-1 && c > 1 {
			return 0, 0
		}
		return x | uint64(c)<<(7*i), i + 1
	}
	return 0, 0
}
