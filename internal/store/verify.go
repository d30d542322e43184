package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Report is what Verify found.
type Report struct {
	Logs, Changes, Records int
	Journal                int      // changes in the journal file
	Photos                 int      // that are here, in whole or in part
	PhotosWaiting          int      // that records name and that are not here in every size
	Damage                 []string // sentences; none: everything is as it should be
}

// Verify reads everything on disk and compares: pages, seals, chains, heads, signatures of others' logs, and every
// record with what the logs say it must be. It blocks saving meanwhile.
func (s *Store) Verify() (Report, error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	var r Report
	note := func(format string, args ...any) {
		if len(r.Damage) < 100 {
			r.Damage = append(r.Damage, fmt.Sprintf(format, args...))
		}
	}
	again := map[fieldwork.RecordID]*journal.State{}
	err := s.read(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			note("a page is damaged: %v", err)
		}
		s.verifyLogs(tx, &r, again, note)
		s.verifyRecords(tx, &r, again, note)
		return nil
	})
	s.verifyJournal(&r, note)
	s.verifyPhotos(&r, note)
	return r, err
}

func (s *Store) verifyLogs(tx *bbolt.Tx, r *Report, again map[fieldwork.RecordID]*journal.State, note func(string, ...any)) {
	ends := map[fieldwork.LogID]journal.Head{}
	for log, c := range s.covers {
		if !s.keepsPages(log) {
			ends[log] = journal.Head{Log: log, Seq: c.to, Hash: c.hash}
		}
	}
	s.verifyCovered(again, note)
	tx.Bucket(bucketLog).ForEach(func(k, v []byte) error {
		log, first, ok := parseLogKey(k)
		plain, err := s.seal.get(bucketLog, k, v)
		if !ok || err != nil {
			note("a segment of log %v at %d does not open: %v", log, first, err)
			return nil
		}
		p, err := readSegment(plain, log, first)
		if err != nil {
			note("a segment of log %v at %d cannot be read: %v", log, first, err)
			return nil
		}
		if c := s.covers[log]; !s.keepsPages(log) && p.Last() <= c.to {
			return nil // kept until HQ has proven to have it; what it says was taken from the records
		}
		before := ends[log]
		if before.Seq+1 != first || before.Hash != p.Prev && !p.Covered {
			note("log %v does not join at %d", log, first)
		}
		end, err := p.Head()
		if err != nil {
			note("log %v at %d: %v", log, first, err)
		}
		if key, _, known := s.nodeKey(log.Node); !p.Covered && log.Node != s.self.Log.Node && known && !end.Verify(s.self.Campaign, key) {
			note("the signature of log %v at %d is not its node's", log, end.Seq)
		}
		ends[log] = end
		r.Changes += len(p.Changes)
		for i := range p.Changes {
			for j := range p.Changes[i].Writes {
				replay(again, &p.Changes[i], j)
			}
		}
		return nil
	})
	r.Logs = len(ends)
	for log, seq := range s.heads {
		if ends[log].Seq != seq || ends[log].Hash != s.hashes[log] {
			note("the head of log %v is %d, its segments end at %d", log, seq, ends[log].Seq)
		}
	}
}

// verifyCovered takes over what this replica knows only from its records: what others wrote before HQ covered it.
func (s *Store) verifyCovered(again map[fieldwork.RecordID]*journal.State, note func(string, ...any)) {
	if len(s.covers) == 0 {
		return
	}
	for id, h := range s.records.state {
		state, err := journal.ReadState(h.raw)
		if err != nil {
			note("record %v cannot be read", id)
			continue
		}
		for _, v := range state.Versions {
			if c, ok := s.covers[v.Dot.Log]; !ok || v.Dot.Seq > c.to || s.keepsPages(v.Dot.Log) {
				continue
			}
			if again[id] == nil {
				again[id] = &journal.State{ID: id}
			}
			again[id].Add(state.Kind, v)
		}
	}
}

func replay(again map[fieldwork.RecordID]*journal.State, c *journal.Change, i int) {
	id := c.Target(i)
	if again[id] == nil {
		again[id] = &journal.State{ID: id}
	}
	again[id].Add(c.Writes[i].Kind, journal.VersionOf(c, i))
}

func (s *Store) verifyRecords(tx *bbolt.Tx, r *Report, again map[fieldwork.RecordID]*journal.State, note func(string, ...any)) {
	var digest journal.Digest
	for id, state := range again {
		r.Records++
		s.forgetState(state) // what HQ has to get first stands in its log as it was written
		k := s.seal.recordKey(id)
		plain, err := s.seal.get(bucketRecords, k, tx.Bucket(bucketRecords).Get(k))
		want := string(state.Append(nil))
		if err != nil || string(plain) != want {
			note("record %v is not what its log says: %v", id, err)
		}
		if s.records.state[id].raw != want {
			note("record %v in memory is not what its log says", id)
		}
		v := state.View(s.ctx, policyOf)
		digest.Add(&v)
	}
	if n := tx.Bucket(bucketRecords).Stats().KeyN; n != len(again) {
		note("%d records are stored, the logs make %d", n, len(again))
	}
	if digest != s.digest {
		note("the digest kept is %v, the logs make %v", s.digest, digest)
	}
}

// verifyJournal reads the journal file, which must hold our own log up to its head. On a laptop that is all of it: a
// restored one begins a new log. HQ goes on with its log after a restore, so its journal may begin later.
func (s *Store) verifyJournal(r *Report, note func(string, ...any)) {
	var next uint64
	trimmed := ReadHeads(s.Note(noteTrimmed))[s.self.Log]
	f, err := openJournalFile(s.path(journalName), s.seal.journal, func(e entry) error {
		r.Journal++
		if e.change.Last() > s.heads[e.change.Log] {
			note("the journal file is ahead of log %v: %d", e.change.Log, e.change.Last())
		}
		if e.change.Log != s.self.Log {
			return nil
		}
		if next == 0 && (s.self.Log.Node == 0 || e.change.Seq <= trimmed+1) {
			next = e.change.Seq
		}
		if e.change.Seq != max(next, 1) {
			note("the journal file lacks our own changes from %d to %d", max(next, 1), e.change.Seq-1)
		}
		next = e.change.Last() + 1
		return nil
	})
	if err != nil {
		note("the journal file cannot be read: %v", err)
		return
	}
	f.close()
	if end := s.heads[s.self.Log]; max(next, trimmed+1) <= end && (next > 0 || s.self.Log.Node != 0) {
		note("the journal file lacks our own changes from %d to %d", max(next, 1), end)
	}
}
