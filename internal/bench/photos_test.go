package bench

import (
	"math/rand/v2"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/synctest"
)

// album gives a laptop photos of the sizes that the program makes: a preview each, and one working image. Each is in a record.
func album(b *testing.B, s *store.Store, seed byte) {
	rnd := rand.NewChaCha8([32]byte{seed})
	for i := range 8 {
		var m blob.Manifest
		var files [][]byte
		for _, image := range []struct {
			size  blob.Size
			bytes int
		}{{blob.Preview, 7_500}, {blob.Working, 105_000}} {
			if image.size == blob.Working && i > 0 {
				break
			}
			file := make([]byte, image.bytes)
			rnd.Read(file)
			files = append(files, file)
			m.Images = append(m.Images, blob.NewImage(image.size, 1280, 960, file))
		}
		name, err := s.AddPhoto(m, files)
		must(b, err)
		_, err = s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhoto, Value: name.Value()}}}}})
		must(b, err)
	}
}

// photos sends a laptop's photos to HQ at the address, try after try.
func (o *office) photos(b *testing.B, s *store.Store, at string) {
	self := s.Self()
	way := &road.HTTPS{URLs: []string{at}, Pin: self.Pin, Campaign: self.Campaign, Node: self.Log.Node, Token: self.Token}
	defer way.Close()
	for {
		photos := &exchange.PhotoClient{Album: s, Peer: "hq", Policy: exchange.PhotosWorking, Now: time.Now}
		c := client(s, way, "hq")
		c.Rest = photos
		_, err := c.Run(b.Context())
		must(b, photos.Save())
		if err == nil {
			return
		}
		if !exchange.Retry(err) {
			b.Fatal(err)
		}
	}
}

// BenchmarkPhotos_cut sends 160 KB of photos over 256 kbit/s, cut every two seconds, and reports by how many chunks of 16 KiB each
// cut made it more than over a line that is never cut. Connecting again is in it.
func BenchmarkPhotos_cut(b *testing.B) {
	o := newOffice(b)
	for b.Loop() {
		whole := &synctest.Link{}
		first := laptop(b, o.member(b))
		album(b, first, 1)
		o.photos(b, first, o.throughLink(b, whole))

		link := &synctest.Link{Rate: 8 * slowRate, RTT: slowRTT / 4, CutEvery: 2 * time.Second} // the slow line, in less time
		second := laptop(b, o.member(b))
		album(b, second, 2)
		o.photos(b, second, o.throughLink(b, link))
		f := link.Figures()
		if f.Cuts == 0 || o.campaign.WholeImages() != 18 {
			b.Fatalf("%d cuts, HQ has %d images", f.Cuts, o.campaign.WholeImages())
		}
		extra := f.Up - whole.Figures().Up
		b.ReportMetric(float64(f.Cuts), "cuts")
		b.ReportMetric(float64(extra)/float64(f.Cuts), "B-more/cut")
		b.ReportMetric(float64(extra)/float64(f.Cuts)/blob.ChunkSize, "chunks-more/cut")
	}
}
