package journal

import (
	"testing"

	"kandili/internal/fieldwork"
)

func TestMoment_isDerivedFromHQsLookAtTheClock(t *testing.T) {
	log := fieldwork.LogID{Node: 1}
	const noon = 1_800_000_000 // HQ's truth
	year := int64(365 * 86400)
	f := Fixes{}
	f.Add(Run{log, 3}, Fix{Up: 600, Wall: noon + 600 - year, Offset: year})
	f.Add(Run{log, 5}, Fix{Up: 100, Wall: noon + 86400 + 100, Offset: 0})
	f.Add(Run{fieldwork.LogID{Node: 3}, 3}, Fix{Up: 10, Wall: noon})
	f.Add(Run{fieldwork.LogID{Node: 3}, 5}, Fix{Up: 10, Wall: noon + 86400})
	for _, c := range []struct {
		name     string
		log      fieldwork.LogID
		boot, up uint32
		wall     int64
		want     int64
		trust    Trust
	}{
		{"in the run that HQ met, a year slow", log, 3, 30, noon + 30 - year, noon + 30, Certain},
		{"in that run, after somebody set the clock", log, 3, 900, noon + 900, noon + 900, Certain},
		{"between a wrong clock and a right one", log, 4, 5, noon + 3600, noon + 3600 + year, Doubtful},
		{"after a run whose clock was right", log, 6, 5, noon + 2*86400, noon + 2*86400, Likely},
		{"after it, and yet before", log, 6, 5, noon - 86400, noon - 86400, Doubtful},
		{"between two right clocks, with a battery that had died", fieldwork.LogID{Node: 3}, 4, 5, 3600, 3600, Doubtful},
		{"a laptop that HQ never met", fieldwork.LogID{Node: 2}, 1, 5, noon, noon, Unchecked},
		{"with a clock that was never set", fieldwork.LogID{Node: 2}, 1, 5, 3600, 3600, Doubtful},
	} {
		if at, trust := f.Moment(c.log, c.boot, c.up, c.wall); at != c.want || trust != c.trust {
			t.Errorf("%s: %d and %d, want %d and %d", c.name, at-noon, trust, c.want-noon, c.trust)
		}
	}
	if f.Tells(Run{log, 3}, Fix{Up: 700, Wall: noon + 703 - year, Offset: year}) || !f.Tells(Run{log, 3}, Fix{Up: 700, Wall: noon + 730, Offset: 0}) || !f.Tells(Run{log, 7}, Fix{}) {
		t.Error("what is news is told wrongly")
	}
}
