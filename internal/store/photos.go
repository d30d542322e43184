package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/vault"
)

// Photos lie in files of their own beside the campaign's file, one for each, sealed; see photofile.go. A file is there
// before a record names its photo, and no record names what is not at least asked for.
//
// photosDir is the folder; on disk for ever, as are the names in it: the photo's hidden name in hexadecimal, a dot, and
// the sum of the sizes that are whole.
const photosDir = "blobs"

// photos is what is known of the files. It has a lock of its own: nothing that a person does waits for a photo.
type photos struct {
	mu    sync.Mutex
	held  map[[16]byte]*photoHeld // by hidden name; nil until somebody asks
	whole int                     // images that are whole
}

// photoHeld is one file.
type photoHeld struct {
	whole   uint8 // sum of the sizes that are whole, as in the file's name
	counted bool  // chunks are known
	chunks  [blob.Sizes]blob.Bits
	listed  uint8 // sum of the sizes that the manifest lists; where counted
}

func (h *photoHeld) state() blob.State {
	var s blob.State
	for size := blob.Preview; size <= blob.Sizes; size++ {
		held := blob.Held{Begun: true, Chunks: h.chunks[size-1]}
		if h.whole&uint8(size) != 0 || h.listed&uint8(size) == 0 { // a size that is not listed lacks nothing
			held = blob.Held{Whole: true}
		}
		s = s.With(size, held)
	}
	return s
}

// AddPhoto keeps a photo that was made here, durably, so that a record can be saved that names it. files are the
// images in the manifest's order. On a disk that is nearly full it is refused: text is worth more.
func (s *Store) AddPhoto(m blob.Manifest, files [][]byte) (blob.Name, error) {
	name := m.Name()
	if len(files) != len(m.Images) {
		return name, fmt.Errorf("%d files for %d images", len(files), len(m.Images))
	}
	for i := range files {
		if !m.Images[i].Whole(files[i]) {
			return name, fmt.Errorf("image %d is not what the manifest says", m.Images[i].Size)
		}
	}
	if err := s.roomForPhotos(); err != nil {
		return name, err
	}
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	h, key, err := s.photoHeld(name)
	if err != nil || h != nil && h.state().Whole() {
		return name, err
	}
	var all uint8
	for i := range m.Images {
		all |= uint8(m.Images[i].Size)
	}
	if err := s.writePhoto(key, &m, files, all); err != nil {
		return name, err
	}
	if h != nil && h.whole != all { // it was held in part, under another name
		os.Remove(s.photoPath(key, h.whole))
	}
	s.photos.set(key, &photoHeld{whole: all, counted: true, listed: all})
	return name, nil
}

// PhotoState says how much of a photo is here.
func (s *Store) PhotoState(name blob.Name) blob.State {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	h, _, err := s.photoHeld(name)
	if err != nil || h == nil {
		return blob.State{}
	}
	return h.state()
}

// PhotoManifest returns the manifest of a photo; fs.ErrNotExist where it is not here.
func (s *Store) PhotoManifest(name blob.Name) (blob.Manifest, error) {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	f, err := s.openPhoto(name)
	if err != nil {
		return blob.Manifest{}, err
	}
	defer f.close()
	return f.manifest, nil
}

// Photo returns the image of a photo, checked; fs.ErrNotExist where it is not here whole. An image that turns out
// damaged is given up, so that the next sync brings it again.
func (s *Store) Photo(name blob.Name, size blob.Size) ([]byte, error) {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	h, key, err := s.photoHeld(name)
	if err != nil {
		return nil, err
	}
	if h == nil || h.whole&uint8(size) == 0 {
		return nil, fs.ErrNotExist
	}
	f, err := s.openPhoto(name)
	if err != nil {
		return nil, err
	}
	file, err := f.image(size)
	f.close()
	if errors.Is(err, vault.ErrDamaged) {
		return nil, errors.Join(err, s.renamePhoto(key, h, h.whole&^uint8(size)))
	}
	return file, err
}

// PhotoChunk returns a chunk of a photo; fs.ErrNotExist where it is not here.
func (s *Store) PhotoChunk(name blob.Name, size blob.Size, i int) ([]byte, error) {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	h, key, err := s.photoHeld(name)
	if err != nil {
		return nil, err
	}
	if h == nil || !h.state().Of(size).Has(i) {
		return nil, fs.ErrNotExist
	}
	f, err := s.openPhoto(name)
	if err != nil {
		return nil, err
	}
	im := f.manifest.Image(size)
	if im == nil || i < 0 || i >= im.Count() {
		f.close()
		return nil, fs.ErrNotExist
	}
	chunk, err := f.chunk(im, i)
	f.close()
	if errors.Is(err, vault.ErrDamaged) {
		return nil, errors.Join(err, s.renamePhoto(key, h, h.whole&^uint8(size)))
	}
	return chunk, err
}

// TakeManifest begins a photo that comes from elsewhere. It is taken only where a record names the photo, so that
// nobody fills a disk with what nobody asked for; blob.ErrUnasked says so.
func (s *Store) TakeManifest(m blob.Manifest) error {
	name := m.Name()
	if !s.PhotoWanted(name) {
		return blob.ErrUnasked
	}
	if err := s.roomForPhotos(); err != nil {
		return err
	}
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	h, key, err := s.photoHeld(name)
	if err != nil || h != nil {
		return err
	}
	if err := s.writePhoto(key, &m, nil, 0); err != nil {
		return err
	}
	s.photos.set(key, &photoHeld{})
	return nil
}

// TakeChunk keeps a chunk, durably, in whatever order chunks come. It fails with fs.ErrNotExist where the manifest has
// not come yet, and with blob.ErrManifest where the bytes are not that chunk. A chunk that is here already is none
// the worse for coming again.
func (s *Store) TakeChunk(name blob.Name, size blob.Size, i int, chunk []byte) error {
	if !s.PhotoWanted(name) {
		return blob.ErrUnasked
	}
	if err := s.roomForPhotos(); err != nil {
		return err
	}
	done, err := s.takeChunk(name, size, i, chunk)
	if err == nil && done {
		s.tell(Event{Photos: true})
	}
	return err
}

func (s *Store) takeChunk(name blob.Name, size blob.Size, i int, chunk []byte) (whole bool, err error) {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	h, key, err := s.photoHeld(name)
	if err != nil {
		return false, err
	}
	if h == nil {
		return false, fs.ErrNotExist
	}
	if h.state().Of(size).Has(i) {
		return false, nil
	}
	f, err := s.openPhoto(name)
	if err != nil {
		return false, err
	}
	defer f.close()
	im := f.manifest.Image(size)
	if im == nil || !im.Fits(i, chunk) {
		return false, blob.ErrManifest
	}
	if err := f.put(im, i, chunk); err != nil {
		return false, diskProblem("keep a piece of a photo", err)
	}
	h.chunks[size-1] = h.chunks[size-1].With(i)
	if h.chunks[size-1] != im.All() {
		return false, nil
	}
	_, err = f.image(size)
	f.close()
	if err != nil {
		return false, nil // each chunk fits and the whole does not: its maker lied, and it stays in pieces
	}
	return true, s.renamePhoto(key, h, h.whole|uint8(size))
}

// PhotoNames returns the photos that records name now, in a stable order.
func (s *Store) PhotoNames() []blob.Name {
	s.mu.RLock()
	names := make([]blob.Name, 0, len(s.records.photos))
	for n := range s.records.photos {
		names = append(names, n)
	}
	s.mu.RUnlock()
	slices.SortFunc(names, func(a, b blob.Name) int { return strings.Compare(string(a[:]), string(b[:])) })
	return names
}

// PhotoWanted says whether a record names the photo now.
func (s *Store) PhotoWanted(name blob.Name) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.records.photos[name] > 0
}

// noteWishes holds the names of photos that somebody wants to see large, one after the other.
const noteWishes = "photos/wishes"

// WishPhoto has the working image of a photo fetched with the next sync, whatever the policy.
func (s *Store) WishPhoto(name blob.Name) error {
	old := s.PhotoWishes()
	if old[name] || s.PhotoState(name).Of(blob.Working).Whole {
		return nil
	}
	var list []byte
	for n := range old {
		if s.PhotoWanted(n) && !s.PhotoState(n).Of(blob.Working).Whole { // the others came, or nothing names them any more
			list = append(list, n[:]...)
		}
	}
	return s.SetNote(noteWishes, append(list, name[:]...))
}

// PhotoWishes returns the photos that somebody wants to see large.
func (s *Store) PhotoWishes() map[blob.Name]bool {
	all := map[blob.Name]bool{}
	for b := s.Note(noteWishes); len(b) >= len(blob.Name{}); b = b[len(blob.Name{}):] {
		all[blob.Name(b)] = true
	}
	return all
}

// WholeImages counts the images that are here whole. A different number tells others that asking again makes sense.
func (s *Store) WholeImages() int {
	s.photos.mu.Lock()
	defer s.photos.mu.Unlock()
	if err := s.listPhotos(); err != nil {
		return 0
	}
	return s.photos.whole
}

// photoKey hides which photo a file is.
func (s *sealers) photoKey(name blob.Name) [16]byte { return s.names.Sum16([]byte("b"), name[:]) }

func (s *Store) photoPath(key [16]byte, whole uint8) string {
	return filepath.Join(s.dir, photosDir, fmt.Sprintf("%x.%d", key, whole))
}

// parsePhotoFile reads the name of a file of the folder.
func parsePhotoFile(name string) (key [16]byte, whole uint8, ok bool) {
	text, mask, cut := strings.Cut(name, ".")
	b, err := hex.DecodeString(text)
	if !cut || err != nil || len(b) != len(key) || len(mask) != 1 || mask[0] < '0' || mask[0] > '3' || text != strings.ToLower(text) {
		return key, 0, false
	}
	return [16]byte(b), mask[0] - '0', true
}

// listPhotos reads the folder once. The caller holds photos.mu.
func (s *Store) listPhotos() error {
	if s.photos.held != nil {
		return nil
	}
	list, err := os.ReadDir(filepath.Join(s.dir, photosDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diskProblem("look for photos", err)
	}
	s.photos.held, s.photos.whole = map[[16]byte]*photoHeld{}, 0
	for _, e := range list {
		key, whole, ok := parsePhotoFile(e.Name())
		if !ok {
			continue
		}
		if old := s.photos.held[key]; old != nil { // a kill left two: the one that has more counts
			less := min(old.whole, whole)
			os.Remove(s.photoPath(key, less))
			whole = max(old.whole, whole)
		}
		s.photos.set(key, &photoHeld{whole: whole, counted: whole == allSizes, listed: whole})
	}
	return nil
}

// set takes a file into the list.
func (p *photos) set(key [16]byte, h *photoHeld) {
	if old := p.held[key]; old != nil {
		p.whole -= wholeImages(old.whole)
	}
	p.held[key] = h
	p.whole += wholeImages(h.whole)
}

// allSizes is the sum of all sizes, which says that nothing of a photo is missing.
const allSizes = uint8(blob.Preview | blob.Working)

func wholeImages(mask uint8) int { return blob.Bits(mask).Count() }

// photoHeld returns what is here of a photo, or nil. The caller holds photos.mu.
func (s *Store) photoHeld(name blob.Name) (*photoHeld, [16]byte, error) {
	key := s.seal.photoKey(name)
	if err := s.listPhotos(); err != nil {
		return nil, key, err
	}
	h := s.photos.held[key]
	if h == nil || h.counted {
		return h, key, nil
	}
	err := s.countChunks(key, h)
	if errors.Is(err, vault.ErrDamaged) {
		return nil, key, s.setPhotoAside(key, h)
	}
	return s.photos.held[key], key, err
}

// countChunks looks which chunks of unfinished images are here, and finishes what a kill kept from being finished.
func (s *Store) countChunks(key [16]byte, h *photoHeld) error {
	f, err := openPhotoFile(s.photoPath(key, h.whole), &s.seal, key)
	if err != nil {
		return err
	}
	whole := h.whole
	for i := range f.manifest.Images {
		im := &f.manifest.Images[i]
		h.listed |= uint8(im.Size)
		if h.whole&uint8(im.Size) != 0 {
			continue
		}
		h.chunks[im.Size-1] = f.chunks(im)
		if h.chunks[im.Size-1] == im.All() {
			if _, err := f.image(im.Size); err == nil {
				whole |= uint8(im.Size)
			}
		}
	}
	f.close()
	h.counted = true
	if whole == h.whole {
		return nil
	}
	return s.renamePhoto(key, h, whole)
}

// renamePhoto notes in the file's name which images are whole. The file must not be open: some systems refuse that.
func (s *Store) renamePhoto(key [16]byte, h *photoHeld, whole uint8) error {
	to := s.photoPath(key, whole)
	err := os.Rename(s.photoPath(key, h.whole), to)
	if err == nil {
		err = vault.SyncDir(to)
	}
	if err != nil {
		return diskProblem("note which images of a photo are whole", err)
	}
	now := *h
	now.whole, now.counted = whole, h.counted && whole > h.whole
	if !now.counted {
		now.chunks, now.listed = [blob.Sizes]blob.Bits{}, 0
	}
	s.photos.set(key, &now)
	return nil
}

// setPhotoAside moves a file away whose beginning is damaged. Nothing of it can be read, but nobody deletes it.
func (s *Store) setPhotoAside(key [16]byte, h *photoHeld) error {
	from := s.photoPath(key, h.whole)
	s.photos.whole -= wholeImages(h.whole)
	delete(s.photos.held, key)
	if err := os.Rename(from, filepath.Join(filepath.Dir(from), asidePrefix+filepath.Base(from))); err != nil {
		return diskProblem("move a damaged photo aside", err)
	}
	return nil
}

// openPhoto opens the file of a photo; fs.ErrNotExist where it is not here, or was set aside because its beginning is
// damaged.
func (s *Store) openPhoto(name blob.Name) (*photoFile, error) {
	h, key, err := s.photoHeld(name)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fs.ErrNotExist
	}
	f, err := openPhotoFile(s.photoPath(key, h.whole), &s.seal, key)
	if errors.Is(err, vault.ErrDamaged) {
		return nil, errors.Join(fs.ErrNotExist, s.setPhotoAside(key, h))
	}
	return f, err
}

// leastFree is how much of the disk photos leave free, in bytes: text goes on long after they stopped.
const leastFree = 500 << 20

// roomForPhotos refuses photos on a disk that is nearly full.
func (s *Store) roomForPhotos() error {
	if s.broken != nil {
		return s.broken
	}
	free, err := s.opt.Free(s.dir)
	if err != nil || free >= leastFree { // who cannot tell how much is free learns it when writing
		return nil
	}
	return &fieldwork.Problem{Code: "no-room-for-photos", Sentence: "The disk is nearly full, so no photo was taken in. Text is still saved.",
		Hint: "Free some space, 500 MB at least, then add the photo again."}
}
