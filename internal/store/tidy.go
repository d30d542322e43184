package store

import (
	"errors"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"kandili/internal/vault"
)

// bbolt leaves what was deleted on pages that are free until something else is written there. Tidy copies what is in
// use into a new file, which takes the old one's place, so that what was forgotten is gone from the disk as well.

func (s *Store) read(f func(*bbolt.Tx) error) error {
	s.use.RLock()
	defer s.use.RUnlock()
	return s.db.View(f)
}

func (s *Store) update(f func(*bbolt.Tx) error) error {
	s.use.RLock()
	defer s.use.RUnlock()
	return s.db.Update(f)
}

const tidyName = boltName + ".tidy"

// Tidy writes the campaign's file anew, without what is not in use any more.
func (s *Store) Tidy() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.broken != nil {
		return s.broken
	}
	return s.tidy()
}

// tidy is Tidy for callers that hold saving. Whenever it is cut off, the old file or the new one is there, whole.
func (s *Store) tidy() error {
	tmp := filepath.Join(s.dir, tidyName)
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return diskProblem("remove an unfinished copy", err)
	}
	if err := s.copyTo(tmp); err != nil {
		return errors.Join(diskProblem("write the campaign's file anew", err), os.Remove(tmp))
	}
	s.use.Lock()
	defer s.use.Unlock()
	path := s.path(boltName)
	if err := s.db.Close(); err != nil {
		s.broken = flushProblem(err)
		return s.broken
	}
	renamed := vault.Rename(tmp, path)
	db, err := openBolt(path)
	if err != nil {
		s.db, s.broken = nil, flushProblem(errors.Join(renamed, err))
		return s.broken
	}
	s.db = db
	if renamed != nil {
		return diskProblem("put the new file in its place", renamed)
	}
	return nil
}

// copyTo copies what is in use, flushed.
func (s *Store) copyTo(path string) error {
	opt := boltOptions()
	db, err := bbolt.Open(path, 0o600, opt)
	if err != nil {
		return err
	}
	const batch = 1 << 20 // bytes of one transaction
	err = bbolt.Compact(db, s.db, batch)
	return errors.Join(err, db.Close())
}
