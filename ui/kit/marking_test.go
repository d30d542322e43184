package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/task"
	"kandili/ui/uitest"
)

func TestRowList_marksRowsForWorkOnMany(t *testing.T) {
	items := []string{"a", "b", "c", "d"}
	var l *kit.RowList
	said, opened := -1, ""
	w := uitest.New(t, 400, 400, func() fyne.CanvasObject {
		l = numbered(&items)
		l.OnMarked = func(n int) { said = n }
		l.OnOpened = func(id string) { opened = id }
		l.SetCount(len(items))
		return kit.NewRoot(l)
	})
	w.Tab()
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeySpace)
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeySpace)
	if got := l.Marked(); !slices.Equal(got, []string{"a", "c"}) || said != 2 || opened != "" {
		t.Errorf("marked %q, said %d, opened %q", got, said, opened)
	}
	items = []string{"c", "a", "x"} // sorted otherwise; b and d are not in sight
	l.SetCount(len(items))
	if got := l.Marked(); !slices.Equal(got, []string{"c", "a"}) {
		t.Errorf("after the list changed: %q", got)
	}
	l.TypedShortcut(&fyne.ShortcutSelectAll{})
	if said != 3 {
		t.Errorf("Ctrl A marks %d", said)
	}
	l.TypedShortcut(&fyne.ShortcutSelectAll{})
	if said != 0 || len(l.Marked()) != 0 {
		t.Errorf("Ctrl A again leaves %d", said)
	}
}

func TestForm_summaryLeadsToTheFirstWrongField(t *testing.T) {
	form := kit.NewForm()
	form.Mend = func(labels string) string { return "To mend: " + labels }
	a, b := kit.NewEntry(""), kit.NewEntry("")
	w := uitest.New(t, 500, 400, func() fyne.CanvasObject {
		form.Add("a", kit.NewField("Given name", a, ""))
		form.Add("b", kit.NewField("Birth year", b, ""))
		return kit.NewRoot(form.Object())
	})
	if form.SetErrors(nil); form.Summary.Visible() {
		t.Error("a summary of nothing")
	}
	form.SetErrors(map[string]string{"a": "Fill this in.", "b": "Not a year."})
	if got := form.Summary.Text(); got != "To mend: Given name, Birth year" {
		t.Errorf("says %q", got)
	}
	form.Mended("a")
	if got := form.Summary.Text(); got != "To mend: Birth year" {
		t.Errorf("after one was mended: %q", got)
	}
	w.Settle()
	w.Canvas().Focus(form.Summary)
	if w.Key(fyne.KeyReturn); w.Canvas().Focused() != fyne.Focusable(b) {
		t.Errorf("leads to %v", w.Canvas().Focused())
	}
	if form.Mended("b"); form.Summary.Visible() {
		t.Error("stays when all is mended")
	}
}

func TestToast_offersSomethingToDo(t *testing.T) {
	s := task.NewStep()
	var toast *kit.Toast
	e := kit.NewEntry("")
	w := uitest.New(t, 700, 300, func() fyne.CanvasObject { toast = kit.NewToast(s); return kit.NewRoot(kit.Fill(0, e, toast)) })
	undone := 0
	w.Tab()
	toast.Offer(kit.Good, "34 people moved.", "Undo", "Ctrl Z", func() { undone++ })
	if w.Canvas().Focused() != fyne.Focusable(e) {
		t.Error("the toast took the focus")
	}
	if s.Advance(7e9); !toast.Visible() {
		t.Error("gone before it can be pressed")
	}
	w.Tab()
	w.Key(fyne.KeyReturn)
	if undone != 1 || toast.Visible() {
		t.Errorf("undone %d times, still there: %v", undone, toast.Visible())
	}
	toast.Offer(kit.Good, "34 people moved.", "Undo", "Ctrl Z", func() { undone++ })
	toast.Say(kit.Good, "Something else.")
	if slices.Contains(w.Texts(), "Undo") {
		t.Error("the button stays at another message")
	}
}

func TestWork_isStoppedOnce(t *testing.T) {
	var work *kit.Work
	stopped := 0
	w := uitest.New(t, 500, 200, func() fyne.CanvasObject { work = kit.NewWork("Stop"); return kit.NewRoot(kit.Column(0, work)) })
	work.Begin("Making badges", func() { stopped++ })
	w.Tab()
	w.Key(fyne.KeyReturn)
	if w.Key(fyne.KeyReturn); stopped != 1 {
		t.Errorf("stopped %d times", stopped)
	}
	if work.End(); work.Visible() || w.Canvas().Focused() != nil {
		t.Error("ended, and still there or in focus")
	}
}

func TestStates_oneAtATime(t *testing.T) {
	var s *kit.States
	w := uitest.New(t, 500, 300, func() fyne.CanvasObject { s = kit.NewStates(kit.NewText("rows")); return kit.NewRoot(s.Object()) })
	s.Instead(kit.NewFailed("Could not be read", "Try again."))
	if got := w.Texts(); slices.Contains(got, "rows") || !slices.Contains(got, "Try again.") {
		t.Errorf("shows %q", got)
	}
	if s.Content(); !slices.Contains(w.Texts(), "rows") {
		t.Errorf("shows %q", w.Texts())
	}
}
