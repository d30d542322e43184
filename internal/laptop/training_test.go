package laptop

import (
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// class is a practice laptop with a course, a session of it that began at nine, and people who are expected.
type class struct {
	*Folder
	course, session fieldwork.RecordID
	people          []fieldwork.RecordID
}

var nine = time.Date(2027, 3, 9, 9, 0, 0, 0, time.UTC)

func newClass(t *testing.T, names ...string) *class {
	t.Helper()
	f := practiceLaptop(t)
	f.Now = func() time.Time { return nine }
	c := &class{Folder: f}
	site := c.save(t, fieldwork.KindSite, fieldwork.FieldValue{Field: fieldwork.SiteName, Value: fieldwork.Text("Entasopia")})
	for _, name := range names {
		c.people = append(c.people, c.save(t, fieldwork.KindTrainee, fieldwork.FieldValue{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(name)},
			fieldwork.FieldValue{Field: fieldwork.TraineeSite, Value: fieldwork.Ref(site)}))
	}
	c.course = c.save(t, fieldwork.KindCourse, fieldwork.FieldValue{Field: fieldwork.CourseTitle, Value: fieldwork.Text("Lamp builder")},
		fieldwork.FieldValue{Field: fieldwork.CourseModules, Value: fieldwork.Ints(fieldwork.ModuleAssembly)})
	c.session = c.save(t, fieldwork.KindSession, fieldwork.FieldValue{Field: fieldwork.SessionSite, Value: fieldwork.Ref(site)},
		fieldwork.FieldValue{Field: fieldwork.SessionCourse, Value: fieldwork.Ref(c.course)},
		fieldwork.FieldValue{Field: fieldwork.SessionStart, Value: fieldwork.Int(nine.Unix())},
		fieldwork.FieldValue{Field: fieldwork.SessionModules, Value: fieldwork.Ints(fieldwork.ModuleAssembly)},
		fieldwork.FieldValue{Field: fieldwork.SessionExpected, Value: fieldwork.Refs(c.people...)})
	return c
}

func (c *class) save(t *testing.T, kind fieldwork.Kind, fields ...fieldwork.FieldValue) fieldwork.RecordID {
	t.Helper()
	change, err := c.Store().Save(store.Draft{Writes: []journal.Write{{Kind: kind, Fields: fields}}})
	if err != nil {
		t.Fatal(err)
	}
	return change.Target(0)
}

func (c *class) attendances() int {
	return len(c.Store().Referring(c.session, fieldwork.KindAttendance))
}

func TestAdmit_theSameScanCountsOnceHoweverOftenItComes(t *testing.T) {
	c := newClass(t, "Amina", "Omar")
	badge, err := c.BadgePayload(c.people[0])
	if err != nil {
		t.Fatal(err)
	}
	p := fieldwork.Pass{Session: c.session, Text: badge, Method: fieldwork.MethodCamera, At: nine.Unix() - 60, Nonce: fieldwork.ScanNonce(c.session, badge, 1)}
	for i := range 3 {
		a, err := c.Admit(p)
		if err != nil || !a.OK || a.Person != c.people[0] || a.Time != nine.Unix()-60 || a.Method != fieldwork.MethodCamera {
			t.Fatalf("time %d: %+v %v", i, a, err)
		}
	}
	if n := c.attendances(); n != 1 {
		t.Errorf("%d attendances are kept", n)
	}
	p.Text, p.Nonce = "KD:nonsense", []byte("0123456789abcdef")
	for range 2 {
		if a, err := c.Admit(p); err != nil || a.Reason != fieldwork.RefusalUnknown {
			t.Fatalf("%+v %v", a, err)
		}
	}
	if n := c.attendances(); n != 2 {
		t.Errorf("a refusal was kept %d times", n-1)
	}
}

func TestAdmit_cameraAndScannerAtTheSameMomentLetHerInOnce(t *testing.T) {
	c := newClass(t, "Amina")
	badge, err := c.BadgePayload(c.people[0])
	if err != nil {
		t.Fatal(err)
	}
	var welcome atomic.Int32
	done := make(chan bool)
	for range 8 {
		go func() {
			defer func() { done <- true }()
			if a, err := c.CheckIn(c.session, badge, fieldwork.RecordID{}); err == nil && a.OK {
				welcome.Add(1)
			}
		}()
	}
	for range 8 {
		<-done
	}
	if n := welcome.Load(); n != 1 {
		t.Errorf("she was welcomed %d times", n)
	}
}

func TestNewBadge_theOldOneIsRefusedAtOnce(t *testing.T) {
	c := newClass(t, "Amina")
	old, _ := c.BadgePayload(c.people[0])
	if n, err := c.NewBadge(c.people[0], fieldwork.RecordID{}); err != nil || n != 1 {
		t.Fatalf("issue %d %v", n, err)
	}
	if a, _ := c.CheckIn(c.session, old, fieldwork.RecordID{}); a.Reason != fieldwork.RefusalRevoked || a.Person != c.people[0] {
		t.Errorf("the lost badge: %+v", a)
	}
	fresh, _ := c.BadgePayload(c.people[0])
	if a, _ := c.CheckIn(c.session, fresh, fieldwork.RecordID{}); !a.OK {
		t.Errorf("the new badge: %+v", a)
	}
	if _, err := c.NewBadge(c.session, fieldwork.RecordID{}); code(err) != "nobody" {
		t.Errorf("a session has no badge: %v", err)
	}
}

func TestAdmit_whoComesLaterThanTheCampaignAllowsIsLate(t *testing.T) {
	c := newClass(t, "Amina", "Omar")
	campaign, _ := c.CampaignRecord()
	if _, err := c.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindCampaign, Record: campaign.ID,
		Fields: []fieldwork.FieldValue{{Field: fieldwork.CampaignLateAfter, Value: fieldwork.Int(5)}}}}}); err != nil {
		t.Fatal(err)
	}
	a, err := c.Admit(fieldwork.Pass{Session: c.session, Person: c.people[0], Method: fieldwork.MethodRoster, At: nine.Unix() + 6*60})
	if err != nil || !a.Late {
		t.Errorf("six minutes after nine, where five are allowed: %+v %v", a, err)
	}
}

func TestCloseSession_keepsTheHeadcountAndTheEnd(t *testing.T) {
	c := newClass(t, "Amina", "Omar")
	if _, err := c.CheckIn(c.session, fieldwork.CodeOf(c.people[0]), fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	c.Now = func() time.Time { return nine.Add(3 * time.Hour) }
	if err := c.CloseSession(c.session, 3, fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	roll, r, err := c.RollOf(c.session)
	if err != nil {
		t.Fatal(err)
	}
	if h := roll.Headcount(c.session); h.Came != 1 || h.Without() != 2 || h.Expected != 2 || h.Missing != 1 {
		t.Errorf("%+v", h)
	}
	if end, _ := r.Get(fieldwork.SessionEnd).Int(); end != nine.Add(3*time.Hour).Unix() {
		t.Errorf("it ended at %d", end)
	}
	if p := roll.Parts[c.session][c.people[0]]; p.Minutes != 180 || p.Presence != fieldwork.PresencePresent {
		t.Errorf("%+v", p)
	}
	if p := roll.Parts[c.session][c.people[1]]; p.Presence != fieldwork.PresenceAbsent {
		t.Errorf("who was expected and did not come: %+v", p)
	}
	if a, _ := c.CheckIn(c.session, fieldwork.CodeOf(c.people[1]), fieldwork.RecordID{}); a.Reason != fieldwork.RefusalSessionClosed {
		t.Errorf("after the end: %+v", a)
	}
}

func TestEnterRoster_allAtOnceAndAgainIsHarmless(t *testing.T) {
	c := newClass(t, "Amina", "Omar", "Grace", "Joseph")
	rows := []fieldwork.PaperRow{{Person: c.people[0], Tick: fieldwork.TickHere}, {Person: c.people[1], Tick: fieldwork.TickLate}, {Person: c.people[2], Tick: fieldwork.TickExcused}, {Person: c.people[3], Tick: 0}}
	for i, want := range []int{3, 0} {
		if n, err := c.EnterRoster(c.session, rows, fieldwork.RecordID{}); err != nil || n != want {
			t.Fatalf("time %d: %d changed, want %d, %v", i, n, want, err)
		}
	}
	roll, _, err := c.RollOf(c.session)
	if err != nil {
		t.Fatal(err)
	}
	want := []fieldwork.Presence{fieldwork.PresencePresent, fieldwork.PresenceLate, fieldwork.PresenceExcused, 0}
	for i, id := range c.people {
		if got := roll.Parts[c.session][id].Presence; got != want[i] {
			t.Errorf("row %d: %v, want %v", i, got, want[i])
		}
	}
	for _, a := range c.Store().Referring(c.people[0], fieldwork.KindAttendance) {
		if n, _ := a.Get(fieldwork.AttendanceKind).Int(); n != fieldwork.AttendanceFromPaper {
			t.Errorf("her attendance is of kind %d", n)
		}
	}
	if err := c.Correct(c.session, c.people[3:], fieldwork.PresenceExcused, fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	if roll, _, _ := c.RollOf(c.session); roll.Parts[c.session][c.people[3]].Presence != fieldwork.PresenceExcused {
		t.Error("the correction does not count")
	}
}

func TestCertify_onlyWhoEarnedOneAndOnlyOnce(t *testing.T) {
	c := newClass(t, "Amina", "Omar")
	if _, err := c.CheckIn(c.session, fieldwork.CodeOf(c.people[0]), fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	first, err := c.Certify(c.course, c.people, fieldwork.RecordID{})
	if err != nil || len(first) != 1 {
		t.Fatalf("%v %v", first, err)
	}
	r, _ := c.Store().Record(first[0])
	if r.Get(fieldwork.CertificatePerson).Ref() != c.people[0] || r.Get(fieldwork.CertificateNumber).Text() != fieldwork.CodeOf(r.ID) {
		t.Errorf("the certificate says %+v", r)
	}
	again, err := c.Certify(c.course, c.people, fieldwork.RecordID{})
	if err != nil || !slices.Equal(again, first) {
		t.Errorf("issued again: %v, first %v, %v", again, first, err)
	}
	if _, err := c.Certify(c.session, c.people, fieldwork.RecordID{}); code(err) != "no-course" {
		t.Errorf("a session is no course: %v", err)
	}
}

func TestTraining_outlivesTheProgram(t *testing.T) {
	c := newClass(t, "Amina")
	dir := c.Dir
	if _, err := c.EnterRoster(c.session, []fieldwork.PaperRow{{Person: c.people[0], Tick: fieldwork.TickHere}}, fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(filepath.Clean(dir), phrase)
	if err != nil {
		t.Fatal(err)
	}
	*c.Folder = *again // the clean-up closes it
	if n, err := c.EnterRoster(c.session, []fieldwork.PaperRow{{Person: c.people[0], Tick: fieldwork.TickHere}}, fieldwork.RecordID{}); err != nil || n != 0 {
		t.Errorf("%d changed, %v", n, err)
	}
}

func TestRoster_fromItsCodeToItsRows(t *testing.T) {
	c := newClass(t, "Amina", "Omar")
	text := fieldwork.RosterOf(c.session, c.people).String()
	for name, typed := range map[string]string{"as printed": text, "in small letters": strings.ToLower(text)} {
		sheet, err := c.Roster(typed)
		if err != nil || sheet.Session != c.session || !slices.Equal(sheet.People, c.people) {
			t.Errorf("%s: %+v %v", name, sheet, err)
		}
	}
	campaign, _ := c.CampaignRecord()
	key, _ := fieldwork.PrintKey(campaign)
	if sheet, err := c.Roster(key.RosterPayload(fieldwork.RosterOf(c.session, c.people))); err != nil || len(sheet.People) != 2 {
		t.Errorf("scanned: %+v %v", sheet, err)
	}
	if id, ok := c.RosterRow(c.session, key.RowPayload(c.session, c.people[1])); !ok || id != c.people[1] {
		t.Errorf("the row's QR: %v %v", id, ok)
	}
	slip := text[:len(text)-1] + "Z"
	if slip == text {
		slip = text[:len(text)-1] + "Y"
	}
	for typed, want := range map[string]string{slip: "mistyped-roster", "hello": "no-roster", fieldwork.CodeOf(c.session): "no-roster",
		fieldwork.RosterOf(c.session, c.people[1:]).String(): "roster-changed"} {
		if _, err := c.Roster(typed); code(err) != want {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
}

func TestGrid_totalsToTheRightAndBelow(t *testing.T) {
	c := newClass(t, "Amina", "Omar")
	if _, err := c.CheckIn(c.session, fieldwork.CodeOf(c.people[1]), fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	g := fieldwork.NewGrid(c.Store(), fieldwork.NewRoll(c.Store(), nine.Unix(), 0), func(r fieldwork.Record) bool { return r.ID == c.session })
	heads, rows := g.Table(fieldwork.GridWords{}, time.UTC)
	want := [][]string{{fieldwork.CodeOf(c.people[0]), "Amina", "", "0"}, {fieldwork.CodeOf(c.people[1]), "Omar", "present", "1"}, {"", "total", "1", "1"}}
	if !slices.Equal(heads, []string{"code", "name", "2027-03-09 09:00 " + fieldwork.CodeOf(c.session), "total"}) || !slices.EqualFunc(rows, want, slices.Equal) {
		t.Errorf("got %v\n%v", heads, rows)
	}
}
