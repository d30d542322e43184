package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Act is what a person saved in one go on this replica since it was opened: one change, or many.
type Act struct {
	Changes []fieldwork.RecordID // the first write of each, in the order of saving
	Records []fieldwork.RecordID // what was written to, each once
	Made    int                  // how many of them it made
	Kind    fieldwork.Kind       // of the first record
}

// mostActs is how many acts can be taken back one after the other.
const mostActs = 100

// acted remembers an act for Undo. The caller holds saving.
func (s *Store) acted(list []journal.Change) {
	a := actOf(list)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acts = append(s.acts, a)
	s.acts = s.acts[max(0, len(s.acts)-mostActs):]
}

func actOf(list []journal.Change) Act {
	a := Act{Kind: list[0].Writes[0].Kind}
	seen := map[fieldwork.RecordID]bool{}
	for i := range list {
		a.Changes = append(a.Changes, list[i].Dot(0))
		for j := range list[i].Writes {
			if list[i].Writes[j].Record.IsZero() {
				a.Made++
			}
			if id := list[i].Target(j); !seen[id] {
				seen[id] = true
				a.Records = append(a.Records, id)
			}
		}
	}
	return a
}

// LastAct returns the last thing that was saved here and not taken back.
func (s *Store) LastAct() (Act, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.acts) == 0 {
		return Act{}, false
	}
	return s.acts[len(s.acts)-1], true
}

// ErrNothingToUndo says that nothing was saved here since the start that was not taken back.
var ErrNothingToUndo = &fieldwork.Problem{Code: "undo-nothing", Sentence: "There is nothing to undo.", Hint: "What was saved before Kandili was started can be corrected by hand."}

// UndoLast takes the last act back; see Undo. One that cannot be taken back is passed over, so that the one before can.
func (s *Store) UndoLast(author fieldwork.RecordID) (Act, error) {
	a, ok := s.LastAct()
	if !ok {
		return a, ErrNothingToUndo
	}
	_, err := s.Undo(author, a.Changes...)
	if err != nil && isRefusal(err) {
		s.dropActs(a.Changes)
	}
	return a, err
}

func isRefusal(err error) bool {
	return errors.Is(err, errChangedSince) || errors.Is(err, errReferred) || errors.Is(err, errNoChange)
}

// Why a change is not taken back. Compare with errors.Is.
var (
	errChangedSince = &fieldwork.Problem{Code: "undo-changed", Sentence: "Somebody has changed this since, so it was not taken back. Nothing was changed.", Hint: "Look at its history, and correct it by hand."}
	errReferred     = &fieldwork.Problem{Code: "undo-referred", Sentence: "Something else was recorded about this since, so it was not taken back. Nothing was changed.", Hint: "Take that back first, or correct this by hand."}
	errNoChange     = &fieldwork.Problem{Code: "undo-unknown", Sentence: "This change is not here, so it cannot be taken back.", Hint: "Correct the record by hand."}
)

// Undo takes changes back by a new one: every field that they wrote says again what it said before, and records that
// they made are deleted. It takes back all of them or none: where somebody wrote to one of the fields since, or
// recorded something about a new record, it refuses with a Problem of code "undo-changed" or "undo-referred". firsts
// are the first writes of the changes, of any log. Undoing the change that Undo returns brings everything back.
func (s *Store) Undo(author fieldwork.RecordID, firsts ...fieldwork.RecordID) ([]journal.Change, error) {
	u := undoing{s: s, dots: map[fieldwork.RecordID]bool{}, made: map[fieldwork.RecordID]bool{}, seen: map[fieldwork.RecordID]bool{}}
	for _, first := range firsts {
		c, err := s.change(first)
		if err != nil {
			return nil, err
		}
		u.add(&c)
	}
	drafts, err := u.drafts(author)
	if err != nil {
		return nil, err
	}
	list, err := s.saveAll(drafts, false)
	if err == nil {
		s.dropActs(firsts)
	}
	return list, err
}

// dropActs forgets the acts that consist of these changes.
func (s *Store) dropActs(firsts []fieldwork.RecordID) {
	gone := make(map[fieldwork.RecordID]bool, len(firsts))
	for _, first := range firsts {
		gone[first] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acts = slices.DeleteFunc(s.acts, func(a Act) bool {
		return !slices.ContainsFunc(a.Changes, func(c fieldwork.RecordID) bool { return !gone[c] })
	})
}

// change reads the change whose first write is given.
func (s *Store) change(first fieldwork.RecordID) (found journal.Change, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		k, v := seekSegment(tx.Bucket(bucketLog).Cursor(), first.Log, first.Seq)
		if k == nil || !bytes.HasPrefix(k, headKey(first.Log)) {
			return errNoChange
		}
		p, _, err := s.segmentAfter(k, v, 0)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(p.Changes, func(c journal.Change) bool { return c.Seq == first.Seq })
		if i < 0 {
			return errNoChange
		}
		found = p.Changes[i]
		return nil
	})
	return found, err
}

// undoing gathers what is taken back.
type undoing struct {
	s       *Store
	dots    map[fieldwork.RecordID]bool // writes to take back
	made    map[fieldwork.RecordID]bool // records that they made
	seen    map[fieldwork.RecordID]bool // what is in records
	records []fieldwork.RecordID        // in the order of writing
}

func (u *undoing) add(c *journal.Change) {
	for i := range c.Writes {
		u.dots[c.Dot(i)] = true
		id := c.Target(i)
		if c.Writes[i].Record.IsZero() {
			u.made[id] = true
		}
		if !u.seen[id] {
			u.seen[id] = true
			u.records = append(u.records, id)
		}
	}
}

// drafts are the changes that take everything back, in as few as their size allows.
func (u *undoing) drafts(author fieldwork.RecordID) ([]Draft, error) {
	writes := make([]journal.Write, 0, len(u.records))
	for i := len(u.records) - 1; i >= 0; i-- {
		w, err := u.write(u.records[i])
		if err != nil {
			return nil, err
		}
		writes = append(writes, w)
	}
	return InParts(author, writes), nil
}

// write is what gives one record back what it said before.
func (u *undoing) write(id fieldwork.RecordID) (journal.Write, error) {
	u.s.mu.RLock()
	defer u.s.mu.RUnlock()
	h, ok := u.s.records.state[id]
	if !ok {
		return journal.Write{}, errNoChange
	}
	now, err := journal.ReadState(h.raw)
	if err != nil {
		return journal.Write{}, err
	}
	w := journal.Write{Kind: now.Kind, Record: id}
	before := journal.State{ID: id, Kind: now.Kind}
	touched := map[fieldwork.FieldID]bool{}
	for _, v := range now.Versions {
		if !u.dots[v.Dot] {
			before.Versions = append(before.Versions, v)
			continue
		}
		for _, f := range v.Fields {
			touched[f.Field] = true
		}
	}
	if u.made[id] {
		if len(before.Versions) > 0 {
			return w, errChangedSince
		}
		w.Fields = []fieldwork.FieldValue{{Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(true)}}
		return w, u.unreferred(id)
	}
	view, old := now.View(u.s.ctx, policyOf), before.View(u.s.ctx, policyOf)
	for i := range view.Fields {
		f := &view.Fields[i]
		if !touched[f.Field] {
			continue
		}
		for _, held := range f.Values {
			if !u.dots[held.By.Dot] {
				return w, errChangedSince
			}
		}
		w.Fields = append(w.Fields, fieldwork.FieldValue{Field: f.Field, Value: shown(&old, f.Field)})
	}
	return w, nil
}

// shown is what a field shows, the zero value where nothing was ever written.
func shown(v *journal.View, field fieldwork.FieldID) fieldwork.Value {
	for i := range v.Fields {
		if v.Fields[i].Field == field {
			return v.Fields[i].Values[0].Value
		}
	}
	return fieldwork.Value{}
}

// unreferred refuses where a record that stays refers to the one that would go. The caller holds mu.
func (u *undoing) unreferred(id fieldwork.RecordID) error {
	for _, from := range u.s.records.links[id] {
		if u.made[from] {
			continue
		}
		if v, ok := u.s.view(from); ok && !v.Deleted && v.Record().RefersTo(id) {
			return fmt.Errorf("%w", errReferred)
		}
	}
	return nil
}

// LastChange returns the last change of this replica's log, whenever it was saved; ok is false for none.
func (s *Store) LastChange() (c journal.Change, ok bool) {
	self := s.Self()
	end := s.Heads()[self.Log]
	if end == 0 {
		return c, false
	}
	err := s.read(func(tx *bbolt.Tx) error {
		k, v := seekSegment(tx.Bucket(bucketLog).Cursor(), self.Log, end)
		if k == nil || !bytes.HasPrefix(k, headKey(self.Log)) {
			return errNoChange
		}
		p, _, err := s.segmentAfter(k, v, 0)
		if err == nil && len(p.Changes) > 0 {
			c = p.Changes[len(p.Changes)-1]
		}
		return err
	})
	return c, err == nil && c.Last() == end
}
