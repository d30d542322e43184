package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// byNameAnew sorts what Each calls with.
func byNameAnew(s *Store, kind fieldwork.Kind) []fieldwork.RecordID {
	var list []called
	s.Each(kind, func(r fieldwork.Record) bool {
		list = append(list, called{fieldwork.Fold(fieldwork.Name(r)), r.ID})
		return true
	})
	slices.SortFunc(list, called.compare)
	ids := make([]fieldwork.RecordID, len(list))
	for i := range list {
		ids[i] = list[i].id
	}
	return ids
}

func sameOrder(t testing.TB, s *Store, when string) {
	t.Helper()
	if got, want := s.ByName(fieldwork.KindTrainee), byNameAnew(s, fieldwork.KindTrainee); !slices.Equal(got, want) {
		t.Fatalf("%s: %d people by name are not the %d sorted anew", when, len(got), len(want))
	}
}

// someName is often one that somebody has already.
func someName(r *rand.Rand) string {
	return []string{"Émile", "emile", "Zawadi", "Amina", "Ole", ""}[r.IntN(6)] + []string{"", fmt.Sprint(" ", r.IntN(40))}[r.IntN(2)]
}

// A random walk: people are registered, renamed, deleted, brought back and joined; the list by name is as if it were sorted anew.
func TestByName_isAsSortedAnew(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s := newStore(t, 1)
	var ids []fieldwork.RecordID
	for round := range 40 {
		var drafts []Draft
		for range r.IntN(30) + r.IntN(2)*r.IntN(2)*fewStale {
			w := journal.Write{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(someName(r))}}}
			if len(ids) > 0 && r.IntN(3) > 0 {
				w.Record = ids[r.IntN(len(ids))]
			}
			switch r.IntN(6) {
			case 0:
				w.Fields = []fieldwork.FieldValue{{Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(r.IntN(2) > 0)}}
			case 1:
				if len(ids) > 0 {
					w.Fields = []fieldwork.FieldValue{{Field: fieldwork.FieldSameAs, Value: fieldwork.Ref(ids[r.IntN(len(ids))])}}
				}
			}
			drafts = append(drafts, Draft{Writes: []journal.Write{w}})
		}
		if round == 20 {
			s = reopen(t, s, testOptions)
			if !s.believed || s.records.names[fieldwork.KindTrainee] == nil {
				t.Fatal("the order does not come from the summary")
			}
		}
		if len(drafts) == 0 {
			continue
		}
		list, err := s.SaveAll(drafts)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			ids = append(ids, list[i].Target(0))
		}
		sameOrder(t, s, fmt.Sprint("round ", round))
	}
}

// Run with the race detector: people are renamed while others look through the list.
func TestByName_whileOthersSave(t *testing.T) {
	s := newStore(t, 1)
	var drafts []Draft
	for i := range 3 * fewStale {
		drafts = append(drafts, trainee(fmt.Sprintf("Nasieku %d", i*7919%1000)))
	}
	list, err := s.SaveAll(drafts)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for by := range 2 {
		all.Go(func() {
			for i := range 40 {
				d := trainee(fmt.Sprint("Late ", i*by))
				d.Writes[0].Record = list[(i*37+by)%len(list)].Target(0)
				if _, err := s.Save(d); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range 40 {
				if n := len(s.ByName(fieldwork.KindTrainee)); n != len(list) {
					t.Errorf("%d people", n)
				}
			}
		})
	}
	all.Wait()
	sameOrder(t, s, "after all")
}
