package people

import (
	"fmt"
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/show"
	"kandili/ui/uitest"
)

const today = 20886 // 9 March 2027

func newModel(t *testing.T) (*Model, *store.Store) {
	t.Helper()
	w, err := show.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	s := uitest.Store(t)
	return NewModel(w, s), s
}

func register(t *testing.T, m *Model, given, family string) fieldwork.RecordID {
	t.Helper()
	m.New(fieldwork.RecordID{})
	m.Form().Set("given_name", given)
	m.Form().Set("family_name", family)
	id, wrong, err := m.Save(fieldwork.RecordID{}, today)
	if err != nil || wrong != nil {
		t.Fatalf("register %s %s: %v %v", given, family, wrong, err)
	}
	return id
}

func names(m *Model) (out []string) {
	for i := range m.Count() {
		out = append(out, m.Row(i).Name)
	}
	return out
}

func TestPeople_registerFindCorrectUndo(t *testing.T) {
	m, s := newModel(t)
	a := register(t, m, "Aïssatou", "Sène")
	register(t, m, "Zawadi", "Kamau")
	register(t, m, "Émile", "Ba")
	m.Take(m.List.Arrange()())
	if got, want := names(m), []string{"Aïssatou Sène", "Émile Ba", "Zawadi Kamau"}; !slices.Equal(got, want) {
		t.Errorf("by name: got %q, want %q", got, want)
	}
	for _, text := range []string{"aissatou", "SENE", "sène aïss", fieldwork.CodeOf(a)} {
		if m.Search(text); m.Count() != 1 || m.Row(0).ID != a {
			t.Errorf("%q finds %q", text, names(m))
		}
	}
	m.Search("")
	m.Open(a)
	m.Form().Set("birth_year", "1994")
	if _, wrong, err := m.Save(fieldwork.RecordID{}, today); wrong != nil || err != nil {
		t.Fatal(wrong, err)
	}
	if got := m.Row(0).Line; got != fieldwork.CodeOf(a)+" · 1994" {
		t.Errorf("her line is %q", got)
	}
	if act, err := s.UndoLast(fieldwork.RecordID{}); err != nil || len(act.Records) != 1 || act.Records[0] != a {
		t.Errorf("undo: %+v %v", act, err)
	}
	if r, _ := s.Record(a); !r.Get(fieldwork.TraineeBirthYear).IsZero() {
		t.Errorf("after undo she is %v", r)
	}
	if len(s.History(a)) != 3 {
		t.Errorf("the history has %d entries, want all three writes", len(s.History(a)))
	}
	if act, err := s.UndoLast(fieldwork.RecordID{}); err != nil || act.Records[0] == a {
		t.Errorf("the same save was undone twice: %+v %v", act, err)
	}
}

func TestPeople_undoTakesARegistrationBack(t *testing.T) {
	m, s := newModel(t)
	id := register(t, m, "Nobody", "Knows")
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	m.Open(id)
	if m.Take(m.List.Arrange()()); m.Total() != 0 || m.Form() != nil {
		t.Errorf("%d people are left, open is %v", m.Total(), m.Form())
	}
}

func TestPeople_aHalfTypedFormOutlivesTheWindow(t *testing.T) {
	m, s := newModel(t)
	m.New(fieldwork.RecordID{})
	m.Form().Set("given_name", "Nase")
	if err := m.KeepDraft(); err != nil {
		t.Fatal(err)
	}
	again := NewModel(m.words, s)
	if !again.New(fieldwork.RecordID{}) || again.Form().Get("given_name") != "Nase" {
		t.Errorf("the new window has %q", again.Form().Get("given_name"))
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if again.New(fieldwork.RecordID{}) {
		t.Error("what was thrown away came back")
	}
	// A village filled in by us is no draft: nobody typed.
	again.New(fieldwork.RecordID{Log: fieldwork.LogID{Node: 7}, Seq: 1})
	if err := again.KeepDraft(); err != nil || len(s.Drafts()) != 0 {
		t.Errorf("drafts %v, %v", s.Drafts(), err)
	}
}

func TestPeople_wrongFieldsSaveNothing(t *testing.T) {
	m, s := newModel(t)
	m.New(fieldwork.RecordID{})
	m.Form().Set("birth_year", "1994")
	_, wrong, err := m.Save(fieldwork.RecordID{}, today)
	if err != nil || wrong["given_name"] == "" || s.Count(fieldwork.KindTrainee) != 0 {
		t.Errorf("wrong %v, %v, saved %d", wrong, err, s.Count(fieldwork.KindTrainee))
	}
}

func TestTwins_areTheLikelyOnes(t *testing.T) {
	m, s := newModel(t)
	known := uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")),
		uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text("Ole Ntutu")), uitest.Field(fieldwork.TraineePhone, fieldwork.Text("0712 345 678")))
	for i := range 200 {
		register(t, m, fmt.Sprintf("Person%c", 'A'+i%26), fmt.Sprintf("Number%d", i))
	}
	for _, c := range []struct {
		name, phone string
		want        bool
	}{
		{"Nasieku Ole Ntutu", "", true}, {"nasieku ole ntutu", "", true}, {"Nasieku Ole Ntuttu", "", true}, {"Ntutu Nasieku Ole", "", true},
		{"Somebody Else", "+254 712 345678", true}, {"Nasieku", "", false}, {"Nasieku Leshan", "", false}, {"Somebody Else", "", false},
	} {
		got := Twins(s, fieldwork.RecordID{}, c.name, c.phone)
		if found := len(got) > 0 && got[0].ID == known; found != c.want {
			t.Errorf("%s %s: got %v, want her: %v", c.name, c.phone, got, c.want)
		}
	}
	if got := Twins(s, known, "Nasieku Ole Ntutu", ""); len(got) != 0 {
		t.Errorf("she is her own twin: %v", got)
	}
}
