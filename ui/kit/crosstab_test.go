package kit_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/uitest"
)

func crossOf(rows, cols int) kit.CrossData {
	return kit.CrossData{Rows: rows, Cols: cols, Corner: "Name", Total: "Total",
		Name:     func(i int) string { return fmt.Sprintf("Person %03d", i) },
		Head:     func(j int) (string, string) { return fmt.Sprintf("Day %d", j), "Assembly" },
		Cell:     func(i, j int) kit.Status { return kit.Status{Word: fmt.Sprintf("%d·%d", i, j)} },
		RowTotal: func(i int) string { return "r" }, ColTotal: func(j int) string { return "c" }}
}

func TestCrossTab_threeHundredByTwentyByKeyboard(t *testing.T) {
	var c *kit.CrossTab
	w := uitest.New(t, 900, 500, func() fyne.CanvasObject { c = kit.NewCrossTab(); return kit.Inset(20, c) })
	c.SetData(crossOf(300, 20))
	var opened string
	c.OnOpened = func(i, j int) { opened = fmt.Sprint(i, " ", j) }
	w.Canvas().Focus(c)
	press := func(key fyne.KeyName, times int) {
		for range times {
			w.Key(key)
		}
		w.Settle()
	}
	at := func(want string) {
		t.Helper()
		press(fyne.KeyReturn, 1)
		if opened != want {
			t.Errorf("at %s, want %s", opened, want)
		}
		i, j, _ := strings.Cut(want, " ")
		if !strings.Contains(strings.Join(w.Texts(), " "), i+"·"+j) {
			t.Errorf("the chosen cell is not in sight: %q", w.Texts())
		}
	}
	at("0 0")
	press(fyne.KeyDown, 40)
	press(fyne.KeyRight, 12)
	at("40 12")
	press(fyne.KeyEnd, 1)
	at("40 19")
	press(fyne.KeyHome, 1)
	press(fyne.KeyUp, 50)
	at("0 0")
	w.Type("person 29")
	at("290 0")
	press(fyne.KeyDown, 50)
	at("299 0")
	if n := len(w.Texts()); n > 200 {
		t.Errorf("%d texts are drawn", n)
	}
	c.SetData(crossOf(3, 2))
	at("2 0")
	c.SetData(crossOf(0, 0))
	opened = ""
	press(fyne.KeyReturn, 1)
	if opened != "" {
		t.Errorf("an empty table opened %s", opened)
	}
}

func TestChecks_movesAndTicks(t *testing.T) {
	var said []string
	var c *kit.Checks
	w := uitest.New(t, 240, 200, func() fyne.CanvasObject {
		c = kit.NewChecks(kit.Option{Value: "a", Word: "Assembly"}, kit.Option{Value: "b", Word: "Wiring"}, kit.Option{Value: "c", Word: "Safety"})
		return kit.Inset(20, c)
	})
	c.OnChanged = func(v []string) { said = append(said, strings.Join(v, "+")) }
	c.SetValues([]string{"b", "gone"})
	w.Canvas().Focus(c)
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeySpace, fyne.KeyLeft, fyne.KeySpace} {
		w.Key(k)
	}
	if got := strings.Join(said, " "); got != "a+b a+b+c a+c" {
		t.Errorf("said %q", got)
	}
	w.TapText("Safety")
	if got := strings.Join(c.Values(), "+"); got != "a" {
		t.Errorf("ticked %q", got)
	}
	c.SetOptions(kit.Option{Value: "a", Word: "Assembly"})
	if got := strings.Join(c.Values(), "+"); got != "a" || len(w.Texts()) != 1 {
		t.Errorf("with fewer options: %q, %q", got, w.Texts())
	}
}

func BenchmarkCrossTab_arrow(b *testing.B) {
	var c *kit.CrossTab
	w := uitest.New(b, 1000, 600, func() fyne.CanvasObject { c = kit.NewCrossTab(); return kit.Inset(20, c) })
	c.SetData(crossOf(300, 20))
	w.Canvas().Focus(c)
	for i := 0; b.Loop(); i++ {
		w.Key([]fyne.KeyName{fyne.KeyDown, fyne.KeyRight, fyne.KeyPageDown, fyne.KeyEnd}[i%4])
	}
}
