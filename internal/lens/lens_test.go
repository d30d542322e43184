package lens

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"kandili/internal/fieldwork"
)

// badgeText is what a real badge says.
func badgeText(n uint64) string {
	key := fieldwork.BadgeKey{Campaign: "KAJI", No: 1, Key: [32]byte{1, 2, 3}}
	return key.Payload(fieldwork.CodeOf(fieldwork.RecordID{Log: fieldwork.LogID{Node: 4}, Seq: n}), 0)
}

// shot says how a badge was photographed.
type shot struct {
	w, h, code   int     // of the photo and of the code in it, in pixels
	turn         float64 // degrees
	lean         float64 // how much shorter the far side is: 0.15 is 15 %
	dark, uneven float64 // 1: as bright as can be; how much darker the right is than the left
	blur         int     // how often each pixel becomes the mean of its neighbours
	noise        float64 // of 255
	wash         float64 // how much of the contrast is gone
}

// photo draws a badge of white card on a table with grain, as seen by a shaky hand.
func photo(t *testing.T, text string, s shot, rng *rand.Rand) *image.Gray {
	t.Helper()
	q, err := qrcode.New(text, qrcode.High)
	if err != nil {
		t.Fatal(err)
	}
	bits := q.Bitmap() // with its quiet zone
	card := image.NewGray(image.Rect(0, 0, len(bits)*12, len(bits)*12))
	for y := range card.Bounds().Dy() {
		for x := range card.Bounds().Dx() {
			if !bits[y/12][x/12] {
				card.Pix[y*card.Stride+x] = 245
			} else {
				card.Pix[y*card.Stride+x] = 18
			}
		}
	}
	out := image.NewGray(image.Rect(0, 0, s.w, s.h))
	sin, cos := math.Sincos(s.turn * math.Pi / 180)
	cx, cy := float64(s.w)/2+rng.Float64()*20-10, float64(s.h)/2+rng.Float64()*20-10
	scale := float64(card.Bounds().Dx()) / float64(s.code)
	for y := range s.h {
		for x := range s.w {
			dx, dy := float64(x)-cx, float64(y)-cy
			u, v := cos*dx+sin*dy, -sin*dx+cos*dy
			far := 1 - s.lean*v/float64(s.code) // the upper side is further away
			px, py := u/far*scale+float64(card.Bounds().Dx())/2, v/far*scale+float64(card.Bounds().Dy())/2
			p := 150 + 25*math.Sin(float64(x)/7) + rng.Float64()*20
			if ix, iy := int(px), int(py); px >= 0 && py >= 0 && ix < card.Bounds().Dx() && iy < card.Bounds().Dy() {
				p = float64(between(card, px, py))
			}
			out.Pix[y*out.Stride+x] = byte(p)
		}
	}
	for range s.blur {
		out = smoothed(out)
	}
	for y := range s.h {
		for x := range s.w {
			p := float64(out.Pix[y*out.Stride+x])
			p = 128 + (p-128)*(1-s.wash)
			p *= s.dark * (1 - s.uneven*float64(x)/float64(s.w))
			p += rng.NormFloat64() * s.noise
			out.Pix[y*out.Stride+x] = byte(min(max(p, 0), 255))
		}
	}
	return out
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// each situation is photographed perCase times, with the race detector, which makes pictures ten times slower, once.
var perCase = map[bool]int{false: 4, true: 1}[raced]

func TestRead_photosAsPeopleTakeThem(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	all, good := 0, 0
	for _, c := range []struct {
		name string
		shot shot
		want int // of perCase, at least
	}{
		{"straight", shot{w: 640, h: 480, code: 300, dark: 1}, 4},
		{"turned 17", shot{w: 640, h: 480, code: 300, turn: 17, dark: 1}, 4},
		{"turned 45", shot{w: 640, h: 480, code: 300, turn: 45, dark: 1}, 4},
		{"turned 137", shot{w: 640, h: 480, code: 300, turn: 137, dark: 1}, 4},
		{"upside down", shot{w: 640, h: 480, code: 300, turn: 180, dark: 1}, 4},
		{"from the side", shot{w: 640, h: 480, code: 300, lean: 0.25, dark: 1}, 4},
		{"from the side and turned", shot{w: 640, h: 480, code: 300, lean: 0.3, turn: 25, dark: 1}, 3},
		{"in the dark", shot{w: 640, h: 480, code: 300, dark: 0.15, noise: 2}, 4},
		{"half in the shade", shot{w: 640, h: 480, code: 300, dark: 1, uneven: 0.8}, 4},
		{"out of focus", shot{w: 640, h: 480, code: 300, dark: 1, blur: 6}, 4},
		{"noisy", shot{w: 640, h: 480, code: 300, dark: 1, noise: 30}, 4},
		{"washed out", shot{w: 640, h: 480, code: 300, dark: 0.9, wash: 0.85, noise: 3}, 4},
		{"far away", shot{w: 1280, h: 960, code: 150, dark: 1}, 4},
		{"close, of a good camera", shot{w: 1800, h: 1350, code: 1000, dark: 1, turn: 8}, 4},
		{"badly out of focus", shot{w: 640, h: 480, code: 300, dark: 1, blur: 12}, 2},
		{"very noisy", shot{w: 640, h: 480, code: 300, dark: 1, noise: 70}, 3},
		{"far away, of a good camera", shot{w: 2000, h: 1500, code: 200, dark: 1, turn: 20}, 3},
		{"everything at once", shot{w: 800, h: 600, code: 360, dark: 0.5, uneven: 0.5, turn: 12, lean: 0.15, blur: 2, noise: 8}, 3},
	} {
		read := 0
		for i := range perCase {
			text := badgeText(uint64(200 + i))
			got, err := Read(asJPEG(t, photo(t, text, c.shot, rng)))
			switch {
			case err == nil && got == text:
				read++
			case err == nil:
				t.Errorf("%s: read %q, it says %q", c.name, got, text)
			}
		}
		t.Logf("%-26s %d of %d", c.name, read, perCase)
		all, good = all+perCase, good+read
		if !raced && read < c.want {
			t.Errorf("%s: %d of %d read, at least %d is asked for", c.name, read, perCase, c.want)
		}
	}
	if good < all-2 {
		t.Errorf("%d of %d photos read", good, all)
	}
}

func TestGlance_aFrameOfACamera(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	text := badgeText(7)
	got, err := Glance(asJPEG(t, photo(t, text, shot{w: 640, h: 480, code: 260, dark: 0.7, turn: 10, noise: 4}, rng)))
	if err != nil || got != text {
		t.Errorf("got %q %v", got, err)
	}
	if _, err := Glance(asJPEG(t, photo(t, text, shot{w: 640, h: 480, code: 1, dark: 1}, rng))); !errors.Is(err, ErrNoCode) {
		t.Errorf("an empty table: %v", err)
	}
}

func TestRead_whatIsNoPicture(t *testing.T) {
	var blank bytes.Buffer
	if err := png.Encode(&blank, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Clone(blank.Bytes()) // its head says 9,000 × 8,000
	binary.BigEndian.PutUint32(bomb[16:], 9000)
	binary.BigEndian.PutUint32(bomb[20:], 8000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":         {nil, ErrNoPicture},
		"text":            {[]byte("hello"), ErrNoPicture},
		"cut":             {blank.Bytes()[:40], ErrNoPicture},
		"without a code":  {blank.Bytes(), ErrNoCode},
		"larger than any": {bomb, ErrNoPicture},
	} {
		if _, err := Read(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestRead_aCodeOnATransparentGround(t *testing.T) {
	q, err := qrcode.New(badgeText(9), qrcode.High)
	if err != nil {
		t.Fatal(err)
	}
	bits := q.Bitmap()
	img := image.NewNRGBA(image.Rect(0, 0, len(bits)*6, len(bits)*6))
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if bits[y/6][x/6] {
				img.Set(x, y, color.NRGBA{0, 0, 0, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(b.Bytes()); err != nil || got != badgeText(9) {
		t.Errorf("got %q %v", got, err)
	}
}
