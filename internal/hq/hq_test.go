package hq

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/sync/road"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	os.Exit(m.Run())
}

// clock is a clock that a test moves.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newOffice(t *testing.T, c *clock) (*Office, *store.Store) {
	t.Helper()
	o, err := Open(t.TempDir(), Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	s, err := o.CreateCampaign("Kajiado", "KE", 11000)
	if err != nil {
		t.Fatal(err)
	}
	return o, s
}

func code(err error) string {
	var p *fieldwork.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func TestJoin_anInviteWorksForOneLaptopAndNotForEver(t *testing.T) {
	c := &clock{time.Unix(1_800_000_000, 0)}
	o, s := newOffice(t, c)
	invite := func() road.Invite {
		t.Helper()
		inv, err := o.Invite(s, "volunteer", "https://hq.example", 7)
		if err != nil {
			t.Fatal(err)
		}
		return inv
	}
	one, two := make([]byte, 32), append(make([]byte, 31), 1)
	inv := invite()
	first, err := o.Join(s, road.Joining{Token: inv.Token, Name: "Kajiado 1", PublicKey: one})
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.Join(s, road.Joining{Token: inv.Token, Name: "Kajiado 1", PublicKey: one})
	if err != nil || again.Node != first.Node {
		t.Errorf("the same laptop, whose answer was lost: %v %v", again, err)
	}
	if err := o.prove(s.Self().Campaign, again.Node, again.Token); err != nil {
		t.Errorf("the last token must count: %v", err)
	}
	if err := o.prove(s.Self().Campaign, again.Node, first.Token); code(err) != "unknown-node" {
		t.Errorf("an older token must not: %v", err)
	}
	if _, err := o.Join(s, road.Joining{Token: inv.Token, Name: "Thief", PublicKey: two}); code(err) != "invite-used" {
		t.Errorf("another laptop: %v", err)
	}
	if _, err := o.Join(s, road.Joining{Token: []byte("made up, and long"), PublicKey: two}); code(err) != "invite-unknown" {
		t.Errorf("made up: %v", err)
	}
	late := invite()
	c.t = c.t.Add(8 * 24 * time.Hour)
	if _, err := o.Join(s, road.Joining{Token: late.Token, PublicKey: two}); code(err) != "invite-expired" {
		t.Errorf("after a week: %v", err)
	}
	c.t = c.t.Add(-8 * 24 * time.Hour)
	second, err := o.Join(s, road.Joining{Token: late.Token, PublicKey: two})
	if err != nil || second.Node == first.Node {
		t.Errorf("numbers are given once: %v %v", second, err)
	}
}

// serve starts the office's server and returns its address and a browser that keeps cookies.
func serve(t *testing.T, o *Office) (string, *http.Client) {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.Serve(ctx, ServeOptions{Listen: "127.0.0.1:0", ReadyFile: ready}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for range 200 {
		var at struct{ URL string }
		if b, err := os.ReadFile(ready); err == nil && json.Unmarshal(b, &at) == nil {
			jar, _ := cookiejar.New(nil)
			return at.URL, &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("HQ does not answer")
	return "", nil
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
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

func TestPages_nobodySeesAnythingBeforeSigningIn(t *testing.T) {
	o, _ := newOffice(t, &clock{time.Now()})
	if _, err := o.CreateAccount("lea", "officer", "a long enough password"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.CreateAccount("sponsor", "donor", "a long enough password"); err != nil {
		t.Fatal(err)
	}
	at, browser := serve(t, o)
	paths := []string{"/", "/people", "/lamps", "/laptops", "/courier", "/export/trainee"}
	for _, p := range paths {
		if _, page := get(t, browser, at+p); !strings.Contains(page, `id="password"`) {
			t.Errorf("%s without signing in: %.200s", p, page)
		}
	}
	signIn := func(name, password string) int {
		t.Helper()
		resp, err := browser.PostForm(at+"/sign-in", url.Values{"name": {name}, "password": {password}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := signIn("lea", "wrong"); got != http.StatusForbidden {
		t.Errorf("wrong password: %d", got)
	}
	if got := signIn("lea", "a long enough password"); got != http.StatusOK {
		t.Fatalf("right password: %d", got)
	}
	for _, p := range paths {
		if status, page := get(t, browser, at+p); status != http.StatusOK || strings.Contains(page, `id="password"`) {
			t.Errorf("%s after signing in: %d", p, status)
		}
	}
	if _, page := get(t, browser, at+"/people?q=nobody"); !strings.Contains(page, "Nothing found") {
		t.Error("an empty list must say what to do")
	}
	signIn("sponsor", "a long enough password")
	for _, p := range paths[1:] {
		if status, _ := get(t, browser, at+p); status != http.StatusForbidden {
			t.Errorf("a donor gets %s: %d", p, status)
		}
	}
}

func TestSignIn_guessingIsSlowedDown(t *testing.T) {
	o, _ := newOffice(t, &clock{time.Now()})
	if _, err := o.CreateAccount("lea", "officer", "a long enough password"); err != nil {
		t.Fatal(err)
	}
	at, browser := serve(t, o)
	var last int
	for range maxTries + 1 {
		resp, err := browser.PostForm(at+"/sign-in", url.Values{"name": {"lea"}, "password": {"guess"}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		last = resp.StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("after %d wrong passwords: %d", maxTries+1, last)
	}
}

func TestCommand_worksWhileHQServesAndWhileItDoesNot(t *testing.T) {
	o, _ := newOffice(t, &clock{time.Now()})
	dir := o.dir
	serve(t, o)
	r, err := Run(dir, Command{Name: "campaign list"})
	if err != nil || r.Failed != nil || !strings.Contains(r.Text, "Kajiado") {
		t.Fatalf("while serving: %+v %v", r, err)
	}
	if r, err := Run(dir, Command{Name: "export", Args: []string{"campaign"}}); err != nil || r.Failed != nil || !strings.Contains(string(r.File), "Kajiado") {
		t.Errorf("export: %+v %v", r, err)
	}
	other := t.TempDir()
	if r, err := Run(other, Command{Name: "digest"}); err != nil || r.Failed == nil || r.Failed.Code != "no-campaign" {
		t.Fatalf("a new folder: %+v %v", r, err)
	}
}
