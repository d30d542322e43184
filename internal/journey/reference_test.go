//go:build journey

package journey

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crypto/tls"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/practice"
)

// program returns the path of one of the built programs.
func program(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("KANDILI_BUILD")
	if dir == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	return filepath.Join(dir, name)
}

// runProgram runs a program to its end and returns what it printed on standard output.
func runProgram(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := tryProgram(t, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

func tryProgram(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program(t, name), args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%w: %s%s", err, out.String(), errs.String())
	}
	return out.String(), nil
}

// office is an HQ that serves.
type office struct {
	dir, url, pages string
}

// startHQ makes an HQ with one campaign and one account, and serves it until the test ends.
func startHQ(t *testing.T, dir string) office {
	t.Helper()
	o := office{dir: filepath.Join(dir, "hq")}
	ready := filepath.Join(dir, "ready.json")
	runProgram(t, "kandili-hq", "campaign", "create", "Reference programme", "--country", "KE", "--data", o.dir)
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte("a long enough password\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	runProgram(t, "kandili-hq", "account", "create", "officer", "--role", "officer", "--password-file", password, "--data", o.dir)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program(t, "kandili-hq"), "serve", "--data", o.dir, "--listen", "127.0.0.1:0", "--ready-file", ready)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		cmd.Wait()
		if t.Failed() {
			t.Logf("HQ said: %s", log.String())
		}
	})
	for range 300 {
		b, err := os.ReadFile(ready)
		var at struct{ URL, Pages string }
		if err == nil && json.Unmarshal(b, &at) == nil && at.URL != "" {
			o.url, o.pages = at.URL, at.Pages
			return o
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("HQ did not answer within 30 seconds")
	return o
}

// laptop is a data folder that is used through kandilictl.
type laptop struct {
	t         *testing.T
	dir, pass string
}

func newLaptop(t *testing.T, dir, name string) laptop {
	t.Helper()
	l := laptop{t: t, dir: filepath.Join(dir, name), pass: filepath.Join(dir, name+".pass")}
	if err := os.WriteFile(l.pass, []byte("four words are good\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.run("init", "--name", name)
	return l
}

func (l laptop) args(args []string) []string {
	return append(args, "--data", l.dir, "--passphrase-file", l.pass)
}

func (l laptop) run(args ...string) string {
	l.t.Helper()
	return runProgram(l.t, "kandilictl", l.args(args)...)
}

// sync syncs until it ends well; the road may be very bad.
func (l laptop) sync() {
	l.t.Helper()
	var last error
	for range 60 {
		if _, last = tryProgram(l.t, "kandilictl", l.args([]string{"sync", "--max-time", "2m"})...); last == nil {
			return
		}
	}
	l.t.Errorf("%s does not get synced: %v", l.dir, last)
}

// signIn returns a browser's session without a browser.
func (o office) signIn(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	resp, err := c.PostForm(strings.TrimRight(o.pages, "/")+"/sign-in", url.Values{"name": {"officer"}, "password": {"a long enough password"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return c
}

func (o office) page(t *testing.T, c *http.Client, path string) string {
	t.Helper()
	resp, err := c.Get(strings.TrimRight(o.pages, "/") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("page %s: %d %v", path, resp.StatusCode, err)
	}
	return string(b)
}

// TestReferenceProgramme: four countries, two laptops each, one HQ, roads that break after every few kilobytes.
func TestReferenceProgramme(t *testing.T) {
	dir := t.TempDir()
	hq := startHQ(t, dir)
	programme := practice.Generate(practice.Options{Seed: 1, Start: time.Now().Unix()/86400 - 60, Scale: 1000})
	var laptops []laptop
	var rows [][]practice.Row
	for _, c := range programme.Countries {
		for i, r := range c.Laptops {
			road := cutter(t, strings.TrimPrefix(hq.url, "https://"), 1<<10, 64<<10)
			name := fmt.Sprintf("%s %d", c.Code, i+1)
			invite := filepath.Join(dir, name+".txt")
			runProgram(t, "kandili-hq", "invite", "--data", hq.dir, "--role", "volunteer", "--url", road, "--out", invite)
			l := newLaptop(t, dir, name)
			joinThrough(t, l, invite)
			laptops, rows = append(laptops, l), append(rows, r)
		}
	}
	var wg sync.WaitGroup
	for i := range laptops {
		wg.Add(1)
		go func() {
			defer wg.Done()
			laptops[i].enter(dir, rows[i])
			laptops[i].sync()
		}()
	}
	wg.Wait()
	for range 2 { // whoever was first lacks what came later
		for _, l := range laptops {
			l.sync()
		}
	}
	want := strings.Fields(runProgram(t, "kandili-hq", "digest", "--data", hq.dir))[0]
	for _, l := range laptops {
		if got := strings.Fields(l.run("digest"))[0]; got != want {
			t.Errorf("%s has digest %s, HQ has %s", l.dir, got, want)
		}
	}
	page := hq.page(t, hq.signIn(t), "/")
	if !strings.Contains(page, `id="people-lit">11,000<`) {
		t.Errorf("HQ's overview does not say 11,000 people lit:\n%s", page)
	}
	if out := laptops[0].run("verify"); !strings.Contains(out, "records read") {
		t.Errorf("verify: %s", out)
	}
}

// joinThrough joins by a road that may break at any time. An invite works once: if the answer was lost on the way, HQ
// knows the laptop's key and gives the same answer again.
func joinThrough(t *testing.T, l laptop, invite string) {
	t.Helper()
	var err error
	for range 40 {
		if _, err = tryProgram(t, "kandilictl", l.args([]string{"join", invite})...); err == nil {
			return
		}
	}
	t.Fatalf("join: %v", err)
}

// enter imports a laptop's rows, kind after kind, as files.
func (l laptop) enter(dir string, rows []practice.Row) {
	byKind := map[fieldwork.Kind][]practice.Row{}
	for _, r := range rows {
		byKind[r.Kind] = append(byKind[r.Kind], r)
	}
	for _, k := range practice.Kinds(rows) {
		file := l.dir + "-" + k.String() + ".csv"
		f, err := os.Create(file)
		if err == nil {
			err = practice.WriteCSV(f, byKind[k])
			if e := f.Close(); err == nil {
				err = e
			}
		}
		if err != nil {
			l.t.Error(err)
			return
		}
		out, err := tryProgram(l.t, "kandilictl", l.args([]string{"import", k.String(), file})...)
		var res struct {
			Read, Added int
			Refused     []struct{ Field, Why string }
		}
		if err == nil {
			err = json.Unmarshal([]byte(out), &res)
		}
		if err != nil || res.Added != len(byKind[k]) || len(res.Refused) > 0 {
			l.t.Errorf("import of %v: %d of %d rows, %v %.500s", k, res.Added, len(byKind[k]), err, out)
			return
		}
	}
}
