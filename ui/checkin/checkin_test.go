package checkin

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	qrcode "github.com/skip2/go-qrcode"

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

// door is a real laptop with a practice campaign, two people and a session that begins at Noon.
type door struct {
	*laptop.Folder
	nasieku, jane, session fieldwork.RecordID
	site                   fieldwork.RecordID

	heard    []string // tones
	saved    string   // path of the last paper
	pictures []string
	filmed   func(text string, moment int64) (tone, title, line string) // nil: no camera
	gone     func()
}

func (d *door) Badges(w io.Writer, people []fieldwork.RecordID, layout string) error {
	return d.Folder.Badges(w, people, laptop.Print{Layout: layout})
}

func (d *door) Ring(tone string)                             { d.heard = append(d.heard, tone) }
func (d *door) Pictures() []string                           { return d.pictures }
func (d *door) OpenFile(string) error                        { return nil }
func (d *door) ReadBadgePicture(path string) (string, error) { return laptop.ReadBadgePicture(path) }

func (d *door) SavePaper(name string, write func(io.Writer) error) (string, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return "", err
	}
	d.saved = filepath.Join(d.Dir, name)
	return d.saved, os.WriteFile(d.saved, b.Bytes(), 0o600)
}

func (d *door) OpenCamera(_ *show.Words, seen func(string, int64) (string, string, string), gone func()) (func(), error) {
	d.filmed, d.gone = seen, gone
	return gone, nil
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
	d.site = uitest.Save(t, f.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")))
	person := func(given, family string) fieldwork.RecordID {
		return uitest.Save(t, f.Store(), fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text(given)),
			uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text(family)), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(d.site)))
	}
	d.nasieku, d.jane = person("Nasieku", "Ole Ntutu"), person("Jane", "Tipis")
	d.session = uitest.Save(t, f.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(d.site)),
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
	slip := fieldwork.CodeOf(d.jane)
	slip = slip[:len(slip)-1] + map[bool]string{true: "A", false: "B"}[slip[len(slip)-1] != 'A']
	for _, c := range []struct{ text, say string }{
		{good, "Nasieku Ole Ntutu | Welcome · 1 of 2 here"},
		{good, "Already here | Nasieku Ole Ntutu came in at 12:00. Nothing was counted twice."},
		{forged, "Not a true badge"},
		{"hello", "Unknown code"},
		{slip, "A typing slip"},
		{fieldwork.RosterOf(d.session, []fieldwork.RecordID{d.jane}).String(), "This is a list"},
		{fieldwork.CodeOf(d.jane), "Jane Tipis | Welcome · 2 of 2 here"},
	} {
		if got := scan(w, c.text); !strings.Contains(got, c.say) {
			t.Errorf("%s: got %s, want %s", c.text, got, c.say)
		}
		if p.v.code.Text != "" {
			t.Errorf("the field still holds %q", p.v.code.Text)
		}
	}
	if p.m.Refused() != 5 || len(p.m.Recent()) != 7 {
		t.Errorf("%d refused of %d kept", p.m.Refused(), len(p.m.Recent()))
	}
}

func TestCheckIn_whoWasOnPaperIsHereButNoAnswerOfTheDoor(t *testing.T) {
	d := newDoor(t)
	if _, err := d.EnterRoster(d.session, []fieldwork.PaperRow{{Person: d.jane, Tick: fieldwork.TickHere}}, fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	_, w, p := open(t, d, "en", theme.Light)
	if here, _ := p.m.Here(); here != 1 || len(p.m.Recent()) != 0 {
		t.Errorf("%d are here, %d answers", here, len(p.m.Recent()))
	}
	if got := scan(w, d.badge(t, d.jane)); !strings.Contains(got, "Already here | Jane Tipis came in before") {
		t.Errorf("scanned after all: %s", got)
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

func TestCheckIn_lostBadgeIsReplacedAtTheDoor(t *testing.T) {
	d := newDoor(t)
	desk, w, p := open(t, d, "en", theme.Light)
	old := d.badge(t, d.nasieku)
	w.Key(keyLost)
	w.Type("nasi")
	w.Key(fyne.KeyReturn)
	desk.Steps.Settle()
	if here, _ := p.m.Here(); here != 1 {
		t.Errorf("%d are here", here)
	}
	if s, err := os.Stat(d.saved); err != nil || s.Size() < 1000 {
		t.Errorf("the new badge was not printed: %v", err)
	}
	if got := scan(w, old); !strings.Contains(got, "Old badge") {
		t.Errorf("the lost badge: %s", got)
	}
	if got := scan(w, d.badge(t, d.nasieku)); !strings.Contains(got, "Already here") {
		t.Errorf("the new badge: %s", got)
	}
}

func TestCheckIn_whoComesFromAnotherSiteIsLetInByDecision(t *testing.T) {
	d := newDoor(t)
	far := uitest.Save(t, d.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Entasopia")))
	omar := uitest.Save(t, d.Store(), fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Omar")), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(far)))
	_, w, p := open(t, d, "en", theme.Light)
	w.Key(keyAnyway) // nobody was refused: it does nothing
	if got := scan(w, d.badge(t, omar)); !strings.Contains(got, "Another site") || !strings.Contains(got, "F3") {
		t.Errorf("from another site: %s", got)
	}
	w.Key(keyAnyway)
	w.Settle()
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "Omar | Welcome") {
		t.Errorf("let in anyway: %s", got)
	}
	list := d.Store().Referring(omar, fieldwork.KindAttendance)
	if kind, _ := list[len(list)-1].Get(fieldwork.AttendanceKind).Int(); len(list) != 2 || kind != fieldwork.AttendanceManual {
		t.Errorf("%d attendances, the last of kind %d", len(list), kind)
	}
	w.Key(keyAnyway)
	if n := len(p.m.Recent()); n != 2 {
		t.Errorf("once more did something: %d answers", n)
	}
}

func TestCheckIn_goingOutSaysHowLongSheWasHere(t *testing.T) {
	d := newDoor(t)
	_, w, p := open(t, d, "en", theme.Light)
	scan(w, fieldwork.CodeOf(d.nasieku))
	d.Now = func() time.Time { return uitest.Noon.Add(125 * time.Minute) }
	w.Key(keyWay)
	if got := scan(w, fieldwork.CodeOf(d.nasieku)); !strings.Contains(got, "Goodbye, after 2 h 05 min · 0 of 2 here") {
		t.Errorf("going out: %s", got)
	}
	w.Key(keyWay)
	if p.m.Out() {
		t.Error("people still go out")
	}
}

func TestCheckIn_tonesTellAnswersApartAndCanBeTurnedOff(t *testing.T) {
	d := newDoor(t)
	_, w, _ := open(t, d, "en", theme.Light)
	good := d.badge(t, d.nasieku)
	scan(w, good)
	scan(w, good)
	scan(w, "hello")
	w.Key(keySound)
	scan(w, "hello")
	if got := strings.Join(d.heard, " "); got != "good again bad" {
		t.Errorf("heard %q", got)
	}
	_, w, _ = open(t, d, "en", theme.Light) // the next morning
	scan(w, "hello")
	if len(d.heard) != 3 {
		t.Error("it is remembered as on")
	}
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "Sound is off") {
		t.Errorf("the button says: %s", got)
	}
}

func TestCheckIn_aPictureOfABadge(t *testing.T) {
	d := newDoor(t)
	q, err := qrcode.New(d.badge(t, d.nasieku), qrcode.High)
	if err != nil {
		t.Fatal(err)
	}
	var good, blank bytes.Buffer
	if err := q.Write(400, &good); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&blank, image.NewGray(image.Rect(0, 0, 50, 50))); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"Nasieku's badge.png": good.Bytes(), "holiday.png": blank.Bytes()} {
		path := filepath.Join(d.Dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		d.pictures = append(d.pictures, path)
	}
	desk, w, p := open(t, d, "en", theme.Light)
	take := func(typed string) string {
		w.Key(keyPicture)
		w.Type(typed)
		w.Key(fyne.KeyReturn)
		desk.Steps.Settle()
		w.Settle()
		return strings.Join(w.Texts(), " | ")
	}
	if got := take("holi"); !strings.Contains(got, "No badge can be read in this picture") {
		t.Errorf("a picture without a badge: %s", got)
	}
	if got := take("nasi"); !strings.Contains(got, "Nasieku Ole Ntutu | Welcome") {
		t.Errorf("a picture of a badge: %s", got)
	}
	if n, _ := d.Store().Referring(d.nasieku, fieldwork.KindAttendance)[0].Get(fieldwork.AttendanceMethod).Int(); n != fieldwork.MethodImage {
		t.Errorf("the method is %d", n)
	}
	p.Dropped(d.pictures[0])
	p.Dropped(d.pictures[1])
	desk.Steps.Settle()
	if n := len(p.m.Recent()); n != 2 {
		t.Errorf("dropped on the window: %d answers", n)
	}
}

func TestCheckIn_theCameraAnswersBesideTheScanner(t *testing.T) {
	d := newDoor(t)
	desk, w, p := open(t, d, "en", theme.Light)
	w.Key(keyCamera)
	if d.filmed == nil {
		t.Fatal("the camera was not opened")
	}
	good, moment := d.badge(t, d.nasieku), uitest.Noon.UnixMilli()
	if tone, title, _ := d.filmed(good, moment); tone != "good" || title != "Nasieku Ole Ntutu" {
		t.Errorf("the page shows %s %s", tone, title)
	}
	if got := scan(w, d.badge(t, d.jane)); !strings.Contains(got, "Jane Tipis | Welcome · 2 of 2 here") {
		t.Errorf("scanned meanwhile: %s", got)
	}
	desk.Steps.Settle()
	if here, _ := p.m.Here(); here != 2 || len(p.m.Recent()) != 2 {
		t.Errorf("%d are here, %d answers", here, len(p.m.Recent()))
	}
	if tone, _, _ := d.filmed(good, moment); tone != "good" {
		t.Error("the same sight sent again is no second scan")
	}
	if tone, title, _ := d.filmed(good, moment+5000); tone != "again" || title != "Already here" {
		t.Errorf("a new sight: %s %s", tone, title)
	}
	if n, _ := d.Store().Referring(d.nasieku, fieldwork.KindAttendance)[0].Get(fieldwork.AttendanceMethod).Int(); n != fieldwork.MethodCamera {
		t.Errorf("the method is %d", n)
	}
	w.Key(keyCamera)
	desk.Steps.Settle()
	if p.camera != nil {
		t.Error("the camera is not closed")
	}
}

// Nobody comes in without a name: the dialog stays and says so.
func TestCheckIn_aWalkInNeedsAName(t *testing.T) {
	d := newDoor(t)
	desk, w, p := open(t, d, "en", theme.Light)
	p.walkIn()
	w.Key(fyne.KeyReturn)
	desk.Steps.Settle()
	w.Golden("walk-in-wrong.png")
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "A name is needed") {
		t.Errorf("it says %s", texts)
	}
}

func TestCheckIn_pictures(t *testing.T) {
	for _, c := range []struct{ name, lang, look string }{{"good.png", "en", theme.Light}, {"twice-fr.png", "fr", theme.Dark}, {"forged-sunlight.png", "en", theme.Sunlight}, {"other-site-fr.png", "fr", theme.Sunlight}} {
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
			case "fr" + theme.Sunlight:
				far := uitest.Save(t, d.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Entasopia")))
				scan(w, fieldwork.CodeOf(uitest.Save(t, d.Store(), fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Omar")), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(far)))))
			}
			p.v.recent.SetCount(0) // codes there differ from run to run
			w.Golden(c.name)
		})
	}
}
