package laptop

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// A backup is a tar file of vault.json, laptop.json and the campaign's files. Everything about people in it is
// sealed, so it opens with the passphrase only.

// Backup writes a backup to the file, flushes it, and reads it back before it counts as made.
func (f *Folder) Backup(file string) error {
	tmp := file + ".part"
	out, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return backupProblem(err)
	}
	defer os.Remove(tmp) // nothing is left there once it was renamed
	err = f.writeBackup(out)
	if e := out.Sync(); err == nil {
		err = e
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = readBack(tmp)
	}
	if err == nil {
		err = vault.Rename(tmp, file)
	}
	if err != nil {
		return backupProblem(err)
	}
	if f.store == nil {
		return nil
	}
	return f.store.SetNote(backupNote, strconv.AppendInt(nil, f.now().Unix(), 10))
}

// backupNote remembers when the last backup was made and read back.
const backupNote = "laptop/backup"

// LastBackup is when a backup was last made and read back, in seconds since 1970 by this laptop's clock; 0: never.
func (f *Folder) LastBackup() int64 {
	if f.store == nil {
		return 0
	}
	at, _ := strconv.ParseInt(string(f.store.Note(backupNote)), 10, 64) // nothing: never
	return at
}

func backupProblem(err error) error {
	return &fieldwork.Problem{Code: "backup-failed", Sentence: "The backup could not be written. What is on this laptop is not touched.", Hint: "Check that the disk or stick is there and has space.", Err: err}
}

func (f *Folder) writeBackup(out io.Writer) error {
	w := tar.NewWriter(out)
	for _, name := range []string{vaultName, settingsName} {
		b, err := os.ReadFile(filepath.Join(f.Dir, name))
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b))}); err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	if f.store != nil {
		if err := f.store.Backup(w, campaignsDir+"/"+f.settings.Campaign+"/"); err != nil {
			return err
		}
	}
	return w.Close()
}

func readBack(file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	r := tar.NewReader(in)
	for {
		if _, err := r.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
	}
}

// Restore fills a new data folder from a backup and opens it once, so that it goes on under a new incarnation: the
// numbers that the lost laptop may have used after the backup are never used again.
func Restore(dir, file string, passphrase []byte) error {
	if Exists(dir) {
		return &fieldwork.Problem{Code: "folder-exists", Sentence: "There is a Kandili data folder here already. Nothing was changed.", Hint: "Restore into a new folder: --data DIR."}
	}
	in, err := os.Open(file)
	if err != nil {
		return &fieldwork.Problem{Code: "no-backup", Sentence: "The backup cannot be opened.", Hint: "Check the file's name.", Err: err}
	}
	defer in.Close()
	if err := unpack(dir, tar.NewReader(in)); err != nil {
		return err
	}
	keys, err := vault.Unlock(filepath.Join(dir, vaultName), passphrase)
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	defer keys.Wipe()
	entries, err := os.ReadDir(filepath.Join(dir, campaignsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		s, err := store.Open(filepath.Join(dir, campaignsDir, e.Name()), keys, store.Options{Incarnate: true})
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// maxSmall is the largest vault or settings file in a backup, in bytes.
const maxSmall = 1 << 20

func unpack(dir string, r *tar.Reader) error {
	for {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &fieldwork.Problem{Code: "bad-backup", Sentence: "This is not a whole Kandili backup.", Hint: "Try an older one.", Err: err}
		}
		parts := strings.Split(h.Name, "/")
		switch {
		case h.Name == vaultName || h.Name == settingsName:
			b, err := io.ReadAll(io.LimitReader(r, maxSmall))
			if err != nil {
				return err
			}
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
			if err := vault.WriteFileAtomic(filepath.Join(dir, h.Name), b, 0o600); err != nil {
				return err
			}
		case len(parts) >= 3 && parts[0] == campaignsDir && len(parts[1]) == 16 && strings.Trim(parts[1], "0123456789abcdef") == "":
			if err := store.RestoreMember(filepath.Join(dir, campaignsDir, parts[1]), strings.Join(parts[2:], "/"), r); err != nil {
				return err
			}
		default:
			return fmt.Errorf("backup holds a file that is none of ours: %q", h.Name)
		}
	}
}
