package training

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
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

// school is a real laptop with a practice campaign, a village of four, a course of two modules, and a session that was held yesterday.
type school struct {
	*laptop.Folder
	site, course, yesterday fieldwork.RecordID
	people                  []fieldwork.RecordID // by name

	papers map[string][]byte
}

func (s *school) SavePaper(name string, write func(io.Writer) error) (string, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return "", err
	}
	s.papers[name] = b.Bytes()
	return "Documents/Kandili/" + name, nil
}

func (s *school) OpenFile(string) error { return nil }
func (s *school) WriteGrid(w io.Writer, format string, g *fieldwork.Grid, words fieldwork.GridWords) error {
	return laptop.WriteGrid(w, format, g, words, time.UTC)
}

var names = [][2]string{{"Aïssatou", "Sène"}, {"Jane", "Tipis"}, {"Joseph", "Kamau"}, {"Nasieku", "Ole Ntutu"}}

func newSchool(t *testing.T) *school {
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
	s := &school{Folder: f, papers: map[string][]byte{}}
	s.site = uitest.Save(t, f.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")))
	for _, n := range names {
		s.people = append(s.people, uitest.Save(t, f.Store(), fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text(n[0])),
			uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text(n[1])), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(s.site))))
	}
	s.course = uitest.Save(t, f.Store(), fieldwork.KindCourse, uitest.Field(fieldwork.CourseTitle, fieldwork.Text("Lamp builder")),
		uitest.Field(fieldwork.CourseModules, fieldwork.Ints(fieldwork.ModuleAssembly, fieldwork.ModuleSafety)))
	day := uitest.Noon.AddDate(0, 0, -1).Unix()
	s.yesterday = uitest.Save(t, f.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(s.site)),
		uitest.Field(fieldwork.SessionCourse, fieldwork.Ref(s.course)), uitest.Field(fieldwork.SessionStart, fieldwork.Int(day)),
		uitest.Field(fieldwork.SessionEnd, fieldwork.Int(day+3*3600)), uitest.Field(fieldwork.SessionModules, fieldwork.Ints(fieldwork.ModuleAssembly)),
		uitest.Field(fieldwork.SessionRoom, fieldwork.Text("School")), uitest.Field(fieldwork.SessionInterpreter, fieldwork.Text("Mary")),
		uitest.Field(fieldwork.SessionMaterials, fieldwork.Text("40 kits, 8 soldering irons")), uitest.Field(fieldwork.SessionExpected, fieldwork.Refs(s.people[:3]...)))
	for i, at := range []int64{day - 300, day + 1800} {
		if a, err := f.Admit(fieldwork.Pass{Session: s.yesterday, Person: s.people[i], Method: fieldwork.MethodRoster, At: at}); err != nil || !a.OK {
			t.Fatalf("%+v %v", a, err)
		}
	}
	return s
}

// set is the place on a window.
type set struct {
	*school
	t    *testing.T
	desk *uitest.Desk
	w    *uitest.Window
	p    *Screen
}

func open(t *testing.T, lang, look string) *set {
	t.Helper()
	return newSchool(t).open(t, lang, look)
}

func (s *school) open(t *testing.T, lang, look string) *set {
	t.Helper()
	desk := uitest.NewDesk(t, lang)
	desk.Env.Site, desk.Env.Files = func() fieldwork.RecordID { return s.site }, s
	w, p := desk.Show(t, theme.New(look, 1), 1280, 768, func() place.Place { return New(desk.Env, s.Store(), s) })
	return &set{s, t, desk, w, p.(*Screen)}
}

func (s *set) settle() string {
	s.desk.Steps.Settle()
	s.w.Settle()
	return strings.Join(s.w.Texts(), " | ")
}

func (s *set) key(keys ...fyne.KeyName) string {
	for _, k := range keys {
		s.w.Key(k)
	}
	return s.settle()
}

func (s *set) has(text string, wants ...string) {
	s.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			s.t.Errorf("%q is not there: %s", want, text)
		}
	}
}

func TestTraining_aNewSessionIsNearlyFilledIn(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.has(s.settle(), "Assembly", "8 Mar 2027 · 12:00–15:00 · Oldonyo Nyokie", "2 of 3 came", "interpreter Mary")
	s.p.New()
	s.has(s.settle(), "Session", "4 people are on the list.")
	f := s.p.m.Form()
	for field, want := range map[string]string{"modules": "safety", "start": "2027-03-09T12:00:00Z", "end": "2027-03-09T15:00:00Z", "room": "School", "interpreter": "Mary",
		"site": s.site.String(), "course": s.course.String()} {
		if got := f.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	s.p.Save()
	s.settle()
	r, ok := s.p.m.Session()
	if !ok || !slices.Equal(r.Get(fieldwork.SessionExpected).Refs(), s.people) || !r.Get(fieldwork.SessionModules).Has(fieldwork.ModuleSafety) {
		t.Fatalf("made %+v", r)
	}
	if n, _ := r.Get(fieldwork.SessionStatus).Int(); n != fieldwork.SessionStatusPlanned {
		t.Errorf("its status is %d", n)
	}
	s.key(keyDoor)
	if !slices.Contains(s.desk.Went, place.CheckIn) {
		t.Errorf("went to %q", s.desk.Went)
	}
	if r, _ := s.p.m.Session(); r.Get(fieldwork.SessionStatus) != fieldwork.Int(fieldwork.SessionStatusOpen) {
		t.Error("its door is not open")
	}
}

func TestTraining_timesAreTypedAsPeopleTypeThem(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.p.New()
	s.settle()
	s.w.Key(fyne.KeySpace) // the focus is on the modules, the first of which is ticked
	kitFocus(s, "start")
	s.w.Type("")
	e := s.p.v.sessionForm.Form.Field("start").Target.(interface{ SetText(string) })
	e.SetText("8.15")
	s.p.v.sessionForm.Form.Field("end").Target.(interface{ SetText(string) }).SetText("7")
	s.p.Save()
	s.has(s.settle(), "before")
	s.p.v.sessionForm.Form.Field("end").Target.(interface{ SetText(string) }).SetText("2 pm")
	s.p.Save()
	r, ok := s.p.m.Session()
	from, _ := r.Get(fieldwork.SessionStart).Int()
	to, _ := r.Get(fieldwork.SessionEnd).Int()
	if !ok || time.Unix(from, 0).UTC().Format("15:04") != "08:15" || time.Unix(to, 0).UTC().Format("15:04") != "14:00" {
		t.Errorf("from %v to %v", time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC())
	}
	if !r.Get(fieldwork.SessionModules).Has(fieldwork.ModuleAssembly) {
		t.Error("the module ticked by Space is not there")
	}
}

func kitFocus(s *set, field string) { s.w.Canvas().Focus(s.p.v.sessionForm.Form.Field(field).Target) }

func TestTraining_aHalfTypedSessionIsKept(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.p.New()
	s.settle()
	s.p.v.sessionForm.Put("title", "Second day")
	s.desk.Steps.Advance(time.Second)
	s.p.Leave()
	w, again := s.desk.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(s.desk.Env, s.Store(), s.school) })
	again.Enter(place.New)
	w.Settle()
	if got := again.(*Screen).m.Form().Get("title"); got != "Second day" {
		t.Errorf("the title is %q", got)
	}
}

func TestTraining_closingComparesHeads(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.key(keyClose)
	s.w.Type("four")
	s.has(s.key(fyne.KeyReturn), "number")
	for range "four" {
		s.w.Key(fyne.KeyBackspace)
	}
	s.w.Type("4")
	s.has(s.settle(), "2 here by badge, 4 counted: 2 without a badge?")
	s.has(s.key(fyne.KeyReturn), "closed", "2 of 3 came · 4 counted", "absent", "Open again")
	s.key(keyClose)
	if r, _ := s.p.m.Session(); r.Get(fieldwork.SessionStatus) != fieldwork.Int(fieldwork.SessionStatusOpen) {
		t.Error("it does not open again")
	}
}

func TestTraining_howSomebodyTookPartCanBeCorrected(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.key(fyne.KeyReturn) // from the search into the people
	s.key(fyne.KeyEnd)    // Joseph did not come
	s.has(s.key(fyne.KeyReturn), "Joseph Kamau", "How did the person take part?", "excused")
	s.w.Key(fyne.KeyDown) // below absent
	s.has(s.key(fyne.KeyReturn), "excused")
	x := s.p.m.Person(2)
	if x.Name != "Joseph Kamau" || x.Presence != fieldwork.PresenceExcused {
		t.Errorf("%+v", x)
	}
}

func TestTraining_lostBadgeAndGoingOutFromTheList(t *testing.T) {
	s := open(t, "en", theme.Light)
	old, err := s.BadgePayload(s.people[0])
	if err != nil {
		t.Fatal(err)
	}
	s.p.act(s.yesterday, s.people[0], actBadge)
	s.settle()
	if a, _ := s.CheckIn(s.yesterday, old, fieldwork.RecordID{}); a.Reason != fieldwork.RefusalRevoked {
		t.Errorf("the old badge: %+v", a)
	}
	s.key(fyne.KeyReturn)
	if !slices.Equal(s.desk.Press.Written, []string{"badges 1"}) {
		t.Errorf("printed %q", s.desk.Press.Written)
	}
	s.Now = func() time.Time { return uitest.Noon.AddDate(0, 0, -1).Add(time.Hour) }
	s.p.act(s.yesterday, s.people[0], actOut)
	s.settle()
	if x := s.p.m.Person(0); x.Inside || !strings.Contains(x.Line, "1 h 05 min") {
		t.Errorf("%+v", x)
	}
}

func TestTraining_paperIsTypedInByKeyboard(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.key(keyPaper)
	s.has(s.settle(), "Enter a paper list")
	s.has(s.key(fyne.KeyReturn), "1   Aïssatou Sène", "3   Joseph Kamau", "known: present", "2 of 3 here")
	s.key(fyne.KeyDown, fyne.KeyDown)                         // to Joseph
	s.has(s.key(fyne.KeySpace), "3 of 3 here")                // ticked
	s.has(s.key(fyne.KeyRight, fyne.KeyRight), "2 of 3 here") // late, then excused
	s.key(fyne.KeyLeft)                                       // late
	s.p.Save()
	s.has(s.settle(), "3 of 3 came")
	if x := s.p.m.Person(2); x.Presence != fieldwork.PresenceLate {
		t.Errorf("%+v", x)
	}
	if _, err := s.Store().UndoLast(fieldwork.RecordID{}); err != nil { // what Ctrl Z does
		t.Fatal(err)
	}
	s.p.saved()
	s.has(s.settle(), "2 of 3 came")
	s.key(keyPaper)
	s.key(fyne.KeyReturn)
	s.key(fyne.KeyDown, fyne.KeyDown, fyne.KeySpace)
	s.p.Save()
	s.has(s.settle(), "3 of 3 came")
	before := len(s.Store().IDs(fieldwork.KindAttendance))
	s.key(keyPaper)
	s.key(fyne.KeyReturn)
	s.p.Save()
	s.settle()
	if after := len(s.Store().IDs(fieldwork.KindAttendance)); after != before {
		t.Errorf("typed in again, %d attendances were added", after-before)
	}
}

func TestTraining_aRowIsTickedByItsNumberOrItsCode(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.key(keyPaper)
	s.key(fyne.KeyReturn)
	page := s.p.page.(*sheetPage)
	campaign, _ := s.CampaignRecord()
	key, _ := fieldwork.PrintKey(campaign)
	for text, want := range map[string]bool{"3": true, fieldwork.CodeOf(s.people[2]): true, key.RowPayload(s.yesterday, s.people[2]): true, "4": false, "0": false, "nobody": false} {
		page.x.ticks[2] = 0
		page.typed(text)
		if got := page.x.ticks[2] == fieldwork.TickHere; got != want {
			t.Errorf("%q: ticked %v", text, got)
		}
	}
}

func TestTraining_gridByKeyboardAndAsAFile(t *testing.T) {
	s := open(t, "en", theme.Light)
	text := s.key(keyGrid)
	s.has(text, "Attendance, Oldonyo Nyokie", "3 people, 1 session", "Jane Tipis", "late", "2 / 3", "1 / 1")
	s.w.Type("jo")
	if row, col, ok := s.p.page.(*gridPage).table.Chosen(); row != 2 || col != 0 || !ok {
		t.Errorf("chosen %d %d", row, col)
	}
	s.has(s.key(fyne.KeyReturn), "Joseph Kamau · Assembly")
	s.key(fyne.KeyEscape)
	s.p.Save()
	s.settle()
	s.key(fyne.KeyEscape)
	if b := s.papers["Attendance.xlsx"]; !bytes.HasPrefix(b, []byte("PK")) {
		t.Errorf("the workbook has %d bytes", len(b))
	}
	s.p.page.(*gridPage).export("csv")
	s.settle()
	s.has(string(s.papers["Attendance.csv"]), "Jane Tipis,late,1", "Total,2,2")
}

func TestTraining_assessOneAfterTheOther(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.has(s.key(keyAssess), "Aïssatou Sène", "names the parts", "not yet")
	s.w.Type("40")
	s.w.Tab()
	s.w.Type("300")
	s.p.Save()
	s.has(s.settle(), "100")
	page := s.p.page.(*assessPage)
	page.after.SetText("85")
	s.w.Tab()
	s.key(fyne.KeySpace) // the first of the list is shown by hand
	page.can.SetValues([]string{"assemble"})
	s.p.Save()
	s.settle()
	if page.at != 1 {
		t.Fatalf("the next person is %d", page.at)
	}
	r, ok := s.p.m.assessed(s.yesterday, s.people[0], fieldwork.ModuleAssembly)
	if n, _ := r.Get(fieldwork.AssessmentAfterScore).Int(); !ok || n != 85 || !r.Get(fieldwork.AssessmentCompetence).Has(fieldwork.CompetenceAssemble) ||
		r.Get(fieldwork.AssessmentChecklist).Text() != "names_parts" {
		t.Errorf("kept %+v", r)
	}
	s.p.Save()
	s.settle()
	if _, ok := s.p.m.assessed(s.yesterday, s.people[1], fieldwork.ModuleAssembly); ok {
		t.Error("an empty page became an assessment")
	}
	page.load(0)
	page.keep()
	if n := len(s.Store().IDs(fieldwork.KindAssessment)); n != 1 {
		t.Errorf("looked at again, there are %d assessments", n)
	}
}

func TestTraining_certificatesForWhoEarnedThem(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.has(s.key(keyCertify), "Missed: Safety", "not yet", "0 are marked")
	s.p.Back()
	uitest.Save(t, s.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(s.site)), uitest.Field(fieldwork.SessionModules, fieldwork.Ints(fieldwork.ModuleSafety)),
		uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.Unix())))
	safety := s.Store().IDs(fieldwork.KindSession)
	if _, err := s.Admit(fieldwork.Pass{Session: safety[len(safety)-1], Person: s.people[0]}); err != nil {
		t.Fatal(err)
	}
	s.p.m.Open(s.yesterday)
	s.has(s.key(keyCertify), "Nobody saw yet that they can: assemble", "attendance", "1 is marked")
	s.p.Save()
	s.settle()
	s.has(s.key(), "1 certificate is ready")
	s.has(s.key(fyne.KeyReturn), fieldwork.CodeOf(s.Store().IDs(fieldwork.KindCertificate)[0]))
	if !slices.Equal(s.desk.Press.Written, []string{"certificates 1"}) {
		t.Errorf("printed %q", s.desk.Press.Written)
	}
}

func TestTraining_coursesAreMadeAndEdited(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.has(s.key(keyCourses), "2 courses", "Lamp builder", "Assembly, Safety")
	s.p.New()
	s.settle()
	s.p.Save()
	s.has(s.settle(), "Title")
	s.w.Type("Repairer")
	s.w.Tab()
	s.key(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeySpace)
	s.p.Save()
	s.has(s.settle(), "3 courses", "Repairer", "Maintenance and repair")
	s.has(s.key(keyCourses), "1 session")
}

func TestTraining_theListGrowsAtItsEnd(t *testing.T) {
	s := open(t, "en", theme.Light)
	printed := fieldwork.RosterOf(s.yesterday, s.people[:3]).String()
	s.key(keyAdd)
	s.w.Type("nasieku")
	s.has(s.key(fyne.KeyReturn), "2 of 4 came", "Nasieku Ole Ntutu")
	if sheet, err := s.Roster(printed); err != nil || len(sheet.People) != 3 {
		t.Errorf("the list printed before: %+v %v", sheet, err)
	}
	if s.p.m.MayTakeOff(s.yesterday, s.people[0], fieldwork.PresencePresent) {
		t.Error("who came can be taken off the list")
	}
	s.p.askAbout(s.yesterday, s.people[3], "Nasieku", fieldwork.PresenceAbsent, false)
	s.has(s.settle(), "Take off the list")
	s.key(fyne.KeyEscape)
	s.p.act(s.yesterday, s.people[3], actOff)
	s.has(s.settle(), "2 of 3 came")
}

func TestTraining_printsTheList(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.p.Print()
	s.settle()
	s.key(fyne.KeyReturn)
	if !slices.Equal(s.desk.Press.Written, []string{"roster " + fieldwork.CodeOf(s.yesterday)}) {
		t.Errorf("printed %q", s.desk.Press.Written)
	}
}

func TestTraining_theKeyboardReachesEverything(t *testing.T) {
	s := open(t, "en", theme.Light)
	want := []string{"Title, village or module", "New", "date ↓", "Export", "RowList", "Certificates", "Attendance", "Courses", "RowList", "Open the door", "Close", "Edit", "Print the list", "Enter from paper", "Assess", "Add somebody", "History"}
	got := uitest.TabOrder(s.p.Content())
	for i := range got { // a list is called by its first row
		if strings.HasPrefix(got[i], "Assembly") || strings.HasPrefix(got[i], "Aïssatou") {
			got[i] = "RowList"
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestTraining_pictures(t *testing.T) {
	school := newSchool(t)
	for _, c := range []struct {
		name, lang, look string
		do               func(*set)
	}{
		{"session.png", "en", theme.Light, func(*set) {}},
		{"form-fr.png", "fr", theme.Light, func(s *set) { s.p.New() }},
		{"paper-sunlight.png", "en", theme.Sunlight, func(s *set) { s.key(keyPaper); s.key(fyne.KeyReturn); s.key(fyne.KeyDown) }},
		{"grid.png", "en", theme.Light, func(s *set) { s.key(keyGrid) }},
		{"assess-fr-sunlight.png", "fr", theme.Sunlight, func(s *set) { s.key(keyAssess) }},
		{"certificates-dark.png", "en", theme.Dark, func(s *set) { s.key(keyCertify) }},
		{"close-sw.png", "sw", theme.Light, func(s *set) { s.key(keyClose); s.w.Type("4") }},
		{"form-wrong-pt.png", "pt-BR", theme.Light, func(s *set) {
			s.p.New()
			s.p.v.sessionForm.Form.Field("start").Target.(interface{ SetText(string) }).SetText("25:00")
			s.p.Save()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := school.open(t, c.lang, c.look)
			c.do(s)
			s.settle()
			s.w.Golden(c.name)
		})
	}
}

func TestTraining_emptyVillageSaysWhatToDo(t *testing.T) {
	s := open(t, "en", theme.Light)
	far := uitest.Save(t, s.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Entasopia")))
	s.desk.Env.Site = func() fieldwork.RecordID { return far }
	s.p.m.Open(fieldwork.RecordID{})
	s.p.Enter(fieldwork.RecordID{})
	s.has(s.settle(), "No session yet.", "No session is chosen")
	s.w.Golden("empty.png")
}

// TestTraining_severalCoTrainersByKeyboard: each stands as a button that takes her out again, and nobody is offered twice.
func TestTraining_severalCoTrainersByKeyboard(t *testing.T) {
	s := newSchool(t)
	var team []fieldwork.RecordID
	for _, n := range []string{"Léa Diop", "Mary Wanjiru", "Otieno Okoth"} {
		team = append(team, uitest.Save(t, s.Store(), fieldwork.KindVolunteer, uitest.Field(fieldwork.VolunteerName, fieldwork.Text(n))))
	}
	x := s.open(t, "fr", theme.Light)
	x.p.New()
	x.settle()
	kitFocus(x, "co_trainers")
	for _, name := range []string{"Léa", "mary w", "otieno"} {
		x.w.Type(name)
		x.key(fyne.KeyReturn)
	}
	x.has(x.settle(), "Léa Diop  ×", "Mary Wanjiru  ×", "Otieno Okoth  ×", "Ajouter quelqu'un …")
	x.w.Type("léa")
	x.w.Key(fyne.KeyReturn)
	for range "léa" {
		x.w.Key(fyne.KeyBackspace)
	}
	x.w.Key(fyne.KeyEscape) // the list
	if got := x.p.m.Form().Refs("co_trainers"); !slices.Equal(got, team) {
		t.Errorf("chosen %v, want %v", got, team)
	}
	x.w.Golden("co-trainers-fr.png")
	x.w.TapText("Mary Wanjiru  ×")
	x.p.Save()
	x.settle()
	r, ok := x.p.m.Session()
	if want := []fieldwork.RecordID{team[0], team[2]}; !ok || !slices.Equal(r.Get(fieldwork.SessionCoTrainers).Refs(), want) {
		t.Fatalf("saved %v, want %v", r.Get(fieldwork.SessionCoTrainers).Refs(), want)
	}
	x.has(x.settle(), "avec Léa Diop, Otieno Okoth")
	if _, err := s.Store().UndoLast(fieldwork.RecordID{}); err != nil { // what Ctrl Z does
		t.Fatal(err)
	}
}

// TestTraining_theListIsSortedFilteredAndRemembersHow.
func TestTraining_theListIsSortedFilteredAndRemembersHow(t *testing.T) {
	s := open(t, "en", theme.Light)
	early := uitest.Save(t, s.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(s.site)), uitest.Field(fieldwork.SessionTitle, fieldwork.Text("Zeal")),
		uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.AddDate(0, 0, -9).Unix())), uitest.Field(fieldwork.SessionStatus, fieldwork.Int(fieldwork.SessionStatusClosed)))
	s.p.read()
	if got := s.p.m.Shown(); !slices.Equal(got, []fieldwork.RecordID{s.yesterday, early}) {
		t.Errorf("the newest first: %v", got)
	}
	s.p.Commands().Arrange()
	s.w.Choose("closed")
	s.w.TapText("Show")
	s.has(s.settle(), "closed · date ↓", "1 session", "Zeal")
	if got := s.p.m.Shown(); !slices.Equal(got, []fieldwork.RecordID{early}) {
		t.Errorf("closed ones alone: %v", got)
	}
	s.p.kinds() // courses have a line of their own
	s.has(s.settle(), "2 courses", "title ↑", "Lamp builder")
	_, again := s.desk.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(s.desk.Env, s.Store(), s.school) }) // the next day
	if got := again.(*Screen).m.Shown(); !slices.Equal(got, []fieldwork.RecordID{early}) {
		t.Errorf("as it was left: %v", got)
	}
}

// TestTraining_markedSessionsChangeTogetherAndAreTakenBackTogether by keys alone.
func TestTraining_markedSessionsChangeTogetherAndAreTakenBackTogether(t *testing.T) {
	s := open(t, "en", theme.Light)
	later := uitest.Save(t, s.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(s.site)),
		uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.AddDate(0, 0, 2).Unix())))
	s.p.read()
	s.w.Canvas().Focus(s.p.v.rows)
	s.p.v.rows.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.has(s.settle(), "2 sessions are marked", "Change the state")
	s.p.askState()
	s.has(s.key(fyne.KeyEscape), "2 sessions are marked")
	s.p.askState()
	s.w.Choose("cancelled")
	s.w.TapText("Change the state")
	s.settle()
	states := func() (out []int64) {
		for _, id := range []fieldwork.RecordID{s.yesterday, later} {
			r, _ := s.Store().Record(id)
			n, _ := r.Get(fieldwork.SessionStatus).Int()
			out = append(out, n)
		}
		return out
	}
	if got := states(); !slices.Equal(got, []int64{fieldwork.SessionStatusCancelled, fieldwork.SessionStatusCancelled}) {
		t.Errorf("states %v", got)
	}
	if !slices.Contains(s.desk.Said, "2 sessions changed: cancelled.") {
		t.Errorf("said %q", s.desk.Said)
	}
	if _, err := s.Store().UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	if got := states(); !slices.Equal(got, []int64{0, 0}) {
		t.Errorf("taken back: %v", got)
	}
}

// TestTraining_theListOfCertificatesIsFilteredAndExported, from the menu's keys.
func TestTraining_theListOfCertificatesIsFilteredAndExported(t *testing.T) {
	s := open(t, "en", theme.Light)
	s.has(s.key(keyCertify), "name ↑", "Aïssatou Sène", "Jane Tipis")
	s.p.Commands().Arrange()
	s.w.Choose("competence")
	s.w.TapText("Show")
	s.has(s.settle(), "competence · name ↑", "Nothing fits the filter.")
	page := s.p.page.(*certsPage)
	if len(page.people) != 0 {
		t.Errorf("nobody has earned it, and %d are shown", len(page.people))
	}
	s.p.Commands().Arrange()
	s.w.TapText("Show everything again")
	s.settle()
	if len(page.people) < 2 {
		t.Fatalf("%d are shown", len(page.people))
	}
	s.p.Commands().Export()
	s.w.Choose("Table as text (CSV)")
	s.w.TapText("Write the file")
	s.settle()
	s.has(string(s.papers["Certificates.csv"]), "code,name,site,certificate,status,note", "Jane Tipis,Oldonyo Nyokie,,not yet,")
	if s.p.page == nil {
		t.Error("the page of certificates is gone")
	}
}
