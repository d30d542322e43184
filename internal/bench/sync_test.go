package bench

import (
	"bytes"
	"os/exec"
	"testing"
	"time"

	"kandili/internal/practice"
	"kandili/internal/store"
	"kandili/sync/synctest"
)

// The line of DESIGN.md section 9: 32 kbit/s, 600 ms there and back, cut every minute.
const (
	slowRate = 32_000 / 8 // bytes a second
	slowRTT  = 600 * time.Millisecond
	slowCut  = time.Minute
	firstCut = 20 * time.Second // so that a run of less than a minute meets one
)

// BenchmarkSync_reference sends the 10,000 changes of the reference campaign over the slow line, in real time, and counts bytes at
// the socket, TLS and HTTP included.
func BenchmarkSync_reference(b *testing.B) {
	o := newOffice(b)
	s := o.reference(b)
	link := &synctest.Link{Rate: slowRate, RTT: slowRTT, CutEvery: slowCut, FirstCut: firstCut}
	at := o.throughLink(b, link)
	const changes = 10_000
	for b.Loop() {
		began := time.Now()
		res := o.sync(b, s, at)
		took := time.Since(began)
		f := link.Figures()
		if o.campaign.Digest() != s.Digest() || s.Unsent() != 0 {
			b.Fatalf("not equal after %+v", res)
		}
		atLineRate := time.Duration(f.Up+f.Down) * time.Second / slowRate
		b.ReportMetric(float64(f.Up+f.Down)/changes, "B/change")
		b.ReportMetric(float64(f.Up), "B-up")
		b.ReportMetric(float64(f.Down), "B-down")
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(took.Seconds()/atLineRate.Seconds(), "x-line-rate")
		b.ReportMetric(float64(res.Requests), "requests")
		b.ReportMetric(float64(f.Cuts), "cuts")
	}
}

// nothing syncs until there is nothing to do, and reports what one more sync takes.
func (o *office) nothing(b *testing.B, s *store.Store, name string) int64 {
	for range 2 { // after the first, each side may still have to say something once
		o.sync(b, s, "")
	}
	res := o.sync(b, s, "")
	b.ReportMetric(float64(res.Requests), "requests-at-"+name)
	b.ReportMetric(float64(res.BytesUp+res.BytesDown), "B-at-"+name)
	return res.BytesUp + res.BytesDown
}

// BenchmarkSync_cutOften sends the same over a line that is cut every ten seconds: it must end.
func BenchmarkSync_cutOften(b *testing.B) {
	o := newOffice(b)
	s := o.reference(b)
	link := &synctest.Link{Rate: slowRate, RTT: slowRTT, CutEvery: 10 * time.Second}
	at := o.throughLink(b, link)
	for b.Loop() {
		began := time.Now()
		o.sync(b, s, at)
		f := link.Figures()
		if o.campaign.Digest() != s.Digest() || s.Unsent() != 0 {
			b.Fatal("not equal")
		}
		b.ReportMetric(time.Since(began).Seconds(), "s")
		b.ReportMetric(float64(f.Cuts), "cuts")
		b.ReportMetric(float64(f.Up+f.Down)/10_000, "B/change")
	}
}

// BenchmarkZstd19_reference is what the figures are held against: the same records as lines of JSON, packed as well as zstd can.
func BenchmarkZstd19_reference(b *testing.B) {
	logs, err := practice.Reference()
	must(b, err)
	lines, err := practice.JSONLines(logs...)
	must(b, err)
	for b.Loop() {
		packed := zstd19(b, lines)
		b.ReportMetric(float64(len(packed))/10_000, "B/change")
	}
}

func zstd19(b *testing.B, text []byte) []byte {
	b.Helper()
	path, err := exec.LookPath("zstd")
	if err != nil {
		b.Skip("no zstd on this machine")
	}
	cmd := exec.Command(path, "-19", "-c", "-q")
	cmd.Stdin = bytes.NewReader(text)
	packed, err := cmd.Output()
	must(b, err)
	return packed
}
