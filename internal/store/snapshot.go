package store

import (
	"bytes"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Publish covers every log at HQ as far as a proven backup has it, and says so in HQ's own log: laptops may then keep no more than the
// ends of the logs of others, some day. It returns how many logs that were.
func (s *Store) Publish(proven journal.Heads) (int, error) {
	if s.Own().Node != 0 {
		return 0, &fieldwork.Problem{Code: "not-hq", Sentence: "Only HQ publishes snapshots.", Hint: "On HQ's machine: kandili-hq snapshot"}
	}
	heads, err := s.coverAll(proven)
	if err != nil || len(heads) == 0 {
		return 0, err
	}
	_, err = s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindSnapshot, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.SnapshotHeads, Value: fieldwork.Bytes(AppendHeads(nil, heads))},
		{Field: fieldwork.SnapshotAt, Value: fieldwork.Int(s.opt.Now().Unix())},
	}}}})
	if err != nil {
		return 0, err
	}
	return len(heads), s.Tidy()
}

func (s *Store) coverAll(proven journal.Heads) (journal.Heads, error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	heads := journal.Heads{}
	held := s.Heads()
	for _, log := range held.Logs() {
		to := min(held[log], proven[log])
		if to == 0 {
			continue
		}
		if s.coveredTo(log) < to {
			if err := s.cover(log, to); err != nil {
				return nil, err
			}
		}
		heads[log] = s.coveredTo(log)
	}
	return heads, nil
}

// WorthPublishing says whether pages would help: at least so many writes that a proven backup has are not covered yet, and a quarter of
// what is. Pages of a log are made anew as a whole, so all snapshots together cost no more than five times the last one.
func (s *Store) WorthPublishing(proven journal.Heads, least uint64) bool {
	held := s.Heads()
	var more, covered uint64
	for log, seq := range proven {
		c := s.coveredTo(log)
		covered += c
		if to := min(seq, held[log]); to > c {
			more += to - c
		}
	}
	return more >= max(least, covered/4)
}

// noteSnapshot holds how far HQ's snapshots cover the logs of others that are held here as they were written.
const noteSnapshot = "snapshot/later"

// heedSnapshots heeds the last of the snapshots that changes of HQ's log tell.
func (s *Store) heedSnapshots(list []journal.Change) error {
	var heads journal.Heads
	for i := range list {
		for _, w := range list[i].Writes {
			for _, f := range w.Fields {
				if w.Kind == fieldwork.KindSnapshot && f.Field == fieldwork.SnapshotHeads {
					heads = ReadHeads(f.Value.Bytes())
				}
			}
		}
	}
	return s.heedSnapshot(heads)
}

// heedSnapshot lets a laptop keep pages of its own logs that HQ covers, and of others' logs no more than the ends, once a backup was proven to
// have them for long enough: until then any laptop can give them to an HQ that was restored from an older one. The caller holds saving.
func (s *Store) heedSnapshot(heads journal.Heads) error {
	self, have := s.Own(), s.Heads()
	if self.Node == 0 || len(heads) == 0 {
		return nil
	}
	s.mu.RLock()
	spare := s.durableFor(s.others)
	s.mu.RUnlock()
	later, covered := journal.Heads{}, uint64(0)
	for _, log := range heads.Logs() {
		s.mu.RLock()
		c := s.covers[log]
		s.mu.RUnlock()
		if have[log] < heads[log] || c.to >= heads[log] || c.open {
			continue
		}
		if log.Node != self.Node && spare[log] < heads[log] {
			later[log] = heads[log]
			continue
		}
		if _, known := s.HashAt(log, heads[log]); !known {
			continue // it lies within a segment of ours: with the next snapshot
		}
		if end, err := s.segmentEnd(log, heads[log]); err != nil {
			return err
		} else if end > heads[log] {
			continue // the segment goes on beyond what HQ covers, and could not be passed on any more: with the next snapshot
		}
		if err := s.cover(log, heads[log]); err != nil {
			return err
		}
		covered += heads[log] - c.to
	}
	if err := s.noteLater(later); err != nil || covered < worthTidying {
		return err
	}
	return s.tidy()
}

// noteLater notes what of a snapshot waits.
func (s *Store) noteLater(later journal.Heads) error {
	var value []byte
	if len(later) > 0 {
		value = AppendHeads(nil, later)
	}
	if bytes.Equal(value, s.getNamed(bucketNotes, noteSnapshot)) {
		return nil
	}
	return s.setNamed(bucketNotes, noteSnapshot, value)
}

// worthTidying is how many writes have to be covered for the file to be written anew without them.
const worthTidying = 1000
