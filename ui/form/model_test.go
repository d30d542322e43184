package form

import (
	"testing"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
)

func english(t *testing.T) *show.Words {
	t.Helper()
	w, err := show.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

const today = 20886 // 9 March 2027

func TestModel_savesOnlyWhatChanged(t *testing.T) {
	r := fieldwork.Record{ID: fieldwork.RecordID{Log: fieldwork.LogID{Node: 7}, Seq: 3}, Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku")}, {Field: fieldwork.TraineeBirthYear, Value: fieldwork.Int(1994)},
	}}
	m := Of(r)
	if m.Dirty() || m.Draft() != nil {
		t.Errorf("untouched: dirty %v, draft %s", m.Dirty(), m.Draft())
	}
	m.Set("birth_year", "")
	m.Set("gender", "female")
	m.SetRef("site", fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: 9})
	got, wrong := m.Values(english(t), today)
	want := []fieldwork.FieldValue{
		{Field: fieldwork.TraineeGender, Value: fieldwork.Int(fieldwork.GenderFemale)}, {Field: fieldwork.TraineeBirthYear},
		{Field: fieldwork.TraineeSite, Value: fieldwork.Ref(fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: 9})},
	}
	if wrong != nil || len(got) != len(want) {
		t.Fatalf("got %v, wrong %v", got, wrong)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("field %d: got %v, want %v", i, got[i], want[i])
		}
	}
	back := m.Inverse(got)
	if n, _ := back[1].Value.Int(); n != 1994 || !back[0].Value.IsZero() {
		t.Errorf("the way back is %v", back)
	}
}

func TestModel_saysWhatIsWrongAtTheField(t *testing.T) {
	m := New(fieldwork.KindTrainee)
	m.Set("birth_year", "2031")
	m.Set("phone", "no")
	_, wrong := m.Values(english(t), today)
	want := map[string]string{
		"given_name": "A name is needed, given or family. One name is enough.",
		"birth_year": "A birth year lies between 1907 and 2027. Unknown? Choose an age band.",
		"phone":      "A phone number has digits. Leave it empty if there is none.",
	}
	for name, say := range want {
		if wrong[name] != say {
			t.Errorf("%s: got %q, want %q", name, wrong[name], say)
		}
	}
	if len(wrong) != len(want) {
		t.Errorf("got %v", wrong)
	}
	m.Set("birth_year", "nineteen")
	if _, wrong = m.Values(english(t), today); wrong["birth_year"] != "Birth year is a number, such as 12." {
		t.Errorf("letters for a year: %q", wrong["birth_year"])
	}
}

func TestModel_takesADraftUpAgain(t *testing.T) {
	m := New(fieldwork.KindTrainee)
	m.Set("given_name", "Aïssatou")
	draft := m.Draft()
	again := New(fieldwork.KindTrainee)
	if !again.Resume(draft) || again.Get("given_name") != "Aïssatou" || !again.Dirty() {
		t.Errorf("got %q", again.Get("given_name"))
	}
	for _, damaged := range []string{"", "{", `{"no_such_field":"x"}`, "null"} {
		if New(fieldwork.KindTrainee).Resume([]byte(damaged)) {
			t.Errorf("the draft %q was taken up", damaged)
		}
	}
}
