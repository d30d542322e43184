package printing_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/printing"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

func people(n int) (list []fieldwork.RecordID) {
	for i := range n {
		list = append(list, fieldwork.RecordID{Log: fieldwork.LogID{Node: 7}, Seq: uint64(i + 1)})
	}
	return list
}

// ask opens the dialog for 30 badges over an empty window.
func ask(t *testing.T, d *uitest.Desk, look string, scale float32) *uitest.Window {
	t.Helper()
	w := uitest.NewIn(t, theme.New(look, scale), 1024, 600, func() fyne.CanvasObject { return kit.NewRoot(kit.NewText("")) })
	d.Env.Canvas = w.Canvas
	d.Env.Print(badges(d))
	d.Steps.Advance(time.Second) // the picture comes a little later
	w.Settle()
	return w
}

func badges(d *uitest.Desk) printing.Job {
	t := d.Env.Words.T
	return printing.Job{Title: t("people.badge.title"), File: t("people.badge.file"), Label: true,
		Whose: []printing.Choice{{Value: "all", Word: d.Env.Words.N("people.badge.all", 30), Labels: 30}, {Value: "one", Word: t("people.badge.one", "Nasieku"), Labels: 1}},
		Make: func(w printing.Wish) (printing.Paper, error) {
			n := 30
			if w.Whose == "one" {
				n = 1
			}
			return d.Press.BadgePaper(people(n), w.How)
		}}
}

func TestAsk_enterSavesThePDFAndOpensItWhereThereIsNoPrinter(t *testing.T) {
	d := uitest.NewDesk(t, "en")
	w := ask(t, d, theme.Light, 1)
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if len(d.Files) != 2 || !strings.HasSuffix(d.Files[0], "Badges.pdf") || !strings.HasPrefix(d.Files[1], "opened ") || len(d.Press.Sent) != 0 || d.Press.Done != 1 {
		t.Errorf("files %q, sent %q, printed %d", d.Files, d.Press.Sent, d.Press.Done)
	}
	if len(d.Said) != 1 || !strings.Contains(d.Said[0], "100 %") {
		t.Errorf("said %q", d.Said)
	}
}

func TestAsk_printsAndRemembersHowAndWhereTheSheetWasLeft(t *testing.T) {
	d := uitest.NewDesk(t, "en")
	d.Press.Names = []string{"HP_Laser", "Office"}
	w := ask(t, d, theme.Light, 1)
	w.Choose("Avery L7160 · 3 × 7 · 63.5 × 38.1 mm")
	w.Choose("Office")
	d.Steps.Settle()
	if got := strings.Join(w.Texts(), " "); !strings.Contains(got, "2 sheets") || !strings.Contains(got, "code 24 mm") {
		t.Errorf("it says %q", got)
	}
	w.TapText("Print")
	d.Steps.Settle()
	if len(d.Press.Sent) != 1 || !strings.HasPrefix(d.Press.Sent[0], "Office ") || !slices.Equal(d.Press.Written, []string{"badges 30"}) {
		t.Fatalf("sent %q, written %q", d.Press.Sent, d.Press.Written)
	}
	d.Env.Print(badges(d)) // next day
	d.Steps.Settle()
	var kept struct{ Used map[string]int }
	if json.Unmarshal(d.Press.Kept, &kept); kept.Used["Avery L7160"] != 9 {
		t.Errorf("remembered %s, want 9 labels of the second sheet used", d.Press.Kept)
	}
	texts := strings.Join(w.Texts(), " | ")
	for _, want := range []string{"Avery L7160 · 3 × 7", "Office"} {
		if !strings.Contains(texts, want) {
			t.Errorf("%q is not chosen again: %s", want, texts)
		}
	}
}

func TestAsk_saysWhatIsWrongAndDoesNotPrint(t *testing.T) {
	d := uitest.NewDesk(t, "en")
	w := ask(t, d, theme.Light, 1)
	w.Choose("A grid of my own")
	d.Steps.Settle()
	w.TapText("Print")
	d.Steps.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "a4:3x8:10:2") || len(d.Press.Written) != 0 {
		t.Errorf("written %q, it says %q", d.Press.Written, texts)
	}
	w.Golden("grid-wrong.png")
	w.Type("a4:2x5:12") // the focus went to the field that is wrong
	w.TapText("Print")
	d.Steps.Settle()
	if len(d.Press.Written) != 1 {
		t.Error("a good grid does not print")
	}
}

func TestModel_startStaysOnTheSheet(t *testing.T) {
	d := uitest.NewDesk(t, "en")
	m := printing.NewModel(d.Env.Words, badges(d), []byte(`{"layout":"Avery L7160","used":{"Avery L7160":20}}`))
	w, wrong := m.Wish()
	if len(wrong) != 0 || w.Start != 20 || w.Layout != "Avery L7160" {
		t.Errorf("%+v %v", w, wrong)
	}
	kept, err := m.Remember(w)
	if err != nil || !strings.Contains(string(kept), `"Avery L7160":8`) {
		t.Errorf("%s %v", kept, err)
	}
	for _, broken := range []string{"", "{", `{"layout":"gone","used":{"gone":3}}`, `{"layout":"a4:2x3:10x10:0x0"}`} {
		m := printing.NewModel(d.Env.Words, badges(d), []byte(broken))
		if w, wrong := m.Wish(); len(wrong) != 0 || w.Layout == "" || w.Start != 0 {
			t.Errorf("%s: %+v %v", broken, w, wrong)
		}
	}
}

// A lost badge is printed at the door without a question: on the sheet that was begun.
func TestLast_goesOnWithTheSheetThatWasBegun(t *testing.T) {
	h, then := printing.Last([]byte(`{"layout":"Avery L7160","printer":"pdf","used":{"Avery L7160":20}}`), 1)
	if h.Layout != "Avery L7160" || h.Start != 20 {
		t.Errorf("%+v", h)
	}
	if next, _ := printing.Last(then, 1); next.Start != 0 || !strings.Contains(string(then), `"printer":"pdf"`) {
		t.Errorf("then %+v, remembered %s", next, then)
	}
	for _, broken := range []string{"", "{", `{"layout":"gone"}`} {
		if h, _ := printing.Last([]byte(broken), 1); h != (printing.How{}) {
			t.Errorf("%q: %+v", broken, h)
		}
	}
}

func TestAsk_golden(t *testing.T) {
	for _, c := range []struct {
		name, lang, look string
		scale            float32
	}{{"badges.png", "en", theme.Light, 1}, {"badges-fr-sunlight.png", "fr", theme.Sunlight, 1}} {
		d := uitest.NewDesk(t, c.lang)
		d.Press.Names = []string{"HP_LaserJet_M15"}
		d.Press.Kept = []byte(`{"layout":"Avery L7160","used":{"Avery L7160":4}}`)
		w := ask(t, d, c.look, c.scale)
		w.Golden(c.name)
	}
}
