package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// WriteFileAtomic replaces the file at path: after a crash or a power cut either the old content or the new one is
// there, whole. It returns nil when the new content is on the disk. An error before the rename leaves the old file;
// one from flushing the folder means that either may be there. It is safe for use from several goroutines; the last
// one wins. A crash can leave a file path + ".*.new" behind, which nothing reads.
func WriteFileAtomic(path string, data []byte, perm fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new") // 0600 from the start
	if err != nil {
		return err
	}
	if err := fill(f, data, perm); err != nil {
		os.Remove(f.Name())
		return err
	}
	return Rename(f.Name(), path)
}

// fill writes, flushes and closes f.
func fill(f *os.File, data []byte, perm fs.FileMode) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// rename is a variable so that a test can be killed right before it.
var rename = renameFile

// Rename moves a file that is flushed already onto another name in the same folder, replacing what is there, and
// flushes the folder. Where the renaming itself fails, the file under the old name is removed.
func Rename(from, to string) error {
	if err := rename(from, to); err != nil {
		os.Remove(from)
		return err
	}
	return SyncDir(to)
}

// SyncDir flushes the folder in which path lies, so that its new name survives a power cut. Some file systems of
// sticks and networks cannot do that; there it does nothing.
func SyncDir(path string) error {
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("flush the folder: %w", err)
	}
	return nil
}

// cannotFlush says whether err means that folders cannot be flushed there at all.
func cannotFlush(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
