package road

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"kandili/internal/fieldwork"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

// Answerer answers one exchange whose node was proved.
type Answerer interface {
	Answer(ctx context.Context, node uint32, request io.Reader, w io.Writer, flush func()) error
}

// Handler serves exchanges of one campaign over HTTP. A newer request of a node ends its older one, which hangs on
// a connection that the node has given up already.
type Handler struct {
	Answerer Answerer
	Prove    func(*http.Request) (node uint32, err error) // who calls; nothing of the body was read; otherwise a Problem
	Most     int                                          // exchanges at once; 0: 256
	Pace     Pace                                         // how long it waits for bytes

	mu      sync.Mutex
	running map[uint32]*visit
}

type visit struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// maxRequest is how long one request's body may be, in bytes.
const maxRequest = 8 << 20

// ByToken proves nodes by the token of joining, which the connection to HQ alone may see.
func ByToken(good func(node uint32, token []byte) error) func(*http.Request) (uint32, error) {
	return func(r *http.Request) (uint32, error) {
		node, token, ok := ParseAuthorization(r.Header.Get("Authorization"))
		if !ok {
			return 0, errNobody
		}
		return node, good(node, token)
	}
}

// errNobody refuses who does not say who it is.
var errNobody = &fieldwork.Problem{Code: "unknown-node", Sentence: "HQ does not know this laptop.", Hint: "Join with an invite."}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	node, err := h.Prove(r)
	switch {
	case err == errNobody:
		Refuse(w, http.StatusUnauthorized, err)
		return
	case err != nil:
		Refuse(w, http.StatusForbidden, err)
		return
	}
	ctx, leave, ok := h.enter(r.Context(), node)
	if !ok {
		h.full(w)
		return
	}
	defer leave()
	control := http.NewResponseController(w)
	gone := context.AfterFunc(ctx, func() { // also wakes what reads or writes at this moment
		control.SetReadDeadline(longAgo)
		control.SetWriteDeadline(longAgo)
	})
	defer gone()
	// Whoever is ended meanwhile stays ended: a deadline that moves on must not undo it.
	until := func(set func(time.Time) error) func(time.Time) {
		return func(t time.Time) {
			set(t)
			if ctx.Err() != nil {
				set(longAgo)
			}
		}
	}
	w.Header().Set("X-Kandili", "1")
	w.Header().Set("Content-Type", "application/x-kandili")
	w.Header().Set("Cache-Control", "no-store")
	in := newPacedReader(http.MaxBytesReader(w, r.Body, maxRequest), h.Pace, until(control.SetReadDeadline))
	out := &pacedWriter{w: w, pace: h.Pace, deadline: until(control.SetWriteDeadline)}
	if err := h.Answerer.Answer(ctx, node, in, out, func() { control.Flush() }); err != nil {
		panic(http.ErrAbortHandler) // the stream broke off: end the connection so that the node sees a cut, not an end
	}
}

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// enter ends the node's older request and waits for it to be gone. It says false where too many are at it.
func (h *Handler) enter(parent context.Context, node uint32) (context.Context, func(), bool) {
	ctx, cancel := context.WithCancel(parent)
	v := &visit{cancel: cancel, done: make(chan struct{})}
	h.mu.Lock()
	if h.running == nil {
		h.running = map[uint32]*visit{}
	}
	older := h.running[node]
	if older == nil && len(h.running) >= h.most() {
		h.mu.Unlock()
		cancel()
		return nil, nil, false
	}
	h.running[node] = v
	h.mu.Unlock()
	if older != nil {
		older.cancel()
		<-older.done
	}
	return ctx, func() {
		cancel()
		h.mu.Lock()
		if h.running[node] == v {
			delete(h.running, node)
		}
		h.mu.Unlock()
		close(v.done)
	}, true
}

func (h *Handler) most() int {
	if h.Most > 0 {
		return h.Most
	}
	return 256
}

// Limits says what a node should send next: less, and later, when half of the places are taken, so that those who
// call do not find the door shut.
func (h *Handler) Limits() wire.Limits {
	h.mu.Lock()
	n := len(h.running)
	h.mu.Unlock()
	if 2*n < h.most() {
		return wire.Limits{}
	}
	return wire.Limits{Body: 48 << 10, RetryAfter: uint64(5 * n / h.most())}
}

// full refuses for now. Each is told another time, so that they do not come back together.
func (h *Handler) full(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(5+rand.IntN(20)))
	Refuse(w, http.StatusServiceUnavailable, exchange.Busy(0))
}

// Refuse answers with a problem.
func Refuse(w http.ResponseWriter, status int, err error) {
	w.Header().Set("X-Kandili", "1")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(problemOf(err))
}

// asProblem is the error as a problem; whatever is none is not the caller's business.
func asProblem(err error) *fieldwork.Problem {
	p := &fieldwork.Problem{Code: "failed", Sentence: "HQ could not do this now. Nothing was lost.", Hint: "Try again later."}
	errors.As(err, &p)
	return p
}
