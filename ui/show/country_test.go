package show

import "testing"

func TestCountry_inEveryLanguage(t *testing.T) {
	want := map[string]string{"en": "Brazil", "fr": "Brésil", "pt-BR": "Brasil", "sw": "Brazil", "fil": "Brazil"}
	for _, l := range Langs() {
		w, err := Load(l.Code)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Country("BR"); got != want[l.Code] {
			t.Errorf("%s: %q", l.Code, got)
		}
		for _, none := range []string{"", "XX", "Kenya"} {
			if got := w.Country(none); got != none {
				t.Errorf("%s: %q is called %q", l.Code, none, got)
			}
		}
	}
}
