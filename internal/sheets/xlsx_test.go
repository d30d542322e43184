package sheets

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kandili/internal/fieldwork"
)

// book makes a workbook; fill gets it with one sheet named Sheet1.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// set puts values into a row from column A on; nil leaves a cell alone.
func set(t testing.TB, f *excelize.File, row int, values ...any) {
	t.Helper()
	for i, v := range values {
		if v == nil {
			continue
		}
		cell, _ := excelize.CoordinatesToCellName(i+1, row)
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
}

func format(t testing.TB, f *excelize.File, cell, code string) {
	t.Helper()
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
		t.Fatal(err)
	}
}

func problem(err error) string {
	var p *fieldwork.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return fmt.Sprint(err)
}

func TestRead_aWorkbookGivesWhatTheSameCSVGives(t *testing.T) {
	csv := "Given name,family_name,birth_year\nAmina,Sow,1990\nAïssatou,,1985\n"
	want, err := Read(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(book(t, func(f *excelize.File) {
		set(t, f, 1, "Given name", "family_name", "birth_year")
		set(t, f, 2, "Amina", "Sow", 1990)
		set(t, f, 3, "Aïssatou", nil, 1985)
	})))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRead_oddCellsComeAsTextThatImportReads(t *testing.T) {
	noon := time.Date(2027, 3, 14, 12, 30, 0, 0, time.UTC)
	b := book(t, func(f *excelize.File) {
		set(t, f, 1, "what", "value")
		day := time.Date(2027, 3, 14, 0, 0, 0, 0, time.UTC)
		cells := []struct {
			what, code string
			value      any
		}{
			{"number", "", 1234.5678},
			{"number shown rounded", "#,##0.0", 1234.5678},
			{"large", "", 254712345678},
			{"with zeros", "0000000000", 712345678},
			{"percent", "0%", 0.35},
			{"yes", "", true},
			{"no", "", false},
			{"date of the program", "", day},
			{"date, day first", "dd/mm/yy", day},
			{"date, month first", "[$-409]m/d/yyyy;@", day},
			{"date in words", `dddd, d" of "mmmm yyyy`, day},
			{"moment", "d.m.yy hh:mm", noon},
			{"moment at midnight", "d.m.yy hh:mm", day},
			{"clock", "h:mm AM/PM", 0.75},
			{"duration", "[h]:mm", 1.5},
			{"number with a word", `0.0" days"`, 2.5},
			{"red number", `[Red]0.00`, 2.25},
			{"text that looks like a formula", "", "=1+1"},
			{"text with lines", "", "one\ntwo"},
			{"error", "", nil},
		}
		for i, c := range cells {
			set(t, f, i+2, c.what, c.value)
			if c.code != "" {
				format(t, f, fmt.Sprintf("B%d", i+2), c.code)
			}
		}
		n := len(cells) + 2
		set(t, f, n, "formula")
		if err := f.SetCellFormula("Sheet1", fmt.Sprintf("B%d", n), "20+22"); err != nil {
			t.Fatal(err)
		}
	})
	b = edited(t, b, "xl/worksheets/sheet1.xml", "<f>20+22</f>", "<f>20+22</f><v>42</v>") // as a spreadsheet program saves it
	b = edited(t, b, "xl/worksheets/sheet1.xml", "</c></row><row r=\"22\"", "</c><c r=\"B21\" t=\"e\"><v>#N/A</v></c></row><row r=\"22\"")
	table, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range table.Rows {
		row = append(row, "")
		got[row[0]] = row[1]
	}
	want := map[string]string{"number": "1234.5678", "number shown rounded": "1234.5678", "large": "254712345678", "with zeros": "0712345678", "percent": "35%",
		"yes": "TRUE", "no": "FALSE", "date of the program": "2027-03-14", "date, day first": "2027-03-14", "date, month first": "2027-03-14",
		"date in words": "2027-03-14", "moment": "2027-03-14 12:30:00", "moment at midnight": "2027-03-14", "clock": "18:00:00", "duration": "1.5",
		"number with a word": "2.5", "red number": "2.25", "text that looks like a formula": "=1+1", "text with lines": "one\ntwo", "error": "#N/A", "formula": "42"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRead_datesOfTheOtherCalendar(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, 1, "date", "of")
		set(t, f, 2, 44998, "1904")
		format(t, f, "A2", "dd/mm/yyyy")
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
	})
	table, err := Read(bytes.NewReader(b))
	if err != nil || table.Rows[0][0] != "2027-03-14" {
		t.Errorf("got %v %v, want 2027-03-14: old Macs count from 1904", table.Rows, err)
	}
}

func TestRead_titlesMergedHeadsAndEmptyRows(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, 2, "Trainees of Kajiado, March 2027")
		set(t, f, 4, "Site", "Name", nil, "Phone", nil)
		set(t, f, 5, nil, "Given name", "Family name")
		set(t, f, 7, "Entasopia", "Amina", "Sow", "0712", "0799")
		set(t, f, 9, "Entasopia", "Deka")
		for _, m := range [][2]string{{"A2", "E2"}, {"A4", "A5"}, {"B4", "C4"}, {"D4", "D5"}} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		format(t, f, "XFD8", "0.00") // people format whole rows
	})
	got, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	want := Table{Heads: []string{"site", "given_name", "family_name", "phone", "column_e"},
		Rows: [][]string{{"Entasopia", "Amina", "Sow", "0712", "0799"}, {"Entasopia", "Deka"}}, Lines: []int{7, 9}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReadSheet_theFirstThatIsVisibleOrTheOneThatIsNamed(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, 1, "hidden")
		for _, s := range []string{"People", "Lamps"} {
			f.NewSheet(s)
			f.SetCellValue(s, "A1", s)
		}
		f.SetActiveSheet(2)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			t.Fatal(err)
		}
	})
	for name, want := range map[string]string{"": "people", "lamps": "lamps", "Sheet1": "hidden"} {
		if got, err := ReadSheet(bytes.NewReader(b), name); err != nil || got.Heads[0] != want {
			t.Errorf("sheet %q: %v %v", name, got, err)
		}
	}
	if _, err := ReadSheet(bytes.NewReader(b), "Visits"); problem(err) != "unknown-sheet" || !strings.Contains(fieldwork.Hint(err), "Lamps") {
		t.Errorf("a sheet that is not there: %v", err)
	}
	if _, err := ReadSheet(strings.NewReader("a,b\n"), "Visits"); problem(err) != "no-workbook" {
		t.Errorf("a sheet of a CSV file: %v", err)
	}
}

// edited is the workbook with one text of a part replaced, or, with no text, with the whole part replaced.
func edited(t testing.TB, b []byte, part, old, by string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name == part {
			if !bytes.Contains(text, []byte(old)) {
				t.Fatalf("%s holds no %s: %s", part, old, text)
			}
			text = bytes.Replace(text, []byte(old), []byte(by), 1)
			if old == "" {
				text = []byte(by)
			}
		}
		m, err := w.Create(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		m.Write(text)
	}
	w.Close()
	return out.Bytes()
}

const sheet1 = "xl/worksheets/sheet1.xml"

func TestRead_whateverIsWrongWithAWorkbookIsSaidInASentence(t *testing.T) {
	good := book(t, func(f *excelize.File) {
		set(t, f, 1, "given_name", "birth_year")
		set(t, f, 2, "Amina", 1990)
	})
	flipped := bytes.Clone(good)
	for i := len(good) / 3; i < len(good)/3+64; i++ {
		flipped[i] ^= 0x55
	}
	open := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"cut in half":              {good[:len(good)/2], "bad-xlsx"},
		"bytes flipped":            {flipped, "bad-xlsx"},
		"another kind of zip":      {withParts(t, nil, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "bad-xlsx"},
		"sheet cut":                {edited(t, good, sheet1, "</sheetData></worksheet>", ""), "bad-xlsx"},
		"old or locked":            {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), "locked-workbook"},
		"empty":                    {edited(t, good, sheet1, "", open+`</sheetData></worksheet>`), "empty-table"},
		"formula without a result": {edited(t, good, sheet1, "", open+`<row r="1"><c r="A1"><f>1+1</f></c></row></sheetData></worksheet>`), "no-result"},
		"no such shared text":      {edited(t, good, sheet1, "", open+`<row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>`), "bad-xlsx"},
		"far to the right":         {edited(t, good, sheet1, "", open+`<row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>`), "too-wide"},
	} {
		table, err := Read(bytes.NewReader(c.file))
		if problem(err) != c.want {
			t.Errorf("%s: %v, %v, want %s", name, table, err, c.want)
		}
	}
}

func TestRead_bombsAreRefusedWithLittleMemory(t *testing.T) {
	good := book(t, func(f *excelize.File) { set(t, f, 1, "given_name") })
	open, end := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	wide := `<row><c r="ALK1"><v>1</v></c></row>` // column 999: each row asks for 998 blank cells
	shared := `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>` + strings.Repeat("x", 32<<10) + `</t></si></sst>`
	for name, file := range map[string][]byte{
		"says how large it is": declaring(t, good, maxUnzipped+1),
		"blank cells":          edited(t, good, sheet1, "", open+strings.Repeat(wide, 10_000)+end),
		"many tags":            edited(t, good, "docProps/app.xml", "", strings.Repeat(strings.Repeat("<si/>", 100), maxTags/100+1)),
		"repeated text": withParts(t, edited(t, good, sheet1, "", open+strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 10_000)+end),
			map[string]string{"xl/sharedStrings.xml": shared}),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(bytes.NewReader(file))
		runtime.ReadMemStats(&after)
		used := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%s: a file of %d KiB, %d MiB allocated in all", name, len(file)>>10, used)
		if problem(err) != "too-large" || used > 160 {
			t.Errorf("%s: %v, %d MiB", name, err, used)
		}
	}
	if _, err := Read(bytes.NewReader(declaring(t, good, 10))); problem(err) != "bad-xlsx" {
		t.Errorf("a part that is larger than it says: %v", err)
	}
}

// withParts is the workbook with parts added, or put in the place of those that it has.
func withParts(t testing.TB, b []byte, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if b != nil {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range z.File {
			if _, replaced := parts[p.Name]; replaced {
				continue
			}
			if err := w.Copy(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range parts {
		m, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(m, text)
	}
	w.Close()
	return out.Bytes()
}

// declaring is the workbook with a first sheet that says it is so large, whatever it is.
func declaring(t testing.TB, b []byte, size uint64) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, p := range z.File {
		h := p.FileHeader
		if p.Name == sheet1 {
			h.UncompressedSize64 = size
		}
		r, err := p.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		m, err := w.CreateRaw(&h)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(m, r)
	}
	w.Close()
	return out.Bytes()
}

func TestWriteXLSX_comesBackAsItWas(t *testing.T) {
	columns := []Column{{"code", AsText}, {"phone", AsText}, {"birth_year", AsNumber}, {"score", AsNumber}, {"date", AsDate}, {"time", AsTime}}
	rows := [][]string{
		{"KJ4-0217-X", "0712345678", "1990", "12.5", "2027-03-14", "2027-03-14T08:41:00Z"},
		{"=1+1", "+254 712", "about 1990", "0012", "14 March", ""},
		{"", "", "12345678901234567890", "", "1850-01-01", ""},
	}
	var b bytes.Buffer
	if err := WriteXLSX(&b, "trainee", columns, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	got, err := ReadSheet(&b, "trainee")
	if err != nil {
		t.Fatal(err)
	}
	want := Table{Heads: []string{"code", "phone", "birth_year", "score", "date", "time"}, Lines: []int{2, 3, 4}, Rows: [][]string{
		{"KJ4-0217-X", "0712345678", "1990", "12.5", "2027-03-14", "2027-03-14 08:41:00"}, rows[1][:5], rows[2][:5]}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestXLSX_leavesNobodysNameInATemporaryFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	note := strings.Repeat("Nasieku ", 2000)
	look := func(when string) {
		t.Helper()
		if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
			t.Errorf("%s: %v %v", when, left, err)
		}
	}
	var b bytes.Buffer
	err := WriteXLSX(&b, "trainee", []Column{{Head: "note"}}, func(yield func([]string) bool) {
		for range 1200 { // 19 MB: more than the library keeps in memory by itself
			yield([]string{note})
		}
		look("while writing")
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Read(&b); err != nil || len(got.Rows) != 1200 || got.Rows[1199][0] != note {
		t.Errorf("%d rows, %v", len(got.Rows), err)
	}
	look("after reading")
}

// FuzzReadXLSX puts bytes in the place of a sheet: the zip around it has checksums, which no random byte passes.
func FuzzReadXLSX(f *testing.F) {
	good := book(f, func(x *excelize.File) { set(f, x, 1, "given_name", 1.5, true) })
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c s="1"><f>A1</f><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := Read(bytes.NewReader(withParts(t, good, map[string]string{sheet1: string(b)})))
		if err == nil && len(table.Rows) != len(table.Lines) {
			t.Fatal("every row has its line")
		}
		if p := (*fieldwork.Problem)(nil); err != nil && !errors.As(err, &p) {
			t.Fatalf("no sentence for a person: %v", err)
		}
	})
}
