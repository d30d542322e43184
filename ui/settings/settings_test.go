package settings

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// lock opens with one passphrase.
type lock struct{ phrase string }

func (l *lock) ChangePassphrase(before, after []byte) error {
	if string(before) != l.phrase {
		return &fieldwork.Problem{Code: "wrong-passphrase"}
	}
	l.phrase = string(after)
	return nil
}

var usual = Choices{Name: "Kajiado 1", Lang: "en", Theme: theme.Light, Scale: 1, Lock: 15}

func open(t *testing.T, lang, look string, scale float32, change func(Choices) error) (*uitest.Desk, *uitest.Window, *Screen, *lock) {
	t.Helper()
	d, l := uitest.NewDesk(t, lang), &lock{"four words are good"}
	about := []string{"Kandili 0.1.0", "/home/lea/.local/share/kandili"}
	w, p := d.Show(t, theme.New(look, scale), 1280, 800, func() place.Place { return New(d.Env, usual, about, l, change) })
	return d, w, p.(*Screen), l
}

func TestSettings_pictures(t *testing.T) {
	keep := func(Choices) error { return nil }
	_, w, _, _ := open(t, "en", theme.Light, 1, keep)
	w.Golden("settings.png")
	_, w, _, _ = open(t, "fr", theme.Sunlight, 1.3, keep)
	w.Golden("settings-fr-sunlight.png")
	_, w, _, _ = open(t, "fil", theme.Dark, 1, keep)
	w.Golden("settings-fil-dark.png")
}

// A choice that cannot be kept is said, and the field stays.
func TestSettings_whatCannotBeKeptIsSaid(t *testing.T) {
	d, w, p, _ := open(t, "en", theme.Light, 1, func(Choices) error { return errors.New("the disk is full") })
	p.name.SetText("Kajiado 2")
	p.save()
	if len(d.Said) != 1 || !strings.Contains(d.Said[0], "the disk is full") || !strings.Contains(d.Said[0], "Try again") {
		t.Errorf("said %q", d.Said)
	}
	if w.Settle(); p.name.Text != "Kajiado 2" {
		t.Error("what was typed is gone")
	}
}

func TestSettings_theOldPassphraseIsAskedFor(t *testing.T) {
	d, w, p, l := open(t, "en", theme.Light, 1, func(Choices) error { return nil })
	p.passphrase()
	w.Type("three words are")
	w.Tab()
	w.Type("short")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	w.Golden("passphrase-wrong.png")
	if texts := w.Texts(); !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "too short") }) || l.phrase != "four words are good" {
		t.Errorf("%q, and it opens with %q", texts, l.phrase)
	}
}
