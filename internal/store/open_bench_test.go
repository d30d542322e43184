package store

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// BenchmarkOpen opens a campaign with 100,000 people of twenty villages, or as many as KANDILI_BENCH_PEOPLE says. The processor's time
// says more than the clock's on a busy machine.
func BenchmarkOpen(b *testing.B) {
	people := 100_000
	if n, err := strconv.Atoi(os.Getenv("KANDILI_BENCH_PEOPLE")); err == nil {
		people = n
	}
	s := newStore(b, 1)
	var villages []fieldwork.Value
	for i := range 20 {
		villages = append(villages, fieldwork.Ref(save(b, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindSite, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.SiteName, Value: fieldwork.Text(fmt.Sprintf("Oldonyo %d", i))}}}}})))
	}
	given, family := []string{"Nasieku", "Amina", "Émile", "Zawadi", "Lemayian"}, []string{"Parsitau", "Leshan", "Ntutu", "Sow", "Kamau"}
	for at := 0; at < people; at += 1000 {
		var drafts []Draft
		for i := at; i < min(at+1000, people); i++ {
			d := trainee(given[i%5])
			d.Writes[0].Fields = append(d.Writes[0].Fields, fieldwork.FieldValue{Field: fieldwork.TraineeFamilyName, Value: fieldwork.Text(fmt.Sprintf("%s %d", family[i/5%5], i/25))},
				fieldwork.FieldValue{Field: fieldwork.TraineeBirthYear, Value: fieldwork.Int(int64(1950 + i%55))}, fieldwork.FieldValue{Field: fieldwork.TraineeSite, Value: villages[i%20]})
			drafts = append(drafts, d)
		}
		if _, err := s.SaveAll(drafts); err != nil {
			b.Fatal(err)
		}
	}
	dir, keys := s.dir, s.keys
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for _, how := range []struct {
		name    string
		summary int
	}{{"summary", 0}, {"records", -1}} { // as on any day, and as after a kill
		b.Run(how.name, func(b *testing.B) {
			opt := testOptions
			opt.Summary = how.summary
			var used float64
			for b.Loop() {
				before := cpuTime()
				s, err := Open(dir, keys, opt)
				if err != nil {
					b.Fatal(err)
				}
				used += cpuTime() - before
				if s.believed != (how.summary == 0) {
					b.Fatalf("the summary was believed: %v", s.believed)
				}
				b.StopTimer()
				s.Close()
				b.StartTimer()
			}
			b.ReportMetric(used/float64(b.N)*1000, "cpu-ms/op")
		})
	}
}
