package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"kandili/internal/blob"
	"kandili/internal/vault"
)

// A photo's file, on disk for ever:
//
//	magic 8 | length of sealed manifest u32 | sealed manifest | the chunks of each image, sealed, in the manifest's order
//
// Each chunk has its place, whether or not those before it are there. A place that does not open is a chunk that has
// not come, or not quite: no list of what is there can be wrong after a kill, because there is none.
var photoMagic = []byte("KANDBLB1")

// photoFile is one file, open.
type photoFile struct {
	f        *os.File
	seal     *sealers
	key      [16]byte
	manifest blob.Manifest
	body     int64 // where the first chunk's place begins
}

// manifestPath and chunkPath are the additional data: a chunk opens in its own place only.
func manifestPath(key [16]byte) []byte { return path([]byte("b"), key[:]) }

func chunkPath(key [16]byte, size blob.Size, i int) []byte {
	return append(manifestPath(key), byte(size), byte(i))
}

// openPhotoFile fails with vault.ErrDamaged where the beginning cannot be read.
func openPhotoFile(name string, seal *sealers, key [16]byte) (*photoFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		f, err = os.Open(name) // a disk that is only to be read still shows its photos
	}
	if err != nil {
		return nil, err
	}
	p := &photoFile{f: f, seal: seal, key: key}
	if err := p.readHead(); err != nil {
		f.Close()
		return nil, err
	}
	return p, nil
}

func (p *photoFile) close() { p.f.Close() }

func (p *photoFile) readHead() error {
	head := make([]byte, len(photoMagic)+4)
	if _, err := p.f.ReadAt(head, 0); err != nil {
		return p.cut(err)
	}
	length := binary.BigEndian.Uint32(head[len(photoMagic):])
	if string(head[:len(photoMagic)]) != string(photoMagic) || length > blob.MaxManifest+vault.Overhead {
		return fmt.Errorf("photo %x: %w", p.key, vault.ErrDamaged)
	}
	sealed := make([]byte, length)
	if _, err := p.f.ReadAt(sealed, int64(len(head))); err != nil {
		return p.cut(err)
	}
	raw, err := p.seal.data.Open(nil, manifestPath(p.key), sealed)
	if err != nil {
		return fmt.Errorf("photo %x: %w", p.key, err)
	}
	if p.manifest, err = blob.ReadManifest(raw); err != nil || p.seal.photoKey(p.manifest.Name()) != p.key {
		return fmt.Errorf("photo %x: %w", p.key, vault.ErrDamaged)
	}
	p.body = int64(len(head)) + int64(length)
	return nil
}

// cut says that a file which ends too early is damaged; other errors are the disk's.
func (p *photoFile) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("photo %x ends too early: %w", p.key, vault.ErrDamaged)
	}
	return err
}

// place is where a chunk lies.
func (p *photoFile) place(im *blob.Image, i int) int64 {
	at := p.body
	for k := range p.manifest.Images {
		other := &p.manifest.Images[k]
		if other.Size == im.Size {
			break
		}
		at += int64(other.Length) + int64(other.Count())*vault.Overhead
	}
	return at + int64(i)*(blob.ChunkSize+vault.Overhead)
}

func (p *photoFile) chunk(im *blob.Image, i int) ([]byte, error) {
	sealed := make([]byte, im.ChunkLength(i)+vault.Overhead)
	if _, err := p.f.ReadAt(sealed, p.place(im, i)); err != nil {
		return nil, p.cut(err)
	}
	return p.seal.data.Open(nil, chunkPath(p.key, im.Size, i), sealed)
}

// put writes a chunk in its place and flushes it.
func (p *photoFile) put(im *blob.Image, i int, chunk []byte) error {
	if _, err := p.f.WriteAt(p.seal.data.Seal(nil, chunkPath(p.key, im.Size, i), chunk), p.place(im, i)); err != nil {
		return err
	}
	return datasync(p.f)
}

// chunks looks which chunks of an image are there.
func (p *photoFile) chunks(im *blob.Image) (have blob.Bits) {
	if st, err := p.f.Stat(); err != nil || st.Size() <= p.place(im, 0) {
		return 0
	}
	for i := range im.Count() {
		if c, err := p.chunk(im, i); err == nil && im.Fits(i, c) {
			have = have.With(i)
		}
	}
	return have
}

// image returns an image, checked; vault.ErrDamaged where it is not whole.
func (p *photoFile) image(size blob.Size) ([]byte, error) {
	im := p.manifest.Image(size)
	if im == nil {
		return nil, os.ErrNotExist
	}
	file := make([]byte, 0, im.Length)
	for i := range im.Count() {
		c, err := p.chunk(im, i)
		if err != nil {
			return nil, err
		}
		file = append(file, c...)
	}
	if !im.Whole(file) {
		return nil, fmt.Errorf("photo %x: %w", p.key, vault.ErrDamaged)
	}
	return file, nil
}

// writePhoto writes a file under a temporary name, flushes it and gives it its name. files may be nil: then chunks
// will come.
func (s *Store) writePhoto(key [16]byte, m *blob.Manifest, files [][]byte, whole uint8) error {
	dir := filepath.Join(s.dir, photosDir)
	if err := os.Mkdir(dir, 0o700); err == nil {
		err = vault.SyncDir(dir)
		if err != nil {
			return diskProblem("make the folder for photos", err)
		}
	} else if !errors.Is(err, os.ErrExist) {
		return diskProblem("make the folder for photos", err)
	}
	sealed := s.seal.data.Seal(nil, manifestPath(key), m.Append(nil))
	b := binary.BigEndian.AppendUint32(append([]byte{}, photoMagic...), uint32(len(sealed)))
	b = append(b, sealed...)
	for k, file := range files {
		im := &m.Images[k]
		for i := range im.Count() {
			b = s.seal.data.Seal(b, chunkPath(key, im.Size, i), im.Cut(file, i))
		}
	}
	if err := vault.WriteFileAtomic(s.photoPath(key, whole), b, 0o600); err != nil {
		return diskProblem("keep a photo", err)
	}
	return nil
}
