package exchange

import (
	"kandili/internal/blob"
	"kandili/sync/wire"
)

// CourierPhotos are the photos of a courier file. They come after all changes, previews first; before each part's first
// chunk of a photo stands its manifest, so that parts work alone.
type CourierPhotos struct {
	Album Album
	Sizes uint8                 // sum of the sizes that go
	Held  func(blob.Name) uint8 // sum of the sizes that the readers hold for certain; nil: nothing
	Most  int64                 // bytes of photos; what does not fit is for the next file; 0: no bound
}

// lacked is the sum of the sizes of a photo that go.
func (c *CourierPhotos) lacked(name blob.Name) (sizes uint8) {
	held := uint8(0)
	if c.Held != nil {
		held = c.Held(name)
	}
	state := c.Album.PhotoState(name)
	for size := blob.Preview; size <= blob.Sizes; size++ {
		h := state.Of(size)
		if bit := uint8(size); c.Sizes&bit != 0 && held&bit == 0 && state.Known() && (h.Whole || h.Chunks != 0) {
			sizes |= bit
		}
	}
	return sizes
}

// Any says whether there are photos to carry.
func (c *CourierPhotos) Any() bool {
	for _, name := range c.Album.PhotoNames() {
		if c.lacked(name) != 0 {
			return true
		}
	}
	return false
}

// photos writes the photos.
func (w *partWriter) photos() error {
	if w.Photos == nil {
		return nil
	}
	left := w.Photos.Most
	if left == 0 {
		left = 1 << 62
	}
	names := w.Photos.Album.PhotoNames()
	for size := blob.Preview; size <= blob.Sizes; size++ {
		for _, name := range names {
			if w.Photos.lacked(name)&uint8(size) == 0 {
				continue
			}
			n, err := w.photo(name, size)
			if err != nil {
				return err
			}
			if left -= n; left <= 0 {
				return nil
			}
		}
	}
	return nil
}

// photo writes what is here of an image, and returns how many bytes that took.
func (w *partWriter) photo(name blob.Name, size blob.Size) (bytes int64, err error) {
	held := wire.PhotoHeld{Name: name} // what the readers have of it when they have read so far
	g := giver{album: w.Photos.Album, room: 1 << 62, most: 1, send: func(f wire.Frame) error {
		bytes += int64(len(f.Body))
		return w.frame(f)
	}}
	part := w.load.Parts
	for lacks(w.Photos.Album.PhotoState(name), held.State, size) {
		if err := w.ctx.Err(); err != nil {
			return bytes, err
		}
		if err := w.turn(blob.ChunkSize + blob.MaxManifest); err != nil {
			return bytes, err
		}
		if part != w.load.Parts {
			part, held.State = w.load.Parts, unbegun(held.State)
		}
		if n, err := g.give(&held, size); err != nil || n == 0 {
			return bytes, err // removed meanwhile
		}
	}
	w.load.Images++
	return bytes, nil
}

// unbegun is a state whose manifest stands in another part: the next chunk brings it again.
func unbegun(s blob.State) blob.State {
	for size := blob.Preview; size <= blob.Sizes; size++ {
		h := s.Of(size)
		h.Begun = false
		s = s.With(size, h)
	}
	return s
}

// holding tells, in HQ's name, which photos HQ holds.
func (w *partWriter) holding() error {
	if w.Photos == nil || !w.Receipts || w.load.Parts > 1 {
		return nil
	}
	a := w.Photos.Album
	var list []wire.PhotoHeld
	for _, name := range a.PhotoNames() {
		if s := a.PhotoState(name); s.Known() {
			list = append(list, wire.PhotoHeld{Name: name, State: s})
		}
	}
	for len(list) > 0 {
		n := min(len(list), wire.MaxPhotos)
		if err := w.turn(wire.MaxBody); err != nil {
			return err
		}
		if err := w.frame((&wire.Photos{Images: uint64(a.WholeImages()), List: list[:n]}).Frame()); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// HeardPhotos remembers what the peer told, by a road that it could be believed on, to hold of photos.
func HeardPhotos(a Album, peer string, told []wire.Photos) error {
	var m photoMemory
	m.read(a.Note(photosNote(peer)))
	for i := range told {
		for _, h := range told[i].List {
			mask := m.held[h.Name]
			for size := blob.Preview; size <= blob.Sizes; size++ {
				if h.State.Of(size).Whole {
					mask |= uint8(size)
				}
			}
			if m.held[h.Name] != mask {
				m.held[h.Name], m.changed = mask, true
			}
		}
	}
	if !m.changed {
		return nil
	}
	return a.SetNote(photosNote(peer), m.bytes())
}
