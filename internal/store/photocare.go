package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kandili/internal/blob"
	"kandili/internal/vault"
)

// orphanTime is how long a photo stays that no record names any more: a form may still be open, and what was removed
// may be wanted back.
const orphanTime = 7 * 24 * time.Hour

// noteOrphans holds since when photos have been without a record. Not the file's own time: a photo may be years old
// when it is replaced.
const noteOrphans = "photos/orphans"

// SweepPhotos removes the photos that neither a record nor a half-typed form has named for seven days, and returns how
// many.
func (s *Store) SweepPhotos() (int, error) {
	named := map[[16]byte]bool{}
	for _, n := range s.PhotoNames() {
		named[s.seal.photoKey(n)] = true
	}
	for _, n := range s.draftedPhotos() {
		named[s.seal.photoKey(n)] = true
	}
	since := map[string]int64{}
	json.Unmarshal(s.Note(noteOrphans), &since) // nothing or nonsense: the days begin anew
	next, swept, err := s.sweep(named, since)
	if err != nil || len(next) == 0 && len(since) == 0 {
		return swept, err
	}
	b, err := json.Marshal(next)
	if err != nil {
		return swept, err
	}
	return swept, s.SetNote(noteOrphans, b) // not under the photos' lock: whoever saves may wait for that one
}

// sweep removes what has been without a record since long ago, and returns since when the others have been.
func (s *Store) sweep(named map[[16]byte]bool, since map[string]int64) (next map[string]int64, swept int, err error) {
	next = map[string]int64{}
	now := s.opt.Now().Unix()
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	if err := s.listPhotos(); err != nil {
		return since, 0, err
	}
	for key, h := range s.photos.held {
		if named[key] {
			continue
		}
		id := hex.EncodeToString(key[:])
		at, known := since[id]
		switch {
		case !known || at > now: // a clock that was set back must not make it wait for ever, nor less
			next[id] = now
		case now-at < int64(orphanTime/time.Second):
			next[id] = at
		default:
			if err := s.removePhoto(key, h); err != nil {
				return next, swept, err
			}
			swept++
		}
	}
	return next, swept, nil
}

// DropPhotos removes photos at once, whether or not a record names them: for people who asked to be forgotten.
func (s *Store) DropPhotos(names ...blob.Name) error {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	for _, n := range names {
		h, key, err := s.photoHeld(n)
		if err != nil {
			return err
		}
		if h == nil {
			continue
		}
		if err := s.removePhoto(key, h); err != nil {
			return err
		}
	}
	return nil
}

// forgetPhotos removes at once the photos of people who were forgotten, the replaced ones, too. One that somebody else's
// record names as well stays. Files that were set aside go: whose photo is in them cannot be read any more.
func (s *Store) forgetPhotos(names []blob.Name) error {
	names = slices.DeleteFunc(names, s.PhotoWanted)
	if err := s.DropPhotos(names...); err != nil || len(names) == 0 {
		return err
	}
	aside, _ := filepath.Glob(filepath.Join(s.dir, photosDir, asidePrefix+"*")) // fails for a pattern that is none
	for _, name := range aside {
		if err := os.Remove(name); err != nil {
			return diskProblem("remove a damaged photo that was kept", err)
		}
	}
	return nil
}

func (s *Store) removePhoto(key [16]byte, h *photoHeld) error {
	if err := os.Remove(s.photoPath(key, h.whole)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diskProblem("remove a photo", err)
	}
	s.photos.whole -= wholeImages(h.whole)
	delete(s.photos.held, key)
	return nil
}

// draftedPhotos returns the photos that half-typed forms name; forms keep them as the hexadecimal digits of the name.
func (s *Store) draftedPhotos() (names []blob.Name) {
	const digits = 2 * len(blob.Name{})
	for _, draft := range s.Drafts() {
		for run := range bytes.FieldsFuncSeq(draft, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') }) {
			if len(run) != digits {
				continue
			}
			if n, ok := blob.ParseName(string(run)); ok {
				names = append(names, n)
			}
		}
	}
	return names
}

// backupPhotos hands on the photos' files as they are. One that is being written meanwhile may come out torn: the places
// that do not open count as not arrived.
func (s *Store) backupPhotos(photo KeepPhoto) error {
	list, err := os.ReadDir(filepath.Join(s.dir, photosDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return diskProblem("look for photos", err)
	}
	for _, e := range list {
		key, whole, ok := parsePhotoFile(e.Name())
		if !ok {
			continue
		}
		b, name, err := s.photoFileNow(key, whole)
		if errors.Is(err, fs.ErrNotExist) {
			continue // swept meanwhile
		}
		if err != nil {
			return diskProblem("read a photo", err)
		}
		if err := photo(name, b); err != nil {
			return err
		}
	}
	return nil
}

// photoFileNow reads a photo's file under whatever name it has by now.
func (s *Store) photoFileNow(key [16]byte, whole uint8) ([]byte, string, error) {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	if h := s.photos.held[key]; h != nil {
		whole = h.whole
	}
	path := s.photoPath(key, whole)
	b, err := os.ReadFile(path)
	return b, filepath.Base(path), err
}

// verifyPhotos reads every photo: seals, names, and the hash of each image that counts as whole.
func (s *Store) verifyPhotos(r *Report, note func(string, ...any)) {
	s.photos.mu.Lock()
	if err := s.listPhotos(); err != nil {
		note("the photos cannot be listed: %v", err)
	}
	for key, h := range s.photos.held {
		r.Photos++
		f, err := openPhotoFile(s.photoPath(key, h.whole), &s.seal, key)
		if err != nil {
			note("photo %x cannot be read: %v", key, err)
			continue
		}
		for size := blob.Preview; size <= blob.Sizes; size++ {
			if h.whole&uint8(size) == 0 {
				continue
			}
			if _, err := f.image(size); err != nil {
				note("image %d of photo %x cannot be read: %v", size, key, err)
			}
		}
		f.close()
	}
	s.photos.mu.Unlock()
	for _, n := range s.PhotoNames() {
		if !s.PhotoState(n).Whole() {
			r.PhotosWaiting++
		}
	}
}

// photos gives up what is damaged of photos, so that it counts as not arrived, and the next sync brings it. Nothing
// is deleted: a file whose beginning is damaged is set aside.
func (r *repair) photos(s *Store) error {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	if err := s.listPhotos(); err != nil {
		return err
	}
	again, aside := 0, 0
	for key, h := range s.photos.held {
		sound, err := s.soundImages(key, h)
		switch {
		case errors.Is(err, vault.ErrDamaged):
			aside++
			err = s.setPhotoAside(key, h)
		case err == nil && sound != h.whole:
			again++
			err = s.renamePhoto(key, h, sound)
		}
		if err != nil {
			return diskProblem("mend a photo", err)
		}
	}
	if again+aside == 0 {
		return nil
	}
	r.damagedPhotos = append(r.damagedPhotos, fmt.Sprintf("Photos with damage: %d.", again+aside))
	r.did("What is damaged of %d photos counts as not arrived: it comes with the next sync from wherever it is whole.", again+aside)
	if aside > 0 {
		r.did("The files of %d photos cannot be read at all; they are kept under names that begin with %q.", aside, asidePrefix)
	}
	return nil
}

// soundImages returns which of a photo's whole images are so indeed; vault.ErrDamaged where the file has no beginning.
func (s *Store) soundImages(key [16]byte, h *photoHeld) (uint8, error) {
	f, err := openPhotoFile(s.photoPath(key, h.whole), &s.seal, key)
	if err != nil {
		return 0, err
	}
	defer f.close()
	sound := h.whole
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if h.whole&uint8(size) == 0 {
			continue
		}
		if _, err := f.image(size); err != nil {
			sound &^= uint8(size)
		}
	}
	return sound, nil
}
