package laptop

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/road"
)

// snap is a photo of a number and somebody whose record names it. Roads look into no picture: noise will do.
func snap(t *testing.T, f *Folder, seed byte) (blob.Manifest, [][]byte) {
	t.Helper()
	rnd := rand.NewChaCha8([32]byte{seed, 5})
	files := [][]byte{make([]byte, 7000), make([]byte, 100_000)}
	var m blob.Manifest
	for i, size := range []blob.Size{blob.Preview, blob.Working} {
		rnd.Read(files[i])
		m.Images = append(m.Images, blob.NewImage(size, 100, 100, files[i]))
	}
	name, err := f.Store().AddPhoto(m, files)
	if err == nil {
		_, err = f.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku")}, {Field: fieldwork.TraineePhoto, Value: name.Value()}}}}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return m, files
}

// has fails unless the store holds the images of the sizes, byte for byte, and no other.
func has(t *testing.T, who string, s *store.Store, m blob.Manifest, files [][]byte, sizes uint8) {
	t.Helper()
	for i, size := range []blob.Size{blob.Preview, blob.Working} {
		got, err := s.Photo(m.Name(), size)
		if sizes&uint8(size) == 0 {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s has image %d: %v", who, size, err)
			}
			continue
		}
		if err != nil || !bytes.Equal(got, files[i]) {
			t.Errorf("%s: image %d is %d bytes, want %d: %v", who, size, len(got), len(files[i]), err)
		}
	}
}

// Photos travel by stick in small files, in any order; the network brings what a lost file held; HQ's answer tells what it has.
func TestCourier_carriesPhotosAndTheNetworkTheRest(t *testing.T) {
	h := newHQ(t)
	stick := t.TempDir()
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
	})
	meet(t, a, 30)
	var manifests []blob.Manifest
	var files [][][]byte
	for seed := range byte(5) {
		m, f := snap(t, a, seed)
		manifests, files = append(manifests, m), append(files, f)
	}
	sent := carry(t, a, CourierTo{Path: stick, MaxBytes: road.LeastCourier})
	if len(sent.Files) < 3 || sent.Images != 10 {
		t.Fatalf("written: %+v", sent)
	}
	lost := 1
	var arrived []string
	for i := len(sent.Files) - 1; i >= 0; i-- { // the last first: it waits for the records that name its photos
		if i != lost {
			arrived = append(arrived, sent.Files[i])
		}
	}
	for _, name := range arrived {
		if _, err := h.office.CourierIn(t.Context(), []string{name}); err != nil {
			t.Fatal(err)
		}
	}
	whole := 0
	for i := range manifests {
		if h.store.PhotoState(manifests[i].Name()).Whole() {
			whole++
			has(t, "HQ", h.store, manifests[i], files[i], 3)
		}
	}
	if whole == 0 || whole == len(manifests) {
		t.Errorf("%d of %d photos came by stick without one of its %d files", whole, len(manifests), len(sent.Files))
	}
	if _, err := a.CourierIn(t.Context(), h.answer(t.TempDir()), nil); err != nil {
		t.Fatal(err)
	}
	if n := CountPhotos(a.Store()); n.ToSend != len(manifests)-whole {
		t.Errorf("after HQ's answer: %+v, %d are at HQ", n, whole)
	}
	var up int64
	h.online(func() { up = sync(t, a).BytesUp })
	for i := range manifests {
		has(t, "HQ", h.store, manifests[i], files[i], 3)
	}
	if most := int64(len(manifests)-whole) * 120_000; up > most {
		t.Errorf("the network carried %d bytes, of which the stick had brought some", up)
	}
	if again := carry(t, a, CourierTo{Path: t.TempDir()}); again.Images != 0 {
		t.Errorf("HQ has all, and %d images go on another stick", again.Images)
	}
	if _, err := b.CourierIn(t.Context(), h.answer(t.TempDir()), nil); err != nil {
		t.Fatal(err)
	}
	has(t, "the other laptop, by HQ's answer", b.Store(), manifests[0], files[0], 1)
}

// One laptop gives another its photos, and that one brings them home.
func TestPeers_photosGoThroughAnotherLaptop(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
		sync(t, a)
	})
	m, files := snap(t, a, 1)
	back, its := snap(t, b, 2)
	pa, pb := nearby(t, a, PeerOptions{Anybody: true}), nearby(t, b, PeerOptions{Anybody: true})
	mustSync(t, pa, pb)
	has(t, "laptop B", b.Store(), m, files, 3)
	has(t, "laptop A", a.Store(), back, its, 3)
	h.online(func() { sync(t, b) })
	has(t, "HQ", h.store, m, files, 3)
}

func TestSet_aPhotoFromAFileWithItsPosition(t *testing.T) {
	h := newHQ(t)
	var f *Folder
	h.online(func() { f = h.join("Kajiado 1") })
	lamp, err := f.Add("lamp", Cells{"tag_code": "KJ-0042"})
	if err != nil {
		t.Fatal(err)
	}
	const picture = "@../../ui/photos/testdata/lamp.jpg"
	r, err := f.Add("installation", Cells{"lamp": fieldwork.CodeOf(lamp.ID), "place": "home", "date": "2026-07-09", "photo": picture})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Get(fieldwork.InstallationPosition), fieldwork.Position(-1.9019, 36.793, 9); got != want {
		t.Errorf("position %v", got.Ints())
	}
	r, err = f.Add("installation", Cells{"lamp": fieldwork.CodeOf(lamp.ID), "place": "home", "date": "2026-07-09", "lat": "-2", "lon": "37", "photo": picture})
	if err != nil || r.Get(fieldwork.InstallationPosition) != fieldwork.Position(-2, 37, 0) {
		t.Errorf("the position that was typed: %v %v", r.Get(fieldwork.InstallationPosition).Ints(), err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if written, missing, err := f.ExportPhotos(dir, r); written != 1 || missing != 0 || err != nil {
		t.Errorf("exported %d, missing %d, %v", written, missing, err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, fieldwork.CodeOf(r.ID)+"-photo.jpg")); err != nil || !bytes.HasPrefix(b, []byte{0xFF, 0xD8, 0xFF}) || bytes.Contains(b, []byte("Exif")) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestRestore_bringsThePhotos(t *testing.T) {
	h := newHQ(t)
	var f *Folder
	h.online(func() { f = h.join("Kajiado 1") })
	m, files := snap(t, f, 1)
	file := filepath.Join(t.TempDir(), "kandili.kbackup")
	if err := f.Backup(file); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "new")
	if err := Restore(dir, file, phrase); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, phrase)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	has(t, "the restored laptop", again.Store(), m, files, 3)
}
