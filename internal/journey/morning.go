package journey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Morning is a training morning in the real window, by keyboard alone: a session is planned, 30 badges are printed and scanned, some
// of them wrong; a list comes back on paper; the language changes midway; certificates are issued and printed. Then another laptop
// hears of the badge that was lost.
type Morning struct {
	Programs string
	Dir      string
	Pictures string
	Say      func(string, ...any)

	play     *Play
	lead     *seat
	laptop   *seat
	screen   *Screen
	badges   []string // what the badges say, by the people's names
	stranger string   // the badge of somebody of another village
}

// Held is what the morning ended with.
type Held struct {
	Session   Sitting  // as the terminal tells it
	Certs     []string // what the certificates' QR say
	Roster    string   // the QR at the head of the list
	OldBadge  string   // what another laptop says about the lost badge once it heard of it
	Complaint string   // what the window wrote about errors
}

// Sitting is what “kandilictl session show” prints.
type Sitting struct {
	Status       string                                    `json:"status"`
	Came         int                                       `json:"came"`
	Expected     int                                       `json:"expected"`
	Refused      int                                       `json:"refused"`
	Counted      int                                       `json:"counted"`
	WithoutBadge int                                       `json:"without_badge"`
	People       []struct{ Person, Name, Presence string } `json:"people"`
}

// morningNames are 30 invented people of the village, by their names.
var morningNames = strings.Fields("Amani Baraka Chiku Daudi Esupat Faraja Gideon Halima Ikoyo Jackline Koinet Leah Mwangi Naisiae Obed " +
	"Parmuat Rahab Saitoti Tumaini Umi Vivian Wanjiru Yusuf Zawadi Zena Zipporah Zola Zubeda Zuhura Zuri")

// Run plays the morning.
func (m *Morning) Run(ctx context.Context) (h Held, err error) {
	m.play = &Play{Programs: m.Programs, Dir: m.Dir, Say: m.Say}
	stop, err := m.play.startHQ(ctx)
	if err != nil {
		return h, err
	}
	defer stop()
	if err := m.prepare(ctx); err != nil {
		return h, err
	}
	m.screen = &Screen{Programs: m.Programs, Home: filepath.Join(m.Dir, "home"), Pictures: m.Pictures}
	if err := m.screen.Start(ctx, 1280, 800); err != nil {
		return h, err
	}
	defer m.screen.Close()
	for _, part := range []func(context.Context, *Held) error{m.plan, m.print, m.scan, m.french, m.paper, m.close, m.certify, m.looks, m.after} {
		if err := part(ctx, &h); err != nil {
			return h, errors.Join(err, m.screen.Picture(ctx, "failed"))
		}
	}
	return h, nil
}

// prepare lets the lead's laptop tell HQ villages, people and the course, and the morning's laptop fetch them.
func (m *Morning) prepare(ctx context.Context) (err error) {
	if m.lead, err = m.play.newSeat(ctx, "Lead", nil); err != nil {
		return err
	}
	file := filepath.Join(m.Dir, "people.csv")
	rows := "given_name,family_name,site\n"
	for _, n := range morningNames {
		rows += n + ",Ole Ntutu,Oldonyo Nyokie\n"
	}
	if err := os.WriteFile(file, []byte(rows+"Omar,Njoroge,Entasopia\n"), 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{{"add", "site", "name=Oldonyo Nyokie", "country=KE", "code=OLN"}, {"add", "site", "name=Entasopia", "country=KE", "code=ENT"},
		{"add", "course", "title=Lamp builder", "modules=assembly"}, {"import", "trainee", file}} {
		if _, err := m.lead.run(ctx, args...); err != nil {
			return err
		}
	}
	if err := m.lead.giveFace(ctx, morningNames[0]+" Ole Ntutu", m.Dir); err != nil {
		return err
	}
	if err := m.lead.sync(ctx); err != nil {
		return err
	}
	if m.laptop, err = m.play.newSeat(ctx, "Morning", nil); err != nil {
		return err
	}
	if err := m.laptop.sync(ctx); err != nil {
		return err
	}
	other := filepath.Join(m.Dir, "stranger.pdf")
	if _, err := m.laptop.run(ctx, "badges", "--out", other, "--site", "Entasopia"); err != nil {
		return err
	}
	m.stranger, err = DecodeFirst(ctx, other)
	return err
}

// steps are keys ("ctrl+s"), texts ("'Zoé") and pictures ("!people").
func (m *Morning) steps(ctx context.Context, list ...string) error {
	return (&Day{screen: m.screen}).steps(ctx, list...)
}

func (m *Morning) open(ctx context.Context, flags ...string) error {
	if err := m.screen.Open(ctx, append([]string{"--data", m.laptop.dir}, flags...)...); err != nil {
		return err
	}
	if err := m.steps(ctx, "'"+playPassphrase, "Return"); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	return m.screen.Settle(ctx)
}

// plan chooses the village and makes the session with what is filled in.
func (m *Morning) plan(ctx context.Context, _ *Held) error {
	m.Say("Planning a session in a few keys.")
	if err := m.open(ctx, "--lang", "en"); err != nil {
		return err
	}
	return m.steps(ctx, "ctrl+l", "'o", "Return", "ctrl+5", "!training-empty", "ctrl+n", "!session-new", "ctrl+s", "!session-planned")
}

// print makes the badges of the village, and the list of the session.
func (m *Morning) print(ctx context.Context, h *Held) error {
	m.Say("Printing 30 badges and the list.")
	if err := m.steps(ctx, "ctrl+2", "'ole ntutu", "ctrl+p", "!badges", "Return"); err != nil {
		return err
	}
	pdf, err := m.paperNamed(ctx, "Badges")
	if err != nil {
		return err
	}
	if m.badges, err = decodeAll(ctx, pdf, len(morningNames)); err != nil { // by code: people were registered in the order of their names
		return err
	}
	if len(m.badges) != len(morningNames) {
		return fmt.Errorf("%d badges were read from the sheets, not %d", len(m.badges), len(morningNames))
	}
	if err := m.steps(ctx, "Escape", "ctrl+5", "ctrl+p", "!list", "Return"); err != nil {
		return err
	}
	if pdf, err = m.paperNamed(ctx, "List"); err != nil {
		return err
	}
	codes, err := decodeAll(ctx, pdf, 0)
	for _, c := range codes {
		if strings.HasPrefix(c, "KR:") {
			h.Roster = c
		}
	}
	if err == nil && h.Roster == "" {
		err = fmt.Errorf("no roster's code among %q", codes)
	}
	return err
}

// paperNamed waits for a PDF among the person's papers.
func (m *Morning) paperNamed(ctx context.Context, prefix string) (pdf string, err error) {
	return pdf, until(ctx, prefix+" is a PDF", func() bool {
		found, _ := filepath.Glob(filepath.Join(m.screen.Home, "Kandili", prefix+"*.pdf"))
		if len(found) > 0 {
			pdf = found[len(found)-1]
		}
		return pdf != ""
	})
}

// decodeAll reads the QRs of a PDF as cameras would, drawn at one resolution after the other until so many different ones are read: on a
// page with two dozen codes zbarimg now and then misses one. want 0 draws once.
func decodeAll(ctx context.Context, pdf string, want int) ([]string, error) {
	seen := map[string]bool{}
	for _, dpi := range []string{"200", "300", "150", "250"} {
		if err := decodePages(ctx, pdf, dpi, seen); err != nil {
			return nil, err
		}
		if len(seen) >= want {
			break
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}

func decodePages(ctx context.Context, pdf, dpi string, seen map[string]bool) error {
	dir, err := os.MkdirTemp("", "kandili-pages")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if out, err := exec.CommandContext(ctx, "pdftoppm", "-r", dpi, "-gray", pdf, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		return fmt.Errorf("draw the pages: %w: %s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "page*"))
	if err != nil {
		return err
	}
	for _, page := range pages {
		out, err := exec.CommandContext(ctx, "zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", page).Output()
		if err != nil {
			continue // a page without a code; how many there are is for whoever asks
		}
		for _, code := range strings.Fields(string(out)) {
			seen[code] = true
		}
	}
	return nil
}

// scanned is how many of the village come by their badges: the next one lost hers, the last two are on paper.
const scanned = 27

// scan opens the door and scans: one twice, one forged, one of another village, one who lost hers; and somebody walks in.
func (m *Morning) scan(ctx context.Context, _ *Held) error {
	m.Say("The door is open: 30 scans, a walk-in, a lost badge.")
	if err := m.steps(ctx, "F2", "!door-open"); err != nil {
		return err
	}
	for i := range scanned / 2 {
		if err := m.screen.Burst(ctx, m.badges[i]); err != nil {
			return err
		}
	}
	lost := m.badges[scanned]
	for _, x := range []struct{ text, picture string }{
		{m.badges[0], "scan-twice"}, {forged(m.badges[1]), "scan-forged"}, {m.stranger, "scan-other-site"}, {m.badges[scanned/2], "scan-good"},
	} {
		if err := m.screen.Scan(ctx, x.text); err != nil {
			return err
		}
		if err := m.screen.Picture(ctx, x.picture); err != nil {
			return err
		}
	}
	if err := m.steps(ctx, "ctrl+n", "'Naipei", "Tab", "'Kores", "Return", "!scan-walkin", "F4", "'"+morningNames[scanned], "!lost-badge", "Return"); err != nil {
		return err
	}
	if _, err := m.paperNamed(ctx, "Badges "+codeIn(lost)); err != nil {
		return err
	}
	if err := m.steps(ctx, "!lost-badge-replaced"); err != nil {
		return err
	}
	if err := m.screen.Scan(ctx, lost); err != nil {
		return err
	}
	return m.steps(ctx, "!scan-revoked")
}

// codeIn is the code in a badge's text.
func codeIn(badge string) string {
	parts := strings.Split(badge, ":")
	return parts[min(2, len(parts)-1)]
}

// french changes the language in the middle of the scans, and goes on.
func (m *Morning) french(ctx context.Context, _ *Held) error {
	m.Say("The rest comes in in French.")
	if err := m.language(ctx); err != nil {
		return err
	}
	if err := m.steps(ctx, "ctrl+5", "F2"); err != nil {
		return err
	}
	for _, b := range m.badges[scanned/2+1 : scanned] {
		if err := m.screen.Burst(ctx, b); err != nil {
			return err
		}
	}
	return errors.Join(m.screen.Settle(ctx), m.steps(ctx, "!scan-french"))
}

// language changes the language as a person does, in Settings, which the menu leads to.
func (m *Morning) language(ctx context.Context) error {
	return m.steps(ctx, "alt", "!menu", "Down", "Return", "!settings", "Return", "Down", "Down", "!languages", "Return", "!settings-french")
}

// paper enters the two who were ticked on the printed list, twice.
func (m *Morning) paper(ctx context.Context, h *Held) error {
	m.Say("Entering the paper list from its code.")
	for _, picture := range []string{"!paper-ticked", "!paper-again"} {
		if err := m.steps(ctx, "ctrl+5", "F5"); err != nil {
			return err
		}
		if err := m.screen.Scan(ctx, h.Roster); err != nil {
			return err
		}
		keys := []string{"End", "space", "Up", "space", picture, "ctrl+s"}
		if picture == "!paper-again" {
			keys = []string{picture, "ctrl+s"}
		}
		if err := m.steps(ctx, keys...); err != nil {
			return err
		}
	}
	return m.steps(ctx, "!paper-entered")
}

// close counts heads.
func (m *Morning) close(ctx context.Context, _ *Held) error {
	m.Say("Closing with a count of heads.")
	return m.steps(ctx, "F3", "'33", "!closing", "Return", "!closed")
}

// certify assesses somebody, then issues certificates to all who earned one.
func (m *Morning) certify(ctx context.Context, h *Held) error {
	m.Say("Assessing, and issuing certificates.")
	if err := m.steps(ctx, "F6", "'40", "Tab", "'85", "Tab", "space", "Right", "space", "Tab", "space", "!assess", "ctrl+s", "Escape",
		"F7", "!certificates", "ctrl+s", "!certificates-print", "Return"); err != nil {
		return err
	}
	pdf, err := m.paperNamed(ctx, "Certificats")
	if err != nil {
		return err
	}
	if err := m.steps(ctx, "!certificates-ready", "Escape", "F8", "!grid", "Escape"); err != nil {
		return err
	}
	h.Certs, err = decodeAll(ctx, pdf, len(morningNames)+1)
	return err
}

// looks shows the same places in the sun, in both languages.
func (m *Morning) looks(ctx context.Context, h *Held) error {
	for i, look := range [][]string{{"fr", "sunlight"}, {"en", "sunlight"}} {
		if err := m.quit(ctx, h); err != nil {
			return err
		}
		if err := m.open(ctx, "--lang", look[0], "--theme", look[1]); err != nil {
			return err
		}
		tag := "-" + look[0] + "-sunlight"
		if err := m.steps(ctx, "ctrl+5", "!training"+tag, "F6", "!assess"+tag, "Escape", "F7", "!certificates"+tag, "Escape", "F8", "!grid"+tag, "Escape"); err != nil {
			return err
		}
		door := []string{"F3", "F2"} // open again, to the door
		if err := m.steps(ctx, door[min(i, 1):]...); err != nil {
			return err
		}
		for _, x := range []struct{ text, picture string }{{m.badges[3], "scan-twice"}, {forged(m.badges[1]), "scan-forged"}, {m.badges[len(m.badges)-1], "scan"}} {
			if err := m.screen.Scan(ctx, x.text); err != nil {
				return err
			}
			if err := m.screen.Picture(ctx, x.picture+tag); err != nil {
				return err
			}
		}
	}
	return m.quit(ctx, h)
}

func (m *Morning) quit(ctx context.Context, h *Held) error {
	if err := m.screen.Key(ctx, "ctrl+q"); err != nil {
		return err
	}
	said, err := m.screen.Ended()
	h.Complaint += said
	return err
}

// after reads the session by the terminal, and lets the lead's laptop hear of the lost badge.
func (m *Morning) after(ctx context.Context, h *Held) error {
	m.Say("Another laptop hears of the lost badge.")
	out, err := m.laptop.run(ctx, "list", "session", "--json")
	var list struct{ Records []struct{ Code string } }
	if err == nil {
		err = json.Unmarshal([]byte(out), &list)
	}
	if err != nil || len(list.Records) != 1 {
		return fmt.Errorf("the sessions: %w: %.300s", err, out)
	}
	code := list.Records[0].Code
	if out, err = m.laptop.run(ctx, "session", "show", code, "--json"); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(out), &h.Session); err != nil {
		return err
	}
	if err := m.laptop.sync(ctx); err != nil {
		return err
	}
	if err := m.lead.sync(ctx); err != nil {
		return err
	}
	h.OldBadge, err = m.lead.run(ctx, "checkin", "--session", code, m.badges[scanned])
	return err
}
