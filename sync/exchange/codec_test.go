package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	os.Exit(m.Run())
}

var campaign = journal.Campaign{7}

func seedOf(node uint32) []byte { return bytes.Repeat([]byte{byte(node + 1)}, 32) }

// newStore makes a real store whose files are read and compared when the test ends.
func newStore(t testing.TB, node uint32) *store.Store {
	t.Helper()
	return newStoreAt(t, node, time.Time{})
}

// newStoreAt is newStore with a clock that stands still; zero: the real one.
func newStoreAt(t testing.TB, node uint32, now time.Time) *store.Store {
	t.Helper()
	dir := t.TempDir()
	keys, err := vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(filepath.Join(dir, "c"), store.Identity{Campaign: campaign, Log: fieldwork.LogID{Node: node}, Seed: seedOf(node)}, keys,
		store.Options{Ballast: -1, Now: clock(now), KeyOf: func(node uint32) (ed25519.PublicKey, bool) {
			return ed25519.NewKeyFromSeed(seedOf(node)).Public().(ed25519.PublicKey), true
		}})
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

func clock(at time.Time) func() time.Time {
	if at.IsZero() {
		return nil
	}
	return func() time.Time { return at }
}

// write saves the first rows of a laptop of the practice programme.
func write(t *testing.T, s *store.Store, n int) {
	t.Helper()
	rows := practice.Generate(practice.Options{Seed: 1, Start: 20_000, Scale: 1000}).Countries[1].Laptops[0][:n]
	list, err := practice.Changes(rows, practice.ByHand, s.Self().Log, practice.Options{Seed: 1, Start: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	var drafts []store.Draft
	for _, c := range list {
		drafts = append(drafts, store.Draft{Author: c.Author, Writes: c.Writes})
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
}

// corridor is a road within the process. It may change what passes, and notes which codecs passed.
type corridor struct {
	server   *exchange.Server
	up, down func(wire.Frame) (wire.Frame, error) // nil: nothing changes; the error cuts the road
	codecs   map[string]int                       // frames by direction and codec
	longest  int                                  // frame of changes, in bytes
}

func (c *corridor) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	request, err := c.pass("up", body, c.up)
	if err != nil {
		return nil, err
	}
	var answer bytes.Buffer
	if _, err := c.server.Answer(ctx, 1, bytes.NewReader(request), &answer, func() {}); err != nil {
		return nil, err
	}
	back, err := c.pass("down", answer.Bytes(), c.down)
	return io.NopCloser(bytes.NewReader(back)), err
}

func (c *corridor) pass(way string, stream []byte, change func(wire.Frame) (wire.Frame, error)) ([]byte, error) {
	var out []byte
	in := wire.NewReader(bytes.NewReader(stream))
	for {
		f, err := in.Next()
		if err != nil {
			return out, nil
		}
		if f.Type == wire.TypeChanges {
			c.codecs[fmt.Sprint(way, " ", f.Body[codecAt(f.Body)])]++
			c.longest = max(c.longest, len(wire.AppendFrame(nil, f)))
		}
		if change != nil {
			if f, err = change(f); err != nil {
				return nil, err
			}
		}
		out = wire.AppendFrame(out, f)
	}
}

// codecAt is where a frame of changes names its codec.
func codecAt(body []byte) int {
	at := 0
	for range 3 {
		_, n := binary.Uvarint(body[at:])
		at += n
	}
	return at + 32 + 64
}

// unsaid is what a program from before the columns makes of what it does not know.
func unsaid(f wire.Frame) (wire.Frame, error) {
	if f.Type == wire.TypeSpeaks {
		f.Type = 200
	}
	return f, nil
}

// meet makes an HQ and a laptop that both have something to tell.
func meet(t *testing.T, theirs, ours int) (*exchange.Client, *corridor, func()) {
	t.Helper()
	office, a := newStore(t, 0), newStore(t, 1)
	write(t, office, theirs)
	write(t, a, ours)
	c := &corridor{server: &exchange.Server{Replica: office, Campaign: campaign, Log: office.Self().Log, Now: time.Now}, codecs: map[string]int{}}
	client := &exchange.Client{Replica: a, Road: c, Peer: "hq", Campaign: campaign, Log: a.Self().Log, Program: "test", Now: time.Now,
		Jitter: func() float64 { return 0 }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Received: a.SetReceived}
	return client, c, func() {
		t.Helper()
		if office.Digest() != a.Digest() || a.Unsent() != 0 {
			t.Errorf("not equal, %d unsent", a.Unsent())
		}
	}
}

func sync(t *testing.T, c *exchange.Client) exchange.Result {
	t.Helper()
	res, err := c.Run(t.Context())
	if err != nil {
		t.Fatalf("%+v %v", res, err)
	}
	return res
}

func TestExchange_columnsBothWaysInFramesOf8KiB(t *testing.T) {
	client, road, equal := meet(t, 900, 1900)
	res := sync(t, client)
	equal()
	if road.codecs["down 0"] == 1 {
		delete(road.codecs, "down 0") // HQ's word on the laptop's clock: one change, which compressing gains nothing on
	}
	if road.codecs["up 2"] == 0 || road.codecs["down 2"] == 0 || len(road.codecs) != 2 {
		t.Errorf("frames by direction and codec: %v, want columns only", road.codecs)
	}
	if road.longest > wire.TargetBody {
		t.Errorf("a frame of %d bytes", road.longest)
	}
	t.Logf("%d changes up, %d down in %v: %d and %d bytes", res.Sent, res.Received, road.codecs, res.BytesUp, res.BytesDown)
	if again := sync(t, client); again.Requests != 1 || again.BytesUp+again.BytesDown > 600 {
		t.Errorf("nothing to sync: %+v", again)
	}
}

func TestExchange_olderHQGetsRows(t *testing.T) {
	client, road, equal := meet(t, 200, 300)
	road.down = unsaid
	sync(t, client)
	equal()
	if road.codecs["up 2"] != 0 || road.codecs["up 1"] == 0 || road.codecs["down 2"] == 0 {
		t.Errorf("frames by direction and codec: %v, want rows up", road.codecs)
	}
}

func TestExchange_olderLaptopGetsRows(t *testing.T) {
	client, road, equal := meet(t, 200, 300)
	road.up = unsaid
	sync(t, client)
	equal()
	if road.codecs["down 2"] != 0 || road.codecs["down 1"] == 0 {
		t.Errorf("frames by direction and codec: %v, want rows down", road.codecs)
	}
}

func TestExchange_HQWithoutTheDictionaryAsksForRows(t *testing.T) {
	client, road, equal := meet(t, 200, 300)
	road.up = func(f wire.Frame) (wire.Frame, error) {
		if at := codecAt(f.Body); f.Type == wire.TypeChanges && f.Body[at] == 2 {
			_, n := binary.Uvarint(f.Body[at+1:])
			f.Body = append(binary.AppendUvarint(bytes.Clone(f.Body[:at+1]), 12345), f.Body[at+1+n:]...)
		}
		return f, nil
	}
	sync(t, client)
	equal()
	if road.codecs["up 1"] == 0 {
		t.Errorf("frames by direction and codec: %v, want rows in the end", road.codecs)
	}
}

func TestExchange_HQThatWasReplacedByAnOlderOneGetsRows(t *testing.T) {
	client, road, equal := meet(t, 200, 300)
	sync(t, client)
	write(t, client.Replica.(*store.Store), 100)
	cuts := 0
	road.down = unsaid
	road.up = func(f wire.Frame) (wire.Frame, error) {
		if f.Type == wire.TypeChanges && f.Body[codecAt(f.Body)] == 2 {
			cuts++
			return f, errors.New("the connection broke") // what the older one does
		}
		return f, nil
	}
	sync(t, client)
	equal()
	if cuts != 1 {
		t.Errorf("%d tries with columns, want one", cuts)
	}
}
