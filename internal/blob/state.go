package blob

import "math/bits"

// Bits says which chunks of an image are held: bit n is chunk n.
type Bits uint64

// Has says whether chunk i is held.
func (b Bits) Has(i int) bool { return b>>i&1 != 0 }

// With returns b with chunk i.
func (b Bits) With(i int) Bits { return b | 1<<i }

// Without returns b without chunk i.
func (b Bits) Without(i int) Bits { return b &^ (1 << i) }

// Count is how many chunks are held.
func (b Bits) Count() int { return bits.OnesCount64(uint64(b)) }

// Held is how much of one image a replica holds.
type Held struct {
	Whole  bool // all of it, checked; Chunks then says nothing
	Begun  bool // the manifest is held, and of the image what Chunks says
	Chunks Bits
}

// Has says whether chunk i is held.
func (h Held) Has(i int) bool { return h.Whole || h.Chunks.Has(i) }

// State is how much of a photo a replica holds. The zero state is nothing.
type State struct{ preview, working Held }

// Of returns how much of the image of a size is held.
func (s State) Of(size Size) Held {
	if size == Preview {
		return s.preview
	}
	return s.working
}

// With returns the state with another holding of one size.
func (s State) With(size Size, h Held) State {
	if size == Preview {
		s.preview = h
	} else {
		s.working = h
	}
	return s
}

// Whole says that every image is held whole.
func (s State) Whole() bool { return s.preview.Whole && s.working.Whole }

// Known says that the manifest is held.
func (s State) Known() bool {
	return s.preview.Whole || s.preview.Begun || s.working.Whole || s.working.Begun
}
