package sheets

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead_tablesAsPeopleSaveThem(t *testing.T) {
	for name, text := range map[string]string{
		"commas":     "given_name,family name\nAmina,Sow\n",
		"semicolons": "\ufeffgiven_name;Family Name\r\nAmina;Sow\r\n",
		"tabs":       "given_name\tfamily_name\nAmina\tSow",
		"json lines": `{"given_name":"Amina"}` + "\n" + `{"family_name":"Sow"}`,
	} {
		got, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d := cmp.Diff(got.Heads, []string{"given_name", "family_name"}); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	got, err := Read(bytes.NewReader([]byte("name\nA\xefssatou\n")))
	if err != nil || got.Rows[0][0] != "Aïssatou" {
		t.Errorf("Windows-1252: %v %v", got, err)
	}
}

func TestWriteCSV_noCellIsAFormula(t *testing.T) {
	bad := []string{"=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "＝1", "\r=1"}
	var b bytes.Buffer
	rows := func(yield func([]string) bool) {
		for _, c := range append(bad, "+254 712 345678", "-1.95") {
			if !yield([]string{c}) {
				return
			}
		}
	}
	if err := WriteCSV(&b, []string{"x"}, rows); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range bad {
		cell := got.Rows[i][0]
		if !strings.HasPrefix(cell, "'") || strings.ReplaceAll(Plain(cell), "\n", "") != strings.ReplaceAll(c, "\n", "") && c != "\r=1" {
			t.Errorf("%q became %q", c, cell)
		}
	}
	if got.Rows[len(bad)][0] != "+254 712 345678" || got.Rows[len(bad)+1][0] != "-1.95" {
		t.Errorf("numbers changed: %v", got.Rows[len(bad):])
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte(`{"a":[1,{"b":2}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := Read(bytes.NewReader(b))
		if err == nil && len(table.Rows) != len(table.Lines) {
			t.Fatal("every row has its line")
		}
	})
}
