package hq

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kandili/internal/laptop"
)

// post sends a form and returns what came.
func post(t *testing.T, c *http.Client, url string, form url.Values) (int, string) {
	t.Helper()
	resp, err := c.PostForm(url, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

var codeForm = regexp.MustCompile(`id="recovery-code">([0-9A-Z-]+)<`)

// TestRecoveryPage_readsTheCodeOutToWhoTypesTheName: only on demand, with a note of who saw it, and the code opens the laptop.
func TestRecoveryPage_readsTheCodeOutToWhoTypesTheName(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	officer(t, o, at, "officer", browser)
	page := at + recoveryURL(s, 1)
	if status, got := get(t, browser, page); status != http.StatusOK || !strings.Contains(got, "HQ has no recovery code of this laptop.") {
		t.Errorf("before the first sync: %d %.900s", status, got)
	}
	synced(t, f)
	if _, got := get(t, browser, at+"/laptops"); !strings.Contains(got, `href="`+recoveryURL(s, 1)+`"`) {
		t.Errorf("the list of laptops does not lead there: %.2000s", got)
	}
	_, got := get(t, browser, page)
	wants(t, got, "Kajiado 1", "Are you sure to whom you speak?", "Type the laptop&#39;s name to confirm")
	if strings.Contains(got, "last shown") || codeForm.MatchString(got) {
		t.Errorf("opening the page shows more than a question: %s", got)
	}
	status, got := post(t, browser, page, url.Values{"name": {"Kajiado 2"}})
	if status != http.StatusBadRequest || codeForm.MatchString(got) || !strings.Contains(got, "Type Kajiado 1 to confirm.") {
		t.Errorf("another name: %d %s", status, got)
	}
	if _, got := get(t, browser, page); strings.Contains(got, "last shown") {
		t.Error("a refused try counts as shown")
	}
	status, got = post(t, browser, page, url.Values{"name": {" kajiado 1"}})
	code := codeForm.FindStringSubmatch(got)
	if status != http.StatusOK || code == nil {
		t.Fatalf("the right name: %d %s", status, got)
	}
	_, got = get(t, browser, page)
	if codeForm.MatchString(got) || !strings.Contains(got, "to officer.") {
		t.Errorf("afterwards: %s", got)
	}
	dir := f.Dir
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	g, err := laptop.Recover(dir, code[1], []byte("four new words here"))
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
}

func TestRecoveryPage_isForOfficersAndSaysThatALaptopWasRevoked(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	synced(t, f)
	page := at + recoveryURL(s, 1)
	for _, role := range []string{"viewer", "donor"} {
		officer(t, o, at, role, browser)
		status, got := post(t, browser, page, url.Values{"name": {"Kajiado 1"}})
		if status != http.StatusForbidden || codeForm.MatchString(got) {
			t.Errorf("a %s: %d %s", role, status, got)
		}
		if _, got := get(t, browser, at+"/laptops"); strings.Contains(got, "recovery") {
			t.Errorf("a %s is led there", role)
		}
	}
	officer(t, o, at, "admin", browser)
	for _, path := range []string{recoveryURL(s, 99), recoveryURL(s, 0), "/c/0011223344556677/laptop/1/recovery", "/c/x/laptop/y/recovery"} {
		if status, got := post(t, browser, at+path, url.Values{"name": {"Kajiado 1"}}); status != http.StatusNotFound || !strings.Contains(got, "HQ has no such laptop.") {
			t.Errorf("%s: %d %.400s", path, status, got)
		}
	}
	if r := o.Do(Command{Name: "revoke", Args: []string{"Kajiado 1"}}); r.Failed != nil {
		t.Fatal(r.Failed)
	}
	if _, got := get(t, browser, page); !strings.Contains(got, "This laptop was revoked on ") {
		t.Errorf("revoked: %s", got)
	}
}
