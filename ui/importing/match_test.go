package importing

import (
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
)

func matcher(t *testing.T) *Matcher {
	t.Helper()
	var all []*show.Words
	for _, l := range show.Langs() {
		w, err := show.Load(l.Code)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	return NewMatcher(fieldwork.KindTrainee, all)
}

func TestGuess_headsOfEveryLanguageAndWhatStandsInTheColumns(t *testing.T) {
	m := matcher(t)
	for name, x := range map[string]struct{ heads, want []string }{
		"English":    {[]string{"First name", "SURNAME", "Sex", "Year of birth", "Mobile number", "Village"}, []string{"given_name", "family_name", "gender", "birth_year", "phone", "site"}},
		"French":     {[]string{"Prénom", "Nom", "Sexe", "Année de naissance", "Tél.", "Localité"}, []string{"given_name", "family_name", "gender", "birth_year", "phone", "site"}},
		"Portuguese": {[]string{"Nome", "Sobrenome", "Sexo", "Celular", "Povoado"}, []string{"given_name", "family_name", "gender", "phone", "site"}},
		"Swahili":    {[]string{"Jina", "Ukoo", "Jinsi", "Namba ya simu", "Kijiji"}, []string{"given_name", "family_name", "gender", "phone", "site"}},
		"Filipino":   {[]string{"Pangalan", "Apelyido", "Kasarian", "CP", "Baryo"}, []string{"given_name", "family_name", "gender", "phone", "site"}},
		"our own":    {[]string{"given_name", "birth_year", "wg_seeing"}, []string{"given_name", "birth_year", "wg_seeing"}},
	} {
		if got := m.Guess(Table{Heads: x.heads}); !slices.Equal(got, x.want) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	t2 := Table{Heads: []string{"No", "A", "B", "C", "D"}, Rows: [][]string{{"1", "1994", "+254 712 000 111", "F", "x"}, {"2", "2001", "0712 000 222", "m", "y"}}}
	if got, want := m.Guess(t2), []string{"", "birth_year", "phone", "gender", ""}; !slices.Equal(got, want) {
		t.Errorf("by content: %q, want %q", got, want)
	}
}

func TestApply_keepsTheChosenColumnsAndTranslatesOptions(t *testing.T) {
	m := matcher(t)
	in := Table{Heads: []string{"N°", "Prénom", "Sexe"}, Rows: [][]string{{"1", "Aïssatou", "Femme"}, {"2", "Moussa", "H"}, {"3", "Awa"}}, Lines: []int{2, 3, 4}}
	got := m.Apply(in, []string{"", "given_name", "gender"})
	want := [][]string{{"Aïssatou", "female"}, {"Moussa", "male"}, {"Awa", ""}}
	if !slices.Equal(got.Heads, []string{"given_name", "gender"}) || !slices.EqualFunc(got.Rows, want, slices.Equal) {
		t.Errorf("%+v", got)
	}
}
