package main

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kandili/ui/show"
	"kandili/ui/uitest"
)

// The first day in the practice campaign: each step points at the real thing, F11 goes on and F12 leaves whatever has the focus, and the
// next start goes on where the last one ended.
func TestTour_leadsThroughTheWindowAndIsResumed(t *testing.T) {
	s := practising(t, 20)
	k := &walker{session: s, faults: map[string]string{}}
	note := func(text string) {
		t.Helper()
		if err := s.desk.Store().SetNote("window/tour", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	note("0")
	k.wear("en", 1, 1280, 800)
	shown := func() string { return strings.Join(uitest.Texts(k.canvas().Content()), "|") }
	for _, want := range []string{"Step 1 of 9", "Step 2 of 9", "Step 3 of 9", "Step 4 of 9", "Step 5 of 9", "Step 6 of 9", "Step 7 of 9", "Step 8 of 9"} {
		k.settle()
		if got := shown(); !strings.Contains(got, want) {
			t.Fatalf("%s is not shown: %s", want, got)
		}
		if !ringed(k.canvas().Content()) {
			t.Errorf("%s points at nothing", want)
		}
		k.onFocus(fyne.KeyF11)
	}
	k.wear("en", 1, 1280, 800) // as after another start
	if got := shown(); !strings.Contains(got, "Step 9 of 9") {
		t.Errorf("resumed at %s", got)
	}
	k.onFocus(fyne.KeyF11)
	if got := shown(); strings.Contains(got, "Step ") || string(s.desk.Store().Note("window/tour")) != "done" {
		t.Errorf("after the last step: %s", got)
	}
	note("3")
	k.wear("en", 1, 1280, 800)
	k.onFocus(fyne.KeyF12)
	k.wear("en", 1, 1280, 800)
	if got := shown(); strings.Contains(got, "Step ") {
		t.Errorf("F12 does not leave it for good: %s", got)
	}
	for _, l := range show.Langs() {
		note("0")
		k.wear(l.Code, 1.6, 1024, 600)
		for range 9 {
			k.look(l.Code + " tour")
			k.onFocus(fyne.KeyF11)
		}
	}
	k.tell()
}

// onFocus presses a key on what has the focus, or on the window.
func (k *walker) onFocus(name fyne.KeyName) {
	ev := &fyne.KeyEvent{Name: name}
	if f := k.canvas().Focused(); f != nil {
		f.TypedKey(ev)
	} else {
		k.canvas().OnTypedKey()(ev)
	}
	k.settle()
}

// ringed says whether the amber ring of the tour is drawn.
func ringed(o fyne.CanvasObject) bool {
	return uitest.Has(o, func(o fyne.CanvasObject) bool {
		r, ok := o.(*canvas.Rectangle)
		return ok && r.StrokeWidth == 4 && r.Size().Width > 40
	})
}
