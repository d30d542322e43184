package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kandili/assets"
)

func testFonts() Fonts {
	return Fonts{Regular: assets.Font("NotoSans-Regular"), Bold: assets.Font("NotoSans-Bold"), Mono: assets.Font("NotoSansMono-Regular")}
}

var nasty = []string{"Nasieku Ole Ntutu", "Aïssatou Diallo-N'Diaye", "Maria da Conceição Albuquerque dos Santos Oliveira e Silva",
	"Donaudampfschifffahrtsgesellschaftskapitän Østergård", "Nguyễn Thị Thanh Hương", "Ŋaari Ñuuk", "Łukasz Żółć Đặng Şahin Ğ", "O", "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww Mmmmmmmmmmmmmmmmmmmmmm"}

func testBadges(n int) []Badge {
	list := make([]Badge, n)
	for i := range list {
		code := fmt.Sprintf("KJ%d-%04d-X", i%8, i+1)
		list[i] = Badge{Payload: fmt.Sprintf("KD:KAJI:%s:1.%d:7QDMXKZJ3VQ5R%03d", code, i%3, i), Code: code, Name: nasty[i%len(nasty)],
			Line: "Oldonyo Nyokie, Kajiado West, Rift Valley", Reprint: i % 3}
	}
	return list
}

func needTools(t *testing.T, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is missing; the set-up installs it", n)
			}
			t.Skipf("%s is missing: run “make test”, which installs it", n)
		}
	}
}

// TestBadges_everyCodeIsReadBackFromThePrintedPage renders the pages at 150 dpi, cuts every badge out and lets a real
// decoder read it.
func TestBadges_everyCodeIsReadBackFromThePrintedPage(t *testing.T) {
	needTools(t, "pdftoppm", "zbarimg")
	dir := t.TempDir()
	badges := testBadges(200)
	var pdf bytes.Buffer
	if err := Badges(&pdf, Sheet{Layout: layouts[0], Title: "Kajiado, March 2027", Fonts: testFonts()}, badges); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "sheet.pdf")
	if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", file, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pages, _ := filepath.Glob(filepath.Join(dir, "page-*.png"))
	var cuts []string
	for n, name := range pages {
		img := readPNG(t, name)
		for i, c := range layouts[0].Cells() {
			if at := n*len(layouts[0].Cells()) + i; at < len(badges) {
				cuts = append(cuts, writeCut(t, dir, at, img, c))
			}
		}
	}
	if len(cuts) != len(badges) {
		t.Fatalf("%d badges on the pages, want %d", len(cuts), len(badges))
	}
	for i, cut := range cuts {
		out, err := exec.Command("zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", cut).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != badges[i].Payload {
			t.Errorf("badge %d is read as %q (%v), want %q", i, got, err, badges[i].Payload)
		}
	}
}

func readPNG(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func writeCut(t *testing.T, dir string, i int, img image.Image, c Cell) string {
	t.Helper()
	const perMM = 150 / 25.4
	r := image.Rect(int(c.X*perMM), int(c.Y*perMM), int((c.X+c.W)*perMM), int((c.Y+c.H)*perMM))
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Bounds(), img, r.Min, draw.Src)
	name := filepath.Join(dir, fmt.Sprintf("cut-%03d.png", i))
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, out); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestBadges_textStandsOnThePage(t *testing.T) {
	needTools(t, "pdftotext")
	var pdf bytes.Buffer
	badges := testBadges(7)
	if err := Badges(&pdf, Sheet{Layout: layouts[0], Title: "T", Fonts: testFonts()}, badges); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = &pdf
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{badges[0].Code, badges[6].Code, "Nasieku", "Aïssatou", "Nguyễn", "Łukasz", "100 mm"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not on the page:\n%s", want, out)
		}
	}
}

func TestBadges_sameInputSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	sheet := Sheet{Layout: layouts[0], Title: "T", Fonts: testFonts()}
	if err := Badges(&a, sheet, testBadges(30)); err != nil {
		t.Fatal(err)
	}
	if err := Badges(&b, sheet, testBadges(30)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatal("two runs gave different files")
	}
}

func BenchmarkBadges1000(b *testing.B) {
	badges := testBadges(1000)
	for b.Loop() {
		var out bytes.Buffer
		if err := Badges(&out, Sheet{Layout: layouts[0], Title: "T", Fonts: testFonts()}, badges); err != nil {
			b.Fatal(err)
		}
	}
}
