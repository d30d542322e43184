package lamps

import (
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/show"
	"kandili/ui/uitest"
)

const today = 20886 // 9 March 2027

func newModel(t *testing.T) (*Model, *store.Store, fieldwork.RecordID) {
	t.Helper()
	w, err := show.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	s := uitest.Store(t)
	uitest.Save(t, s, fieldwork.KindLampModel, uitest.Field(fieldwork.LampModelName, fieldwork.Text("Lantern L1")))
	site := uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")))
	return NewModel(w, s), s, site
}

func installed(t *testing.T, m *Model, tag, head string, site fieldwork.RecordID) fieldwork.RecordID {
	t.Helper()
	m.StartInstall(tag, site, today)
	m.Fresh.Home.Set("head_name", head)
	m.Fresh.Home.Set("women", "2")
	m.Fresh.Home.Set("age_6_17", "3")
	wrong, err := m.SaveInstall(fieldwork.RecordID{}, fieldwork.RecordID{}, today)
	if err != nil || wrong.any() {
		t.Fatalf("install %s: %v %v", tag, wrong, err)
	}
	return m.open
}

func lit(s *store.Store) int {
	return fieldwork.NewFleet(s).PeopleLit(fieldwork.Scope{Today: today}).People
}

func TestLamps_installingLightsAHome(t *testing.T) {
	m, s, site := newModel(t)
	id := installed(t, m, "kj-0042", "Lemayian", site)
	if got := lit(s); got != 5 {
		t.Errorf("%d people are lit, want the five of the home", got)
	}
	m.Take(m.List.Arrange()())
	want := Row{ID: id, Title: "KJ-0042", Line: "Lantern L1 · Oldonyo Nyokie · Lemayian", Status: fieldwork.LampWorking}
	if got := m.Row(0); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, ok := m.Tagged("kj-0042"); !ok || got != id || !m.Hangs(id) {
		t.Errorf("its tag finds %v, hangs %v", got, m.Hangs(id))
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil || lit(s) != 0 {
		t.Errorf("undo: %v, still lit %d", err, lit(s))
	}
}

func TestLamps_aTagHangsOnce(t *testing.T) {
	m, s, site := newModel(t)
	installed(t, m, "KJ-0042", "Lemayian", site)
	m.StartInstall("", site, today)
	m.Fresh.Lamp.Set("tag_code", "KJ-0042")
	wrong, err := m.SaveInstall(fieldwork.RecordID{}, fieldwork.RecordID{}, today)
	if err != nil || wrong.Lamp["tag_code"] == "" {
		t.Errorf("wrong %v, %v", wrong, err)
	}
	m.Fresh.Lamp.Set("tag_code", " ")
	if wrong, _ = m.SaveInstall(fieldwork.RecordID{}, fieldwork.RecordID{}, today); wrong.Lamp["tag_code"] == "" {
		t.Error("a lamp without tag and serial number was installed")
	}
	if n := s.Count(fieldwork.KindLamp); n != 1 {
		t.Errorf("%d lamps", n)
	}
}

func TestLamps_aKitInTheStoreIsInstalledNotMadeAgain(t *testing.T) {
	m, s, site := newModel(t)
	kit := uitest.Save(t, s, fieldwork.KindLamp, uitest.Field(fieldwork.LampTagCode, fieldwork.Text("KJ-0007")),
		uitest.Field(fieldwork.LampStatus, fieldwork.Int(fieldwork.LampInStore)))
	home := uitest.Save(t, s, fieldwork.KindHousehold, uitest.Field(fieldwork.HouseholdHeadName, fieldwork.Text("Resiato")),
		uitest.Field(fieldwork.HouseholdSite, fieldwork.Ref(site)), uitest.Field(fieldwork.HouseholdMen, fieldwork.Int(4)))
	if got := m.Homes(site); len(got) != 1 || got[0].Name != "Resiato, 4 people" {
		t.Errorf("homes of the village: %v", got)
	}
	m.StartInstall("KJ-0007", site, today)
	if wrong, err := m.SaveInstall(home, fieldwork.RecordID{}, today); wrong.any() || err != nil {
		t.Fatal(wrong, err)
	}
	if m.open != kit || s.Count(fieldwork.KindLamp) != 1 || s.Count(fieldwork.KindHousehold) != 1 || lit(s) != 4 {
		t.Errorf("opened %v of %d lamps, %d homes, %d lit", m.open, s.Count(fieldwork.KindLamp), s.Count(fieldwork.KindHousehold), lit(s))
	}
}

func TestLamps_aVisitChangesTheState(t *testing.T) {
	m, s, site := newModel(t)
	installed(t, m, "KJ-0042", "Lemayian", site)
	m.StartVisit(today + 30)
	if wrong, err := m.SaveVisit(fieldwork.RecordID{}, today+30); wrong["status_found"] == "" || err != nil {
		t.Errorf("a visit that says nothing of the lamp: %v %v", wrong, err)
	}
	m.Visit.Set("status_found", "broken")
	m.Visit.Set("problem", "battery")
	m.Visit.Set("hours_a_night", "many")
	if wrong, _ := m.SaveVisit(fieldwork.RecordID{}, today+30); wrong["hours_a_night"] == "" || len(wrong) != 1 {
		t.Errorf("wrong: %v", wrong)
	}
	m.Visit.Set("hours_a_night", "")
	if wrong, err := m.SaveVisit(fieldwork.RecordID{}, today+30); wrong != nil || err != nil {
		t.Fatal(wrong, err)
	}
	l, _ := m.Lamp()
	if l.Status != fieldwork.LampBroken || len(l.Visits) != 1 || l.Visits[0].Line != "battery" || lit(s) != 0 {
		t.Errorf("the lamp is %+v, lit %d", l, lit(s))
	}
}

func TestLamps_halfTypedFormsComeBack(t *testing.T) {
	m, s, site := newModel(t)
	m.StartInstall("KJ-0042", site, today)
	m.Fresh.Home.Set("head_name", "Lema")
	if err := m.KeepDraft(); err != nil {
		t.Fatal(err)
	}
	again := NewModel(m.words, s)
	if !again.StartInstall("", site, today) || again.Fresh.Home.Get("head_name") != "Lema" || again.Fresh.Lamp.Get("tag_code") != "KJ-0042" {
		t.Errorf("came back as %q", again.Fresh.Home.Get("head_name"))
	}
	if again.StartInstall("KJ-0050", site, today) || again.Fresh.Home.Get("head_name") != "" {
		t.Error("another tag took up the draft of the first")
	}
	// A form that nobody typed in leaves no draft.
	installed(t, again, "KJ-0050", "Lemayian", site)
	again.StartVisit(today)
	if err := again.KeepDraft(); err != nil || len(s.Drafts()) != 0 {
		t.Errorf("drafts %v %v", s.Drafts(), err)
	}
}

// A tag that was printed before travel is bound by scanning it; one that somebody else printed is refused, without a network.
func TestLamps_aPrintedTagIsBoundByScanning(t *testing.T) {
	m, s, site := newModel(t)
	campaign := uitest.Save(t, s, fieldwork.KindCampaign, uitest.Field(fieldwork.CampaignShort, fieldwork.Text("KAJI")), uitest.Field(fieldwork.CampaignBadgeKey, fieldwork.Bytes(make([]byte, 32))))
	r, _ := s.Record(campaign)
	key, _ := fieldwork.PrintKey(r)
	tag := fieldwork.TagOf(fieldwork.LogID{Node: 7}, 217)
	id := installed(t, m, key.TagPayload(tag), "Lemayian", site)
	for _, text := range []string{tag.String(), key.TagPayload(tag) + "\r"} {
		if got, ok := m.Tagged(text); !ok || got != id {
			t.Errorf("%q finds %v %v", text, got, ok)
		}
	}
	key.Key[0] = 1
	m.StartInstall("", site, today)
	m.Fresh.Lamp.Set("tag_code", key.TagPayload(fieldwork.TagOf(fieldwork.LogID{Node: 7}, 218)))
	if wrong, err := m.SaveInstall(fieldwork.RecordID{}, fieldwork.RecordID{}, today); err != nil || wrong.Lamp["tag_code"] == "" {
		t.Errorf("a forged tag: %v %v", wrong, err)
	}
}
