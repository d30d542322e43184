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

// The places with 100,000 people: that of people in a usual window, the others in the smallest.
func TestWindow_picturesWithAHundredThousandPeople(t *testing.T) {
	k := &walker{session: practising(t, 0), faults: map[string]string{}}
	began := time.Now()
	crowd(t, k.desk.Store(), 100_000)
	busy(t, k.desk.Store())
	t.Logf("100,000 people saved in %v", time.Since(began))
	k.wear("en", 1, 1280, 800)
	k.menu("People")
	k.settle()
	uitest.Golden(t, k.canvas(), "people-100000.png")
	k.wear("en", 1, 1024, 600)
	places := k.places()
	for i, it := range places[:len(places)-1] {
		it.Action()
		k.settle()
		if i == 1 {
			continue // people, above
		}
		uitest.Golden(t, k.canvas(), fmt.Sprintf("full-%02d.png", i+1))
	}
	k.menu("Check-in")
	k.menu("Find") // among all of them, from the door
	k.typed("nas")
	k.settle()
	uitest.Golden(t, k.canvas(), "full-find.png")
	k.back()
	k.menu("Ready to travel or leave …")
	k.settle()
	uitest.Golden(t, k.canvas(), "ready.png")
}

// busy holds a session at noon in the village of a crowd, for its first 34 people, of whom 27 came, and hangs 60 lamps there.
func busy(t testing.TB, s *store.Store) {
	t.Helper()
	village := s.Shown(fieldwork.KindSite)[len(s.Shown(fieldwork.KindSite))-1]
	people := s.Shown(fieldwork.KindTrainee)[:34]
	session := uitest.Save(t, s, fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(village)), uitest.Field(fieldwork.SessionTitle, fieldwork.Text("Assembly, second day")),
		uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.Unix())), uitest.Field(fieldwork.SessionEnd, fieldwork.Int(uitest.Noon.Unix()+4*3600)),
		uitest.Field(fieldwork.SessionStatus, fieldwork.Int(fieldwork.SessionStatusOpen)), uitest.Field(fieldwork.SessionExpected, fieldwork.Refs(people...)))
	var drafts []store.Draft
	for i, p := range people[:27] {
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindAttendance, Fields: []fieldwork.FieldValue{
			uitest.Field(fieldwork.AttendancePerson, fieldwork.Ref(p)), uitest.Field(fieldwork.AttendanceSession, fieldwork.Ref(session)),
			uitest.Field(fieldwork.AttendanceKind, fieldwork.Int(fieldwork.AttendanceIn)), uitest.Field(fieldwork.AttendanceTime, fieldwork.Int(uitest.Noon.Unix()-600+int64(20*i)))}}}})
	}
	for i := range 60 {
		status := int64(fieldwork.LampWorking)
		if i%9 == 4 {
			status = fieldwork.LampDim
		}
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindLamp, Fields: []fieldwork.FieldValue{
			uitest.Field(fieldwork.LampTagCode, fieldwork.Text(fmt.Sprintf("KJ-%04d", i+1))), uitest.Field(fieldwork.LampStatus, fieldwork.Int(status))}}}})
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
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
