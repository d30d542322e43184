package road_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// half is a request of node 1 by hand: its head, hello, heads and the first frame of changes; the rest never comes.
func half(t *testing.T, url string, pin []byte, frames []wire.Frame) *tls.Conn {
	t.Helper()
	conn, err := tls.Dial("tcp", strings.TrimPrefix(url, "https://"), road.Pinned(pin))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST /v1/campaigns/%v/exchange HTTP/1.1\r\nHost: hq\r\nAuthorization: %s\r\nContent-Length: 400000\r\n\r\n", campaign, road.Authorization(1, []byte("token")))
	for _, f := range frames {
		conn.Write(wire.AppendFrame(nil, f))
	}
	return conn
}

// opening is what node 1 says first, and its first changes.
func opening(t *testing.T, c *exchange.Client) []wire.Frame {
	t.Helper()
	p, err := c.Replica.Piece(c.Log, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := wire.Everything().ChangesFrame(&p)
	if err != nil {
		t.Fatal(err)
	}
	heads := c.Replica.Heads()
	hello := wire.Hello{Version: wire.Version, Campaign: campaign, Log: c.Log, Mine: heads.Token()}
	return []wire.Frame{hello.Frame(), wire.HeadsFrame(wire.TypeHeads, heads), changes}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// closed waits until the other side ends the connection and returns what it said before.
func closed(t *testing.T, conn *tls.Conn) string {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	said, err := io.ReadAll(conn)
	if e := net.Error(nil); errors.As(err, &e) && e.Timeout() {
		t.Fatal("the connection is still open")
	}
	return string(said)
}

// pitfall 30: the resume is refused with 423 because the broken request still runs.
func TestPitfall30_newerRequestEndsTheOlder(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hq(t, office)
	fill(t, a, 20)
	c := client(a, srv.URL, pin)
	older := half(t, srv.URL, pin, opening(t, c))
	until(t, "the first frame is kept while the request goes on", func() bool { return office.Count(fieldwork.KindTrainee) > 0 })
	begun := time.Now()
	res, err := c.Run(t.Context())
	if err != nil || office.Count(fieldwork.KindTrainee) != 20 || res.Requests > 3 {
		t.Fatalf("the newer request: %+v %v", res, err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it waited %v for the older one", took)
	}
	if said := closed(t, older); strings.Contains(said, "200 OK") {
		t.Errorf("the older request was answered: %q", said)
	}
}

func TestHandler_stallEndsAndSlowLives(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hqAt(t, office, road.Pace{Rate: 500, Grace: 1500 * time.Millisecond, Credit: 1500 * time.Millisecond})
	fill(t, a, 1)
	frames := opening(t, client(a, srv.URL, pin))

	begun := time.Now()
	closed(t, half(t, srv.URL, pin, frames))
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("a stalled request lived for %v", took)
	}

	slow := half(t, srv.URL, pin, frames[:1])
	begun = time.Now()
	for range 50 { // 100 bytes in 50 ms: four times the least, and longer than the grace
		if _, err := slow.Write(wire.AppendFrame(nil, wire.Frame{Type: 200, Body: make([]byte, 93)})); err != nil {
			t.Fatalf("a slow request was ended after %v: %v", time.Since(begun), err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	slow.Write(wire.AppendFrame(nil, frames[1]))
	slow.Write(wire.AppendFrame(nil, wire.EndFrame(false)))
	slow.SetReadDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(slow).ReadString('\n')
	if err != nil || !strings.Contains(line, "200 OK") {
		t.Errorf("the slow request after %v: %q %v", time.Since(begun), line, err)
	}
}

func TestHTTPS_stallOfTheServerIsACut(t *testing.T) {
	a := newStore(t, 1)
	fill(t, a, 1)
	var asked atomic.Int32
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("X-Kandili", "1")
		w.Write(wire.AppendFrame(nil, wire.TimeFrame(1)))
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer srv.Close()
	c := client(a, srv.URL, road.PinOf(srv.Certificate()))
	c.Road.(*road.HTTPS).Pace = road.Pace{Grace: 200 * time.Millisecond, Credit: 200 * time.Millisecond}
	res, err := c.Run(t.Context())
	var p *fieldwork.Problem
	if !errors.As(err, &p) || p.Code != "cut" || res.Requests < 2 || asked.Load() == 0 {
		t.Fatalf("%+v: %v", res, err)
	}
}

func TestHTTPS_slowAnswerLives(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hq(t, office)
	fill(t, office, 3000)
	url := trickle(t, strings.TrimPrefix(srv.URL, "https://"), 400, 40*time.Millisecond)
	c := client(a, url, pin)
	c.Road.(*road.HTTPS).Pace = road.Pace{Rate: 2000, Grace: 1500 * time.Millisecond, Credit: 1500 * time.Millisecond}
	begun := time.Now()
	res, err := c.Run(t.Context())
	if err != nil || res.Received != 3000 || res.Requests > 2 || time.Since(begun) < 2*time.Second {
		t.Fatalf("%+v after %v: %v", res, time.Since(begun), err)
	}
}

// trickle passes so many bytes at a time down to the client, and what goes up at once.
func trickle(t *testing.T, to string, bytes int, pause time.Duration) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				return
			}
			go func() { io.Copy(out, in); out.Close() }()
			go func() {
				defer in.Close()
				b := make([]byte, bytes)
				for {
					n, err := out.Read(b)
					if _, e := in.Write(b[:n]); e != nil || err != nil {
						return
					}
					time.Sleep(pause)
				}
			}()
		}
	}()
	return "https://" + l.Addr().String()
}

func TestHTTPS_429And503AreObeyed(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hq(t, office)
	fill(t, a, 5)
	answers := []func(http.ResponseWriter){
		func(w http.ResponseWriter) { w.Header().Set("Retry-After", "7"); w.WriteHeader(429) },
		func(w http.ResponseWriter) { // a proxy whose clock is years off
			w.Header().Set("Date", "Tue, 01 Jan 2019 10:00:00 GMT")
			w.Header().Set("Retry-After", "Tue, 01 Jan 2019 10:00:20 GMT")
			w.WriteHeader(503)
		},
		func(w http.ResponseWriter) { w.WriteHeader(503) },
	}
	n := 0
	h := srv.Config.Handler
	srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n <= len(answers) {
			answers[n-1](w)
			return
		}
		h.ServeHTTP(w, r)
	})
	c := client(a, srv.URL, pin)
	c.Jitter = func() float64 { return 0.5 }
	var slept []time.Duration
	c.Sleep = func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }
	res, err := c.Run(t.Context())
	if err != nil || res.Sent != 5 || len(slept) != 3 {
		t.Fatalf("%+v %v, pauses %v", res, err, slept)
	}
	if slept[0] != 10500*time.Millisecond || slept[1] != 30*time.Second || slept[2] > 4*time.Second {
		t.Errorf("pauses of %v", slept)
	}
}

func TestHandler_fullHouseAsksToComeLater(t *testing.T) {
	office, a, b := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	h := handler(office)
	h.Most = 1
	srv, pin := serve(t, h)
	fill(t, a, 5)
	fill(t, b, 5)
	first := half(t, srv.URL, pin, opening(t, client(a, srv.URL, pin)))
	until(t, "the first is in", func() bool { return office.Count(fieldwork.KindTrainee) > 0 })
	c := client(b, srv.URL, pin)
	var slept []time.Duration
	c.Sleep = func(_ context.Context, d time.Duration) error {
		slept = append(slept, d)
		first.Close()
		time.Sleep(50 * time.Millisecond)
		return nil
	}
	res, err := c.Run(t.Context())
	if err != nil || res.Sent != 5 || len(slept) == 0 || slept[0] < 5*time.Second {
		t.Fatalf("%+v %v, pauses %v", res, err, slept)
	}
}

func TestHTTPS_cancelledInTheMiddleLeavesBothSidesWhole(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hq(t, office)
	fill(t, office, 300)
	fill(t, a, 900)
	url := trickle(t, strings.TrimPrefix(srv.URL, "https://"), 1400, 2*time.Millisecond)
	for i := range 6 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(5+i*i*6)*time.Millisecond)
		if _, err := client(a, url, pin).Run(ctx); err == nil {
			i = 6
		}
		cancel()
	}
	if _, err := client(a, srv.URL, pin).Run(t.Context()); err != nil || a.Digest() != office.Digest() || a.Unsent() != 0 {
		t.Fatalf("%v, %d unsent", err, a.Unsent())
	}
}
