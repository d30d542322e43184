package exchange

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"kandili/internal/blob"
)

// photosNote is under which name it is kept what a peer holds of photos.
func photosNote(peer string) string { return "photos/" + peer }

// goneBit marks, beside the sizes, a photo of which the peer lacked what we wanted.
const goneBit = 1 << 2

// photoMemory is what is remembered of a peer's photos between exchanges. What it says may be too much where the peer
// lost something; how many images the peer holds tells.
//
// Stored as: version u8 (1) | images uvarint | slow, seconds since 1970, varint | each: name 16, sizes and goneBit u8.
type photoMemory struct {
	held     map[blob.Name]uint8
	images   uint64 // how many it said last to hold whole
	slowThen int64  // when its link was slow
	compared bool
	changed  bool
}

func (m *photoMemory) read(b []byte) {
	m.held = map[blob.Name]uint8{}
	r := bytes.NewReader(b)
	version, err := r.ReadByte()
	if err != nil || version != 1 {
		return
	}
	m.images, _ = binary.ReadUvarint(r)
	m.slowThen, _ = binary.ReadVarint(r)
	for {
		var name blob.Name
		if n, _ := r.Read(name[:]); n != len(name) {
			return
		}
		mask, err := r.ReadByte()
		if err != nil {
			return
		}
		m.held[name] = mask
	}
}

func (m *photoMemory) bytes() []byte {
	b := binary.AppendVarint(binary.AppendUvarint([]byte{1}, m.images), m.slowThen)
	names := make([]blob.Name, 0, len(m.held))
	for n := range m.held {
		names = append(names, n)
	}
	slices.SortFunc(names, func(x, y blob.Name) int { return bytes.Compare(x[:], y[:]) })
	for _, n := range names {
		b = append(append(b, n[:]...), m.held[n])
	}
	return b
}

// only forgets the photos that no record names any more.
func (m *photoMemory) only(names []blob.Name) {
	named := make(map[blob.Name]bool, len(names))
	for _, n := range names {
		named[n] = true
	}
	for n := range m.held {
		if !named[n] {
			delete(m.held, n)
			m.changed = true
		}
	}
}

// recall returns what the peer is remembered to hold whole, and whether it lacked what we wanted.
func (m *photoMemory) recall(name blob.Name) (s blob.State, gone bool) {
	mask := m.held[name]
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if mask&uint8(size) != 0 {
			s = s.With(size, blob.Held{Whole: true})
		}
	}
	return s, mask&goneBit != 0
}

func (m *photoMemory) note(j *photoJob) {
	var mask uint8
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if j.State.Of(size).Whole {
			mask |= uint8(size)
		}
	}
	if j.gone {
		mask |= goneBit
	}
	if m.held[j.Name] != mask {
		m.held[j.Name] = mask
		m.changed = true
	}
}

// What the number of images that a peer holds tells, compared with the last time.
type holding int

const (
	holdsSame holding = iota
	holdsOther
	holdsLess
)

// compare notes how many images the peer holds. Where it is fewer than before it may have lost some, and nothing that
// is remembered is worth anything. That is looked at once in an exchange, whose own sending changes the number.
func (m *photoMemory) compare(images uint64) holding {
	old := m.images
	m.images, m.changed = images, m.changed || images != old
	if m.compared || images == old {
		m.compared = true
		return holdsSame
	}
	m.compared = true
	for n := range m.held {
		if m.held[n] &^= goneBit; images < old {
			delete(m.held, n)
		}
	}
	if images < old {
		return holdsLess
	}
	return holdsOther
}

func (m *photoMemory) slow(now time.Time) {
	if !m.slowAt(now) {
		m.slowThen, m.changed = now.Unix(), true
	}
}

func (m *photoMemory) slowAt(now time.Time) bool {
	since := now.Unix() - m.slowThen
	return m.slowThen != 0 && since >= 0 && since < int64(slowTime/time.Second)
}

// PhotosAt returns which sizes the peer is remembered to hold whole of each photo: the sum of the sizes.
func PhotosAt(note []byte) map[blob.Name]uint8 {
	var m photoMemory
	m.read(note)
	for n := range m.held {
		m.held[n] &= allSizes
	}
	return m.held
}

// PhotosNote is the name of the note that PhotosAt reads.
func PhotosNote(peer string) string { return photosNote(peer) }
