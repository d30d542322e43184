package fieldwork

import (
	"math"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"nasieku":               "nasieku",
		"Nasiéku OLE Ntutu":     "nasieku ole ntutu",
		"Aïssatou":              "aissatou",
		"Ng'ang’a":              "nganga",
		"N`Diaye":               "ndiaye",
		"João Conceição":        "joao conceicao",
		"Peña":                  "pena",
		"Łukasz Ørsted Đặng":    "lukasz orsted dang",
		"Straße ŒUVRE Æsir":     "strasse oeuvre aesir",
		"ISPARTA ılgaz İzmir":   "isparta ilgaz izmir",
		"Ŋor":                   "ngor",
		"Ɓooɓo Ɗemba Ƴero":      "boobo demba yero",
		"e\u0301":               "e", // the accent by itself
		"Olkiramatian–Magadi":   "olkiramatian-magadi",
		"KJ4-0217-X":            "kj4-0217-x",
		"two\nlines\tand\u00a0": "two lines and ",
		"ＫＪ４":                   "kj4",
		"ﬁn":                    "fin",
		"Amharic አማርኛ":          "amharic አማርኛ",
		"عائشة":                 "عائشة",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Nasiéku Ole Ng'ang’a")
	f.Add("ẞİŉ\u0300")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("%q: %q folds on to %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%q: %q is no UTF-8", s, once)
		}
	})
}

func TestSimilar_knownAnswers(t *testing.T) {
	for _, c := range []struct { // the first four are Winkler's own examples
		a, b string
		want float64
	}{
		{"MARTHA", "MARHTA", 0.9611}, {"DWAYNE", "DUANE", 0.84}, {"DIXON", "DICKSONX", 0.8133}, {"JELLYFISH", "SMELLYFISH", 0.8963},
		{"Nasiéku", "nasieku", 1}, {"", "", 1}, {"", "x", 0}, {"abc", "xyz", 0},
	} {
		if got := Similar(c.a, c.b); math.Abs(got-c.want) > 0.00005 {
			t.Errorf("%s, %s: got %.4f, want %.4f", c.a, c.b, got, c.want)
		}
		if Similar(c.a, c.b) != Similar(c.b, c.a) {
			t.Errorf("%s, %s: not the same the other way round", c.a, c.b)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Nasiéku Ole Ntutu Ng'ang’a")
	}
}
