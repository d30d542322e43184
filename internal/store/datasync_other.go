//go:build !linux

package store

import "os"

// datasync flushes the file; other systems have nothing lighter that is as safe.
func datasync(f *os.File) error { return f.Sync() }
