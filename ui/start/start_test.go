package start

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// box is a laptop without a disk: the real one is driven by the journeys.
type box struct {
	exists, campaign bool
	phrase           string
	joined           []string

	filmed func(text string) (tone, title, line string) // nil: no camera
	gone   func()
	closed int // camera pages
}

func (b *box) Exists() bool      { return b.exists }
func (b *box) HasCampaign() bool { return b.campaign }
func (b *box) Create(name string, phrase []byte) error {
	b.exists, b.phrase = true, string(phrase)
	return nil
}

// goodCode is the one that opens a box.
var goodCode = fieldwork.RecoveryCode([]byte("fifteen bytes! "))

func (b *box) Recover(code string, passphrase []byte) error {
	secret, err := fieldwork.ParseRecovery(code)
	if err != nil || fieldwork.RecoveryCode(secret) != goodCode {
		return &fieldwork.Problem{Code: "wrong-recovery"}
	}
	b.phrase = string(passphrase)
	return nil
}

func (b *box) Unlock(phrase []byte) error {
	if string(phrase) != b.phrase {
		return &fieldwork.Problem{Code: "wrong-passphrase", Sentence: "This passphrase does not open the data folder."}
	}
	return nil
}
func (b *box) Join(_ context.Context, invite string, report func(int)) error {
	b.joined = append(b.joined, invite)
	if !strings.HasPrefix(invite, "KANDILI1:") {
		return &fieldwork.Problem{Code: "bad-invite"}
	}
	report(12)
	b.campaign = true
	return nil
}
func (b *box) JoinPack(_ context.Context, path, code string, report func(done, total int64)) error {
	report(1, 2)
	if secret, err := fieldwork.ParseRecovery(code); err != nil || fieldwork.RecoveryCode(secret) != goodCode {
		return &fieldwork.Problem{Code: "pack-code"}
	}
	b.joined = append(b.joined, path)
	b.campaign = true
	return nil
}

func (b *box) Practice(context.Context) error { b.campaign = true; return nil }
func (b *box) ReadInvite(path string) (string, error) {
	if path != "invite.png" {
		return "", errors.New("no picture")
	}
	return "KANDILI1:x", nil
}

func (b *box) IsInvite(text string) bool { return strings.HasPrefix(text, "KANDILI1:") }

func (b *box) FilmInvite(_ *show.Words, seen func(string) (string, string, string), gone func()) (func(), error) {
	b.filmed, b.gone = seen, gone
	return func() { b.closed++ }, nil
}

func open(t *testing.T, b *box, lang string) (d *uitest.Desk, w *uitest.Window, p *Screen, ready *int) {
	t.Helper()
	d = uitest.NewDesk(t, lang)
	ready = new(int)
	w = uitest.NewIn(t, theme.New(theme.Light, 1), 1280, 770, func() fyne.CanvasObject {
		p = New(d.Env, b, false, func() { *ready++ }, func(string) {})
		return p.Content()
	})
	d.Env.Canvas = w.Canvas
	p.Focus()
	return d, w, p, ready
}

func TestStart_fromNothingToACampaign(t *testing.T) {
	b := &box{}
	d, w, p, ready := open(t, b, "en")
	w.Golden("create.png")
	w.Key(fyne.KeyReturn)
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "This laptop needs a name.") || !strings.Contains(texts, "The passphrase is too short.") {
		t.Errorf("an empty form: %s", texts)
	}
	w.Golden("create-wrong.png")
	w.Type("Kajiado 1")
	w.Tab()
	w.Type("four words are good")
	w.Tab()
	w.Type("four words are goof")
	w.Key(fyne.KeyReturn)
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "not the same as above") || b.exists {
		t.Errorf("two passphrases: %s", texts)
	}
	w.Key(fyne.KeyBackspace)
	w.Type("d")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	w.Settle()
	w.Type("nonsense")
	w.Tab()
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "This is not a whole invite.") || *ready != 0 {
		t.Errorf("a bad invite: %s", texts)
	}
	w.Golden("bad-invite.png")
	p.Dropped("invite.png")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if *ready != 1 || !slices.Equal(b.joined, []string{"nonsense", "KANDILI1:x"}) {
		t.Errorf("ready %d, joined with %q", *ready, b.joined)
	}
}

func TestStart_aWrongPassphraseSaysSo(t *testing.T) {
	b := &box{exists: true, campaign: true, phrase: "four words are good"}
	d, w, _, ready := open(t, b, "fr")
	w.Type("quatre mots")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "Cette phrase secrète n'ouvre pas le dossier de données.") {
		t.Errorf("%s", texts)
	}
	for range len("quatre mots") {
		w.Key(fyne.KeyBackspace)
	}
	w.Type("four words are good")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if *ready != 1 {
		t.Error("the right one does not open")
	}
}

func TestStart_aLostPassphraseIsRecoveredWithTheCodeThatHQReads(t *testing.T) {
	b := &box{exists: true, campaign: true, phrase: "nobody knows it"}
	d, w, p, ready := open(t, b, "en")
	w.Tab()
	w.Tab() // past the eye and the button that unlocks
	for range 3 {
		if f, ok := w.Canvas().Focused().(interface{ Text() string }); ok && f.Text() == "Passphrase lost?" {
			break
		}
		w.Tab()
	}
	w.Key(fyne.KeyReturn)
	w.Settle()
	w.Type("K7QP")
	w.Key(fyne.KeyReturn)
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "This is not a recovery code, or it has a slip.") || !strings.Contains(texts, "The passphrase is too short.") {
		t.Errorf("half a code: %s", texts)
	}
	w.Golden("lost.png")
	p.Cancel() // Esc leads back
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "Everything on this laptop is encrypted.") {
		t.Errorf("Esc: %s", texts)
	}
	p.lost()
	w.Type(strings.ToLower(goodCode))
	w.Tab()
	w.Type("four new words here")
	w.Tab()
	w.Type("four new words here")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if *ready != 1 || b.phrase != "four new words here" {
		t.Errorf("ready %d, passphrase %q: %q", *ready, b.phrase, w.Texts())
	}
}

func TestStart_joinsByAPackOnAStick(t *testing.T) {
	b := &box{exists: true}
	d, w, p, ready := open(t, b, "en")
	p.open() // unlocked
	w.Type("/media/KINGSTON/kajiado.kpack")
	w.Tab()
	w.Key(fyne.KeyReturn)
	w.Settle()
	w.Type("K7QP")
	w.Key(fyne.KeyReturn)
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "This is not a recovery code, or it has a slip.") {
		t.Errorf("half a code: %s", texts)
	}
	p.Cancel()
	p.Dropped("/media/KINGSTON/kajiado.kpack")
	w.Golden("pack.png")
	w.Type(goodCode)
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if *ready != 1 || len(b.joined) != 1 {
		t.Errorf("ready %d, joined %q: %q", *ready, b.joined, w.Texts())
	}
}

// TestStart_theCameraReadsTheInvite by keys alone: a badge is no invite, the invite is taken, the page closes by itself.
func TestStart_theCameraReadsTheInvite(t *testing.T) {
	b := &box{exists: true}
	d, w, p, ready := open(t, b, "en")
	p.open()
	w.Tab()
	w.Tab()
	w.Key(fyne.KeyReturn)
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); b.filmed == nil || !strings.Contains(texts, "The camera opens in the browser.") || !strings.Contains(texts, "Close the camera") {
		t.Fatalf("the camera is not open: %s", texts)
	}
	w.Golden("camera.png")
	if tone, title, line := b.filmed("KD:KAJI:KJ4-0001-X:1.0:7QDMXKZJ3VQ5RJHA"); tone != "bad" || title != "This is no invite" || line == "" {
		t.Errorf("a badge: %s %s %s", tone, title, line)
	}
	if tone, title, _ := b.filmed("KANDILI1:x"); tone != "good" || title != "The invite was read. Now join." {
		t.Errorf("the invite: %s %s", tone, title)
	}
	d.Steps.Settle()
	if b.closed != 0 {
		t.Error("the page closed before anybody could read its answer")
	}
	d.Steps.Advance(afterwards)
	if texts := strings.Join(w.Texts(), " "); b.closed != 1 || !strings.Contains(texts, "KANDILI1:x") || !strings.Contains(texts, "The invite was read. Now join.") {
		t.Errorf("%d pages closed: %s", b.closed, texts)
	}
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if *ready != 1 || !slices.Equal(b.joined, []string{"KANDILI1:x"}) {
		t.Errorf("ready %d, joined with %q", *ready, b.joined)
	}
}

func TestStart_whoGoesOnWithoutTheCameraClosesIt(t *testing.T) {
	for name, way := range map[string]func(b *box, d *uitest.Desk, p *Screen){
		"Esc":             func(_ *box, _ *uitest.Desk, p *Screen) { p.Cancel() },
		"a pack":          func(_ *box, _ *uitest.Desk, p *Screen) { p.Dropped("/media/STICK/kajiado.kpack") },
		"its own button":  func(_ *box, _ *uitest.Desk, p *Screen) { p.lens.toggle() },
		"the page itself": func(b *box, d *uitest.Desk, _ *Screen) { b.gone(); d.Steps.Settle(); b.closed++ },
	} {
		t.Run(name, func(t *testing.T) {
			b := &box{exists: true}
			d, w, p, _ := open(t, b, "fr")
			p.open()
			p.lens.toggle()
			way(b, d, p)
			d.Steps.Settle()
			w.Settle()
			if texts := strings.Join(w.Texts(), " "); b.closed != 1 || strings.Contains(texts, "Fermer la caméra") || strings.Contains(texts, "navigateur") {
				t.Errorf("closed %d times: %s", b.closed, texts)
			}
			before := len(w.Texts())
			b.filmed("KANDILI1:late")
			d.Steps.Settle()
			if texts := strings.Join(w.Texts(), " "); strings.Contains(texts, "KANDILI1:late") || len(w.Texts()) != before {
				t.Errorf("a late sight is taken: %s", texts)
			}
		})
	}
}
