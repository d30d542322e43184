package store

import (
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

func TestOnTheWay_countsEachWriteOnceWhateverTheFilesHold(t *testing.T) {
	log := fieldwork.LogID{Node: 1}
	file := func(from, to uint64) Carried {
		return Carried{From: journal.Heads{log: from}, To: journal.Heads{log: to}, Files: 1}
	}
	for _, c := range []struct {
		name     string
		carried  []Carried
		received uint64
		want     int
	}{
		{"nothing carried", nil, 0, 0},
		{"one file", []Carried{file(0, 10)}, 0, 10},
		{"part of it is home", []Carried{file(0, 10)}, 4, 6},
		{"two that overlap", []Carried{file(0, 10), file(5, 20)}, 0, 20},
		{"a gap between them", []Carried{file(0, 10), file(15, 20)}, 0, 15},
		{"the later one first", []Carried{file(15, 20), file(0, 10)}, 0, 15},
		{"HQ went back behind the file", []Carried{file(10, 20)}, 2, 10},
		{"a file of what is not held any more", []Carried{file(0, 50)}, 0, 30},
		{"all home", []Carried{file(0, 10)}, 30, 0},
	} {
		s := &Store{heads: journal.Heads{log: 30}, received: journal.Heads{log: c.received}, carried: c.carried, self: Identity{Log: log}}
		if got := s.OnTheWay().Writes; got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		for seq := uint64(1); seq <= 30; seq++ {
			want := OnThisLaptop
			for _, f := range c.carried {
				if seq > f.From[log] && seq <= f.To[log] {
					want = InCourier
				}
			}
			if seq <= c.received {
				want = AtHQ
			}
			if got := s.whereWrite(journal.Version{Dot: fieldwork.RecordID{Log: log, Seq: seq}}); got != want {
				t.Errorf("%s: write %d is %q, want %q", c.name, seq, got, want)
			}
		}
	}
}
