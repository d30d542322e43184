package journal

import (
	"cmp"
	"slices"

	"kandili/internal/fieldwork"
)

// Run is one run of a program: between its start and its end, seconds since the start are right whatever the clock says.
type Run struct {
	Log  fieldwork.LogID
	Boot uint32
}

// Fix says how far a laptop's clock was off at one moment of a run, as HQ saw it.
type Fix struct {
	Up     uint32 // seconds since the run began
	Wall   int64  // the laptop's clock then
	Offset int64  // seconds to add to it
}

// began is when the run began, by HQ's clock.
func (f Fix) began() int64 { return f.Wall + f.Offset - int64(f.Up) }

// Trust says how well a time is known.
type Trust int

// How well a time is known, from best to worst.
const (
	Certain   Trust = iota // HQ compared clocks in the same run
	Likely                 // HQ compared clocks in runs before and after, and they agree; or a laptop whose clock HQ knows met it in this run
	Unchecked              // HQ never compared this laptop's clock, and nothing speaks against it
	Doubtful               // the clock jumped, or comparisons disagree, or it cannot be what it says
)

// Fixes is what is known of everybody's clocks. It is the same wherever HQ's log is the same.
type Fixes map[Run][]Fix

// agree is by how many seconds two comparisons of a clock may differ: old laptops drift a second or two a day.
const agree = 2 * 60

// earliest is before any campaign: 2024-01-01. A clock that says less was never set.
const earliest = 1_704_067_200

// Moment works out when something was written: boot-relative where HQ met the laptop in the same run, else by the
// offsets of the runs around it. The wall time itself is never changed anywhere; this is derived.
func (f Fixes) Moment(log fieldwork.LogID, boot, up uint32, wall int64) (at int64, trust Trust) {
	if list := f[Run{log, boot}]; len(list) > 0 {
		near := slices.MinFunc(list, func(a, b Fix) int { return cmp.Compare(distance(a.Up, up), distance(b.Up, up)) })
		return near.began() + int64(up), Certain
	}
	before, after := f.around(log, boot)
	switch {
	case before != nil && after != nil && distance64(before.Offset, after.Offset) <= agree && f.fits(Run{log, boot}, wall+before.Offset):
		return wall + before.Offset, Likely
	case before == nil && after == nil && wall >= earliest:
		return wall, Unchecked
	case before == nil && after == nil:
		return wall, Doubtful
	case after == nil && distance64(before.Offset, 0) <= agree && wall+before.Offset >= before.Wall+before.Offset:
		return wall + before.Offset, Likely // the clock was right when last looked at, and has not gone back
	case before == nil && distance64(after.Offset, 0) <= agree && wall <= after.Wall:
		return wall + after.Offset, Likely
	case before != nil:
		return wall + before.Offset, Doubtful
	}
	return wall + after.Offset, Doubtful
}

// around returns the last fix of the runs before and the first of those after.
func (f Fixes) around(log fieldwork.LogID, boot uint32) (before, after *Fix) {
	var b, a uint32
	for run, list := range f {
		switch {
		case run.Log != log || len(list) == 0:
		case run.Boot < boot && (before == nil || run.Boot > b):
			b, before = run.Boot, &list[len(list)-1]
		case run.Boot > boot && (after == nil || run.Boot < a):
			a, after = run.Boot, &list[0]
		}
	}
	return before, after
}

func distance(a, b uint32) int64 { return distance64(int64(a), int64(b)) }

func distance64(a, b int64) int64 { return max(a-b, b-a) }

// Add adds a fix, in the order of the run.
func (f Fixes) Add(r Run, x Fix) {
	list := append(f[r], x)
	slices.SortFunc(list, func(a, b Fix) int {
		return cmp.Or(cmp.Compare(a.Up, b.Up), cmp.Compare(a.Wall, b.Wall), cmp.Compare(a.Offset, b.Offset))
	})
	f[r] = list
}

// Tells says whether a comparison is news: the first of its run, or off by more than a few seconds from what the run's
// others say.
func (f Fixes) Tells(r Run, x Fix) bool {
	const few = 10
	list := f[r]
	return len(list) == 0 || distance64(list[len(list)-1].began(), x.began()) > few
}
