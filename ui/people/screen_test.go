package people

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/form"
	"kandili/ui/importing"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// drawer keeps whose badges were revoked.
type drawer struct {
	importing.Desk // the real one is driven in cmd/kandili
	revoked        []fieldwork.RecordID
}

func (d *drawer) NewBadge(person, _ fieldwork.RecordID) (int64, error) {
	d.revoked = append(d.revoked, person)
	return 1, nil
}

func open(t *testing.T, lang, look string, scale float32) (*uitest.Desk, *uitest.Window, *Screen, *store.Store) {
	t.Helper()
	s := uitest.Store(t)
	site := uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")))
	for _, name := range [][2]string{{"Nasieku", "Parsitau"}, {"Aïssatou", "Sène"}, {"Jane", "Nasiéku Tipis"}} {
		uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text(name[0])),
			uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text(name[1])), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(site)))
	}
	d := uitest.NewDesk(t, lang)
	d.Env.Site = func() fieldwork.RecordID { return site }
	w, p := d.Show(t, theme.New(look, scale), 1280, 768, func() place.Place { return New(d.Env, s, &drawer{}) })
	return d, w, p.(*Screen), s
}

func TestPeople_lostBadgeIsRevokedAndPrintedAnew(t *testing.T) {
	d, w, p, _ := open(t, "en", theme.Light, 1)
	id := p.m.Row(0).ID
	p.open(id)
	p.Print()
	d.Steps.Settle()
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, p.env.Words.T("people.badge.one", p.m.Name())) {
		t.Errorf("the question shows %q", got)
	}
	badges := p.badge.(*drawer)
	if len(badges.revoked) != 0 {
		t.Error("looking at the picture revoked a badge")
	}
	w.Choose(p.env.Words.T("people.badge.lost"))
	d.Steps.Settle()
	if len(badges.revoked) != 0 {
		t.Error("choosing revoked a badge before it was printed")
	}
	w.TapText(p.env.Words.T("print.do"))
	d.Steps.Settle()
	if len(badges.revoked) != 1 || badges.revoked[0] != id || len(d.Press.Written) != 1 || len(d.Files) != 2 {
		t.Errorf("revoked %v, written %q, files %q", badges.revoked, d.Press.Written, d.Files)
	}
}

func TestPeople_registeredByKeyboardAlone(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	p.New()
	w.Type("Émile")
	w.Tab()
	w.Type("N'Diaye")
	p.Save()
	d.Steps.Settle()
	if got := len(d.Said); got != 1 || !strings.HasPrefix(d.Said[0], "Émile N'Diaye is registered: ") {
		t.Errorf("said %q", d.Said)
	}
	var saved fieldwork.Record
	for _, id := range s.Search(fieldwork.KindTrainee, "emile", 5) {
		saved, _ = s.Record(id)
	}
	if fieldwork.Name(saved) != "Émile N'Diaye" || saved.Get(fieldwork.TraineeSite).Ref() != d.Env.Site() {
		t.Errorf("saved %v", saved)
	}
	if got := p.v.rows.SelectedID(); got != saved.ID.String() {
		t.Errorf("chosen is %q, want her", got)
	}
}

func TestPeople_typingNarrowsEnterOpensEscAsks(t *testing.T) {
	d, w, p, _ := open(t, "en", theme.Light, 1)
	w.Type("nasieku")
	d.Steps.Settle()
	if p.m.Count() != 2 {
		t.Errorf("%d rows", p.m.Count())
	}
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeyReturn)
	if p.m.Form() == nil || !strings.Contains(p.m.Name(), "Nasi") {
		t.Fatalf("open is %q", p.m.Name())
	}
	w.Type("X")
	w.Key(fyne.KeyEscape)
	p.Back()
	if texts := strings.Join(w.Texts(), "|"); !strings.Contains(texts, "Leave without saving?") {
		t.Errorf("nothing asks before typing is lost: %s", texts)
	}
	w.TapText("Throw it away")
	if p.m.Form() != nil {
		t.Error("the form is still open")
	}
}

func TestPeople_aTwinIsShownBeforeSaving(t *testing.T) {
	d, w, p, _ := open(t, "en", theme.Light, 1)
	p.New()
	w.Type("Aissatou")
	w.Tab()
	w.Type("Sene")
	d.Steps.Advance(2 * soon)
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "Perhaps the same person: Aïssatou Sène") {
		t.Errorf("no twin: %s", texts)
	}
	w.Golden("twin.png")
	w.TapText("Look")
	if p.m.Name() != "Aïssatou Sène" {
		t.Errorf("looking shows %q", p.m.Name())
	}
}

func TestPeople_tabGoesTheWayAPersonReads(t *testing.T) {
	_, w, p, _ := open(t, "en", theme.Light, 1)
	p.New()
	w.Settle()
	// The fields: given and family name, birth year, age band, gender, phone, village, guardian, note.
	want := "Name, phone, code or village · New · name ↑ · Export · Aïssatou Sène · Badge · Entry · Entry · Entry · – · – · Entry · Oldonyo Nyokie · Entry · Choose a picture · Entry · Entry · Entry · Entry · Entry · Entry · – · learner · – · – · – · – · – · – · – · Save · Cancel · History"
	if got := strings.Join(uitest.TabOrder(p.Content()), " · "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPeople_pictures(t *testing.T) {
	for _, c := range []struct {
		name, lang, look string
		scale            float32
	}{{"form-en.png", "en", theme.Light, 1}, {"form-fr-sunlight.png", "fr", theme.Sunlight, 1.3}, {"form-en-dark.png", "en", theme.Dark, 1}} {
		t.Run(c.name, func(t *testing.T) {
			d, w, p, _ := open(t, c.lang, c.look, c.scale)
			p.New()
			w.Tab()
			w.Tab()
			w.Type("2031")
			p.Save()
			d.Steps.Settle()
			w.Golden(c.name)
		})
	}
}

// A photo chosen for somebody stands in the form and over her initials, and is saved with her.
func TestPeople_aPhotoStandsOverTheInitials(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	p.Dropped("../photos/testdata/lamp.jpg") // nobody is open
	w.Key(fyne.KeyDown)
	p.Dropped("../photos/testdata/lamp.jpg")
	d.Steps.Settle()
	w.Golden("photo.png")
	p.Save()
	d.Steps.Settle()
	r, _ := s.Record(p.m.Form().Record())
	name, ok := blob.NameOf(r.Get(fieldwork.TraineePhoto))
	if !ok || !s.PhotoState(name).Whole() || !p.v.face.Object.HasImage() {
		t.Errorf("photo %v %v; said %q", name, ok, d.Said)
	}
	undone(t, s, p)
	d.Steps.Settle()
	if p.v.face.Object.Visible() {
		t.Error("the photo was taken back, and its face is still there")
	}
}

// undone takes the last save back as Ctrl+Z does, and tells the place as the window does.
func undone(t *testing.T, s *store.Store, p *Screen) {
	t.Helper()
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	p.Changed(store.Event{Kinds: map[fieldwork.Kind]bool{fieldwork.KindTrainee: true}})
}

// TestPeople_twoAnswersAreSeenAtTheFieldAndDecidedInThePlace: and where she is, with HQ's receipt, stands below her name.
func TestPeople_twoAnswersAreSeenAtTheFieldAndDecidedInThePlace(t *testing.T) {
	u := uitest.NewWorld(t)
	id := u.Contested()
	u.Ask(id, fieldwork.TraineeBirthYear, "Is she really of this age?")
	u.Says()
	d := uitest.NewDesk(t, "en")
	w, p := d.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(d.Env, u.Ours, &drawer{}) })
	p.Enter(id)
	d.Steps.Settle()
	w.Settle()
	texts := strings.Join(w.Texts(), " ")
	for _, want := range []string{"Phone: written differently", "Also written, decide above: 0722 222 222 (Kajiado 2 (", "HQ asks: Is she really of this age?", "question · receipt JY2-1-2BYH · in a proven backup"} {
		if !strings.Contains(texts, want) {
			t.Errorf("no %q in %s", want, texts)
		}
	}
	w.Golden("contested.png")
	u.Write(u.Ours, id, fieldwork.TraineePhone, fieldwork.Text("0733 333 333"))
	p.Changed(store.Event{Kinds: map[fieldwork.Kind]bool{fieldwork.KindTrainee: true}})
	d.Steps.Settle()
	w.Settle()
	if texts := strings.Join(w.Texts(), " "); strings.Contains(texts, "Also written") || strings.Contains(texts, "written differently") {
		t.Errorf("decided, and still %s", texts)
	}
}

// The dialog of a household: who and by which light, where, and the ways out of it.
func TestPeople_aHouseholdIsCorrectedMovedAndLeft(t *testing.T) {
	d, w, p, s := open(t, "fr", theme.Light, 1)
	w.Key(fyne.KeyDown)
	person := p.m.Form().Record()
	m := NewHousehold(s, person)
	if wrong, err := SaveHousehold(d.Env.Words, s, m, person, d.Env.Today()); err != nil || wrong != nil {
		t.Fatal(wrong, err)
	}
	p.askHousehold()
	w.Golden("household.png")
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "Ceux qui y habitent suivent.") || !strings.Contains(got, "Un autre ménage") {
		t.Errorf("the dialog: %s", got)
	}
	w.Canvas().Focus(nil)
	w.Tab()
	for range 3 { // to the women
		w.Tab()
	}
	w.Type("3")
	d.Steps.Advance(time.Second)
	w.Canvas().Overlays().Remove(w.Canvas().Overlays().Top()) // the battery dies
	home, _ := HouseholdOf(s, person)
	p.household(form.Of(home), person)
	w.Settle()
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "| 3 |") {
		t.Errorf("what was half typed is gone: %s", got)
	}
	w.Key(fyne.KeyEscape)
	if s.Draft(homeDraft(form.Of(home), person)) != nil {
		t.Error("Esc keeps what was thrown away")
	}
	p.askHousehold()
	w.TapText("Pas de ce ménage")
	d.Steps.Settle()
	if _, has := HouseholdOf(s, person); has || len(d.Said) == 0 {
		t.Errorf("she still has one; said %q", d.Said)
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	if _, has := HouseholdOf(s, person); !has {
		t.Error("taken back, she has none")
	}
}
