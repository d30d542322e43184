package hq

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// Restore fills a new office folder from a backup. Laptops notice that HQ knows less than it confirmed, and send the
// rest again. HQ itself goes on under a new incarnation: laptops may hold what it wrote after the backup, and two
// histories under the same numbers would be a fork.
func Restore(dir, file string) error {
	if _, err := os.Stat(filepath.Join(dir, "vault.json")); err == nil {
		return &fieldwork.Problem{Code: "folder-exists", Sentence: "There is an HQ in this folder already. Nothing was changed.", Hint: "Restore into a new folder: --data DIR."}
	}
	if err := unpackBackup(dir, file); err != nil {
		return err
	}
	keys, err := vault.UnlockWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "hq.key"))
	if err != nil {
		return err
	}
	defer keys.Wipe()
	campaigns, err := os.ReadDir(filepath.Join(dir, "campaigns"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list the campaigns: %w", err)
	}
	for _, c := range campaigns {
		s, err := store.Open(filepath.Join(dir, "campaigns", c.Name()), keys, store.Options{Incarnate: true})
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// unpackBackup writes what a backup holds into a folder.
func unpackBackup(dir, file string) error {
	in, err := os.Open(file)
	if err != nil {
		return &fieldwork.Problem{Code: "no-backup", Sentence: "The backup cannot be opened.", Hint: "Check the file's name.", Err: err}
	}
	defer in.Close()
	r := tar.NewReader(in)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &fieldwork.Problem{Code: "bad-backup", Sentence: "This is not a whole HQ backup.", Hint: "Try an older one.", Err: err}
		}
		if err := restoreMember(dir, h.Name, r); err != nil {
			return err
		}
	}
}

func restoreMember(dir, name string, r io.Reader) error {
	parts := strings.Split(name, "/")
	switch {
	case name == "vault.json" || name == "hq.key":
		b, err := io.ReadAll(io.LimitReader(r, 1<<20))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		return vault.WriteFileAtomic(filepath.Join(dir, name), b, 0o600)
	case len(parts) == 2 && parts[0] == "office":
		return store.RestoreMember(filepath.Join(dir, "office"), parts[1], r)
	case len(parts) >= 3 && parts[0] == "campaigns" && len(parts[1]) == 16 && strings.Trim(parts[1], "0123456789abcdef") == "":
		return store.RestoreMember(filepath.Join(dir, "campaigns", parts[1]), strings.Join(parts[2:], "/"), r)
	}
	return fmt.Errorf("backup holds a file that is none of ours: %q", name)
}
