package wire

import (
	"encoding/binary"
	"math"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// The types of frames about copied and restored laptops. Never renumbered.
const (
	TypeTips  Type = 13 // how far logs go at the sender, and how the hash there begins
	TypeTrace Type = 14 // proof that more of a log, or another history of it, is held

	TypeOutline Type = 20 // of a log that HQ holds as pages: how it goes there, without what it says
	TypeTell    Type = 21 // nothing else differs, and yet the hashes do: the sender wants the tips of all logs
)

// MaxTips is how many tips somebody may tell.
const MaxTips = 64

// Running says which run of the sender's program this is and how many seconds it lasts, so that clocks can be compared.
type Running struct{ Boot, Up uint32 }

// TipsFrame tells tips, those beyond MaxTips wait for the next time, and after them the run and where all logs end, see journal.Ends.
func TipsFrame(list []journal.Tip, run Running, ends [8]byte) Frame {
	list = list[:min(len(list), MaxTips)]
	b := binary.AppendUvarint(nil, uint64(len(list)))
	for _, t := range list {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: t.Log, Seq: t.Seq})
		b = append(b, t.Hash[:]...)
	}
	b = binary.AppendUvarint(b, uint64(run.Boot))
	b = binary.AppendUvarint(b, uint64(run.Up))
	return Frame{TypeTips, append(b, ends[:]...)}
}

// TellFrame asks for the tips of all logs.
func TellFrame() Frame { return Frame{Type: TypeTell} }

// ReadTips reads the body of a TypeTips; ends are zeros where the sender does not say.
func ReadTips(body []byte) (list []journal.Tip, run Running, ends [8]byte, err error) {
	r := reader{b: body}
	n := r.uvarint()
	if n > MaxTips {
		return nil, run, ends, ErrTooLong
	}
	for range n {
		id := r.id()
		t := journal.Tip{Log: id.Log, Seq: id.Seq}
		copy(t.Hash[:], r.take(len(t.Hash)))
		if r.err != nil {
			return nil, run, ends, r.err
		}
		list = append(list, t)
	}
	boot, up := r.uvarint(), r.uvarint()
	if r.err != nil || boot > math.MaxUint32 || up > math.MaxUint32 {
		return list, run, ends, nil // it does not say, or nothing that makes sense
	}
	run = Running{uint32(boot), uint32(up)}
	copy(ends[:], r.take(len(ends)))
	if r.err != nil {
		return list, run, [8]byte{}, nil // an older program
	}
	return list, run, ends, nil
}

// TraceFrame tells a trace:
//
//	log and last sequence | hash 32 | signature 64 | count uvarint, then so many: how far before the one before it
//	(the first: before the last sequence) uvarint, 8 bytes of the hash there
//
// One of an outline goes into a frame of its own type, without hash and signature.
func TraceFrame(t *journal.Trace) Frame {
	b := fieldwork.AppendID(nil, fieldwork.RecordID{Log: t.Head.Log, Seq: t.Head.Seq})
	if t.Outlined {
		return Frame{TypeOutline, appendPoints(b, t)}
	}
	b = append(b, t.Head.Hash[:]...)
	b = append(b, t.Head.Sig...)
	return Frame{TypeTrace, appendPoints(b, t)}
}

func appendPoints(b []byte, t *journal.Trace) []byte {
	b = binary.AppendUvarint(b, uint64(len(t.Points)))
	before := t.Head.Seq
	for _, p := range t.Points {
		b = binary.AppendUvarint(b, before-p.Seq)
		b = append(b, p.Hash[:]...)
		before = p.Seq
	}
	return b
}

// ReadTrace reads the body of a TypeTrace.
func ReadTrace(body []byte) (*journal.Trace, error) { return readTrace(body, false) }

// ReadOutline reads the body of a TypeOutline.
func ReadOutline(body []byte) (*journal.Trace, error) { return readTrace(body, true) }

func readTrace(body []byte, outlined bool) (*journal.Trace, error) {
	r := reader{b: body}
	id := r.id()
	t := &journal.Trace{Head: journal.Head{Log: id.Log, Seq: id.Seq}, Outlined: outlined}
	if !outlined {
		copy(t.Head.Hash[:], r.take(32))
		t.Head.Sig = append([]byte(nil), r.take(64)...)
	}
	n := r.uvarint()
	if n > journal.MaxPoints {
		return nil, ErrTooLong
	}
	at := id.Seq
	for range n {
		back := r.uvarint()
		if r.err != nil || back >= at {
			return nil, ErrBody
		}
		at -= back
		p := journal.Point{Seq: at}
		copy(p.Hash[:], r.take(len(p.Hash)))
		if r.err != nil {
			return nil, r.err
		}
		t.Points = append(t.Points, p)
	}
	return t, r.err
}
