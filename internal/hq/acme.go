package hq

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"kandili/internal/fieldwork"
)

// ACME says that a certificate authority certifies HQ's own TLS key, so that browsers trust HQ's pages.
//
// The key stays the one that laptops pin: the authority only puts its name under it, at first and at each renewal. A laptop
// looks at the key alone, so it neither needs the authority nor could be misled by one. While there is no certificate, or it
// ran out, HQ answers with its self-made one around the same key: laptops notice nothing, browsers warn.
type ACME struct {
	Host      string       // that the certificate is for
	Directory string       // of the authority; empty: Let's Encrypt
	HTTP      string       // address where the authority may look, too, for example ":80"; empty: only by TLS on port 443
	Client    *http.Client // to reach the authority; nil: http.Client{} with a deadline
}

// acmeTime is how long one question to the authority may take.
const acmeTime = time.Minute

// certifier keeps the certificate for HQ's key.
type certifier struct {
	*autocert.Manager
	host  string
	plain tls.Certificate // self-made, around the same key
}

// certifier begins to have HQ's key certified. Nothing is asked of the authority and nothing kept any more once ctx has ended:
// autocert has no way to stop its clock.
func (o *Office) certifier(ctx context.Context, a ACME, said io.Writer) (*certifier, error) {
	host := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(a.Host)), ".")
	if !strings.Contains(host, ".") || strings.ContainsAny(host, ":/@ ") {
		return nil, &fieldwork.Problem{Code: "bad-host", Sentence: "“" + a.Host + "” is no name that a certificate can be made for.", Hint: "Give HQ's name on the internet, for example --tls acme:hq.example.org"}
	}
	plain, err := o.certificate()
	if err != nil {
		return nil, err
	}
	cache := &acmeCache{office: o, log: said, host: host, ctx: ctx}
	if err := cache.begin(plain); err != nil {
		return nil, err
	}
	client := a.Client
	if client == nil {
		client = &http.Client{}
	}
	if client.Transport == nil {
		client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: acmeTime}}
	}
	heard := *client
	heard.Transport, heard.Timeout = &acmeEars{next: client.Transport, log: said, ctx: ctx}, acmeTime
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: cache, HostPolicy: autocert.HostWhitelist(host),
		Client: &acme.Client{DirectoryURL: a.Directory, HTTPClient: &heard, UserAgent: Program}}
	return &certifier{Manager: m, host: host, plain: plain}, nil
}

// config is what HQ's listener does: the authority's questions, the certificate for whoever calls HQ by its name, and the
// self-made one for everybody else, laptops that call an address among them.
func (c *certifier) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1", acme.ALPNProto}, GetCertificate: c.choose}
}

func (c *certifier) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == acme.ALPNProto {
		return c.GetCertificate(hello)
	}
	if strings.TrimSuffix(strings.ToLower(hello.ServerName), ".") != c.host {
		return &c.plain, nil
	}
	named := *hello // without its ciphers: the manager would make another key for who takes RSA only, and nobody pins that one
	named.CipherSuites, named.SignatureSchemes, named.SupportedCurves = []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, nil, nil
	cert, err := c.GetCertificate(&named)
	if err != nil {
		return &c.plain, nil
	}
	return cert, nil
}

// begin asks for the certificate now, and not when the first browser comes.
func (c *certifier) begin() { c.choose(&tls.ClientHelloInfo{ServerName: c.host}) }

// serveHTTP answers the authority's questions on port 80, too, and sends everybody else to HTTPS. empty: it does not.
func (c *certifier) serveHTTP(address string) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &fieldwork.Problem{Code: "cannot-listen", Sentence: "HQ cannot answer the certificate authority at " + address + ".", Hint: "Another program may use this port; without --acme-http the authority looks on port 443 only.", Err: err}
	}
	srv := &http.Server{Handler: c.HTTPHandler(nil), ReadHeaderTimeout: readHeaderTime, ErrorLog: log.New(io.Discard, "", 0)}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(l) }()
	return func() { srv.Close(); <-done }, nil
}

// acmeCache keeps the authority's account and certificates sealed in the office.
type acmeCache struct {
	office *Office
	log    io.Writer
	host   string
	ctx    context.Context // of HQ's serving
}

func (c *acmeCache) Get(_ context.Context, name string) ([]byte, error) {
	if err := c.ctx.Err(); err != nil {
		return nil, err
	}
	if b := c.office.box.Get("acme/" + name); b != nil {
		return b, nil
	}
	return nil, autocert.ErrCacheMiss
}

func (c *acmeCache) Put(_ context.Context, name string, data []byte) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if err := c.office.box.Put("acme/"+name, data); err != nil {
		return err
	}
	if leaf := leafOf(data); name == c.host && leaf != nil && c.log != nil {
		fmt.Fprintf(c.log, "The certificate for %s is there; it lasts until %s and is renewed by itself.\n", c.host, leaf.NotAfter.UTC().Format(time.DateOnly))
	}
	return nil
}

func (c *acmeCache) Delete(_ context.Context, name string) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	return c.office.box.Put("acme/"+name, nil)
}

// begin puts a self-made certificate around HQ's key in the place of the first one, so old that it is renewed at once: what
// is renewed keeps its key. A certificate of the authority that is around HQ's key stays.
func (c *acmeCache) begin(plain tls.Certificate) error {
	key, ok := plain.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return fmt.Errorf("HQ's TLS key is a %T", plain.PrivateKey)
	}
	now := c.office.now()
	if leaf := leafOf(c.office.box.Get("acme/" + c.host)); leaf != nil && key.PublicKey.Equal(leaf.PublicKey) && now.Before(leaf.NotAfter) && leaf.VerifyHostname(c.host) == nil {
		return nil
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(now.Unix()), Subject: pkix.Name{CommonName: ownName}, DNSNames: []string{c.host},
		NotBefore: now.AddDate(0, 0, -60), NotAfter: now.AddDate(0, 0, 15), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("HQ's certificate: %w", err)
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return fmt.Errorf("HQ's TLS key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	return c.office.box.Put("acme/"+c.host, text)
}

// leafOf is the certificate in what the cache holds; nil where there is none.
func leafOf(data []byte) *x509.Certificate {
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return nil
		}
		if block.Type == "CERTIFICATE" {
			leaf, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil
			}
			return leaf
		}
	}
}

// certifiedUntil is when the authority's certificate ends, seconds since 1970; 0: there is none.
func (o *Office) certifiedUntil() (until int64) {
	o.box.Each("acme/", func(name string, value []byte) error {
		if leaf := leafOf(value); leaf != nil && leaf.Issuer.CommonName != ownName && !strings.Contains(name, "+") { // with a plus: of a challenge
			until = max(until, leaf.NotAfter.Unix())
		}
		return nil
	})
	return until
}

// acmeEars hears what the authority says, for nobody else tells why there is no certificate.
type acmeEars struct {
	next http.RoundTripper
	log  io.Writer
	ctx  context.Context // of HQ's serving

	mu   sync.Mutex
	last string
}

func (e *acmeEars) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := e.ctx.Err(); err != nil {
		return nil, err
	}
	resp, err := e.next.RoundTrip(r)
	if err != nil {
		e.say("cannot be reached: " + err.Error())
		return resp, err
	}
	return resp, e.listen(resp)
}

// say tells something once, not at each try.
func (e *acmeEars) say(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.log != nil && text != e.last {
		fmt.Fprintf(e.log, "The certificate authority %s. Laptops are not concerned; browsers warn until there is a certificate. HQ tries again within the hour.\n", text)
	}
	e.last = text
}
