package kit_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"kandili/ui/kit"
	"kandili/ui/task"
	"kandili/ui/uitest"
)

func TestButton_enterAndSpacePressIt(t *testing.T) {
	pressed := 0
	b := kit.Primary("Save", func() { pressed++ })
	w := uitest.New(t, 300, 100, func() fyne.CanvasObject { return b })
	w.Tab()
	w.Key(fyne.KeyReturn)
	w.Key(fyne.KeySpace)
	b.Disable()
	w.Key(fyne.KeyReturn)
	if pressed != 2 {
		t.Errorf("pressed %d times, want 2", pressed)
	}
}

func numbered(items *[]string) *kit.RowList {
	return kit.NewRowList(func(i int) kit.RowItem { return kit.RowItem{ID: (*items)[i], Title: "Person " + (*items)[i]} })
}

func TestRowList_keysMoveAndOpen(t *testing.T) {
	var items []string
	for i := range 1000 {
		items = append(items, fmt.Sprint(i))
	}
	var l *kit.RowList
	opened := ""
	w := uitest.New(t, 400, 400, func() fyne.CanvasObject {
		l = numbered(&items)
		l.OnOpened = func(id string) { opened = id }
		l.SetCount(len(items))
		return l
	})
	w.Tab()
	for _, step := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyDown, "0"}, {fyne.KeyDown, "1"}, {fyne.KeyUp, "0"}, {fyne.KeyUp, "0"}, {fyne.KeyEnd, "999"}, {fyne.KeyPageUp, "993"},
		{fyne.KeyHome, "0"}, {fyne.KeyPageDown, "6"},
	} {
		if w.Key(step.key); l.SelectedID() != step.want {
			t.Errorf("after %s: %q, want %q", step.key, l.SelectedID(), step.want)
		}
		if !slices.Contains(w.Texts(), "Person "+step.want) {
			t.Errorf("after %s the selected row is out of sight: %q", step.key, w.Texts())
		}
	}
	if w.Key(fyne.KeyReturn); opened != "6" {
		t.Errorf("opened %q", opened)
	}
	if n := len(w.Texts()); n > 12 {
		t.Errorf("%d rows exist, want those in sight only", n)
	}
}

func TestRowList_selectionFollowsTheRecord(t *testing.T) {
	items := []string{"a", "b", "c"}
	var l *kit.RowList
	uitest.New(t, 400, 300, func() fyne.CanvasObject { l = numbered(&items); l.SetCount(3); return l })
	l.SelectID("b")
	items = []string{"x", "y", "b"}
	l.SetCount(3)
	if l.SelectedIndex() != 2 {
		t.Errorf("at %d, want 2", l.SelectedIndex())
	}
	items = []string{"x"}
	l.SetCount(1)
	if l.SelectedID() != "" {
		t.Errorf("selected %q although it is gone", l.SelectedID())
	}
}

func TestForm_focusesTheFirstErrorAndReveals(t *testing.T) {
	form := kit.NewForm()
	var last *kit.Entry
	w := uitest.New(t, 400, 200, func() fyne.CanvasObject {
		for i := range 8 {
			last = kit.NewEntry("")
			form.Add(fmt.Sprint(i), kit.NewField(fmt.Sprint("Field ", i), last, ""))
		}
		return kit.Scroll(form.Object())
	})
	form.SetErrors(map[string]string{"7": "A birth year lies between 1907 and 2027.", "none": "Something else."})
	w.Settle()
	if !form.FocusFirstError() || w.Canvas().Focused() != fyne.Focusable(last) {
		t.Errorf("focus is on %v", w.Canvas().Focused())
	}
	if !inSight(w.Canvas(), last) {
		t.Error("the field was not scrolled into sight")
	}
	if !slices.Contains(w.Texts(), "Something else.") {
		t.Errorf("no summary in %q", w.Texts())
	}
	if form.Clear(); form.FocusFirstError() {
		t.Error("an error stayed")
	}
}

func TestDialog_escCancelsAndGivesTheFocusBack(t *testing.T) {
	var e *kit.Entry
	w := uitest.New(t, 700, 500, func() fyne.CanvasObject { e = kit.NewEntry(""); return kit.Column(0, e) })
	w.Tab()
	said, inner := "", kit.NewEntry("")
	ask := kit.Ask{Title: "Lost badge?", Yes: "Block it", No: "Cancel", Body: inner, First: inner,
		OnYes: func() bool { said = "yes"; return true }, OnNo: func() { said = "no" }}
	kit.ShowDialog(w.Canvas(), ask)
	if w.Canvas().Focused() != fyne.Focusable(inner) {
		t.Error("the dialog's entry has no focus")
	}
	if w.Key(fyne.KeyEscape); said != "no" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("Esc: %q", said)
	}
	if w.Canvas().Focused() != fyne.Focusable(e) {
		t.Error("the focus did not go back")
	}
	kit.ShowDialog(w.Canvas(), ask)
	if w.Key(fyne.KeyReturn); said != "yes" {
		t.Errorf("Enter: %q", said)
	}
}

func TestEntry_unusedKeysReachTheWindow(t *testing.T) {
	var got fyne.KeyName
	w := uitest.New(t, 300, 100, func() fyne.CanvasObject { return kit.NewEntry("") })
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { got = ev.Name })
	w.Tab()
	for _, key := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyF2} {
		if w.Key(key); got != key {
			t.Errorf("%s did not arrive", key)
		}
	}
}

func TestNav_arrowsAndEnter(t *testing.T) {
	var n *kit.Nav
	w := uitest.New(t, 220, 300, func() fyne.CanvasObject {
		n = kit.NewNav("Kandili", kit.NavItem{ID: "today", Icon: "home", Word: "Today"}, kit.NavItem{ID: "people", Icon: "people", Word: "People"})
		n.Select("today")
		return n
	})
	w.Tab()
	w.Key(fyne.KeyDown)
	if n.Selected() != "today" {
		t.Error("moved without Enter")
	}
	if w.Key(fyne.KeyReturn); n.Selected() != "people" {
		t.Errorf("got %q", n.Selected())
	}
}

func TestChoice_setValueIsSilent(t *testing.T) {
	var c *kit.Choice
	uitest.New(t, 300, 100, func() fyne.CanvasObject {
		c = kit.NewChoice("Choose", kit.Option{Value: "f", Word: "woman"}, kit.Option{Value: "m", Word: "man"})
		return c
	})
	picked := ""
	c.OnPicked = func(v string) { picked = v }
	c.SetValue("m")
	if c.Value() != "m" || picked != "" {
		t.Errorf("value %q, picked %q", c.Value(), picked)
	}
	if c.SetSelected("woman"); picked != "f" {
		t.Errorf("picked %q", picked)
	}
}

func TestToast_goesAwayByItself(t *testing.T) {
	s := task.NewStep()
	var toast *kit.Toast
	uitest.New(t, 500, 300, func() fyne.CanvasObject { toast = kit.NewToast(s); return container.NewStack(toast) })
	if toast.Say(kit.Good, "Saved."); !toast.Visible() {
		t.Error("not shown")
	}
	if s.Advance(7e9); toast.Visible() {
		t.Error("still there")
	}
}

// A dialog that says more than fits is read on by keys, also when the only thing to press is its button.
func TestDialog_isReadByKeys(t *testing.T) {
	w := uitest.New(t, 600, 300, func() fyne.CanvasObject { return kit.NewRoot(kit.NewText("behind")) })
	long := kit.Column(10)
	for i := range 40 {
		long.Add(kit.NewText(fmt.Sprintf("Line %d", i+1)))
	}
	kit.ShowDialog(w.Canvas(), kit.Ask{Title: "History", Body: long, Yes: "Close"})
	w.Settle()
	last := long.Objects[39]
	seen := func() bool {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(last)
		return at.Y > 0 && at.Y < 300
	}
	if seen() {
		t.Fatal("all of it fits")
	}
	for range 8 {
		w.Key(fyne.KeyPageDown)
	}
	if !seen() {
		t.Error("Page Down does not lead to the end")
	}
}

// A message lies over the line at the bottom and the air above it, over all of it and over nothing else.
func TestToast_coversTheLineAtTheBottomAndNoButton(t *testing.T) {
	s := task.NewStep()
	var toast *kit.Toast
	var bar *kit.StatusBar
	var act *kit.Button
	w := uitest.New(t, 824, 500, func() fyne.CanvasObject {
		toast, bar, act = kit.NewToast(s), kit.NewStatusBar(), kit.Primary("Save", nil)
		bar.SetLeft("Last saved on this laptop 14:02")
		place := kit.Inset(24, kit.FillAbove(0, kit.NewText("a place"), kit.Flow(0, act)))
		return kit.NewRoot(container.NewStack(container.NewBorder(nil, bar, nil, nil, place), toast))
	})
	toast.Offer(kit.Good, "34 people moved to Entasopia.", "Undo", "Ctrl Z", func() {})
	w.Settle()
	at := func(o fyne.CanvasObject) (top, bottom float32) {
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
		return y, y + o.Size().Height
	}
	chip := kit.Find(toast, func(o fyne.CanvasObject) bool { _, ok := o.(*canvas.Rectangle); return ok })
	top, bottom := at(chip)
	if _, below := at(act); top < below {
		t.Errorf("the message begins at %v, the button ends at %v", top, below)
	}
	from, to := at(bar)
	if top > from || bottom < to-2 || chip.Size().Width < 800 {
		t.Errorf("the message lies from %v to %v, %v wide; the line from %v to %v", top, bottom, chip.Size().Width, from, to)
	}
}
