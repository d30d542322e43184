package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/sync/wire"
)

// golden is one frame that was written once and is read for ever. Any other program can check itself against it.
type golden struct {
	Name  string   `json:"name"`
	Frame string   `json:"frame"` // base64
	Says  []string `json:"says"`  // what the frame says, line by line; see say
}

var writeGolden = flag.Bool("golden", false, "write testdata/golden-N.json of a format version that has none yet")

// goldenVersion counts up when a frame, a codec or a dictionary is added; the new file holds what is new.
const goldenVersion = 1

// TestGolden_everyVersionIsReadForEver: the files are never changed.
func TestGolden_everyVersionIsReadForEver(t *testing.T) {
	name := fmt.Sprintf("testdata/golden-%d.json", goldenVersion)
	if _, err := os.Stat(name); *writeGolden && os.IsNotExist(err) {
		text, err := json.MarshalIndent(goldenFrames(t), "", " ")
		if err == nil {
			err = os.WriteFile(name, append(text, '\n'), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob("testdata/golden-*.json")
	if err != nil || len(files) != goldenVersion {
		t.Fatalf("%d files, want %d: %v", len(files), goldenVersion, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []golden
		if err := json.Unmarshal(text, &list); err != nil || len(list) == 0 {
			t.Fatalf("%s: %d frames, %v", file, len(list), err)
		}
		for _, g := range list {
			stream, err := base64.StdEncoding.DecodeString(g.Frame)
			if err != nil {
				t.Fatal(err)
			}
			f, err := wire.NewReader(bytes.NewReader(stream)).Next()
			if err != nil {
				t.Errorf("%s, %s: %v", file, g.Name, err)
				continue
			}
			if got := say(f); !slices.Equal(got, g.Says) {
				t.Errorf("%s, %s:\ngot  %s\nwant %s", file, g.Name, strings.Join(got, "\n     "), strings.Join(g.Says, "\n     "))
			}
		}
	}
}

// readForEver reads a file of golden frames, which is never changed, and writes it where it is not there yet. Each frame says what
// it said; with same, it is also written as it was.
func readForEver(t *testing.T, name string, now []golden, say func(wire.Frame) []string, same bool) {
	t.Helper()
	if _, err := os.Stat(name); *writeGolden && os.IsNotExist(err) {
		text, err := json.MarshalIndent(now, "", " ")
		if err == nil {
			err = os.WriteFile(name, append(text, '\n'), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var list []golden
	if err := json.Unmarshal(text, &list); err != nil || len(list) != len(now) {
		t.Fatalf("%d frames, want %d: %v", len(list), len(now), err)
	}
	for i, g := range list {
		stream, err := base64.StdEncoding.DecodeString(g.Frame)
		if err != nil {
			t.Fatal(err)
		}
		f, err := wire.NewReader(bytes.NewReader(stream)).Next()
		if err != nil {
			t.Fatalf("%s: %v", g.Name, err)
		}
		if got := say(f); !slices.Equal(got, g.Says) {
			t.Errorf("%s:\ngot  %s\nwant %s", g.Name, strings.Join(got, "\n     "), strings.Join(g.Says, "\n     "))
		}
		if same && now[i].Frame != g.Frame {
			t.Errorf("%s is written in another way", g.Name)
		}
	}
}

// say tells what a frame says. Its lines are in the files: what it says today of a field, it says for ever.
func say(f wire.Frame) []string {
	line, err := "", error(nil)
	switch f.Type {
	case wire.TypeHello:
		var h wire.Hello
		h, err = wire.ReadHello(f.Body)
		line = fmt.Sprintf("hello: version %d, campaign %v, log %v, known %x, mine %x, program %q, unsent %d, wall %d",
			h.Version, h.Campaign, h.Log, h.Known, h.Mine, h.Program, h.Unsent, h.Wall)
	case wire.TypeHeads, wire.TypeReceived:
		var h journal.Heads
		h, err = wire.ReadHeads(f.Body)
		line = map[wire.Type]string{wire.TypeHeads: "heads:", wire.TypeReceived: "received:"}[f.Type]
		for _, log := range h.Logs() {
			line += fmt.Sprintf(" %v up to %d;", log, h[log])
		}
	case wire.TypeChanges:
		return sayChanges(f.Body)
	case wire.TypeLimits:
		var l wire.Limits
		l, err = wire.ReadLimits(f.Body)
		line = fmt.Sprintf("limits: body %d, retry after %d", l.Body, l.RetryAfter)
	case wire.TypeTime:
		var wall int64
		wall, err = wire.ReadTime(f.Body)
		line = fmt.Sprintf("time: %d", wall)
	case wire.TypeEnd:
		var more bool
		more, err = wire.ReadEnd(f.Body)
		line = fmt.Sprintf("end: more %v", more)
	case wire.TypeTrouble:
		var p *fieldwork.Problem
		p, err = wire.ReadTrouble(f.Body)
		line = fmt.Sprintf("trouble: code %q, sentence %q, hint %q", p.Code, p.Sentence, p.Hint)
	case wire.TypeSpeaks:
		var s wire.Speaks
		s, err = wire.ReadSpeaks(f.Body)
		line = fmt.Sprintf("speaks: codecs %b, dictionaries %08x", s.Codecs, s.Dictionaries)
	}
	if err != nil {
		return []string{err.Error()}
	}
	return []string{line}
}

func sayChanges(body []byte) []string {
	p, err := wire.ReadChanges(body)
	if err != nil {
		return []string{err.Error()}
	}
	h, err := p.Head()
	if err != nil {
		return []string{err.Error()}
	}
	key := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	_, at, _ := fieldwork.ReadID(body)
	dictionary, _ := binary.Uvarint(body[at+97:])
	lines := []string{fmt.Sprintf("changes: codec %d, dictionary %08x, log %v from %d, hash before %x, head %d %x, signed by the zero seed for campaign 0100000000000000: %v",
		body[at+96], dictionary, p.Log, p.First, p.Prev, h.Seq, h.Hash, h.Verify(journal.Campaign{1}, key))}
	for i := range p.Changes {
		c := &p.Changes[i]
		line := fmt.Sprintf("%d: wall %d, boot %d, up %d, stamp %d, author %v", c.Seq, c.Wall, c.Boot, c.Up, c.Stamp, c.Author)
		for _, s := range c.Seen {
			line += fmt.Sprintf(", seen %v up to %d", s.Log, s.Seq)
		}
		if i < 3 {
			line += fmt.Sprintf(", canonical %x", c.Append(nil))
		}
		lines = append(lines, line)
		for j, w := range c.Writes {
			line := fmt.Sprintf("  kind %d, record %v:", w.Kind, c.Target(j))
			for _, f := range w.Fields {
				line += fmt.Sprintf(" %d=%s", f.Field, sayValue(f.Value))
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func sayValue(v fieldwork.Value) string {
	text, err := json.Marshal(practice.Plain(v))
	if err != nil || v.IsZero() {
		return "cleared"
	}
	return string(text)
}

// goldenFrames is one of each kind of frame, with changes in every codec.
func goldenFrames(t *testing.T) []golden {
	var list []golden
	add := func(name string, f wire.Frame) {
		list = append(list, golden{name, base64.StdEncoding.EncodeToString(wire.AppendFrame(nil, f)), say(f)})
	}
	add("hello", wire.Hello{Version: 1, Campaign: journal.Campaign{1}, Log: fieldwork.LogID{Node: 4, Epoch: 7}, Known: [8]byte{2}, Mine: [8]byte{3}, Program: "kandili 0.1", Unsent: 12, Wall: 1_800_000_000}.Frame())
	heads := journal.Heads{{Node: 0}: 31, {Node: 4, Epoch: 7}: 1 << 40}
	add("heads", wire.HeadsFrame(wire.TypeHeads, heads))
	add("received", wire.HeadsFrame(wire.TypeReceived, heads))
	add("limits", wire.Limits{Body: 48 << 10, RetryAfter: 30}.Frame())
	add("time", wire.TimeFrame(1_800_000_000))
	add("end", wire.EndFrame(true))
	add("trouble", wire.TroubleFrame(&fieldwork.Problem{Code: "send-heads", Sentence: "HQ does not remember this laptop's state.", Hint: "The next try sends it."}))
	add("speaks", wire.Everything().Frame())
	odd := oddPiece(t)
	add("changes in plain bytes", plainFrame(t, odd))
	field := fieldPiece(t)
	for _, c := range []struct {
		name string
		to   wire.Speaks
		p    *journal.Piece
	}{
		{"changes in rows", wire.Speaks{}, field},
		{"changes in columns without a dictionary", wire.Speaks{Codecs: 1 << wire.CodecColumns}, field},
		{"changes in columns", wire.Everything(), field},
		{"odd changes in columns", wire.Everything(), odd},
	} {
		f, err := c.to.ChangesFrame(c.p)
		if err != nil {
			t.Fatal(err)
		}
		add(c.name, f)
	}
	return list
}

// fieldPiece is a part of a day of a practice laptop: some of every kind.
func fieldPiece(t *testing.T) *journal.Piece {
	l := laptopLog(t, practice.Generate(practice.Options{Seed: 1, Start: start, Scale: 60}).Countries[1].Laptops[0], practice.ByHand, 3)
	p := &journal.Piece{Log: l[0].Log, First: 1, Changes: l[:100:100]}
	sign(t, p, ed25519.NewKeyFromSeed(make([]byte, 32)))
	return p
}

// oddPiece has what practice does not: unknown kinds and fields, cleared values, later edits, clocks that went wrong.
func oddPiece(t *testing.T) *journal.Piece {
	log := fieldwork.LogID{Node: 9, Epoch: 1 << 31}
	p := &journal.Piece{Log: log, First: 41, Prev: journal.Hash{1, 2, 3}, Changes: []journal.Change{
		{Log: log, Seq: 41, Wall: 1_800_000_000, Boot: 3, Up: 60, Stamp: journal.StampOf(1_800_000_000) + 5, Seen: []journal.Seen{{Log: fieldwork.LogID{Node: 2}, Seq: 70}},
			Writes: []journal.Write{{Kind: 60_000, Fields: []fieldwork.FieldValue{{Field: 60_001, Value: fieldwork.Text("from a later version")}, {Field: 60_002, Value: fieldwork.Ints(-1, 1<<62)}}},
				{Kind: fieldwork.KindTrainee, Record: fieldwork.RecordID{Log: fieldwork.LogID{Node: 2}, Seq: 5}, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhone}, {Field: 60_003, Value: fieldwork.Bytes([]byte{0, 255})}}}}},
		{Log: log, Seq: 43, Wall: -5, Boot: 4, Up: 1, Stamp: journal.StampOf(1_800_000_000) + 6, Author: fieldwork.RecordID{Log: fieldwork.LogID{Node: 2}, Seq: 9},
			Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: fieldwork.RecordID{Log: log, Seq: 42}, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhone, Value: fieldwork.Text("+254 712 345 678")}}}}},
	}}
	for i := range uint64(40) {
		c := p.Changes[1]
		c.Seq, c.Wall, c.Stamp = 44+i, 1_800_000_100+int64(i)*7, journal.StampOf(1_800_000_100+int64(i)*7)
		c.Writes = []journal.Write{{Kind: fieldwork.KindLamp, Record: fieldwork.RecordID{Log: log, Seq: i + 1}, Fields: []fieldwork.FieldValue{{Field: fieldwork.LampStatus, Value: fieldwork.Int(int64(i%3) + 1)}, {Field: fieldwork.FieldSameAs, Value: fieldwork.Refs(fieldwork.RecordID{Log: log, Seq: i + 2}, c.Author)}}}}
		p.Changes = append(p.Changes, c)
	}
	sign(t, p, ed25519.NewKeyFromSeed(make([]byte, 32)))
	return p
}

// plainFrame writes changes uncompressed, which the encoder does only where compressing gains nothing.
func plainFrame(t *testing.T, p *journal.Piece) wire.Frame {
	whole := *p
	whole.Changes = p.Changes[:1]
	sign(t, &whole, ed25519.NewKeyFromSeed(make([]byte, 32)))
	f, err := wire.ChangesFrame(&whole)
	if err != nil {
		t.Fatal(err)
	}
	if _, n, _ := fieldwork.ReadID(f.Body); f.Body[n+96] != byte(wire.CodecPlain) {
		t.Fatalf("codec %d", f.Body[n+96])
	}
	return f
}
