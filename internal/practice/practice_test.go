package practice

import (
	"reflect"
	"testing"

	"kandili/internal/fieldwork"
)

func TestGenerate_sameSeedSameRowsAndEveryReferenceComesFirst(t *testing.T) {
	o := Options{Seed: 3, Start: 20000, Scale: 1000}
	p := Generate(o)
	if !reflect.DeepEqual(p, Generate(o)) {
		t.Fatal("two runs of one seed differ")
	}
	counts := map[fieldwork.Kind]int{}
	seen := map[string]bool{}
	tags := map[string]bool{}
	for _, c := range p.Countries {
		for _, rows := range c.Laptops {
			for _, r := range rows {
				counts[r.Kind]++
				for _, head := range []string{"site", "household", "households", "lamp", "person", "session", "model", "subject"} {
					if to := r.Cells[head]; to != "" && !seen[to] {
						t.Fatalf("%v %s refers to %s, which comes later", r.Kind, r.Ref, to)
					}
				}
				if seen[r.Ref] || tags[r.Cells["tag_code"]] && r.Kind == fieldwork.KindLamp {
					t.Fatalf("%s is there twice", r.Ref)
				}
				seen[r.Ref], tags[r.Cells["tag_code"]] = true, true
			}
		}
	}
	want := map[fieldwork.Kind]int{fieldwork.KindVolunteer: 80, fieldwork.KindLamp: 2200, fieldwork.KindInstallation: 2200, fieldwork.KindVisit: 2200, fieldwork.KindAttendance: 5000, fieldwork.KindTrainee: 1040}
	for k, n := range want {
		if counts[k] != n {
			t.Errorf("%d of %v, want %d", counts[k], k, n)
		}
	}
}
