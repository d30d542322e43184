package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"kandili/internal/practice"
	"kandili/sync/synctest"
)

// peers is where the programs that Kandili is measured against are, with what npm fetched for them.
const peers = "../../sync/synctest/peers"

// peerSpeed is how much faster than real the line is for them, so that half an hour takes a few minutes; times are multiplied by
// it. What their programs compute is multiplied along, which on this machine is some per cent. KANDILI_REAL_TIME=1 does not.
func peerSpeed() int {
	if os.Getenv("KANDILI_REAL_TIME") != "" {
		return 1
	}
	return 8
}

// BenchmarkPeers_pouchdb pushes the same 10,000 changes, each a document, from PouchDB to express-pouchdb over the same line, with
// connections that are kept. Batches are of 100, PouchDB's own size; on a fast line 1,000 are better, but here such a batch takes
// 137 s and the line is cut every 60, so that it never ends.
func BenchmarkPeers_pouchdb(b *testing.B) {
	node, err := exec.LookPath("node")
	if err != nil {
		b.Skip("no node on this machine: PouchDB is not measured")
	}
	if _, err := os.Stat(filepath.Join(peers, "node_modules", "pouchdb")); err != nil {
		b.Skip("PouchDB is not there: npm ci --prefix sync/synctest/peers")
	}
	logs, err := practice.Reference()
	must(b, err)
	docs, err := practice.JSONLines(logs...)
	must(b, err)
	for b.Loop() {
		pouchdb(b, node, docs, 100)
	}
}

func pouchdb(b *testing.B, node string, docs []byte, batch int) {
	dir := b.TempDir()
	selfSigned(b, dir)
	server := exec.Command(node, "server.cjs", dir)
	say, hear := start(b, server)
	var at struct{ Port int }
	line(b, hear, &at)

	speed := peerSpeed()
	link := &synctest.Link{Rate: slowRate, RTT: slowRTT, CutEvery: slowCut, FirstCut: firstCut, Speed: speed,
		To: func(context.Context) (net.Conn, error) { return net.Dial("tcp", fmt.Sprint("127.0.0.1:", at.Port)) }}
	in, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	go link.Serve(in)
	defer link.Close()
	defer in.Close()

	push := exec.Command(node, "client.cjs", dir, fmt.Sprintf("https://%s/campaign", in.Addr()), strconv.Itoa(speed), strconv.Itoa(batch))
	give, told := start(b, push)
	_, err = give.Write(docs)
	must(b, err)
	must(b, give.Close())
	var ready string
	line(b, told, &ready)
	var done struct {
		Seconds        float64
		Tries, Written int
	}
	line(b, told, &done)
	f := link.Figures()
	var again struct{ Nothing float64 }
	line(b, told, &again)
	nothing := link.Figures()
	must(b, say.Close())
	var sum struct{ Requests, Docs int }
	line(b, hear, &sum)
	if sum.Docs != 10_000 {
		b.Fatalf("the server has %d documents", sum.Docs)
	}
	seconds := done.Seconds * float64(speed)
	b.ReportMetric(float64(f.Up+f.Down)/10_000, "B/change")
	b.ReportMetric(float64(f.Up), "B-up")
	b.ReportMetric(float64(f.Down), "B-down")
	b.ReportMetric(seconds, "s")
	b.ReportMetric(seconds/(float64(f.Up+f.Down)/slowRate), "x-line-rate")
	b.ReportMetric(float64(sum.Requests), "requests")
	b.ReportMetric(float64(f.Cuts), "cuts")
	b.ReportMetric(float64(done.Tries), "tries")
	b.ReportMetric(float64(nothing.Up+nothing.Down-f.Up-f.Down), "B-for-nothing")
	b.ReportMetric(again.Nothing*float64(speed), "s-for-nothing")
	b.ReportMetric(float64(speed), "speed")
}

// start starts a program in the peers' folder; it is ended with the benchmark.
func start(b *testing.B, c *exec.Cmd) (io.WriteCloser, *bufio.Scanner) {
	b.Helper()
	c.Dir = peers
	c.Stderr = io.Discard
	in, err := c.StdinPipe()
	must(b, err)
	out, err := c.StdoutPipe()
	must(b, err)
	must(b, c.Start())
	b.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	return in, lines
}

// line reads one line of JSON. Programs print other things, too.
func line(b *testing.B, lines *bufio.Scanner, into any) {
	b.Helper()
	for lines.Scan() {
		if text := bytes.TrimSpace(lines.Bytes()); json.Unmarshal(text, into) == nil {
			return
		}
	}
	b.Fatal("the program ended before it said what is expected")
}

// selfSigned writes a key and a certificate, of the kind that HQ has.
func selfSigned(b *testing.B, dir string) {
	b.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(b, err)
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(10, 0, 0)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(b, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must(b, err)
	must(b, os.WriteFile(filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	must(b, os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}
