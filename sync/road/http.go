package road

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/exchange"
)

// HTTPS reaches HQ, or a laptop nearby. Who it is is decided by the key alone, so that it works with any clock and any
// certificate. It is safe for use from several goroutines.
type HTTPS struct {
	URLs     []string
	Pin      []byte      // SHA-256 of HQ's public key
	Peer     *tls.Config // of PeerConfig, to reach a laptop; nil: HQ
	Campaign journal.Campaign
	Node     uint32 // with Token, which proves it to HQ
	Token    []byte
	Pace     Pace                                                              // how long it waits for bytes
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: TCP

	once   sync.Once
	client *http.Client
	mu     sync.Mutex
	best   int // of URLs: the one that answered last
}

// connectTime is how long a connection may take to come about, and its TLS too.
const connectTime = 15 * time.Second

// Exchange sends one request, trying HQ's addresses in turn.
func (h *HTTPS) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	resp, err := h.post(ctx, "/v1/campaigns/"+h.Campaign.String()+"/exchange", "application/x-kandili", body)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// Joining is what a laptop sends with an invite.
type Joining struct {
	Token      []byte `json:"token"`
	Name       string `json:"name"`        // what people call the laptop
	PublicKey  []byte `json:"public_key"`  // Ed25519
	CourierKey string `json:"courier_key"` // recipient of courier files for this laptop; empty: an older program
	Program    string `json:"program"`
}

// Joined is HQ's answer.
type Joined struct {
	Node       uint32 `json:"node"`
	Token      []byte `json:"token"` // proves the node from now on
	HQKey      []byte `json:"hq_key"`
	CourierKey string `json:"courier_key"` // HQ's recipient of courier files; empty: an older HQ
	Campaign   string `json:"campaign"`    // its name
	Voucher    []byte `json:"voucher"`     // HQ's word for the laptop: journal.Voucher; empty: an older HQ
}

// Join uses an invite.
func (h *HTTPS) Join(ctx context.Context, j Joining) (Joined, error) {
	b, err := json.Marshal(j)
	if err != nil {
		return Joined{}, err
	}
	resp, err := h.post(ctx, "/v1/campaigns/"+h.Campaign.String()+"/join", "application/json", b)
	if err != nil {
		return Joined{}, err
	}
	defer resp.Body.Close()
	var out Joined
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&out); err != nil {
		return Joined{}, h.unreachable(err)
	}
	return out, nil
}

func (h *HTTPS) post(ctx context.Context, path, kind string, body []byte) (*http.Response, error) {
	h.once.Do(h.open)
	h.mu.Lock()
	first := h.best
	h.mu.Unlock()
	var last error
	for i := range h.URLs {
		n := (first + i) % len(h.URLs)
		resp, err := h.postTo(ctx, strings.TrimRight(h.URLs[n], "/")+path, kind, body)
		if err == nil {
			h.mu.Lock()
			h.best = n
			h.mu.Unlock()
			return resp, nil
		}
		last = err
		var p *fieldwork.Problem
		if errors.As(err, &p) && p.Code != "unreachable" && p.Code != "peer-unreachable" {
			return nil, err
		}
	}
	return nil, last
}

func (h *HTTPS) postTo(parent context.Context, url, kind string, body []byte) (_ *http.Response, err error) {
	ctx, watch := newWatch(parent)
	defer func() {
		if err != nil {
			watch.end()
		}
	}()
	watch.until(time.Now().Add(h.Pace.grace() + min(h.Pace.timeFor(len(body)), bodyTime)))
	left := &leaving{Reader: bytes.NewReader(body)}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, left)
	if err != nil {
		return nil, h.unreachable(err)
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Header.Set("Content-Type", kind)
	if len(h.Token) > 0 {
		req.Header.Set("Authorization", Authorization(h.Node, h.Token))
	}
	resp, err := h.client.Do(req)
	if err != nil {
		if p := (*fieldwork.Problem)(nil); errors.As(err, &p) {
			return nil, p
		}
		if cause := context.Cause(ctx); cause != nil && parent.Err() == nil {
			err = cause
		}
		switch {
		case h.Peer != nil && turnedAway(err):
			return nil, ErrStranger
		case left.begun.Load():
			return nil, exchange.Cut(err)
		}
		return nil, h.unreachable(err)
	}
	if resp.StatusCode == http.StatusOK && resp.Header.Get("X-Kandili") != "" {
		resp.Body = watched(resp.Body, watch, h.Pace)
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, h.refusalOf(resp)
}

func (h *HTTPS) unreachable(err error) error {
	if h.Peer != nil {
		return peerUnreachable(err)
	}
	return Unreachable(err)
}

// leaving is a body on its way: whether some of it left tells a cut from a side that does not answer at all.
type leaving struct {
	*bytes.Reader
	begun atomic.Bool
}

// recordBytes is how much goes out at once, and so how long a TLS record is: the other side reads records whole, so a
// cut loses half of one more than what was on the way. Shorter ones cost 22 bytes each.
const recordBytes = 4 << 10

func (l *leaving) Read(p []byte) (int, error) {
	l.begun.Store(true)
	return l.Reader.Read(p[:min(len(p), recordBytes)])
}

// refusalOf turns an answer that is none into a problem. Whatever does not come from Kandili – a hotel's sign-in
// page, a proxy – counts as not having reached HQ.
func (h *HTTPS) refusalOf(resp *http.Response) error {
	var p fieldwork.Problem
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 16<<10))
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		return busyOf(resp)
	}
	if resp.Header.Get("X-Kandili") != "" && json.Unmarshal(body, &p) == nil && p.Code != "" {
		return &p
	}
	return h.unreachable(fmt.Errorf("status %d without our mark", resp.StatusCode))
}

// Unreachable is the problem of not having reached HQ.
func Unreachable(err error) error {
	return &fieldwork.Problem{Code: "unreachable", Sentence: "HQ does not answer. Everything is saved on this laptop.",
		Hint: "Sync again when there is a connection, or carry a courier file.", Err: err}
}

// keyChanged is the one refusal that must never be clicked away.
func keyChanged() error {
	return &fieldwork.Problem{Code: "key-changed", Sentence: "The server at HQ's address does not have HQ's key. Nothing was sent.",
		Hint: "Another network may stand in between: try another connection. If HQ moved to a new server, ask HQ for a new invite."}
}

func (h *HTTPS) open() {
	dial := h.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: connectTime}).DialContext
	}
	tr := &http.Transport{
		DialContext:         dial,
		TLSHandshakeTimeout: connectTime,
		MaxIdleConns:        1,
		IdleConnTimeout:     30 * time.Second,
		DisableCompression:  true,
		TLSClientConfig:     h.Peer,
	}
	if h.Peer == nil {
		tr.TLSClientConfig = Pinned(h.Pin)
	}
	h.client = &http.Client{Transport: tr, // without a time for all: what matters is that bytes move
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Close closes idle connections.
func (h *HTTPS) Close() {
	h.once.Do(h.open)
	h.client.CloseIdleConnections()
}

// Pinned returns a TLS configuration that accepts exactly one public key, whatever the certificate's names and dates.
func Pinned(pin []byte) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.X25519}, // the hybrid one costs 2.4 KB a handshake, which is seconds on a slow link
		InsecureSkipVerify: true,                      // names and dates prove nothing here; the key below does
		ClientSessionCache: tls.NewLRUClientSessionCache(4),
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || !bytes.Equal(PinOf(s.PeerCertificates[0]), pin) {
				return keyChanged()
			}
			return nil
		},
	}
}

// PinOf returns the SHA-256 of a certificate's public key.
func PinOf(c *x509.Certificate) []byte {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return sum[:]
}

// Authorization returns the header's value by which a node proves itself. The channel is HQ's alone, by the pin.
func Authorization(node uint32, token []byte) string {
	return "Kandili " + strconv.FormatUint(uint64(node), 10) + ":" + base64.RawURLEncoding.EncodeToString(token)
}

// ParseAuthorization reads what Authorization wrote.
func ParseAuthorization(value string) (node uint32, token []byte, ok bool) {
	rest, ok := strings.CutPrefix(value, "Kandili ")
	number, text, cut := strings.Cut(rest, ":")
	n, err := strconv.ParseUint(number, 10, 32)
	token, err2 := base64.RawURLEncoding.DecodeString(text)
	return uint32(n), token, ok && cut && err == nil && err2 == nil
}
