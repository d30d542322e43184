package paper

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

func testRoster(rows int) Roster {
	r := Roster{Page: A4, Words: plainWords{}, Campaign: "Kajiado, March 2027", Title: "Assembly, first day, for all who came late the last time and all their neighbours",
		Facts: []string{"9 March 2027, 08:30–16:00", "Oldonyo Nyokie · the school", "Assembly · Wiring and soldering"}, Code: "R-KJ4-0101-030QM-X",
		Payload: "KR:KAJI:R-KJ4-0101-030QM-X:1:7QDMXKZJ3VQ5RJHA", Blank: 8}
	for i := range rows {
		code := fmt.Sprintf("KJ%d-%04d-X", i%8, i+1)
		r.Rows = append(r.Rows, RosterRow{Name: nasty[i%len(nasty)], Line: "Oldonyo Nyokie, Kajiado West, Rift Valley, Kenya", Code: code, Payload: "KP:QM:" + code + ":1:7QDMXK" + fmt.Sprintf("%02d", i%100)})
	}
	return r
}

func TestRoster_everyRowAndTheRosterAreReadBack(t *testing.T) {
	needTools(t, "pdftoppm", "zbarimg")
	press := testPress(t)
	for name, page := range map[string]Page{"A4": A4, "Letter": Letter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testRoster(20)
			r.Page = page
			pages := printed(t, press, r)
			if len(pages) < 2 {
				t.Fatalf("%d pages", len(pages))
			}
			perPage := int((page.H - rosterHead - rosterFoot) / rosterRow)
			var list []wanted
			for i, img := range pages {
				list = append(list, wanted{fmt.Sprintf("roster, page %d", i+1), cutOut(img, Cell{page.W - sheetMargin - 30, 7, 36, 35}), r.Payload})
			}
			for i := range r.Rows {
				row := r.Rows[i]
				y := rosterHead + float64(i%perPage)*rosterRow
				list = append(list, wanted{row.Name, cutOut(pages[i/perPage], Cell{sheetMargin + numColumn, y, rosterRow, rosterRow}), row.Payload})
			}
			readBack(t, list)
		})
	}
}

func TestRoster_countsItsPages(t *testing.T) {
	needTools(t, "pdftotext")
	press := testPress(t)
	for _, rows := range []int{0, 1, 13, 14, 15, 28, 40} {
		for _, blank := range []int{0, 8, 40} {
			r := testRoster(rows)
			r.Blank = blank
			text := textOf(t, press, r)
			pages := strings.Count(text, "\f")
			if want := fmt.Sprintf("%d/%d", pages, pages); !strings.Contains(text, want) {
				t.Errorf("%d rows, %d blanks: %d pages, but %q does not stand there", rows, blank, pages, want)
			}
			for i, page := range strings.Split(strings.TrimSuffix(text, "\f"), "\f") {
				if people := strings.Contains(page, fmt.Sprintf("KJ%d-%04d-X", i*14%8, i*14+1)); strings.Contains(page, "print.roster.sign") != (people || rows == 0) {
					t.Errorf("%d rows, %d blanks: page %d has boxes to tick for nobody, or people without them", rows, blank, i+1)
				}
			}
		}
	}
}

func textOf(t *testing.T, p *Press, doc Document) string {
	t.Helper()
	var pdf bytes.Buffer
	if err := p.PDF(&pdf, doc); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = &pdf
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestCertificates_areReadBack(t *testing.T) {
	needTools(t, "pdftoppm", "zbarimg")
	press := testPress(t)
	for name, page := range map[string]Page{"A4": A4, "Letter": Letter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Certificates{Page: page, Words: plainWords{}, Campaign: "Kajiado, March 2027", Partner: "Light for All", Check: "hq.example/verify"}
			for i, n := range []string{nasty[0], nasty[2], nasty[8], nasty[12], nasty[16]} {
				number := fmt.Sprintf("KJ4-05%02d-Q", i)
				c.List = append(c.List, Certificate{Number: number, Payload: "HTTPS://HQ.EXAMPLE:8437/VERIFY/" + number + "/1.7QDMXKZJ3VQ5RJHA", Name: n, Course: strings.Repeat("Solar lamps and how they are made ", 1+i),
					Done: []string{"a", "b", "c", "d", "e", "f", "g"}, Can: []string{"assemble"}, Date: "9 March 2027", Place: "Oldonyo Nyokie", Copy: i})
			}
			var list []wanted
			for i, img := range printed(t, press, c) {
				w, h := page.Turned().W, page.Turned().H
				list = append(list, wanted{c.List[i].Name, cutOut(img, Cell{w - certMargin - certSymbol - 6, h/2 - 24, certSymbol + 12, 78}), c.List[i].Payload})
			}
			readBack(t, list)
		})
	}
}

func TestTags_areReadBack(t *testing.T) {
	needTools(t, "pdftoppm", "zbarimg")
	press := testPress(t)
	for _, name := range []string{"a4-3x8", "L7651", "5160", "5164", "L7164"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, _ := FindLayout(name)
			doc := Tags{Sheet: Sheet{Layout: l, Title: "Kajiado", Words: plainWords{}}}
			for i := range l.Cells() {
				text := fmt.Sprintf("T-KJ4QM-%04d-X", i+1)
				doc.List = append(doc.List, Tag{Payload: "KL:KAJI:" + text + ":1:7QDMXKZJ3VQ5RJ" + fmt.Sprintf("%02d", i), Text: text})
			}
			pages := printed(t, press, doc)
			var list []wanted
			for i := range doc.List {
				list = append(list, wanted{doc.List[i].Text, cutOut(pages[0], l.Cells()[i]), doc.List[i].Payload})
			}
			readBack(t, list)
		})
	}
}

func TestHandOver_saysItAllAndCountsItsPages(t *testing.T) {
	needTools(t, "pdftotext")
	h := HandOver{Page: A4, Words: plainWords{}, Campaign: "Kajiado", Site: "Oldonyo Nyokie", Line: "Kajiado West", Date: "9 March 2027", Files: "lamps.csv",
		Figures:  []Figure{{"1,046", "people with light, measured, of all who live here"}, {"203", "lamps"}},
		Contacts: []Contact{{"Lemayian ole Kasaine", "village committee", "0712 345 678"}}, Care: []string{"Put the panel in the sun.", strings.Repeat("word ", 80)}}
	for i := range 90 {
		h.Lamps = append(h.Lamps, []string{fmt.Sprintf("T-KJ4-%04d-X", i), "Lantern", "home", strings.Repeat("Somebody with a long name ", i%4), "working"})
		h.People = append(h.People, []string{nasty[i%len(nasty)], "KJ4-0001-X", "Assembly, Installation"})
	}
	text := textOf(t, testPress(t), h)
	pages := strings.Count(text, "\f")
	for _, want := range []string{"0712 345 678", "T-KJ4-0000-X", "T-KJ4-0089-X", "1,046", "print.handover.noparts", fmt.Sprintf("%d/%d", pages, pages)} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not stand there", want)
		}
	}
	if empty := textOf(t, testPress(t), HandOver{Page: Letter, Words: plainWords{}, Site: "X", Figures: []Figure{{"0", "lamps"}}}); !strings.Contains(empty, "print.handover.nolamps") || !strings.Contains(empty, "print.handover.nocall") {
		t.Errorf("a village without anything:\n%s", empty)
	}
}
