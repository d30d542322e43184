package store

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Opening a campaign reads every record: they are opened and decoded on all cores, and one goroutine takes them into memory.

// prepared is a record with what is worked out of it before it is taken into memory.
type prepared struct {
	state journal.State
	view  journal.View
	raw   string // stored form of the state
	line  string // what it is found by; empty: nothing, or it is deleted
}

// together is how many records are handed over at once.
const together = 256

// loadRecords reads every record. Villages come first: the people's lines have their names in them.
func (s *Store) loadRecords(tx *bbolt.Tx) error {
	raws, err := s.openRecords(tx)
	if err != nil {
		return err
	}
	s.records.grow(len(raws))
	rest, names, err := s.takeSites(raws)
	if err != nil {
		return err
	}
	return s.takeAll(rest, names)
}

// takeSites takes the villages among the records into memory, and returns the rest and what the villages are called.
func (s *Store) takeSites(raws []string) (rest []string, names map[fieldwork.RecordID]string, err error) {
	rest, names = raws[:0], map[fieldwork.RecordID]string{}
	for _, raw := range raws {
		if kind, err := journal.KindOf(raw); err != nil || kind != fieldwork.KindSite {
			rest = append(rest, raw)
			continue
		}
		state, err := journal.ReadState(raw)
		if err != nil {
			return nil, nil, fmt.Errorf("record: %w", err)
		}
		s.remember(&state, raw)
		names[state.ID] = s.nameOf(state.ID)
	}
	return rest, names, nil
}

// openRecords opens the sealed states of all records.
func (s *Store) openRecords(tx *bbolt.Tx) ([]string, error) {
	var keys, values [][]byte // they live as long as the transaction
	tx.Bucket(bucketRecords).ForEach(func(k, v []byte) error {
		keys, values = append(keys, k), append(values, v)
		return nil
	})
	raws := make([]string, len(keys))
	parts := (len(keys) + together - 1) / together
	err := onAllCores(parts, func(part int) error {
		from, to := part*together, min((part+1)*together, len(keys))
		return s.openSome(keys[from:to], values[from:to], raws[from:to])
	})
	return raws, err
}

// openSome opens sealed states into one piece of memory that they share.
func (s *Store) openSome(keys, values [][]byte, raws []string) error {
	size := 0
	for _, v := range values {
		size += len(v)
	}
	all := make([]byte, 0, size)
	aad := append([]byte(nil), bucketRecords...)
	ends := make([]int, len(values))
	for i, v := range values {
		var err error
		aad = append(aad[:len(bucketRecords)], keys[i]...)
		if all, err = s.seal.data.Open(all, aad, v); err != nil {
			return fmt.Errorf("record: %w", err)
		}
		ends[i] = len(all)
	}
	shared, from := string(all), 0
	for i, to := range ends {
		raws[i], from = shared[from:to], to
	}
	return nil
}

// takeAll takes records into memory for the first time. The caller holds mu for writing, or is alone.
func (s *Store) takeAll(raws []string, names map[fieldwork.RecordID]string) error {
	ready := make(chan []prepared, runtime.GOMAXPROCS(0))
	failed := make(chan error, 1)
	var digest struct {
		sync.Mutex
		journal.Digest
	}
	go func() {
		defer close(ready)
		parts := (len(raws) + together - 1) / together
		failed <- onAllCores(parts, func(part int) error {
			list, sum, err := s.prepareSome(raws[part*together:min((part+1)*together, len(raws))], names)
			if err != nil {
				return err
			}
			digest.Lock()
			digest.AddAll(sum)
			digest.Unlock()
			ready <- list
			return nil
		})
	}()
	for list := range ready {
		for i := range list {
			s.take(&list[i], false)
		}
	}
	s.digest.AddAll(digest.Digest)
	return <-failed
}

// prepareSome reads states. It changes nothing in the store, and reads nothing that take changes.
func (s *Store) prepareSome(raws []string, names map[fieldwork.RecordID]string) (list []prepared, sum journal.Digest, err error) {
	list = make([]prepared, len(raws))
	for i, raw := range raws {
		p := &list[i]
		if p.state, err = journal.ReadState(raw); err != nil {
			return nil, sum, fmt.Errorf("record: %w", err)
		}
		p.raw, p.view = raw, p.state.View(s.ctx, policyOf)
		p.line = searchLine(&p.view, func(site fieldwork.RecordID) string { return names[site] })
		sum.Add(&p.view)
	}
	return list, sum, nil
}

// caught does what a goroutine of its own does. A panic, also one for a fault in reading a damaged file's memory, comes back as an error:
// nobody above it could catch it, and the program would end.
func caught(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("reading it failed: %v", fault)
		}
	}()
	return do()
}

// onAllCores calls do for every part, on as many goroutines as there are cores, and returns the first error; after one no further part begins.
func onAllCores(parts int, do func(part int) error) error {
	var all sync.WaitGroup
	var next struct {
		sync.Mutex
		part int
		err  error
	}
	take := func(err error) (part int) {
		next.Lock()
		defer next.Unlock()
		if next.err == nil {
			next.err = err
		}
		if next.err != nil || next.part == parts {
			return -1
		}
		next.part++
		return next.part - 1
	}
	for range min(parts, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for part := take(nil); part >= 0; {
				part = take(caught(func() error { return do(part) }))
			}
		})
	}
	all.Wait()
	return next.err
}
