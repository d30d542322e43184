//go:build journey

package journey

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kandili/internal/practice"
)

// TestPhotosTravel: two of three laptops take photos. Over roads that break after a few kilobytes they reach HQ and the third laptop,
// previews where that was asked for and working images where it was; one comes by a courier file. HQ's page shows the picture that the
// laptop keeps: HQ encodes it anew before it gives it to a browser, so pixels are compared.
func TestPhotosTravel(t *testing.T) {
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	p := &Play{Programs: programs, Dir: t.TempDir(), Seed: 1, Say: t.Logf}
	stop, err := p.startHQ(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	village := practice.Generate(practice.Options{Seed: 1, Start: time.Now().Unix()/86400 - 60, Scale: 20}).Countries[3]
	var seats [3]*seat
	for i, name := range []string{"KE 1", "KE 2", "KE 3"} {
		var rows []practice.Row
		if i < 2 {
			rows = village.Laptops[i]
		}
		if seats[i], err = p.newSeat(ctx, name, rows); err != nil {
			t.Fatal(err)
		}
		defer seats[i].road.Close()
	}
	var codes [2]string
	for i, l := range seats[:2] {
		if err := l.enter(ctx); err != nil {
			t.Fatal(err)
		}
		codes[i] = photographed(t, ctx, l, uint8(40*i))
	}

	// The first laptop sends working images over the road, the second goes by stick; the third wants previews.
	if err := seats[0].retry(ctx, "sync", "--photos", "all", "--max-time", "2m"); err != nil {
		t.Fatal(err)
	}
	stick := filepath.Join(p.Dir, "stick")
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := seats[1].run(ctx, "courier", "out", stick); err != nil {
		t.Fatal(err, out)
	}
	files, _ := filepath.Glob(filepath.Join(stick, "*"))
	if out, err := p.program(ctx, "kandili-hq", append([]string{"courier", "in", "--data", p.hqDir}, files...)...); err != nil {
		t.Fatal(err, out)
	}
	if err := seats[2].retry(ctx, "sync", "--photos", "previews", "--max-time", "2m"); err != nil {
		t.Fatal(err)
	}

	browser, err := p.signIn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	people, err := fetch(ctx, browser, p.hqURL+"/people?q="+codes[0])
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range seats[:2] {
		kept := exported(t, ctx, l, 1)
		page := regexp.MustCompile(`/c/[^"/]+/record/` + codes[i]).FindString(people)
		if i == 1 {
			page = strings.Replace(regexp.MustCompile(`/c/[^"/]+/record/[^"]+`).FindString(people), codes[0], codes[1], 1)
		}
		shown, err := fetch(ctx, browser, p.hqURL+page)
		if err != nil {
			t.Fatal(err)
		}
		src := regexp.MustCompile(`/c/[^"/]+/photo/[^"]+`).FindString(shown)
		if src == "" {
			t.Fatalf("HQ's page of %s shows no photo:\n%s", codes[i], shown)
		}
		got, err := fetch(ctx, browser, p.hqURL+src)
		if err != nil {
			t.Fatal(err)
		}
		if off := apartBy(t, kept[0], got); off > 3 {
			t.Errorf("HQ shows another picture of %s than the laptop keeps: pixels differ by %.1f", codes[i], off)
		}
	}
	for _, preview := range exported(t, ctx, seats[2], 2) {
		if len(preview) > 8<<10 {
			t.Errorf("a preview of %d bytes", len(preview))
		}
		if _, err := jpeg.Decode(strings.NewReader(preview)); err != nil {
			t.Error(err)
		}
	}
}

// apartBy is how much the grey of two pictures of the same size differs, of 255.
func apartBy(t *testing.T, a, b string) float64 {
	t.Helper()
	var pictures [2]image.Image
	for i, text := range []string{a, b} {
		img, err := jpeg.Decode(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		pictures[i] = img
	}
	r := pictures[0].Bounds()
	if r != pictures[1].Bounds() || r.Dx() < 800 {
		t.Fatalf("sizes %v and %v", r, pictures[1].Bounds())
	}
	sum, n := 0.0, 0.0
	for y := r.Min.Y; y < r.Max.Y; y += 3 {
		for x := r.Min.X; x < r.Max.X; x += 3 {
			p, q := color.GrayModel.Convert(pictures[0].At(x, y)).(color.Gray).Y, color.GrayModel.Convert(pictures[1].At(x, y)).(color.Gray).Y
			sum, n = sum+math.Abs(float64(p)-float64(q)), n+1
		}
	}
	return sum / n
}

// photographed gives the first person of a laptop a photo of three megapixels, and returns her code.
func photographed(t *testing.T, ctx context.Context, l *seat, light uint8) (code string) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 2000, 1500))
	grain := rand.New(rand.NewPCG(7, uint64(light)))
	for y := range 1500 {
		for x := range 2000 {
			n := light + uint8(grain.IntN(16))
			img.SetRGBA(x, y, color.RGBA{uint8(x/16) + n, uint8(y/12) + n, uint8((x+y)/28) + n, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	file := l.dir + ".jpg"
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := l.run(ctx, "list", "trainee")
	if err != nil {
		t.Fatal(err)
	}
	code = regexp.MustCompile(`[A-Z0-9]{3}-[0-9A-Z]{4}-[0-9A-Z*]`).FindString(out)
	if out, err = l.run(ctx, "set", code, "photo=@"+file); err != nil {
		t.Fatalf("%q of %q: %v", code, out, err)
	}
	return code
}

// exported returns the photos that a laptop gives out, as the command counts them.
func exported(t *testing.T, ctx context.Context, l *seat, want int) (files []string) {
	t.Helper()
	dir := l.dir + "-photos"
	out, err := l.run(ctx, "export", "trainee", "--photos", dir, "--out", l.dir+".csv")
	if err != nil || !strings.Contains(out, fmt.Sprintf("\n%d photos written", want)) {
		t.Fatalf("%s: want %d photos: %v %s", l.dir, want, err, out)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.jpg"))
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, string(b))
	}
	return files
}
