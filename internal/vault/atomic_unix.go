//go:build !windows

package vault

import "os"

func renameFile(from, to string) error { return os.Rename(from, to) }

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !cannotFlush(err) {
		return err
	}
	return nil
}
