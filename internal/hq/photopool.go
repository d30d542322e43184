package hq

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

// Photos are sealed once and then stay as they are, so the daily backups share one copy of each: it lies in a folder
// beside them under the hash of its bytes, and each backup lists which ones belong to it. A backup that is asked for by
// hand has everything in one file.

// poolDir is the folder; photoList is the member of a backup that lists a campaign's photos. On disk for ever.
const (
	poolDir   = "photos"
	photoList = "photos.json"
)

// pooled is one photo of a backup.
type pooled struct {
	File string `json:"file"`   // its name in the campaign's folder
	Sum  string `json:"sha256"` // of its bytes, hexadecimal: its name in the pool
	Size int64  `json:"bytes"`
}

// pool is where the photos of the backups in a folder lie.
type pool struct{ dir string }

// poolBeside is the pool of a backup file.
func poolBeside(backup string) pool { return pool{filepath.Join(filepath.Dir(backup), poolDir)} }

// path is where a photo lies; never outside of the pool, whatever a backup lists.
func (p pool) path(sum string) (string, error) {
	if b, err := hex.DecodeString(sum); err != nil || len(b) != sha256.Size || strings.ToLower(sum) != sum {
		return "", fmt.Errorf("backup lists a photo that has no name: %q", sum)
	}
	return filepath.Join(p.dir, sum[:2], sum), nil
}

// keep sees to it that the bytes lie in the pool, and lists them. A copy that went bad is written anew.
func (p pool) keep(file string, content []byte) (pooled, error) {
	sum := sha256.Sum256(content)
	one := pooled{File: file, Sum: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	path, err := p.path(one.Sum)
	if err != nil || p.whole(one) {
		return one, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return one, err
	}
	return one, vault.WriteFileAtomic(path, content, 0o600)
}

// whole reads a photo and says whether its bytes are those that were kept.
func (p pool) whole(one pooled) bool {
	path, err := p.path(one.Sum)
	if err != nil {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return err == nil && hex.EncodeToString(h.Sum(nil)) == one.Sum
}

// writeApart writes a campaign into an archive and its photos into the pool.
func (p pool) writeApart(w *tar.Writer, s *store.Store, prefix string) error {
	list := []pooled{}
	err := s.BackupApart(w, prefix, func(file string, content []byte) error {
		one, err := p.keep(file, content)
		list = append(list, one)
		return err
	})
	if err != nil {
		return err
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: prefix + photoList, Mode: 0o600, Size: int64(len(text))}); err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// maxPhotoList bounds a list, in bytes: a million photos.
const maxPhotoList = 256 << 20

func readPhotoList(r io.Reader) (list []pooled, err error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPhotoList))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("the backup's list of photos: %w", err)
	}
	return list, nil
}

// photosOf reads which photos of the pool a backup needs; none where it holds its own.
func photosOf(backup string) (list []pooled, err error) {
	in, err := os.Open(backup)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r := tar.NewReader(in)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if parts := strings.Split(h.Name, "/"); len(parts) == 3 && parts[2] == photoList {
			more, err := readPhotoList(r)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
		}
	}
}

// bring puts the listed photos into a campaign's folder. link: as a second name of the copy in the pool where the disk
// knows such, for a folder that is only read and thrown away. skip leaves out what is missing.
func (p pool) bring(dir string, list []pooled, link, skip bool) error {
	for _, one := range list {
		from, err := p.path(one.Sum)
		if err != nil {
			return err
		}
		if !p.whole(one) {
			if skip {
				continue
			}
			return fmt.Errorf("photo %s of the backup is missing or damaged", one.File)
		}
		err = store.RestorePhoto(dir, one.File, func(to string) error {
			if link && os.Link(from, to) == nil {
				return nil
			}
			content, err := os.ReadFile(from)
			if err != nil {
				return err
			}
			return vault.WriteFileAtomic(to, content, 0o600)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// missing counts the photos of a backup that are not whole in the pool.
func (p pool) missing(list []pooled) (n int) {
	for _, one := range list {
		if !p.whole(one) {
			n++
		}
	}
	return n
}

// photosMissing refuses to restore a backup without its photos unless somebody wants that.
func photosMissing(missing, all int) error {
	return &fieldwork.Problem{Code: "photos-missing", Sentence: fmt.Sprintf("%d of the %d photos of this backup are not beside it. Nothing was restored.", missing, all),
		Hint: "Put the folder “" + poolDir + "” that lay beside the backup next to it again, or restore without these photos: --without-photos. Laptops that have them send them again."}
}

// tidy removes the photos that no backup in the folder needs any more. Where a backup cannot be read, nothing is removed.
func (p pool) tidy() error {
	backups, err := filepath.Glob(filepath.Join(filepath.Dir(p.dir), "*.hqbackup"))
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, b := range backups {
		list, err := photosOf(b)
		if err != nil {
			return fmt.Errorf("read which photos %s needs: %w", filepath.Base(b), err)
		}
		for _, one := range list {
			needed[one.Sum] = true
		}
	}
	err = filepath.WalkDir(p.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || needed[e.Name()] {
			return err
		}
		if _, named := p.path(e.Name()); named != nil {
			return nil // none of ours
		}
		return os.Remove(path)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
