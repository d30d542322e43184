package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// Type says what a frame holds.
type Type byte

// The types of frames. Never renumbered.
const (
	TypeHello    Type = 1 // who speaks, and what was remembered
	TypeHeads    Type = 2 // what the sender holds
	TypeChanges  Type = 3 // a piece of a log
	TypeReceived Type = 4 // what the sender holds of the receiver's interest, flushed: receipts
	TypeLimits   Type = 5 // what the sender will take next, and when
	TypeTime     Type = 6 // the sender's clock
	TypeEnd      Type = 7 // the sender said everything, or will say more when asked again
	TypeTrouble  Type = 8 // a refusal: code and sentence
	TypeSpeaks   Type = 9 // which codecs and dictionaries the sender reads
)

// Limits, checked before anything is allocated.
const (
	MaxBody     = 64 << 10 // bytes of a frame's body
	MaxExpanded = 1 << 20  // bytes of a payload once expanded
	MaxLogs     = 4096     // entries of a version vector
	TargetBody  = 8 << 10  // bytes that a sender aims at: small enough to lose, large enough to compress
)

// What Reader.Next says of bytes that are no frame.
var (
	ErrCut     = errors.New("the stream ends within a frame")
	ErrDamaged = errors.New("the frame is damaged")
	ErrTooLong = errors.New("the frame breaks a limit")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Frame is one frame. Body belongs to whoever got it.
type Frame struct {
	Type Type
	Body []byte
}

// AppendFrame appends the frame's bytes. The body must not be longer than MaxBody.
func AppendFrame(b []byte, f Frame) []byte {
	b = append(b, byte(f.Type))
	b = binary.AppendUvarint(b, uint64(len(f.Body)))
	b = binary.BigEndian.AppendUint32(b, sum(f))
	return append(b, f.Body...)
}

func sum(f Frame) uint32 {
	return crc32.Update(crc32.Checksum([]byte{byte(f.Type)}, castagnoli), castagnoli, f.Body)
}

// Reader reads frames from a stream.
type Reader struct {
	r     *bufio.Reader
	Bytes int64 // read so far, whole frames only
}

// NewReader returns a reader; it may read ahead of the last frame.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReader(r)} }

// Next returns the next frame: io.EOF where the stream ends between frames, ErrCut where it ends within one,
// ErrDamaged or ErrTooLong for what is none, or the stream's own error. After an error nothing more can be read.
func (r *Reader) Next() (Frame, error) {
	t, err := r.r.ReadByte()
	if err != nil {
		return Frame{}, err
	}
	size, err := binary.ReadUvarint(r.r)
	if err != nil {
		return Frame{}, cut(err)
	}
	if size > MaxBody {
		return Frame{}, ErrTooLong
	}
	head := make([]byte, 4+size)
	if _, err := io.ReadFull(r.r, head); err != nil {
		return Frame{}, cut(err)
	}
	f := Frame{Type: Type(t), Body: head[4:]}
	if sum(f) != binary.BigEndian.Uint32(head) {
		return Frame{}, ErrDamaged
	}
	r.Bytes += int64(1 + uvarintLen(size) + len(head))
	return f, nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrCut
	}
	return err
}

func uvarintLen(x uint64) int {
	n := 1
	for ; x >= 0x80; x >>= 7 {
		n++
	}
	return n
}
