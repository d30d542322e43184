package store

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// backupNames are the members of a backup that belong to the campaign; everything in them is sealed already.
var backupNames = []string{identityName, boltName}

// Backup writes a consistent copy of the campaign under the prefix into the archive, while people go on saving.
func (s *Store) Backup(w *tar.Writer, prefix string) error {
	identity, err := os.ReadFile(s.path(identityName))
	if err != nil {
		return diskProblem("read the identity", err)
	}
	if err := writeMember(w, prefix+identityName, int64(len(identity)), func(w io.Writer) error {
		_, err := w.Write(identity)
		return err
	}); err != nil {
		return err
	}
	if err := s.read(func(tx *bbolt.Tx) error {
		return writeMember(w, prefix+boltName, tx.Size(), func(w io.Writer) error {
			_, err := tx.WriteTo(w)
			return err
		})
	}); err != nil {
		return err
	}
	return s.backupPhotos(w, prefix) // after the records that name them: each has its file by now
}

func writeMember(w *tar.Writer, name string, size int64, write func(io.Writer) error) error {
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size}); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	if err := write(w); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	return nil
}

// RestoreMember writes one member of a backup into the campaign's folder, which must not hold it yet. Names other
// than those that Backup writes are refused.
func RestoreMember(dir, name string, r io.Reader) error {
	known := slices.Contains(backupNames, name)
	folder := dir
	if file, ok := strings.CutPrefix(name, photosDir+"/"); ok {
		_, _, known = parsePhotoFile(file)
		folder = filepath.Join(dir, photosDir)
	}
	if !known {
		return fmt.Errorf("backup holds a file that is none of ours: %q", name)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return diskProblem("make the campaign's folder", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskProblem("write "+name, err)
	}
	_, err = io.Copy(f, r)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return errors.Join(diskProblem("write "+name, err), os.Remove(f.Name()))
	}
	return nil
}
