package synctest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	bubble "testing/synctest"
	"time"

	"kandili/internal/fieldwork"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// web is HQ of a quiet world as a real HTTPS server, the first laptop as a real client of it, and a link in between.
type web struct {
	*World
	t      *testing.T
	laptop *Node
	srv    *httptest.Server
	link   *Link
	next   atomic.Pointer[Cut]              // of the next connection
	proxy  atomic.Pointer[http.HandlerFunc] // answers the next request in HQ's place
	way    *road.HTTPS
	in     net.Listener // of the link; nil: in memory
}

type answerer struct{ server exchange.Server }

func (a answerer) Answer(ctx context.Context, node uint32, r io.Reader, w io.Writer, flush func()) error {
	_, err := a.server.Answer(ctx, node, r, w, flush)
	return err
}

// newWeb opens all of it; memory means no sockets, for virtual time.
func newWeb(t *testing.T, memory bool) *web {
	w := &web{World: quiet(t, 1), t: t}
	w.laptop = w.laptops[0]
	handler := &road.Handler{Answerer: answerer{exchange.Server{Replica: w.HQ.replica(), Campaign: campaign, Log: w.HQ.Store.Self().Log, Now: w.HQ.now}},
		Prove: func(*http.Request) (uint32, error) { return 1, nil }}
	w.srv = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if p := w.proxy.Swap(nil); p != nil {
			(*p)(rw, r)
			return
		}
		handler.ServeHTTP(rw, r)
	}))
	w.srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	w.link = &Link{Fault: func() Cut {
		if c := w.next.Swap(nil); c != nil {
			return *c
		}
		return Cut{ToServer: -1, ToClient: -1}
	}}
	w.way = &road.HTTPS{Campaign: campaign, Node: 1, Token: []byte("token")}
	if memory {
		inside := newMemoryListener()
		w.srv.Listener.Close()
		w.srv.Listener = inside
		w.link.To = inside.dial
		w.way.Dial = w.link.Dial
		w.way.URLs = []string{"https://hq"}
		w.srv.StartTLS()
	} else {
		w.srv.StartTLS()
		w.link.To = func(context.Context) (net.Conn, error) { return net.Dial("tcp", w.srv.Listener.Addr().String()) }
		in, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go w.link.Serve(in)
		w.in = in
		w.way.URLs = []string{"https://" + in.Addr().String()}
	}
	w.way.Pin = road.PinOf(w.srv.Certificate())
	return w
}

// close ends all of it; in a bubble that must happen before the bubble ends.
func (w *web) close() {
	w.way.Close()
	if w.in != nil {
		w.in.Close()
	}
	w.link.Close()
	w.srv.CloseClientConnections()
	w.srv.Close()
}

// run exchanges until it is done or refused, and checks that both are equal.
func (w *web) run(what string) (requests int) {
	w.t.Helper()
	c := exchange.Client{Replica: w.laptop.replica(), Road: w.way, Peer: "hq", Campaign: campaign, Log: w.laptop.Store.Self().Log, Program: "test", Now: time.Now,
		Jitter: func() float64 { return 0 }, Sleep: func(ctx context.Context, d time.Duration) error { return ctx.Err() }}
	res, err := c.Run(w.t.Context())
	if err != nil {
		w.t.Errorf("%s: %v", what, err)
	}
	if w.laptop.Store.Digest() != w.HQ.Store.Digest() {
		w.t.Errorf("%s: not equal: %v, %v", what, heads(w.laptop), heads(w.HQ))
	}
	if res.Requests > 5 {
		w.t.Errorf("%s: %d requests", what, res.Requests)
	}
	return res.Requests
}

// work gives both sides something new.
func (w *web) work() {
	w.trainees(w.laptop, 2)
	w.trainees(w.HQ, 1)
}

// TestLink_cutAtBytesOfTLS cuts the connection after so many bytes in either direction, from the first byte of TLS on, by RST and by
// FIN, over real sockets: every byte with KANDILI_SOAK=1, otherwise every 7th.
func TestLink_cutAtBytesOfTLS(t *testing.T) {
	step := int64(7)
	switch {
	case os.Getenv("KANDILI_SOAK") != "":
		step = 1
	case testing.Short():
		step = 401
	}
	before := runtime.NumGoroutine()
	cases := 0
	for _, quiet := range []bool{false, true} {
		for _, up := range []bool{true, false} {
			w := newWeb(t, false)
			for at := int64(0); ; at += step {
				w.work()
				w.way.Close() // a new connection, with its handshake
				f := w.link.Figures()
				cut := Cut{ToServer: -1, ToClient: -1, Quiet: quiet}
				if up {
					cut.ToServer = at
				} else {
					cut.ToClient = at
				}
				w.next.Store(&cut)
				w.run(fmt.Sprintf("cut after %d bytes, up %v, FIN %v", at, up, quiet))
				cases++
				if t.Failed() || w.link.Figures().Connections == f.Connections+1 {
					break // the whole exchange has fewer bytes
				}
			}
			w.close()
		}
	}
	t.Logf("%d cases", cases)
	for range 200 { // what was under way ends
		if runtime.NumGoroutine() <= before+2 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

// TestLink_hangsAtBytesOfTLS lets the line die without anybody being told, in virtual time: both sides lose patience by themselves.
func TestLink_hangsAtBytesOfTLS(t *testing.T) {
	step := int64(23)
	if testing.Short() {
		step = 2003
	}
	Warm()
	cases := 0
	for _, up := range []bool{true, false} {
		bubble.Test(t, func(t *testing.T) {
			w := newWeb(t, true)
			defer w.close()
			for at := int64(0); ; at += step {
				w.work()
				w.way.Close()
				began := time.Now()
				f := w.link.Figures()
				cut := Cut{ToServer: -1, ToClient: -1, Hang: true}
				if up {
					cut.ToServer = at
				} else {
					cut.ToClient = at
				}
				w.next.Store(&cut)
				w.run(fmt.Sprintf("hangs after %d bytes, up %v", at, up))
				cases++
				if took := time.Since(began); took > 5*time.Minute {
					t.Errorf("hangs after %d bytes, up %v: it took %v", at, up, took)
				}
				if t.Failed() || w.link.Figures().Connections == f.Connections+1 {
					break
				}
			}
		})
	}
	t.Logf("%d cases", cases)
}

// TestLink_whatOthersAnswer puts somebody between the laptop and HQ who answers one request in HQ's place.
func TestLink_whatOthersAnswer(t *testing.T) {
	answers := map[string]http.HandlerFunc{
		"a portal's page":  func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>Welcome to the hotel</html>") },
		"a way to sign in": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) },
		"an empty answer":  func(http.ResponseWriter, *http.Request) {},
		"too long a length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Kandili", "1")
			w.Header().Set("Content-Length", "5000")
			w.Write([]byte{7})
		},
		"our mark, no end": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Kandili", "1")
			w.WriteHeader(http.StatusOK)
		},
		"our mark, nonsense": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Kandili", "1")
			io.WriteString(w, strings.Repeat("no frame ", 40))
		},
		"the connection is dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"our mark on another code": func(w http.ResponseWriter, _ *http.Request) {
			road.Refuse(w, http.StatusServiceUnavailable, &fieldwork.Problem{Code: "busy", Sentence: "Later."})
		},
	}
	for _, status := range []int{204, 400, 403, 404, 408, 413, 429, 431, 500, 502, 503, 504, 511} {
		answers[fmt.Sprint("status ", status)] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
		answers[fmt.Sprint("status ", status, " after a minute")] = func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(status)
		}
	}
	w := newWeb(t, false)
	defer w.close()
	for name, answer := range answers {
		for range 3 {
			w.work()
			w.proxy.Store(&answer)
			w.run(name)
		}
	}
	t.Logf("%d cases", 3*len(answers))
}

// memoryListener hands connections over without a socket.
type memoryListener struct {
	conns chan net.Conn
	done  chan struct{}
}

func newMemoryListener() *memoryListener {
	return &memoryListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *memoryListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	select {
	case <-l.done:
	default:
		close(l.done)
	}
	return nil
}

func (l *memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
