package hq

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/ui/show"
)

// in asks for a page with a browser's language.
func in(t *testing.T, c *http.Client, lang, url string) string {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lang != "" {
		r.Header.Set("Accept-Language", lang)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// shownText is what a person reads of a page, without its language's own names in the choice at its end.
var (
	tags     = regexp.MustCompile(`(?s)<head>.*?</head>|<footer>.*?</footer>|<code>.*?</code>|<[^>]*>`)
	keyForm  = regexp.MustCompile(`\b(hq|nav|kind|option|marks|today)\.[a-z]`)
	unfilled = regexp.MustCompile(`\{[0-9]\}`)
)

// english are words that no page in another language may have.
var english = regexp.MustCompile(`\b(the|Laptop|Overview|People lit|Name|Password|Nothing|Household|visited|registered|shown|belongs|Decide|Another)\b`)

// TestPages_speakTheReadersLanguage: signing in, the overview, lists, laptops, the recovery code and conflicts, in all five.
func TestPages_speakTheReadersLanguage(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	a, b := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")
	person := added(t, a, "trainee", laptop.Cells{"given_name": "Nasieku", "gender": "female"})
	added(t, a, "lamp", laptop.Cells{"tag_code": "T-1", "status": "in_store"})
	added(t, b, "lamp", laptop.Cells{"tag_code": "T-1"})
	synced(t, a, b, a)
	for f, gender := range map[*laptop.Folder]string{a: "male", b: "other"} {
		if _, err := f.Set(fieldwork.CodeOf(person.ID), laptop.Cells{"gender": gender}); err != nil {
			t.Fatal(err)
		}
	}
	synced(t, a, b)
	pages := []string{"/sign-in", "/", "/people", "/people?q=xyz", "/lamps", "/laptops", recoveryURL(s, 1), "/review", "/review?receipt=KJ4-1", "/review/conflicts"}
	for _, l := range show.Langs() {
		if got := in(t, browser, l.Code, at+"/"); !strings.Contains(got, `<html lang="`+l.Code+`"`) || !strings.Contains(got, `id="password"`) {
			t.Errorf("before signing in, %s: %.300s", l.Code, got)
		}
	}
	officer(t, o, at, "officer", browser)
	for _, l := range show.Langs() {
		words, err := show.Load(l.Code)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			got := in(t, browser, l.Code+";q=0.9, en;q=0.1", at+page)
			text := tags.ReplaceAllString(got, " ")
			if !strings.Contains(got, `<html lang="`+l.Code+`"`) || strings.Contains(got, `<main lang="en"`) {
				t.Errorf("%s in %s says that it is in another language", page, l.Code)
			}
			if key := keyForm.FindString(text); key != "" || unfilled.MatchString(text) {
				t.Errorf("%s in %s has a key or a gap (%s): %s", page, l.Code, key, text)
			}
			if found := english.FindString(text); found != "" && l.Code != "en" && !(l.Code == "fil" && found == "Laptop") && !(l.Code == "fil" && found == "Password") {
				t.Errorf("%s in %s says %q: %s", page, l.Code, found, strings.Join(strings.Fields(text), " "))
			}
		}
		if n, want := optionNames(words, fieldwork.SpecOf(fieldwork.KindLamp).Field(fieldwork.LampStatus), words.Option(fieldwork.SpecOf(fieldwork.KindLamp).Field(fieldwork.LampStatus), fieldwork.LampInStore)+"; under repair"), "in_store;under_repair"; n != want {
			t.Errorf("typed in %s: %s, want %s", l.Code, n, want)
		}
		f := fieldwork.SpecOf(fieldwork.KindTrainee).Field(fieldwork.TraineeGender)
		wants(t, in(t, browser, l.Code, at+"/review/conflicts"), words.Label(fieldwork.SpecOf(fieldwork.KindTrainee), f), words.Option(f, fieldwork.GenderMale), words.T("hq.conflicts.decide"))
	}
}

func TestLanguage_isChosenKeptAndLeadsNowhereElse(t *testing.T) {
	o, _ := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	choose := func(lang, back string) string {
		t.Helper()
		var to string
		once := *browser
		once.CheckRedirect = func(r *http.Request, _ []*http.Request) error { to = r.URL.String(); return http.ErrUseLastResponse }
		resp, err := once.PostForm(at+"/language", url.Values{"lang": {lang}, "back": {back}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return strings.TrimPrefix(to, at)
	}
	if to := choose("sw", "/sign-in"); to != "/sign-in" {
		t.Errorf("back to %q", to)
	}
	if got := in(t, browser, "fr", at+"/sign-in"); !strings.Contains(got, `<html lang="sw"`) || !strings.Contains(got, "Nenosiri") || !strings.Contains(got, `value="sw" lang="sw" aria-current="true"`) {
		t.Errorf("the choice does not overrule the browser: %.600s", got)
	}
	if choose("xx", "/"); !strings.Contains(in(t, browser, "fr", at+"/sign-in"), `<html lang="sw"`) {
		t.Error("a language that HQ does not have takes the chosen one away")
	}
	for _, back := range []string{"https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x=1"} {
		if to := choose("en", back); to != "/" {
			t.Errorf("back=%q leads to %q", back, to)
		}
	}
	for accept, want := range map[string]string{"": "en", "de": "en", "pt": "pt-BR", "pt-PT,fr": "pt-BR", "tl-PH": "fil", "sw-KE,en": "sw", "xx, fr-SN;q=0.8": "fr", ";;,,": "en"} {
		if got := langFor(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}
