package today

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/ui/place"
	"kandili/ui/show"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// TestToday_theReferenceProgramme: the first page says what HQ's page says, 11,000 people lit.
func TestToday_theReferenceProgramme(t *testing.T) {
	f, err := laptop.Init(filepath.Join(t.TempDir(), "data"), "Kajiado 1", []byte("four words are good"))
	if err != nil {
		t.Fatal(err)
	}
	f.Now = func() time.Time { return uitest.Noon }
	defer f.Close()
	if err := f.Practice(1, 0); err != nil {
		t.Fatal(err)
	}
	desk := uitest.NewDesk(t, "en")
	w, _ := desk.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(desk.Env, f.Store()) })
	texts := w.Texts()
	for _, want := range []string{"Tuesday, 9 March", "11,000", "People lit, measured"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no %q among %q", want, texts)
		}
	}
	w.Golden("programme.png")
}

func TestToday_whatIsToDo(t *testing.T) {
	s := uitest.Store(t)
	words, err := show.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	kinds := func(d Day) (out []string) {
		for _, x := range d.Todo {
			out = append(out, x.Kind)
		}
		return out
	}
	if got := kinds(Work(s, words, fieldwork.RecordID{}, uitest.Noon)); !slices.Equal(got, []string{"first"}) {
		t.Errorf("an empty campaign: %q", got)
	}
	person := uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	lamp := uitest.Save(t, s, fieldwork.KindLamp, uitest.Field(fieldwork.LampTagCode, fieldwork.Text("KJ-1")))
	today := uitest.Noon.Unix() / 86400
	uitest.Save(t, s, fieldwork.KindInstallation, uitest.Field(fieldwork.InstallationLamp, fieldwork.Ref(lamp)),
		uitest.Field(fieldwork.InstallationPlace, fieldwork.Int(fieldwork.PlaceHome)), uitest.Field(fieldwork.InstallationDate, fieldwork.Int(today-100)))
	if err := s.SetDraft("people/new", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	d := Work(s, words, fieldwork.RecordID{}, uitest.Noon)
	if got, want := kinds(d), []string{"draft", "due", "unmeasured", "consent"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if d.Todo[3].At != person || d.Todo[1].At != lamp {
		t.Errorf("they lead to %+v", d.Todo)
	}
	elsewhere := fieldwork.RecordID{Log: fieldwork.LogID{Node: 7}, Seq: 999}
	if got := kinds(Work(s, words, elsewhere, uitest.Noon)); !slices.Equal(got, []string{"draft", "first"}) {
		t.Errorf("at another site: %q", got)
	}
}

// Until the day is worked out nothing is said about it: "nothing is left to do" would be a guess.
func TestToday_saysThatItReads(t *testing.T) {
	s := uitest.Store(t)
	uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	desk := uitest.NewDesk(t, "en")
	var p *Screen
	w := uitest.NewIn(t, theme.New(theme.Light, 1), 1080, 600, func() fyne.CanvasObject {
		p = New(desk.Env, s)
		return p.Content()
	})
	desk.Env.Canvas = w.Canvas
	p.Enter(fieldwork.RecordID{})
	said := func() string { return strings.Join(w.Texts(), " | ") }
	if got := said(); !strings.Contains(got, "Reading what was recorded") || strings.Contains(got, "Nothing is left") {
		t.Errorf("at first: %s", got)
	}
	desk.Steps.Settle()
	if got := said(); strings.Contains(got, "Reading") || !strings.Contains(got, "1 person without consent") {
		t.Errorf("then: %s", got)
	}
}

func TestToday_theSessionOfTheDay(t *testing.T) {
	s := uitest.Store(t)
	desk := uitest.NewDesk(t, "fr")
	for _, h := range []time.Duration{-24, 1, 24} {
		uitest.Save(t, s, fieldwork.KindSession, uitest.Field(fieldwork.SessionTitle, fieldwork.Text("Séance "+uitest.Noon.Add(h*time.Hour).Format("2"))),
			uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.Add(h*time.Hour).Unix())))
	}
	w, _ := desk.Show(t, theme.New(theme.Light, 1), 1024, 600, func() place.Place { return New(desk.Env, s) })
	texts := strings.Join(w.Texts(), " | ")
	if !strings.Contains(texts, "Séance 9 · 13:00") || !strings.Contains(texts, "Mardi 9 mars") {
		t.Errorf("%s", texts)
	}
	w.Golden("small-fr.png")
}

// TestToday_whatOthersSaidComesFirst: HQ's questions to this laptop, what HQ keeps apart of it, two answers for one field.
func TestToday_whatOthersSaidComesFirst(t *testing.T) {
	u := uitest.NewWorld(t)
	id := u.Contested()
	u.Ask(id, fieldwork.TraineePhone, "Whose phone is this?")
	u.Says(journal.Apart{Log: u.Ours.Self().Log, First: 1, Last: 1, Reason: journal.ReasonRevoked})
	d := uitest.NewDesk(t, "en")
	w, _ := d.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(d.Env, u.Ours) })
	texts := strings.Join(w.Texts(), " | ")
	at := -1
	for _, want := range []string{"1 question from HQ", "1 change that HQ keeps apart", "Two answers in 1 record"} {
		i := strings.Index(texts, want)
		if i <= at {
			t.Errorf("%q is at %d, the one before at %d: %s", want, i, at, texts)
		}
		at = i
	}
	w.Golden("told.png")
}
