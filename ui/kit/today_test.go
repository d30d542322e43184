package kit_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func todos(say func(string)) []kit.TodoItem {
	item := func(mark string, tone kit.Tone, text, strong, action string) kit.TodoItem {
		return kit.TodoItem{Mark: mark, Tone: tone, Text: text, Strong: strong, Action: action, OnTapped: func() { say(action) }}
	}
	return []kit.TodoItem{
		item(kit.MarkQuestion, kit.Bad, "HQ asks about Naserian Leshan: “Born 1908?”", "Naserian Leshan", "answer"),
		item(kit.MarkWarning, kit.Dim, "Two phone numbers for Wanjiru Kamau, from KJ2 and KJ4", "Wanjiru Kamau", "decide"),
		item("map", kit.Plain, "6 lamps of the fair sample not visited yet", "", "route"),
		item("people", kit.Plain, "3 people without consent", "", "open"),
	}
}

// today is the place of that name, as far as the kit goes.
func today(say func(string)) func() fyne.CanvasObject {
	return func() fyne.CanvasObject {
		here := kit.NewCard("Here now", "27", "")
		here.SetAfter("of 34")
		here.SetBar(27, 34)
		working := kit.NewCard("Lamps working", "203", "92 % (88–95 %)")
		working.SetAfter("of 221 visited")
		lit := kit.NewCard("People lit, measured", "1,046", "of 2,750 · show how this is counted ›")
		lit.SetAmber(true)
		cards := kit.Columns(16, []float32{1, 1, 1, 1}, here, kit.NewCard("Trained so far", "112", "61 women · 38 under 25"), working, lit)
		buttons := kit.Column(12, kit.Primary("Check in", nil).WithHint("Ctrl 3").Tall(), kit.Secondary("Register someone", nil).Tall(),
			kit.Secondary("Install a lamp", nil).Tall(), kit.Secondary("Write down a lesson", nil).Tall())
		below := kit.Columns(16, []float32{3, 2}, kit.NewTodo("To do here", todos(say)...), buttons)
		return kit.NewRoot(kit.Inset(24, kit.Column(16, kit.NewTitle("Tuesday, 9 March"), cards, below)))
	}
}

func TestToday_looks(t *testing.T) {
	w := uitest.New(t, 1080, 600, today(func(string) {}))
	w.Tab()
	w.Tab()
	w.Golden("today.png")
}

func TestToday_looksInSunlightWithLargeLetters(t *testing.T) {
	w := uitest.NewIn(t, theme.New(theme.Sunlight, 1.4), 1080, 860, today(func(string) {}))
	w.Golden("today-sunlight.png")
}

func TestTodo_keysGoThroughTheRowsAndPress(t *testing.T) {
	said := ""
	w := uitest.New(t, 600, 400, func() fyne.CanvasObject {
		return kit.NewRoot(kit.NewTodo("To do here", todos(func(s string) { said = s })...))
	})
	w.Tab()
	for _, step := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyReturn, "answer"}, {fyne.KeyDown, ""}, {fyne.KeySpace, "decide"}, {fyne.KeyUp, ""}, {fyne.KeyUp, ""}, {fyne.KeyEnter, "answer"}} {
		said = ""
		if w.Key(step.key); said != step.want {
			t.Errorf("after %s: %q, want %q", step.key, said, step.want)
		}
	}
}

func TestTodo_focusStaysWhenRowsGo(t *testing.T) {
	var list *kit.Todo
	said := ""
	items := todos(func(s string) { said = s })
	w := uitest.New(t, 600, 400, func() fyne.CanvasObject {
		list = kit.NewTodo("To do here", items...)
		list.SetEmpty("Nothing waits here.")
		return kit.NewRoot(kit.Column(0, list))
	})
	for range 4 {
		w.Tab()
	}
	list.SetItems(items[:2]...)
	if w.Key(fyne.KeyReturn); said != "decide" {
		t.Errorf("pressed %q, want the last row left", said)
	}
	list.SetItems()
	w.Settle()
	if w.Canvas().Focused() != nil || !slices.Contains(w.Texts(), "Nothing waits here.") {
		t.Errorf("focus %v, the window says %q", w.Canvas().Focused(), w.Texts())
	}
}

func TestTodo_longSentenceWraps(t *testing.T) {
	w := uitest.New(t, 420, 400, func() fyne.CanvasObject {
		return kit.NewRoot(kit.Inset(24, kit.Column(0, kit.NewTodo("À faire ici", kit.TodoItem{Mark: kit.MarkQuestion, Tone: kit.Bad, Action: "répondre", Strong: "Naserian Leshan",
			Text: "Le siège demande à propos de Naserian Leshan si son année de naissance est vraiment 1908"},
			kit.TodoItem{Mark: "people", Text: "3 personnes sans consentement", Action: "ouvrir"}))))
	})
	w.Golden("todo-narrow.png")
	for _, text := range w.Texts() {
		if top, high, ok := textAt(w, text); !ok || top+high > 400 {
			t.Errorf("%q is at %v", text, top)
		}
	}
}

func TestBars_looks(t *testing.T) {
	bars := []kit.Bar{
		{Label: "Working", Value: 203, Text: "203"}, {Label: "Dim", Value: 11, Text: "11", Tone: kit.Dim}, {Label: "Broken", Value: 6, Text: "6", Tone: kit.Bad},
		{Label: "Lost", Value: 0, Text: "0"},
	}
	w := uitest.New(t, 860, 260, func() fyne.CanvasObject {
		narrow := kit.NewBars([]kit.Bar{{Label: "Kerosene lamps given up for good", Value: 0.84, Text: "84 %"}, {Label: "Candles", Value: 0.3, Text: "30 %"}})
		narrow.SetMost(1)
		return kit.Inset(24, kit.Columns(24, []float32{5, 3}, kit.Panel(kit.NewBars(bars)), kit.Panel(narrow)))
	})
	w.Golden("bars.png")
}

func TestCard_barAndWordsAfterTheNumber(t *testing.T) {
	var c *kit.Card
	w := uitest.New(t, 400, 300, func() fyne.CanvasObject { c = kit.NewCard("Here now", "27", ""); return kit.Column(0, c) })
	plain := c.MinSize().Height
	c.SetAfter("of 34")
	c.SetBar(27, 34)
	w.Settle()
	if got := c.MinSize().Height; got <= plain {
		t.Errorf("%v high with a bar, %v without", got, plain)
	}
	c.SetBar(0, 0)
	if got := c.MinSize().Height; got != plain {
		t.Errorf("%v high after the bar went, want %v", got, plain)
	}
	if got := fmt.Sprint(w.Texts()); got != "[Here now 27 of 34]" {
		t.Errorf("the window says %s", got)
	}
}
