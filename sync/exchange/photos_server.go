package exchange

import (
	"kandili/internal/blob"
	"kandili/sync/wire"
)

// PhotoServer is the Rest of one answer: it takes photos in, says what is held of those that the request names, and
// gives what the request asks for. There is one for each request.
type PhotoServer struct {
	Album Album
	Sizes uint8 // sum of the sizes that are taken in; 0: none

	heard bool // the request speaks of photos
	room  uint64
	full  bool
	named []wire.PhotoHeld
	at    map[blob.Name]int // index in named
}

// Take takes in what the request says of photos.
func (s *PhotoServer) Take(f wire.Frame) (news bool, err error) {
	switch f.Type {
	case wire.TypePhotos:
		p, err := wire.ReadPhotos(f.Body)
		if err != nil {
			return false, nil // a newer program's: it goes without photos
		}
		s.heard, s.room = true, p.Room
		for _, h := range p.List {
			s.name(h)
		}
	case wire.TypeManifest, wire.TypeChunk:
		if s.Sizes == 0 || s.full {
			return false, nil
		}
		t, err := takePhoto(s.Album, f)
		if err != nil {
			return false, err
		}
		s.full = t.full != nil
		if t.name != (blob.Name{}) {
			s.heard = true
			s.name(wire.PhotoHeld{Name: t.name})
		}
		return t.news, nil
	}
	return false, nil
}

// name notes that the request names a photo. What it says of it first counts.
func (s *PhotoServer) name(h wire.PhotoHeld) {
	if s.at == nil {
		s.at = map[blob.Name]int{}
	}
	if _, known := s.at[h.Name]; known || len(s.named) >= wire.MaxPhotos {
		return
	}
	s.at[h.Name] = len(s.named)
	s.named = append(s.named, h)
}

// Pack says first what is held, so that it is known even when the rest is cut off, then gives: previews of all before
// larger images of any.
func (s *PhotoServer) Pack(limit int, send func(wire.Frame) error) (more bool, err error) {
	if !s.heard {
		return false, nil
	}
	said := wire.Photos{Images: uint64(s.Album.WholeImages())}
	for i := range s.named {
		name := s.named[i].Name
		state := s.Album.PhotoState(name)
		if state.Whole() {
			continue
		}
		h := wire.PhotoHeld{Name: name, State: state}
		if !s.full && s.Album.PhotoWanted(name) {
			h.Want = s.Sizes
		}
		said.List = append(said.List, h)
	}
	if err := send(said.Frame()); err != nil {
		return false, err
	}
	g := giver{album: s.Album, room: limit, send: send}
	if s.room > 0 {
		g.room = int(min(uint64(max(limit, 0)), max(s.room, leastRoom)))
	}
	for size := blob.Preview; size <= blob.Sizes; size++ {
		for i := range s.named {
			if p := &s.named[i]; p.Wants(size) {
				if _, err := g.give(p, size); err != nil {
					return false, err
				}
			}
		}
	}
	return g.short, nil
}

// Done says that there is nothing more to say; an answer is always all of it.
func (s *PhotoServer) Done() bool { return true }

// leastRoom is room for a manifest and a chunk, in bytes: less would never end.
const leastRoom = blob.ChunkSize + blob.MaxManifest + 128
