package store

import (
	"errors"
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Draft is what a person wants to save in one go.
type Draft struct {
	Author fieldwork.RecordID // who did it; zero: whoever is at work, see SetAuthor
	Writes []journal.Write    // a zero Record makes a new one
	Notes  map[string][]byte  // left under these names in the same transaction; see SetNote
	At     fieldwork.RecordID // where set: what the first write must become, as Upcoming said; otherwise nothing is saved

	nobody bool // the laptop itself says it, whoever is at work
}

// ErrMoved says that somebody else saved since Upcoming was asked.
var ErrMoved = errors.New("another save came first")

// Save saves what a person did. When it returns without an error the change is on the disk, flushed, in two places.
// After an error nothing of it is saved, except for a Problem of code "read-only": then only a restart tells.
func (s *Store) Save(d Draft) (journal.Change, error) {
	list, err := s.SaveAll([]Draft{d})
	if err != nil {
		return journal.Change{}, err
	}
	return list[0], nil
}

// SaveAll saves several changes with one flush, all or none.
//
// A write may refer to a record that an earlier draft of the same call makes: see Upcoming.
func (s *Store) SaveAll(drafts []Draft) ([]journal.Change, error) { return s.saveAll(drafts, true) }

// saveAll saves, and with undoable remembers it as what a person did.
func (s *Store) saveAll(drafts []Draft, undoable bool) ([]journal.Change, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	told := s.tellMeetings()
	drafts = append(drafts[:len(drafts):len(drafts)], told...)
	list, entries, err := s.prepare(drafts)
	if err != nil {
		return nil, err
	}
	if err := s.journalAppend(entries); err != nil {
		return nil, err
	}
	if err := s.commitOwn(list, entries, drafts); err != nil {
		return nil, err
	}
	s.meetingsTold(len(told))
	did := list[: len(list)-len(told) : len(list)-len(told)]
	if undoable {
		s.acted(did)
	}
	s.notify(list)
	return did, nil
}

// Upcoming returns the id that the i-th write of the next save will make, provided that nobody else saves before.
func (s *Store) Upcoming(i int) fieldwork.RecordID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return fieldwork.RecordID{Log: s.self.Log, Seq: s.heads[s.self.Log] + 1 + uint64(i)}
}

// prepare numbers the changes and links them into the chain. The caller holds saving.
func (s *Store) prepare(drafts []Draft) ([]journal.Change, []entry, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.opt.Now()
	log := s.self.Log
	seq, hash, stamp := s.heads[log]+1, s.hashes[log], s.last
	seen := s.ctx.News(log, seq, s.heads)
	list := make([]journal.Change, 0, len(drafts))
	entries := make([]entry, 0, len(drafts))
	for _, d := range drafts {
		if len(d.Writes) == 0 || len(d.Writes) > journal.MaxWrites {
			return nil, nil, fmt.Errorf("a change has 1 to %d writes, not %d", journal.MaxWrites, len(d.Writes))
		}
		if at := (fieldwork.RecordID{Log: log, Seq: seq}); !d.At.IsZero() && d.At != at {
			return nil, nil, fmt.Errorf("%w: %v instead of %v", ErrMoved, at, d.At)
		}
		author := d.Author
		if author.IsZero() && !d.nobody {
			author = s.author
		}
		stamp = journal.Next(stamp, now.Unix())
		c := journal.Change{Log: log, Seq: seq, Wall: now.Unix(), Boot: s.boot, Up: uint32(now.Sub(s.started).Seconds()),
			Stamp: stamp, Author: author, Seen: seen, Writes: d.Writes}
		seen = nil
		raw := c.Append(nil)
		if len(raw) > journal.MaxChangeBytes {
			return nil, nil, &fieldwork.Problem{Code: "too-large", Sentence: "This is too much for one save. Nothing was changed.", Hint: "Shorten the longest text, or save it in parts."}
		}
		list = append(list, c)
		entries = append(entries, entry{change: c, prev: hash, raw: raw})
		hash = journal.Link(hash, raw)
		seq = c.Last() + 1
	}
	return list, entries, nil
}

// journalAppend appends and flushes; on a full disk it gives the ballast back and tries once more.
func (s *Store) journalAppend(entries []entry) error {
	err := s.file.append(entries)
	if err != nil && isFull(err) && !errors.Is(err, errUncertain) && dropBallast(s.dir) {
		err = s.file.append(entries)
	}
	if errors.Is(err, errUncertain) {
		s.broken = flushProblem(err)
		return s.broken
	}
	if err != nil {
		return diskProblem("append to the journal file", err)
	}
	return nil
}

// commitOwn brings our own changes, which the journal file holds already, into bbolt and memory. entries is nil when
// they are replayed from the journal file at start; then a failure leaves the journal as it is. Notes of drafts are
// not in the journal: they only spare work.
func (s *Store) commitOwn(list []journal.Change, entries []entry, drafts []Draft) error {
	pieces := make([]journal.Piece, len(list))
	s.mu.RLock()
	hash := s.hashes[list[0].Log]
	s.mu.RUnlock()
	for i, c := range list {
		if i > 0 && c.Log != list[i-1].Log {
			s.mu.RLock()
			hash = s.hashes[c.Log]
			s.mu.RUnlock()
		}
		pieces[i] = journal.Piece{Log: c.Log, First: c.Seq, Prev: hash, Changes: list[i : i+1]}
		hash = journal.Link(hash, c.Append(nil))
	}
	err := s.commit(pieces, drafts...)
	if err != nil && isFull(err) && dropBallast(s.dir) {
		err = s.commit(pieces, drafts...)
	}
	if err == nil || entries == nil {
		return err
	}
	// bbolt did not take it. Take it out of the journal again, so that "not saved" is true after a restart as well.
	if e := s.file.cut(s.file.before); e != nil {
		s.broken = flushProblem(errors.Join(err, e))
		return s.broken
	}
	return diskProblem("commit", err)
}

// commit stores pieces in one bbolt transaction and, once that is flushed, in memory. Every piece must begin where
// its log ends.
func (s *Store) commit(pieces []journal.Piece, drafts ...Draft) error {
	t := newMerge(s)
	t.drafts = drafts
	for i := range pieces {
		if err := t.piece(&pieces[i]); err != nil {
			return err
		}
	}
	if err := s.update(t.write); err != nil {
		return fmt.Errorf("bbolt: %w", err)
	}
	s.mu.Lock()
	t.publish()
	s.mu.Unlock()
	if err := s.coverReached(t.reach); err != nil {
		return err
	}
	if len(t.reach) > 0 {
		return errors.Join(s.tidy(), s.forgot())
	}
	return nil
}
