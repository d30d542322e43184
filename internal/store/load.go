package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// load reads heads, contexts and records into memory. A value that does not open means that the key is wrong, when
// it is the first, or that the file is damaged. With summed the records may come from the summary.
func (s *Store) load(summed bool) error {
	err := s.read(func(tx *bbolt.Tx) error {
		if err := s.loadHeads(tx); err != nil {
			return err
		}
		if err := s.loadContexts(tx); err != nil {
			return err
		}
		if s.believed = summed && s.believe(tx); s.believed {
			s.unproved = newProof()
			return nil
		}
		return s.loadRecords(tx)
	})
	s.gone = s.forgottenRecords()
	if err != nil {
		return damagedProblem(err)
	}
	return nil
}

func damagedProblem(err error) error {
	return &fieldwork.Problem{Code: "damaged", Sentence: "The campaign's file cannot be read. It stays as it is.",
		Hint: "Run “kandilictl repair”, or restore the last backup.", Err: err}
}

// head is what is kept of a log's end.
type head struct {
	seq  uint64
	hash journal.Hash
	wall int64 // of the newest stamp met there, so that our clock goes on after it
	cover
}

// cover says up to where a log is covered: held as pages at HQ, and on a laptop as its end only.
type cover struct {
	to   uint64       // sequence number; 0: nothing is covered
	hash journal.Hash // there
	open bool         // the log is held up to within a page: no hash is known yet, and no piece can join
}

func (h head) bytes() []byte {
	b := binary.AppendUvarint(nil, h.seq)
	b = append(b, h.hash[:]...)
	b = binary.AppendVarint(b, h.wall)
	if h.to == 0 && !h.open { // as the first version wrote it
		return b
	}
	b = binary.AppendUvarint(b, h.to)
	b = append(b, h.cover.hash[:]...)
	if h.open {
		return append(b, 1)
	}
	return append(b, 0)
}

func (s *Store) loadHeads(tx *bbolt.Tx) error {
	return tx.Bucket(bucketHeads).ForEach(func(k, v []byte) error {
		plain, err := s.seal.get(bucketHeads, k, v)
		if err != nil {
			return fmt.Errorf("head: %w", err)
		}
		seq, n := binary.Uvarint(plain)
		if n <= 0 || len(plain) < n+32 || len(k) != 8 {
			return fmt.Errorf("head of %x is not one", k)
		}
		log := fieldwork.LogID{Node: binary.BigEndian.Uint32(k), Epoch: binary.BigEndian.Uint32(k[4:])}
		s.heads[log] = seq
		s.hashes[log] = journal.Hash(plain[n : n+32])
		stamp, m := binary.Varint(plain[n+32:])
		s.last = max(s.last, journal.Stamp(stamp))
		if c, ok := readCover(plain[n+32+max(m, 0):]); ok {
			s.covers[log] = c
		}
		return nil
	})
}

func readCover(b []byte) (c cover, ok bool) {
	to, n := binary.Uvarint(b)
	if n <= 0 || len(b) < n+33 {
		return c, false
	}
	return cover{to: to, hash: journal.Hash(b[n : n+32]), open: b[n+32] == 1}, true
}

func (s *Store) loadContexts(tx *bbolt.Tx) error {
	return tx.Bucket(bucketContexts).ForEach(func(k, v []byte) error {
		log, at, ok := parseLogKey(k)
		plain, err := s.seal.get(bucketContexts, k, v)
		if err != nil || !ok {
			return fmt.Errorf("context %x: %w", k, err)
		}
		seen, err := readSeen(plain)
		if err != nil {
			return fmt.Errorf("context %x: %w", k, err)
		}
		s.ctx.Add(log, at, seen)
		return nil
	})
}

func appendSeen(b []byte, seen []journal.Seen) []byte {
	for _, x := range seen {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: x.Log, Seq: x.Seq})
	}
	return b
}

func readSeen(b []byte) ([]journal.Seen, error) {
	var seen []journal.Seen
	for len(b) > 0 {
		id, n, err := fieldwork.ReadID(b)
		if err != nil {
			return nil, err
		}
		seen = append(seen, journal.Seen{Log: id.Log, Seq: id.Seq})
		b = b[n:]
	}
	return seen, nil
}

// openJournal opens the journal file and brings into bbolt what a crash kept from getting there. Where the journal
// begins beyond what bbolt holds, because it was trimmed before bbolt's file was lost, nobody knows which numbers were
// given: this replica goes on under a new incarnation, and what the journal has waits until HQ gave back what lies
// before it.
func (s *Store) openJournal() error {
	f, err := s.replay()
	if err != nil {
		return err
	}
	s.file = f
	s.opt.Incarnate = s.opt.Incarnate || s.gap
	return s.trimJournal()
}

// replayWaiting brings in what waited in the journal for what lies before it. The caller holds saving.
func (s *Store) replayWaiting() error {
	if !s.gap {
		return nil
	}
	f, err := s.replay()
	if err != nil {
		return err
	}
	return f.close()
}

// replay opens the journal file once more and commits what of it bbolt lacks.
func (s *Store) replay() (*journalFile, error) {
	var missing []journal.Change
	var covered []entry
	heads, hashes := s.Heads(), maps.Clone(s.hashes)
	s.gap = false
	known := s.known.size
	s.known = knownJournal{} // only at start: later on logs may have been cut back
	f, err := openKnownJournal(s.path(journalName), s.seal.journal, known, func(e entry) error {
		log := e.change.Log
		switch {
		case e.change.Seq > heads[log]+1:
			s.gap = true
		case e.change.Seq != heads[log]+1:
		case e.covered:
			heads[log], hashes[log] = e.change.Last(), e.end
			covered = append(covered, e)
		case e.prev == hashes[log]:
			heads[log], hashes[log] = e.change.Last(), journal.Link(e.prev, e.raw)
			missing = append(missing, e.change)
		}
		return nil
	})
	if err != nil {
		return nil, s.journalProblem(err)
	}
	if err := s.commitCovered(covered); err != nil {
		return nil, errors.Join(err, f.close())
	}
	for len(missing) > 0 {
		n := min(len(missing), 500)
		if err := s.commitOwn(missing[:n], nil, nil); err != nil {
			return nil, errors.Join(err, f.close())
		}
		missing = missing[n:]
	}
	return f, nil
}

// commitCovered brings changes that the journal has as covered ones into a new file.
func (s *Store) commitCovered(list []entry) error {
	for _, e := range list {
		p := journal.Piece{Log: e.change.Log, First: e.change.Seq, Changes: []journal.Change{e.change}, Covered: true, End: e.end}
		end, err := p.Head()
		if err != nil {
			return err
		}
		if err := s.commitPage(&p, &p, end); err != nil {
			return diskProblem("commit what the journal has", err)
		}
	}
	return nil
}

// journalProblem says what is wrong with the journal file.
func (s *Store) journalProblem(err error) error {
	if errors.Is(err, errJournalMiddle) {
		return &fieldwork.Problem{Code: "damaged", Sentence: "The journal file is damaged in the middle. It stays as it is.",
			Hint: "Run “kandilictl repair”: what the journal holds after the damage is also in the other file.", Err: err}
	}
	return diskProblem("open the journal file", err)
}
