package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// What was taken from a summary stands for what the bbolt file says until that was read, too: beside the work, a few hundred records
// at a time. Then it takes the summary's place in memory, so that nothing rests on the summary any more. Until then a save reads
// what it builds on from the bbolt file. A record that does not open is the damage that a start without a summary would have found.

// proof is the reading under way.
type proof struct {
	written map[fieldwork.RecordID]bool // records that were taken into memory since the start; guarded by Store.mu
	ctx     context.Context
	stop    context.CancelFunc
	ended   chan struct{}
}

// When the reading begins, and how long it pauses after every few hundred records: who has just opened the window comes first.
const (
	proveAfter = 3 * time.Second
	provePause = time.Millisecond
)

func newProof() *proof {
	p := &proof{written: map[fieldwork.RecordID]bool{}, ended: make(chan struct{})}
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p
}

// beginProof reads in a goroutine of its own, which endProof stops and waits for.
func (s *Store) beginProof(p *proof) {
	s.prover = p
	go func() {
		defer close(p.ended)
		if !p.wait(proveAfter) {
			return
		}
		err := caught(func() error {
			s.prove(p, provePause)
			return nil
		})
		if err != nil {
			s.foundDamage(err)
		}
	}()
}

// endProof is called before saving is taken for closing.
func (s *Store) endProof() {
	if p := s.prover; p != nil {
		p.stop()
		<-p.ended
	}
}

// wait returns false once the proof has to stop.
func (p *proof) wait(d time.Duration) bool {
	select {
	case <-p.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// prove reads all records and puts them in the place of the summary's.
func (s *Store) prove(p *proof, pause time.Duration) {
	fresh := &Store{seal: s.seal, ctx: s.contexts(), clocks: journal.NewClocks(), index: newSearchIndex()}
	fresh.records.reset()
	if err := s.readAgain(fresh, p, pause); err != nil {
		s.foundDamage(err)
		return
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	if p.ctx.Err() != nil || s.broken != nil || !s.rests(p) {
		return
	}
	if err := s.replaceBy(fresh, p); err != nil {
		s.broken = err
	}
}

func (s *Store) contexts() *journal.Contexts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.ctx
}

// rests says whether memory still rests on the summary that p is about: it may have been read anew for another reason.
func (s *Store) rests(p *proof) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.unproved == p
}

// readAgain reads all records into fresh; ones that are written meanwhile may be there as they were before. It returns early, without
// an error, when the proof has to stop.
func (s *Store) readAgain(fresh *Store, p *proof, pause time.Duration) error {
	var raws []string
	for after := []byte(nil); ; {
		next, list, err := s.openAfter(after)
		if err != nil {
			return err
		}
		raws = append(raws, list...)
		if next == nil {
			break
		}
		if after = next; !p.wait(pause) {
			return nil
		}
	}
	s.mu.RLock() // for the contexts, here and below
	rest, names, err := fresh.takeSites(raws)
	s.mu.RUnlock()
	for len(rest) > 0 && err == nil && p.wait(pause) {
		n := min(len(rest), together)
		s.mu.RLock()
		list, sum, e := fresh.prepareSome(rest[:n], names)
		s.mu.RUnlock()
		for i := range list {
			fresh.take(&list[i], false)
		}
		fresh.digest.AddAll(sum)
		rest, err = rest[n:], e
	}
	if err != nil || p.ctx.Err() != nil {
		return err
	}
	fresh.order(s.ordered())
	return nil
}

// openAfter opens the next few hundred records after a key; next is nil at the end.
func (s *Store) openAfter(after []byte) (next []byte, raws []string, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		var keys, values [][]byte
		c := tx.Bucket(bucketRecords).Cursor()
		k, v := c.Seek(after)
		if after != nil && bytes.Equal(k, after) {
			k, v = c.Next()
		}
		for ; k != nil && len(keys) < together; k, v = c.Next() {
			keys, values = append(keys, k), append(values, v)
		}
		if len(keys) == together {
			next = bytes.Clone(keys[len(keys)-1])
		}
		raws = make([]string, len(keys))
		return s.openSome(keys, values, raws)
	})
	return next, raws, err
}

// replaceBy puts fresh in the place of what is in memory; where that was wrong, everybody is told to look again. The caller holds saving.
func (s *Store) replaceBy(fresh *Store, p *proof) error {
	s.looking.Lock()
	defer s.looking.Unlock()
	for id := range p.written { // nobody writes while saving is held
		raw, err := s.stored(id)
		if err != nil {
			return damagedProblem(err)
		}
		state, err := journal.ReadState(raw)
		if err != nil {
			return damagedProblem(err)
		}
		fresh.remember(&state, raw)
	}
	s.mu.Lock()
	wrong := fresh.digest != s.digest || len(fresh.records.state) != len(s.records.state)
	s.records, s.index, s.digest, s.clocks = fresh.records, fresh.index, fresh.digest, fresh.clocks
	s.certificates = nil
	s.certified++
	s.gone = s.forgottenRecords()
	s.unproved = nil
	s.mu.Unlock()
	if !wrong {
		return nil
	}
	s.believed = false
	s.tellAll()
	return s.dropSummary()
}

// stored reads a record's state from the file; it is empty for one that is not there.
func (s *Store) stored(id fieldwork.RecordID) (raw string, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		k := s.seal.recordKey(id)
		v := tx.Bucket(bucketRecords).Get(k)
		if v == nil {
			return nil
		}
		plain, err := s.seal.get(bucketRecords, k, v)
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		raw = string(plain)
		return nil
	})
	return raw, err
}

// foundDamage makes the store read-only, as it would not have opened at all had it read everything at start.
func (s *Store) foundDamage(err error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken == nil {
		s.broken = errors.Join(damagedProblem(err), s.dropSummary())
	}
}
