package wire_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// historyGolden has one of each frame about copies, clocks and snapshots. The file is never changed; what comes later gets
// a file of its own.
const historyGolden = "testdata/history-1.json"

func TestGolden_framesAboutTheLogsLifeAreReadForEver(t *testing.T) {
	readForEver(t, historyGolden, historyFrames(t), sayHistory, false)
}

// outlineGolden is the same of what came with version 1 later on: a log told without what it says.
const outlineGolden = "testdata/outline-1.json"

func TestGolden_outlinesAreReadForEver(t *testing.T) {
	readForEver(t, outlineGolden, outlineFrames(t), sayHistory, false)
}

func outlineFrames(t *testing.T) []golden {
	odd := oddPiece(t)
	trace := journal.OutlineTrace(odd.Log, renumbered(odd.Changes), odd.Last())
	var list []golden
	add := func(name string, f wire.Frame) {
		list = append(list, golden{name, base64.StdEncoding.EncodeToString(wire.AppendFrame(nil, f)), sayHistory(f)})
	}
	add("outline", wire.TraceFrame(trace))
	ends := journal.Ends(journal.Heads{odd.Log: 70, {Node: 9}: 1}, func(log fieldwork.LogID) journal.Hash { return journal.Hash{byte(log.Node)} })
	add("tips with ends", wire.TipsFrame([]journal.Tip{journal.TipOf(odd.Log, 70, journal.Hash{1, 2, 3})}, wire.Running{Boot: 12, Up: 3600}, ends))
	add("tell", wire.TellFrame())
	return list
}

// renumbered lets changes begin at 1: an outline leads from the first change on.
func renumbered(list []journal.Change) []journal.Change {
	list = slices.Clone(list)
	next := uint64(1)
	for i := range list {
		list[i].Seq = next
		next = list[i].Last() + 1
	}
	return list
}

func sayHistory(f wire.Frame) []string {
	switch f.Type {
	case wire.TypeTips:
		tips, run, ends, err := wire.ReadTips(f.Body)
		lines := []string{fmt.Sprintf("tips: run %d, %d s, %v", run.Boot, run.Up, err)}
		for _, t := range tips {
			lines = append(lines, fmt.Sprintf("log %v up to %d, hash %x…", t.Log, t.Seq, t.Hash))
		}
		if ends != [8]byte{} {
			lines = append(lines, fmt.Sprintf("all end in %x", ends))
		}
		return lines
	case wire.TypeTrace:
		t, err := wire.ReadTrace(f.Body)
		if err != nil {
			return []string{err.Error()}
		}
		lines := []string{fmt.Sprintf("trace: log %v up to %d, hash %x, signed by the zero seed for campaign 0100000000000000: %v", t.Head.Log, t.Head.Seq, t.Head.Hash,
			t.Head.Verify(journal.Campaign{1}, zeroKey()))}
		for _, p := range t.Points {
			lines = append(lines, fmt.Sprintf("at %d %x…", p.Seq, p.Hash))
		}
		return lines
	case wire.TypeTell:
		return []string{fmt.Sprintf("tell: %d bytes", len(f.Body))}
	case wire.TypeOutline:
		t, err := wire.ReadOutline(f.Body)
		if err != nil {
			return []string{err.Error()}
		}
		lines := []string{fmt.Sprintf("outline: log %v up to %d", t.Head.Log, t.Head.Seq)}
		for _, p := range t.Points {
			lines = append(lines, fmt.Sprintf("at %d %x…", p.Seq, p.Hash))
		}
		return lines
	case wire.TypePage:
		p, err := wire.ReadPage(f.Body)
		if err != nil {
			return []string{err.Error()}
		}
		return []string{fmt.Sprintf("page: log %v from %d to %d, end %x, content %x, signed by the zero seed for campaign 0100000000000000: %v", p.Log, p.First, p.Last(), p.End,
			p.Name(), p.VerifyPage(journal.Campaign{1}, zeroKey()))}
	}
	return nil
}

func zeroKey() ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
}

func historyFrames(t *testing.T) []golden {
	var list []golden
	add := func(name string, f wire.Frame) {
		list = append(list, golden{name, base64.StdEncoding.EncodeToString(wire.AppendFrame(nil, f)), sayHistory(f)})
	}
	log := fieldwork.LogID{Node: 4, Epoch: 7}
	add("tips", wire.TipsFrame([]journal.Tip{journal.TipOf(log, 70, journal.Hash{1, 2, 3}), journal.TipOf(fieldwork.LogID{Node: 9}, 1, journal.Hash{9})}, wire.Running{Boot: 12, Up: 3600}, [8]byte{}))
	add("tips of nobody", wire.TipsFrame(nil, wire.Running{}, [8]byte{}))
	odd := oddPiece(t)
	head, err := odd.Head()
	if err != nil {
		t.Fatal(err)
	}
	add("trace", wire.TraceFrame(&journal.Trace{Head: head, Points: []journal.Point{{Seq: head.Seq, Hash: [8]byte(head.Hash[:8])}, {Seq: 43, Hash: [8]byte{5}}, {Seq: 1, Hash: [8]byte{6}}}}))
	for _, x := range []struct {
		name string
		to   wire.Speaks
		end  journal.Hash
	}{{"page in rows", wire.Speaks{}, journal.Hash{}}, {"last page in columns", wire.Everything(), head.Hash}} {
		p := journal.Piece{Log: odd.Log, First: odd.First, Changes: odd.Changes, Covered: true, End: x.end}
		if err := p.SignPage(journal.Campaign{1}, ed25519.NewKeyFromSeed(make([]byte, 32))); err != nil {
			t.Fatal(err)
		}
		f, err := x.to.PageFrame(&p)
		if err != nil {
			t.Fatal(err)
		}
		add(x.name, f)
	}
	return list
}

// What reads bytes from outside stays within its limits, whatever they are.
func FuzzHistoryFrames(f *testing.F) {
	f.Add(byte(wire.TypeTips), []byte{1, 4, 7, 70, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add(byte(wire.TypeTrace), append([]byte{4, 7, 70}, make([]byte, 97)...))
	f.Add(byte(wire.TypeOutline), append([]byte{4, 7, 70, 1, 3}, make([]byte, 8)...))
	f.Fuzz(func(t *testing.T, kind byte, body []byte) {
		switch wire.Type(kind) {
		case wire.TypeTips:
			if tips, _, _, err := wire.ReadTips(body); err == nil && len(tips) > wire.MaxTips {
				t.Fatalf("%d tips", len(tips))
			}
		case wire.TypeTrace, wire.TypeOutline:
			read := wire.ReadTrace
			if wire.Type(kind) == wire.TypeOutline {
				read = wire.ReadOutline
			}
			tr, err := read(body)
			if err != nil {
				return
			}
			before := tr.Head.Seq
			for _, p := range tr.Points {
				if p.Seq == 0 || p.Seq > before {
					t.Fatalf("points do not go back: %d after %d", p.Seq, before)
				}
				before = p.Seq
			}
		case wire.TypePage:
			wire.ReadPage(body)
		}
	})
}
