package people

import (
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
	"kandili/ui/show"
	"kandili/ui/uitest"
)

func english(t *testing.T) *show.Words {
	t.Helper()
	w, err := show.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

const day = 20886 // 9 March 2027

// village is a real store with a village, two people who are one, and a girl of ten.
func village(t *testing.T) (s *store.Store, site, first, second, girl fieldwork.RecordID) {
	t.Helper()
	s = uitest.Store(t)
	site = uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo")))
	first = uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")), uitest.Field(fieldwork.TraineePhone, fieldwork.Text("0712")))
	second = uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Naseku")), uitest.Field(fieldwork.TraineeBirthYear, fieldwork.Int(1994)))
	girl = uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Amina")), uitest.Field(fieldwork.TraineeBirthYear, fieldwork.Int(2017)))
	return s, site, first, second, girl
}

func TestMerge_bothCodesFindHerAndUndoBringsBothBack(t *testing.T) {
	s, _, first, second, _ := village(t)
	seen := uitest.Save(t, s, fieldwork.KindConsent, uitest.Field(fieldwork.ConsentSubject, fieldwork.Ref(second)), uitest.Field(fieldwork.ConsentDate, fieldwork.Int(day)))
	a, _ := s.Record(first)
	b, _ := s.Record(second)
	var names []string
	for _, d := range Differences(a, b) {
		names = append(names, d.Name)
	}
	if want := []string{"given_name", "birth_year"}; !slices.Equal(names, want) {
		t.Errorf("they differ in %q, want %q", names, want)
	}
	if err := Merge(s, first, second, []fieldwork.FieldID{fieldwork.TraineeBirthYear}); err != nil {
		t.Fatal(err)
	}
	if s.Canonical(second) != first {
		t.Error("the second code does not lead to the first record")
	}
	r, _ := s.Record(first)
	if year, _ := r.Get(fieldwork.TraineeBirthYear).Int(); year != 1994 || r.Get(fieldwork.TraineeGivenName).Text() != "Nasieku" {
		t.Errorf("she is %+v", r)
	}
	if list := Consents(english(t), s, first); len(list) != 1 || list[0].ID != seen {
		t.Errorf("what referred to the second record: %+v", list)
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	r, _ = s.Record(first)
	if s.Canonical(second) != second || !r.Get(fieldwork.TraineeBirthYear).IsZero() {
		t.Error("undo did not bring both back")
	}
}

func TestMove_takesHouseholdsAlongOnceAndIsUndoneAtOnce(t *testing.T) {
	s, site, first, second, girl := village(t)
	w := english(t)
	m := NewHousehold(s, first)
	m.Set("women", "2")
	if wrong, err := SaveHousehold(w, s, m, first, day); err != nil || wrong != nil {
		t.Fatal(wrong, err)
	}
	home, ok := HouseholdOf(s, first)
	if !ok {
		t.Fatal("she has no household")
	}
	if err := JoinHousehold(s, girl, home.ID); err != nil {
		t.Fatal(err)
	}
	if got := Members(s, home.ID); !slices.Equal(got, []string{"Nasieku", "Amina"}) {
		t.Errorf("members: %q", got)
	}
	before := s.Heads()[s.Self().Log]
	if err := Move(s, []fieldwork.RecordID{first, second, girl}, site, true); err != nil {
		t.Fatal(err)
	}
	if got := s.Heads()[s.Self().Log] - before; got != 4 { // three people and one household
		t.Errorf("%d writes", got)
	}
	if home, _ = s.Record(home.ID); home.Get(fieldwork.HouseholdSite).Ref() != site {
		t.Error("the household stayed behind")
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []fieldwork.RecordID{first, second, girl} {
		if r, _ := s.Record(id); !r.Get(fieldwork.TraineeSite).IsZero() {
			t.Errorf("%s was not brought back", fieldwork.Name(r))
		}
	}
}

func TestConsent_ofAMeetingLeavesOutWhoNeedsAGuardian(t *testing.T) {
	s, _, first, second, girl := village(t)
	w := english(t)
	uitest.Save(t, s, fieldwork.KindCampaign, uitest.Field(fieldwork.CampaignName, fieldwork.Text("Kajiado")),
		uitest.Field(fieldwork.CampaignConsentTexts, fieldwork.Text("sw 2 Tunaandika jina lako.\nen 2 We write your name down.")))
	m := NewConsent(s, first, day)
	if m.Get("language") != "sw" || m.Get("text_version") != "2" || len(ConsentTexts(s)) != 2 {
		t.Errorf("read in %q, version %q", m.Get("language"), m.Get("text_version"))
	}
	m.Set("method", "verbal_witness")
	if _, wrong, _ := SaveConsents(w, s, m, []fieldwork.RecordID{first}, day); wrong["witness"] == "" {
		t.Errorf("verbal consent without a witness: %v", wrong)
	}
	m.Set("witness", "Chief Lekuton")
	if _, wrong, _ := SaveConsents(w, s, m, []fieldwork.RecordID{girl}, day); wrong["guardian"] == "" {
		t.Errorf("a girl of ten alone: %v", wrong)
	}
	left, wrong, err := SaveConsents(w, s, m, []fieldwork.RecordID{first, second, girl}, day)
	if err != nil || wrong != nil || !slices.Equal(left, []fieldwork.RecordID{girl}) {
		t.Fatalf("left out %v, wrong %v, %v", left, wrong, err)
	}
	list := Consents(w, s, second)
	if !Holds(list) || list[0].Method != w.Option(fieldwork.SpecOf(fieldwork.KindConsent).Field(fieldwork.ConsentMethod), fieldwork.ConsentMethodVerbalWitness) {
		t.Errorf("%+v", list)
	}
	if err := Withdraw(s, list[0].ID, day); err != nil {
		t.Fatal(err)
	}
	if Holds(Consents(w, s, second)) || !Holds(Consents(w, s, first)) {
		t.Error("a withdrawn consent holds, or somebody else's does not")
	}
}

func TestHousehold_itsPeopleMoveAlongAndSomebodyLeaves(t *testing.T) {
	s, site, first, second, girl := village(t)
	w := english(t)
	old := uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Magadi")))
	for _, id := range []fieldwork.RecordID{first, girl} {
		if err := Move(s, []fieldwork.RecordID{id}, old, false); err != nil {
			t.Fatal(err)
		}
	}
	m := NewHousehold(s, first)
	if wrong, err := SaveHousehold(w, s, m, first, day); err != nil || wrong != nil {
		t.Fatal(wrong, err)
	}
	home, _ := HouseholdOf(s, first)
	for _, id := range []fieldwork.RecordID{girl, second} { // the second is registered in no village
		if err := JoinHousehold(s, id, home.ID); err != nil {
			t.Fatal(err)
		}
	}
	m = form.Of(home)
	m.SetRef("site", site)
	before := s.Heads()[s.Self().Log]
	if wrong, err := SaveHousehold(w, s, m, first, day); err != nil || wrong != nil {
		t.Fatal(wrong, err)
	}
	at := func(id fieldwork.RecordID) fieldwork.RecordID {
		r, _ := s.Record(id)
		return r.Get(fieldwork.TraineeSite).Ref()
	}
	if at(first) != site || at(girl) != site || !at(second).IsZero() || s.Heads()[s.Self().Log]-before != 3 {
		t.Errorf("they are in %v %v %v, in %d writes", at(first), at(girl), at(second), s.Heads()[s.Self().Log]-before)
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil || at(first) != old || at(girl) != old {
		t.Errorf("taken back: %v, they are in %v %v", err, at(first), at(girl))
	}
	if err := LeaveHousehold(s, first); err != nil {
		t.Fatal(err)
	}
	home, _ = s.Record(home.ID)
	if _, has := HouseholdOf(s, first); has || !home.Get(fieldwork.HouseholdHead).IsZero() {
		t.Errorf("the head left, and it is still %v", home.Get(fieldwork.HouseholdHead))
	}
	if _, has := HouseholdOf(s, girl); !has {
		t.Error("the girl left with her")
	}
}

// TestMove_thousandsInOneGoAndBackInOneGo: more than one change holds; it is one act all the same.
func TestMove_thousandsInOneGoAndBackInOneGo(t *testing.T) {
	s, site, _, _, _ := village(t)
	var drafts []store.Draft
	for range 5000 {
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Amina"))}}}})
	}
	made, err := s.SaveAll(drafts)
	if err != nil {
		t.Fatal(err)
	}
	var crowd []fieldwork.RecordID
	for i := range made {
		crowd = append(crowd, made[i].Target(0))
	}
	there := func() (n int) {
		for _, id := range crowd {
			if r, _ := s.Record(id); r.Get(fieldwork.TraineeSite).Ref() == site {
				n++
			}
		}
		return n
	}
	if err := Move(s, crowd, site, true); err != nil || there() != len(crowd) {
		t.Fatalf("%v: %d of %d moved", err, there(), len(crowd))
	}
	if act, err := s.UndoLast(fieldwork.RecordID{}); err != nil || there() != 0 || len(act.Records) != len(crowd) {
		t.Errorf("%v: %d records taken back, %d are still there", err, len(act.Records), there())
	}
	if err := Move(s, nil, site, true); err != nil {
		t.Errorf("nobody: %v", err)
	}
}
