package bench

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/internal/store"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// million is an office with a million records of a thousand laptops, and how it took them in.
type million struct {
	*office
	laptops int
	changes int
	took    time.Duration
	heap    []uint64 // bytes in use after each tenth of it
}

// laptopsOfMillion is how many laptops there are; each sends a thousand changes. KANDILI_BENCH_LAPTOPS makes it less, to try.
func laptopsOfMillion() int {
	if n, err := strconv.Atoi(os.Getenv("KANDILI_BENCH_LAPTOPS")); err == nil {
		return n
	}
	return 1000
}

var (
	millionOnce sync.Once
	theMillion  *million
)

// aMillion returns the office with a million records, made once for all benchmarks here.
func aMillion(b *testing.B) *million {
	b.Helper()
	millionOnce.Do(func() {
		dir, err := os.MkdirTemp("", "kandili-bench-")
		must(b, err)
		atEnd = append(atEnd, func() { os.RemoveAll(dir) })
		m := &million{office: startOffice(b, dir, func(f func()) { atEnd = append(atEnd, f) }), laptops: laptopsOfMillion()}
		m.takeIn(b)
		theMillion = m
	})
	if theMillion == nil {
		b.Skip("the office with a million records did not come about")
	}
	return theMillion
}

// atEnd is done after all benchmarks, the last first.
var atEnd []func()

// upload is all that a laptop has to send, in bodies as it would send them.
type upload struct {
	self    store.Identity
	bodies  [][]byte
	changes int
}

// takeIn prepares what the laptops send, each signed with its own key, and then measures HQ alone: TLS, HTTP, frames, chains,
// signatures, flushed commits.
func (m *million) takeIn(b *testing.B) {
	uploads := make([]upload, m.laptops)
	for i := range uploads {
		uploads[i].self = m.member(b)
	}
	known := m.campaign.Heads() // they have heard all of HQ before
	for i := range uploads {
		known[uploads[i].self.Log] = 1 << 30 // and want nothing of each other now
	}
	var ready sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		ready.Go(func() {
			for i := w; i < len(uploads); i += runtime.GOMAXPROCS(0) {
				uploads[i].prepare(b, rowsOf(i), known)
			}
		})
	}
	ready.Wait()
	for i := range uploads {
		m.changes += uploads[i].changes
	}
	m.send(b, uploads)
	held := uint64(0)
	for log, seq := range m.campaign.Heads() {
		if log.Node != 0 {
			held += seq
		}
	}
	if held != uint64(m.changes) {
		b.Fatalf("HQ holds %d of %d changes", held, m.changes)
	}
}

// rowsOf is what a laptop has: a thousand rows of people, sessions, attendances, lamps and visits, of a village of its own.
func rowsOf(i int) []practice.Row {
	countries := practice.Generate(practice.Options{Seed: uint64(1 + i/8), Start: 20_000, Scale: 510}).Countries
	rows := countries[i/2%4].Laptops[i%2]
	rows = rows[:min(len(rows), 1000)]
	for _, r := range rows {
		if r.Kind == fieldwork.KindLamp {
			r.Cells["tag_code"] = fmt.Sprintf("%d-%s", i, r.Cells["tag_code"])
		}
	}
	return rows
}

func (u *upload) prepare(b *testing.B, rows []practice.Row, known journal.Heads) {
	log := u.self.Log
	list, err := practice.Changes(rows, practice.ByHand, log, practice.Options{Seed: 1, Start: 20_000})
	must(b, err)
	heads := known.Clone()
	heads[log] = list[len(list)-1].Last()
	u.changes = len(list)
	hello := wire.Hello{Version: wire.Version, Campaign: u.self.Campaign, Log: log, Mine: heads.Token(), Program: "bench", Unsent: uint64(len(list)), Wall: time.Now().Unix()}
	begin := wire.AppendFrame(nil, hello.Frame())
	begin = wire.AppendFrame(begin, wire.Everything().Frame())
	begin = wire.AppendFrame(begin, wire.HeadsFrame(wire.TypeHeads, heads))
	body := slices.Clone(begin)
	p := journal.Piece{Log: log, First: 1}
	for n := 300; len(list) > 0; {
		n = min(n, len(list))
		p.Changes, p.Sig = list[:n], nil
		end, err := p.Head()
		must(b, err)
		must(b, end.Sign(u.self.Campaign, u.self.Key()))
		p.Sig = end.Sig
		f, err := wire.Everything().ChangesFrame(&p)
		must(b, err)
		if len(f.Body) > wire.TargetBody && n > 50 {
			n = n * 4 / 5
			continue
		}
		body = wire.AppendFrame(body, f)
		p.First, p.Prev, list = p.Last()+1, end.Hash, list[n:]
	}
	u.bodies = append(u.bodies, wire.AppendFrame(body, wire.EndFrame(false)))
}

// send lets fifty laptops at a time call, each over a connection of its own.
func (m *million) send(b *testing.B, uploads []upload) {
	var next, sent atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range 50 {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(uploads) || b.Failed() {
					return
				}
				if err := uploads[i].send(m.url); err != nil {
					b.Errorf("laptop %d: %v", i, err)
					return
				}
				uploads[i].bodies = nil
				if n := sent.Add(1); n%int64(max(len(uploads)/10, 1)) == 0 {
					var mem runtime.MemStats
					runtime.ReadMemStats(&mem)
					m.heap = append(m.heap, mem.HeapInuse)
				}
			}
		})
	}
	all.Wait()
	m.took = time.Since(began)
}

func (u *upload) send(url string) error {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: road.Pinned(u.self.Pin)}}
	defer client.CloseIdleConnections()
	for _, body := range u.bodies {
		req, err := http.NewRequest(http.MethodPost, url+"/v1/campaigns/"+u.self.Campaign.String()+"/exchange", bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", road.Authorization(u.self.Log.Node, u.self.Token))
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		in := wire.NewReader(resp.Body)
		for {
			f, err := in.Next()
			if err != nil {
				return fmt.Errorf("status %d: %w", resp.StatusCode, err)
			}
			if f.Type == wire.TypeTrouble {
				p, _ := wire.ReadTrouble(f.Body)
				return fmt.Errorf("HQ refuses: %v", p)
			}
			if f.Type == wire.TypeEnd {
				break
			}
		}
		resp.Body.Close()
	}
	return nil
}

// BenchmarkHQ_intake reports how fast HQ took the million in. Making what the laptops send is not counted; sending it is, on the
// same cores.
func BenchmarkHQ_intake(b *testing.B) {
	m := aMillion(b)
	for b.Loop() {
	}
	b.ReportMetric(float64(m.changes)/m.took.Seconds(), "changes/s")
	b.ReportMetric(float64(m.laptops), "laptops")
	b.ReportMetric(float64(m.changes), "changes")
	b.ReportMetric(m.took.Seconds(), "s")
	first, last := m.heap[0], m.heap[len(m.heap)-1]
	b.ReportMetric(float64(last-min(first, last))/(0.9*float64(m.changes)), "B-heap/change")
}

// BenchmarkHQ_pages asks for pages of the office with a million records, as a browser does.
func BenchmarkHQ_pages(b *testing.B) {
	m := aMillion(b)
	browser := m.signedIn(b)
	for b.Loop() {
	}
	pages := []struct{ name, path string }{{"list", "/people"}, {"search", "/people?q=wanj"}, {"overview", "/"}, {"lamps", "/lamps"},
		{"end", "/people?page=1000"}, {"laptops", "/laptops"}, {"conflicts", "/review/conflicts"}, {"questions", "/review/questions"}, {"duplicates", "/review/duplicates"}}
	for _, page := range pages {
		first := get(b, browser, m.url+page.path) // works out what later ones only look up, as long as nothing changes
		b.ReportMetric(first.Seconds()*1000, "first-ms-"+page.name)
		took := []time.Duration{first}
		for range 60 {
			if first < tooLong {
				took = append(took, get(b, browser, m.url+page.path))
			}
		}
		b.ReportMetric(percentile(took[len(took)-max(1, len(took)-1):], 95).Seconds()*1000, "p95-ms-"+page.name)
	}
	for _, page := range pages[:3] { // while somebody goes on writing
		var took []time.Duration
		for range 30 {
			_, err := m.campaign.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
				{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku")}}}}})
			must(b, err)
			took = append(took, get(b, browser, m.url+page.path))
		}
		b.ReportMetric(percentile(took, 95).Seconds()*1000, "p95-ms-"+page.name+"-written-to")
	}
}

// tooLong is when nobody waits for a page any more.
const tooLong = 2 * time.Minute

func (m *million) signedIn(b *testing.B) *http.Client {
	b.Helper()
	const password = "a long enough password"
	name := fmt.Sprintf("officer%d", time.Now().UnixNano())
	_, err := m.CreateAccount(name, "officer", password)
	must(b, err)
	jar, err := cookiejar.New(nil)
	must(b, err)
	browser := &http.Client{Jar: jar, Timeout: tooLong, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // a browser whose user said yes once
	resp, err := browser.PostForm(m.url+"/sign-in", url.Values{"name": {name}, "password": {password}})
	must(b, err)
	resp.Body.Close()
	return browser
}

// get returns how long a page took; tooLong where it did not come.
func get(b *testing.B, c *http.Client, url string) time.Duration {
	began := time.Now()
	resp, err := c.Get(url)
	var page []byte
	if err == nil {
		defer resp.Body.Close()
		page, err = io.ReadAll(resp.Body)
	}
	if e := net.Error(nil); errors.As(err, &e) && e.Timeout() {
		return tooLong
	}
	must(b, err)
	if resp.StatusCode != http.StatusOK || len(page) < 500 || bytes.Contains(page, []byte(`id="password"`)) {
		b.Fatalf("%s: status %d, %d bytes", url, resp.StatusCode, len(page))
	}
	return time.Since(began)
}

func percentile(list []time.Duration, p int) time.Duration {
	slices.Sort(list)
	return list[min(len(list)*p/100, len(list)-1)]
}

// BenchmarkHQ_backup makes a backup while a laptop goes on syncing and a browser looks at pages.
func BenchmarkHQ_backup(b *testing.B) {
	m := aMillion(b)
	browser := m.signedIn(b)
	s := laptop(b, m.member(b))
	stop := make(chan struct{})
	var busy sync.WaitGroup
	var refused, answered atomic.Int64
	busy.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			resp, err := browser.Get(m.url + "/people")
			if err != nil || resp.StatusCode != http.StatusOK {
				refused.Add(1)
			} else {
				answered.Add(1)
			}
			if err == nil {
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			if err := s.SetNote("bench", nil); err != nil {
				refused.Add(1)
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	for b.Loop() {
		began := time.Now()
		r := m.Do(hq.Command{Name: "backup"})
		if r.Failed != nil || len(r.File) == 0 {
			b.Fatal(r.Failed)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s")
		b.ReportMetric(float64(len(r.File))/1e6, "MB")
	}
	close(stop)
	busy.Wait()
	b.ReportMetric(float64(refused.Load()), "refused")
	b.ReportMetric(float64(answered.Load()), "answered")
}

// BenchmarkSync_nothing measures an exchange with nothing new on either side, at 10,000 and at a million changes.
func BenchmarkSync_nothing(b *testing.B) {
	o := newOffice(b)
	r := o.reference(b)
	m := aMillion(b)
	s := laptop(b, m.member(b))
	for b.Loop() {
		few := o.nothing(b, r, "10k")
		b.ReportMetric(float64(m.nothing(b, s, "1M")-few), "B-more-at-1M")
	}
	if got := s.Count(fieldwork.KindTrainee); got != m.campaign.Count(fieldwork.KindTrainee) {
		b.Errorf("%d people on the laptop", got)
	}
}
