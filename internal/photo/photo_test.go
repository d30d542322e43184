package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
)

// scene is a picture like a photo: large shapes, soft light, some noise. Its upper left corner is red.
func scene(w, h int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(1, 2))
	pic := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			v := 90 + 60*math.Sin(7*fx+3*fy) + 40*math.Sin(31*fy*fx) + 25*rnd.Float64()
			c := color.RGBA{byte(v), byte(v * 0.8), byte(v * 0.6), 255}
			if x < w/4 && y < h/4 {
				c = color.RGBA{220, 20, 20, 255}
			}
			pic.SetRGBA(x, y, c)
		}
	}
	return pic
}

func jpegOf(t testing.TB, pic image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pic, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts a hand-made EXIF segment into a JPEG: orientation, camera's name, time, and a position 1°54'6.84" S, 36°47'34.8" E.
func exif(file []byte, orientation uint16) []byte {
	var heap []byte
	const gps = 8 + 2 + 4*12 + 4
	const taken = gps + 2 + 5*12 + 4
	const heapAt = taken + 2 + 12 + 4
	put := func(b []byte) uint32 {
		at := uint32(heapAt + len(heap))
		heap = append(heap, b...)
		return at
	}
	entry := func(tag, kind uint16, count, value uint32) []byte {
		b := binary.BigEndian.AppendUint16(nil, tag)
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint32(b, count)
		return binary.BigEndian.AppendUint32(b, value)
	}
	rationals := func(list ...uint32) (b []byte) {
		for _, n := range list {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		return b
	}
	b := []byte("MM\x00\x2a\x00\x00\x00\x08")
	b = append(b, 0, 4)
	b = append(b, entry(0x010F, 2, 14, put([]byte("SecretCamera9\x00")))...)
	b = append(b, entry(0x0112, 3, 1, uint32(orientation)<<16)...)
	b = append(b, entry(0x8769, 4, 1, taken)...)
	b = append(b, entry(0x8825, 4, 1, gps)...)
	b = append(b, 0, 0, 0, 0)
	b = append(b, 0, 5)
	b = append(b, entry(1, 2, 2, uint32('S')<<24)...)
	b = append(b, entry(2, 5, 3, put(rationals(1, 1, 54, 1, 684, 100)))...)
	b = append(b, entry(3, 2, 2, uint32('E')<<24)...)
	b = append(b, entry(4, 5, 3, put(rationals(36, 1, 47, 1, 348, 10)))...)
	b = append(b, entry(0x1F, 5, 1, put(rationals(85, 10)))...)
	b = append(b, 0, 0, 0, 0)
	b = append(b, 0, 1)
	b = append(b, entry(0x9003, 2, 20, put([]byte("2026:07:09 14:03:05\x00")))...)
	b = append(b, 0, 0, 0, 0)
	b = append(b, heap...)
	segment := append([]byte("Exif\x00\x00"), b...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	out = append(out, segment...)
	return append(out, file[2:]...)
}

func isRed(c color.Color) bool {
	r, g, _, _ := c.RGBA()
	return r>>8 > 150 && g>>8 < 90
}

func TestMake_previewAndWorkingImageKeepToTheirBudgets(t *testing.T) {
	for name, file := range map[string][]byte{
		"a photo":              jpegOf(t, scene(2400, 1800)),
		"a narrow one":         jpegOf(t, scene(1500, 40)),
		"a tiny one":           jpegOf(t, scene(9, 7)),
		"nothing but noise":    jpegOf(t, noise(1600, 1200)),
		"a drawing with alpha": pngOf(t, image.NewNRGBA(image.Rect(0, 0, 700, 500))),
	} {
		made, err := Make(t.Context(), bytes.NewReader(file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(made.Preview) > 8_000 || len(made.Working) > 120_000 {
			t.Errorf("%s: preview %d B, working image %d B", name, len(made.Preview), len(made.Working))
		}
		if name == "a photo" && (len(made.Preview) < 5_000 || len(made.Working) < 60_000) {
			t.Errorf("%s: the budget is wasted: %d and %d B", name, len(made.Preview), len(made.Working))
		}
		for i, f := range made.Files() {
			im := &made.Manifest.Images[i]
			c, err := jpeg.DecodeConfig(bytes.NewReader(f))
			if err != nil || c.Width != im.Width || c.Height != im.Height || !im.Whole(f) {
				t.Errorf("%s: image %d is %dx%d, the manifest says %dx%d: %v", name, im.Size, c.Width, c.Height, im.Width, im.Height, err)
			}
		}
		again, err := Make(t.Context(), bytes.NewReader(file))
		if err != nil || again.Manifest.Name() != made.Manifest.Name() {
			t.Errorf("%s: the same picture gets another name: %v", name, err)
		}
	}
}

func noise(w, h int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(3, 4))
	pic := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range pic.Pix {
		pic.Pix[i] = byte(rnd.Uint32())
	}
	return pic
}

func pngOf(t testing.TB, pic image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, pic); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The red corner, as the picture is stored, must end at the upper left of the upright one for the orientation that
// says so; the table gives where it ends for each.
func TestMake_turnsThePictureAsItWasHeld(t *testing.T) {
	file := jpegOf(t, scene(400, 200))
	for orientation, want := range map[uint16]string{0: "left top", 1: "left top", 2: "right top", 3: "right bottom", 4: "left bottom",
		5: "left top", 6: "right top", 7: "right bottom", 8: "left bottom", 9: "left top"} {
		made, err := Make(t.Context(), bytes.NewReader(exif(file, orientation)))
		if err != nil {
			t.Fatal(err)
		}
		pic, err := jpeg.Decode(bytes.NewReader(made.Preview))
		if err != nil {
			t.Fatal(err)
		}
		w, h := pic.Bounds().Dx(), pic.Bounds().Dy()
		if tall := orientation >= 5 && orientation <= 8; tall != (h > w) {
			t.Errorf("orientation %d: %dx%d", orientation, w, h)
		}
		got := ""
		for name, at := range map[string]image.Point{"left top": {w / 8, h / 8}, "right top": {w - w/8, h / 8}, "left bottom": {w / 8, h - h/8}, "right bottom": {w - w/8, h - h/8}} {
			if isRed(pic.At(at.X, at.Y)) {
				got += name
			}
		}
		if got != want {
			t.Errorf("orientation %d: the red corner is %s, want %s", orientation, got, want)
		}
	}
}

func TestMake_offersPlaceAndTimeAndKeepsNoneOfIt(t *testing.T) {
	made, err := Make(t.Context(), bytes.NewReader(exif(jpegOf(t, scene(400, 300)), 1)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := made.Hints.Position(), fieldwork.Position(-1.90190, 36.79300, 9); got != want {
		t.Errorf("position %v, want %v", got.Ints(), want.Ints())
	}
	if want := time.Date(2026, 7, 9, 14, 3, 5, 0, time.UTC); !made.Hints.Taken.Equal(want) {
		t.Errorf("taken %v, want %v", made.Hints.Taken, want)
	}
	for _, f := range made.Files() {
		for _, trace := range []string{"Exif", "Secret", "2026"} {
			if bytes.Contains(f, []byte(trace)) {
				t.Errorf("%q is still in what is kept", trace)
			}
		}
	}
}

// TestMake_refusesWhatIsNoPicture has the files that others were hurt by: each is refused quickly, with a sentence and
// a next step.
func TestMake_refusesWhatIsNoPicture(t *testing.T) {
	good := jpegOf(t, scene(600, 400))
	var animated bytes.Buffer
	gif.Encode(&animated, scene(20, 20), nil)
	bigPNG := pngOf(t, scene(4, 4))
	binary.BigEndian.PutUint32(bigPNG[16:], 30_000)
	binary.BigEndian.PutUint32(bigPNG[20:], 30_000)
	binary.BigEndian.PutUint32(bigPNG[29:], crc32.ChecksumIEEE(bigPNG[12:29]))
	bigJPEG := bytes.Clone(good)
	at := bytes.Index(bigJPEG, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(bigJPEG[at+5:], 60_000)
	binary.BigEndian.PutUint16(bigJPEG[at+7:], 60_000)
	progressive := bytes.Clone(good) // 24 megapixels of coefficients without subsampling
	progressive[at+1] = 0xC2
	binary.BigEndian.PutUint16(progressive[at+5:], 4000)
	binary.BigEndian.PutUint16(progressive[at+7:], 5900)
	progressive[at+11] = 0x11
	progressive[bytes.Index(progressive, []byte{0xFF, 0xDA})+12] = 0 // the first scan has the means only
	scans := bytes.Repeat([]byte{0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0}, 5000)
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"empty":                        {nil, "photo-empty"},
		"text":                         {[]byte("Dear HQ, here is the photo"), "photo-type"},
		"a page":                       {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "photo-type"},
		"SVG":                          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "photo-type"},
		"GIF":                          {animated.Bytes(), "photo-type"},
		"TIFF":                         {[]byte("II*\x00\x08\x00\x00\x00"), "photo-type"},
		"HEIC":                         {[]byte("\x00\x00\x00\x18ftypheic"), "photo-type"},
		"two bytes of JPEG":            {good[:2], "photo-type"},
		"a page that begins as JPEG":   {[]byte("\xFF\xD8\xFF<html>"), "photo-damaged"},
		"cut in the head":              {good[:200], "photo-damaged"},
		"cut in the middle":            {good[:len(good)/2], "photo-damaged"},
		"PNG cut in the middle":        {pngOf(t, scene(100, 100))[:4000], "photo-damaged"},
		"PNG of 30,000 × 30,000":       {bigPNG, "photo-large"},
		"JPEG of 60,000 × 60,000":      {bigJPEG, "photo-large"},
		"progressive, too much memory": {progressive, "photo-large"},
		"5,000 scans":                  {append(bytes.Clone(good[:len(good)-2]), scans...), "photo-large"},
		"13 MB":                        {append(bytes.Clone(good), make([]byte, 13<<20)...), "photo-large"},
	} {
		begun := time.Now()
		_, err := Make(t.Context(), bytes.NewReader(c.file))
		var p *fieldwork.Problem
		if !errors.As(err, &p) || p.Code != c.code || !strings.Contains(p.Sentence, "Nothing was changed") || p.Hint == "" {
			t.Errorf("%s: got %v (%v), want %s", name, err, errors.Unwrap(err), c.code)
		}
		if d := time.Since(begun); d > 2*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

func TestMake_aPolyglotLosesItsOtherHalf(t *testing.T) {
	file := append(jpegOf(t, scene(300, 200)), []byte("PK\x03\x04<script>alert(1)</script>")...)
	made, err := Make(t.Context(), bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made.Files() {
		if bytes.Contains(f, []byte("script")) || bytes.Contains(f, []byte("PK\x03\x04")) {
			t.Error("the script is still there")
		}
	}
}

func TestMake_endsWhenNobodyWaitsAnyMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Make(ctx, bytes.NewReader(jpegOf(t, scene(300, 200)))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestReadFile_leavesTheOriginalAsItIs(t *testing.T) {
	file := exif(jpegOf(t, scene(300, 200)), 6)
	path := filepath.Join(t.TempDir(), "a lamp.JPG")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, file) {
		t.Errorf("the original changed: %v", err)
	}
	for _, bad := range []string{path + "x", filepath.Dir(path)} {
		if _, err := ReadFile(t.Context(), bad); !errors.Is(err, &fieldwork.Problem{Code: "photo-file"}) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestAgain_isAPictureAndNothingElse(t *testing.T) {
	file := append(exif(jpegOf(t, scene(320, 240)), 1), []byte("<script>")...)
	out, err := Again(t.Context(), file)
	if err != nil || bytes.Contains(out, []byte("script")) || bytes.Contains(out, []byte("Exif")) {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(out)); err != nil || c.Width != 320 {
		t.Errorf("%+v %v", c, err)
	}
}

// FuzzMake: whatever comes in, a picture within its budgets or a Problem comes out.
func FuzzMake(f *testing.F) {
	small := jpegOf(f, scene(24, 16))
	f.Add(small)
	f.Add(exif(small, 6))
	f.Add(pngOf(f, scene(12, 9)))
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<20 {
			return // slow, and not what is looked for
		}
		made, err := Make(t.Context(), bytes.NewReader(file))
		var p *fieldwork.Problem
		switch {
		case err != nil && !errors.As(err, &p):
			t.Fatalf("an error of its own: %v", err)
		case err == nil && (len(made.Preview) > 8_000 || len(made.Working) > 120_000 || len(made.Manifest.Images) != blob.Sizes):
			t.Fatalf("%d and %d bytes", len(made.Preview), len(made.Working))
		}
	})
}
