package paper

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// nasty are names as they come, and the longest in every script.
var nasty = []string{"Nasieku Ole Ntutu", "Aïssatou Diallo-N'Diaye", "Maria da Conceição Albuquerque dos Santos Oliveira e Silva",
	"Donaudampfschifffahrtsgesellschaftskapitän Østergård", "Nguyễn Thị Thanh Hương", "Ŋaari Ñuuk", "Łukasz Żółć Đặng Şahin Ğ", "O",
	"Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww Mmmmmmmmmmmmmmmmmmmmmm",
	"Александра Константиновна Преображенская-Верещагина", "Ѓорѓи Ђорђевић Їжакевич", "m̀bɛ́lɛ̃̀ Ɔ̃́kpa",
	"محمد عبد الرحمن بن عبد الله آل الشيخ المنصوري الأنصاري", "فاطمة", "محمد (Ali) ٢", "Amina فاطمة Diallo",
	"श्रीमती लक्ष्मीनारायणसुब्रह्मण्यम कृष्णमूर्ति त्रिपाठी", "क्षत्रिय", "Sita सीता",
	"ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ"}

func testBadges(n int) []Badge {
	list := make([]Badge, n)
	for i := range list {
		code := fmt.Sprintf("KJ%d-%04d-X", i%8, i+1)
		list[i] = Badge{Payload: fmt.Sprintf("KD:KAJI:%s:1.%d:7QDMXKZJ3VQ5R%03d", code, i%3, i), Code: code, Name: nasty[i%len(nasty)],
			Line: "Oldonyo Nyokie, Kajiado West, Rift Valley", Issue: i % 3, Copy: i / 3 % 2}
	}
	return list
}

// plainWords are English enough for tests: the key itself.
type plainWords struct{}

func (plainWords) T(key string, args ...any) string {
	return key + strings.TrimRight(" "+fmt.Sprint(args...), " []")
}

// TestBadges_everyCodeOfEveryFormatIsReadBack: as printed, turned, blurred and in grey, with the longest names of every script
// beside it.
func TestBadges_everyCodeOfEveryFormatIsReadBack(t *testing.T) {
	needTools(t, "pdftoppm", "zbarimg")
	press := testPress(t)
	grids := []string{"a4:2x3:15:5", "letter:4x9:8x10:2x1", "a4:1x4", "a4:5x3"}
	all := Layouts()
	for _, name := range grids {
		l, ok := FindLayout(name)
		if !ok {
			t.Fatalf("%s is no format", name)
		}
		all = append(all, l)
	}
	for i, l := range all {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			cells := l.Cells()
			badges := testBadges(len(cells) + len(nasty))
			badges = badges[i%len(nasty):][:len(cells)] // other names beside other codes in every format
			pages := printed(t, press, Badges{Sheet: Sheet{Layout: l, Title: "Kajiado, March 2027", Words: plainWords{}}, List: badges})
			if len(pages) != 1 {
				t.Fatalf("%d pages", len(pages))
			}
			var list []wanted
			for at := range badges {
				list = append(list, wanted{badges[at].Name, cutOut(pages[0], cells[at]), badges[at].Payload})
			}
			readBack(t, list)
		})
	}
}

// TestPlace_keepsTheQuietZoneAndTheWordsOut, for every format and for labels of all shapes.
func TestPlace_keepsTheQuietZoneAndTheWordsOut(t *testing.T) {
	type size struct {
		name string
		w, h float64
	}
	var sizes []size
	for _, l := range Layouts() {
		sizes = append(sizes, size{l.Name, l.CellW, l.CellH})
	}
	for w := 33.0; w < 200; w += 7 {
		for h := 20.0; h < 200; h += 7 {
			sizes = append(sizes, size{fmt.Sprintf("%g × %g", w, h), w, h})
		}
	}
	for _, c := range sizes {
		for _, n := range []int{29, 33} {
			s := place(c.w, c.h, n, 12, largestTag)
			zone := quiet * s.module
			if s.module < 0.38 {
				t.Errorf("%s, %d modules: a module is %.2f mm", c.name, n, s.module)
			}
			const slip = 0.01
			if s.x < zone-slip || s.y < zone-slip || s.x+s.symbol+zone > c.w+slip || s.y+s.symbol+zone > c.h+slip {
				t.Errorf("%s, %d modules: the quiet zone leaves the label: %+v", c.name, n, s)
			}
			if !s.stacked && s.left < s.x+s.symbol+zone-slip || s.stacked && s.bottom > s.y-zone+slip {
				t.Errorf("%s, %d modules: words run into the quiet zone: %+v", c.name, n, s)
			}
			if s.under && (s.codeY-s.code.cap() < s.y+s.symbol+0.75*zone || s.codeY > c.h-0.5) {
				t.Errorf("%s, %d modules: the code's text is in the symbol or off the label: %+v", c.name, n, s)
			}
			if s.room < 10 || s.bottom-s.top < 12 && !s.stacked {
				t.Errorf("%s, %d modules: no room for words: %+v", c.name, n, s)
			}
		}
	}
}

func TestUnshown_tellsNamesThatWouldBeBoxes(t *testing.T) {
	got := testPress(t).Unshown(append([]string{"王小明", "አበበ", "Amina 李"}, nasty...))
	if strings.Join(got, ",") != "王小明,አበበ,Amina 李" {
		t.Errorf("%q", got)
	}
}

func TestLayouts_lieOnThePage(t *testing.T) {
	good := 0
	for _, l := range Layouts() {
		for _, c := range l.Cells() {
			if c.X < 0 || c.Y < 0 || c.X+c.W > l.Page.W+0.06 || c.Y+c.H > l.Page.H+0.06 {
				t.Errorf("%s: %+v is off the page", l.Name, c)
			}
		}
		if l.SymbolSize() >= GoodSymbol {
			good++
		}
		for _, name := range []string{l.Name, strings.ToUpper(l.Name), strings.ReplaceAll(strings.ToLower(l.Name), " ", "-")} {
			if found, ok := FindLayout(name); !ok || found != l {
				t.Errorf("%q is not found", name)
			}
		}
	}
	if len(layouts) < 10 || good < 12 {
		t.Errorf("%d formats, %d with a good code", len(layouts), good)
	}
	if l, ok := FindLayout("l7160"); !ok || l.Name != "Avery L7160" {
		t.Errorf("by its number alone: %v", l)
	}
}

func TestFindLayout_freeGrids(t *testing.T) {
	l, ok := FindLayout("letter:2x4:12x10:3x5")
	if !ok || l.Columns != 2 || l.Rows != 4 || l.Left != 12 || l.Top != 10 || l.PitchX-l.CellW != 3 || l.Page != Letter || !l.Plain {
		t.Errorf("%+v %v", l, ok)
	}
	if again, ok := FindLayout(l.Name); !ok || again != l {
		t.Errorf("by its own name: %+v %v", again, ok)
	}
	for _, bad := range []string{"", "a5:2x2", "a4:0x3", "a4:20x40", "a4:2x3:150", "a4:2x3:10:", "Avery", "a4:-1x2"} {
		if l, ok := FindLayout(bad); ok {
			t.Errorf("%q is a format: %+v", bad, l)
		}
	}
}

func TestBadges_beginOnAPartUsedSheet(t *testing.T) {
	needTools(t, "pdftotext", "pdfinfo")
	press := testPress(t)
	l, _ := FindLayout("L7165")
	var pdf bytes.Buffer
	if err := press.PDF(&pdf, Badges{Sheet{Layout: l, Start: 7, Title: "T", Words: plainWords{}}, testBadges(3)}); err != nil {
		t.Fatal(err)
	}
	raw := pdf.Bytes()
	for page, want := range map[string]string{"1": "KJ0-0001-X", "2": "KJ1-0002-X"} {
		cmd := exec.Command("pdftotext", "-f", page, "-l", page, "-", "-")
		cmd.Stdin = bytes.NewReader(raw)
		out, err := cmd.Output()
		if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "KJ0-0001-X") != (page == "1") {
			t.Errorf("page %s: %v %s", page, err, out)
		}
	}
}

func TestBadges_textStandsOnThePage(t *testing.T) {
	needTools(t, "pdftotext")
	var pdf bytes.Buffer
	badges := testBadges(12)
	if err := testPress(t).PDF(&pdf, Badges{Sheet{Layout: layouts[1], Title: "T", Words: plainWords{}}, badges}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = &pdf
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{badges[0].Code, badges[6].Code, "Nasieku", "Aïssatou", "Nguyễn", "Łukasz", "Александра", "100 mm", "№ 2"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not on the page:\n%s", want, out)
		}
	}
}

func TestPDF_sameInputSameBytes(t *testing.T) {
	press := testPress(t)
	doc := Badges{Sheet{Layout: layouts[0], Title: "T", Words: plainWords{}}, testBadges(30)}
	var a, b bytes.Buffer
	if err := press.PDF(&a, doc); err != nil {
		t.Fatal(err)
	}
	if err := press.PDF(&b, doc); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatal("two runs gave different files")
	}
}

// TestPicture_showsWhatThePDFShows: the preview's codes can be read, too.
func TestPicture_showsWhatThePDFShows(t *testing.T) {
	needTools(t, "zbarimg")
	l, _ := FindLayout("L7165")
	badges := testBadges(8)
	img, err := testPress(t).Picture(Badges{Sheet{Layout: l, Title: "T", Words: plainWords{}}, badges}, 1240)
	if err != nil {
		t.Fatal(err)
	}
	var list []wanted
	for i, c := range l.Cells() {
		list = append(list, wanted{badges[i].Name, cutOut(img, c), badges[i].Payload})
	}
	readBack(t, list[:3])
}

// The ratio is to nothing but making the 1,000 codes, in the same run.
func BenchmarkBadges1000(b *testing.B) {
	press := testPress(b)
	for name, pick := range map[string]func(int) string{
		"latin": func(i int) string { return nasty[i%9] },
		"mixed": func(i int) string { return nasty[i%(len(nasty)-1)] },
	} {
		b.Run(name, func(b *testing.B) {
			badges := testBadges(1000)
			for i := range badges {
				badges[i].Name = pick(i)
			}
			codes := time.Duration(0)
			size := 0
			for b.Loop() {
				var out bytes.Buffer
				if err := press.PDF(&out, Badges{Sheet{Layout: layouts[0], Title: "T", Words: plainWords{}}, badges}); err != nil {
					b.Fatal(err)
				}
				size = out.Len()
				b.StopTimer()
				began := time.Now()
				if _, err := encodeAll(len(badges), func(i int) string { return badges[i].Payload }, nil); err != nil {
					b.Fatal(err)
				}
				codes += time.Since(began)
				b.StartTimer()
			}
			b.ReportMetric(float64(size), "B/file")
			b.ReportMetric(b.Elapsed().Seconds()/codes.Seconds(), "ratio")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "ms/1000-badges")
		})
	}
}
