package kit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/uitest"
)

var villages = []kit.PickItem{
	{Value: "v1", Word: "Entasopia", Sub: "214 people"}, {Value: "v2", Word: "Entarara", Sub: "12 people"},
	{Value: "v3", Word: "Magadi", Sub: "Kajiado"}, {Value: "v4", Word: "Magadi", Sub: "Narok"}, {Value: "v5", Word: "Olkiramatian", Sub: "96 people"},
	{Value: "v6", Word: "Shompole", Sub: "71 people"}, {Value: "v7", Word: "Thiès", Sub: "3 people"}, {Value: "v8", Word: "Oldonyo Nyokie", Sub: "34 people"},
}

func findVillage(text string) (found []kit.PickItem) {
	for _, v := range villages {
		if strings.HasPrefix(fieldwork.Fold(v.Word), fieldwork.Fold(text)) {
			found = append(found, v)
		}
	}
	return found
}

// picking is a window with a picker, another entry below it, and what the picker said.
type picking struct {
	*uitest.Window
	picker *kit.Picker
	other  *kit.Entry
	said   []string
}

func newPicking(t *testing.T) *picking {
	p := &picking{}
	p.Window = uitest.New(t, 420, 600, func() fyne.CanvasObject {
		p.picker = kit.NewPicker("Village", findVillage)
		p.picker.None = "No village is called so."
		p.picker.OnPicked = func(value string) { p.said = append(p.said, value) }
		p.other = kit.NewEntry("")
		form := kit.NewForm()
		form.Add("village", kit.NewField("Village", p.picker, "Type the first letters."))
		form.Add("other", kit.NewField("Household", p.other, ""))
		return kit.NewRoot(kit.Inset(24, form.Object()))
	})
	p.Tab()
	return p
}

func (p *picking) typed() string {
	e, ok := p.picker.Target().(*kit.Entry)
	if !ok {
		return ""
	}
	return e.Text
}

func (p *picking) lists(word string) bool { return slices.Contains(p.Texts(), word) }

func (p *picking) check(t *testing.T, when, value, text string, said ...string) {
	t.Helper()
	if p.picker.Value() != value || p.typed() != text || !slices.Equal(p.said, said) {
		t.Errorf("%s: value %q, text %q, said %q; want %q, %q, %q", when, p.picker.Value(), p.typed(), p.said, value, text, said)
	}
}

func TestPicker_typingListsAndEnterTakes(t *testing.T) {
	p := newPicking(t)
	enter(p.Window, "enta")
	if !p.lists("Entasopia") || !p.lists("12 people") || p.lists("Shompole") {
		t.Errorf("the window says %q", p.Texts())
	}
	if p.Canvas().Focused() != p.picker.Target() {
		t.Error("the list took the focus")
	}
	p.Key(fyne.KeyDown)
	p.Key(fyne.KeyReturn)
	p.check(t, "Enter", "v2", "Entarara", "v2")
	if p.lists("12 people") {
		t.Error("the list is still open")
	}
	if enter(p.Window, "S"); !p.lists("Shompole") {
		t.Errorf("typing does not replace what was picked: %q", p.typed())
	}
}

func TestPicker_downOffersEverything(t *testing.T) {
	p := newPicking(t)
	p.picker.SetValue("v3", "Magadi")
	p.Key(fyne.KeyDown) // opens at what is picked
	p.Key(fyne.KeyDown)
	p.Key(fyne.KeyReturn)
	p.check(t, "one further", "v4", "Magadi", "v4")
	p.Key(fyne.KeyDown)
	for range 20 {
		p.Key(fyne.KeyDown)
	}
	if !p.lists("Oldonyo Nyokie") {
		t.Errorf("the last row is not in sight: %q", p.Texts())
	}
	p.Key(fyne.KeyPageUp)
	p.Key(fyne.KeyUp)
	if !p.lists("Entasopia") {
		t.Errorf("the first row did not come back: %q", p.Texts())
	}
}

func TestPicker_escChangesNothing(t *testing.T) {
	p := newPicking(t)
	outside := 0
	p.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { outside++ })
	p.picker.SetValue("v6", "Shompole")
	enter(p.Window, "Ent")
	p.Key(fyne.KeyEscape)
	p.check(t, "Esc", "v6", "Shompole")
	if p.lists("Entasopia") || outside != 0 {
		t.Errorf("list open: %v, Esc went to the window %d times", p.lists("Entasopia"), outside)
	}
	if p.Key(fyne.KeyEscape); outside != 1 {
		t.Error("the second Esc did not reach the window")
	}
}

func TestPicker_leavingPutsBackWhatWasNotPicked(t *testing.T) {
	for _, c := range []struct{ name, typed, value, text, said string }{
		{"half a word", "Enta", "v6", "Shompole", ""},
		{"nothing of the sort", "zzz", "v6", "Shompole", ""},
		{"the whole word without its accent", " thies ", "v7", "Thiès", "v7"},
		{"two of the same word", "Magadi", "v6", "Shompole", ""},
		{"what is picked", "shompole", "v6", "Shompole", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPicking(t)
			p.Tab()
			p.picker.SetValue("v6", "Shompole")
			p.Canvas().Focus(p.picker.Target())
			enter(p.Window, c.typed)
			p.Tab()
			var said []string
			if c.said != "" {
				said = []string{c.said}
			}
			p.check(t, "left", c.value, c.text, said...)
			if p.Canvas().Focused() != fyne.Focusable(p.other) || p.lists("214 people") {
				t.Errorf("after Tab the window says %q", p.Texts())
			}
		})
	}
}

func TestPicker_emptiedPicksNothing(t *testing.T) {
	p := newPicking(t)
	p.Tab()
	p.picker.SetValue("v6", "Shompole")
	p.Canvas().Focus(p.picker.Target())
	p.Key(fyne.KeyBackspace)
	p.Tab()
	p.check(t, "left empty", "", "", "")
	p.picker.SetValue("v6", "Shompole")
	p.Canvas().Focus(p.picker.Target())
	p.Key(fyne.KeyDelete)
	p.Key(fyne.KeyReturn)
	p.check(t, "Enter in an empty one", "", "", "", "")
}

func TestPicker_nothingFoundSaysSoAndEnterStays(t *testing.T) {
	p := newPicking(t)
	outside := 0
	p.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { outside++ })
	if enter(p.Window, "zzz"); !p.lists("No village is called so.") {
		t.Errorf("the window says %q", p.Texts())
	}
	p.Key(fyne.KeyReturn)
	p.check(t, "Enter", "", "zzz")
	if outside != 0 {
		t.Error("Enter went on to the window")
	}
}

func TestPicker_wrongInAForm(t *testing.T) {
	form := kit.NewForm()
	var picker *kit.Picker
	w := uitest.New(t, 420, 300, func() fyne.CanvasObject {
		picker = kit.NewPicker("Village", findVillage)
		form.Add("village", kit.NewField("Village", picker, ""))
		return kit.NewRoot(kit.Inset(24, form.Object()))
	})
	form.SetErrors(map[string]string{"village": "Which village? Type its first letters and press Enter."})
	if !form.FocusFirstError() || w.Canvas().Focused() != picker.Target() {
		t.Errorf("the focus is on %v", w.Canvas().Focused())
	}
	w.Canvas().Unfocus()
	w.Golden("picker-wrong.png")
}

func TestPicker_listGoesWithItsPlace(t *testing.T) {
	var place *fyne.Container
	w := uitest.New(t, 420, 300, func() fyne.CanvasObject {
		place = kit.Column(0, kit.NewPicker("Village", findVillage))
		return kit.NewRoot(place)
	})
	w.Tab()
	enter(w, "enta")
	place.Hide()
	w.Settle()
	if _, _, ok := textAt(w, "12 people"); ok {
		t.Error("the list floats over another place")
	}
}

func TestPicker_clickTakes(t *testing.T) {
	p := newPicking(t)
	enter(p.Window, "enta")
	p.TapText("Entarara")
	p.check(t, "click", "v2", "Entarara", "v2")
	if p.Canvas().Focused() != p.picker.Target() {
		t.Error("the focus is gone")
	}
}

func TestPicker_buttonSeesWhatWasTyped(t *testing.T) {
	var picker *kit.Picker
	saved := ""
	w := uitest.New(t, 420, 400, func() fyne.CanvasObject {
		picker = kit.NewPicker("Village", findVillage)
		save := kit.Primary("Save", func() { saved = picker.Value() })
		return kit.NewRoot(kit.Column(12, picker, kit.Fixed(0, 200, kit.NewText("")), save))
	})
	w.Tab()
	enter(w, "entasopia")
	if w.TapText("Save"); saved != "v1" {
		t.Errorf("saved %q, want v1", saved)
	}
}

// The list lies below the entry, above it where there is more room, and shows as many rows as fit.
func TestPicker_listIsNeverCut(t *testing.T) {
	for _, c := range []struct {
		window, above float32
		rows          int
	}{{480, 0, 6}, {480, 150, 6}, {480, 300, 6}, {480, 420, 6}, {260, 30, 4}, {260, 200, 4}, {150, 60, 1}} {
		w := uitest.New(t, 420, c.window, func() fyne.CanvasObject {
			return kit.NewRoot(kit.Column(0, kit.Fixed(0, c.above, kit.NewText("")), kit.NewPicker("Village", findVillage)))
		})
		w.Tab()
		w.Key(fyne.KeyDown)
		rows := 0
		for _, v := range villages {
			top, high, ok := textAt(w, v.Sub)
			if !ok {
				continue
			}
			rows++
			if top < 0 || top+high > c.window {
				t.Errorf("entry at %v of %v: %q is cut at %v", c.above, c.window, v.Sub, top)
			}
			if top+high > c.above && top < c.above+44 {
				t.Errorf("entry at %v of %v: %q lies over it at %v", c.above, c.window, v.Sub, top)
			}
		}
		if rows != c.rows {
			t.Errorf("entry at %v of %v: %d rows, want %d", c.above, c.window, rows, c.rows)
		}
	}
}

func TestPicker_listGoesWithTheScroll(t *testing.T) {
	w := uitest.New(t, 420, 480, func() fyne.CanvasObject {
		return kit.NewRoot(kit.Scroll(kit.Column(0, kit.Fixed(0, 100, kit.NewText("")), kit.NewPicker("Village", findVillage), kit.Fixed(0, 900, kit.NewText("")))))
	})
	w.Tab()
	enter(w, "enta")
	before, _, _ := textAt(w, "12 people")
	test.Scroll(w.Canvas(), fyne.NewPos(200, 460), 0, -60)
	if after, _, ok := textAt(w, "12 people"); !ok || after != before-60 {
		t.Errorf("the list is at %v, want %v", after, before-60)
	}
	test.Scroll(w.Canvas(), fyne.NewPos(200, 460), 0, -300)
	if _, _, ok := textAt(w, "12 people"); ok {
		t.Error("the list stayed although its entry is out of sight")
	}
}

func TestPicker_inDialog(t *testing.T) {
	w := uitest.New(t, 700, 500, func() fyne.CanvasObject { return kit.NewRoot(kit.NewEntry("")) })
	picker := kit.NewPicker("Village", findVillage)
	answer := ""
	kit.ShowDialog(w.Canvas(), kit.Ask{Title: "Move to another village", Body: picker, First: picker.Target(), Yes: "Move", No: "Cancel",
		OnYes: func() bool { answer = picker.Value(); return true }})
	enter(w, "olk")
	w.Golden("picker-dialog.png")
	w.Key(fyne.KeyReturn)
	if answer != "" {
		t.Error("the Enter that takes also closed the dialog")
	}
	if w.Key(fyne.KeyReturn); answer != "v5" {
		t.Errorf("answer %q", answer)
	}
}

func TestPicker_withoutRootMakesRoom(t *testing.T) {
	var picker *kit.Picker
	w := uitest.New(t, 420, 480, func() fyne.CanvasObject { picker = kit.NewPicker("Village", findVillage); return kit.Column(0, picker) })
	before := picker.MinSize().Height
	w.Tab()
	enter(w, "enta")
	w.Settle()
	if top, _, ok := textAt(w, "12 people"); !ok || top < before {
		t.Errorf("the second row is at %v, %v", top, ok)
	}
	if picker.MinSize().Height <= before {
		t.Error("no room was made")
	}
	if w.Key(fyne.KeyReturn); picker.MinSize().Height != before {
		t.Error("the room stayed")
	}
}

// register is a form as on People, with the list open over what is below.
func register() fyne.CanvasObject {
	form := kit.NewForm()
	field := func(label, text string) *kit.Field {
		e := kit.NewEntry("")
		e.SetText(text)
		return form.Add(label, kit.NewField(label, e, ""))
	}
	village := kit.NewPicker("", findVillage)
	two := func(a, b fyne.CanvasObject) fyne.CanvasObject { return kit.Columns(16, []float32{1, 1}, a, b) }
	first := form.Add("village", kit.NewField("Village", village, ""))
	note := kit.Note(kit.NewText("Perhaps the same person: Nasieku Ntutu, KJ1-0031-8, same phone"))
	buttons := kit.Row(12, kit.Primary("Save", nil).WithHint("Ctrl S"), kit.Secondary("Consent", nil), kit.Secondary("History", nil))
	return kit.NewRoot(kit.Inset(24, kit.Scroll(kit.Panel(kit.Column(16, kit.NewTitle("Nasieku Ole Ntutu"), two(first, field("Household", "Ole Ntutu, 6 people")),
		two(field("Given name", "Nasieku"), field("Family name", "Ole Ntutu")), note, buttons)))))
}

func TestPicker_looks(t *testing.T) {
	w := uitest.New(t, 640, 470, register)
	w.Tab()
	enter(w, "Enta")
	w.Golden("picker.png")
}

func TestPicker_looksWithMoreThanFits(t *testing.T) {
	w := uitest.New(t, 640, 470, register)
	w.Tab()
	for range 8 {
		w.Key(fyne.KeyDown)
	}
	w.Golden("picker-many.png")
}

func BenchmarkPicker_keystroke(b *testing.B) {
	many := make([]kit.PickItem, 40)
	for i := range many {
		many[i] = kit.PickItem{Value: fmt.Sprint(i), Word: fmt.Sprint("Village ", i), Sub: "12 people"}
	}
	w := uitest.New(b, 1024, 600, func() fyne.CanvasObject {
		return kit.NewRoot(kit.NewPicker("", func(string) []kit.PickItem { return many }))
	})
	w.Tab()
	for b.Loop() {
		enter(w, "v")
		w.Key(fyne.KeyBackspace)
	}
}
