package journey

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"kandili/assets"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/practice"
)

// Play is one run of the reference programme: four countries, two laptops each, one HQ, roads that break after every
// few kilobytes. Everything is real: programs, files, TLS over loopback.
type Play struct {
	Programs string               // folder of the built programs
	Dir      string               // where data folders and pictures go
	Seed     uint64               // of the programme
	Say      func(string, ...any) // told what happens
	hqURL    string
	hqDir    string
}

// Outcome is what a run ended with.
type Outcome struct {
	HQ      string   // HQ's digest
	Laptops []string // the laptops' digests, in the order in which they were made
	Page    string   // HQ's overview as a browser gets it
	Style   string   // its style sheet
	Verify  string   // what verifying the first laptop said
}

// program runs one of the programs to its end and returns what it printed on standard output.
func (p *Play) program(ctx context.Context, name string, args ...string) (string, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(p.Programs, name), args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w: %s", name, strings.Join(args[:min(2, len(args))], " "), err, errs.String())
	}
	return out.String(), nil
}

const (
	playPassword   = "a long enough password"
	playPassphrase = "four words are good"
)

// Run plays it. The folder must be empty.
func (p *Play) Run(ctx context.Context) (Outcome, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, err := p.startHQ(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer stop()
	programme := practice.Generate(practice.Options{Seed: p.Seed, Start: time.Now().Unix()/86400 - 60, Scale: 1000})
	var laptops []*seat
	for _, c := range programme.Countries {
		for i, rows := range c.Laptops {
			l, err := p.newSeat(ctx, fmt.Sprintf("%s %d", c.Code, i+1), rows)
			if err != nil {
				return Outcome{}, err
			}
			defer l.road.Close()
			laptops = append(laptops, l)
		}
	}
	p.Say("%d laptops have joined; people write on all of them at once.", len(laptops))
	if err := together(laptops, func(l *seat) error { return errors.Join(l.enter(ctx), l.sync(ctx)) }); err != nil {
		return Outcome{}, err
	}
	p.Say("Everything was sent over roads that broke after 1 to 64 KB. Now everybody gets what came later.")
	for range 2 {
		if err := together(laptops, func(l *seat) error { return l.sync(ctx) }); err != nil {
			return Outcome{}, err
		}
	}
	return p.outcome(ctx, laptops)
}

func together(laptops []*seat, f func(*seat) error) error {
	errs := make([]error, len(laptops))
	var wg sync.WaitGroup
	for i, l := range laptops {
		wg.Go(func() { errs[i] = f(l) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (p *Play) startHQ(ctx context.Context) (stop func(), err error) {
	p.hqDir = filepath.Join(p.Dir, "hq")
	password, ready := filepath.Join(p.Dir, "password"), filepath.Join(p.Dir, "ready.json")
	if err := os.WriteFile(password, []byte(playPassword), 0o600); err != nil {
		return nil, err
	}
	if _, err := p.program(ctx, "kandili-hq", "campaign", "create", "Reference programme", "--country", "KE", "--people-lit", "11000", "--data", p.hqDir); err != nil {
		return nil, err
	}
	if _, err := p.program(ctx, "kandili-hq", "account", "create", "officer", "--role", "officer", "--password-file", password, "--data", p.hqDir); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(p.Programs, "kandili-hq"), "serve", "--data", p.hqDir, "--listen", "127.0.0.1:0", "--ready-file", ready)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}
	for range 300 {
		var at struct{ URL string }
		if b, err := os.ReadFile(ready); err == nil && json.Unmarshal(b, &at) == nil && at.URL != "" {
			p.hqURL = at.URL
			p.Say("HQ answers at %s.", at.URL)
			return stop, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	return nil, errors.New("HQ did not answer within 30 seconds")
}

// seat is one laptop, used through the terminal.
type seat struct {
	*Play
	dir, pass string
	rows      []practice.Row
	road      *Cutter
}

func (p *Play) newSeat(ctx context.Context, name string, rows []practice.Row) (*seat, error) {
	road, err := NewCutter(strings.TrimPrefix(p.hqURL, "https://"), 1<<10, 64<<10)
	if err != nil {
		return nil, err
	}
	l := &seat{Play: p, dir: filepath.Join(p.Dir, name), pass: filepath.Join(p.Dir, name+".pass"), rows: rows, road: road}
	if err := os.WriteFile(l.pass, []byte(playPassphrase), 0o600); err != nil {
		return l, err
	}
	invite := filepath.Join(p.Dir, name+".png")
	if _, err := p.program(ctx, "kandili-hq", "invite", "--data", p.hqDir, "--role", "volunteer", "--url", road.URL(), "--out", invite); err != nil {
		return l, err
	}
	if _, err := l.run(ctx, "init", "--name", name); err != nil {
		return l, err
	}
	return l, l.retry(ctx, "join", invite)
}

func (l *seat) run(ctx context.Context, args ...string) (string, error) {
	return l.program(ctx, "kandilictl", append(args, "--data", l.dir, "--passphrase-file", l.pass)...)
}

// retry does what a person does on a bad road.
func (l *seat) retry(ctx context.Context, args ...string) error {
	var err error
	for range 60 {
		if _, err = l.run(ctx, args...); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (l *seat) sync(ctx context.Context) error { return l.retry(ctx, "sync", "--max-time", "2m") }

// enter imports the laptop's rows as files, kind after kind.
func (l *seat) enter(ctx context.Context) error {
	for _, k := range practice.Kinds(l.rows) {
		var rows []practice.Row
		for _, r := range l.rows {
			if r.Kind == k {
				rows = append(rows, r)
			}
		}
		if err := l.importKind(ctx, k, rows); err != nil {
			return err
		}
	}
	return nil
}

func (l *seat) importKind(ctx context.Context, k fieldwork.Kind, rows []practice.Row) error {
	var b bytes.Buffer
	if err := practice.WriteCSV(&b, rows); err != nil {
		return err
	}
	file := l.dir + "-" + k.String() + ".csv"
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		return err
	}
	out, err := l.run(ctx, "import", k.String(), file)
	var res struct {
		Added   int
		Refused []any
	}
	if err == nil {
		err = json.Unmarshal([]byte(out), &res)
	}
	if err == nil && (res.Added != len(rows) || len(res.Refused) > 0) {
		err = fmt.Errorf("%d of %d rows went in: %.500s", res.Added, len(rows), out)
	}
	if err != nil {
		return fmt.Errorf("import of %v: %w", k, err)
	}
	return nil
}

func (p *Play) outcome(ctx context.Context, laptops []*seat) (o Outcome, err error) {
	digest := func(out string, err error) (string, error) {
		if f := strings.Fields(out); err == nil && len(f) > 0 {
			return f[0], nil
		}
		return "", err
	}
	if o.HQ, err = digest(p.program(ctx, "kandili-hq", "digest", "--data", p.hqDir)); err != nil {
		return o, err
	}
	for _, l := range laptops {
		d, err := digest(l.run(ctx, "digest"))
		if err != nil {
			return o, err
		}
		o.Laptops = append(o.Laptops, d)
	}
	if o.Verify, err = laptops[0].run(ctx, "verify"); err != nil {
		return o, err
	}
	browser, err := p.signIn(ctx)
	if err != nil {
		return o, err
	}
	if o.Page, err = fetch(ctx, browser, p.hqURL+"/"); err != nil {
		return o, err
	}
	o.Style, err = fetch(ctx, browser, p.hqURL+"/look.css")
	return o, err
}

// signIn returns a client that has signed in as a browser does. It does not check HQ's certificate, which a person
// would have to accept once.
func (p *Play) signIn(ctx context.Context) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	form := url.Values{"name": {"officer"}, "password": {playPassword}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.hqURL+"/sign-in", strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	return c, resp.Body.Close()
}

func fetch(ctx context.Context, c *http.Client, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return string(b), err
}

// Equal says whether HQ and all laptops show the same.
func (o *Outcome) Equal() bool {
	for _, d := range o.Laptops {
		if d != o.HQ {
			return false
		}
	}
	return o.HQ != ""
}

// Picture writes HQ's page and, where Chromium is installed, pictures of it on a desk and on a phone.
func (o *Outcome) Picture(ctx context.Context, dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "look.css"), []byte(o.Style), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "hq.html"), []byte(strings.ReplaceAll(o.Page, `href="/look.css"`, `href="look.css"`)), 0o600); err != nil {
		return err
	}
	browser, err := browserPath()
	if err != nil {
		return nil // the page itself is there
	}
	page := httptest.NewServer(http.HandlerFunc(o.serve))
	defer page.Close()
	for name, size := range map[string]string{"hq.png": "1280,1100", "hq-phone.png": "500,1400"} {
		cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size="+size, "--screenshot="+filepath.Join(dir, name), page.URL)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("picture of HQ's page: %w: %.500s", err, out)
		}
	}
	return nil
}

// serve gives a browser the page as it was, with its look and its faces.
func (o *Outcome) serve(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, "/fonts/"); ok {
		w.Write(assets.Font(strings.TrimSuffix(name, ".ttf")))
		return
	}
	if r.URL.Path == "/look.css" {
		w.Header().Set("Content-Type", "text/css")
		io.WriteString(w, o.Style)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, o.Page)
}
