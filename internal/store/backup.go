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

// KeepPhoto keeps the bytes of a photo's file outside of an archive, under the file's name.
type KeepPhoto func(file string, content []byte) error

// Backup writes a consistent copy of the campaign under the prefix into the archive, while people go on saving.
func (s *Store) Backup(w *tar.Writer, prefix string) error {
	return s.BackupApart(w, prefix, func(file string, content []byte) error {
		return writeMember(w, prefix+photosDir+"/"+file, int64(len(content)), func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		})
	})
}

// BackupApart is Backup with the photos somewhere else: a photo is sealed once and rarely changes, so many backups can
// share one copy. RestorePhoto brings them back.
func (s *Store) BackupApart(w *tar.Writer, prefix string, photo KeepPhoto) error {
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
	return s.backupPhotos(photo) // after the records that name them: each has its file by now
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

// RestorePhoto puts a photo's file back that BackupApart kept, under its name. put makes the file, which is not there yet.
func RestorePhoto(dir, file string, put func(path string) error) error {
	if _, _, known := parsePhotoFile(file); !known {
		return fmt.Errorf("backup holds a file that is none of ours: %q", file)
	}
	folder := filepath.Join(dir, photosDir)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return diskProblem("make the folder for photos", err)
	}
	if err := put(filepath.Join(folder, file)); err != nil {
		return diskProblem("put a photo back", err)
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
