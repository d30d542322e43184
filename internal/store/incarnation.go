package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Again says what has to be written again under the new incarnation, and is kept with the identity until that is done:
// whatever it is cut off by, the next start goes on.
type Again struct {
	Log   fieldwork.LogID // the log that somebody else has another history of
	After uint64          // what both have
	First uint64          // the first number to use in the new log
}

// Renewal says that this replica goes on under a new incarnation, for the person to know once.
type Renewal struct {
	At    int64 `json:"at"`    // seconds since 1970, by this laptop's clock
	Again int   `json:"again"` // changes that were written again
}

const noteRenewal = "renewal"

// Renewed returns the last new incarnation that nobody was told of yet; ok is false where there is none.
func (s *Store) Renewed() (r Renewal, ok bool) {
	b := s.Note(noteRenewal)
	return r, b != nil && json.Unmarshal(b, &r) == nil
}

// RenewalTold notes that a person was told.
func (s *Store) RenewalTold() error { return s.SetNote(noteRenewal, nil) }

// noteRenewed leaves word for the person. The caller holds saving, or is alone.
func (s *Store) noteRenewed(again int) error {
	b, err := json.Marshal(Renewal{At: s.opt.Now().Unix(), Again: again})
	if err != nil {
		return err
	}
	return s.setNamed(bucketNotes, noteRenewal, b)
}

// incarnate goes on under a random epoch: numbers that the lost or copied original may have used are never used again.
// The caller holds saving, or is alone.
func (s *Store) incarnate() error { return s.incarnateWith(nil) }

func (s *Store) incarnateWith(again *Again) error {
	next := s.Self()
	next.Again = again
	for old := next.Log; next.Log == old || s.lettersTaken(next.Log); {
		var b [4]byte
		rand.Read(b[:])
		next.Log.Epoch = max(binary.BigEndian.Uint32(b[:]), 1)
	}
	if again != nil {
		again.First = 1
	}
	return s.setIdentity(next)
}

func (s *Store) setIdentity(next Identity) error {
	if err := writeIdentity(s.dir, next, s.keys); err != nil {
		return err
	}
	s.mu.Lock()
	s.self = next
	s.mu.Unlock()
	return nil
}

// lettersTaken says whether a log that is held makes codes with the same letters.
func (s *Store) lettersTaken(log fieldwork.LogID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for other := range s.heads {
		if fieldwork.LettersOf(other) == fieldwork.LettersOf(log) {
			return true
		}
	}
	return false
}

// renew goes on under a new incarnation where nothing has to be written again.
func (s *Store) renew(again int) error {
	return errors.Join(s.incarnate(), s.noteRenewed(again))
}

// startOver leaves the history of a log of ours after a place to somebody else: what was written here after it is
// written again under a new incarnation. The caller holds saving.
func (s *Store) startOver(log fieldwork.LogID, after uint64) error {
	self := s.Self()
	again := &Again{Log: log, After: after}
	if log == self.Log {
		if err := s.incarnateWith(again); err != nil {
			return err
		}
	} else { // an earlier incarnation: the one of today goes on
		s.mu.RLock()
		again.First = s.heads[self.Log] + 1
		s.mu.RUnlock()
		self.Again = again
		if err := s.setIdentity(self); err != nil {
			return err
		}
	}
	return s.finishAgain()
}

// finishAgain does what the identity says has to be written again. Every step may have been done before.
func (s *Store) finishAgain() error {
	self := s.Self()
	a := self.Again
	if a == nil {
		return nil
	}
	list, err := s.suffix(a.Log, a.After)
	if err != nil {
		return err
	}
	if err := s.writeAgain(list, a); err != nil {
		return err
	}
	if err := s.rewind(a.Log, a.After, journal.ReasonAgain); err != nil {
		return err
	}
	err = s.file.rewrite(func(e entry) bool { return e.change.Log != a.Log || e.change.Last() <= a.After })
	if err != nil {
		return diskProblem("write the journal file anew", err)
	}
	if err := s.noteRenewed(len(list)); err != nil {
		return err
	}
	self.Again = nil
	return s.setIdentity(self)
}

// suffix returns the changes of a log of ours after a place.
func (s *Store) suffix(log fieldwork.LogID, after uint64) (list []journal.Change, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketLog).Cursor()
		for k, v := seekSegment(c, log, after+1); k != nil && bytes.HasPrefix(k, headKey(log)); k, v = c.Next() {
			p, err := s.openSegment(k, v)
			if err != nil {
				return err
			}
			for _, x := range p.Changes {
				if x.Seq > after {
					list = append(list, x)
				}
			}
		}
		return nil
	})
	return list, err
}

// writeAgain brings changes into our own log under new numbers, those excepted that are there already.
func (s *Store) writeAgain(list []journal.Change, a *Again) error {
	if len(list) == 0 {
		return nil
	}
	log := s.Self().Log
	s.mu.RLock()
	known := s.ctx.Known(a.Log, list[0].Seq)
	have, hash := s.heads[log], s.hashes[log]
	s.mu.RUnlock()
	known[a.Log] = a.After
	var seen []journal.Seen
	for _, other := range known.Logs() {
		if other != log && known[other] > 0 {
			seen = append(seen, journal.Seen{Log: other, Seq: known[other]})
		}
	}
	moved := journal.Again(list, log, a.First, seen)
	var fresh []journal.Change
	var entries []entry
	for _, c := range moved {
		if c.Seq <= have {
			continue
		}
		raw := c.Append(nil)
		fresh = append(fresh, c)
		entries = append(entries, entry{change: c, prev: hash, raw: raw})
		hash = journal.Link(hash, raw)
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := s.journalAppend(entries); err != nil {
		return err
	}
	if err := s.commitOwn(fresh, entries, nil); err != nil {
		return err
	}
	return s.moveNotes(func(id fieldwork.RecordID) fieldwork.RecordID { return journal.Moved(list, log, a.First, id) })
}

// refPrefix begins the names of notes that hold the id of a record: the rows of imported files.
const refPrefix = "ref/"

// moveNotes lets notes that name a record name it under its new number.
func (s *Store) moveNotes(to func(fieldwork.RecordID) fieldwork.RecordID) error {
	err := s.update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketNotes)
		next := map[string][]byte{}
		err := b.ForEach(func(k, v []byte) error {
			name, value, ok := s.openNamed(bucketNotes, k, v)
			if !ok || !strings.HasPrefix(name, refPrefix) {
				return nil
			}
			id, n, err := fieldwork.ReadID(value)
			if err == nil && n == len(value) && to(id) != id {
				next[string(k)] = s.seal.put(bucketNotes, k, named(name, fieldwork.AppendID(nil, to(id))))
			}
			return nil
		})
		for k, v := range next {
			err = errors.Join(err, b.Put([]byte(k), v))
		}
		return err
	})
	if err != nil {
		return diskProblem("move notes", err)
	}
	return nil
}
