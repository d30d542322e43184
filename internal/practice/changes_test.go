package practice

import (
	"reflect"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

func TestChanges_areOneLogThatALaptopCouldHaveWritten(t *testing.T) {
	o := Options{Seed: 3, Start: 20000, Scale: 1000}
	rows := Generate(o).Countries[2].Laptops[1]
	log := fieldwork.LogID{Node: 6}
	for _, way := range []Way{ByHand, ByImport} {
		list, err := Changes(rows, way, log, o)
		if err != nil || len(list) != len(rows) {
			t.Fatalf("%d changes of %d rows: %v", len(list), len(rows), err)
		}
		if again, err := Changes(rows, way, log, o); err != nil || !reflect.DeepEqual(list, again) {
			t.Fatal("two runs of one seed differ")
		}
		p := journal.Piece{Log: log, First: 1, Changes: list}
		if _, err := p.Head(); err != nil {
			t.Fatal(err)
		}
		var wall int64
		var stamp journal.Stamp
		nonces, edited := 0, 0
		for i := range list {
			c := &list[i]
			if c.Wall < wall || c.Stamp <= stamp || int64(c.Up) > 86400 {
				t.Fatalf("change %d: wall %d after %d, stamp %d after %d, up %d", c.Seq, c.Wall, wall, c.Stamp, stamp, c.Up)
			}
			wall, stamp = c.Wall, c.Stamp
			for _, f := range c.Writes[0].Fields {
				for _, id := range f.Value.Refs() {
					if id.Log != log || id.Seq >= c.Seq {
						t.Fatalf("change %d refers to %v", c.Seq, id)
					}
				}
				if len(f.Value.Bytes()) == 16 {
					nonces++
				}
			}
			if c.Writes[0].Record != (fieldwork.RecordID{}) {
				edited++
			}
		}
		if want := map[Way]int{ByHand: 625, ByImport: 0}[way]; nonces != want || edited != 0 {
			t.Errorf("%d nonces, want %d; %d edits", nonces, want, edited)
		}
	}
}
