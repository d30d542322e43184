package road

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"kandili/internal/fieldwork"
)

// Answerer answers one exchange whose node was proved.
type Answerer interface {
	Answer(ctx context.Context, node uint32, request io.Reader, w io.Writer, flush func()) error
}

// Handler serves exchanges of one campaign over HTTP. A newer request of a node ends its older one, which hangs on
// a connection that the node has given up already.
type Handler struct {
	Answerer Answerer
	Prove    func(node uint32, token []byte) error // nil: the node is who it says; otherwise a Problem

	mu      sync.Mutex
	running map[uint32]*visit
}

type visit struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// Pace of a request: after a first moment at least so many bytes a second, so that slow links survive and somebody
// who only holds the connection open does not.
const (
	requestTime = 10 * time.Minute
	maxRequest  = 8 << 20 // bytes of one request's body
)

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	node, token, ok := ParseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		Refuse(w, http.StatusUnauthorized, &fieldwork.Problem{Code: "unknown-node", Sentence: "HQ does not know this laptop.", Hint: "Join with an invite."})
		return
	}
	if err := h.Prove(node, token); err != nil {
		Refuse(w, http.StatusForbidden, err)
		return
	}
	ctx, leave := h.enter(r.Context(), node)
	defer leave()
	control := http.NewResponseController(w)
	deadline := time.Now().Add(requestTime)
	control.SetReadDeadline(deadline)
	control.SetWriteDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { control.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	w.Header().Set("X-Kandili", "1")
	w.Header().Set("Content-Type", "application/x-kandili")
	w.Header().Set("Cache-Control", "no-store")
	if err := h.Answerer.Answer(ctx, node, http.MaxBytesReader(w, r.Body, maxRequest), w, func() { control.Flush() }); err != nil {
		panic(http.ErrAbortHandler) // the stream broke off: end the connection so that the node sees a cut, not an end
	}
}

// enter ends the node's older request and waits for it to be gone.
func (h *Handler) enter(parent context.Context, node uint32) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	v := &visit{cancel: cancel, done: make(chan struct{})}
	h.mu.Lock()
	if h.running == nil {
		h.running = map[uint32]*visit{}
	}
	older := h.running[node]
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
	}
}

// Refuse answers with a problem.
func Refuse(w http.ResponseWriter, status int, err error) {
	p := &fieldwork.Problem{Code: "failed", Sentence: "HQ could not do this now. Nothing was lost.", Hint: "Try again later."}
	errors.As(err, &p)
	w.Header().Set("X-Kandili", "1")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(fieldwork.Problem{Code: p.Code, Sentence: p.Sentence, Hint: p.Hint})
}
