package journal

import (
	"cmp"
	"slices"

	"kandili/internal/fieldwork"
)

// Meeting says that a moment of one laptop's run was a moment of another one's: they exchanged then. Where HQ compared
// one of the two clocks in its run, the meeting tells how the other one stands. What a laptop says of the right time is
// not in it, for two wrong clocks agree easily.
type Meeting struct {
	Record     fieldwork.RecordID // that tells it; its log is one of the two
	One, Other Glimpse
}

// Glimpse is one moment of a run, as the laptop itself had it.
type Glimpse struct {
	Run
	Up   uint32 // seconds since the run began
	Wall int64  // its clock
}

// Clocks is what is known of everybody's clocks: what HQ compared itself, and who met whom. It is the same wherever the
// same changes are held, and it does not depend on the order in which they came.
type Clocks struct {
	HQ  Fixes
	met map[Run][]Meeting // by either of the two runs
}

// NewClocks returns what is known before anything is.
func NewClocks() Clocks { return Clocks{HQ: Fixes{}, met: map[Run][]Meeting{}} }

// Meet takes a meeting in; the same record counts once.
func (c *Clocks) Meet(m Meeting) {
	if m.One.Log.Node == m.Other.Log.Node || m.One.Log.Node == 0 || m.Other.Log.Node == 0 {
		return
	}
	for _, run := range []Run{m.One.Run, m.Other.Run} {
		at, had := slices.BinarySearchFunc(c.met[run], m, func(a, b Meeting) int { return a.Record.Compare(b.Record) })
		if !had {
			c.met[run] = slices.Insert(c.met[run], at, m)
		}
	}
}

// Tells says whether a meeting of two runs may be news: HQ has not compared the clocks of both, and they are not known to
// have met.
func (c *Clocks) Tells(a, b Run) bool {
	if len(c.HQ[a]) > 0 && len(c.HQ[b]) > 0 {
		return false
	}
	return !slices.ContainsFunc(c.met[a], func(m Meeting) bool { return m.One.Run == b || m.Other.Run == b })
}

// Moment is Fixes.Moment; where HQ knows no better than unchecked or doubtful, other laptops are heard. They count less: they
// never overrule HQ, all who say something have to agree, and what they say has to fit the clock, the run and what HQ knows
// of the runs around.
func (c *Clocks) Moment(log fieldwork.LogID, boot, up uint32, wall int64) (at int64, trust Trust) {
	at, trust = c.HQ.Moment(log, boot, up, wall)
	if trust <= Likely {
		return at, trust
	}
	if told, ok := c.told(Run{log, boot}, up, wall); ok {
		return told, Likely
	}
	return at, trust
}

// told works out a moment from the run's meetings with laptops whose clocks HQ compared.
func (c *Clocks) told(run Run, up uint32, wall int64) (at int64, ok bool) {
	first, last, near := int64(0), int64(0), int64(-1)
	for _, m := range c.met[run] {
		mine, theirs := m.One, m.Other
		if mine.Run != run {
			mine, theirs = theirs, mine
		}
		then, known := c.HQ.steady(theirs)
		if !known {
			continue
		}
		byRun, byClock := then-int64(mine.Up)+int64(up), then-mine.Wall+wall
		if distance64(byRun, byClock) > agree {
			continue // the clock was set between the two, or the laptop slept
		}
		if near < 0 {
			first, last = byRun, byRun
		}
		first, last = min(first, byRun), max(last, byRun)
		if d := distance(mine.Up, up); near < 0 || d < near || d == near && byRun < at {
			near, at = d, byRun
		}
	}
	return at, near >= 0 && last-first <= agree && c.HQ.fits(run, at)
}

// steady is when a moment of a run was by HQ's clock, where HQ compared it in the same run and the laptop's clock says the
// same as its run: neither was it set since, nor did the laptop sleep.
func (f Fixes) steady(g Glimpse) (at int64, ok bool) {
	list := f[g.Run]
	if len(list) == 0 {
		return 0, false
	}
	near := slices.MinFunc(list, func(a, b Fix) int { return cmp.Compare(distance(a.Up, g.Up), distance(b.Up, g.Up)) })
	at = near.began() + int64(g.Up)
	return at, distance64(at, g.Wall+near.Offset) <= agree
}

// fits says whether a moment lies between what HQ knows of the runs before and after.
func (f Fixes) fits(run Run, at int64) bool {
	before, after := f.around(run.Log, run.Boot)
	return (before == nil || at+agree >= before.Wall+before.Offset) && (after == nil || at-agree <= after.Wall+after.Offset)
}
