package wire

import (
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Codec says how the changes of a frame are written. Never renumbered.
type Codec byte

// The codecs. Readers know all of them for ever.
const (
	CodecPlain Codec = 0 // canonical bytes, one change after the other
	CodecRows  Codec = 1 // the same, compressed by zstd
)

// NoDictionary is the dictionary id of payloads that were compressed without one.
const NoDictionary = 0

// ChangesFrame returns a piece as a frame. It fails where the piece is not signed or does not fit into MaxBody: cut
// it before, see Fits.
//
//	log and first sequence | hash before 32 | signature 64 | codec u8 | dictionary uvarint | changes uvarint |
//	expanded bytes uvarint | payload
func ChangesFrame(p *journal.Piece) (Frame, error) {
	if len(p.Sig) != 64 || len(p.Changes) == 0 {
		return Frame{}, fmt.Errorf("a piece of log %v is not ready to travel: %w", p.Log, journal.ErrPiece)
	}
	plain := make([]byte, 0, 4096)
	for i := range p.Changes {
		plain = p.Changes[i].Append(plain)
	}
	if len(plain) > MaxExpanded {
		return Frame{}, ErrTooLong
	}
	b := fieldwork.AppendID(nil, fieldwork.RecordID{Log: p.Log, Seq: p.First})
	b = append(b, p.Prev[:]...)
	b = append(b, p.Sig...)
	packed := pack(plain)
	codec := CodecRows
	if len(packed) >= len(plain) {
		codec, packed = CodecPlain, plain
	}
	b = append(b, byte(codec))
	b = binary.AppendUvarint(b, NoDictionary)
	b = binary.AppendUvarint(b, uint64(len(p.Changes)))
	b = binary.AppendUvarint(b, uint64(len(plain)))
	b = append(b, packed...)
	if len(b) > MaxBody {
		return Frame{}, ErrTooLong
	}
	return Frame{TypeChanges, b}, nil
}

// ReadChanges reads the body of a TypeChanges. The piece shares nothing with body; its chain and signature are not
// checked yet.
func ReadChanges(body []byte) (journal.Piece, error) {
	r := reader{b: body}
	id := r.id()
	p := journal.Piece{Log: id.Log, First: id.Seq}
	copy(p.Prev[:], r.take(32))
	p.Sig = append([]byte(nil), r.take(64)...)
	codec := Codec(0)
	if c := r.take(1); c != nil {
		codec = Codec(c[0])
	}
	dictionary, count, size := r.uvarint(), r.uvarint(), r.uvarint()
	if r.err != nil {
		return p, r.err
	}
	if size > MaxExpanded || count == 0 || count > size {
		return p, ErrTooLong
	}
	plain, err := expand(codec, dictionary, r.b, int(size))
	if err != nil {
		return p, err
	}
	return p, readRows(&p, plain, count)
}

func readRows(p *journal.Piece, plain []byte, count uint64) error {
	seq := p.First
	for range count {
		c, n, err := journal.ReadChange(plain, p.Log, seq)
		if err != nil {
			return fmt.Errorf("log %v at %d: %w", p.Log, seq, err)
		}
		p.Changes = append(p.Changes, c)
		plain, seq = plain[n:], c.Last()+1
	}
	if len(plain) != 0 {
		return ErrBody
	}
	return nil
}

func expand(codec Codec, dictionary uint64, packed []byte, size int) ([]byte, error) {
	switch {
	case codec == CodecPlain && len(packed) == size:
		return packed, nil
	case codec == CodecRows && dictionary == NoDictionary:
		plain, err := unpack(packed, size)
		if err != nil || len(plain) != size {
			return nil, fmt.Errorf("%w: payload does not expand: %v", ErrBody, err)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("%w: codec %d with dictionary %d is not known here", ErrBody, codec, dictionary)
}

// packer compresses with little memory; it is made once.
var packer = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithWindowSize(MaxExpanded))
	if err != nil {
		panic(err) // options are constants
	}
	return e
})

var unpacker = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(2*MaxExpanded), zstd.WithDecoderMaxWindow(MaxExpanded))
	if err != nil {
		panic(err) // options are constants
	}
	return d
})

func pack(plain []byte) []byte { return packer().EncodeAll(plain, nil) }

func unpack(packed []byte, size int) ([]byte, error) {
	return unpacker().DecodeAll(packed, make([]byte, 0, size))
}
