package wire

import (
	"encoding/binary"

	"kandili/internal/blob"
)

// Frames of photos. They come after all others; docs/wire.md says who sends what when.
const (
	TypePhotos   Type = 10 // of some photos, what the sender holds and what it would take
	TypeChunk    Type = 11 // a piece of an image
	TypeManifest Type = 12 // what a photo consists of
)

// MaxPhotos is how many photos a TypePhotos may name; nobody names more than AskPhotos in one request.
const (
	MaxPhotos = 1024
	AskPhotos = 500
)

// Photos says of some photos what the sender holds and what it would take. In an answer, every photo that the request
// named and that is not in it is held whole.
type Photos struct {
	Images uint64 // how many images the sender holds whole, of all photos: another number means that asking again may help
	Room   uint64 // how many bytes of photos the sender takes in the answer; 0: as many as come
	List   []PhotoHeld
}

// PhotoHeld is one photo of a TypePhotos.
type PhotoHeld struct {
	Name  blob.Name
	State blob.State
	Want  uint8 // sum of the sizes of which the sender would take what it lacks
}

// Wants says whether the sender would take chunks of the image.
func (p *PhotoHeld) Wants(s blob.Size) bool { return p.Want&uint8(s) != 0 }

// How an entry holds an image, two bits for each size; the sizes wanted follow.
const (
	holdsNothing = 0
	holdsPart    = 1 // a bitmap follows
	holdsWhole   = 2
	wantShift    = 2 * blob.Sizes
)

// Frame returns the frame. There must not be more than MaxPhotos in it.
func (p *Photos) Frame() Frame {
	b := binary.AppendUvarint(nil, p.Images)
	b = binary.AppendUvarint(b, p.Room)
	b = binary.AppendUvarint(b, uint64(len(p.List)))
	for i := range p.List {
		b = p.List[i].append(b)
	}
	return Frame{TypePhotos, b}
}

func (p *PhotoHeld) append(b []byte) []byte {
	b = append(b, p.Name[:]...)
	how, at := p.Want<<wantShift, len(b)
	b = append(b, 0)
	for size := blob.Preview; size <= blob.Sizes; size++ {
		h := p.State.Of(size)
		switch {
		case h.Whole:
			how |= holdsWhole << (2 * (size - 1))
		case h.Begun:
			how |= holdsPart << (2 * (size - 1))
			b = binary.AppendUvarint(b, uint64(h.Chunks))
		}
	}
	b[at] = how
	return b
}

// ReadPhotos reads the body of a TypePhotos. Bytes after what is known are a newer version's, and left alone.
func ReadPhotos(body []byte) (Photos, error) {
	r := reader{b: body}
	p := Photos{Images: r.uvarint(), Room: r.uvarint()}
	n := r.uvarint()
	if n > MaxPhotos {
		return Photos{}, ErrTooLong
	}
	for range n {
		h := r.photoHeld()
		if r.err != nil {
			return Photos{}, r.err
		}
		p.List = append(p.List, h)
	}
	return p, r.err
}

func (r *reader) photoHeld() (p PhotoHeld) {
	copy(p.Name[:], r.take(len(p.Name)))
	how := r.take(1)
	if how == nil || how[0]>>(wantShift+blob.Sizes) != 0 {
		r.fail()
		return p
	}
	p.Want = how[0] >> wantShift
	for size := blob.Preview; size <= blob.Sizes; size++ {
		switch how[0] >> (2 * (size - 1)) & 3 {
		case holdsNothing:
		case holdsPart:
			p.State = p.State.With(size, blob.Held{Begun: true, Chunks: blob.Bits(r.uvarint())})
		case holdsWhole:
			p.State = p.State.With(size, blob.Held{Whole: true})
		default:
			r.fail()
		}
	}
	return p
}

// Chunk is a piece of an image. Whether it is that piece, the manifest tells.
type Chunk struct {
	Name  blob.Name
	Size  blob.Size
	Index int
	Bytes []byte
}

// Frame returns the frame.
func (c *Chunk) Frame() Frame {
	b := make([]byte, 0, len(c.Name)+2+len(c.Bytes))
	b = append(b, c.Name[:]...)
	b = append(b, byte(c.Size), byte(c.Index)) // below 64, so that it is a uvarint of one byte
	return Frame{TypeChunk, append(b, c.Bytes...)}
}

// ReadChunk reads the body of a TypeChunk.
func ReadChunk(body []byte) (Chunk, error) {
	r := reader{b: body}
	var c Chunk
	copy(c.Name[:], r.take(len(c.Name)))
	if size := r.take(1); size != nil {
		c.Size = blob.Size(size[0])
	}
	i := r.uvarint()
	if r.err != nil || c.Size < 1 || c.Size > blob.Sizes || i >= blob.MaxChunks || len(r.b) == 0 || len(r.b) > blob.ChunkSize {
		return Chunk{}, ErrBody
	}
	c.Index, c.Bytes = int(i), r.b
	return c, nil
}

// ManifestFrame tells what a photo consists of; its name follows from the body.
func ManifestFrame(m *blob.Manifest) Frame { return Frame{TypeManifest, m.Append(nil)} }

// ReadManifest reads the body of a TypeManifest.
func ReadManifest(body []byte) (blob.Manifest, error) { return blob.ReadManifest(body) }
