package store

import (
	"encoding/binary"

	"go.etcd.io/bbolt"
)

// Note returns the value left under the name, or nil. The caller owns it.
func (s *Store) Note(name string) []byte { return s.getNamed(bucketNotes, name) }

// SetNote leaves a value under a name, durably; nil removes it. Notes belong to this laptop and never travel.
func (s *Store) SetNote(name string, value []byte) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	return s.setNamed(bucketNotes, name, value)
}

// setNotes leaves several values in one go; nil removes one.
func (s *Store) setNotes(values map[string][]byte) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	return s.setAll(bucketNotes, values)
}

// Draft returns the half-typed form of the name, or nil.
func (s *Store) Draft(name string) []byte { return s.getNamed(bucketDrafts, name) }

// SetDraft keeps a half-typed form, sealed and durable, so that it outlives a crash; nil removes it.
func (s *Store) SetDraft(name string, value []byte) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	return s.setNamed(bucketDrafts, name, value)
}

// Drafts returns all half-typed forms by name.
func (s *Store) Drafts() map[string][]byte {
	all := map[string][]byte{}
	s.read(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketDrafts).ForEach(func(k, v []byte) error {
			if name, value, ok := s.openNamed(bucketDrafts, k, v); ok {
				all[name] = value
			}
			return nil
		})
	})
	return all
}

func (s *Store) getNamed(bucket []byte, name string) (value []byte) {
	k := s.seal.nameKey(string(bucket), name)
	s.read(func(tx *bbolt.Tx) error {
		if v := tx.Bucket(bucket).Get(k); v != nil {
			_, value, _ = s.openNamed(bucket, k, v)
		}
		return nil
	})
	return value
}

func (s *Store) setNamed(bucket []byte, name string, value []byte) error {
	return s.setAll(bucket, map[string][]byte{name: value})
}

// setAll puts values into a bucket in one transaction. The caller holds saving.
func (s *Store) setAll(bucket []byte, values map[string][]byte) error {
	if s.broken != nil {
		return s.broken
	}
	put := func(tx *bbolt.Tx) error {
		for name, value := range values {
			k := s.seal.nameKey(string(bucket), name)
			err := error(nil)
			if value == nil {
				err = tx.Bucket(bucket).Delete(k)
			} else {
				err = tx.Bucket(bucket).Put(k, s.seal.put(bucket, k, named(name, value)))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	err := s.update(put)
	if err != nil && isFull(err) && dropBallast(s.dir) {
		err = s.update(put)
	}
	if err != nil {
		return diskProblem("keep a note", err)
	}
	return nil
}

func named(name string, value []byte) []byte {
	plain := binary.AppendUvarint(nil, uint64(len(name)))
	return append(append(plain, name...), value...)
}

func (s *Store) openNamed(bucket, k, v []byte) (name string, value []byte, ok bool) {
	plain, err := s.seal.get(bucket, k, v)
	if err != nil {
		return "", nil, false
	}
	size, n := binary.Uvarint(plain)
	if n <= 0 || uint64(len(plain)-n) < size {
		return "", nil, false
	}
	return string(plain[n : n+int(size)]), plain[n+int(size):], true
}
