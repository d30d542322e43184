package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

// link is a corridor of a certain rate in virtual time, which notes how large bodies are.
type link struct {
	*corridor
	now    time.Time
	rate   int // bytes a second
	bodies []int
	cut    func(n int) bool // whether the n-th request is cut in the middle
}

func (l *link) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	n := len(l.bodies)
	l.bodies = append(l.bodies, len(body))
	l.now = l.now.Add(600*time.Millisecond + time.Duration(len(body))*time.Second/time.Duration(l.rate))
	if l.cut != nil && l.cut(n) {
		l.server.Answer(ctx, 1, bytes.NewReader(body[:len(body)/2]), io.Discard, func() {})
		return nil, exchange.Cut(io.ErrUnexpectedEOF)
	}
	return l.corridor.Exchange(ctx, body)
}

func onLink(t *testing.T, rate, changes int) (*exchange.Client, *link, func()) {
	client, road, equal := meet(t, 0, changes)
	l := &link{corridor: road, now: time.Unix(1_800_000_000, 0), rate: rate}
	client.Road, client.Now = l, func() time.Time { return l.now }
	client.Jitter = func() float64 { return 0.5 }
	client.Sleep = func(ctx context.Context, d time.Duration) error { l.now = l.now.Add(d); return ctx.Err() }
	return client, l, equal
}

// save writes people with letters that no dictionary knows, so that bodies are large.
func save(t *testing.T, s *store.Store, n int) {
	t.Helper()
	var drafts []store.Draft
	for i := range n {
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(noise(uint64(i), 400))}}}}})
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
}

func noise(seed uint64, n int) string {
	b := make([]byte, n)
	for i := range b {
		seed = seed*6364136223846793005 + 1442695040888963407
		b[i] = 'a' + byte(seed>>33)%26
	}
	return string(b)
}

func TestPace_bodiesFollowTheLinkAndNotTheHope(t *testing.T) {
	for _, c := range []struct {
		name        string
		rate        int // bytes a second
		people      int
		least, most int // of the largest body
	}{
		{"8 kbit/s", 1000, 400, 40 << 10, 52 << 10}, // the first one
		{"32 kbit/s", 4000, 600, 44 << 10, 66 << 10},
		{"256 kbit/s", 32_000, 2800, 250 << 10, 440 << 10},
		{"LAN", 10_000_000, 3600, 380 << 10, 520 << 10},
	} {
		client, l, equal := onLink(t, c.rate, 0)
		save(t, client.Replica.(*store.Store), c.people)
		res := sync(t, client)
		equal()
		if top := slices.Max(l.bodies); top < c.least || top > c.most {
			t.Errorf("%s: bodies of %v bytes, the largest should lie between %d and %d", c.name, l.bodies, c.least, c.most)
		}
		if c.rate == 1000 { // once measured, no body takes longer than a quarter of a minute
			if late := slices.Max(l.bodies[2:]); late > 17_000 {
				t.Errorf("%s: after the first, bodies of %v", c.name, l.bodies)
			}
		}
		t.Logf("%s: %d requests, bodies of %v", c.name, res.Requests, l.bodies)
	}
}

func TestPace_cutsHalveAndStepsGrow(t *testing.T) {
	client, l, equal := onLink(t, 1_000_000, 0)
	save(t, client.Replica.(*store.Store), 2800)
	l.cut = func(n int) bool { return n == 3 }
	sync(t, client)
	equal()
	// doubling, a cut, a question of a hundred bytes, half, and from there in steps
	b := l.bodies
	if b[4] > 600 || b[5] > b[3]/2+8<<10 || b[6] > b[5]+24<<10 {
		t.Errorf("bodies of %v", b)
	}
}

// pitfall 7: a batch that is larger than the server takes is refused for ever.
func TestPitfall07_bodiesAreAsTheServerTakesThem(t *testing.T) {
	client, l, equal := onLink(t, 1_000_000, 0)
	save(t, client.Replica.(*store.Store), 1000)
	l.server.Limits = func() wire.Limits { return wire.Limits{Body: 12 << 10, RetryAfter: 3} }
	begun := l.now
	res := sync(t, client)
	equal()
	if late := slices.Max(l.bodies[1:]); late > 17<<10 { // one frame may stand over
		t.Errorf("bodies of %v, the server takes 12 KiB", l.bodies)
	}
	if took := l.now.Sub(begun); took < 3*time.Second*time.Duration(res.Requests-1) {
		t.Errorf("%d requests in %v, the server wants three seconds between them", res.Requests, took)
	}
	if res.Again != 3*time.Second {
		t.Errorf("the next exchange may come after %v", res.Again)
	}
}

func TestExchange_neverSpins(t *testing.T) {
	client, l, _ := onLink(t, 1_000_000, 3)
	sync(t, client)
	l.down = func(f wire.Frame) (wire.Frame, error) {
		if f.Type == wire.TypeEnd {
			return wire.EndFrame(true), nil // always more, and never anything
		}
		return f, nil
	}
	var slept []time.Duration
	client.Sleep = func(ctx context.Context, d time.Duration) error { slept = append(slept, d); return nil }
	res, err := client.Run(t.Context())
	if !exchange.Retry(err) || err == nil || res.Requests > 12 || len(slept) != res.Requests-1 {
		t.Fatalf("%d requests, pauses %v: %v", res.Requests, slept, err)
	}
	for i, d := range slept {
		if d < 250*time.Millisecond || d > 31*time.Second {
			t.Errorf("pause %d is %v", i, d)
		}
	}
	if slept[len(slept)-1] < 10*slept[0] {
		t.Errorf("pauses do not grow: %v", slept)
	}
}

// A link that lets the question through and cuts every body must not start over with every question.
func TestExchange_questionsAloneAreNoProgress(t *testing.T) {
	client, l, _ := onLink(t, 1_000_000, 300)
	l.cut = func(n int) bool { return l.bodies[n] > 1000 }
	l.server = &exchange.Server{Replica: deaf{l.server.Replica}, Campaign: campaign, Now: time.Now}
	res, err := client.Run(t.Context())
	if err == nil || res.Requests > 30 {
		t.Fatalf("%d requests: %v", res.Requests, err)
	}
}

// deaf is a replica on which nothing arrives.
type deaf struct{ exchange.Replica }

func (deaf) Apply(...journal.Piece) (journal.Applied, error) {
	return journal.Applied{}, errors.New("nothing arrives")
}

func TestExchange_waitsAsAsked(t *testing.T) {
	client, _, equal := meet(t, 0, 50)
	road := client.Road
	refused := 0
	client.Road = roadFunc(func(ctx context.Context, body []byte) (io.ReadCloser, error) {
		if refused++; refused <= 3 {
			return nil, exchange.Busy(7 * time.Second)
		}
		return road.Exchange(ctx, body)
	})
	client.Jitter = func() float64 { return 0.25 }
	var slept []time.Duration
	client.Sleep = func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }
	sync(t, client)
	equal()
	want := slices.Repeat([]time.Duration{8750 * time.Millisecond}, 3)
	if !slices.Equal(slept, want) {
		t.Errorf("pauses of %v, want %v", slept, want)
	}
	client.Road = roadFunc(func(context.Context, []byte) (io.ReadCloser, error) { return nil, exchange.Busy(time.Hour) })
	slept = nil
	res, err := client.Run(t.Context())
	if err == nil || res.Again != time.Hour || len(slept) > 0 {
		t.Errorf("asked for an hour: %v, again after %v, slept %v", err, res.Again, slept)
	}
}

type roadFunc func(context.Context, []byte) (io.ReadCloser, error)

func (f roadFunc) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	return f(ctx, body)
}

func TestExchange_HQsLogFirstThenTheOldest(t *testing.T) {
	office, relay := newStore(t, 0), newStore(t, 1)
	for node, wall := range map[uint32]int64{0: 3000, 2: 2000, 3: 1000} { // HQ's are the newest
		other := newStoreAt(t, node, time.Unix(wall, 0))
		save(t, other, 3)
		p, err := other.Piece(other.Self().Log, 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := relay.Apply(p); err != nil {
			t.Fatal(err)
		}
	}
	c := &corridor{server: &exchange.Server{Replica: office, Campaign: campaign, Log: office.Self().Log, Now: time.Now}, codecs: map[string]int{}}
	var order []uint32
	c.up = func(f wire.Frame) (wire.Frame, error) {
		if p, err := wire.ReadChanges(f.Body); f.Type == wire.TypeChanges && err == nil {
			order = append(order, p.Log.Node)
		}
		return f, nil
	}
	// HQ knows its own log, so it is asked as another laptop would be
	lap := newStore(t, 4)
	c.server = &exchange.Server{Replica: lap, Campaign: campaign, Log: lap.Self().Log, Now: time.Now}
	client := &exchange.Client{Replica: relay, Road: c, Peer: "x", Campaign: campaign, Log: relay.Self().Log, Now: time.Now, Jitter: func() float64 { return 0 },
		Sleep: func(context.Context, time.Duration) error { return nil }}
	res := sync(t, client)
	if want := []uint32{0, 3, 2}; !slices.Equal(order, want) || res.Sent != 9 {
		t.Errorf("logs of nodes %v, want %v; sent %d", order, want, res.Sent)
	}
}

func TestExchange_cancelledAnywhereGoesOnFromThere(t *testing.T) {
	for at := range 6 {
		client, l, equal := onLink(t, 1_000_000, 0)
		save(t, client.Replica.(*store.Store), 800)
		save(t, l.server.Replica.(*store.Store), 400)
		ctx, cancel := context.WithCancel(t.Context())
		n, requests := 0, 0
		client.Progress = func(p exchange.Progress) {
			if n++; n == at*at+1 {
				requests = len(l.bodies)
				cancel()
			}
			if p.Sent > p.ToSend || p.Received > p.ToReceive {
				t.Errorf("progress beyond its end: %+v", p)
			}
		}
		if _, err := client.Run(ctx); requests > 0 && len(l.bodies) > requests {
			t.Errorf("cancelled at report %d, and %d more requests: %v", at*at+1, len(l.bodies)-requests, err)
		}
		cancel()
		sync(t, client)
		equal()
	}
}

func TestExchange_tellsTimeLeft(t *testing.T) {
	client, l, _ := onLink(t, 4000, 0)
	save(t, client.Replica.(*store.Store), 900)
	begun := l.now
	var worst float64
	type guess struct{ at, left time.Duration }
	var guesses []guess
	client.Progress = func(p exchange.Progress) {
		if p.Left > 0 {
			guesses = append(guesses, guess{l.now.Sub(begun), p.Left})
		}
	}
	sync(t, client)
	total := l.now.Sub(begun)
	for _, g := range guesses {
		worst = max(worst, float64((g.at+g.left-total).Abs())/float64(total))
	}
	if len(guesses) < 5 || worst > 0.25 {
		t.Errorf("%d guesses, the worst %.0f %% off of %v", len(guesses), worst*100, total)
	}
}

// pitfall 27: one refused write blocks all that come after it, or is tried for ever.
func TestPitfall27_whatIsRefusedBlocksNothingAndEnds(t *testing.T) {
	client, road, _ := meet(t, 0, 20)
	other := newStore(t, 2)
	save(t, other, 3)
	p, err := other.Piece(other.Self().Log, 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Replica.Apply(p); err != nil {
		t.Fatal(err)
	}
	road.server.Replica = wary{road.server.Replica}
	res := sync(t, client)
	if res.Requests > 3 || res.Unsent != 0 || len(res.Refused) != 1 {
		t.Errorf("%+v", res)
	}
}

// wary is a replica that takes nothing of node 2.
type wary struct{ exchange.Replica }

func (w wary) Apply(list ...journal.Piece) (journal.Applied, error) {
	for _, p := range list {
		if p.Log.Node == 2 {
			return journal.Applied{}, journal.ErrForged
		}
	}
	return w.Replica.Apply(list...)
}
