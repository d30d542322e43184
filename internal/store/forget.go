package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Forgetting a person (B9): HQ's log names her record, and others that are about her, by their ids alone. Every replica
// that has this takes what says something about her out of its records, logs, journal, forms and notes, and does so
// again with whatever comes late, by whichever road: old courier files and old backups cannot bring her back. What is
// counted stays.

// forgottenRecords reads from HQ's log whom to forget.
func (s *Store) forgottenRecords() map[fieldwork.RecordID][8]byte {
	gone := map[fieldwork.RecordID][8]byte{}
	l := s.records.kinds[fieldwork.KindForgotten]
	if l == nil {
		return gone
	}
	for _, id := range l.ids {
		v, ok := s.view(id)
		if !ok || id.Log.Node != 0 {
			continue
		}
		r := v.Record()
		marks := r.Get(fieldwork.ForgottenMarks).Bytes()
		for i, of := range r.Get(fieldwork.ForgottenRecords).Refs() {
			var mark [8]byte
			if at := i * len(mark); at+len(mark) <= len(marks) {
				mark = [8]byte(marks[at : at+len(mark)])
			}
			if _, had := gone[of]; !had || mark != [8]byte{} {
				gone[of] = mark
			}
		}
	}
	return gone
}

// Gone says whether the record is of somebody who was forgotten, or about her.
func (s *Store) Gone(id fieldwork.RecordID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.isGone(id)
}

// isGone is Gone for callers that hold mu. The record that is held here may be another one than HQ means: written under the same number on a
// folder that had been put back to an earlier day.
func (s *Store) isGone(id fieldwork.RecordID) bool {
	mark, named := s.gone[id]
	h, here := s.records.state[id]
	if !named || mark == [8]byte{} || !here {
		return named
	}
	state, err := journal.ReadState([]byte(h.raw))
	return err != nil || isMarked(&state, mark)
}

func isMarked(state *journal.State, mark [8]byte) bool {
	is := state.Mark()
	return is == mark || is == [8]byte{} || mark == [8]byte{}
}

// aboutGone says whether a record is about somebody forgotten: named by HQ, or by what it says itself.
func (s *Store) aboutGone(state *journal.State) bool {
	if len(s.gone) == 0 {
		return false
	}
	if mark, named := s.gone[state.ID]; named && isMarked(state, mark) {
		return true
	}
	for i := range state.Versions {
		if s.isGone(fieldwork.Whom(state.Kind, state.Versions[i].Fields)) {
			return true
		}
	}
	return false
}

// forgetState takes out of a record what has to go, and returns the writes that it was in.
func (s *Store) forgetState(state *journal.State) (dots []fieldwork.RecordID) {
	if !s.aboutGone(state) {
		return nil
	}
	for i := range state.Versions {
		v := &state.Versions[i]
		left := slices.DeleteFunc(slices.Clone(v.Fields), func(f fieldwork.FieldValue) bool { return fieldwork.Goes(state.Kind, f) })
		if len(left) < len(v.Fields) {
			v.Fields = left
			dots = append(dots, v.Dot)
		}
	}
	return dots
}

// forgetIn takes out of a change what has to go, as its records have it already.
func (s *Store) forgetIn(c *journal.Change) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.gone) == 0 {
		return
	}
	writes := slices.Clone(c.Writes)
	for i := range writes {
		h, ok := s.records.state[c.Target(i)]
		if !ok {
			continue
		}
		state, err := journal.ReadState(h.raw)
		if err != nil || !s.aboutGone(&state) {
			continue
		}
		writes[i].Fields = slices.DeleteFunc(slices.Clone(writes[i].Fields), func(f fieldwork.FieldValue) bool { return fieldwork.Goes(state.Kind, f) })
	}
	c.Writes = writes
}

// heedForgotten forgets everybody whom HQ's log names. The caller holds saving.
func (s *Store) heedForgotten() error {
	s.mu.Lock()
	s.gone = s.forgottenRecords()
	s.mu.Unlock()
	states, reach, words, photos, err := s.toForget()
	if err != nil {
		return err
	}
	photos = append(photos, s.photosToForget()...)
	err = s.update(func(tx *bbolt.Tx) error {
		if err := s.putForgetting(tx, photos); err != nil {
			return err
		}
		if err := s.putStates(tx, states); err != nil {
			return err
		}
		if err := s.forgetNamed(tx, bucketDrafts, words); err != nil {
			return err
		}
		return s.forgetNamed(tx, bucketNotes, words)
	})
	if err != nil {
		return diskProblem("forget a person", err)
	}
	if err := errors.Join(s.dropSummary(), s.reload()); err != nil { // the summary holds her, too, and is of these records no longer
		return err
	}
	if err := s.forgetPhotos(photos); err != nil {
		return err
	}
	if err := s.stillInLogs(reach); err != nil {
		return err
	}
	if err := s.coverReached(reach); err != nil {
		return err
	}
	if err := s.coverJournals(); err != nil {
		return err
	}
	if err := s.forgetApart(); err != nil {
		return err
	}
	for _, name := range asideFiles(s.dir) { // damaged files of earlier days hold her, too
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil {
			return diskProblem("remove a damaged file that was kept", err)
		}
	}
	if err := s.tidy(); err != nil {
		return err
	}
	return s.forgot()
}

// While forgetting is under way, a note says so, with the photos that have to go; another one says how many records were
// forgotten for good. Whatever it is cut off by, the next start goes on.
const (
	noteForgetting = "forget/begun"
	noteForgot     = "forget/done"
)

func (s *Store) putForgetting(tx *bbolt.Tx, photos []blob.Name) error {
	value := []byte{1}
	for _, n := range photos {
		value = append(value, n[:]...)
	}
	k := s.seal.nameKey(string(bucketNotes), noteForgetting)
	return tx.Bucket(bucketNotes).Put(k, s.seal.put(bucketNotes, k, named(noteForgetting, value)))
}

// photosToForget returns the photos that an earlier try did not come to.
func (s *Store) photosToForget() (list []blob.Name) {
	b := s.getNamed(bucketNotes, noteForgetting)
	for b = b[min(1, len(b)):]; len(b) >= len(blob.Name{}); b = b[len(blob.Name{}):] {
		list = append(list, blob.Name(b[:len(blob.Name{})]))
	}
	return list
}

// forgot notes that all is done.
func (s *Store) forgot() error {
	s.mu.RLock()
	n := len(s.gone)
	s.mu.RUnlock()
	if err := s.setNamed(bucketNotes, noteForgot, binary.AppendUvarint(nil, uint64(n))); err != nil {
		return err
	}
	return s.setNamed(bucketNotes, noteForgetting, nil)
}

// finishForgetting goes on where forgetting was cut off.
func (s *Store) finishForgetting() error {
	n, _ := binary.Uvarint(s.getNamed(bucketNotes, noteForgot))
	if n == uint64(len(s.gone)) && s.getNamed(bucketNotes, noteForgetting) == nil {
		return nil
	}
	return s.heedForgotten()
}

// stillInLogs adds to reach how far the logs hold what has to go: records may have lost it already.
func (s *Store) stillInLogs(reach journal.Heads) error {
	return s.read(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketLog).ForEach(func(k, v []byte) error {
			p, err := s.openSegment(k, v)
			if err != nil {
				return err
			}
			for i := range p.Changes {
				c := &p.Changes[i]
				before := len(c.Append(nil))
				if s.forgetIn(c); len(c.Append(nil)) != before {
					reach[p.Log] = max(reach[p.Log], c.Last())
				}
			}
			return nil
		})
	})
}

// coverJournals brings the journal file to what the logs are by now.
func (s *Store) coverJournals() error {
	s.mu.RLock()
	covers := maps.Clone(s.covers)
	s.mu.RUnlock()
	for log, c := range covers {
		if err := s.coverJournal(log, c.to, c.hash); err != nil {
			return err
		}
	}
	return nil
}

// noteCoverLater holds how far others' logs have to be covered once HQ has proven to have them.
const noteCoverLater = "forget/later"

// unproven says that HQ has not proven yet to have another's log up to the sequence number, in a backup that it restored on trial.
// Covered the log could not be given to an HQ that lacks it, or that was restored from a backup that does, since nobody but HQ and the
// log's own laptop may vouch for a page. So it stays as it was written and signed; the records have forgotten by then.
func (s *Store) unproven(log fieldwork.LogID, seq uint64) bool {
	own := s.Own()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return own.Node != 0 && log.Node != own.Node && min(s.received[log], s.statement.Durable[log]) < seq
}

// coverReached covers logs as far as something in them has to go, what only laptops are known to have once HQ has proven to have it. The
// caller holds saving.
func (s *Store) coverReached(reach journal.Heads) error {
	if len(reach) == 0 {
		return nil
	}
	later := journal.Heads{}
	for _, log := range reach.Logs() {
		end, err := s.segmentEnd(log, reach[log])
		if err != nil {
			return err
		}
		if s.unproven(log, end) {
			later[log] = end
			continue
		}
		if err := s.cover(log, reach[log]); err != nil {
			return err
		}
	}
	return s.coverLater(later)
}

// coverLater notes how far logs have to be covered once HQ has proven to have them.
func (s *Store) coverLater(more journal.Heads) error {
	later := ReadHeads(s.getNamed(bucketNotes, noteCoverLater))
	if later.Covers(more) {
		return nil
	}
	for log, seq := range more {
		later[log] = max(later[log], seq)
	}
	return s.setNamed(bucketNotes, noteCoverLater, AppendHeads(nil, later))
}

// coverNow covers what waited for HQ to prove that it has it, and what HQ's snapshots cover once it may be spared.
func (s *Store) coverNow() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	later := ReadHeads(s.getNamed(bucketNotes, noteCoverLater))
	covered := false
	for log, seq := range later {
		if s.unproven(log, seq) {
			continue
		}
		if err := s.cover(log, seq); err != nil {
			return err
		}
		delete(later, log)
		covered = true
	}
	if covered {
		if err := s.setNamed(bucketNotes, noteCoverLater, AppendHeads(nil, later)); err != nil {
			return err
		}
		if err := s.tidy(); err != nil {
			return err
		}
	}
	return s.heedSnapshot(ReadHeads(s.getNamed(bucketNotes, noteSnapshot)))
}

// toForget returns the records that change, how far each log has to be covered, and the words and photos that go.
func (s *Store) toForget() (states map[fieldwork.RecordID]*journal.State, reach journal.Heads, words []string, photos []blob.Name, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	states, reach = map[fieldwork.RecordID]*journal.State{}, journal.Heads{}
	for id, h := range s.records.state {
		state, err := journal.ReadState(h.raw)
		if err != nil {
			return nil, nil, nil, nil, err
		}
		if !s.aboutGone(&state) {
			continue
		}
		for i := range state.Versions {
			for _, f := range state.Versions[i].Fields {
				if t := f.Value.Text(); fieldwork.Goes(state.Kind, f) && len(t) >= leastWord {
					words = append(words, t)
				}
				if name, ok := blob.NameOf(f.Value); ok && fieldwork.Goes(state.Kind, f) && isPhoto(state.Kind, f.Field) {
					photos = append(photos, name)
				}
			}
		}
		dots := s.forgetState(&state)
		for _, d := range dots {
			reach[d.Log] = max(reach[d.Log], d.Seq)
		}
		if len(dots) > 0 {
			states[id] = &state
		}
	}
	return states, reach, words, photos, nil
}

// leastWord is the length of a text, in bytes, that may be looked for in half-typed forms.
const leastWord = 3

// forgetNamed takes out forms and notes that hold one of the words, and the names of imported rows that became a record
// of somebody forgotten: such a name can be made from what the row said.
func (s *Store) forgetNamed(tx *bbolt.Tx, bucket []byte, words []string) error {
	b := tx.Bucket(bucket)
	var gone [][]byte
	err := b.ForEach(func(k, v []byte) error {
		name, value, ok := s.openNamed(bucket, k, v)
		if !ok {
			return nil
		}
		hit := slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(value, []byte(w)) || strings.Contains(name, w) })
		if id, n, err := fieldwork.ReadID(value); err == nil && n == len(value) && strings.HasPrefix(name, refPrefix) {
			s.mu.RLock()
			hit = hit || s.isGone(id)
			s.mu.RUnlock()
		}
		if hit {
			gone = append(gone, bytes.Clone(k))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// Forget forgets a person, everywhere: HQ says so in its own log. It returns how many records lose what was about her.
// What HQ does not have yet is forgotten when it comes. It cannot be undone. Laptops keep the logs of others as they were written until HQ
// has proven a backup that holds them without her: it should make one at once.
func (s *Store) Forget(person fieldwork.RecordID) (int, error) {
	if s.Own().Node != 0 {
		return 0, &fieldwork.Problem{Code: "not-hq", Sentence: "Only HQ can forget a person, since it has to reach every laptop.", Hint: "Send HQ the code: kandili-hq forget CODE"}
	}
	r, ok := s.Record(person)
	if !ok || r.Kind != fieldwork.KindTrainee && r.Kind != fieldwork.KindVolunteer {
		return 0, &fieldwork.Problem{Code: "not-a-person", Sentence: "This is the code of no person.", Hint: "Forgetting is for people; delete other records."}
	}
	list := s.AboutPerson(person)
	const most = 200 // records that one statement names
	for part := range slices.Chunk(list, most) {
		if _, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindForgotten, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.ForgottenRecords, Value: fieldwork.Refs(part...)},
			{Field: fieldwork.ForgottenAt, Value: fieldwork.Int(s.opt.Now().Unix())},
			{Field: fieldwork.ForgottenMarks, Value: fieldwork.Bytes(s.marks(part))},
		}}}}); err != nil {
			return 0, err
		}
	}
	s.saving.Lock()
	err := s.heedForgotten()
	s.saving.Unlock()
	return len(list), err
}

// marks are the marks of records, one after the other.
func (s *Store) marks(ids []fieldwork.RecordID) (list []byte) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, id := range ids {
		var mark [8]byte
		if state, err := journal.ReadState([]byte(s.records.state[id].raw)); err == nil {
			mark = state.Mark()
		}
		list = append(list, mark[:]...)
	}
	return list
}

// AboutPerson lists the records of a person, and those that are about her and nobody else.
func (s *Store) AboutPerson(person fieldwork.RecordID) []fieldwork.RecordID {
	list := []fieldwork.RecordID{person}
	stands := s.Canonical(person)
	for _, kind := range []fieldwork.Kind{fieldwork.KindTrainee, fieldwork.KindVolunteer} {
		for _, id := range s.IDs(kind) {
			if id != person && s.Canonical(id) == stands {
				list = append(list, id)
			}
		}
	}
	for i := 0; i < len(list); i++ { // the list grows: her household's lamp, a question about her consent
		for kind, from := range s.EverReferring(list[i]) {
			for _, id := range from {
				if r, ok := s.Record(id); ok && !slices.Contains(list, id) && s.follows(kind, r, list[i]) {
					list = append(list, id)
				}
			}
		}
	}
	slices.SortFunc(list[1:], fieldwork.RecordID.Compare)
	return list
}

// follows says whether a record goes with another one: what is about a person, and what is about her household alone.
func (s *Store) follows(kind fieldwork.Kind, r fieldwork.Record, of fieldwork.RecordID) bool {
	if fieldwork.Whom(kind, r.Fields) == of {
		return true
	}
	households := r.Get(fieldwork.InstallationHouseholds).Refs()
	return kind == fieldwork.KindInstallation && len(households) == 1 && households[0] == of
}
