package store

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"go.etcd.io/bbolt"

	"kandili/internal/vault"
)

// Box is a sealed key-value file for what is part of no log: HQ's accounts, invites and sessions. Names are hidden,
// values sealed, every change flushed. It is safe for use from several goroutines.
type Box struct {
	db   *bbolt.DB
	seal sealers
}

// OpenBox opens or makes the box in dir. It fails like Open.
func OpenBox(dir string, keys *vault.Keys) (*Box, error) {
	db, err := openBolt(filepath.Join(dir, boltName))
	if errors.Is(err, fs.ErrNotExist) {
		if err = createBolt(dir); err == nil {
			db, err = openBolt(filepath.Join(dir, boltName))
		}
	}
	if errors.Is(err, errInUse) {
		return nil, inUseProblem(err)
	}
	if err != nil {
		return nil, diskProblem("open the office file", err)
	}
	return &Box{db: db, seal: newSealers(keys)}, nil
}

// Close closes the box.
func (b *Box) Close() error { return b.db.Close() }

// Get returns the value of the name, or nil.
func (b *Box) Get(name string) []byte { return b.store().getNamed(bucketNotes, name) }

// Put keeps a value under a name; nil removes it.
func (b *Box) Put(name string, value []byte) error {
	return b.store().setNamed(bucketNotes, name, value)
}

// Update reads, changes and writes one value in a single transaction, so that two requests cannot use one invite.
// change gets nil where there is no value; returning nil removes it; an error leaves it as it was and is returned.
func (b *Box) Update(name string, change func(old []byte) ([]byte, error)) error {
	s := b.store()
	k := b.seal.nameKey(string(bucketNotes), name)
	return b.db.Update(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(bucketNotes)
		var old []byte
		if v := bucket.Get(k); v != nil {
			_, old, _ = s.openNamed(bucketNotes, k, v)
		}
		next, err := change(old)
		if err != nil {
			return err
		}
		if next == nil {
			return bucket.Delete(k)
		}
		return bucket.Put(k, b.seal.put(bucketNotes, k, named(name, next)))
	})
}

// Each calls f with every name that has the prefix, and its value, in no order.
func (b *Box) Each(prefix string, f func(name string, value []byte) error) error {
	s := b.store()
	return b.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketNotes).ForEach(func(k, v []byte) error {
			name, value, ok := s.openNamed(bucketNotes, k, v)
			if !ok || len(name) < len(prefix) || name[:len(prefix)] != prefix {
				return nil
			}
			return f(name, value)
		})
	})
}

// Backup writes a consistent copy of the box under the prefix into the archive.
func (b *Box) Backup(w *tar.Writer, prefix string) error {
	return b.db.View(func(tx *bbolt.Tx) error {
		return writeMember(w, prefix+boltName, tx.Size(), func(w io.Writer) error {
			_, err := tx.WriteTo(w)
			return err
		})
	})
}

func (b *Box) store() *Store { return &Store{db: b.db, seal: b.seal} }
