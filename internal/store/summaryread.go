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
	data, err := os.ReadFile(s.path(summaryName))
	if err != nil {
		return false
	}
	plain, err := s.openFrames(name, data)
	if err != nil {
		return false
	}
	u, err := readSummary(plain, s.summaryHead())
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

// openFrames opens all frames, in one piece of memory.
func (s *Store) openFrames(name, data []byte) ([]byte, error) {
	var frames [][]byte
	size := 0
	for at := 0; at < len(data); {
		if len(data)-at < 4 {
			return nil, errSummary
		}
		n := int(binary.LittleEndian.Uint32(data[at:]))
		if n < vault.Overhead || n > summaryFrame+vault.Overhead || n > len(data)-at-4 {
			return nil, errSummary
		}
		frames = append(frames, data[at+4:at+4+n])
		size += n - vault.Overhead
		at += 4 + n
	}
	plain := make([]byte, size)
	return plain, onAllCores(len(frames), func(i int) error {
		from := i * summaryFrame // all but the last one are full, or what opens is too long for its place
		to := from + len(frames[i]) - vault.Overhead
		if to > size {
			return errSummary
		}
		_, err := s.seal.data.Open(plain[from:from:to], frameAAD(name, uint32(i), i == len(frames)-1), frames[i])
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

// readSummary reads a summary whose head must be the one given.
func readSummary(plain, head []byte) (*unpacked, error) {
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
	if err := u.head(parts[sectionHead], head); err != nil || len(rest) > 0 {
		return nil, errSummary
	}
	if err := u.recordList(parts[sectionRecords], string(parts[sectionStates])); err != nil {
		return nil, err
	}
	steps := []func() error{u.stateMap, func() error { return u.relations(parts[sectionLinks]) }, func() error { return u.values(parts[sectionValues]) },
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
		l := &lines{text: make([]byte, 0, size+size/8), at: make([]int, 0, n), ids: make([]fieldwork.RecordID, 0, n), place: make(map[fieldwork.RecordID]int, n)}
		for range n {
			at := r.next()
			line := r.bytes(r.count())
			if r.err != nil || at >= uint64(len(u.ids)) {
				return errSummary
			}
			l.append(u.ids[at], line)
		}
		u.index.kinds[kind] = l
	}
	return r.end()
}
