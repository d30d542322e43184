package store

import (
	"os"
	"syscall"
)

// datasync flushes the file's content, and of its metadata what is needed to read it back.
func datasync(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return err
		}
	}
}
