package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/ui/uitest"
)

// practising is a window in the practice campaign, unlocked, with so many per mille of the reference programme; zero: with next to
// nothing.
func practising(t testing.TB, perMille int) *session {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	if err := s.desk.Create("Kajiado 1", []byte("four words are good")); err != nil {
		t.Fatal(err)
	}
	practise := func() error { return s.desk.open().PracticeSmall(1, perMille) }
	if perMille == 0 {
		practise = func() error { return s.desk.open().Practice(1, 1) }
	}
	if err := practise(); err != nil {
		t.Fatal(err)
	}
	if err := s.desk.Store().SetNote("window/tour", []byte("done")); err != nil {
		t.Fatal(err)
	}
	s.desk.Close()
	s = open(t, dir)
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	return s
}

// The order of Tab of every place, of what its rows lead to, and of its dialogs, reads as in testdata/taborder.txt; UPDATE_GOLDEN=1
// writes it anew.
func TestWindow_tabOrderReadsSensibly(t *testing.T) {
	k := &walker{session: practising(t, 20), faults: map[string]string{}}
	k.wear("en", 1, 1280, 800)
	var b strings.Builder
	told := map[string]bool{}
	tell := func(head string) {
		order := uitest.Reading(k.root())
		text := strings.Join(order, "\n  ")
		if len(order) == 0 || told[text] {
			return
		}
		told[text] = true
		fmt.Fprintf(&b, "%s\n  %s\n\n", head, text)
	}
	for _, it := range k.places() {
		it.Action()
		k.settle()
		tell(it.Label)
		for i := range uitest.Stops(k.canvas().Content()) {
			it.Action()
			k.settle()
			stops := uitest.Stops(k.canvas().Content())
			if i >= len(stops) {
				break
			}
			name := uitest.Reading(k.canvas().Content())[i]
			k.press(stops[i])
			tell(it.Label + " › " + name)
			k.back()
			k.steps.Advance(13 * time.Second) // messages of a save are gone
		}
	}
	compare(t, filepath.Join("testdata", "taborder.txt"), b.String())
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s differs from line %d on:\n%s\nReview it, then UPDATE_GOLDEN=1.", path, i+1, strings.Join(g[i:min(i+8, len(g))], "\n"))
		}
	}
	t.Fatalf("%s has lines that are no longer there", path)
}

// Wherever the focus is, it is seen, F1 helps, Esc comes back, and every stop is reached by Tab.
func TestWindow_focusIsSeenAndKeysWorkEverywhere(t *testing.T) {
	k := &walker{session: practising(t, 20), faults: map[string]string{}}
	k.wear("en", 1, 1280, 800)
	for _, it := range k.places() {
		it.Action()
		k.settle()
		n := len(uitest.Stops(k.canvas().Content()))
		seen := map[fyne.Focusable]bool{}
		for range n + 2 {
			k.tab()
			f := k.canvas().Focused()
			if f == nil {
				continue
			}
			seen[f] = true
			where := it.Label + ": " + strings.Join(uitest.Reading(f.(fyne.CanvasObject)), "|")
			if !uitest.ShowsFocus(f.(fyne.CanvasObject)) {
				t.Errorf("%s has the focus, and nobody sees it", where)
			}
			k.keyOn(f, fyne.KeyF1)
			if k.canvas().Overlays().Top() == nil {
				t.Errorf("%s: F1 does nothing", where)
				continue
			}
			k.keyOn(k.canvas().Focused(), fyne.KeyEscape)
			if k.canvas().Overlays().Top() != nil {
				t.Errorf("%s: Esc does not close the help", where)
				k.back()
			}
			if k.canvas().Focused() != f {
				t.Errorf("%s: the focus did not come back from the help", where)
			}
		}
		for _, f := range uitest.Stops(k.canvas().Content()) {
			if d, deaf := f.(fyne.Disableable); !seen[f] && !(deaf && d.Disabled()) {
				t.Errorf("%s: Tab does not reach %q", it.Label, uitest.Reading(f.(fyne.CanvasObject)))
			}
		}
	}
}

func (s *session) keyOn(f fyne.Focusable, name fyne.KeyName) {
	if f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
	}
	s.steps.Settle()
}
