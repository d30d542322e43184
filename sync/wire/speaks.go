package wire

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Speaks says which codecs and dictionaries a program reads. The zero Speaks is that of a program that does not say:
// it reads rows without a dictionary, as every program does.
type Speaks struct {
	Codecs       uint64   // bit n: codec n
	Dictionaries []uint32 // without NoDictionary
}

// maxDictionaries is how many dictionaries somebody may say to read.
const maxDictionaries = 256

// Everything returns what this program reads.
func Everything() Speaks {
	s := Speaks{Codecs: 1<<CodecPlain | 1<<CodecRows | 1<<CodecColumns}
	for _, id := range slices.Sorted(maps.Keys(dictionaries())) {
		if id != NoDictionary {
			s.Dictionaries = append(s.Dictionaries, id)
		}
	}
	return s
}

// reads says whether a codec is read.
func (s Speaks) reads(c Codec) bool { return c <= CodecRows || s.Codecs>>c&1 != 0 }

// dictionary returns the newest of ours that is read too.
func (s Speaks) dictionary() uint32 {
	if slices.Contains(s.Dictionaries, newest()) {
		return newest()
	}
	for _, id := range s.Dictionaries {
		if dictionaries()[id] != nil {
			return id
		}
	}
	return NoDictionary
}

// Frame returns the frame.
func (s Speaks) Frame() Frame {
	b := binary.AppendUvarint(nil, s.Codecs)
	b = binary.AppendUvarint(b, uint64(len(s.Dictionaries)))
	for _, id := range s.Dictionaries {
		b = binary.AppendUvarint(b, uint64(id))
	}
	return Frame{TypeSpeaks, b}
}

// ReadSpeaks reads the body of a TypeSpeaks. Bytes after what is known are a newer version's, and left alone.
func ReadSpeaks(body []byte) (Speaks, error) {
	r := reader{b: body}
	s := Speaks{Codecs: r.uvarint()}
	n := r.uvarint()
	if n > maxDictionaries {
		return Speaks{}, ErrTooLong
	}
	for range n {
		if id := r.uvarint(); r.err == nil && id>>32 == 0 {
			s.Dictionaries = append(s.Dictionaries, uint32(id))
		}
	}
	return s, r.err
}
