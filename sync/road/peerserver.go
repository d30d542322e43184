package road

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// PeerServer answers laptops nearby.
type PeerServer struct {
	Campaign journal.Campaign
	Own      func() (*tls.Certificate, error) // a PeerCertificate; asked for each connection, for a voucher may come
	Know     KnowPeer
	Answerer Answerer
	// Consent says whether a person let this node in. With ask it may ask one, and wait for the answer as long as ctx
	// and the patience of a connection allow. It must not let in whom nobody let in.
	Consent func(ctx context.Context, node uint32, ask bool) Meeting
	Pace    Pace
}

// peerMost is how many laptops a laptop exchanges with at once.
const peerMost = 8

// askTime is how long one request waits for a person; the other laptop asks again.
const askTime = 20 * time.Second

// Serve answers until ctx ends.
func (p *PeerServer) Serve(ctx context.Context, l net.Listener) error {
	handler := &Handler{Prove: p.prove, Answerer: p.Answerer, Most: peerMost, Pace: p.Pace}
	base := "/v1/campaigns/" + p.Campaign.String()
	mux := http.NewServeMux()
	mux.Handle("POST "+base+"/exchange", handler)
	mux.HandleFunc("POST "+base+"/meet", p.serveMeet)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { Refuse(w, http.StatusNotFound, ErrStranger) })
	var busy sync.RWMutex // held for reading by whoever is answered, so that nobody is left when Serve returns
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		busy.RLock()
		defer busy.RUnlock()
		if ctx.Err() == nil {
			mux.ServeHTTP(w, r)
		}
	})
	srv := &http.Server{Handler: answer, ReadHeaderTimeout: knockTime, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10, ErrorLog: log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			if g, ok := c.(*guest); ok {
				return context.WithValue(ctx, guestKey{}, g)
			}
			return ctx
		}}
	ended := context.AfterFunc(ctx, func() { srv.Close() })
	defer ended()
	defer func() {
		srv.Close()
		busy.Lock() // for ever: who comes now is too late
	}()
	if err := srv.Serve(newDoor(l, p.Own, p.Know)); !errors.Is(err, http.ErrServerClosed) && ctx.Err() == nil {
		return fmt.Errorf("answer laptops nearby: %w", err)
	}
	return nil
}

type guestKey struct{}

// who is the node that calls. HQ may have revoked it since it came in.
func (p *PeerServer) who(r *http.Request) (uint32, error) {
	g, ok := r.Context().Value(guestKey{}).(*guest)
	if !ok {
		return 0, ErrStranger
	}
	state := g.ConnectionState()
	return whoIs(&state, p.Know)
}

// errNoConsent refuses an exchange that no person here agreed to.
var errNoConsent = &fieldwork.Problem{Code: "peer-unconfirmed", Sentence: "Nobody at the other laptop has agreed to exchange with this one yet. Nothing was exchanged.",
	Hint: "Compare the code on both screens, and let a person at the other laptop agree."}

func (p *PeerServer) prove(r *http.Request) (uint32, error) {
	node, err := p.who(r)
	if err != nil {
		return 0, err
	}
	if p.Consent(r.Context(), node, false).State != ConsentYes {
		return 0, errNoConsent
	}
	return node, nil
}

func (p *PeerServer) serveMeet(w http.ResponseWriter, r *http.Request) {
	node, err := p.who(r)
	if err != nil {
		Refuse(w, http.StatusForbidden, err)
		return
	}
	var wish struct {
		Ask bool `json:"ask"`
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(knockTime))
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&wish); err != nil {
		Refuse(w, http.StatusBadRequest, &fieldwork.Problem{Code: "bad-request", Sentence: "This is not a laptop's request."})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	m := p.Consent(ctx, node, wish.Ask)
	if m.State != ConsentYes {
		m.Heads = nil
	}
	w.Header().Set("X-Kandili", "1")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(m)
}
