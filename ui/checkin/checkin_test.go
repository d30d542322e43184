package checkin

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// door is a real laptop with a practice campaign, two people and a session that begins at Noon.
type door struct {
	*laptop.Folder
	nasieku, jane, session fieldwork.RecordID
}

func newDoor(t *testing.T) *door {
	t.Helper()
	f, err := laptop.Init(filepath.Join(t.TempDir(), "data"), "Kajiado 1", []byte("four words are good"))
	if err != nil {
		t.Fatal(err)
	}
	f.Now = func() time.Time { return uitest.Noon }
	t.Cleanup(func() { f.Close() })
	if err := f.Practice(1, 1); err != nil {
		t.Fatal(err)
	}
	d := &door{Folder: f}
	site := uitest.Save(t, f.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")))
	person := func(given, family string) fieldwork.RecordID {
		return uitest.Save(t, f.Store(), fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text(given)),
			uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text(family)), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(site)))
	}
	d.nasieku, d.jane = person("Nasieku", "Ole Ntutu"), person("Jane", "Tipis")
	d.session = uitest.Save(t, f.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(site)),
		uitest.Field(fieldwork.SessionTitle, fieldwork.Text("Assembly, second day")), uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.Unix())),
		uitest.Field(fieldwork.SessionExpected, fieldwork.Refs(d.nasieku, d.jane)))
	return d
}

func (d *door) badge(t *testing.T, person fieldwork.RecordID) string {
	t.Helper()
	text, err := d.BadgePayload(person)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func open(t *testing.T, d *door, lang, look string) (*uitest.Desk, *uitest.Window, *Screen) {
	t.Helper()
	desk := uitest.NewDesk(t, lang)
	w, p := desk.Show(t, theme.New(look, 1), 1280, 768, func() place.Place { return New(desk.Env, d.Store(), d) })
	return desk, w, p.(*Screen)
}

func scan(w *uitest.Window, text string) string {
	w.Type(text)
	w.Key(fyne.KeyReturn)
	w.Settle()
	return strings.Join(w.Texts(), " | ")
}

func TestCheckIn_everyScanGetsItsAnswer(t *testing.T) {
	d := newDoor(t)
	_, w, p := open(t, d, "en", theme.Light)
	if s, ok := p.m.Session(); !ok || s.ID != d.session {
		t.Fatalf("the session of today is not open: %+v", s)
	}
	good := d.badge(t, d.nasieku)
	forged := good[:len(good)-1] + "Z"
	if forged == good {
		forged = good[:len(good)-1] + "Y"
	}
	for _, c := range []struct{ text, say string }{
		{good, "Nasieku Ole Ntutu | Welcome · 1 of 2 here"},
		{good, "Already here | Nasieku Ole Ntutu came in at 12:00. Nothing was counted twice."},
		{forged, "Not a true badge"},
		{"hello", "Unknown code"},
		{fieldwork.CodeOf(d.jane), "Jane Tipis | Welcome · 2 of 2 here"},
	} {
		if got := scan(w, c.text); !strings.Contains(got, c.say) {
			t.Errorf("%s: got %s, want %s", c.text, got, c.say)
		}
		if p.v.code.Text != "" {
			t.Errorf("the field still holds %q", p.v.code.Text)
		}
	}
	if p.m.Refused() != 3 || len(p.m.Recent()) != 5 {
		t.Errorf("%d refused of %d kept", p.m.Refused(), len(p.m.Recent()))
	}
}

func TestCheckIn_aScannerThatEndsWithTab(t *testing.T) {
	d := newDoor(t)
	_, w, p := open(t, d, "en", theme.Light)
	w.Type(d.badge(t, d.nasieku))
	w.Tab()
	if here, _ := p.m.Here(); here != 1 {
		t.Errorf("%d are here", here)
	}
}

func TestCheckIn_findByNameAndWalkIn(t *testing.T) {
	d := newDoor(t)
	desk, w, p := open(t, d, "en", theme.Light)
	p.find()
	w.Type("nasi")
	w.Key(fyne.KeyReturn)
	desk.Steps.Settle()
	if here, _ := p.m.Here(); here != 1 {
		t.Errorf("found by name: %d are here", here)
	}
	p.walkIn()
	w.Key(fyne.KeyReturn)
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "A name is needed") {
		t.Errorf("a walk-in without a name: %s", texts)
	}
	w.Type("Joseph")
	w.Key(fyne.KeyReturn)
	desk.Steps.Settle()
	if here, _ := p.m.Here(); here != 2 {
		t.Errorf("after the walk-in %d are here", here)
	}
	if got := d.Store().Search(fieldwork.KindTrainee, "joseph", 2); len(got) != 1 {
		t.Errorf("registered: %v", got)
	}
}

func TestCheckIn_withoutASessionItSaysWhatToDo(t *testing.T) {
	d := newDoor(t)
	gone := []fieldwork.FieldValue{{Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(true)}}
	if _, err := d.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindSession, Record: d.session, Fields: gone}}}); err != nil {
		t.Fatal(err)
	}
	desk, w, p := open(t, d, "en", theme.Light)
	w.Key(fyne.KeyReturn) // the focus is on the button; without a session there is one to start
	w.Type("Installation")
	w.Key(fyne.KeyReturn)
	desk.Steps.Settle()
	s, ok := p.m.Session()
	if !ok || s.Title != "Installation" {
		t.Fatalf("the door is open for %+v", s)
	}
	if got := scan(w, d.badge(t, d.nasieku)); !strings.Contains(got, "Welcome") {
		t.Errorf("at the new session: %s", got)
	}
}

func TestCheckIn_pictures(t *testing.T) {
	for _, c := range []struct{ name, lang, look string }{{"good.png", "en", theme.Light}, {"twice-fr.png", "fr", theme.Dark}, {"forged-sunlight.png", "en", theme.Sunlight}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDoor(t)
			_, w, p := open(t, d, c.lang, c.look)
			good := fieldwork.CodeOf(d.nasieku)
			scan(w, good)
			switch c.lang + c.look {
			case "fr" + theme.Dark:
				scan(w, good)
			case "en" + theme.Sunlight:
				scan(w, "XXX")
			}
			p.v.recent.SetCount(0) // codes there differ from run to run
			w.Golden(c.name)
		})
	}
}
