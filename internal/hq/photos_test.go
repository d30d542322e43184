package hq

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/photo"
	"kandili/internal/store"
)

// pictureFile writes a JPEG of some colours into a file.
func pictureFile(t *testing.T, shade uint8) string {
	t.Helper()
	pic := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for y := range 600 {
		for x := range 900 {
			pic.SetRGBA(x, y, color.RGBA{uint8(x / 4), uint8(y / 3), shade + uint8(x*y), 255})
		}
	}
	path := filepath.Join(t.TempDir(), "lamp.jpg")
	var b bytes.Buffer
	err := jpeg.Encode(&b, pic, nil)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func photoOf(t *testing.T, r fieldwork.Record, field fieldwork.FieldID) blob.Name {
	t.Helper()
	name, ok := blob.NameOf(r.Get(field))
	if !ok {
		t.Fatalf("no photo in %+v", r)
	}
	return name
}

// A photo that was taken in the village shows on HQ's page, as a picture and nothing else, for those who may see people.
func TestPhotos_fromALaptopToThePageAtHQ(t *testing.T) {
	o, s := newOffice(t, &clock{t: time.Now()})
	at, browser := serve(t, o)
	a, b := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")
	person := added(t, a, "trainee", laptop.Cells{"given_name": "Nasieku", "photo": "@" + pictureFile(t, 3)})
	if _, err := a.Set(fieldwork.CodeOf(person.ID), laptop.Cells{"photo": "@" + filepath.Join(t.TempDir(), "none.jpg")}); err == nil {
		t.Error("a file that is not there was taken")
	}
	name := photoOf(t, person, fieldwork.TraineePhoto)
	if n := laptop.CountPhotos(a.Store()); n != (laptop.PhotoCount{Named: 1, Here: 1, ToSend: 1}) {
		t.Errorf("before: %+v", n)
	}
	res, err := a.Sync(t.Context(), nil)
	if err != nil || res.Photos.Sent != 2 || res.Photos.ToSend != 2 {
		t.Fatalf("%+v %v", res, err)
	}
	if n := laptop.CountPhotos(a.Store()); n != (laptop.PhotoCount{Named: 1, Here: 1}) {
		t.Errorf("after: %+v", n)
	}
	synced(t, b)
	if st := b.Store().PhotoState(name); !st.Of(blob.Preview).Whole || st.Of(blob.Working).Whole {
		t.Errorf("the other laptop has %+v", st)
	}
	if err := b.Store().WishPhoto(name); err != nil {
		t.Fatal(err)
	}
	synced(t, b)
	if want, err := a.Store().Photo(name, blob.Working); err != nil || !bytes.Equal(laptop.LargestPhoto(b.Store(), name), want) {
		t.Errorf("after it was opened: %v", err)
	}

	large := at + "/c/" + s.Self().Campaign.String() + "/photo/" + name.String() + ".jpg"
	small := strings.TrimSuffix(large, ".jpg") + "-small.jpg"
	if resp, err := browser.Get(large); err != nil || !strings.HasPrefix(resp.Request.URL.Path, "/sign-in") {
		t.Errorf("nobody signed in: %v %v", resp.Request.URL, err)
	}
	officer(t, o, at, "viewer", browser)
	_, page := get(t, browser, at+recordURL(s, person.ID))
	wants(t, page, `<img src="`+strings.TrimPrefix(small, at)+`" width="320" height="213" alt="Photo">`, `<a href="`+strings.TrimPrefix(large, at)+`">`)
	for _, address := range []string{large, small} {
		resp, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		pic, err := jpeg.Decode(resp.Body)
		resp.Body.Close()
		h := resp.Header
		if err != nil || pic.Bounds().Dx() < 320 || h.Get("Content-Type") != "image/jpeg" || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Cache-Control") != "no-store" || !strings.HasPrefix(h.Get("Content-Disposition"), "inline") {
			t.Errorf("%s: %v %v", address, h, err)
		}
	}
	for _, bad := range []string{strings.Repeat("0", 32) + ".jpg", "x.jpg", name.String(), "..%2f..%2fhq.key"} {
		if status, _ := get(t, browser, at+"/c/"+s.Self().Campaign.String()+"/photo/"+bad); status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, status)
		}
	}
	jar, _ := cookiejar.New(nil)
	donor := &http.Client{Transport: browser.Transport, Jar: jar}
	officer(t, o, at, "donor", donor)
	if status, _ := get(t, donor, small); status != http.StatusForbidden {
		t.Errorf("a donor sees the photo: %d", status)
	}
}

// What a laptop calls a photo need not be one. HQ keeps it and never gives it to a browser.
func TestPhotos_whatIsNoPictureIsNotServed(t *testing.T) {
	o, s := newOffice(t, &clock{t: time.Now()})
	at, browser := serve(t, o)
	a := newLaptop(t, o, s, at, "Kajiado 1")
	page := []byte("<!DOCTYPE html><script>alert(document.cookie)</script>")
	made, err := photo.ReadFile(t.Context(), pictureFile(t, 9))
	if err != nil {
		t.Fatal(err)
	}
	m := blob.Manifest{Images: []blob.Image{blob.NewImage(blob.Preview, 9, 9, page), blob.NewImage(blob.Working, 9, 9, append(bytes.Clone(made.Working), page...))}}
	if _, err := a.Store().AddPhoto(m, [][]byte{page, append(bytes.Clone(made.Working), page...)}); err != nil {
		t.Fatal(err)
	}
	name := m.Name()
	if _, err := a.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Mallory")}, {Field: fieldwork.TraineePhoto, Value: name.Value()}}}}}); err != nil {
		t.Fatal(err)
	}
	synced(t, a)
	officer(t, o, at, "admin", browser)
	at += "/c/" + s.Self().Campaign.String() + "/photo/" + name.String()
	if status, text := get(t, browser, at+"-small.jpg"); status != http.StatusNotFound || strings.Contains(text, "alert(") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := get(t, browser, at+".jpg"); status != http.StatusOK || strings.Contains(text, "alert(") || !strings.HasPrefix(text, "\xFF\xD8\xFF") {
		t.Errorf("a picture with a page behind it: %d, %d bytes", status, len(text))
	}
}

// HQ's proven backups hold the photos, whole.
func TestProve_aBackupHasThePhotos(t *testing.T) {
	o, s := newOffice(t, &clock{t: time.Now()})
	at, _ := serve(t, o)
	a := newLaptop(t, o, s, at, "Kajiado 1")
	name := photoOf(t, added(t, a, "trainee", laptop.Cells{"given_name": "Nasieku", "photo": "@" + pictureFile(t, 5)}), fieldwork.TraineePhoto)
	synced(t, a)
	trial, err := o.Prove(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if err := Restore(dir, trial.Path, false); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, size := range []blob.Size{blob.Preview, blob.Working} {
		want, err := a.Store().Photo(name, size)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.byID(s.Self().Campaign.String()).Photo(name, size); err != nil || !bytes.Equal(got, want) {
			t.Errorf("image %d: %d bytes, %v", size, len(got), err)
		}
	}
}
