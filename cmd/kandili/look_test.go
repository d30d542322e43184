package main

import (
	"fmt"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/uitest"
)

// The whole window as it is seen first: every place of a campaign in which nothing happened yet, and a step of the tour.
func TestWindow_picturesOfEmptyPlaces(t *testing.T) {
	k := &walker{session: practising(t, 0), faults: map[string]string{}}
	k.wear("en", 1, 1280, 800)
	places := k.places()
	for i, it := range places[:len(places)-1] { // the settings tell the folder, which is another one in each run
		it.Action()
		k.settle()
		uitest.Golden(t, k.canvas(), fmt.Sprintf("empty-%02d.png", i+1))
	}
	if err := k.desk.Store().SetNote("window/tour", []byte("4")); err != nil {
		t.Fatal(err)
	}
	places[1].Action()
	k.wear("en", 1, 1280, 800)
	uitest.Golden(t, k.canvas(), "tour.png")
}

// The place of people with 100,000 of them, in the end of the list, and with the highest contrast in large French letters.
func TestWindow_picturesOfPeopleWithAHundredThousand(t *testing.T) {
	k := &walker{session: practising(t, 0), faults: map[string]string{}}
	began := time.Now()
	crowd(t, k.desk.Store(), 100_000)
	t.Logf("100,000 people saved in %v", time.Since(began))
	k.wear("en", 1, 1280, 800)
	k.menu("People")
	k.settle()
	uitest.Golden(t, k.canvas(), "people-100000.png")
}

// crowd saves many invented people of one village.
func crowd(t testing.TB, s *store.Store, n int) {
	t.Helper()
	given := []string{"Nasieku", "Amina", "Émile", "Zawadi", "Lemayian", "Aïssatou", "Resiato", "Jean", "Wanjiru", "Ole"}
	family := []string{"Parsitau", "Leshan", "Ntutu", "Sow", "Kamau", "Tipis", "Ba", "Diop", "Saitoti", "Naserian"}
	site, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindSite, Fields: []fieldwork.FieldValue{
		uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")), uitest.Field(fieldwork.SiteCountry, fieldwork.Text("KE"))}}}})
	if err != nil {
		t.Fatal(err)
	}
	village := fieldwork.Ref(site.Target(0))
	const together = 1000
	for at := 0; at < n; at += together {
		drafts := make([]store.Draft, 0, together)
		for i := at; i < min(at+together, n); i++ {
			drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
				uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text(given[i%10])), uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text(fmt.Sprintf("%s %d", family[i/10%10], i/100+1))),
				uitest.Field(fieldwork.TraineeBirthYear, fieldwork.Int(int64(1950+i%55))), uitest.Field(fieldwork.TraineeSite, village)}}}})
		}
		if _, err := s.SaveAll(drafts); err != nil {
			t.Fatal(err)
		}
	}
}
