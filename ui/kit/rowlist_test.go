package kit_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/uitest"
)

func TestRowList_lettersGoToTheNextTitle(t *testing.T) {
	names := []string{"Amina Nasieku", "Nasieku Leshan", "Nasieku Parsitau", "Élodie Sow", "Nkatha Kamau", "Élie Diop"}
	var l *kit.RowList
	opened := ""
	w := uitest.New(t, 400, 400, func() fyne.CanvasObject {
		l = kit.NewRowList(func(i int) kit.RowItem { return kit.RowItem{ID: names[i], Title: names[i]} })
		l.OnOpened = func(id string) { opened = id }
		l.SetCount(len(names))
		return kit.NewRoot(l)
	})
	w.Tab()
	for _, step := range []struct{ typed, want string }{
		{"n", "Nasieku Leshan"},
		{"n", "Nasieku Parsitau"}, // no title begins with nn: on to the next one
		{"asieku l", "Nasieku Leshan"},
		{"z", "Nasieku Leshan"},
		{"E", "Élodie Sow"},
		{"li", "Élie Diop"},
		{"z", "Élie Diop"},
		{"a", "Amina Nasieku"},
		{"na", "Nasieku Leshan"}, // a second letter stays where it fits
	} {
		if enter(w, step.typed); l.SelectedID() != step.want {
			t.Errorf("after %q: %q, want %q", step.typed, l.SelectedID(), step.want)
		}
	}
	w.Key(fyne.KeySpace) // within a word being typed
	if opened != "" {
		t.Errorf("a blank opened %q", opened)
	}
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeySpace)
	if opened != "Nasieku Parsitau" {
		t.Errorf("Space opened %q", opened)
	}
}

func TestRowList_lettersInAnEmptyList(t *testing.T) {
	none := []string{}
	var l *kit.RowList
	w := uitest.New(t, 400, 400, func() fyne.CanvasObject { l = numbered(&none); return kit.NewRoot(l) })
	w.Tab()
	if enter(w, "p"); l.SelectedID() != "" {
		t.Errorf("selected %q", l.SelectedID())
	}
}

func TestRowList_scrollingReadsOnlyWhatComesIntoSight(t *testing.T) {
	read := 0
	var l *kit.RowList
	w := uitest.New(t, 400, 400, func() fyne.CanvasObject {
		l = kit.NewRowList(func(i int) kit.RowItem { read++; return kit.RowItem{ID: string(rune('a' + i)), Title: "Person"} })
		l.SetCount(1000)
		return kit.NewRoot(l)
	})
	w.Tab()
	w.Key(fyne.KeyHome)
	read = 0
	for range 30 {
		scrollDown(w, 10)
	}
	if read == 0 || read > 8 {
		t.Errorf("300 units of scrolling read %d rows, want one for each that came", read)
	}
	read = 0
	if l.Refresh(); read == 0 {
		t.Error("Refresh read nothing again")
	}
}

// people is the list of that place, with a search's letters marked.
func people() fyne.CanvasObject {
	at := func(tone kit.Tone, mark, word string) kit.Status {
		return kit.Status{Tone: tone, Mark: mark, Word: word}
	}
	rows := []kit.RowItem{
		{Title: "Nasieku Parsitau", Sub: "KJ4-0217-X · 1994 · Olkiramatian", Status: at(kit.Good, kit.MarkFull, "at HQ"), Marks: [][2]int{{0, 7}}},
		{Title: "Nasieku Ole Ntutu", Sub: "KJ2-0088-K · under 25 · Entasopia", Status: at(kit.Quiet, kit.MarkRing, "this laptop"), Marks: [][2]int{{0, 7}}},
		{Title: "Jane Nasiéku Tipis", Sub: "KJ1-0012-3 · 1979 · Oldonyo Nyokie", Status: at(kit.Good, kit.MarkFull, "at HQ"), Marks: [][2]int{{5, 12}}},
		{Title: "Aïssatou Nasieku Sow de la Montagne-Verte et de Olkiramatian", Sub: "KJ4-0231-7 · 1987 · Magadi", Status: at(kit.Dim, kit.MarkHalf, "courier file"),
			Marks: [][2]int{{9, 16}, {27, 60}}},
		{Title: "Resiato Nasieku", Sub: "KJ4-0244-H · 1990 · Oldonyo Nyokie", Marks: [][2]int{{8, 15}, {3, 3}, {40, 50}}},
		{Title: "Wanjiru Kamau", Sub: "KJ4-0250-2 · 1990 · Shompole"},
	}
	for i := range rows {
		rows[i].ID = rows[i].Sub
	}
	l := kit.NewRowList(func(i int) kit.RowItem { return rows[i] })
	l.SetHeader("Name", "Where")
	l.SetCount(len(rows))
	l.SelectID(rows[1].ID)
	return kit.NewRoot(kit.Inset(24, l))
}

func TestRowList_marksWhatWasFound(t *testing.T) {
	w := uitest.New(t, 488, 380, people)
	w.Golden("rows-marked.png")
	if !slices.ContainsFunc(w.Texts(), func(s string) bool { return strings.HasPrefix(s, "Aïssatou") && strings.HasSuffix(s, "…") }) {
		t.Errorf("the long title has no ellipsis: %q", w.Texts())
	}
}

func TestRowList_headerStaysAbove(t *testing.T) {
	w := uitest.New(t, 488, 260, people)
	before, _, _ := textAt(w, "Where")
	scrollDown(w, 80)
	if after, _, ok := textAt(w, "Where"); !ok || after != before {
		t.Errorf("the header went from %v to %v", before, after)
	}
	w.Golden("rows-scrolled.png")
}
