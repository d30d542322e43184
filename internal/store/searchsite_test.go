package store

import (
	"fmt"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Records lie on the disk under opaque keys, in no order: a person may be read before her village is.
func TestSearch_byVillageFindsEverybodyAfterAStart(t *testing.T) {
	s := newStore(t, 7)
	save := func(w journal.Write) fieldwork.RecordID {
		t.Helper()
		c, err := s.Save(Draft{Writes: []journal.Write{w}})
		if err != nil {
			t.Fatal(err)
		}
		return c.Target(0)
	}
	named := func(f fieldwork.FieldID, text string) fieldwork.FieldValue {
		return fieldwork.FieldValue{Field: f, Value: fieldwork.Text(text)}
	}
	var sites []fieldwork.RecordID
	villages := []string{"Oldonyo", "Magadi", "Shompole", "Olkiramatian", "Nguruman", "Pakase", "Musenke", "Ilparakuo"}
	for _, name := range villages {
		site := save(journal.Write{Kind: fieldwork.KindSite, Fields: []fieldwork.FieldValue{named(fieldwork.SiteName, name)}})
		sites = append(sites, site)
		for j := range 5 {
			save(journal.Write{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{named(fieldwork.TraineeGivenName, fmt.Sprint("Nasieku", j)), {Field: fieldwork.TraineeSite, Value: fieldwork.Ref(site)}}})
		}
	}
	found := func(text string, want int) {
		t.Helper()
		if got := len(s.Search(fieldwork.KindTrainee, text, 100)); got != want {
			t.Errorf("%s: %d people, want %d", text, got, want)
		}
	}
	s = reopen(t, s, Options{})
	for _, name := range villages {
		found(name, 5)
	}
	save(journal.Write{Kind: fieldwork.KindSite, Record: sites[0], Fields: []fieldwork.FieldValue{named(fieldwork.SiteName, "Entasopia")}})
	found("entasopia", 5)
	found("oldonyo", 0)
}
