package marks

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/show"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// world is HQ and two laptops with a strip about one person, whose phone they wrote differently.
type world struct {
	*uitest.World
	t                *testing.T
	hq, ours, theirs *store.Store
	desk             *uitest.Desk
	win              *uitest.Window
	strip            *Strip
	person           fieldwork.RecordID
}

func newWorld(t *testing.T, lang string) *world {
	t.Helper()
	u := uitest.NewWorld(t)
	w := &world{World: u, t: t, hq: u.HQ, ours: u.Ours, theirs: u.Theirs, person: u.Contested()}
	w.desk = uitest.NewDesk(t, lang)
	w.strip = NewStrip(w.desk.Env, w.ours)
	w.win = uitest.NewIn(t, theme.New(theme.Light, 1), 900, 620, func() fyne.CanvasObject {
		return kit.NewRoot(kit.Inset(24, kit.Column(16, w.strip.Content())))
	})
	w.desk.Env.Canvas = w.win.Canvas
	w.strip.OnDone = func() { w.strip.Show(w.person) }
	w.strip.Show(w.person)
	return w
}

func (w *world) write(s *store.Store, f fieldwork.FieldID, v fieldwork.Value) {
	w.Write(s, w.person, f, v)
}
func (w *world) sync() { w.Sync() }

func (w *world) texts() string {
	w.win.Settle()
	return strings.Join(w.win.Texts(), " | ")
}

func (w *world) wants(parts ...string) {
	w.t.Helper()
	got := w.texts()
	for _, p := range parts {
		if !strings.Contains(got, p) {
			w.t.Errorf("no %q in %s", p, got)
		}
	}
}

func (w *world) phone(s *store.Store) string {
	r, _ := s.Record(w.person)
	return r.Get(fieldwork.TraineePhone).Text()
}

func TestStrip_bothValuesWithWhoWhenAndWhereAndOneIsChosenByKeyboard(t *testing.T) {
	w := newWorld(t, "en")
	w.wants("Phone: written differently", "0711 111 111 (this laptop, 9 Mar 2027, 12:00)", "0722 222 222 (Kajiado 2 (", "9 Mar 2027, 13:00)")
	w.win.Golden("contested.png")
	w.win.Tab() // to “Choose”
	w.win.Key(fyne.KeyReturn)
	w.wants("Phone of Nasieku: which holds?", "shown in lists")
	w.win.Golden("choose.png")
	w.win.Key(fyne.KeyDown) // the one that lists do not show
	w.win.Key(fyne.KeyReturn)
	if got := w.phone(w.ours); got != "0711 111 111" {
		t.Fatalf("decided: %q", got)
	}
	w.sync()
	if len(w.ours.Contested())+len(w.theirs.Contested())+len(w.hq.Contested()) != 0 || w.phone(w.theirs) != "0711 111 111" {
		t.Error("not decided for everyone")
	}
	if got := w.texts(); strings.Contains(got, "written differently") {
		t.Errorf("the strip still says %s", got)
	}
	if _, err := w.ours.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	if got := w.phone(w.ours); got != "0722 222 222" {
		t.Errorf("taken back: %q, lists showed 0722 222 222 before", got)
	}
}

func TestStrip_aThirdValueIsTypedAndAWrongOneIsNotTaken(t *testing.T) {
	w := newWorld(t, "en")
	w.win.Tab()
	w.win.Key(fyne.KeyReturn)
	w.win.Tab() // to the entry
	w.win.Type("no")
	w.win.Key(fyne.KeyReturn)
	w.wants("A phone number has digits.")
	if len(w.ours.Contested()) == 0 {
		t.Fatal("a wrong value was taken")
	}
	w.win.Key(fyne.KeyBackspace)
	w.win.Key(fyne.KeyBackspace)
	w.win.Type("0733 333 333")
	w.win.Key(fyne.KeyReturn)
	if got := w.phone(w.ours); got != "0733 333 333" || len(w.ours.Contested()) != 0 {
		t.Errorf("decided: %q", got)
	}
}

func TestStrip_aDeletionAgainstAnEditAsksAndKeeps(t *testing.T) {
	w := newWorld(t, "fr")
	w.write(w.ours, fieldwork.TraineePhone, fieldwork.Text("0711 111 111"))
	w.sync()
	w.write(w.theirs, fieldwork.FieldDeleted, fieldwork.Bool(true))
	w.write(w.ours, fieldwork.TraineeNote, fieldwork.Text("grande"))
	w.sync()
	w.strip.Show(w.person)
	w.wants("Supprimé\u00a0: écrit de deux façons")
	fields := Of(w.desk.Env, w.ours).Fields(w.person)
	if len(fields) != 1 || fields[0].Typable() {
		t.Fatalf("%+v", fields)
	}
	w.win.Tab()
	w.win.Key(fyne.KeyReturn)
	w.win.Key(fyne.KeyReturn) // keep it
	if r, _ := w.ours.Record(w.person); r.Deleted || len(r.Contested) != 0 {
		t.Errorf("kept: %+v", r)
	}
}

func TestStrip_aQuestionOfHQIsAnsweredAndTheAnswerIsAtHQ(t *testing.T) {
	w := newWorld(t, "en")
	q := w.Ask(w.person, fieldwork.TraineePhone, "Whose phone is this?")
	w.strip.Show(w.person)
	w.wants("HQ asks: Whose phone is this?", "Phone · Lea, 9 Mar 2027")
	if asked := Of(w.desk.Env, w.theirs).Asked(); len(asked) != 0 {
		t.Errorf("the other laptop is asked, too: %+v", asked)
	}
	ShowAsked(w.desk.Env, w.ours, w.strip.OnDone)
	w.wants("1 question from HQ", "Nasieku · Lea, 9 Mar 2027")
	w.win.Golden("asked.png")
	w.win.Key(fyne.KeyReturn)
	w.wants("HQ asks about Nasieku", "Your answer")
	w.win.Key(fyne.KeyReturn) // in an area: a line; the button is next
	w.win.Type("Her brother's.")
	w.win.Golden("answer.png")
	w.win.Tab()
	w.win.Key(fyne.KeyReturn)
	w.sync()
	r, _ := w.hq.Record(q)
	if got := r.Get(fieldwork.QuestionAnswer).Text(); got != "Her brother's." || fieldwork.IsOpen(r) {
		t.Errorf("at HQ the answer is %q", got)
	}
	if got := w.texts(); strings.Contains(got, "HQ asks") {
		t.Errorf("still asked: %s", got)
	}
}

func TestStrip_saysThatHQKeepsChangesApartAndWhy(t *testing.T) {
	w := newWorld(t, "en")
	w.Says(journal.Apart{Log: w.ours.Self().Log, First: 1, Last: 2, Reason: journal.ReasonRevoked})
	w.strip.Show(w.person)
	w.wants("HQ keeps changes of this record apart", "was revoked before HQ had them. Nothing is lost")
	if got := w.desk.Env.Where(w.ours.Where(w.person)).Word; got != "kept apart by HQ" {
		t.Errorf("in lists: %q", got)
	}
	ShowRefused(w.desk.Env, w.ours)
	w.wants("2 changes that HQ keeps apart", "Call HQ and say who had the")
}

func TestShowContested_listsEveryFieldThatWaits(t *testing.T) {
	w := newWorld(t, "en")
	ShowContested(w.desk.Env, w.ours, nil)
	w.wants("1 field waits for a decision", "Nasieku · Phone")
	w.win.Key(fyne.KeyReturn)
	w.wants("Phone of Nasieku: which holds?")
}

// TestDialogs_nothingIsCutInAnyLanguageAtAnySize: the dialogs and the strip, at 1024 and with letters of 160 %.
func TestDialogs_nothingIsCutInAnyLanguageAtAnySize(t *testing.T) {
	for _, l := range show.Langs() {
		for _, scale := range []float32{1, 1.6} {
			w := newWorld(t, l.Code)
			w.Ask(w.person, fieldwork.TraineePhone, "Whose phone is this? It is in the list of the committee under another name.")
			w.win = uitest.NewIn(t, theme.New(theme.Sunlight, scale), 824, 512, func() fyne.CanvasObject {
				return kit.NewRoot(kit.Inset(24, kit.Column(16, w.strip.Content())))
			})
			w.desk.Env.Canvas = w.win.Canvas
			w.strip.Show(w.person)
			w.win.Settle()
			faults := uitest.Faults(w.win.Canvas().Content())
			r := Of(w.desk.Env, w.ours)
			for name, open := range map[string]func(){
				"choose":    func() { Choose(w.desk.Env, w.ours, r.Fields(w.person)[0], nil) },
				"reply":     func() { Reply(w.desk.Env, w.ours, r.Questions(w.person)[0], nil) },
				"asked":     func() { ShowAsked(w.desk.Env, w.ours, nil) },
				"contested": func() { ShowContested(w.desk.Env, w.ours, nil) },
				"refused":   func() { ShowRefused(w.desk.Env, w.ours) },
			} {
				open()
				w.win.Settle()
				top := w.win.Canvas().Overlays().Top()
				for _, f := range uitest.Faults(top) {
					faults = append(faults, name+": "+f)
				}
				w.win.Canvas().Overlays().Remove(top)
			}
			for _, f := range faults {
				t.Errorf("%s %.1f: %s", l.Code, scale, f)
			}
		}
	}
}

// TestHistory_saysWhoWhenWhereAndWhat: of a person whom two laptops wrote to, one of them with somebody signed in; one field alone by
// keyboard.
func TestHistory_saysWhoWhenWhereAndWhat(t *testing.T) {
	u := uitest.NewWorld(t)
	lea := uitest.Save(t, u.Ours, fieldwork.KindVolunteer, uitest.Field(fieldwork.VolunteerName, fieldwork.Text("Léa Diop")))
	id := uitest.Save(t, u.Ours, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	u.Sync()
	u.Write(u.Theirs, id, fieldwork.TraineePhone, fieldwork.Text("0711"))
	u.Sync()
	if _, err := u.Ours.Save(store.Draft{Author: lea, Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{
		uitest.Field(fieldwork.TraineePhone, fieldwork.Text("0722")), uitest.Field(fieldwork.TraineeRoles, fieldwork.Ints(1, 2))}}}}); err != nil {
		t.Fatal(err)
	}
	d := uitest.NewDesk(t, "en")
	w := uitest.New(t, 900, 640, func() fyne.CanvasObject { return kit.NewRoot(kit.Column(0)) })
	d.Env.Canvas = w.Canvas
	ShowHistory(d.Env, u.Ours, "Nasieku", id)
	w.Settle()
	got := strings.Join(w.Texts(), " | ")
	for _, want := range []string{"Léa Diop, this laptop", "Phone: 0722", "Roles: learner, builder", "Kajiado 2 (", "Phone: 0711", "Given name: Nasieku", "this laptop"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if strings.Index(got, "Given name:") < strings.Index(got, "0722") { // the other laptop's clock is an hour ahead: its place is by its clock
		t.Errorf("the oldest does not come last: %s", got)
	}
	w.Golden("history.png")
	w.Choose("Phone")
	if got := strings.Join(w.Texts(), " | "); strings.Contains(got, "Roles:") || strings.Contains(got, "Given name:") || !strings.Contains(got, "0711") || !strings.Contains(got, "0722") {
		t.Errorf("the phone alone: %s", got)
	}
}
