package wire

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

func testPiece(t testing.TB, n int) journal.Piece {
	t.Helper()
	_, key, _ := ed25519.GenerateKey(nil)
	p := journal.Piece{Log: fieldwork.LogID{Node: 4}, First: 1}
	for i := range n {
		p.Changes = append(p.Changes, journal.Change{Log: p.Log, Seq: uint64(i + 1), Wall: 1_800_000_000 + int64(i), Stamp: journal.StampOf(1_800_000_000 + int64(i)),
			Writes: []journal.Write{{Kind: 4, Fields: []fieldwork.FieldValue{{Field: 10, Value: fieldwork.Text("Nasieku")}, {Field: 11, Value: fieldwork.Int(int64(1990 + i%20))}}}}})
	}
	head, err := p.Head()
	if err != nil {
		t.Fatal(err)
	}
	if err := head.Sign(journal.Campaign{1}, key); err != nil {
		t.Fatal(err)
	}
	p.Sig = head.Sig
	return p
}

func TestChanges_readBackWithTheSameHead(t *testing.T) {
	want := testPiece(t, 300)
	f, err := ChangesFrame(&want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadChanges(f.Body)
	if err != nil {
		t.Fatal(err)
	}
	h1, _ := want.Head()
	h2, _ := got.Head()
	if h1.Seq != h2.Seq || h1.Hash != h2.Hash || !bytes.Equal(got.Sig, want.Sig) {
		t.Fatalf("got head %+v, want %+v", h2, h1)
	}
	if perChange := len(f.Body) / 300; perChange > 20 {
		t.Errorf("%d bytes a change for rows that hardly differ: is the payload compressed?", perChange)
	}
}

func TestReader_cutAtEveryByte(t *testing.T) {
	p := testPiece(t, 5)
	changes, err := ChangesFrame(&p)
	if err != nil {
		t.Fatal(err)
	}
	frames := []Frame{Hello{Version: 1, Program: "kandili 0.1"}.Frame(), changes, EndFrame(false)}
	var stream []byte
	ends := map[int]int{0: 0}
	for i, f := range frames {
		stream = AppendFrame(stream, f)
		ends[len(stream)] = i + 1
	}
	for cutAt := range stream {
		r := NewReader(bytes.NewReader(stream[:cutAt]))
		n := 0
		var err error
		for ; err == nil; n++ {
			_, err = r.Next()
		}
		n--
		if whole, between := ends[cutAt]; between && (err != io.EOF || n != whole) {
			t.Fatalf("cut at %d: %d frames, %v; want %d and a clean end", cutAt, n, err, whole)
		} else if !between && !errors.Is(err, ErrCut) {
			t.Fatalf("cut at %d: %v, want ErrCut", cutAt, err)
		}
	}
}

func TestReader_everyFlippedBitIsNoticed(t *testing.T) {
	stream := AppendFrame(nil, Frame{TypeHeads, []byte("some body of a frame")})
	for bit := range len(stream) * 8 {
		bad := bytes.Clone(stream)
		bad[bit/8] ^= 1 << (bit % 8)
		f, err := NewReader(bytes.NewReader(bad)).Next()
		if err == nil {
			t.Fatalf("bit %d: read as %v", bit, f)
		}
	}
}

func TestReader_refusesALengthBeforeItAllocates(t *testing.T) {
	_, err := NewReader(strings.NewReader("\x03\xff\xff\xff\xff\x0f....")).Next()
	if !errors.Is(err, ErrTooLong) {
		t.Fatalf("got %v, want ErrTooLong", err)
	}
}

func TestHeads_andHelloReadBack(t *testing.T) {
	heads := journal.Heads{{Node: 1}: 7, {Node: 2, Epoch: 9}: 1 << 40}
	got, err := ReadHeads(HeadsFrame(TypeHeads, heads).Body)
	if err != nil || !got.Covers(heads) || !heads.Covers(got) {
		t.Fatalf("got %v, %v", got, err)
	}
	hello := Hello{Version: 1, Campaign: journal.Campaign{9}, Log: fieldwork.LogID{Node: 4, Epoch: 2}, Known: [8]byte{1}, Mine: [8]byte{2}, Program: "kandilictl 0.1", Unsent: 12, Wall: -5}
	if got, err := ReadHello(append(hello.Frame().Body, "what a newer version adds"...)); err != nil || got != hello {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(AppendFrame(nil, EndFrame(true)))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReader(bytes.NewReader(b))
		for {
			frame, err := r.Next()
			if err != nil {
				return
			}
			again, err := NewReader(bytes.NewReader(AppendFrame(nil, frame))).Next()
			if err != nil || again.Type != frame.Type || !bytes.Equal(again.Body, frame.Body) {
				t.Fatalf("%v is not read back: %v", frame, err)
			}
		}
	})
}

func FuzzBodies(f *testing.F) {
	p := testPiece(f, 30)
	changes, _ := ChangesFrame(&p)
	f.Add(changes.Body)
	columns, _ := Everything().ChangesFrame(&p)
	f.Add(columns.Body)
	f.Add(Everything().Frame().Body)
	f.Add(Hello{Program: "x"}.Frame().Body)
	f.Fuzz(func(t *testing.T, b []byte) {
		ReadHello(b)
		ReadHeads(b)
		ReadLimits(b)
		ReadTime(b)
		ReadTrouble(b)
		ReadSpeaks(b)
		p, err := ReadChanges(b)
		if err != nil {
			return
		}
		if _, err := p.Head(); err != nil {
			t.Fatalf("a piece that was read must hang together: %v", err)
		}
	})
}
