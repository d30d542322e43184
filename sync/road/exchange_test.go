package road_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

var campaign = journal.Campaign{7}

func seedOf(node uint32) []byte { return bytes.Repeat([]byte{byte(node + 1)}, 32) }

func keyOf(node uint32) (ed25519.PublicKey, bool) {
	return ed25519.NewKeyFromSeed(seedOf(node)).Public().(ed25519.PublicKey), true
}

// newStore makes a real store whose files are read and compared when the test ends.
func newStore(t *testing.T, node uint32) *store.Store {
	t.Helper()
	return newStoreOn(t, node, nil)
}

// newStoreOn makes one on a disk with so many bytes left, by node; nil: as many as there are.
func newStoreOn(t *testing.T, node uint32, left map[uint32]int64) *store.Store {
	t.Helper()
	opt := store.Options{Ballast: -1, KeyOf: keyOf}
	if left != nil {
		opt.Free = func(string) (int64, error) { return left[node], nil }
	}
	dir := t.TempDir()
	keys, err := vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(filepath.Join(dir, "c"), store.Identity{Campaign: campaign, Log: fieldwork.LogID{Node: node}, Seed: seedOf(node)}, keys, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if r, err := s.Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("node %d: %v %q", node, err, r.Damage)
		}
		s.Close()
	})
	return s
}

func fill(t *testing.T, s *store.Store, n int) {
	t.Helper()
	var drafts []store.Draft
	for i := range n {
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(fmt.Sprintf("Name %d %x", i, rand.Uint64()))}}}}})
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
}

type answerer struct{ server exchange.Server }

func (a answerer) Answer(ctx context.Context, node uint32, r io.Reader, w io.Writer, flush func()) error {
	_, err := a.server.Answer(ctx, node, r, w, flush)
	return err
}

// handler answers for a store.
func handler(s *store.Store) *road.Handler {
	return &road.Handler{Answerer: answerer{exchange.Server{Replica: s, Campaign: campaign, Log: s.Self().Log, Now: time.Now}},
		Prove: road.ByToken(func(node uint32, token []byte) error {
			if string(token) != "token" {
				return &fieldwork.Problem{Code: "unknown-node", Sentence: "HQ does not know this laptop."}
			}
			return nil
		})}
}

// hq serves a store over real TLS.
func hq(t *testing.T, s *store.Store) (*httptest.Server, []byte) {
	t.Helper()
	return serve(t, handler(s))
}

// hqAt is an hq with less patience.
func hqAt(t *testing.T, s *store.Store, p road.Pace) (*httptest.Server, []byte) {
	t.Helper()
	h := handler(s)
	h.Pace = p
	return serve(t, h)
}

func serve(t *testing.T, h *road.Handler) (*httptest.Server, []byte) {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv, road.PinOf(srv.Certificate())
}

func client(s *store.Store, url string, pin []byte) *exchange.Client {
	self := s.Self()
	return &exchange.Client{Replica: s, Peer: "hq", Campaign: campaign, Log: self.Log, Program: "test", Now: time.Now, Jitter: rand.Float64,
		Road:     &road.HTTPS{URLs: []string{url}, Pin: pin, Campaign: campaign, Node: self.Log.Node, Token: []byte("token")},
		Sleep:    func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Received: s.SetReceived}
}

// cutter is a proxy that cuts every connection after a random number of bytes in either direction.
func cutter(t *testing.T, to string, least, most int) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go cut(in, to, int64(least+rand.IntN(most-least)))
		}
	}()
	return "https://" + l.Addr().String()
}

func cut(in net.Conn, to string, left int64) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	done := make(chan struct{}, 2)
	budget := make(chan int64, 1)
	budget <- left
	pipe := func(dst, src net.Conn) {
		defer func() { done <- struct{}{} }()
		b := make([]byte, 1024)
		for {
			n, err := src.Read(b)
			have := <-budget
			if int64(n) > have {
				n, err = int(have), io.EOF
			}
			budget <- have - int64(n)
			if _, e := dst.Write(b[:n]); e != nil || err != nil {
				return
			}
		}
	}
	go pipe(out, in)
	go pipe(in, out)
	<-done
}

func TestExchange_usualSyncIsOneRequest(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hq(t, office)
	fill(t, a, 100)
	c := client(a, srv.URL, pin)
	first, err := c.Run(t.Context())
	if err != nil || first.Sent != 100 || office.Digest() != a.Digest() {
		t.Fatalf("%+v %v", first, err)
	}
	fill(t, a, 5)
	usual, err := c.Run(t.Context())
	if err != nil || usual.Requests != 1 || usual.Sent != 5 || a.Unsent() != 0 {
		t.Fatalf("after five more: %+v %v, unsent %d", usual, err, a.Unsent())
	}
	nothing, err := c.Run(t.Context())
	if err != nil || nothing.Requests != 1 || nothing.BytesUp+nothing.BytesDown > 600 {
		t.Fatalf("nothing to sync: %+v %v", nothing, err)
	}
}

func TestExchange_resumesAfterEveryCut(t *testing.T) {
	office, a, b := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	srv, pin := hq(t, office)
	fill(t, office, 50)
	fill(t, a, 3000)
	fill(t, b, 1000)
	url := cutter(t, strings.TrimPrefix(srv.URL, "https://"), 1<<10, 64<<10)
	for _, s := range []*store.Store{a, b, a} {
		for try := 0; ; try++ {
			res, err := client(s, url, pin).Run(t.Context())
			if err == nil {
				break
			}
			if try > 50 || !exchange.Retry(err) {
				t.Fatalf("%+v %v", res, err)
			}
		}
	}
	if office.Digest() != a.Digest() || a.Count(fieldwork.KindTrainee) != 4050 {
		t.Fatalf("not equal: %d people", a.Count(fieldwork.KindTrainee))
	}
}

func TestExchange_contestedFieldIsTheSameOnBothSides(t *testing.T) {
	office, a, b := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	srv, pin := hq(t, office)
	fill(t, a, 1)
	sync := func(s *store.Store) {
		t.Helper()
		if _, err := client(s, srv.URL, pin).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sync(a)
	sync(b)
	id := a.IDs(fieldwork.KindTrainee)[0]
	for i, s := range []*store.Store{a, b} {
		if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineePhone, Value: fieldwork.Text(fmt.Sprint("071", i))}}}}}); err != nil {
			t.Fatal(err)
		}
	}
	sync(a)
	sync(b)
	sync(a)
	ra, _ := a.Record(id)
	rb, _ := b.Record(id)
	if len(ra.Contested) != 1 || ra.Get(fieldwork.TraineePhone) != rb.Get(fieldwork.TraineePhone) || a.Digest() != b.Digest() {
		t.Fatalf("%+v\n%+v", ra, rb)
	}
}

func TestHTTPS_namesWhatIsWrong(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	srv, pin := hq(t, office)
	fill(t, a, 1)
	code := func(c *exchange.Client) string {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, err := c.Run(ctx)
		var p *fieldwork.Problem
		if !errors.As(err, &p) {
			return fmt.Sprint(err)
		}
		return p.Code
	}
	if got := code(client(a, srv.URL, make([]byte, 32))); got != "key-changed" {
		t.Errorf("another key: %s", got)
	}
	if got := code(client(a, "https://127.0.0.1:1", pin)); got != "unreachable" {
		t.Errorf("nobody there: %s", got)
	}
	c := client(a, srv.URL, pin)
	c.Road.(*road.HTTPS).Token = []byte("wrong")
	if got := code(c); got != "unknown-node" {
		t.Errorf("wrong token: %s", got)
	}
	portal := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>Welcome to the hotel") }))
	defer portal.Close()
	if got := code(client(a, portal.URL, road.PinOf(portal.Certificate()))); got != "unreachable" {
		t.Errorf("a page that is not ours: %s", got)
	}
	if a.Unsent() != 1 || office.Count(fieldwork.KindTrainee) != 0 {
		t.Error("nothing may be taken for sent")
	}
}

func TestInvite_isReadWhereverItStands(t *testing.T) {
	want := road.Invite{Campaign: campaign, Name: "Kajiado", URLs: []string{"https://hq.example:8437"}, Pin: make([]byte, 32), Token: make([]byte, 16), Role: "volunteer", Expires: 9}
	text := want.String()
	got, err := road.ParseInvite("Dear Léa,\nhere it is: " + text[:70] + "\n" + text[70:] + "\n\nGreetings")
	if err != nil || got.Name != want.Name || got.Campaign != want.Campaign {
		t.Fatalf("%+v %v", got, err)
	}
	for _, bad := range []string{"", "hello", text[:len(text)/2], "KANDILI1:AAAA"} {
		if _, err := road.ParseInvite(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzParseInvite(f *testing.F) {
	f.Add("KANDILI1:e30")
	f.Fuzz(func(t *testing.T, s string) {
		if i, err := road.ParseInvite(s); err == nil && (len(i.Pin) != 32 || len(i.URLs) == 0) {
			t.Fatalf("%+v", i)
		}
	})
}

func TestMain(m *testing.M) {
	store.CheckMain()
	os.Exit(m.Run())
}
