package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"kandili/internal/fieldwork"
	"kandili/internal/vault"
)

var errInUse = errors.New("file is locked by another process")

func boltOptions() *bbolt.Options {
	return &bbolt.Options{
		Timeout:        2 * time.Second, // of waiting for another process's lock
		FreelistType:   bbolt.FreelistMapType,
		NoFreelistSync: true, // each open walks the tree instead: a damaged free list is then impossible
		PageSize:       4096, // the same on every laptop
	}
}

// openBolt opens an existing file and checks its version.
func openBolt(path string) (db *bbolt.DB, err error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err // bbolt would make an empty file in place, which a power cut could leave half made
	}
	defer func() {
		if r := recover(); r != nil {
			db, err = nil, fmt.Errorf("bbolt cannot read the file: %v", r)
		}
	}()
	db, err = bbolt.Open(path, 0o600, boltOptions())
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, errInUse
	}
	if err != nil {
		return nil, fmt.Errorf("open bbolt: %w", err)
	}
	if err := checkVersion(db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func checkVersion(db *bbolt.DB) error {
	return db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketMeta)
		if b == nil {
			return errors.New("file has no version")
		}
		v := b.Get([]byte("v"))
		if len(v) != 4 {
			return errors.New("file has no version")
		}
		if n := binary.BigEndian.Uint32(v); n > formatVersion {
			return &fieldwork.Problem{Code: "newer-version",
				Sentence: "These files were written by a newer Kandili. They were not touched.",
				Hint:     "Install the newer version on this laptop, then open them again."}
		}
		return nil
	})
}

// createBolt makes an empty file under a temporary name, flushes it, renames it and flushes the folder, so that a
// power cut leaves a whole file or none.
func createBolt(dir string) error {
	tmp := filepath.Join(dir, boltName+".new")
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return diskProblem("remove an unfinished file", err)
	}
	opt := boltOptions()
	db, err := bbolt.Open(tmp, 0o600, opt)
	if err != nil {
		return diskProblem("create the campaign's file", err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range allBuckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put([]byte("v"), binary.BigEndian.AppendUint32(nil, formatVersion))
	})
	if e := db.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = vault.Rename(tmp, filepath.Join(dir, boltName))
	}
	if err != nil {
		return diskProblem("create the campaign's file", err)
	}
	return nil
}
