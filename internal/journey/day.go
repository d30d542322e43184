package journey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Day is a volunteer's day in the real window, on a virtual display and by keyboard alone: first start, register, badge, check-in,
// lamp, sync; then HQ's page in a real browser.
type Day struct {
	Programs string               // folder of the built programs
	Dir      string               // an empty folder for data
	Pictures string               // where pictures go
	Say      func(string, ...any) // told what happens

	play   *Play
	screen *Screen
	web    *http.Client
	office *httptest.Server // HQ's pages, signed in, for the browser
	road   *Cutter          // the laptop's way to HQ, until the network is gone
}

// What the day is about.
const (
	dayGiven   = "Zoé"
	dayFamily  = "Muñoz Gonçalves"
	dayTag     = "KJ-0042"
	dayHead    = "Lemayian Ole Ntutu"
	dayHalf    = "Naserian"
	dayCarried = "Nashipae"
)

// Told is what the day ended with.
type Told struct {
	Badge     string // what a decoder read from her badge
	People    string // HQ's page of people, as the browser shows it
	Lamps     string // HQ's page of lamps
	Verify    string // what verifying the laptop's folder said
	Carried   string // what the terminal says of who went home by a stick
	Complaint string // what the window wrote about errors
}

// Run plays the day.
func (d *Day) Run(ctx context.Context) (told Told, err error) {
	d.play = &Play{Programs: d.Programs, Dir: d.Dir, Say: d.Say}
	stop, err := d.play.startHQ(ctx)
	if err != nil {
		return told, err
	}
	defer stop()
	if d.web, err = d.play.signIn(ctx); err != nil {
		return told, err
	}
	d.office = httptest.NewServer(http.HandlerFunc(d.pass))
	defer d.office.Close()
	if err := d.prepare(ctx); err != nil {
		return told, err
	}
	if d.road, err = NewCutter(strings.TrimPrefix(d.play.hqURL, "https://"), 1<<30, 1<<30+1); err != nil {
		return told, err
	}
	defer d.road.Close()
	d.screen = &Screen{Programs: d.Programs, Home: filepath.Join(d.Dir, "home"), Pictures: d.Pictures}
	if err := d.screen.Start(ctx, 1280, 800); err != nil {
		return told, err
	}
	defer d.screen.Close()
	for _, part := range []func(context.Context, *Told) error{d.firstStart, d.register, d.checkIn, d.lamp, d.battery, d.home, d.stick, d.looks, d.end} {
		if err := part(ctx, &told); err != nil {
			return told, errors.Join(err, d.screen.Picture(ctx, "failed"))
		}
	}
	return told, nil
}

// prepare lets a lead's laptop tell HQ the village and the lamp model.
func (d *Day) prepare(ctx context.Context) error {
	lead, err := d.play.newSeat(ctx, "Lead", nil)
	if err != nil {
		return err
	}
	defer lead.road.Close()
	for _, args := range [][]string{{"add", "site", "name=Oldonyo Nyokie", "country=KE", "code=OLN"}, {"add", "lamp-model", "name=Lantern L1"}} {
		if _, err := lead.run(ctx, args...); err != nil {
			return err
		}
	}
	return lead.sync(ctx)
}

func (d *Day) data() string { return filepath.Join(d.Dir, "laptop") }

func (d *Day) steps(ctx context.Context, list ...string) error { return d.screen.Steps(ctx, list...) }

// until waits for what happens beside the window.
func until(ctx context.Context, what string, ok func() bool) error {
	end := time.Now().Add(90 * time.Second)
	for !ok() {
		if time.Now().After(end) {
			return errors.New("waited in vain until " + what)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

func (d *Day) firstStart(ctx context.Context, _ *Told) error {
	d.Say("First start: a name, a passphrase, an invite before the camera.")
	invite := filepath.Join(d.Dir, "window.png")
	if _, err := d.play.program(ctx, "kandili-hq", "invite", "--data", d.play.hqDir, "--role", "volunteer", "--url", d.road.URL(), "--out", invite); err != nil {
		return err
	}
	if err := d.screen.Open(ctx, "--alone", "--data", d.data(), "--lang", "en"); err != nil {
		return err
	}
	if err := d.steps(ctx, "!start", "'Kajiado 1", "Tab", "'"+playPassphrase, "Tab", "'"+playPassphrase, "Return"); err != nil {
		return err
	}
	if err := until(ctx, "the data folder is made", func() bool { return exists(filepath.Join(d.data(), "laptop.json")) }); err != nil {
		return err
	}
	time.Sleep(time.Second) // the page after it
	if err := d.steps(ctx, "Tab", "Tab", "Return", "!join-camera"); err != nil {
		return err
	}
	if err := d.screen.film(ctx, invite, d.Dir); err != nil {
		return err
	}
	if err := d.steps(ctx, "!join", "Return"); err != nil { // the focus is on joining
		return err
	}
	if err := until(ctx, "the laptop has a campaign", func() bool { return d.campaign() != "" }); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	// Ctrl+L chooses the village; the first one below "All sites".
	return d.steps(ctx, "!today-empty", "ctrl+l", "Down", "!site", "Return", "!today-site")
}

// campaign is the campaign's folder that the laptop remembers.
func (d *Day) campaign() string {
	var s struct{ Campaign string }
	b, err := os.ReadFile(filepath.Join(d.data(), "laptop.json"))
	if err != nil || json.Unmarshal(b, &s) != nil {
		return ""
	}
	return s.Campaign
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (d *Day) register(ctx context.Context, told *Told) error {
	d.Say("Registering %s %s and printing her badge.", dayGiven, dayFamily)
	if err := d.steps(ctx, "ctrl+2", "!people-empty", "ctrl+n", "'"+dayGiven, "Tab", "'"+dayFamily, "Tab", "'2031", "ctrl+s", "!people-wrong",
		"ctrl+a", "'1994", "ctrl+s", "!people-registered", "ctrl+p", "!badge", "Return"); err != nil {
		return err
	}
	var pdf string
	if err := until(ctx, "the badge is a PDF", func() bool {
		found, _ := filepath.Glob(filepath.Join(d.screen.Home, "Kandili", "*.pdf"))
		if len(found) > 0 {
			pdf = found[0]
		}
		return pdf != ""
	}); err != nil {
		return err
	}
	if err := d.steps(ctx, "!badge-ready", "Escape"); err != nil {
		return err
	}
	var err error
	told.Badge, err = DecodeFirst(ctx, pdf)
	return err
}

func (d *Day) checkIn(ctx context.Context, told *Told) error {
	d.Say("Checking her in by what a scanner reads from the badge.")
	if err := d.steps(ctx, "ctrl+3", "!checkin-none", "Return", "'Assembly, second day", "!session", "Return", "!checkin-waiting"); err != nil {
		return err
	}
	for _, scan := range []struct{ text, picture string }{
		{told.Badge, "checkin-good"}, {told.Badge, "checkin-twice"}, {forged(told.Badge), "checkin-forged"}, {"KJ9-0001-X", "checkin-unknown"},
	} {
		if err := d.screen.Scan(ctx, scan.text); err != nil {
			return err
		}
		if err := d.screen.Picture(ctx, scan.picture); err != nil {
			return err
		}
	}
	// A walk-in, at the same door.
	return d.steps(ctx, "ctrl+n", "'Joseph", "Tab", "'Kamau", "!walkin", "Return", "!checkin-walkin")
}

// forged changes the end of a badge, where its proof stands.
func forged(badge string) string {
	last := "A"
	if strings.HasSuffix(badge, last) {
		last = "B"
	}
	return badge[:len(badge)-1] + last
}

func (d *Day) lamp(ctx context.Context, _ *Told) error {
	d.Say("Installing a lamp by its tag, and visiting it.")
	return d.steps(ctx, "ctrl+4", "!lamps-empty", "'"+dayTag, "Return", "!lamp-offer", "Return",
		"Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "'"+dayHead, "Tab", "'2", "Tab", "'1", "Tab", "'3", "!lamp-install", "ctrl+s", "!lamp-installed",
		"'"+dayTag, "Return", "Tab", "Tab", "!lamp-open")
}

// battery lets the battery die in the middle of a name.
func (d *Day) battery(ctx context.Context, _ *Told) error {
	d.Say("The battery dies in the middle of a name; nothing is lost.")
	if err := d.steps(ctx, "ctrl+2", "Escape", "ctrl+n", "'"+dayHalf); err != nil {
		return err
	}
	time.Sleep(time.Second) // the draft is kept 0.4 s after the last key
	d.screen.Kill()
	if err := d.screen.Open(ctx, "--alone", "--data", d.data(), "--lang", "en"); err != nil {
		return err
	}
	if err := d.steps(ctx, "!locked", "'"+playPassphrase, "Return"); err != nil {
		return err
	}
	time.Sleep(4 * time.Second)
	return d.steps(ctx, "!today-again", "ctrl+2", "!people-draft", "ctrl+s", "!people-saved")
}

func (d *Day) home(ctx context.Context, told *Told) error {
	d.Say("Syncing, and looking at HQ.")
	if err := d.steps(ctx, "ctrl+9", "!sync-before", "Return"); err != nil {
		return err
	}
	if err := until(ctx, "HQ has the lamp", func() bool {
		page, err := fetch(ctx, d.web, d.play.hqURL+"/lamps")
		return err == nil && strings.Contains(page, dayTag)
	}); err != nil {
		return err
	}
	if err := d.steps(ctx, "!sync-after", "ctrl+1", "!today-after"); err != nil {
		return err
	}
	var err error
	if told.Lamps, err = d.browse(ctx, "/lamps", "hq-lamps"); err != nil {
		return err
	}
	if told.People, err = d.browse(ctx, "/people", "hq-people"); err != nil {
		return err
	}
	_, err = d.browse(ctx, "/", "hq-overview")
	return err
}

// stick sends somebody home by a courier file, written and taken in from the window, with HQ's receipt on the same stick.
func (d *Day) stick(ctx context.Context, _ *Told) error {
	d.Say("Without a network: carrying a name to HQ on a stick, and the receipt back.")
	if err := d.road.Close(); err != nil {
		return err
	}
	stick := filepath.Join(d.Dir, "stick")
	if err := os.MkdirAll(stick, 0o700); err != nil {
		return err
	}
	if err := d.steps(ctx, "ctrl+2", "Escape", "ctrl+n", "'"+dayCarried, "ctrl+s", "ctrl+9", "!stick-before", "Tab", "Tab", "Return", "shift+Tab", "'"+stick, "!stick-where", "Return"); err != nil {
		return err
	}
	var files []string
	if err := until(ctx, "the courier file is written", func() bool {
		files, _ = filepath.Glob(filepath.Join(stick, "*.kcourier"))
		return len(files) > 0
	}); err != nil {
		return err
	}
	if err := d.steps(ctx, "!stick-written"); err != nil {
		return err
	}
	if _, err := d.play.program(ctx, "kandili-hq", "courier", "in", files[0], "--data", d.play.hqDir); err != nil {
		return err
	}
	page, err := fetch(ctx, d.web, d.play.hqURL+"/people")
	if err != nil || !strings.Contains(page, dayCarried) {
		return fmt.Errorf("what came by the stick is not on HQ's page (%w)", err)
	}
	if err := os.Remove(files[0]); err != nil {
		return err
	}
	if _, err := d.play.program(ctx, "kandili-hq", "courier", "out", stick, "--campaign", "Reference programme", "--all", "--data", d.play.hqDir); err != nil {
		return err
	}
	return d.steps(ctx, "ctrl+1", "ctrl+9", "Tab", "Tab", "Tab", "Return", "shift+Tab", "'"+stick, "Return", "!stick-receipt")
}

// looks shows the places in French, in the dark, in the sun, and on a small screen's letters.
func (d *Day) looks(ctx context.Context, _ *Told) error {
	for _, look := range [][]string{{"fr", "light", "1"}, {"fr", "sunlight", "1.3"}, {"en", "dark", "1"}, {"en", "sunlight", "1"}} {
		d.Say("The places in %s, %s.", look[0], look[1])
		if err := d.screen.Key(ctx, "ctrl+q"); err != nil {
			return err
		}
		if _, err := d.screen.Ended(); err != nil {
			return err
		}
		if err := d.screen.Open(ctx, "--alone", "--data", d.data(), "--lang", look[0], "--theme", look[1], "--scale", look[2]); err != nil {
			return err
		}
		if err := d.steps(ctx, "'"+playPassphrase, "Return"); err != nil {
			return err
		}
		time.Sleep(4 * time.Second)
		tag := strings.Join(look[:2], "-")
		if err := d.steps(ctx, "!today-"+tag, "ctrl+2", "Down", "!people-"+tag, "ctrl+3", "!checkin-"+tag, "ctrl+4", "Down", "!lamps-"+tag, "ctrl+9", "!sync-"+tag, "F1", "!help-"+tag, "Escape"); err != nil {
			return err
		}
	}
	return nil
}

func (d *Day) end(ctx context.Context, told *Told) error {
	if err := d.screen.Key(ctx, "ctrl+q"); err != nil {
		return err
	}
	var err error
	if told.Complaint, err = d.screen.Ended(); err != nil {
		return err
	}
	pass := filepath.Join(d.Dir, "window.pass")
	if err := os.WriteFile(pass, []byte(playPassphrase), 0o600); err != nil {
		return err
	}
	if told.Carried, err = d.play.program(ctx, "kandilictl", "find", dayCarried, "--data", d.data(), "--passphrase-file", pass); err != nil {
		return err
	}
	told.Verify, err = d.play.program(ctx, "kandilictl", "verify", "--data", d.data(), "--passphrase-file", pass)
	return err
}

// pass hands HQ's pages to the browser with the officer's session, which a headless browser cannot type in.
func (d *Day) pass(w http.ResponseWriter, r *http.Request) {
	res, err := d.web.Get(d.play.hqURL + r.URL.RequestURI())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
	w.WriteHeader(res.StatusCode)
	if _, err := copyAll(w, res); err != nil {
		d.Say("a page of HQ broke off: %v", err)
	}
}

// browse opens a page of HQ in a real browser, keeps a picture and returns what the browser made of it.
func (d *Day) browse(ctx context.Context, path, name string) (string, error) {
	browser, err := browserPath()
	if err != nil {
		return "", err
	}
	flags := []string{"--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1280,900", "--user-data-dir=" + filepath.Join(d.Dir, "browser")}
	shot := filepath.Join(d.Pictures, name+".png")
	if out, err := exec.CommandContext(ctx, browser, append(flags, "--screenshot="+shot, d.office.URL+path)...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("picture of HQ's page: %w: %.500s", err, out)
	}
	out, err := exec.CommandContext(ctx, browser, append(flags, "--dump-dom", d.office.URL+path)...).Output()
	if err != nil {
		return "", fmt.Errorf("open HQ's page: %w", err)
	}
	return string(out), nil
}
