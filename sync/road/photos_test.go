package road_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// picture is a photo of a number. The road looks into no picture, so noise will do.
type picture struct {
	manifest blob.Manifest
	files    [][]byte
}

func pictureOf(seed int) *picture {
	rnd := rand.NewChaCha8([32]byte{11, byte(seed), byte(seed >> 8)})
	p := &picture{files: [][]byte{make([]byte, 6000+seed%2000), make([]byte, 70_000+seed*977%50_000)}}
	for i, size := range []blob.Size{blob.Preview, blob.Working} {
		rnd.Read(p.files[i])
		p.manifest.Images = append(p.manifest.Images, blob.NewImage(size, 100, 100, p.files[i]))
	}
	return p
}

func (p *picture) name() blob.Name { return p.manifest.Name() }

// shoot adds n photos, each with somebody whose record names it.
func shoot(t *testing.T, s *store.Store, from, n int) (list []*picture) {
	t.Helper()
	for i := range n {
		p := pictureOf(from + i)
		if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
			t.Fatal(err)
		}
		nameIt(t, s, p)
		list = append(list, p)
	}
	return list
}

func nameIt(t *testing.T, s *store.Store, p *picture) {
	t.Helper()
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku")}, {Field: fieldwork.TraineePhoto, Value: p.name().Value()}}}}}); err != nil {
		t.Fatal(err)
	}
}

// held counts previews and working images that a store holds of the pictures, byte for byte.
func held(t *testing.T, s *store.Store, list []*picture) (previews, working int) {
	t.Helper()
	for _, p := range list {
		for i, size := range []blob.Size{blob.Preview, blob.Working} {
			got, err := s.Photo(p.name(), size)
			if err != nil {
				continue
			}
			if !bytes.Equal(got, p.files[i]) {
				t.Errorf("photo %v, size %d: other bytes", p.name(), size)
			}
			if size == blob.Preview {
				previews++
			} else {
				working++
			}
		}
	}
	return previews, working
}

// gallery answers as HQ does, photos included, and notes which chunks came.
type gallery struct {
	store *store.Store
	sizes uint8

	mu     sync.Mutex
	chunks map[string]int // times that a chunk came whole
	order  []blob.Size
	asked  int // photos that requests named
	most   int // in one request
	busy   int // answers under way
}

func (g *gallery) Answer(ctx context.Context, node uint32, r io.Reader, w io.Writer, flush func()) error {
	g.count(1)
	defer g.count(-1)
	server := exchange.Server{Replica: g.store, Campaign: campaign, Log: g.store.Self().Log, Now: time.Now,
		Rest: watched{&exchange.PhotoServer{Album: g.store, Sizes: g.sizes}, g}}
	_, err := server.Answer(ctx, node, r, w, flush)
	return err
}

func (g *gallery) count(by int) {
	g.mu.Lock()
	g.busy += by
	g.mu.Unlock()
}

// idle waits until HQ has read to its end what a cut left it. On a link it is quicker than the pause before the next try; on this
// machine, with everything on one disk, it need not be.
func (g *gallery) idle(ctx context.Context, _ time.Duration) error {
	for range 5000 {
		g.mu.Lock()
		busy := g.busy
		g.mu.Unlock()
		if busy == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return ctx.Err()
}

// watched notes what the answer's Rest is given.
type watched struct {
	exchange.Rest
	g *gallery
}

func (w watched) Take(f wire.Frame) (bool, error) {
	w.g.mu.Lock()
	if c, err := wire.ReadChunk(f.Body); f.Type == wire.TypeChunk && err == nil {
		w.g.chunks[fmt.Sprint(c.Name, c.Size, c.Index)]++
		w.g.order = append(w.g.order, c.Size)
	}
	if p, err := wire.ReadPhotos(f.Body); f.Type == wire.TypePhotos && err == nil {
		w.g.asked += len(p.List)
		w.g.most = max(w.g.most, len(p.List))
	}
	w.g.mu.Unlock()
	return w.Rest.Take(f)
}

func galleryHQ(t *testing.T, s *store.Store) (*gallery, *httptest.Server, []byte) {
	t.Helper()
	g := &gallery{store: s, sizes: uint8(blob.Preview | blob.Working), chunks: map[string]int{}}
	srv := httptest.NewUnstartedServer(&road.Handler{Answerer: g, Prove: road.ByToken(func(uint32, []byte) error { return nil })})
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return g, srv, road.PinOf(srv.Certificate())
}

// photoSync runs one exchange with photos.
func photoSync(t *testing.T, s *store.Store, url string, pin []byte, policy exchange.PhotoPolicy, opened ...blob.Name) (exchange.Result, exchange.PhotoProgress, error) {
	t.Helper()
	return photosBy(t, client(s, url, pin), s, policy, opened...)
}

func photosBy(t *testing.T, c *exchange.Client, s *store.Store, policy exchange.PhotoPolicy, opened ...blob.Name) (exchange.Result, exchange.PhotoProgress, error) {
	t.Helper()
	at := time.Now()
	now := func() time.Time { // the link is fast, however busy the machine is
		at = at.Add(time.Millisecond)
		return at
	}
	photos := &exchange.PhotoClient{Album: s, Peer: "hq", Policy: policy, Now: now, Opened: func(n blob.Name) bool {
		for _, o := range opened {
			if o == n {
				return true
			}
		}
		return false
	}}
	c.Rest = photos
	res, err := c.Run(t.Context())
	if e := photos.Save(); e != nil {
		t.Fatal(e)
	}
	return res, photos.Counted(), err
}

func TestPhotos_previewsGoBeforeWorkingImages(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	g, srv, pin := galleryHQ(t, office)
	list := shoot(t, a, 0, 12)
	_, n, err := photoSync(t, a, srv.URL, pin, exchange.PhotosWorking)
	if err != nil || n != (exchange.PhotoProgress{Sent: 24, ToSend: 24}) {
		t.Fatalf("%+v %v", n, err)
	}
	if p, w := held(t, office, list); p != 12 || w != 12 {
		t.Fatalf("HQ has %d previews and %d working images", p, w)
	}
	for i, size := range g.order {
		if (size == blob.Preview) != (i < 12) {
			t.Fatalf("chunk %d of %d has size %d", i, len(g.order), size)
		}
	}
	for c, times := range g.chunks {
		if times > 1 {
			t.Errorf("chunk %s came %d times", c, times)
		}
	}
	g.asked = 0
	res, n, err := photoSync(t, a, srv.URL, pin, exchange.PhotosWorking)
	if err != nil || res.Requests != 1 || res.BytesUp+res.BytesDown > 600 || g.asked != 0 || n.ToSend != 0 {
		t.Errorf("nothing to sync: %+v %+v, asked about %d photos, %v", res, n, g.asked, err)
	}
}

func TestPhotos_policyDecidesWhatMoves(t *testing.T) {
	for _, c := range []struct {
		policy               exchange.PhotoPolicy
		up, down             [2]int // previews, working images
		opened, nothingAtAll bool
	}{
		{policy: exchange.PhotosNone},
		{policy: exchange.PhotosPreviews, up: [2]int{5, 0}, down: [2]int{4, 0}},
		{policy: exchange.PhotosPreviews, up: [2]int{5, 0}, down: [2]int{4, 1}, opened: true},
		{policy: exchange.PhotosWorking, up: [2]int{5, 5}, down: [2]int{4, 0}},
		{policy: exchange.PhotosByLink, up: [2]int{5, 5}, down: [2]int{4, 0}}, // loopback is fast
		{policy: exchange.PhotosAll, up: [2]int{5, 5}, down: [2]int{4, 4}},
	} {
		office, a := newStore(t, 0), newStore(t, 1)
		_, srv, pin := galleryHQ(t, office)
		mine, theirs := shoot(t, a, 0, 5), shoot(t, office, 100, 4)
		if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosNone); err != nil {
			t.Fatal(err)
		}
		var opened []blob.Name
		if c.opened {
			opened = append(opened, theirs[2].name())
		}
		if _, _, err := photoSync(t, a, srv.URL, pin, c.policy, opened...); err != nil {
			t.Fatal(err)
		}
		upP, upW := held(t, office, mine)
		downP, downW := held(t, a, theirs)
		if got, want := [4]int{upP, upW, downP, downW}, [4]int{c.up[0], c.up[1], c.down[0], c.down[1]}; got != want {
			t.Errorf("policy %d, opened %v: got %v, want %v", c.policy, c.opened, got, want)
		}
	}
}

// counting is a proxy that cuts each connection once so many bytes went towards the server, and counts them all.
type counting struct {
	url  string
	mu   sync.Mutex
	up   int64
	cuts int
}

func countingRoad(t *testing.T, to string, least, most int) *counting {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &counting{url: "https://" + l.Addr().String()}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go c.pipe(in, to, int64(least+rand.IntN(most-least)))
		}
	}()
	return c
}

func (c *counting) pipe(in net.Conn, to string, left int64) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	go io.Copy(in, out)
	for b := make([]byte, 2048); ; time.Sleep(2 * time.Millisecond) { // slower than HQ's disk, as links are
		n, err := in.Read(b[:min(int64(len(b)), left)])
		if err == nil {
			_, err = out.Write(b[:n])
		}
		left -= int64(n)
		c.mu.Lock()
		c.up += int64(n)
		if left == 0 {
			c.cuts++
		}
		c.mu.Unlock()
		if err != nil || left == 0 {
			return
		}
	}
}

func (c *counting) total() (up int64, cuts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.up, c.cuts
}

// TestFigure_photoChunksAfterACut: at most one chunk is sent twice after each cut; what is counted are the bytes that
// went through the road.
func TestFigure_photoChunksAfterACut(t *testing.T) {
	send := func(least, most int) (int64, int, *gallery) {
		office, a := newStore(t, 0), newStore(t, 1)
		g, srv, pin := galleryHQ(t, office)
		list := shoot(t, a, 0, 12)
		way := countingRoad(t, strings.TrimPrefix(srv.URL, "https://"), least, most)
		for try := 0; ; try++ {
			c := client(a, way.url, pin)
			c.Sleep = g.idle
			if _, _, err := photosBy(t, c, a, exchange.PhotosWorking); err == nil {
				break
			} else if try > 50 || !exchange.Retry(err) {
				t.Fatal(err)
			}
		}
		if p, w := held(t, office, list); p != 12 || w != 12 {
			t.Fatalf("HQ has %d previews and %d working images", p, w)
		}
		srv.Close()
		up, cuts := way.total()
		return up, cuts, g
	}
	whole, _, _ := send(1<<30, 1<<30+1)
	up, cuts, g := send(30<<10, 110<<10)
	const aside = 3 << 10 // a handshake, the question what arrived, and its like
	extra := up - whole
	t.Logf("%d bytes without a cut; %d cuts cost %d bytes more, %d a cut, of which a chunk is %d", whole, cuts, extra, extra/int64(max(cuts, 1)), blob.ChunkSize)
	if cuts < 2 || extra > int64(cuts)*(blob.ChunkSize+aside) {
		t.Errorf("%d cuts cost %d bytes", cuts, extra)
	}
	twice := 0
	for _, times := range g.chunks {
		twice += times - 1
	}
	if twice > 0 {
		t.Errorf("%d chunks that had arrived came again", twice)
	}
}

func TestPhotos_arriveThroughCutsBothWays(t *testing.T) {
	office, a, b := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	_, srv, pin := galleryHQ(t, office)
	first, second := shoot(t, a, 0, 8), shoot(t, b, 50, 8)
	url := cutter(t, strings.TrimPrefix(srv.URL, "https://"), 20<<10, 150<<10)
	for _, s := range []*store.Store{a, b, a, b} {
		for try := 0; ; try++ {
			if _, _, err := photoSync(t, s, url, pin, exchange.PhotosAll); err == nil {
				break
			} else if try > 50 || !exchange.Retry(err) {
				t.Fatal(err)
			}
		}
	}
	for node, s := range []*store.Store{office, a, b} {
		if p, w := held(t, s, append(first, second...)); p != 16 || w != 16 {
			t.Errorf("node %d has %d previews and %d working images", node, p, w)
		}
	}
}

// Two roads bring different pieces of one photo: a stick brought some to HQ, the network brings the others and none twice.
func TestPhotos_twoRoadsBringDifferentChunks(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	g, srv, pin := galleryHQ(t, office)
	p := shoot(t, a, 0, 1)[0]
	if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosNone); err != nil {
		t.Fatal(err)
	}
	if err := office.TakeManifest(p.manifest); err != nil {
		t.Fatal(err)
	}
	im := p.manifest.Image(blob.Working)
	for i := 0; i < im.Count(); i += 2 {
		if err := office.TakeChunk(p.name(), blob.Working, i, im.Cut(p.files[1], i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosWorking); err != nil {
		t.Fatal(err)
	}
	if n, w := held(t, office, []*picture{p}); n != 1 || w != 1 {
		t.Errorf("HQ has %d previews, %d working images", n, w)
	}
	if len(g.chunks) != 1+im.Count()/2 {
		t.Errorf("%d chunks came by the network, of %d that were missing", len(g.chunks), 1+im.Count()/2)
	}
}

func TestPhotos_programsThatDoNotKnowThemStillSync(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	old, pin := hq(t, office) // answers without photos
	list := shoot(t, a, 0, 3)
	res, n, err := photoSync(t, a, old.URL, pin, exchange.PhotosAll)
	if err != nil || res.Requests > 2 || n.Sent != 0 || office.Digest() != a.Digest() {
		t.Fatalf("an old HQ: %+v %+v %v", res, n, err)
	}
	g, srv, pin := galleryHQ(t, office)
	if _, err := client(a, srv.URL, pin).Run(t.Context()); err != nil || len(g.chunks) != 0 {
		t.Fatalf("an old laptop: %d chunks, %v", len(g.chunks), err)
	}
	if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosAll); err != nil {
		t.Fatal(err)
	}
	if p, w := held(t, office, list); p != 3 || w != 3 {
		t.Errorf("after both were renewed: %d previews, %d working images", p, w)
	}
}

func TestPhotos_anHQThatLostThemGetsThemAgain(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	_, srv, pin := galleryHQ(t, office)
	list := shoot(t, a, 0, 6)
	if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosWorking); err != nil {
		t.Fatal(err)
	}
	if err := office.DropPhotos(list[1].name(), list[4].name()); err != nil { // as a restored backup has fewer
		t.Fatal(err)
	}
	if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosWorking); err != nil {
		t.Fatal(err)
	}
	if p, w := held(t, office, list); p != 6 || w != 6 {
		t.Errorf("HQ has %d previews and %d working images", p, w)
	}
}

// A photo that nobody at HQ has yet is not asked for again and again, and comes once somebody sent it.
func TestPhotos_whatHQLacksIsAskedForWhenSomethingCame(t *testing.T) {
	office, a, b := newStore(t, 0), newStore(t, 1), newStore(t, 2)
	g, srv, pin := galleryHQ(t, office)
	list := shoot(t, a, 0, 1)
	for _, s := range []*store.Store{a, b, b} {
		if _, _, err := photoSync(t, s, srv.URL, pin, map[bool]exchange.PhotoPolicy{true: exchange.PhotosNone, false: exchange.PhotosAll}[s == a]); err != nil {
			t.Fatal(err)
		}
	}
	g.asked = 0
	res, _, err := photoSync(t, b, srv.URL, pin, exchange.PhotosAll)
	if err != nil || res.Requests != 1 || g.asked != 0 {
		t.Errorf("nothing new at HQ: %+v, asked about %d, %v", res, g.asked, err)
	}
	for _, s := range []*store.Store{a, b} {
		if _, _, err := photoSync(t, s, srv.URL, pin, exchange.PhotosAll); err != nil {
			t.Fatal(err)
		}
	}
	if p, w := held(t, b, list); p != 1 || w != 1 {
		t.Errorf("%d previews, %d working images", p, w)
	}
}

func TestPhotos_aFullDiskStopsPhotosAndNothingElse(t *testing.T) {
	for _, side := range []string{"HQ", "laptop"} {
		left := map[uint32]int64{0: 1 << 40, 1: 1 << 40}
		office, a := newStoreOn(t, 0, left), newStoreOn(t, 1, left)
		_, srv, pin := galleryHQ(t, office)
		mine, theirs := shoot(t, a, 0, 3), shoot(t, office, 20, 3)
		left[map[string]uint32{"HQ": 0, "laptop": 1}[side]] = 1 << 20
		if _, _, err := photoSync(t, a, srv.URL, pin, exchange.PhotosAll); err != nil {
			t.Fatal(side, err)
		}
		up, _ := held(t, office, mine)
		down, _ := held(t, a, theirs)
		want := map[string][2]int{"HQ": {0, 3}, "laptop": {3, 0}}[side]
		if got := [2]int{up, down}; got != want || office.Digest() != a.Digest() {
			t.Errorf("the disk of %s is full: got %v, want %v", side, got, want)
		}
	}
}

// shallow hides that a photo is whole and gives nothing: a server that says to have what it does not give.
type shallow struct{ *store.Store }

func (s shallow) PhotoChunk(blob.Name, blob.Size, int) ([]byte, error) {
	return nil, errors.New("no such file")
}

func TestPhotos_aServerThatBreaksOffEndsInAnError(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	shoot(t, office, 0, 1)
	srv := httptest.NewUnstartedServer(&road.Handler{Prove: road.ByToken(func(uint32, []byte) error { return nil }),
		Answerer: answerWith(func() exchange.Server {
			return exchange.Server{Replica: office, Campaign: campaign, Log: office.Self().Log, Now: time.Now,
				Rest: &exchange.PhotoServer{Album: shallow{office}, Sizes: 3}}
		})})
	srv.StartTLS()
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := client(a, srv.URL, road.PinOf(srv.Certificate()))
	c.Rest = &exchange.PhotoClient{Album: a, Peer: "hq", Policy: exchange.PhotosAll, Now: time.Now}
	if _, err := c.Run(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("got %v", err)
	}
	if a.Count(fieldwork.KindTrainee) != 1 {
		t.Error("the text came nevertheless")
	}
}

type answerWith func() exchange.Server

func (a answerWith) Answer(ctx context.Context, node uint32, r io.Reader, w io.Writer, flush func()) error {
	server := a()
	_, err := server.Answer(ctx, node, r, w, flush)
	return err
}

// More photos are named than one request may ask about, and HQ has none of them yet: each is asked about once, in turns, and not again
// before something came.
func TestPhotos_manyAreAskedAboutInTurns(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	g, srv, pin := galleryHQ(t, office)
	const n = 1200
	var drafts []store.Draft
	for i := range n {
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineePhoto, Value: blob.Name{1, byte(i), byte(i >> 8)}.Value()}}}}})
	}
	if _, err := a.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	res, count, err := photoSync(t, a, srv.URL, pin, exchange.PhotosAll)
	if err != nil || count.Received != 0 || g.asked != n || g.most > wire.AskPhotos || res.Requests > 8 {
		t.Fatalf("asked about %d photos in all, about %d at once, in %d requests: %v", g.asked, g.most, res.Requests, err)
	}
	if res, _, err = photoSync(t, a, srv.URL, pin, exchange.PhotosAll); err != nil || res.Requests != 1 || g.asked != n {
		t.Errorf("again: %+v, asked about %d: %v", res, g.asked, err)
	}
}
