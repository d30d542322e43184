package store

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"kandili/internal/fieldwork"
)

// Each reads ahead of who looks; whoever has seen enough leaves nothing behind, wherever that is.
func TestEach_stopsAnywhere(t *testing.T) {
	s := newStore(t, 1)
	const people = 5 * eachAtOnce
	var drafts []Draft
	for i := range people {
		drafts = append(drafts, trainee(fmt.Sprint("Nasieku ", i)))
	}
	list, err := s.SaveAll(drafts)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for _, most := range []int{1, 2, 3, 255, 256, 511, 512, 513, 900, people - 1, people, people + 1} {
		seen := 0
		s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
			if r.ID != list[seen].Target(0) {
				t.Fatalf("record %d is %v, want %v", seen, r.ID, list[seen].Target(0))
			}
			if seen++; seen%100 == 0 {
				s.Count(fieldwork.KindTrainee) // who looks may call the store
			}
			return seen < most
		})
		if want := min(most, people); seen != want {
			t.Errorf("%d seen of %d", seen, want)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines are left of %d", runtime.NumGoroutine(), before)
}

// A panic of who looks comes out as it went in, and nothing waits for ever.
func TestEach_panics(t *testing.T) {
	s := newStore(t, 1)
	drafts := make([]Draft, 3*eachAtOnce)
	for i := range drafts {
		drafts[i] = trainee("Amina")
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() != "enough" {
			t.Error("it was swallowed")
		}
	}()
	n := 0
	s.Each(fieldwork.KindTrainee, func(fieldwork.Record) bool {
		if n++; n == 2*eachAtOnce {
			panic("enough")
		}
		return true
	})
}
