package hq

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/sync/road"
)

const acmeHost = "hq.kandili.example"

// authority is Pebble, the small certificate authority of Let's Encrypt for tests, on this machine.
type authority struct {
	directory string
	client    *http.Client // that trusts its API
	manage    string
}

// newAuthority starts Pebble. It looks for HQ at tlsPort, and its certificates last for so many seconds.
func newAuthority(t *testing.T, tlsPort, lasting int) *authority {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "pebble")
	if out, err := exec.Command("go", "build", "-modfile=../../.ci/tools.mod", "-o", program, "github.com/letsencrypt/pebble/v2/cmd/pebble").CombinedOutput(); err != nil {
		t.Skipf("no Pebble here: %v\n%s", err, out)
	}
	cert, roots := apiCertificate(t, dir)
	api, manage := freePort(t), freePort(t)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": fmt.Sprintf("127.0.0.1:%d", api), "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", manage),
		"certificate": cert + ".pem", "privateKey": cert + ".key", "httpPort": freePort(t), "tlsPort": tlsPort,
		"profiles": map[string]any{"short": map[string]any{"description": "for tests", "validityPeriod": lasting}}}})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "config.json"), config, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-config", filepath.Join(dir, "config.json"), "-dnsserver", nameServer(t))
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	said := &lines{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	a := &authority{directory: fmt.Sprintf("https://127.0.0.1:%d/dir", api), manage: fmt.Sprintf("https://127.0.0.1:%d", manage),
		client: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}}
	for range 200 {
		if resp, err := a.client.Get(a.directory); err == nil {
			resp.Body.Close()
			return a
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("Pebble does not answer")
	return nil
}

// roots is what a browser that knows the authority trusts.
func (a *authority) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	resp, err := a.client.Get(a.manage + "/roots/0")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%q %v", text, err)
	}
	return pool
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// apiCertificate writes a certificate for Pebble's own API.
func apiCertificate(t *testing.T, dir string) (path string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Pebble"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "api")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, b := range map[string][]byte{path + ".pem": text, path + ".key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw})} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return path, roots
}

// nameServer is a DNS server on loopback that knows one address for every name, 127.0.0.1 (RFC 1035). Pebble asks by TCP.
func nameServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answerNames(c)
		}
	}()
	return l.Addr().String()
}

func answerNames(c net.Conn) {
	defer c.Close()
	var size [2]byte
	for {
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		b := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, b); err != nil {
			return
		}
		end := 12
		for end < len(b) && b[end] != 0 { // labels of the question
			end += int(b[end]) + 1
		}
		if end += 5; end > len(b) {
			return
		}
		out := append([]byte{b[0], b[1], 0x85, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, b[12:end]...)
		if binary.BigEndian.Uint16(b[end-4:]) == 1 { // an address
			out[7] = 1
			out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1)
		}
		c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
	}
}

// lines is what a program says, for reading meanwhile.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serveACME lets HQ answer under a name, and returns how to end it.
func serveACME(t *testing.T, o *Office, port int, a *ACME, said io.Writer) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	ready := filepath.Join(t.TempDir(), "ready")
	go func() {
		done <- o.Serve(ctx, ServeOptions{Listen: fmt.Sprintf("127.0.0.1:%d", port), ReadyFile: ready, ACME: a, Log: said})
	}()
	for range 200 {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// shownTo connects as somebody does who calls HQ by a name, and returns the certificate that HQ shows.
func shownTo(port int, name string, config *tls.Config) (*x509.Certificate, error) {
	config.ServerName = name
	c, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), config)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0], nil
}

// browserSees waits until somebody who trusts the authority gets a certificate that is not the one before.
func browserSees(t *testing.T, port int, roots *x509.CertPool, before *big.Int) *x509.Certificate {
	t.Helper()
	var last error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		c, err := shownTo(port, acmeHost, &tls.Config{RootCAs: roots})
		if last = err; err == nil && (before == nil || c.SerialNumber.Cmp(before) != 0) {
			return c
		}
	}
	t.Fatalf("no certificate that a browser trusts: %v", last)
	return nil
}

// Against a real ACME server: browsers trust HQ, laptops go on trusting its key, also after the certificate was renewed and
// after a restart.
func TestACME_browsersTrustTheKeyThatLaptopsPin(t *testing.T) {
	o, s := newOffice(t, &clock{t: time.Now()})
	own, err := o.certificate()
	if err != nil {
		t.Fatal(err)
	}
	pin := road.PinOf(own.Leaf)
	port := freePort(t)
	ca := newAuthority(t, port, 3)
	said := &lines{}
	a := &ACME{Host: acmeHost, Directory: ca.directory, Client: ca.client}
	end := serveACME(t, o, port, a, said)
	first := browserSees(t, port, ca.roots(t), nil)
	if !bytes.Equal(road.PinOf(first), pin) {
		t.Fatal("the certificate is around another key than laptops pin")
	}
	second := browserSees(t, port, ca.roots(t), first.SerialNumber) // it lasts for three seconds
	if !bytes.Equal(road.PinOf(second), pin) {
		t.Fatal("after its renewal the certificate is around another key")
	}
	if !strings.Contains(said.String(), "The certificate for "+acmeHost+" is there") || o.certifiedUntil() == 0 {
		t.Errorf("it said %q", said.String())
	}

	// A laptop by HQ's name and by its address; the invite holds the name.
	inv, err := o.Invite(s, "volunteer", "", 7)
	if err != nil || inv.URLs[0] != fmt.Sprintf("https://%s:%d", acmeHost, port) || !bytes.Equal(inv.Pin, pin) {
		t.Errorf("%+v %v", inv, err)
	}
	for _, url := range []string{inv.URLs[0], fmt.Sprintf("https://127.0.0.1:%d", port)} {
		way := &road.HTTPS{URLs: []string{url}, Pin: pin, Campaign: s.Self().Campaign, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
		}}
		if _, err := way.Join(t.Context(), road.Joining{Token: []byte("no invite of ours")}); code(err) != "bad-request" && code(err) != "invite-unknown" {
			t.Errorf("%s: %v", url, err)
		}
		way.Close()
	}
	end()
}

// A restart takes the certificate that is there, without asking the authority again.
func TestACME_aRestartKeepsTheCertificate(t *testing.T) {
	o, _ := newOffice(t, &clock{t: time.Now()})
	port := freePort(t)
	ca := newAuthority(t, port, 90*24*3600)
	a := &ACME{Host: acmeHost, Directory: ca.directory, Client: ca.client}
	end := serveACME(t, o, port, a, io.Discard)
	first := browserSees(t, port, ca.roots(t), nil)
	end()
	a.Directory = "https://127.0.0.1:1/dir" // nobody is there
	defer serveACME(t, o, port, a, io.Discard)()
	if again, err := shownTo(port, acmeHost, &tls.Config{RootCAs: ca.roots(t)}); err != nil || again.SerialNumber.Cmp(first.SerialNumber) != 0 {
		t.Errorf("after a restart: %v", err)
	}
}

// Without the authority, HQ says so and why, and laptops notice nothing.
func TestACME_withoutTheAuthorityLaptopsNoticeNothing(t *testing.T) {
	o, _ := newOffice(t, &clock{t: time.Now()})
	own, err := o.certificate()
	if err != nil {
		t.Fatal(err)
	}
	port, said := freePort(t), &lines{}
	defer serveACME(t, o, port, &ACME{Host: acmeHost, Directory: "https://127.0.0.1:1/dir"}, said)()
	for _, name := range []string{acmeHost, "127.0.0.1", "other.example"} {
		if _, err := shownTo(port, name, road.Pinned(road.PinOf(own.Leaf))); err != nil {
			t.Errorf("a laptop that calls %s: %v", name, err)
		}
	}
	if _, err := shownTo(port, acmeHost, &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, InsecureSkipVerify: true,
		CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}}); err == nil {
		t.Error("whoever takes RSA only got another key than laptops pin")
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(said.String(), "cannot be reached"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it said %q", said.String())
		}
	}
	if o.certifiedUntil() != 0 {
		t.Error("HQ's own certificate counts as an authority's")
	}
}

// The authority's reason is told in its own words: here nobody answers where it looks.
func TestACME_theAuthoritysReasonIsTold(t *testing.T) {
	o, _ := newOffice(t, &clock{t: time.Now()})
	port, said := freePort(t), &lines{}
	ca := newAuthority(t, freePort(t), 3600) // not where HQ is
	defer serveACME(t, o, port, &ACME{Host: acmeHost, Directory: ca.directory, Client: ca.client}, said)()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(said.String(), "The certificate authority says: "); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it said %q", said.String())
		}
	}
	t.Log(said.String())
}

func TestACME_namesThatCannotBeCertified(t *testing.T) {
	o, _ := newOffice(t, &clock{t: time.Now()})
	for _, host := range []string{"", "localhost", "hq.example.org:443", "https://hq.example.org", "a b.c"} {
		err := o.Serve(t.Context(), ServeOptions{Listen: "127.0.0.1:0", ACME: &ACME{Host: host}})
		if code(err) != "bad-host" || fieldwork.Hint(err) == "" {
			t.Errorf("%q: %v", host, err)
		}
	}
}
