package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/ui"
	"kandili/ui/settings"
	"kandili/ui/task"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// session is the window over a real folder, stepped by the test.
type session struct {
	t     testing.TB
	desk  *desk
	steps *task.Step
	app   fyne.App
	w     *ui.Window
	now   time.Time
}

func open(t testing.TB, dir string) *session {
	t.Helper()
	kept, err := laptop.ReadSettings(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, desk: &desk{dir: dir, system: "en", kept: kept}, steps: task.NewStep(), app: test.NewTempApp(t), now: uitest.Noon}
	w, err := ui.Open(s.app, s.desk, ui.Options{Sched: s.steps, Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	s.w = w
	s.steps.Settle()
	t.Cleanup(func() { s.desk.Close() })
	return s
}

// window is the program's; the test driver makes one of its own before.
func (s *session) window() fyne.Window {
	all := s.app.Driver().AllWindows()
	return all[len(all)-1]
}

func (s *session) texts() string {
	return strings.Join(uitest.Texts(s.window().Canvas().Content()), " | ")
}

func (s *session) typed(text string) {
	s.t.Helper()
	if s.window().Canvas().Focused() == nil {
		s.t.Fatalf("nothing has the focus to type %q into, among %s", text, s.texts())
	}
	for _, r := range text {
		s.window().Canvas().Focused().TypedRune(r)
	}
}

func (s *session) key(name fyne.KeyName) {
	s.t.Helper()
	s.window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
	s.steps.Settle()
}

func (s *session) tab() { test.FocusNext(s.window().Canvas()) }

// menu does what a menu's item does, by its words.
func (s *session) menu(label string) {
	s.t.Helper()
	for _, m := range s.window().MainMenu().Items {
		for _, it := range m.Items {
			if it.Label == label {
				it.Action()
				s.steps.Settle()
				return
			}
		}
	}
	s.t.Fatalf("no menu item says %q", label)
}

func TestWindow_fromFirstStartToAnotherLanguage(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	s.typed("Kajiado 1")
	s.tab()
	s.typed("four words are good")
	s.tab()
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	if err := s.desk.open().Practice(1, 300); err != nil { // as the button does, with less of it
		t.Fatal(err)
	}
	s.desk.Close()

	s = open(t, dir)
	if got := s.texts(); !strings.Contains(got, "Locked") {
		t.Fatalf("the second start shows %s", got)
	}
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	if got := s.texts(); !strings.Contains(got, "Practice campaign") || !strings.Contains(got, "To do here") {
		t.Fatalf("unlocked: %s", got)
	}
	s.menu("People")
	s.menu("New")
	s.typed("Nase")
	if err := s.choose("fr"); err != nil {
		t.Fatal(err)
	}
	if got := s.texts(); !strings.Contains(got, "Personnes") || !strings.Contains(got, "Prénom") {
		t.Errorf("in French: %s", got)
	}
	if got := s.texts(); !strings.Contains(got, "Nase") {
		t.Errorf("what was half typed is gone with the language: %s", got)
	}
	if kept, err := laptop.ReadSettings(dir); err != nil || kept.Lang != "fr" || kept.Campaign == "" || kept.Name != "Kajiado 1" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	s.menu("Synchro")
	if got := s.texts(); !strings.Contains(got, "Où tout se trouve") {
		t.Errorf("the place of syncing: %s", got)
	}
}

// practise comes to the places of a small practice campaign.
func (s *session) practise() {
	s.t.Helper()
	s.typed("Kajiado 1")
	s.tab()
	s.typed("four words are good")
	s.tab()
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	if err := s.desk.open().Practice(1, 300); err != nil {
		s.t.Fatal(err)
	}
	s.w.Opened()
	s.steps.Settle()
}

// over is what a dialog says.
func (s *session) over() string {
	return strings.Join(uitest.Texts(s.window().Canvas().Overlays().Top()), " | ")
}

// choose is what the place of settings does when another language is picked.
func (s *session) choose(lang string) error {
	c := s.desk.Choices()
	c.Lang = lang
	err := s.w.Choose(c)
	s.steps.Settle()
	return err
}

func TestDesk_flagsHoldForOneRun(t *testing.T) {
	d := &desk{dir: t.TempDir(), system: "sw", kept: laptop.Settings{Lang: "fr", Theme: "dark"}, over: settings.Choices{Lang: "pt-BR"}}
	want := settings.Choices{Lang: "pt-BR", Theme: "dark", Scale: 1, Lock: lockAfter}
	if got := d.Choices(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	d.over = settings.Choices{}
	if got := d.Choices().Lang; got != "fr" {
		t.Errorf("without the flag: %s", got)
	}
	d.kept = laptop.Settings{}
	if got := d.Choices().Lang; got != "sw" {
		t.Errorf("at the first start: %s, want the system's", got)
	}
}

func TestFree_neverWritesOverAPaper(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	d := &desk{}
	var got []string
	for range 3 {
		path, err := d.SavePaper("Badges.pdf", func(w io.Writer) error { _, err := w.Write([]byte("%PDF")); return err })
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.Base(path))
	}
	if want := []string{"Badges.pdf", "Badges 2.pdf", "Badges 3.pdf"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWindow_whoIsAtWorkStandsOnEveryChangeAndLocksWithAPIN(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	s.practise()
	s.menu("Who is at work …")
	s.tab() // past the picker
	s.typed("Léa Diop")
	s.tab()
	s.typed("12")
	s.key(fyne.KeyReturn)
	if got := s.over(); !strings.Contains(got, "A PIN has four to eight digits.") {
		t.Errorf("a short PIN: %s", got)
	}
	s.typed("34")
	s.key(fyne.KeyReturn)
	if got := s.texts(); !strings.Contains(got, "Léa Diop ▾") {
		t.Errorf("at work: %s", got)
	}
	if p, ok := s.desk.AtWork(); !ok || p.Name != "Léa Diop" || s.desk.Store().Author() != p.Volunteer {
		t.Errorf("%+v %v", p, ok)
	}
	s.menu("Lock")
	if got := s.texts(); strings.Contains(got, "People lit") || !strings.Contains(got, "The PIN of Léa Diop, or the passphrase of the laptop.") {
		t.Errorf("locked: %s", got)
	}
	s.typed("9999")
	s.key(fyne.KeyReturn)
	if got := s.texts(); !strings.Contains(got, "This is not the PIN.") {
		t.Errorf("a wrong PIN: %s", got)
	}
	s.typed("1234")
	s.key(fyne.KeyReturn)
	if got := s.texts(); !strings.Contains(got, "People lit") {
		t.Errorf("unlocked: %s", got)
	}
}

func TestWindow_aForgottenPINIsChosenAnewByThePassphrase(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	s.practise()
	id, err := s.desk.AddVolunteer("Léa Diop")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.desk.SignIn(id, "1234"); err != nil {
		t.Fatal(err)
	}
	s.menu("Who is at work …")
	s.typed("four words are good") // in the PIN's field: she worked here last
	s.key(fyne.KeyReturn)
	if got := s.over(); !strings.Contains(got, "choose a PIN of four to eight digits") {
		t.Fatalf("after the passphrase: %s", got)
	}
	if err := s.desk.SignIn(id, "5678"); err != nil {
		t.Errorf("a new PIN: %v", err)
	}
}

func TestWindow_locksWhenNobodyIsThere(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "data"))
	s.practise()
	s.steps.Advance(10 * time.Second)
	s.now = s.now.Add(14 * time.Minute)
	s.steps.Advance(10 * time.Second)
	if got := s.texts(); !strings.Contains(got, "People lit") {
		t.Fatalf("after 14 minutes: %s", got)
	}
	s.now = s.now.Add(2 * time.Minute)
	s.steps.Advance(10 * time.Second)
	if got := s.texts(); strings.Contains(got, "People lit") || !strings.Contains(got, "Locked") {
		t.Errorf("after 16 minutes: %s", got)
	}
}

func TestWindow_readyToTravelSaysWhatIsMissingAndLeadsThere(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	s := open(t, filepath.Join(t.TempDir(), "data"))
	s.practise()
	s.menu("Ready to travel or leave …")
	got := s.over()
	for _, want := range []string{"Ready to travel?", "Not yet.", "No village is chosen.", "Nobody is signed in", "There is no fresh backup."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func TestWindow_thePassphraseCanBeChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	s.practise()
	s.menu("Settings")
	s.press("Change the passphrase")
	s.typed("not the old one")
	s.tab()
	s.typed("four other words here")
	s.tab()
	s.typed("four other words here")
	s.key(fyne.KeyReturn)
	if got := s.over(); !strings.Contains(got, "This passphrase does not open") {
		t.Errorf("a wrong old passphrase: %s", got)
	}
	s.window().Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	if err := s.desk.CheckPassphrase([]byte("four other words here")); err != nil {
		t.Errorf("the new passphrase: %v; the window says %s", err, s.texts())
	}
}

// press presses the button with a word, wherever Tab finds it.
func (s *session) press(word string) {
	s.t.Helper()
	for range 60 {
		s.tab()
		if b, ok := s.window().Canvas().Focused().(interface{ Text() string }); ok && b.Text() == word {
			s.key(fyne.KeyReturn)
			return
		}
	}
	s.t.Fatalf("Tab finds no button %q", word)
}

func TestWindow_aListOfPeopleComesInAndGoesOutAgain(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	s := open(t, filepath.Join(t.TempDir(), "data"))
	s.practise()
	before := s.desk.Store().Heads()[s.desk.Store().Self().Log]
	file := filepath.Join(t.TempDir(), "liste.csv")
	if err := os.WriteFile(file, []byte("N°;Prénom;Nom;Sexe;Année\n1;Aïssatou;Sène;F;1994\n2;Moussa;Diop;H;1899\n3;Awa;Fall;F;2001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.menu("People")
	s.menu("Import a list …")
	s.typed(file)
	s.key(fyne.KeyReturn)
	if got := s.over(); !strings.Contains(got, "3 rows in liste.csv") || !strings.Contains(got, "Aïssatou · Moussa · Awa") {
		t.Fatalf("columns: %s", got)
	}
	s.press("What would happen?")
	if got := s.over(); !strings.Contains(got, "2 new, 0 changed, 1 refused") || !strings.Contains(got, "Line 3, Birth year") {
		t.Fatalf("preview: %s", got)
	}
	s.press("Import")
	if got := len(s.desk.Store().Search(fieldwork.KindTrainee, "Sène", 10)); got == 0 {
		t.Errorf("she is not found; the window says %s", s.texts())
	}
	added := s.desk.Store().Heads()[s.desk.Store().Self().Log] - before
	if added != 2 {
		t.Errorf("%d writes", added)
	}
	s.menu("Undo")
	for _, id := range s.desk.Store().Search(fieldwork.KindTrainee, "Awa Fall", 10) {
		if r, _ := s.desk.Store().Record(id); !r.Deleted && fieldwork.Name(r) == "Awa Fall" {
			t.Error("undo did not take all of it back")
		}
	}
}
