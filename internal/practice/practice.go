// Package practice makes up the reference programme from a seed: four countries, 80 volunteers, 11,000 people lit.
// Names, phones, villages and positions are plausible and invented. It is the practice campaign, the demonstration,
// the benchmark and the acceptance test. It is pure; the laptop's package and tests import it.
package practice

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"

	"kandili/internal/fieldwork"
)

// Options say what is made up.
type Options struct {
	Seed  uint64
	Start int64 // first day, in days since 1970
	Scale int   // per mille of the whole programme, 1000: all of it; people lit are 11,000 only then
}

// Row is one record as text, as a table's row holds it. References are by the Ref of another row of the same laptop,
// sites by their name.
type Row struct {
	Kind  fieldwork.Kind
	Ref   string // the row's own id, unique within its kind and laptop
	Cells map[string]string
}

// Country is what the two laptops of a country enter, each in an order in which references come first.
type Country struct {
	Code    string
	Laptops [2][]Row
}

// Programme is the whole of it.
type Programme struct{ Countries []Country }

// The reference programme, for each of its eight laptops.
const (
	laptopVolunteers = 10
	laptopTrainees   = 130
	laptopSessions   = 5
	laptopLamps      = 275
	laptopShared     = 10 // of the lamps: in schools and on paths
	laptopBroken     = 12 // of the lamps: found broken, in homes
	laptopPeople     = 1375
	seatsInSession   = 125
)

// Generate makes up a programme. The same options give the same rows.
func Generate(o Options) Programme {
	var p Programme
	for i := range lands {
		c := Country{Code: lands[i].code}
		for n := range c.Laptops {
			m := &maker{Options: o, land: &lands[i], laptop: n, rnd: rand.New(rand.NewPCG(o.Seed, uint64(i*2+n)))}
			m.make()
			c.Laptops[n] = m.rows
		}
		p.Countries = append(p.Countries, c)
	}
	return p
}

// All returns the rows of all laptops, the laptops' rows taking turns so that any beginning of the list has something
// of everything; references still come first.
func (p Programme) All() []Row {
	var all []Row
	for at := 0; ; at++ {
		more := false
		for _, c := range p.Countries {
			for n := range c.Laptops {
				if at < len(c.Laptops[n]) {
					all = append(all, c.Laptops[n][at])
					more = true
				}
			}
		}
		if !more {
			return all
		}
	}
}

// Kinds returns the kinds in the order in which their rows may be entered kind after kind.
func Kinds(rows []Row) []fieldwork.Kind {
	var kinds []fieldwork.Kind
	for _, r := range rows {
		if !slices.Contains(kinds, r.Kind) {
			kinds = append(kinds, r.Kind)
		}
	}
	slices.SortStableFunc(kinds, func(a, b fieldwork.Kind) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	return kinds
}

// order of kinds: what is referred to comes first.
var order = []fieldwork.Kind{fieldwork.KindSite, fieldwork.KindVolunteer, fieldwork.KindLampModel, fieldwork.KindHousehold, fieldwork.KindTrainee,
	fieldwork.KindConsent, fieldwork.KindSession, fieldwork.KindAttendance, fieldwork.KindLamp, fieldwork.KindInstallation, fieldwork.KindVisit}

// WriteCSV writes rows of one kind as a table with their refs.
func WriteCSV(w io.Writer, rows []Row) error {
	heads := map[string]bool{}
	for _, r := range rows {
		for h := range r.Cells {
			heads[h] = true
		}
	}
	names := slices.Sorted(maps.Keys(heads))
	out := csv.NewWriter(w)
	out.Write(append([]string{"ref"}, names...)) // errors stay in out
	for _, r := range rows {
		line := []string{r.Ref}
		for _, n := range names {
			line = append(line, r.Cells[n])
		}
		out.Write(line)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}
