package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/draw"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"kandili/assets"
)

func testFonts() Fonts {
	return Fonts{Regular: assets.Font("NotoSans-Regular"), Bold: assets.Font("NotoSans-Bold"), Mono: assets.Font("NotoSansMono-Regular"),
		Arabic: assets.Font("NotoNaskhArabic-Regular"), Devanagari: assets.Font("NotoSansDevanagari-Regular")}
}

func testPress(t testing.TB) *Press {
	t.Helper()
	p, err := NewPress(testFonts())
	if err != nil {
		t.Fatal(err)
	}
	return p
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

// printed renders a document's pages at 150 dpi.
func printed(t *testing.T, p *Press, doc Document) []image.Image {
	t.Helper()
	var pdf bytes.Buffer
	if err := p.PDF(&pdf, doc); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command("pdftoppm", "-r", "150", "-gray", "-", filepath.Join(dir, "page"))
	cmd.Stdin = &pdf
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "page-*.pgm"))
	var pages []image.Image
	for _, name := range names {
		pages = append(pages, readPGM(t, name))
	}
	return pages
}

// readPGM reads the plainest of picture formats: "P5", width, height, 255, and the pixels.
func readPGM(t *testing.T, name string) image.Image {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var w, h int
	if _, err := fmt.Sscanf(string(b[:min(len(b), 40)]), "P5\n%d %d\n255\n", &w, &h); err != nil || len(b) < w*h {
		t.Fatalf("%s: %v", name, err)
	}
	return &image.Gray{Pix: b[len(b)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

func writePGM(t *testing.T, name string, g *image.Gray) {
	t.Helper()
	if err := os.WriteFile(name, append(fmt.Appendf(nil, "P5\n%d %d\n255\n", g.Rect.Dx(), g.Rect.Dy()), g.Pix...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// cutOut is a part of a page, in grey.
func cutOut(page image.Image, c Cell) *image.Gray {
	const perMM = 150 / 25.4
	r := image.Rect(int(c.X*perMM), int(c.Y*perMM), int((c.X+c.W)*perMM), int((c.Y+c.H)*perMM)).Intersect(page.Bounds())
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Bounds(), page, r.Min, draw.Src)
	return out
}

// handling is a way in which a print is held before a scanner.
type handling struct {
	name string
	make func(*image.Gray) *image.Gray
}

// handled are the ways in which a print is held before a scanner.
var handled = []handling{
	{"as printed", func(g *image.Gray) *image.Gray { return g }},
	{"turned by 5°", func(g *image.Gray) *image.Gray { return turned(g, 5) }},
	{"blurred", blurred},
	{"in grey", faded},
}

// turned rotates a picture on white paper. It works on rows of bytes: the race detector watches every access.
func turned(g *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	ow, oh := int(float64(w)*cos+float64(h)*sin)+2, int(float64(w)*sin+float64(h)*cos)+2
	out := image.NewGray(image.Rect(0, 0, ow, oh))
	in, to := g.Pix, out.Pix
	const one = 1 << 16
	sx, sy := int(sin*one), int(cos*one)
	for y := range oh {
		dx, dy := -float64(ow)/2, float64(y)-float64(oh)/2
		u, v := int((cos*dx+sin*dy+float64(w)/2-0.5)*one), int((-sin*dx+cos*dy+float64(h)/2-0.5)*one)
		row := to[y*ow : (y+1)*ow]
		for x := range row {
			x0, y0 := u>>16, v>>16
			row[x] = 255
			if x0 >= 0 && y0 >= 0 && x0+1 < w && y0+1 < h {
				at := y0*g.Stride + x0
				fx, fy := u&(one-1), v&(one-1)
				top := int(in[at])*(one-fx) + int(in[at+1])*fx
				low := int(in[at+g.Stride])*(one-fx) + int(in[at+g.Stride+1])*fx
				row[x] = uint8((top>>16*(one-fy) + low>>16*fy) >> 16)
			}
			u, v = u+sy, v-sx
		}
	}
	return out
}

// blurred is a Gaussian of one pixel.
func blurred(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	pass := func(in []byte, along, n, across, lines int) []byte {
		out := bytes.Clone(in)
		for line := range lines {
			for i := 2; i < n-2; i++ {
				at := line*across + i*along
				out[at] = uint8((14*int(in[at-2*along]) + 62*int(in[at-along]) + 104*int(in[at]) + 62*int(in[at+along]) + 14*int(in[at+2*along])) >> 8)
			}
		}
		return out
	}
	pix := make([]byte, 0, w*h)
	for y := range h {
		pix = append(pix, g.Pix[y*g.Stride:y*g.Stride+w]...)
	}
	pix = pass(pass(pix, 1, w, w, h), w, h, 1, w)
	return &image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}
}

// faded is toner that runs out, on brown paper.
func faded(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	for i, v := range g.Pix {
		out.Pix[i] = uint8(70 + int(v)*110/255)
	}
	return out
}

// wanted is a cut that holds one code.
type wanted struct {
	what string
	cut  *image.Gray
	text string
}

// readBack lets zbarimg read every cut in every way of handling, and tells what it did not read.
func readBack(t *testing.T, list []wanted) {
	t.Helper()
	for _, way := range handled {
		readIn(t, way, list)
	}
}

// readIn is readBack in one way of handling.
func readIn(t *testing.T, way handling, list []wanted) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-q", "--xml", "-Sdisable", "-Sqrcode.enable"}
	for i, w := range list {
		name := filepath.Join(dir, fmt.Sprintf("%d.pgm", i))
		writePGM(t, name, way.make(w.cut))
		args = append(args, name)
	}
	read := zbar(t, args)
	for i, w := range list {
		if got := read[fmt.Sprintf("%d.pgm", i)]; len(got) != 1 || got[0] != w.text {
			t.Errorf("%s, %s: read as %q, want %q", w.what, way.name, got, w.text)
		}
	}
}

// zbar returns the texts read in each file.
func zbar(t *testing.T, args []string) map[string][]string {
	t.Helper()
	out, err := exec.Command("zbarimg", args...).Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("zbarimg: %v", err)
	}
	var doc struct {
		Sources []struct {
			Href string   `xml:"href,attr"`
			Data []string `xml:"index>symbol>data"`
		} `xml:"source"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatalf("zbarimg said %q: %v", out, err)
	}
	read := map[string][]string{}
	for _, s := range doc.Sources {
		read[filepath.Base(s.Href)] = s.Data
	}
	return read
}
