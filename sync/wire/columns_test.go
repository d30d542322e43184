package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// anyValue draws values of every tag, with extremes among them.
func anyValue() *rapid.Generator[fieldwork.Value] {
	number := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 300), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 0, 1_800_000_000}))
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`\+[0-9]{9,14}`), rapid.StringMatching(`[A-Z]{2}[0-9]{1,8}-[0-9]{4}`),
		rapid.SampledFrom([]string{"Nasieku", "Aïssatou Ndèye", "0", "007", strings.Repeat("9", 250), "a\xffb", "\x00", strings.Repeat("long text 1 ", 300)}))
	return rapid.Custom(func(t *rapid.T) fieldwork.Value {
		switch rapid.IntRange(0, 6).Draw(t, "tag") {
		case tagInt:
			return fieldwork.Int(number.Draw(t, "number"))
		case tagText:
			return fieldwork.Text(text.Draw(t, "text"))
		case tagRef:
			return fieldwork.Ref(anyID().Draw(t, "ref"))
		case tagBytes:
			return fieldwork.Bytes(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes"))
		case tagInts:
			return fieldwork.Ints(rapid.SliceOfN(number, 0, 7).Draw(t, "numbers")...)
		case tagRefs:
			var list []fieldwork.RecordID
			for _, id := range rapid.SliceOfN(anyID(), 0, 4).Draw(t, "refs") {
				if !id.IsZero() {
					list = append(list, id)
				}
			}
			return fieldwork.Refs(list...)
		}
		return fieldwork.Value{}
	})
}

func anyID() *rapid.Generator[fieldwork.RecordID] {
	return rapid.Custom(func(t *rapid.T) fieldwork.RecordID {
		return fieldwork.RecordID{Log: fieldwork.LogID{Node: rapid.Uint32Range(0, 3).Draw(t, "node"), Epoch: rapid.SampledFrom([]uint32{0, 0, 0, math.MaxUint32}).Draw(t, "epoch")},
			Seq: rapid.OneOf(rapid.Uint64Range(0, 50), rapid.Uint64()).Draw(t, "seq")}
	})
}

// anyPiece draws changes of known and unknown kinds and fields.
func anyPiece() *rapid.Generator[journal.Piece] {
	return rapid.Custom(func(t *rapid.T) journal.Piece {
		p := journal.Piece{Log: fieldwork.LogID{Node: rapid.Uint32().Draw(t, "node")}, First: rapid.Uint64Range(1, 1<<40).Draw(t, "first")}
		seq := p.First
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			c := journal.Change{Log: p.Log, Seq: seq, Wall: rapid.OneOf(rapid.Int64Range(1_700_000_000, 1_700_000_900), rapid.Int64()).Draw(t, "wall"),
				Boot: rapid.Uint32().Draw(t, "boot"), Up: rapid.Uint32().Draw(t, "up"), Author: anyID().Draw(t, "author")}
			c.Stamp = journal.StampOf(c.Wall) + journal.Stamp(rapid.Uint64Range(0, 3).Draw(t, "stamp"))
			for _, id := range rapid.SliceOfN(anyID(), 0, 3).Draw(t, "seen") {
				c.Seen = append(c.Seen, journal.Seen{Log: id.Log, Seq: id.Seq})
			}
			for range rapid.IntRange(1, 3).Draw(t, "writes") {
				w := journal.Write{Kind: fieldwork.Kind(rapid.SampledFrom([]int{6, 10, 14, 0, 99, math.MaxUint16}).Draw(t, "kind"))}
				if rapid.Bool().Draw(t, "edits") {
					w.Record = anyID().Draw(t, "record")
				}
				for range rapid.IntRange(0, 5).Draw(t, "fields") {
					f := fieldwork.FieldID(rapid.SampledFrom([]int{1, 10, 11, 12, 999, math.MaxUint16}).Draw(t, "field"))
					w.Fields = append(w.Fields, fieldwork.FieldValue{Field: f, Value: anyValue().Draw(t, "value")})
				}
				c.Writes = append(c.Writes, w)
			}
			p.Changes = append(p.Changes, c)
			seq = c.Last() + 1
		}
		p.Sig = make([]byte, ed25519.SignatureSize)
		return p
	})
}

func canonical(p *journal.Piece) []byte {
	var b []byte
	for i := range p.Changes {
		b = p.Changes[i].Append(b)
	}
	return b
}

func TestColumns_giveBackTheVeryBytes(t *testing.T) {
	columns := 0
	rapid.Check(t, func(t *rapid.T) {
		p := anyPiece().Draw(t, "piece")
		want := canonical(&p)
		packed, bits, err := columnsOf(&p)
		if errors.Is(err, errColumns) && bytes.Contains(want, []byte{endOfText}) {
			return // a text that is not UTF-8
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := rowsOf(packed, bits, p.Log, p.First, uint64(len(p.Changes)), len(want))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v\ngot  %x\nwant %x", err, got, want)
		}
		columns++
	})
	if columns < 50 {
		t.Errorf("only %d pieces went through columns", columns)
	}
}

func TestChangesFrame_textThatIsNotUTF8TravelsAsRows(t *testing.T) {
	p := testPiece(t, 300)
	p.Changes[7].Writes[0].Fields[0].Value = fieldwork.Text("Nasi\xffeku")
	f, err := Everything().ChangesFrame(&p)
	if err != nil {
		t.Fatal(err)
	}
	if codec := codecOf(f); codec != CodecRows {
		t.Errorf("codec %d", codec)
	}
	got, err := ReadChanges(f.Body)
	if err != nil || !bytes.Equal(canonical(&got), canonical(&p)) {
		t.Errorf("not the same changes: %v", err)
	}
}

func codecOf(f Frame) Codec {
	_, n, _ := fieldwork.ReadID(f.Body)
	return Codec(f.Body[n+32+64])
}

func TestChangesFrame_isWhatTheOtherSideReads(t *testing.T) {
	p := testPiece(t, 300)
	for name, c := range map[string]struct {
		to   Speaks
		want Codec
	}{
		"an older program":            {Speaks{}, CodecRows},
		"this one":                    {Everything(), CodecColumns},
		"one without our dictionary":  {Speaks{Codecs: 1 << CodecColumns, Dictionaries: []uint32{12345}}, CodecColumns},
		"a newer one without columns": {Speaks{Codecs: 1 << 40}, CodecRows},
	} {
		f, err := c.to.ChangesFrame(&p)
		if err != nil || codecOf(f) != c.want {
			t.Errorf("%s gets codec %d, %v", name, codecOf(f), err)
		}
		if got, err := ReadChanges(f.Body); err != nil || !bytes.Equal(canonical(&got), canonical(&p)) {
			t.Errorf("%s: not the same changes: %v", name, err)
		}
	}
}

func TestReadChanges_saysThatItLacksTheDictionary(t *testing.T) {
	p := testPiece(t, 30)
	f, err := Everything().ChangesFrame(&p)
	if err != nil {
		t.Fatal(err)
	}
	_, n, _ := fieldwork.ReadID(f.Body)
	at := n + 32 + 64 + 1
	_, size := binary.Uvarint(f.Body[at:])
	other := append(binary.AppendUvarint(bytes.Clone(f.Body[:at]), 77), f.Body[at+size:]...)
	if _, err := ReadChanges(other); !errors.Is(err, ErrCodec) {
		t.Errorf("unknown dictionary: %v", err)
	}
	f.Body[at-1] = 99
	if _, err := ReadChanges(f.Body); !errors.Is(err, ErrCodec) {
		t.Errorf("unknown codec: %v", err)
	}
}

func TestSpeaks_readBackAndAnOlderOneIsSilent(t *testing.T) {
	want := Everything()
	if len(want.Dictionaries) == 0 {
		t.Fatal("no dictionary is built in")
	}
	got, err := ReadSpeaks(append(want.Frame().Body, "what a newer version adds"...))
	if err != nil || got.Codecs != want.Codecs || len(got.Dictionaries) != len(want.Dictionaries) || got.dictionary() != want.dictionary() {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if _, err := ReadSpeaks(nil); err == nil {
		t.Error("an empty body was read")
	}
}

// TestRowsOf_claimsAllocateNothing: a few bytes that promise a megabyte.
func TestRowsOf_claimsAllocateNothing(t *testing.T) {
	p := testPiece(t, 40)
	packed, bits, err := columnsOf(&p)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const tries = 200
	for i := range tries {
		bad := bytes.Clone(packed)
		bad[i%len(bad)] = 0xff
		rowsOf(bad, bits, p.Log, p.First, MaxExpanded, MaxExpanded)
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / tries; each > 4*MaxExpanded {
		t.Errorf("%d bytes for each try", each)
	}
}

func TestPatterns_everyTextComesBack(t *testing.T) {
	for text, want := range map[string]string{
		"Nasieku":         "Nasieku",
		"+254 712 345678": "+03 03 06",
		"007":             "03",
		"+254712345678":   "+12",
		"a1b22c":          "a01b02c",
	} {
		pattern, nums := patternOf(text, nil)
		if pattern != want {
			t.Errorf("%s: pattern %s, want %s", text, pattern, want)
		}
		got, ok := appendText(nil, pattern, func() int64 {
			n := nums[0]
			nums = nums[1:]
			return n
		})
		if !ok || string(got) != text || len(nums) != 0 {
			t.Errorf("%s comes back as %s, %v", text, got, nums)
		}
	}
	for _, bad := range []string{"1", "00", "a9", "03x1"} {
		if got, ok := appendText(nil, bad, func() int64 { return 5 }); ok {
			t.Errorf("pattern %s gives %s", bad, got)
		}
	}
	if got, ok := appendText(nil, "02", func() int64 { return 100 }); ok {
		t.Errorf("100 in two digits gives %s", got)
	}
}

// FuzzColumns reads arbitrary columns: no panic, and what can be read is written again as the same changes.
func FuzzColumns(f *testing.F) {
	for _, n := range []int{1, 3, 40} {
		p := testPiece(f, n)
		packed, bits, err := columnsOf(&p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed, bits, uint16(n), uint32(len(canonical(&p))))
	}
	rich := anyPiece().Example(1)
	if packed, bits, err := columnsOf(&rich); err == nil {
		f.Add(packed, bits, uint16(len(rich.Changes)), uint32(len(canonical(&rich))))
	}
	f.Fuzz(func(t *testing.T, packed, bits []byte, count uint16, size uint32) {
		if size > MaxExpanded {
			return
		}
		p := journal.Piece{Log: fieldwork.LogID{Node: 4}, First: 1, Sig: make([]byte, ed25519.SignatureSize)}
		rows, err := rowsOf(packed, bits, p.Log, p.First, uint64(count), int(size))
		if err != nil || len(rows) != int(size) || count == 0 || readRows(&p, rows, uint64(count)) != nil {
			return
		}
		if _, err := p.Head(); err != nil {
			t.Fatalf("a piece that was read must hang together: %v", err)
		}
		again, err := Everything().ChangesFrame(&p)
		if errors.Is(err, ErrTooLong) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadChanges(again.Body)
		if err != nil || !bytes.Equal(canonical(&back), canonical(&p)) || !bytes.Equal(canonical(&p), rows) {
			t.Fatalf("not the same changes: %v", err)
		}
	})
}
