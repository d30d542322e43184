package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Codec says how the changes of a frame are written. Never renumbered.
type Codec byte

// The codecs. Readers know all of them for ever.
const (
	CodecPlain   Codec = 0 // canonical bytes, one change after the other
	CodecRows    Codec = 1 // the same, compressed by zstd
	CodecColumns Codec = 2 // taken apart into columns; see columns.go
)

// NoDictionary is the dictionary id of payloads that were compressed without one.
const NoDictionary = 0

// ErrCodec says that changes came in a codec, or with a dictionary, that this program does not have. The sender must
// be asked for rows.
var ErrCodec = errors.New("the changes are written in a way that is not known here")

// ChangesFrame returns a piece as a frame that every program reads, in rows. It fails where the piece is not signed,
// and with ErrTooLong where it does not fit into MaxBody.
func ChangesFrame(p *journal.Piece) (Frame, error) { return Speaks{}.ChangesFrame(p) }

// ChangesFrame returns a piece as the smallest frame that whoever speaks so can read. It fails where the piece is not
// signed, and with ErrTooLong where it does not fit into MaxBody.
//
//	log and first sequence | hash before 32 | signature 64 | codec u8 | dictionary uvarint | changes uvarint |
//	canonical bytes uvarint | payload
func (s Speaks) ChangesFrame(p *journal.Piece) (Frame, error) {
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
	best := s.smallest(p, plain)
	b := fieldwork.AppendID(nil, fieldwork.RecordID{Log: p.Log, Seq: p.First})
	b = append(b, p.Prev[:]...)
	b = append(b, p.Sig...)
	b = append(b, byte(best.codec))
	b = binary.AppendUvarint(b, uint64(best.dictionary))
	b = binary.AppendUvarint(b, uint64(len(p.Changes)))
	b = binary.AppendUvarint(b, uint64(len(plain)))
	b = append(b, best.bytes...)
	if len(b) > MaxBody {
		return Frame{}, ErrTooLong
	}
	return Frame{TypeChanges, b}, nil
}

// payload is changes in a codec.
type payload struct {
	codec      Codec
	dictionary uint32
	bytes      []byte
}

// smallest writes the changes in every way that the other side reads. Columns count only where reading them gives
// the very same bytes: the chain of hashes stands on these.
func (s Speaks) smallest(p *journal.Piece, plain []byte) payload {
	best := payload{CodecPlain, NoDictionary, plain}
	if packed := pack(NoDictionary, plain); len(packed) < len(best.bytes) {
		best = payload{CodecRows, NoDictionary, packed}
	}
	if !s.reads(CodecColumns) {
		return best
	}
	dictionary := s.dictionary()
	columns, err := packColumns(p, dictionary)
	if err != nil || len(columns) >= len(best.bytes) {
		return best
	}
	back, err := expand(CodecColumns, dictionary, columns, p.Log, p.First, uint64(len(p.Changes)), len(plain))
	if err != nil || !bytes.Equal(back, plain) {
		return best
	}
	return payload{CodecColumns, dictionary, columns}
}

// ReadChanges reads the body of a TypeChanges. The piece shares nothing with body; its chain and signature are not
// checked yet. The error is ErrCodec where the sender must be asked for rows.
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
	if dictionary > math.MaxUint32 {
		return p, ErrBody
	}
	plain, err := expand(codec, uint32(dictionary), r.b, p.Log, p.First, count, int(size))
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

// expand returns the canonical bytes of count changes, size bytes together.
func expand(codec Codec, dictionary uint32, packed []byte, log fieldwork.LogID, first, count uint64, size int) ([]byte, error) {
	switch codec {
	case CodecPlain:
		if len(packed) != size {
			return nil, ErrBody
		}
		return packed, nil
	case CodecRows:
		return unpack(dictionary, packed, size)
	case CodecColumns:
		return unpackColumns(dictionary, packed, log, first, count, size)
	}
	return nil, fmt.Errorf("%w: codec %d", ErrCodec, codec)
}

// packColumns returns the payload of the columns codec:
//
//	packed part before compression, bytes uvarint | packed part, bytes uvarint | packed part | bits part
func packColumns(p *journal.Piece, dictionary uint32) ([]byte, error) {
	columns, bits, err := columnsOf(p)
	if err != nil {
		return nil, err
	}
	packed := pack(dictionary, columns)
	b := binary.AppendUvarint(nil, uint64(len(columns)))
	b = binary.AppendUvarint(b, uint64(len(packed)))
	return append(append(b, packed...), bits...), nil
}

func unpackColumns(dictionary uint32, payload []byte, log fieldwork.LogID, first, count uint64, size int) ([]byte, error) {
	r := reader{b: payload}
	before, after := r.uvarint(), r.uvarint()
	if r.err != nil || after > uint64(len(r.b)) {
		return nil, ErrBody
	}
	if before > MaxExpanded {
		return nil, ErrTooLong
	}
	columns, err := unpack(dictionary, r.b[:after], int(before))
	if err != nil {
		return nil, err
	}
	return rowsOf(columns, r.b[after:], log, first, count, size)
}
