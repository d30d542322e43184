package wire

import (
	"encoding/binary"
	"errors"
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// ErrBody says that a frame's body is not what its type promises.
var ErrBody = errors.New("the frame's body cannot be read")

// Version of the exchange. A higher one may only add frames and fields.
const Version = 1

// Hello opens a request and an answer.
type Hello struct {
	Version  uint64
	Campaign journal.Campaign
	Log      fieldwork.LogID // of the sender
	Known    [8]byte         // token of the receiver's heads as the sender remembers them; zero: nothing remembered
	Mine     [8]byte         // token of the sender's heads: where the receiver remembers the same, no heads follow
	Program  string          // name and version, for HQ's list of laptops
	Unsent   uint64          // writes that the sender believes the receiver lacks
	Wall     int64           // the sender's clock, seconds since 1970 UTC
}

// Frame returns the frame.
func (h Hello) Frame() Frame {
	b := binary.AppendUvarint(nil, h.Version)
	b = append(b, h.Campaign[:]...)
	b = fieldwork.AppendID(b, fieldwork.RecordID{Log: h.Log})
	b = append(b, h.Known[:]...)
	b = append(b, h.Mine[:]...)
	b = binary.AppendUvarint(b, uint64(len(h.Program)))
	b = append(b, h.Program...)
	b = binary.AppendUvarint(b, h.Unsent)
	return Frame{TypeHello, binary.AppendVarint(b, h.Wall)}
}

// ReadHello reads the body of a TypeHello. Bytes after what is known are a newer version's, and left alone.
func ReadHello(body []byte) (Hello, error) {
	r := reader{b: body}
	h := Hello{Version: r.uvarint()}
	copy(h.Campaign[:], r.take(len(h.Campaign)))
	h.Log = r.id().Log
	copy(h.Known[:], r.take(8))
	copy(h.Mine[:], r.take(8))
	h.Program = string(r.take(int(min(r.uvarint(), 256))))
	h.Unsent = r.uvarint()
	h.Wall = r.varint()
	return h, r.err
}

// HeadsFrame returns a version vector as a frame of the type, TypeHeads or TypeReceived.
func HeadsFrame(t Type, h journal.Heads) Frame {
	b := binary.AppendUvarint(nil, uint64(len(h)))
	for _, log := range h.Logs() {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: log, Seq: h[log]})
	}
	return Frame{t, b}
}

// ReadHeads reads the body of a version vector.
func ReadHeads(body []byte) (journal.Heads, error) {
	r := reader{b: body}
	n := r.uvarint()
	if n > MaxLogs {
		return nil, ErrTooLong
	}
	h := journal.Heads{}
	for range n {
		id := r.id()
		if r.err != nil {
			return nil, r.err
		}
		h[id.Log] = id.Seq
	}
	return h, r.err
}

// Limits says what the sender will take next.
type Limits struct {
	Body       uint64 // bytes of the next request's body; 0: as before
	RetryAfter uint64 // seconds to wait before the next request; 0: none
}

// Frame returns the frame.
func (l Limits) Frame() Frame {
	return Frame{TypeLimits, binary.AppendUvarint(binary.AppendUvarint(nil, l.Body), l.RetryAfter)}
}

// ReadLimits reads the body of a TypeLimits.
func ReadLimits(body []byte) (Limits, error) {
	r := reader{b: body}
	l := Limits{Body: r.uvarint(), RetryAfter: r.uvarint()}
	return l, r.err
}

// TimeFrame tells the sender's clock, seconds since 1970 UTC.
func TimeFrame(wall int64) Frame { return Frame{TypeTime, binary.AppendVarint(nil, wall)} }

// ReadTime reads the body of a TypeTime.
func ReadTime(body []byte) (int64, error) {
	r := reader{b: body}
	wall := r.varint()
	return wall, r.err
}

// EndFrame ends a request or an answer; more says that the sender holds back what did not fit.
func EndFrame(more bool) Frame {
	if more {
		return Frame{TypeEnd, []byte{1}}
	}
	return Frame{TypeEnd, []byte{0}}
}

// ReadEnd reads the body of a TypeEnd.
func ReadEnd(body []byte) (more bool, err error) {
	if len(body) == 0 {
		return false, ErrBody
	}
	return body[0] != 0, nil
}

// TroubleFrame refuses: a code for the program, and a sentence and a hint for the person.
func TroubleFrame(p *fieldwork.Problem) Frame {
	var b []byte
	for _, s := range []string{p.Code, p.Sentence, p.Hint} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return Frame{TypeTrouble, b}
}

// ReadTrouble reads the body of a TypeTrouble.
func ReadTrouble(body []byte) (*fieldwork.Problem, error) {
	r := reader{b: body}
	var s [3]string
	for i := range s {
		s[i] = string(r.take(int(min(r.uvarint(), 1000))))
	}
	return &fieldwork.Problem{Code: s[0], Sentence: s[1], Hint: s[2]}, r.err
}

// reader reads from the front of b and remembers the first failure.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail() { r.err, r.b = fmt.Errorf("%w", ErrBody), nil }

func (r *reader) uvarint() uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) varint() int64 {
	x, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.fail()
		return nil
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) id() fieldwork.RecordID {
	id, n, err := fieldwork.ReadID(r.b)
	if err != nil {
		r.fail()
		return id
	}
	r.b = r.b[n:]
	return id
}
