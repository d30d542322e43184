// Package bench measures the figures of DESIGN.md section 9 on the real parts: an office with its HTTP server and TLS, laptops'
// stores, a slow line that cuts. Nothing imports it; `make bench` runs it, and .ci/bench.go says which figures are to be reached.
package bench

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/synctest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	code := m.Run()
	for i := len(atEnd) - 1; i >= 0; i-- {
		atEnd[i]()
	}
	os.Exit(code)
}

// office is an HQ that answers on this machine.
type office struct {
	*hq.Office
	campaign *store.Store
	url      string
}

func newOffice(b testing.TB) *office {
	b.Helper()
	return startOffice(b, b.TempDir(), b.Cleanup)
}

// startOffice makes an office in the folder and lets it answer until what it gives to later is done.
func startOffice(b testing.TB, dir string, later func(func())) *office {
	b.Helper()
	o, err := hq.Open(filepath.Join(dir, "hq"), hq.Options{})
	must(b, err)
	s, err := o.CreateCampaign("Reference", "KE", 11_000)
	must(b, err)
	ready := filepath.Join(dir, "ready")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.Serve(ctx, hq.ServeOptions{Listen: "127.0.0.1:0", ReadyFile: ready}) }()
	later(func() {
		cancel()
		<-done
		o.Close()
	})
	var at struct{ URL string }
	for range 500 {
		if text, err := os.ReadFile(ready); err == nil && json.Unmarshal(text, &at) == nil {
			return &office{Office: o, campaign: s, url: at.URL}
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.Fatal("HQ does not answer")
	return nil
}

// member is what a laptop got by joining.
func (o *office) member(b testing.TB) store.Identity {
	b.Helper()
	invite, err := o.Invite(o.campaign, "volunteer", o.url, 7)
	must(b, err)
	self := store.Identity{Campaign: invite.Campaign, Name: "Laptop", Seed: store.NewSeed(), URLs: invite.URLs, Pin: invite.Pin}
	courier, err := road.CourierRecipient(self.Seed)
	must(b, err)
	joined, err := o.Join(o.campaign, road.Joining{Token: invite.Token, Name: self.Name, PublicKey: self.Key().Public().(ed25519.PublicKey), CourierKey: courier, Program: "bench"})
	must(b, err)
	self.Log = fieldwork.LogID{Node: joined.Node}
	self.Token, self.HQKey, self.Courier = joined.Token, joined.HQKey, joined.CourierKey
	return self
}

// laptop opens the store of a member.
func laptop(b testing.TB, self store.Identity) *store.Store {
	b.Helper()
	dir := b.TempDir()
	keys, err := vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
	must(b, err)
	s, err := store.Create(filepath.Join(dir, "c"), self, keys, store.Options{Ballast: -1})
	must(b, err)
	b.Cleanup(func() { s.Close() })
	return s
}

// sync exchanges with the office at the address; empty: its own.
func (o *office) sync(b testing.TB, s *store.Store, at string) exchange.Result {
	b.Helper()
	self := s.Self()
	if at == "" {
		at = o.url
	}
	way := &road.HTTPS{URLs: []string{at}, Pin: self.Pin, Campaign: self.Campaign, Node: self.Log.Node, Token: self.Token}
	defer way.Close()
	c := client(s, way, "hq")
	for {
		res, err := c.Run(b.Context())
		if err == nil {
			return res
		}
		if !exchange.Retry(err) {
			b.Fatal(err)
		}
	}
}

func client(s *store.Store, way exchange.Road, peer string) *exchange.Client {
	self := s.Self()
	return &exchange.Client{Replica: s, Road: way, Peer: peer, Campaign: self.Campaign, Log: self.Log, Program: "bench", Now: time.Now,
		Sleep: sleep, Jitter: rand.Float64, Received: s.SetReceived}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// inRoom is the road to a laptop in the same process.
type inRoom struct {
	from uint32
	to   *store.Store
}

func (r inRoom) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	self := r.to.Self()
	server := exchange.Server{Replica: r.to, Campaign: self.Campaign, Log: self.Log, Program: "bench", Now: time.Now}
	var answer bytes.Buffer
	_, err := server.Answer(ctx, r.from, bytes.NewReader(body), &answer, func() {})
	return io.NopCloser(&answer), err
}

// write puts changes into a store as its own, five to a piece.
func write(b testing.TB, s *store.Store, list []journal.Change) {
	b.Helper()
	self := s.Self()
	p := journal.Piece{Log: self.Log, First: 1}
	for len(list) > 0 {
		n := min(5, len(list))
		p.Changes, p.Sig = list[:n], nil
		end, err := p.Head()
		must(b, err)
		must(b, end.Sign(self.Campaign, self.Key()))
		p.Sig = end.Sig
		_, err = s.Apply(p)
		must(b, err)
		p.First, p.Prev, list = p.Last()+1, end.Hash, list[n:]
	}
}

// reference returns a laptop that holds the 10,000 changes of the reference campaign, its own and seven others' that it met, of
// which the office has none yet.
func (o *office) reference(b testing.TB) *store.Store {
	b.Helper()
	logs, err := practice.Reference()
	must(b, err)
	var all []*store.Store
	for range logs {
		s := laptop(b, o.member(b))
		all = append(all, s)
	}
	for i, s := range all {
		o.sync(b, s, "")
		write(b, s, logs[i])
	}
	for _, s := range all[1:] {
		_, err := client(all[0], inRoom{1, s}, "nearby").Run(b.Context())
		must(b, err)
	}
	return all[0]
}

// throughLink serves a link to the office and returns its address.
func (o *office) throughLink(b testing.TB, l *synctest.Link) string {
	b.Helper()
	l.To = func(context.Context) (net.Conn, error) { return net.Dial("tcp", strings.TrimPrefix(o.url, "https://")) }
	in, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	go l.Serve(in)
	b.Cleanup(func() {
		in.Close()
		l.Close()
	})
	return "https://" + in.Addr().String()
}

func must(b testing.TB, err error) {
	if err != nil {
		b.Helper()
		b.Fatal(err)
	}
}
