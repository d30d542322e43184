package hq

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// machine adds what laptops call to the mux.
func (o *Office) machine(mux *http.ServeMux) {
	handlers := &exchanges{office: o, byCampaign: map[string]*road.Handler{}}
	mux.Handle("POST /v1/campaigns/{id}/exchange", handlers)
	mux.HandleFunc("POST /v1/campaigns/{id}/join", o.serveJoin)
	mux.HandleFunc("POST /v1/campaigns/{id}/recovery", o.serveRecovery)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /metrics", o.serveMetrics)
}

func (o *Office) serveJoin(w http.ResponseWriter, r *http.Request) {
	s := o.byID(r.PathValue("id"))
	var j road.Joining
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10)).Decode(&j)
	if s == nil || err != nil {
		road.Refuse(w, http.StatusBadRequest, &fieldwork.Problem{Code: "invite-unknown", Sentence: "HQ does not know this invite.", Hint: "Ask HQ for a new one."})
		return
	}
	joined, err := o.Join(s, j)
	if err != nil {
		road.Refuse(w, http.StatusForbidden, err)
		return
	}
	w.Header().Set("X-Kandili", "1")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(joined)
}

func (o *Office) serveMetrics(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, "kandili_certificate_until %d\n", o.certifiedUntil()) // of an authority, seconds since 1970; 0: none
	for _, s := range o.Campaigns() {
		changes := uint64(0)
		for _, seq := range s.Heads() {
			changes += seq
		}
		fmt.Fprintf(w, "kandili_writes{campaign=%q} %d\n", s.Self().Campaign.String(), changes)
		fmt.Fprintf(w, "kandili_backup_proven_at{campaign=%q} %d\n", s.Self().Campaign.String(), o.provenOf(s.Self().Campaign).At) // seconds since 1970; 0: never
	}
}

// answering answers one campaign's exchanges and remembers when each laptop was heard of.
type answering struct {
	office *Office
	store  *store.Store
	limits func() wire.Limits
}

func (a answering) Answer(ctx context.Context, node uint32, request io.Reader, w io.Writer, flush func()) error {
	self := a.store.Self()
	server := exchange.Server{Replica: a.store, Campaign: self.Campaign, Log: self.Log, Program: Program, Now: a.office.now, Limits: a.limits, Voucher: a.store.Vouch,
		Rest: &exchange.PhotoServer{Album: a.store, Sizes: exchange.PhotosAll.Sizes()},
		Statement: func() (journal.Statement, bool) {
			st, err := a.office.statement(a.store)
			return st, err == nil // without it the laptop hears the receipts next time
		}}
	m, err := server.Answer(ctx, node, request, w, flush)
	if m.Hello.Version == 0 {
		return err
	}
	name := laptopName(self.Campaign, node)
	now := a.office.now().Unix()
	e := a.office.box.Update(name, func(old []byte) ([]byte, error) {
		var l laptopHeld
		if err := json.Unmarshal(old, &l); err != nil {
			return old, nil // revoked meanwhile
		}
		l.Last, l.Program, l.Clock = now, m.Hello.Program, m.Hello.Wall-now
		l.Unsent = m.Hello.Unsent - min(m.Hello.Unsent, uint64(m.Received))
		return json.Marshal(l)
	})
	if err == nil {
		err = e
	}
	if m.Received > 0 && err == nil {
		err = a.office.takeWaiting(context.WithoutCancel(ctx), a.store)
	}
	return err
}

// ownName is whom HQ's self-made certificate names.
const ownName = "Kandili HQ"

// certificate returns HQ's TLS certificate, made once. Its key is what laptops pin, so it stays; the names and dates
// in it mean nothing to them, and the certificate around the key is made anew at each start.
func (o *Office) certificate() (tls.Certificate, error) {
	der, err := o.keep("tls-key", func() ([]byte, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		return x509.MarshalPKCS8PrivateKey(key)
	})
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("HQ's TLS key: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("HQ's TLS key: %w", err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return tls.Certificate{}, fmt.Errorf("HQ's TLS key is a %T", parsed)
	}
	now := o.now()
	template := &x509.Certificate{SerialNumber: big.NewInt(now.Unix()), Subject: pkix.Name{CommonName: ownName}, DNSNames: []string{"localhost"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("HQ's certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(raw)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}, err
}

// readHeaderTime is how long a client may take to say what it wants.
const readHeaderTime = 10 * time.Second
