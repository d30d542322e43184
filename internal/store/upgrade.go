package store

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// upgrade brings a file of an earlier format to today's, in one transaction: after a crash it is of one of the two.
func (s *Store) upgrade() error {
	old := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		v := tx.Bucket(bucketMeta).Get([]byte("v"))
		old = len(v) == 4 && binary.BigEndian.Uint32(v) < 2
		return nil
	})
	if err != nil || !old {
		return err
	}
	if err := s.db.Update(s.recordsToV2); err != nil {
		return fmt.Errorf("bring the file to this version's form: %w", err)
	}
	return nil
}

// recordsToV2 writes every record anew as its log says it: version 1 kept whole logs, which know in which run of the program each
// change was made. A record that no log knows stays as it was, without that.
func (s *Store) recordsToV2(tx *bbolt.Tx) error {
	states, err := s.statesOfLogs(tx)
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err
	}
	records := tx.Bucket(bucketRecords)
	fresh := map[string][]byte{}
	err = records.ForEach(func(k, v []byte) error {
		plain, err := s.seal.get(bucketRecords, k, v)
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		state, err := journal.ReadStateV1(plain)
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		if whole := states[state.ID]; whole != nil && len(whole.Versions) == len(state.Versions) {
			state = *whole
		}
		fresh[string(k)] = state.Append(nil)
		return nil
	})
	if err != nil {
		return err
	}
	for k, plain := range fresh {
		if err := records.Put([]byte(k), s.seal.put(bucketRecords, []byte(k), plain)); err != nil {
			return err
		}
	}
	return tx.Bucket(bucketMeta).Put([]byte("v"), binary.BigEndian.AppendUint32(nil, formatVersion))
}

// statesOfLogs works out every record from the logs.
func (s *Store) statesOfLogs(tx *bbolt.Tx) (map[fieldwork.RecordID]*journal.State, error) {
	states := map[fieldwork.RecordID]*journal.State{}
	return states, tx.Bucket(bucketLog).ForEach(func(k, v []byte) error {
		log, first, ok := parseLogKey(k)
		if !ok {
			return fmt.Errorf("a segment has no name")
		}
		plain, err := s.seal.get(bucketLog, k, v)
		if err != nil {
			return fmt.Errorf("log %v at %d: %w", log, first, err)
		}
		p, err := readSegment(plain, log, first)
		if err != nil {
			return fmt.Errorf("log %v at %d: %w", log, first, err)
		}
		for i := range p.Changes {
			for j := range p.Changes[i].Writes {
				replay(states, &p.Changes[i], j)
			}
		}
		return nil
	})
}
