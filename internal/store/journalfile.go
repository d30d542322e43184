package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// The journal file holds our own changes in the order of saving: a header, then entries of
//
//	length u32 | crc32c u32 of length and body | body = sealed(log, sequence, hash before, change)
//
// On disk for ever: a new layout gets a new magic.
var journalMagic = []byte("KANDJRN1")

const maxEntry = 4 * journal.MaxChangeBytes

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errJournalMiddle = errors.New("an entry in the middle of the journal file is damaged")

// journalFile appends entries and knows its end. It is used under Store.saving only.
type journalFile struct {
	f      *os.File
	before int64 // the end before the last append, in bytes
	end    int64 // where the next entry goes, in bytes
	seal   *vault.Sealer
	known  int64 // bytes at the beginning that need not be read, since their changes are known
}

// entry is one change with its place in the chain.
type entry struct {
	change journal.Change
	prev   journal.Hash
	raw    []byte // canonical bytes of the change

	covered bool         // what was forgotten is missing from the change, so its hash does not follow from it
	end     journal.Hash // of a covered change: the hash after it where it is the last that is covered, else zero
}

// openJournalFile opens or makes the file, calls each with every whole entry, and cuts off a torn tail: that entry
// was never acknowledged. Damage before the tail is an error, and the file stays as it is.
func openJournalFile(path string, seal *vault.Sealer, each func(entry) error) (*journalFile, error) {
	return openKnownJournal(path, seal, 0, each)
}

// openKnownJournal is openJournalFile for a file of whose beginning somebody else found that it is what it was, byte for byte.
func openKnownJournal(path string, seal *vault.Sealer, known int64, each func(entry) error) (*journalFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journalFile{f: f, seal: seal, known: known}
	if err := j.replay(each); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

func (j *journalFile) replay(each func(entry) error) error {
	if _, err := j.f.Seek(j.known, io.SeekStart); err != nil {
		return err
	}
	data, err := readAll(j.f, j.known)
	if err != nil {
		return err
	}
	at := 0
	if j.known == 0 {
		if at = len(journalMagic); len(data) < at {
			return j.begin()
		}
		if string(data[:at]) != string(journalMagic) {
			return fmt.Errorf("%w: unknown magic", errJournalMiddle)
		}
	}
	for at < len(data) {
		e, n, err := j.read(data[at:])
		if err != nil {
			if laterEntry(data[at:]) {
				return fmt.Errorf("%w: at byte %d", errJournalMiddle, j.known+int64(at))
			}
			break // a torn tail
		}
		if err := each(e); err != nil {
			return err
		}
		at += n
	}
	j.end = j.known + int64(at)
	if at == len(data) {
		return nil
	}
	if err := j.f.Truncate(j.end); err != nil {
		return err
	}
	return j.f.Sync()
}

// readAll is io.ReadAll with room for what the file holds from a place on.
func readAll(f *os.File, from int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(make([]byte, 0, max(info.Size()-from, 0)+bytes.MinRead))
	_, err = b.ReadFrom(f)
	return b.Bytes(), err
}

func (j *journalFile) begin() error {
	if err := j.f.Truncate(0); err != nil {
		return err
	}
	if _, err := j.f.WriteAt(journalMagic, 0); err != nil {
		return err
	}
	j.end = int64(len(journalMagic))
	if err := j.f.Sync(); err != nil {
		return err
	}
	return vault.SyncDir(j.f.Name())
}

func (j *journalFile) read(b []byte) (entry, int, error) {
	body, n, ok := frameAt(b)
	if !ok {
		return entry{}, 0, io.ErrUnexpectedEOF
	}
	plain, err := j.seal.Open(nil, journalMagic, body)
	if err != nil {
		return entry{}, 0, err
	}
	id, m, err := fieldwork.ReadID(plain)
	if err != nil || len(plain) < m+32 {
		return entry{}, 0, io.ErrUnexpectedEOF
	}
	e := entry{prev: journal.Hash(plain[m : m+32]), raw: plain[m+32:]}
	var size int
	if e.change, size, err = journal.ReadChange(e.raw, id.Log, id.Seq); err != nil {
		return e, n, err
	}
	if rest := e.raw[size:]; len(rest) == 32 { // a covered change tells the hash after it
		e.raw, e.covered, e.end = e.raw[:size], true, journal.Hash(rest)
	}
	return e, n, nil
}

// frameAt returns the body of the entry at the front of b and the entry's length.
func frameAt(b []byte) (body []byte, n int, ok bool) {
	if len(b) < 8 {
		return nil, 0, false
	}
	size := int(binary.BigEndian.Uint32(b))
	if size > maxEntry || len(b) < 8+size {
		return nil, 0, false
	}
	sum := crc32.Update(crc32.Checksum(b[:4], castagnoli), castagnoli, b[8:8+size])
	return b[8 : 8+size], 8 + size, sum == binary.BigEndian.Uint32(b[4:])
}

// laterEntry looks for a whole entry further on: if there is one, the damage before it is no torn tail.
func laterEntry(b []byte) bool {
	for i := 1; i < len(b); i++ {
		if body, _, ok := frameAt(b[i:]); ok && len(body) > 0 {
			return true
		}
	}
	return false
}

// append writes entries and flushes them once. On failure the file ends where it did; where even that fails, the
// error is errUncertain.
func (j *journalFile) append(list []entry) error {
	var b []byte
	for i := range list {
		plain := fieldwork.AppendID(nil, fieldwork.RecordID{Log: list[i].change.Log, Seq: list[i].change.Seq})
		plain = append(plain, list[i].prev[:]...)
		plain = append(plain, list[i].raw...)
		if list[i].covered {
			plain = append(plain, list[i].end[:]...)
		}
		start := len(b)
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
		b = j.seal.Seal(b, journalMagic, plain)
		binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start-8))
		sum := crc32.Update(crc32.Checksum(b[start:start+4], castagnoli), castagnoli, b[start+8:])
		binary.BigEndian.PutUint32(b[start+4:], sum)
	}
	if _, err := j.f.WriteAt(b, j.end); err != nil {
		if e := j.cut(j.end); e != nil {
			return errors.Join(errUncertain, err, e)
		}
		return err
	}
	if err := datasync(j.f); err != nil {
		return errors.Join(errUncertain, err)
	}
	j.before, j.end = j.end, j.end+int64(len(b))
	return nil
}

// errUncertain says that nobody can tell what is on the disk until it is read again.
var errUncertain = errors.New("the disk did not confirm")

// cut makes the file end at end again, durably.
func (j *journalFile) cut(end int64) error {
	if err := j.f.Truncate(end); err != nil {
		return err
	}
	if err := j.f.Sync(); err != nil {
		return err
	}
	j.end = end
	return nil
}

// rewrite writes the file anew with the entries to keep; after a crash either is there, whole. On Windows an open file
// cannot be replaced, so ours is closed first.
func (j *journalFile) rewrite(keep func(entry) bool) error {
	return j.rewriteAll(func(e entry) (entry, bool) { return e, keep(e) })
}

// rewriteAll is rewrite for entries that change.
func (j *journalFile) rewriteAll(change func(entry) (entry, bool)) error {
	path := j.f.Name()
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	next, err := openJournalFile(tmp, j.seal, func(entry) error { return nil })
	if err != nil {
		return err
	}
	if err := errors.Join(j.copyTo(next, change), next.close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := j.f.Close(); err != nil {
		return err
	}
	renamed := vault.Rename(tmp, path)
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return errors.Join(errUncertain, renamed, err)
	}
	j.f = f
	if renamed == nil {
		j.before, j.end = next.end, next.end
	}
	return renamed
}

// copyTo appends the entries to keep to another journal file.
func (j *journalFile) copyTo(next *journalFile, change func(entry) (entry, bool)) error {
	if _, err := j.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var batch []entry
	again := journalFile{f: j.f, seal: j.seal}
	err := again.replay(func(e entry) error {
		if e, keep := change(e); keep {
			batch = append(batch, e)
		}
		if len(batch) < 500 {
			return nil
		}
		err := next.append(batch)
		batch = nil
		return err
	})
	if err != nil || len(batch) == 0 {
		return err
	}
	return next.append(batch)
}

func (j *journalFile) close() error { return j.f.Close() }
