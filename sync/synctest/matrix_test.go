package synctest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kandili/sync/exchange"
)

// mostCases is after how many cases a pair of stores is replaced by a new one.
const mostCases = 400

// TestFaults_everyByteOfEveryExchange meets every fault at every byte of the first request and of its answer, for every kind of
// exchange. After each, both sides must be equal, with nothing lost and nothing doubled, after few requests.
func TestFaults_everyByteOfEveryExchange(t *testing.T) {
	type job struct {
		s     Situation
		fault Fault
		up    bool
	}
	var jobs []job
	for _, s := range Situations() {
		for _, f := range upFaults {
			jobs = append(jobs, job{s, f, true})
		}
		for _, f := range downFaults {
			jobs = append(jobs, job{s, f, false})
		}
		for _, f := range []Fault{FaultCrash, FaultOverload, FaultPortal} {
			jobs = append(jobs, job{s, f, true})
		}
	}
	root := memory(t)
	sameKeys(t)
	var cases, next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for worker := range 2 {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(jobs) || t.Failed() {
					return
				}
				j := jobs[i]
				cases.Add(everyByte(t, filepath.Join(root, fmt.Sprint(worker)), j.s, j.fault, j.up))
			}
		})
	}
	all.Wait()
	cases.Add(everyByteOfAStick(t, filepath.Join(root, "stick")))
	t.Logf("%d cases, %.1f s", cases.Load(), time.Since(began).Seconds())
	if cases.Load() < 60_000 && !t.Failed() && !testing.Short() {
		t.Errorf("only %d cases: 60,000 are promised", cases.Load())
	}
}

// everyByte tries a fault at every byte of one kind of exchange and returns how many bytes that were.
func everyByte(t *testing.T, dir string, s Situation, f Fault, up bool) (cases int64) {
	step := 1
	if testing.Short() {
		step = 13
	}
	var w *World
	defer func() { w.close() }()
	for at := 0; ; at += step {
		if at%(mostCases*step) == 0 {
			w.close()
			w = pair(filepath.Join(dir, fmt.Sprint(at)))
		}
		more := oneCase(t, w, s, f, up, at)
		if t.Failed() {
			t.Errorf("%s, %s at byte %d, on the way there: %v", s.Name, f, at, up)
			return cases
		}
		if !more {
			return cases
		}
		cases++
		if f == FaultOverload || f == FaultPortal || f == FaultCrash && at > 200 {
			return cases
		}
	}
}

// pair is a world of HQ and two laptops.
func pair(dir string) *World {
	w := &World{Seed: 1, Now: time.Unix(1_800_000_000, 0), root: dir, keys: keys, rnd: rand.New(rand.NewPCG(1, 2))}
	w.oracle.init()
	w.HQ = w.newNode(0)
	w.join()
	w.join()
	w.laptops[0].rows, w.laptops[1].rows = false, false
	w.Sync(w.laptops[0], w.HQ, false) // until both know each other
	return w
}

func (w *World) close() {
	if w == nil {
		return
	}
	for _, n := range append(w.laptops, w.HQ) {
		n.Store.Close()
	}
	os.RemoveAll(w.root)
}

// oneCase says whether there was such a byte.
func oneCase(t *testing.T, w *World, s Situation, f Fault, up bool, at int) bool {
	client, server := w.laptops[0], w.HQ
	if s.Peer {
		server = w.laptops[1]
	}
	client.rows = s.Rows
	s.Do(w, client, server)
	road := &faultRoad{trip: &trip{w: w, client: client, server: server}, fault: f, up: up, at: at}
	began := w.Now
	err := w.exchange(client, server, road)
	if err != nil || len(w.faults) > 0 {
		t.Errorf("%v %v", err, w.faults)
	}
	if client.Store.Digest() != server.Store.Digest() || client.Store.Heads().Token() != server.Store.Heads().Token() {
		t.Errorf("not equal: %v, %v", heads(client), heads(server))
	}
	if road.requests > 5 {
		t.Errorf("%d requests", road.requests)
	}
	if took := w.Now.Sub(began); took > 5*time.Minute {
		t.Errorf("took %v", took)
	}
	w.oracle.init() // digests are compared here
	return !road.beyond
}

// everyByteOfAStick reads a courier file in which one byte is wrong, is missing or is the last: what is taken from it is true, and
// the whole file still brings the rest.
func everyByteOfAStick(t *testing.T, dir string) (cases int64) {
	w := pair(dir)
	defer w.close()
	from, to := w.laptops[0], w.laptops[1]
	w.trainees(from, 30)
	w.longText(from)
	w.fillStick(from)
	whole := w.sticks[0].parts[0]
	want := from.Store.Heads()
	for at := range whole {
		for _, f := range []Fault{FaultFlip, FaultInsert, FaultEnd} {
			part := whole[:at]
			if f != FaultEnd {
				part = harmed(f, whole, at)
			}
			cases++
			p, err := exchange.OpenPart(bytes.NewReader(part))
			if err != nil {
				continue
			}
			_, told, err := p.Take(t.Context(), to.replica())
			if err == nil && told.SealedBy(publicOf(1)) {
				t.Errorf("%s at byte %d of %d: taken for whole", f, at, len(whole))
			}
			if !want.Covers(to.Store.Heads()) {
				t.Errorf("%s at byte %d: %v", f, at, heads(to))
			}
		}
	}
	p, err := exchange.OpenPart(bytes.NewReader(whole))
	if err == nil {
		_, _, err = p.Take(t.Context(), to.replica())
	}
	if err != nil || to.Store.Digest() != from.Store.Digest() {
		t.Errorf("the whole stick: %v", err)
	}
	return cases
}
