package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Trust in where a piece was read, the best first: of two that say different things about one number the first counts.
// They can differ only where a save failed and its number was used again.
const (
	fromJournal  = iota // what was flushed first and cut again when the save failed
	fromTree            // what the last transaction of the file holds
	fromOldFiles        // of files that Open or an earlier repair moved aside
	fromAnyPage         // what lies on a page that nothing leads to
)

// found is a piece of a log that was read from a damaged file.
type found struct {
	journal.Piece
	trust int
}

// salvage is all that could be read of a campaign's files, the damaged ones moved aside earlier included. Nothing in it
// needs to be believed: a seal proves that this laptop wrote it, and the chain proves its place.
type salvage struct {
	dir   string
	seal  sealers
	self  fieldwork.LogID
	logs  map[fieldwork.LogID][]found
	reach map[fieldwork.LogID]uint64   // how far a log went at least, as heads, receipts and contexts say
	kept  map[string]map[string][]byte // sealed values by bucket and key: notes, drafts, quarantine
	wrong []string                     // what was wrong with the journal file; none: it is sound

	ownHead uint64 // where our own log ended in the newest transaction
	certain bool   // ownHead is what it was, not a moment before
}

// salvageAll reads everything in the campaign's folder.
func salvageAll(dir string, seal sealers, self fieldwork.LogID) (*salvage, error) {
	v := &salvage{dir: dir, seal: seal, self: self, logs: map[fieldwork.LogID][]found{}, reach: map[fieldwork.LogID]uint64{}, kept: map[string]map[string][]byte{}}
	if err := v.journalFile(journalName, fromJournal); err != nil {
		return nil, err
	}
	if err := v.boltFile(boltName, fromTree); err != nil {
		return nil, err
	}
	old := asideFiles(dir)
	slices.Sort(old)
	slices.Reverse(old) // the newest first
	for _, name := range old {
		read := v.boltFile
		if filepath.Ext(name) == filepath.Ext(journalName) {
			read = v.journalFile
		}
		if err := read(name, fromOldFiles); err != nil {
			return nil, err
		}
	}
	for log := range v.logs {
		slices.SortStableFunc(v.logs[log], func(a, b found) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.trust, b.trust)) })
	}
	return v, nil
}

func (v *salvage) add(p journal.Piece, trust int) {
	v.logs[p.Log] = append(v.logs[p.Log], found{p, trust})
	for i := range p.Changes {
		for _, s := range p.Changes[i].Seen {
			v.reached(s.Log, s.Seq)
		}
	}
}

func (v *salvage) reached(log fieldwork.LogID, seq uint64) { v.reach[log] = max(v.reach[log], seq) }

// journalFile reads every whole entry of a journal file, those after a damaged place too.
func (v *salvage) journalFile(name string, trust int) error {
	data, err := os.ReadFile(filepath.Join(v.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		v.wrong = append(v.wrong, "There is no journal file.")
		return nil
	}
	if err != nil {
		return diskProblem("read the journal file", err)
	}
	j := journalFile{seal: v.seal.journal}
	at, lost := 0, 0
	if bytes.HasPrefix(data, journalMagic) {
		at = len(journalMagic)
	}
	for at < len(data) {
		e, n, err := j.read(data[at:])
		if err != nil {
			at, lost = at+1, lost+1
			continue
		}
		v.add(journal.Piece{Log: e.change.Log, First: e.change.Seq, Prev: e.prev, Changes: []journal.Change{e.change}, Covered: e.covered, End: e.end}, trust)
		at += n
	}
	if lost > 0 && trust == fromJournal {
		v.wrong = append(v.wrong, fmt.Sprintf("%d bytes of the journal file cannot be read.", lost))
	}
	return nil
}

// boltFile reads what the file's last transaction holds, and then what lies on any of its pages.
func (v *salvage) boltFile(name string, trust int) error {
	data, err := os.ReadFile(filepath.Join(v.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return diskProblem("read the campaign's file", err)
	}
	pages := boltPages(data)
	had := map[string]bool{}
	pages.reachable(func(bucket []byte, e boltElement) {
		if v.element(bucket, e, trust) && isBucket(bucket, bucketLog) {
			had[string(e.key)] = true
		}
	})
	if name == boltName {
		_, v.certain = pages.newest()
	}
	pages.scan(func(e boltElement) {
		if had[string(e.key)] {
			return
		}
		for _, bucket := range [][]byte{bucketLog, bucketHeads, bucketNotes, bucketQuarantine} {
			if v.element(bucket, e, fromAnyPage) {
				return
			}
		}
	})
	return nil
}

// element takes one sealed value in and says whether it is what the bucket holds.
func (v *salvage) element(bucket []byte, e boltElement, trust int) bool {
	switch {
	case isBucket(bucket, bucketLog):
		return v.segment(e, trust)
	case isBucket(bucket, bucketHeads):
		return v.head(e, trust)
	case isBucket(bucket, bucketNotes), isBucket(bucket, bucketQuarantine), isBucket(bucket, bucketDrafts) && trust == fromTree:
		return v.keep(bucket, e) // of drafts the last ones only: a form that was sent off long ago must not come back
	}
	return false
}

func (v *salvage) head(e boltElement, trust int) bool {
	if len(e.key) != 8 {
		return false
	}
	plain, err := v.seal.get(bucketHeads, e.key, e.value)
	if err != nil {
		return false
	}
	seq, n := binary.Uvarint(plain)
	if n <= 0 {
		return false
	}
	log := fieldwork.LogID{Node: binary.BigEndian.Uint32(e.key), Epoch: binary.BigEndian.Uint32(e.key[4:])}
	v.reached(log, seq)
	if log == v.self && trust == fromTree {
		v.ownHead = seq
	}
	return true
}

func (v *salvage) segment(e boltElement, trust int) bool {
	log, first, ok := parseLogKey(e.key)
	if !ok {
		return false
	}
	plain, err := v.seal.get(bucketLog, e.key, e.value)
	if err != nil {
		return false
	}
	p, err := readSegment(plain, log, first)
	if err != nil || len(p.Changes) == 0 {
		return false
	}
	v.add(p, trust)
	return true
}

// keep takes a value that goes into the new file as it is. What came first stays: files come newest first, and what the
// last transaction holds comes before what merely lies on a page.
func (v *salvage) keep(bucket []byte, e boltElement) bool {
	if len(e.key) != 16 && !(isBucket(bucket, bucketQuarantine) && len(e.key) == 24) {
		return false
	}
	if isBucket(bucket, bucketNotes) && bytes.Equal(e.key, v.seal.nameKey(string(bucketNotes), noteGeneration)) {
		return true // of the damaged file; the new one begins its own
	}
	plain, err := v.seal.get(bucket, e.key, e.value)
	if err != nil {
		return false
	}
	b := v.kept[string(bucket)]
	if b == nil {
		b = map[string][]byte{}
		v.kept[string(bucket)] = b
	}
	if b[string(e.key)] != nil {
		return true
	}
	b[string(e.key)] = bytes.Clone(e.value)
	if isBucket(bucket, bucketNotes) && bytes.Equal(e.key, v.seal.nameKey(string(bucketNotes), noteReceived)) {
		if size, n := binary.Uvarint(plain); n > 0 && uint64(len(plain)-n) >= size {
			for log, seq := range ReadHeads(plain[n+int(size):]) {
				v.reached(log, seq)
			}
		}
	}
	return true
}

// chain joins what was read of a log from its beginning to the first gap.
func (v *salvage) chain(log fieldwork.LogID) (pieces []journal.Piece, end journal.Head) {
	end.Log = log
	for _, f := range v.logs[log] {
		if f.First > end.Seq+1 {
			break
		}
		if f.Last() <= end.Seq {
			continue
		}
		rest, err := f.After(end.Seq)
		if err != nil || rest.Prev != end.Hash && !rest.Covered {
			continue
		}
		if rest.Covered && rest.First != f.First {
			rest.Sig = nil // HQ's is over the whole page
		}
		head, err := rest.Head()
		if err != nil {
			continue
		}
		pieces, end = append(pieces, rest), head
	}
	return pieces, end
}

// beyond returns how far a log went at least, by all that was read.
func (v *salvage) beyond(log fieldwork.LogID) uint64 {
	seq := v.reach[log]
	for _, f := range v.logs[log] {
		seq = max(seq, f.Last())
	}
	return seq
}

// whole says that nothing acknowledged of our own log can be missing after its end: then its numbers may go on.
// Otherwise a number could be given twice.
func (v *salvage) whole(end uint64) bool {
	if end < v.beyond(v.self) {
		return false
	}
	return v.certain && end >= v.ownHead && v.ownHead > 0 || len(v.wrong) == 0
}

// journalWhole says that the journal file can stay: every byte of it can be read, and it holds all of our own log.
func (v *salvage) journalWhole() bool {
	_, end := v.chain(v.self)
	next := uint64(1)
	for _, f := range v.logs[v.self] {
		if f.trust == fromJournal && f.First == next {
			next = f.Last() + 1
		}
	}
	return len(v.wrong) == 0 && next == end.Seq+1
}
