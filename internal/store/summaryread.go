package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"

	"go.etcd.io/bbolt"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

var errSummary = errors.New("this is no summary")

// believe takes the records from the summary, where there is one of exactly these, and says whether it did. Memory holds heads and
// contexts and no record before; it is as it was where there is no summary.
func (s *Store) believe(tx *bbolt.Tx) bool {
	name := s.summaryOf(tx)
	if name == nil || s.leastToSummarise() < 0 {
		return false
	}
	f, err := os.Open(s.path(summaryName))
	if err != nil {
		return false
	}
	defer f.Close()
	plain, err := s.openFrames(name, f)
	if err != nil {
		return false
	}
	u, err := s.readSummary(plain)
	if err != nil {
		return false
	}
	s.records, s.index, s.digest, s.known = u.records, u.index, u.digest, u.known
	s.orders = len(u.records.names)
	if l := s.records.kinds[fieldwork.KindClock]; l != nil {
		for _, id := range l.ids {
			if state, err := journal.ReadState(s.records.state[id].raw); err == nil {
				s.learnClock(&state, false)
			}
		}
	}
	return true
}

// sealedFrame is how many bytes of the file a frame takes; the last one may take fewer.
const sealedFrame = 4 + vault.Overhead + summaryFrame

// openFrames opens all frames of a file, in one piece of memory.
func (s *Store) openFrames(name []byte, f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	frames := int((size + sealedFrame - 1) / sealedFrame)
	last := size - int64(frames-1)*sealedFrame // bytes of the last one
	if frames == 0 || last < 4+vault.Overhead {
		return nil, errSummary
	}
	plain := make([]byte, size-int64(frames)*(4+vault.Overhead))
	return plain, onAllCores(frames, func(i int) error {
		sealed := make([]byte, sealedFrame)
		if i == frames-1 {
			sealed = sealed[:last]
		}
		if _, err := f.ReadAt(sealed, int64(i)*sealedFrame); err != nil {
			return err
		}
		if int(binary.LittleEndian.Uint32(sealed)) != len(sealed)-4 {
			return errSummary
		}
		from := i * summaryFrame
		to := from + len(sealed) - 4 - vault.Overhead
		_, err := s.seal.data.Open(plain[from:from:to], frameAAD(name, uint32(i), i == frames-1), sealed[4:])
		return err
	})
}

// unpacked is what a summary says, read before anything of it is believed.
type unpacked struct {
	records records
	index   *searchIndex
	digest  journal.Digest
	known   knownJournal

	ids    []fieldwork.RecordID
	kinds  []fieldwork.Kind // of each, with whether it is deleted in the lowest bit as it is stored
	states []string
}

// knownJournal is the beginning of the journal file whose changes the summary holds.
type knownJournal struct {
	size int64
	sum  [32]byte
}

// readSummary reads a summary, which must be of these records, and looks whether the journal file begins as it did then.
func (s *Store) readSummary(plain []byte) (*unpacked, error) {
	var parts [sections][]byte
	if len(plain) < 8*sections {
		return nil, errSummary
	}
	rest := plain[8*sections:]
	for i := range parts {
		n := binary.LittleEndian.Uint64(plain[8*i:])
		if n > uint64(len(rest)) {
			return nil, errSummary
		}
		parts[i], rest = rest[:n], rest[n:]
	}
	u := &unpacked{index: newSearchIndex()}
	u.records.reset()
	if err := u.head(parts[sectionHead], s.summaryHead()); err != nil || len(rest) > 0 {
		return nil, errSummary
	}
	if err := u.recordList(parts[sectionRecords], string(parts[sectionStates])); err != nil {
		return nil, err
	}
	journal := func() error {
		if n, sum, err := journalSum(s.path(journalName), u.known.size); err != nil || n != u.known.size || sum != u.known.sum {
			u.known = knownJournal{} // all of it is read, then
		}
		return nil
	}
	steps := []func() error{u.stateMap, journal, func() error { return u.relations(parts[sectionLinks]) }, func() error { return u.values(parts[sectionValues]) },
		func() error { return u.lines(parts[sectionLines]) }, func() error { return u.names(parts[sectionNames]) }}
	return u, onAllCores(len(steps), func(i int) error { return steps[i]() })
}

func (u *unpacked) head(b, want []byte) error {
	if !bytes.HasPrefix(b, want) || len(b) < len(want)+32 {
		return errSummary
	}
	b = b[len(want):]
	for i := range u.digest {
		u.digest[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	size, n := fieldwork.Uvarint(b[32:])
	if n <= 0 || size > math.MaxInt64 || len(b) != 32+n+32 {
		return errSummary
	}
	u.known = knownJournal{int64(size), [32]byte(b[32+n:])}
	return nil
}

// numbers reads varints and remembers the first failure.
type numbers struct {
	b   []byte
	err error
}

func (r *numbers) next() uint64 {
	x, n := fieldwork.Uvarint(r.b)
	if n <= 0 {
		r.err, r.b = errSummary, nil
		return 0
	}
	r.b = r.b[n:]
	return x
}

// count reads how many things follow, each of at least one byte: no more than there are bytes.
func (r *numbers) count() int {
	n := r.next()
	if n > uint64(len(r.b)) {
		r.err, r.b = errSummary, nil
		return 0
	}
	return int(n)
}

func (r *numbers) id() fieldwork.RecordID {
	id, n, err := fieldwork.ReadID(r.b)
	if err != nil {
		r.err, r.b = errSummary, nil
		return id
	}
	r.b = r.b[n:]
	return id
}

func (r *numbers) bytes(n int) []byte {
	if n > len(r.b) {
		r.err, r.b = errSummary, nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// end says that all was read.
func (r *numbers) end() error {
	if r.err == nil && len(r.b) > 0 {
		return errSummary
	}
	return r.err
}

func (u *unpacked) recordList(b []byte, states string) error {
	r := numbers{b: b}
	n := r.count()
	u.ids, u.kinds, u.states = make([]fieldwork.RecordID, 0, n), make([]fieldwork.Kind, 0, n), make([]string, 0, n)
	for len(r.b) > 0 {
		head := r.id()
		if head.Seq > uint64(len(r.b)) {
			return errSummary
		}
		seq := uint64(0)
		for range head.Seq {
			seq += r.next()
			flags, size := r.next(), r.next()
			if r.err != nil || size > uint64(len(states)) {
				return errSummary
			}
			u.ids = append(u.ids, fieldwork.RecordID{Log: head.Log, Seq: seq})
			u.kinds = append(u.kinds, fieldwork.Kind(flags))
			u.states = append(u.states, states[:size])
			states = states[size:]
		}
	}
	if len(states) > 0 {
		return errSummary
	}
	return r.err
}

func (u *unpacked) stateMap() error {
	u.records.grow(len(u.ids))
	for i, id := range u.ids {
		kind := u.kinds[i] >> 1
		u.records.state[id] = held{kind: kind, deleted: u.kinds[i]&1 == 1, raw: u.states[i]}
		u.records.list(kind).add(id)
	}
	return nil
}

// list reads records into the front of room, which it takes, or into memory of its own.
func (u *unpacked) list(r *numbers, room *[]fieldwork.RecordID) []fieldwork.RecordID {
	n := r.count()
	if n > cap(*room)-len(*room) {
		*room = make([]fieldwork.RecordID, 0, n)
	}
	from := len(*room)
	for range n {
		at := r.next()
		if at >= uint64(len(u.ids)) {
			r.err = errSummary
			return nil
		}
		*room = append(*room, u.ids[at])
	}
	return (*room)[from:len(*room):len(*room)]
}

func (u *unpacked) relations(b []byte) error {
	r := numbers{b: b}
	for _, to := range []*map[fieldwork.RecordID][]fieldwork.RecordID{&u.records.links, &u.records.truth.asked, &u.records.truth.accepted} {
		n, total := r.count(), r.count()
		room := make([]fieldwork.RecordID, 0, total)
		*to = make(map[fieldwork.RecordID][]fieldwork.RecordID, n)
		for range n {
			id := r.id()
			(*to)[id] = u.list(&r, &room)
		}
	}
	return r.end()
}

func (u *unpacked) values(b []byte) error {
	r := numbers{b: b}
	var room []fieldwork.RecordID
	n := r.count()
	u.records.unique = make(map[uniqueKey][]fieldwork.RecordID, n)
	for range n {
		k := uniqueKey{kind: fieldwork.Kind(r.next()), field: fieldwork.FieldID(r.next())}
		value, size, err := fieldwork.ReadValue(r.b)
		if err != nil {
			return errSummary
		}
		r.b, k.value = r.b[size:], value
		u.records.unique[k] = u.list(&r, &room)
	}
	for range r.count() {
		id := r.id()
		u.records.same[id] = r.id()
	}
	for _, id := range u.list(&r, &room) {
		u.records.truth.contested[id] = true
	}
	n = r.count()
	for range n {
		name := r.bytes(len(blob.Name{}))
		if len(name) < len(blob.Name{}) {
			return errSummary
		}
		u.records.photos[blob.Name(name)] = int(r.next())
	}
	return r.end()
}

func (u *unpacked) names(b []byte) error {
	r := numbers{b: b}
	for len(r.b) > 0 {
		kind := fieldwork.Kind(r.next())
		var room []fieldwork.RecordID
		u.records.names[kind] = &byName{ids: u.list(&r, &room), stale: map[fieldwork.RecordID]bool{}}
	}
	return r.end()
}

func (u *unpacked) lines(b []byte) error {
	r := numbers{b: b}
	for range r.count() {
		kind, n, size := fieldwork.Kind(r.next()), r.count(), r.count()
		l := &lines{text: make([]byte, 0, size+size/8), at: make([]int, 0, n), ids: make([]fieldwork.RecordID, 0, n)}
		for range n {
			at := r.next()
			line := r.bytes(r.count())
			if r.err != nil || at >= uint64(len(u.ids)) {
				return errSummary
			}
			l.at, l.ids = append(l.at, len(l.text)), append(l.ids, u.ids[at])
			l.text = append(append(l.text, '\n'), line...)
		}
		u.index.kinds[kind] = l
	}
	return r.end()
}
