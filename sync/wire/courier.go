package wire

import "encoding/binary"

// The types of frames that stand in courier files only. Never renumbered.
const (
	TypePart Type = 32 // which part of which courier file this is; always the first frame
	TypeSeal Type = 33 // the writer's signature over all frames before it; always the last frame
)

// CourierVersion is the newest form of courier files that is read here.
const CourierVersion = 1

// Part opens each part of a courier file.
type Part struct {
	Needs  uint64  // the form that a reader must know at least; what is merely added later does not raise it
	Set    [8]byte // random, the same in all parts of one file
	Number uint64  // from 1
}

// Frame returns the frame.
func (p Part) Frame() Frame {
	b := binary.AppendUvarint(nil, p.Needs)
	b = append(b, p.Set[:]...)
	return Frame{TypePart, binary.AppendUvarint(b, p.Number)}
}

// ReadPart reads the body of a TypePart. Bytes after what is known are a newer version's, and left alone.
func ReadPart(body []byte) (Part, error) {
	r := reader{b: body}
	p := Part{Needs: r.uvarint()}
	copy(p.Set[:], r.take(len(p.Set)))
	p.Number = r.uvarint()
	return p, r.err
}

// SealFrame ends a part with the writer's signature.
func SealFrame(sig []byte) Frame { return Frame{TypeSeal, sig} }
