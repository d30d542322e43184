package exchange

import (
	"errors"
	"io/fs"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/sync/wire"
)

// Album is what the engine needs of a store to exchange photos.
type Album interface {
	// PhotoNames returns the photos that records name, in a stable order.
	PhotoNames() []blob.Name
	// PhotoWanted says whether a record names the photo.
	PhotoWanted(blob.Name) bool
	// PhotoState says how much of a photo is here.
	PhotoState(blob.Name) blob.State
	// PhotoManifest and PhotoChunk return what is here; fs.ErrNotExist where it is not.
	PhotoManifest(blob.Name) (blob.Manifest, error)
	PhotoChunk(blob.Name, blob.Size, int) ([]byte, error)
	// TakeManifest and TakeChunk keep what came, durably, in any order; blob.ErrUnasked where no record names it.
	TakeManifest(blob.Manifest) error
	TakeChunk(blob.Name, blob.Size, int, []byte) error
	// WholeImages counts the images that are here whole.
	WholeImages() int
	// Note and SetNote keep small values between exchanges, durably; nil: nothing kept.
	Note(name string) []byte
	SetNote(name string, value []byte) error
}

// allSizes is the sum of all sizes, as wire.PhotoHeld.Want has it.
const allSizes = uint8(blob.Preview | blob.Working)

// took says what became of a manifest or a chunk.
type took struct {
	name    blob.Name
	unasked bool               // no record here names it
	news    bool               // it was new here
	whole   bool               // with it an image is whole
	full    *fieldwork.Problem // the disk takes no photos
}

// takePhoto keeps a manifest or a chunk. What does not fit, or is about something unknown here, is dropped: whoever
// sent it hears how much is held, and that is all there is to say.
func takePhoto(a Album, f wire.Frame) (took, error) {
	if f.Type == wire.TypeManifest {
		m, err := wire.ReadManifest(f.Body)
		if err != nil {
			return took{}, nil // a newer program's, perhaps
		}
		return kept(a, m.Name(), func() error { return a.TakeManifest(m) })
	}
	c, err := wire.ReadChunk(f.Body)
	if err != nil {
		return took{}, nil
	}
	return kept(a, c.Name, func() error { return a.TakeChunk(c.Name, c.Size, c.Index, c.Bytes) })
}

func kept(a Album, name blob.Name, take func() error) (took, error) {
	t := took{name: name}
	before := a.PhotoState(name)
	err := take()
	switch {
	case err == nil:
		now := a.PhotoState(name)
		t.news = now != before
		t.whole = before.Known() && (now.Of(blob.Preview).Whole && !before.Of(blob.Preview).Whole || now.Of(blob.Working).Whole && !before.Of(blob.Working).Whole)
		return t, nil
	case errors.Is(err, blob.ErrUnasked):
		t.unasked = true
		return t, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, blob.ErrManifest):
		return t, nil
	case errors.As(err, &t.full) && (t.full.Code == "no-room-for-photos" || t.full.Code == "disk-full"):
		return t, nil
	}
	return t, err
}

// giver sends what the other side lacks, until its room is used up.
type giver struct {
	album Album
	room  int // bytes
	send  func(wire.Frame) error
	most  int  // chunks that one give sends; 0: all
	begun bool // a chunk went
	short bool // something had no room
}

// give sends the chunks of one image that they lack and we hold, after the manifest where they have nothing of the
// photo yet, and notes in p what they have then. It returns how many chunks it sent.
func (g *giver) give(p *wire.PhotoHeld, size blob.Size) (n int, err error) {
	if !lacks(g.album.PhotoState(p.Name), p.State, size) {
		return 0, nil
	}
	m, err := g.album.PhotoManifest(p.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	im := m.Image(size)
	if im == nil {
		return 0, nil
	}
	for i := range im.Count() {
		sent, err := g.chunk(&m, p, im, i)
		if err != nil || g.short {
			return n, err
		}
		if sent {
			n++
		}
		if g.most > 0 && n == g.most {
			break
		}
	}
	return n, nil
}

// lacks says whether they lack chunks of an image that we hold.
func lacks(mine, theirs blob.State, size blob.Size) bool {
	m, t := mine.Of(size), theirs.Of(size)
	return !t.Whole && (m.Whole || m.Chunks&^t.Chunks != 0)
}

func (g *giver) chunk(m *blob.Manifest, p *wire.PhotoHeld, im *blob.Image, i int) (sent bool, err error) {
	theirs := p.State.Of(im.Size)
	if theirs.Has(i) || !g.album.PhotoState(p.Name).Of(im.Size).Has(i) {
		return false, nil
	}
	chunk, err := g.album.PhotoChunk(p.Name, im.Size, i)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	frames := []wire.Frame{(&wire.Chunk{Name: p.Name, Size: im.Size, Index: i, Bytes: chunk}).Frame()}
	if !p.State.Known() || !theirs.Whole && !theirs.Begun {
		frames = append([]wire.Frame{wire.ManifestFrame(m)}, frames...)
	}
	bytes := 0
	for _, f := range frames {
		bytes += len(f.Body) + frameHead
	}
	if bytes > g.room && (g.begun || g.room <= 0) { // the first chunk may stand over, or on a bad link nothing ever went
		g.short = true
		return false, nil
	}
	g.room, g.begun = g.room-bytes, true
	for _, f := range frames {
		if err := g.send(f); err != nil {
			return false, err
		}
	}
	if !theirs.Begun { // the manifest says what there is of every size
		p.State = begun(p.State)
		theirs = p.State.Of(im.Size)
	}
	theirs.Chunks = theirs.Chunks.With(i)
	theirs.Whole = theirs.Chunks == im.All()
	p.State = p.State.With(im.Size, theirs)
	return true, nil
}

// begun is the state of who has the manifest besides.
func begun(s blob.State) blob.State {
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if h := s.Of(size); !h.Whole {
			h.Begun = true
			s = s.With(size, h)
		}
	}
	return s
}
