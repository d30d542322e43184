package vault

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// ERROR_SHARING_VIOLATION; package syscall does not name it.
const sharingViolation = syscall.Errno(32)

// renameFile tries for up to a second: virus scanners hold a new file open for a moment.
func renameFile(from, to string) error {
	var err error
	for wait := 5 * time.Millisecond; wait < time.Second; wait *= 2 {
		if err = os.Rename(from, to); err == nil {
			return nil
		}
		if !errors.Is(err, syscall.ERROR_ACCESS_DENIED) && !errors.Is(err, sharingViolation) {
			return err
		}
		time.Sleep(wait)
	}
	return err
}

// syncFolder does nothing: Windows flushes no folders. NTFS keeps renames in order in its own log.
func syncFolder(string) error { return nil }
