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
//
// A daily backup needs the folder of photos beside it. withoutPhotos restores it also where some of them are missing.
func Restore(dir, file string, withoutPhotos bool) error {
	if _, err := os.Stat(filepath.Join(dir, "vault.json")); err == nil {
		return &fieldwork.Problem{Code: "folder-exists", Sentence: "There is an HQ in this folder already. Nothing was changed.", Hint: "Restore into a new folder: --data DIR."}
	}
	u := unpacking{dir: dir, photos: poolBeside(file), withoutPhotos: withoutPhotos}
	if err := u.check(file); err != nil {
		return err
	}
	if err := u.run(file); err != nil {
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

// unpacking writes what a backup holds into a folder.
type unpacking struct {
	dir           string
	photos        pool // where those lie that the backup only lists
	trial         bool // the folder is read and thrown away
	withoutPhotos bool // restore also where photos are missing
}

// check says whether all is there, before anything is written.
func (u unpacking) check(file string) error {
	list, err := photosOf(file)
	if err != nil || u.withoutPhotos {
		return nil // run tells better what is wrong with the file
	}
	if n := u.photos.missing(list); n > 0 {
		return photosMissing(n, len(list))
	}
	return nil
}

func (u unpacking) run(file string) error {
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
		if err := u.member(h.Name, r); err != nil {
			return err
		}
	}
}

func (u unpacking) member(name string, r io.Reader) error {
	dir, parts := u.dir, strings.Split(name, "/")
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
		folder := filepath.Join(dir, "campaigns", parts[1])
		if len(parts) == 3 && parts[2] == photoList {
			list, err := readPhotoList(r)
			if err != nil {
				return err
			}
			return u.photos.bring(folder, list, u.trial, u.withoutPhotos)
		}
		return store.RestoreMember(folder, strings.Join(parts[2:], "/"), r)
	}
	return fmt.Errorf("backup holds a file that is none of ours: %q", name)
}
