package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
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

// handled are the ways in which a print is held before a scanner.
var handled = []struct {
	name string
	make func(*image.Gray) *image.Gray
}{
	{"as printed", func(g *image.Gray) *image.Gray { return g }},
	{"turned by 5°", func(g *image.Gray) *image.Gray { return turned(g, 5) }},
	{"blurred", blurred},
	{"in grey", faded},
}

// turned rotates a picture on white paper.
func turned(g *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	ow, oh := int(w*cos+h*sin)+2, int(w*sin+h*cos)+2
	out := image.NewGray(image.Rect(0, 0, ow, oh))
	at := func(x, y int) float64 {
		if !(image.Point{x, y}).In(g.Rect) {
			return 255
		}
		return float64(g.GrayAt(x, y).Y)
	}
	for y := range oh {
		for x := range ow {
			dx, dy := float64(x)-float64(ow)/2, float64(y)-float64(oh)/2
			sx, sy := cos*dx+sin*dy+w/2-0.5, -sin*dx+cos*dy+h/2-0.5
			x0, y0 := int(math.Floor(sx)), int(math.Floor(sy))
			fx, fy := sx-float64(x0), sy-float64(y0)
			v := (at(x0, y0)*(1-fx)+at(x0+1, y0)*fx)*(1-fy) + (at(x0, y0+1)*(1-fx)+at(x0+1, y0+1)*fx)*fy
			out.SetGray(x, y, color.Gray{uint8(v)})
		}
	}
	return out
}

// blurred is a Gaussian of one pixel.
func blurred(g *image.Gray) *image.Gray {
	kernel := [...]float64{0.0545, 0.2442, 0.4026, 0.2442, 0.0545}
	pass := func(in *image.Gray, dx, dy int) *image.Gray {
		out := image.NewGray(in.Rect)
		for y := range in.Rect.Dy() {
			for x := range in.Rect.Dx() {
				v := 0.0
				for i, k := range kernel {
					q := image.Pt(min(max(x+(i-2)*dx, 0), in.Rect.Dx()-1), min(max(y+(i-2)*dy, 0), in.Rect.Dy()-1))
					v += k * float64(in.GrayAt(q.X, q.Y).Y)
				}
				out.SetGray(x, y, color.Gray{uint8(v)})
			}
		}
		return out
	}
	return pass(pass(g, 1, 0), 0, 1)
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
	dir := t.TempDir()
	for _, way := range handled {
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
