package blob

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// Size tells the images of one photo apart. On the wire and on disk for ever.
type Size uint8

// The sizes.
const (
	Preview Size = 1 // 6 to 8 KB, for lists and forms
	Working Size = 2 // at most 120 KB, for looking at
	Sizes        = 2 // how many there are
)

// Limits, checked before anything is allocated.
const (
	ChunkSize   = 16 << 10               // bytes of a chunk; the last of an image may be shorter
	MaxChunks   = 64                     // of one image: as many as a bitmap has bits
	MaxImage    = MaxChunks * ChunkSize  // bytes
	MaxManifest = 2*16*MaxChunks + 2<<10 // bytes
	maxSide     = 1 << 14                // pixels
)

// manifestVersion begins a manifest; another one belongs to a later program.
const manifestVersion = 1

// Image is one image of a photo, as the manifest lists it.
type Image struct {
	Size          Size
	Length        int // bytes
	Width, Height int // pixels
	Sum           [32]byte
	Chunks        [][16]byte // beginnings of the chunks' SHA-256; empty where one chunk is all, which Sum is of
}

// Manifest lists the images of a photo, ascending by size, each at most once.
type Manifest struct{ Images []Image }

// NewImage describes an image file.
func NewImage(size Size, width, height int, file []byte) Image {
	m := Image{Size: size, Length: len(file), Width: width, Height: height, Sum: sha256.Sum256(file)}
	if n := m.Count(); n > 1 {
		for i := range n {
			m.Chunks = append(m.Chunks, sum16(m.Cut(file, i)))
		}
	}
	return m
}

func sum16(b []byte) [16]byte {
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// Count is how many chunks the image has.
func (m *Image) Count() int { return (m.Length + ChunkSize - 1) / ChunkSize }

// All is the bitmap of an image that is whole.
func (m *Image) All() Bits { return ^Bits(0) >> (MaxChunks - m.Count()) }

// ChunkLength is how many bytes chunk i has.
func (m *Image) ChunkLength(i int) int { return min(ChunkSize, m.Length-i*ChunkSize) }

// Cut returns chunk i of the whole file; it shares its bytes.
func (m *Image) Cut(file []byte, i int) []byte {
	return file[i*ChunkSize : i*ChunkSize+m.ChunkLength(i)]
}

// Fits says whether the bytes are chunk i of the image.
func (m *Image) Fits(i int, chunk []byte) bool {
	switch {
	case i < 0 || i >= m.Count() || len(chunk) != m.ChunkLength(i):
		return false
	case m.Count() == 1:
		return m.Whole(chunk)
	}
	return sum16(chunk) == m.Chunks[i]
}

// Whole says whether the bytes are the image.
func (m *Image) Whole(file []byte) bool {
	return len(file) == m.Length && sha256.Sum256(file) == m.Sum
}

// Image returns the image of a size, or nil.
func (m *Manifest) Image(s Size) *Image {
	for i := range m.Images {
		if m.Images[i].Size == s {
			return &m.Images[i]
		}
	}
	return nil
}

// Name returns the photo's name.
func (m *Manifest) Name() Name { return Name(sum16(m.Append(nil))) }

// Append appends the manifest in its only form.
func (m *Manifest) Append(b []byte) []byte {
	b = append(b, manifestVersion, byte(len(m.Images)))
	for i := range m.Images {
		im := &m.Images[i]
		b = append(b, byte(im.Size))
		b = binary.AppendUvarint(b, uint64(im.Length))
		b = binary.AppendUvarint(b, uint64(im.Width))
		b = binary.AppendUvarint(b, uint64(im.Height))
		b = append(b, im.Sum[:]...)
		for _, c := range im.Chunks {
			b = append(b, c[:]...)
		}
	}
	return b
}

// ErrUnasked says that no record names a photo, so that it is not taken.
var ErrUnasked = errors.New("no record names this photo")

// ErrManifest says that bytes are no manifest, or one of a later program.
var ErrManifest = errors.New("not a manifest of a photo")

// ReadManifest reads what Append wrote, and nothing else: one manifest has one form, and so one name.
func ReadManifest(b []byte) (Manifest, error) {
	var m Manifest
	r := bytes.NewReader(b)
	version, _ := r.ReadByte()
	count, err := r.ReadByte()
	if err != nil || len(b) > MaxManifest || version != manifestVersion || count < 1 || count > Sizes {
		return m, ErrManifest
	}
	for range count {
		im, err := readImage(r)
		if err != nil || len(m.Images) > 0 && im.Size <= m.Images[len(m.Images)-1].Size {
			return Manifest{}, ErrManifest
		}
		m.Images = append(m.Images, im)
	}
	if !bytes.Equal(m.Append(nil), b) { // longer numbers than needed, or bytes that follow
		return Manifest{}, ErrManifest
	}
	return m, nil
}

func readImage(r *bytes.Reader) (im Image, err error) {
	size, err := r.ReadByte()
	if err != nil || size < 1 || size > Sizes {
		return im, ErrManifest
	}
	im.Size = Size(size)
	for _, n := range []struct {
		into *int
		most uint64
	}{{&im.Length, MaxImage}, {&im.Width, maxSide}, {&im.Height, maxSide}} {
		x, err := binary.ReadUvarint(r)
		if err != nil || x < 1 || x > n.most {
			return im, ErrManifest
		}
		*n.into = int(x)
	}
	if n, _ := r.Read(im.Sum[:]); n != len(im.Sum) {
		return im, ErrManifest
	}
	if im.Count() == 1 {
		return im, nil
	}
	im.Chunks = make([][16]byte, im.Count())
	for i := range im.Chunks {
		if n, _ := r.Read(im.Chunks[i][:]); n != len(im.Chunks[i]) {
			return im, ErrManifest
		}
	}
	return im, nil
}
