package show

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kandili/assets"
)

var placeholder = regexp.MustCompile(`\{\d\}`)

// Every sentence of English is in every other language, with the same placeholders, and no language has a sentence of its own.
func TestCatalogues_sayTheSame(t *testing.T) {
	en, err := catalogue(assets.Lang(), "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Langs()[1:] {
		other, err := catalogue(assets.Lang(), l.Code)
		if err != nil {
			t.Error(err)
			continue
		}
		for k, want := range en {
			got, ok := other[k]
			if !ok || strings.TrimSpace(got) == "" {
				t.Errorf("%s lacks %q: %s", l.Code, k, want)
				continue
			}
			// One form may say "one" in words.
			if !strings.HasSuffix(k, ".one") && !slices.Equal(marks(got), marks(want)) {
				t.Errorf("%s %q: placeholders of %q differ from %q", l.Code, k, got, want)
			}
		}
		for k := range other {
			if _, ok := en[k]; !ok {
				t.Errorf("%s has %q, English has not", l.Code, k)
			}
		}
	}
}

func marks(s string) []string {
	all := placeholder.FindAllString(s, -1)
	slices.Sort(all)
	return all
}

func load(t *testing.T, lang string) *Words {
	t.Helper()
	w, err := Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestT_missingKeyShowsItself(t *testing.T) {
	if got := load(t, "en").T("none.such", 1); got != "none.such" {
		t.Errorf("got %q", got)
	}
}

func TestFill_argumentIsNotFilledAgain(t *testing.T) {
	if got := fill("{0} and {1}, {2}", []any{"{1}", 7}); got != "{1} and 7, {2}" {
		t.Errorf("got %q", got)
	}
}

func TestLoad_unknownLanguage(t *testing.T) {
	if _, err := Load("xx"); err == nil {
		t.Error("no error")
	}
}

func TestAgo_inTheLanguage(t *testing.T) {
	now := time.Date(2027, 3, 14, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		lang string
		back time.Duration
		want string
	}{
		{"en", -time.Hour, "just now"},
		{"en", time.Minute, "1 minute ago"},
		{"en", 3 * 24 * time.Hour, "3 days ago"},
		{"fr", time.Hour, "il y a 1 heure"},
		{"fil", 4 * time.Hour, "4 oras ang nakalipas"},
		{"sw", 90 * 24 * time.Hour, "miezi 3 iliyopita"},
	} {
		if got := load(t, c.lang).Ago(now, now.Add(-c.back)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestNumber_groups(t *testing.T) {
	for lang, want := range map[string]string{"en": "-1,234,567", "fr": "-1\u202f234\u202f567", "pt-BR": "-1.234.567"} {
		if got := load(t, lang).Number(-1234567); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	if got := load(t, "fr").Decimal(-0.5, 1); got != "-0,5" {
		t.Errorf("got %q", got)
	}
}

func TestDay_countsFrom1970(t *testing.T) {
	if got := load(t, "en").Day(20000); got != "4 Oct 2024" {
		t.Errorf("got %q", got)
	}
}

func TestDates_inTheLanguage(t *testing.T) {
	first, other := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC), time.Date(2027, 12, 24, 8, 0, 0, 0, time.UTC)
	for lang, want := range map[string][2]string{
		"en": {"Monday, 1 March", "24 Dec 2027"}, "fr": {"Lundi 1er mars", "24 déc. 2027"}, "pt-BR": {"Segunda-feira, 1º de março", "24 dez. 2027"},
		"sw": {"Jumatatu, 1 Machi", "24 Des 2027"}, "fil": {"Lunes, ika-1 ng Marso", "24 Dis 2027"},
	} {
		w := load(t, lang)
		if got := w.LongDay(first); got != want[0] {
			t.Errorf("%s: got %q, want %q", lang, got, want[0])
		}
		if got := w.Date(other); got != want[1] {
			t.Errorf("%s: got %q, want %q", lang, got, want[1])
		}
	}
}

// The forms that CLDR 46 gives for whole numbers.
func TestOne_isThePluralRuleOfTheLanguage(t *testing.T) {
	for lang, ones := range map[string][]int{"en": {1}, "sw": {1}, "fr": {0, 1}, "pt-BR": {0, 1}, "fil": {0, 1, 2, 3, 5, 7, 8, 10, 11, 12, 13, 15, 17, 18, 20}} {
		for n := range 21 {
			if got := one(lang, n); got != slices.Contains(ones, n) {
				t.Errorf("%s, %d: got %v", lang, n, got)
			}
		}
	}
}
