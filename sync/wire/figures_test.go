package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os/exec"
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/sync/wire"
)

// start is the first day of the measured programmes.
const start = 20_000

// log is what one laptop wrote.
type log []journal.Change

func laptopLog(t testing.TB, rows []practice.Row, way practice.Way, node uint32) log {
	t.Helper()
	list, err := practice.Changes(rows, way, fieldwork.LogID{Node: node}, practice.Options{Seed: 1, Start: start})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// laptopLogs is the whole programme of seed 1 as eight laptops write it.
func laptopLogs(t testing.TB, way practice.Way, scale int) []log {
	t.Helper()
	var logs []log
	for _, c := range practice.Generate(practice.Options{Seed: 1, Start: start, Scale: scale}).Countries {
		for _, rows := range c.Laptops {
			logs = append(logs, laptopLog(t, rows, way, uint32(len(logs)+1)))
		}
	}
	return logs
}

// reference is the reference campaign of the figures.
func reference(t testing.TB) []log {
	t.Helper()
	lists, err := practice.Reference()
	if err != nil {
		t.Fatal(err)
	}
	return logsOf(lists)
}

func logsOf(lists [][]journal.Change) []log {
	var logs []log
	for _, l := range lists {
		logs = append(logs, l)
	}
	return logs
}

// send cuts a log into frames of at most wire.TargetBody, as the exchange does, and returns their bytes.
func send(t testing.TB, l log, to wire.Speaks) (stream []byte) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	var prev journal.Hash
	for n := 500; len(l) > 0; {
		n = min(n, len(l))
		p := journal.Piece{Log: l[0].Log, First: l[0].Seq, Prev: prev, Changes: l[:n]}
		h := sign(t, &p, key)
		f, err := to.ChangesFrame(&p)
		if err != nil && !errors.Is(err, wire.ErrTooLong) {
			t.Fatal(err)
		}
		size := len(wire.AppendFrame(nil, f))
		if err != nil || size > wire.TargetBody {
			n = n * 9 / 10
			continue
		}
		stream = wire.AppendFrame(stream, f)
		prev, l = h.Hash, l[n:]
		n = n * wire.TargetBody * 97 / 100 / size
	}
	return stream
}

func sign(t testing.TB, p *journal.Piece, key ed25519.PrivateKey) journal.Head {
	t.Helper()
	h, err := p.Head()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Sign(journal.Campaign{1}, key); err != nil {
		t.Fatal(err)
	}
	p.Sig = h.Sig
	return h
}

// receive reads a stream back and compares it with the log.
func receive(t testing.TB, stream []byte, want log) {
	t.Helper()
	in := wire.NewReader(bytes.NewReader(stream))
	var got []byte
	for in.Bytes < int64(len(stream)) {
		f, err := in.Next()
		if err != nil {
			t.Fatal(err)
		}
		p, err := wire.ReadChanges(f.Body)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Changes {
			got = p.Changes[i].Append(got)
		}
	}
	var all []byte
	for i := range want {
		all = want[i].Append(all)
	}
	if !bytes.Equal(got, all) {
		t.Fatal("what was read is not what was written")
	}
}

// TestColumns_costOfAChange: bytes of frames with signatures, heads and all, for each change; and what zstd -19 makes
// of the same records as lines of JSON.
func TestColumns_costOfAChange(t *testing.T) {
	everything := practice.Generate(practice.Options{Seed: 1, Start: start, Scale: 1000}).All()
	for _, c := range []struct {
		name string
		logs []log
		most float64
	}{
		{"reference campaign: 3,000 trainees, 5,000 attendances, 2,000 installations, by hand on 8 laptops", reference(t), 16},
		{"practice programme, by hand on 8 laptops", laptopLogs(t, practice.ByHand, 1000), 13},
		{"first 10,000 rows of it, imported on one", []log{laptopLog(t, everything[:10_000], practice.ByImport, 1)}, 8},
	} {
		changes, columns := 0, 0
		for _, l := range c.logs {
			stream := send(t, l, wire.Everything())
			receive(t, stream, l)
			changes += len(l)
			columns += len(stream)
		}
		per := func(n int) float64 { return float64(n) / float64(changes) }
		rows := float64(len(send(t, c.logs[0], wire.Speaks{}))) / float64(len(c.logs[0])) // one laptop stands for all
		t.Logf("%s\n%d changes: %.2f bytes each in columns, %.2f in rows", c.name, changes, per(columns), rows)
		if per(columns) > c.most {
			t.Errorf("more than %.0f bytes", c.most)
		}
		if packed := zstd19(t, jsonLines(c.logs)); packed > 0 {
			t.Logf("%.2f bytes each as JSON lines in zstd -19", per(packed))
			if columns >= packed {
				t.Error("not less than JSON lines in zstd -19")
			}
		}
	}
}

// jsonLines are the records as a program would export them.
func jsonLines(logs []log) []byte {
	var b []byte
	for _, l := range logs {
		lines, err := practice.JSONLines(l)
		if err != nil {
			panic(err) // the practice campaign is JSON
		}
		b = append(b, lines...)
	}
	return b
}

// zstd19 returns 0 where the machine has no zstd.
func zstd19(t testing.TB, b []byte) int {
	t.Helper()
	path, err := exec.LookPath("zstd")
	if err != nil {
		t.Log("no zstd on this machine: nothing to compare with")
		return 0
	}
	cmd := exec.Command(path, "-19", "-c", "-q")
	cmd.Stdin = bytes.NewReader(b)
	packed, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return len(packed)
}

// TestColumns_costOfAFewChanges: what the usual sync sends.
func TestColumns_costOfAFewChanges(t *testing.T) {
	l := laptopLogs(t, practice.ByHand, 1000)[0]
	l = slices.Clone(l[700:])
	for _, n := range []int{1, 5, 20, 100} {
		t.Logf("%3d changes: %5d bytes in columns, %5d in rows", n, len(send(t, l[:n], wire.Everything())), len(send(t, l[:n], wire.Speaks{})))
	}
}

func BenchmarkColumns(b *testing.B) {
	logs := reference(b)
	changes, bytes := 0, 0
	for _, l := range logs {
		changes += len(l)
		bytes += len(send(b, l, wire.Everything()))
	}
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	p := journal.Piece{Log: logs[0][0].Log, First: 1, Changes: logs[0][:600]}
	sign(b, &p, key)
	f, err := wire.Everything().ChangesFrame(&p)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			wire.Everything().ChangesFrame(&p)
		}
		b.ReportMetric(float64(b.N)*600/b.Elapsed().Seconds(), "changes/s")
		b.ReportMetric(float64(bytes)/float64(changes), "B/change")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			wire.ReadChanges(f.Body)
		}
		b.ReportMetric(float64(b.N)*600/b.Elapsed().Seconds(), "changes/s")
	})
}
