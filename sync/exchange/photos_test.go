package exchange_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

func photo(seed byte) (blob.Manifest, [][]byte) {
	rnd := rand.NewChaCha8([32]byte{seed})
	files := [][]byte{make([]byte, 7000), make([]byte, 110_000)}
	var m blob.Manifest
	for i, size := range []blob.Size{blob.Preview, blob.Working} {
		rnd.Read(files[i])
		m.Images = append(m.Images, blob.NewImage(size, 100, 100, files[i]))
	}
	return m, files
}

// shoot adds photos, each with a record that names it.
func shoot(t testing.TB, s *store.Store, seeds ...byte) {
	t.Helper()
	for _, seed := range seeds {
		m, files := photo(seed)
		name, err := s.AddPhoto(m, files)
		if err == nil {
			_, err = s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhoto, Value: name.Value()}}}}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// slowRoad is a road on which time passes: a round trip, and each byte.
type slowRoad struct {
	server func() *exchange.Server
	rate   float64 // bytes a second
	trip   time.Duration
	now    time.Time
}

func (l *slowRoad) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	var answer bytes.Buffer
	if _, err := l.server().Answer(ctx, 1, bytes.NewReader(body), &answer, func() {}); err != nil {
		return nil, err
	}
	l.now = l.now.Add(l.trip + time.Duration(float64(len(body)+answer.Len())/l.rate*1e9))
	return io.NopCloser(&answer), nil
}

// sync runs an exchange with photos by the link and returns how many bytes moved.
func (l *slowRoad) sync(t *testing.T, a *store.Store) (exchange.PhotoProgress, int64) {
	t.Helper()
	photos := &exchange.PhotoClient{Album: a, Peer: "hq", Now: func() time.Time { return l.now }}
	c := &exchange.Client{Replica: a, Road: l, Peer: "hq", Campaign: campaign, Log: a.Self().Log, Now: func() time.Time { return l.now }, Jitter: rand.Float64, Rest: photos,
		Sleep: func(context.Context, time.Duration) error { return nil }}
	res, err := c.Run(t.Context())
	if err == nil {
		err = photos.Save()
	}
	if err != nil {
		t.Fatal(err)
	}
	return photos.Counted(), res.BytesUp + res.BytesDown
}

// On a slow link previews go and working images wait, but for the two chunks by which it is found to be slow; on a fast
// one everything goes. A link that was slow is not tried again within the hour.
func TestPhotos_theLinkDecidesAboutWorkingImages(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	l := &slowRoad{rate: 4000, trip: 600 * time.Millisecond, now: time.Unix(1_800_000_000, 0), server: func() *exchange.Server {
		return &exchange.Server{Replica: office, Campaign: campaign, Log: office.Self().Log, Now: time.Now, Rest: &exchange.PhotoServer{Album: office, Sizes: 3}}
	}}
	shoot(t, a, 1, 2, 3, 4, 5, 6)
	n, bytes := l.sync(t, a)
	if n.Sent != 6 || bytes > 6*8_000+3*blob.ChunkSize {
		t.Errorf("slow link: %+v, %d bytes", n, bytes)
	}
	shoot(t, a, 7)
	if n, bytes = l.sync(t, a); n.Sent != 1 || bytes > 8_000+2_000 {
		t.Errorf("soon after: %+v, %d bytes", n, bytes)
	}
	l.now = l.now.Add(2 * time.Hour)
	if n, bytes = l.sync(t, a); n.Sent != 0 || bytes > 3*blob.ChunkSize {
		t.Errorf("two hours later, still slow: %+v, %d bytes", n, bytes)
	}
	l.now, l.rate = l.now.Add(2*time.Hour), 1e6
	if n, _ = l.sync(t, a); n.Sent != 7 || n.ToSend != 7 {
		t.Errorf("in town: %+v", n)
	}
	if office.WholeImages() != 14 {
		t.Errorf("HQ has %d images", office.WholeImages())
	}
}

// FuzzPhotoFrames gives both sides frames with whatever in them: type, two bytes of length, body.
func FuzzPhotoFrames(f *testing.F) {
	m, files := photo(9)
	im := m.Image(blob.Preview)
	seed := func(frames ...wire.Frame) {
		var b []byte
		for _, x := range frames {
			b = append(binary.BigEndian.AppendUint16(append(b, byte(x.Type)), uint16(len(x.Body))), x.Body...)
		}
		f.Add(b)
	}
	ask := wire.Photos{List: []wire.PhotoHeld{{Name: m.Name(), Want: 3}, {Name: blob.Name{1}, Want: 3}}}
	seed(ask.Frame(), wire.ManifestFrame(&m))
	seed(wire.ManifestFrame(&m), (&wire.Chunk{Name: m.Name(), Size: blob.Preview, Index: 0, Bytes: im.Cut(files[0], 0)[:100]}).Frame())
	s := newStore(f, 1)
	shoot(f, s, 1)
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhoto, Value: m.Name().Value()}}}}}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		server := &exchange.PhotoServer{Album: s, Sizes: 3}
		client := &exchange.PhotoClient{Album: s, Policy: exchange.PhotosAll, Now: time.Now}
		drop := func(wire.Frame) error { return nil }
		if _, err := client.Pack(100_000, drop); err != nil {
			t.Fatal(err)
		}
		for len(b) >= 3 {
			n := min(int(binary.BigEndian.Uint16(b[1:])), len(b)-3)
			frame := wire.Frame{Type: wire.Type(b[0]), Body: b[3 : 3+n]}
			b = b[3+n:]
			for _, side := range []exchange.Rest{server, client} {
				if _, err := side.Take(frame); err != nil {
					t.Fatalf("type %d: %v", frame.Type, err)
				}
			}
		}
		for range 3 {
			client.Done()
			if _, err := client.Pack(100_000, drop); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := server.Pack(100_000, drop); err != nil {
			t.Fatal(err)
		}
	})
}

// Each part of a courier file works alone: whoever has the records can use every chunk in it, whatever became of the other parts.
func TestCourier_everyPartBringsItsChunksAlone(t *testing.T) {
	a := newStore(t, 1)
	shoot(t, a, 1, 2, 3)
	var list []*bytes.Buffer
	c := &exchange.Courier{Replica: a, Campaign: campaign, Log: a.Self().Log, Key: key, Now: time.Now, Photos: &exchange.CourierPhotos{Album: a, Sizes: 3}}
	load, err := c.Write(t.Context(), 1, func(int) (io.WriteCloser, error) {
		list = append(list, &bytes.Buffer{})
		return closer{list[len(list)-1]}, nil
	})
	if err != nil || load.Images != 6 || len(list) < 2 {
		t.Fatalf("%+v in %d parts: %v", load, len(list), err)
	}
	held := 0
	for i := range list {
		b := newStore(t, 2)
		for _, only := range []int{0, i} { // the records are in the first part
			p, err := exchange.OpenPart(bytes.NewReader(list[only].Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			var r exchange.Replica = b
			if only != i {
				r = textOnly{b}
			}
			if n, _, err := p.Take(t.Context(), r); err != nil || n.Later != 0 {
				t.Fatalf("part %d: %+v %v", only, n, err)
			}
		}
		for _, name := range b.PhotoNames() {
			m, err := b.PhotoManifest(name)
			if err != nil {
				continue
			}
			for k := range m.Images {
				h := b.PhotoState(name).Of(m.Images[k].Size)
				if h.Whole {
					h.Chunks = m.Images[k].All()
				}
				held += h.Chunks.Count()
			}
		}
	}
	if want := 3 * (1 + 7); held != want {
		t.Errorf("the parts bring %d chunks, each alone, of %d", held, want)
	}
}

// textOnly is a replica that takes no photos.
type textOnly struct{ exchange.Replica }

// A road that lets only small bodies through still brings photos: one chunk always goes.
func TestPhotos_aChunkGoesWhereBodiesAreSmallerThanIt(t *testing.T) {
	office, a := newStore(t, 0), newStore(t, 1)
	shoot(t, a, 1, 2)
	tries := 0
	l := &slowRoad{rate: 1e6, now: time.Unix(1_800_000_000, 0), server: func() *exchange.Server {
		tries++
		return &exchange.Server{Replica: office, Campaign: campaign, Log: office.Self().Log, Now: time.Now, Rest: &exchange.PhotoServer{Album: office, Sizes: 3},
			Limits: func() wire.Limits { return wire.Limits{Body: 4 << 10} }}
	}}
	if n, _ := l.sync(t, a); n.Sent != 4 || office.WholeImages() != 4 {
		t.Errorf("%+v, HQ has %d images", n, office.WholeImages())
	}
	if tries > 2*(1+7)+4 {
		t.Errorf("%d requests for 16 chunks", tries)
	}
}
