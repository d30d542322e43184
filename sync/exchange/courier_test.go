package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

// shelf is a replica in memory: it takes what follows without a gap.
type shelf struct {
	exchange.Replica // nothing else of a replica is asked for
	pieces           []journal.Piece
	heads            journal.Heads
	notes            map[string][]byte
}

func newShelf() *shelf { return &shelf{heads: journal.Heads{}, notes: map[string][]byte{}} }

func (s *shelf) Heads() journal.Heads { return s.heads.Clone() }

func (s *shelf) Piece(log fieldwork.LogID, after uint64, _ int) (journal.Piece, error) {
	for _, p := range s.pieces {
		if p.Log == log && p.First == after+1 {
			return p, nil
		}
	}
	return journal.Piece{}, journal.ErrNoMore
}

func (s *shelf) Apply(pieces ...journal.Piece) (n journal.Applied, err error) {
	for _, p := range pieces {
		switch have := s.heads[p.Log]; {
		case p.Last() <= have:
		case p.First > have+1:
			return n, journal.ErrGap
		default:
			s.pieces, s.heads[p.Log] = append(s.pieces, p), p.Last()
			n.Changes += len(p.Changes)
			n.Writes += len(p.Changes)
		}
	}
	return n, nil
}

func (s *shelf) Note(name string) []byte { return s.notes[name] }

func (s *shelf) SetNote(name string, value []byte) error {
	s.notes[name] = value
	return nil
}

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))

// fill adds pieces of a few long, different changes each.
func (s *shelf) fill(t testing.TB, log fieldwork.LogID, pieces int) {
	t.Helper()
	seq, prev := uint64(1), journal.Hash{}
	for range pieces {
		p := journal.Piece{Log: log, First: seq, Prev: prev}
		for range 40 {
			p.Changes = append(p.Changes, journal.Change{Log: log, Seq: seq, Wall: int64(seq), Stamp: journal.StampOf(int64(seq)),
				Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(noiseText(seq))}}}}})
			seq++
		}
		head, err := p.Head()
		if err != nil {
			t.Fatal(err)
		}
		if err := head.Sign(journal.Campaign{1}, key); err != nil {
			t.Fatal(err)
		}
		p.Sig, prev = head.Sig, head.Hash
		if _, err := s.Apply(p); err != nil {
			t.Fatal(err)
		}
	}
}

// noiseText hardly compresses.
func noiseText(seq uint64) string {
	b := make([]byte, 200)
	x := seq*0x9E3779B97F4A7C15 + 1
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = 'a' + byte(x%26)
	}
	return string(b)
}

type closer struct{ *bytes.Buffer }

func (closer) Close() error { return nil }

// parts writes everything on the shelf, in parts of the limit.
func parts(t testing.TB, s *shelf, limit int64) (list []*bytes.Buffer, load exchange.Load) {
	t.Helper()
	c := exchange.Courier{Replica: s, Campaign: journal.Campaign{1}, Log: fieldwork.LogID{Node: 4}, Key: key, Program: "test", Now: func() time.Time { return time.Unix(9, 0) }}
	load, err := c.Write(context.Background(), limit, func(number int) (io.WriteCloser, error) {
		if number != len(list)+1 {
			t.Errorf("part %d comes after %d", number, len(list))
		}
		list = append(list, &bytes.Buffer{})
		return closer{list[number-1]}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, load
}

func TestCourier_everyPartStandsAloneAndTheLoadSaysWhatIsInIt(t *testing.T) {
	from := newShelf()
	from.fill(t, fieldwork.LogID{Node: 4}, 60)
	from.fill(t, fieldwork.LogID{Node: 5}, 2)
	list, load := parts(t, from, 0)
	if len(list) < 2 || load.Parts != len(list) || load.Writes != 62*40 || !load.To.Covers(from.Heads()) || len(load.From) != 2 {
		t.Fatalf("%d parts, load %+v", len(list), load)
	}
	to := newShelf()
	for i, b := range list {
		p, err := exchange.OpenPart(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		n, told, err := p.Take(t.Context(), to)
		if err != nil || n.Later != 0 || !told.SealedBy(key.Public().(ed25519.PublicKey)) || told.Receipts || told.More != (i+1 < len(list)) || !told.Heads.Covers(from.Heads()) {
			t.Errorf("part %d: %+v %+v %v", i+1, n, told, err)
		}
		if p.Part.Number != uint64(i+1) || p.Hello.Log.Node != 4 || p.Hello.Wall != 9 {
			t.Errorf("part %d: %+v", i+1, p)
		}
	}
	if !to.Heads().Covers(from.Heads()) {
		t.Errorf("arrived: %v", to.Heads())
	}
}

func TestCourier_whatASealIsOverCannotBeChanged(t *testing.T) {
	from := newShelf()
	from.fill(t, fieldwork.LogID{Node: 4}, 1)
	list, _ := parts(t, from, 0)
	in := wire.NewReader(bytes.NewReader(list[0].Bytes()))
	var frames []wire.Frame
	for {
		f, err := in.Next()
		if err != nil {
			break
		}
		frames = append(frames, f)
	}
	for i := range frames[:len(frames)-1] {
		for what, change := range map[string]func() []wire.Frame{
			"left out": func() []wire.Frame { return append(append([]wire.Frame{}, frames[:i]...), frames[i+1:]...) },
			"twice":    func() []wire.Frame { return append(append([]wire.Frame{}, frames[:i+1]...), frames[i:]...) },
			"as receipts": func() []wire.Frame {
				all := append([]wire.Frame{}, frames...)
				all[i].Type = wire.TypeReceived
				return all
			},
		} {
			var b []byte
			for _, f := range change() {
				b = wire.AppendFrame(b, f)
			}
			p, err := exchange.OpenPart(bytes.NewReader(b))
			if err != nil {
				continue
			}
			if _, told, err := p.Take(t.Context(), newShelf()); err == nil && told.SealedBy(key.Public().(ed25519.PublicKey)) {
				t.Errorf("frame %d %s: the seal still counts", i, what)
			}
		}
	}
}

func TestHeardHeads_anOlderFileTakesNothingBack(t *testing.T) {
	s, log, other := newShelf(), fieldwork.LogID{Node: 4}, fieldwork.LogID{Node: 5}
	for _, heads := range []journal.Heads{{log: 7}, {log: 3, other: 2}, {}} {
		if err := exchange.HeardHeads(s, log, heads); err != nil {
			t.Fatal(err)
		}
	}
	if got := exchange.HeadsOf(s, log); got[log] != 7 || got[other] != 2 || len(got) != 2 {
		t.Errorf("got %v", got)
	}
	if got := exchange.HeadsOf(s, other); len(got) != 0 {
		t.Errorf("of somebody who told nothing: %v", got)
	}
}

// FuzzCourierPart reads frames with good checksums and whatever in them: type, two bytes of length, body.
func FuzzCourierPart(f *testing.F) {
	from := newShelf()
	from.fill(f, fieldwork.LogID{Node: 4}, 1)
	from.pieces[0].Changes = from.pieces[0].Changes[:1] // a small seed: large ones are slow to make smaller
	list, _ := parts(f, from, 0)
	var seed []byte
	for in := wire.NewReader(list[0]); ; {
		frame, err := in.Next()
		if err != nil {
			break
		}
		seed = append(binary.BigEndian.AppendUint16(append(seed, byte(frame.Type)), uint16(len(frame.Body))), frame.Body...)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var stream []byte
		for len(b) >= 3 {
			n := min(int(binary.BigEndian.Uint16(b[1:])), len(b)-3)
			stream = wire.AppendFrame(stream, wire.Frame{Type: wire.Type(b[0]), Body: b[3 : 3+n]})
			b = b[3+n:]
		}
		p, err := exchange.OpenPart(bytes.NewReader(stream))
		if err == nil {
			_, _, err = p.Take(t.Context(), newShelf())
		}
		if err != nil && !errors.Is(err, exchange.ErrBroken) && !errors.Is(err, exchange.ErrNewer) && !errors.Is(err, exchange.ErrNotCourier) {
			t.Fatalf("an error of its own: %v", err)
		}
	})
}
