package kit_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/uitest"
)

const tuesday = 20886 // 2027-03-09

func inWords(day int64) string { return time.Unix(day*86400, 0).UTC().Format("Monday, 2 January 2006") }

func dateText(d *kit.DateField) string {
	e, ok := d.Target().(*kit.Entry)
	if !ok {
		return ""
	}
	return e.Text
}

func newDate(t *testing.T) (*uitest.Window, *kit.DateField, *int) {
	var d *kit.DateField
	changes := new(int)
	w := uitest.New(t, 400, 300, func() fyne.CanvasObject {
		d = kit.NewDateField(func() int64 { return tuesday }, inWords)
		d.Unread = "This is no date. Write 14/3/2027 or 2027-03-14."
		d.OnChanged = func() { *changes++ }
		return kit.NewRoot(kit.Inset(24, kit.Column(16, kit.NewField("Day of the visit", d, ""), kit.NewEntry(""))))
	})
	w.Tab()
	return w, d, changes
}

func TestDateField_shortFormIsSaidInWordsAndWrittenOut(t *testing.T) {
	w, d, changes := newDate(t)
	enter(w, "14/3")
	if got, ok := d.Day(); !ok || got != tuesday+5 {
		t.Errorf("day %d, %v", got, ok)
	}
	if !slices.Contains(w.Texts(), "Sunday, 14 March 2027") || dateText(d) != "14/3" {
		t.Errorf("while typing the window says %q", w.Texts())
	}
	if w.Tab(); dateText(d) != "2027-03-14" {
		t.Errorf("left: %q", dateText(d))
	}
	if *changes != 4 {
		t.Errorf("OnChanged was called %d times, want once a letter", *changes)
	}
}

func TestDateField_keysStep(t *testing.T) {
	w, d, changes := newDate(t)
	for i, step := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyUp, "2027-03-09"}, {fyne.KeyUp, "2027-03-10"}, {fyne.KeyDown, "2027-03-09"}, {fyne.KeyPageUp, "2027-04-09"}, {fyne.KeyPageDown, "2027-03-09"},
		{fyne.KeyPageDown, "2027-02-09"},
	} {
		if w.Key(step.key); dateText(d) != step.want || *changes != i+1 {
			t.Errorf("after %s: %q, %d changes; want %q", step.key, dateText(d), *changes, step.want)
		}
	}
}

func TestDateField_whatIsNoDateStaysAndIsSaid(t *testing.T) {
	w, d, _ := newDate(t)
	enter(w, "30/2/2027")
	if w.Key(fyne.KeyUp); dateText(d) != "30/2/2027" {
		t.Errorf("stepping changed it to %q", dateText(d))
	}
	w.Tab()
	if _, ok := d.Day(); ok || d.Empty() {
		t.Error("it counts as a date, or as nothing")
	}
	if dateText(d) != "30/2/2027" || !slices.Contains(w.Texts(), d.Unread) {
		t.Errorf("the window says %q", w.Texts())
	}
	d.SetDay(-1)
	if got, ok := d.Day(); !ok || got != -1 {
		t.Errorf("day before 1970: %d, %v", got, ok)
	}
	d.Clear()
	if _, ok := d.Day(); ok || !d.Empty() {
		t.Error("cleared, it still has a date")
	}
}

func TestDateField_looks(t *testing.T) {
	w, d, _ := newDate(t)
	d.SetDay(tuesday)
	w.Golden("date.png")
}
