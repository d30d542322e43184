package journal

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"kandili/internal/fieldwork"
)

// laptopTruth is a laptop as it really was: when its runs began, and how far its clock was off in each of them.
type laptopTruth struct {
	log  fieldwork.LogID
	runs []runTruth
}

type runTruth struct {
	Run
	began, length int64
	off           int64 // the clock's error: wall = truth + off
	setAt, by     int64 // seconds into the run somebody set the clock by so much; 0: nobody
	slept, sleep  int64 // seconds of the truth into the run it slept for so long, and its run stood still; 0: never
}

// glimpse is what the laptop itself has of a moment of the truth within the run.
func (r runTruth) glimpse(at int64) Glimpse {
	up, wall := at-r.began, at+r.off
	if r.setAt > 0 && up >= r.setAt {
		wall += r.by
	}
	if r.sleep > 0 && up >= r.slept+r.sleep {
		up -= r.sleep
	}
	return Glimpse{r.Run, uint32(up), wall}
}

// awake says that nothing of that moment is asleep.
func (r runTruth) awake(at int64) bool {
	up := at - r.began
	return r.sleep == 0 || up < r.slept || up >= r.slept+r.sleep
}

// world draws laptops, what HQ compared and who met whom. honest: nobody tells what is not so, and nobody's laptop sleeps
// or has its clock set between HQ and a meeting.
type world struct {
	laptops []laptopTruth
	hq      Clocks // with HQ's comparisons only
	clocks  Clocks
}

const worldBegin = 1_800_000_000

func drawWorld(t *rapid.T, faults bool) *world {
	w := &world{hq: NewClocks(), clocks: NewClocks()}
	for node := range rapid.IntRange(2, 5).Draw(t, "laptops") {
		l := laptopTruth{log: fieldwork.LogID{Node: uint32(node + 1)}}
		at := int64(worldBegin)
		for boot := range rapid.IntRange(1, 4).Draw(t, "runs") {
			r := runTruth{Run: Run{l.log, uint32(boot + 1)}, began: at + rapid.Int64Range(60, 80_000).Draw(t, "pause"), length: rapid.Int64Range(600, 40_000).Draw(t, "length")}
			r.off = rapid.SampledFrom([]int64{0, 0, 5, -30, 3600, -86400, -3 * 365 * 86400, -worldBegin + 3600}).Draw(t, "off")
			if faults && rapid.Bool().Draw(t, "set") {
				r.setAt, r.by = rapid.Int64Range(1, r.length).Draw(t, "setAt"), rapid.SampledFrom([]int64{3600, -7200, 90 * 86400}).Draw(t, "by")
			}
			if faults && rapid.Bool().Draw(t, "sleeps") {
				r.slept, r.sleep = rapid.Int64Range(1, r.length/2).Draw(t, "slept"), rapid.Int64Range(150, 3000).Draw(t, "sleep") // never as long as its clock is set back: nobody could tell
			}
			at = r.began + r.length
			l.runs = append(l.runs, r)
			when := r.began + rapid.Int64Range(1, r.length).Draw(t, "when")
			if rapid.Bool().Draw(t, "HQ") && r.awake(when) {
				g := r.glimpse(when)
				fix := Fix{Up: g.Up, Wall: g.Wall, Offset: when + rapid.Int64Range(-3, 3).Draw(t, "late") - g.Wall}
				w.hq.HQ.Add(r.Run, fix)
				w.clocks.HQ.Add(r.Run, fix)
			}
		}
		w.laptops = append(w.laptops, l)
	}
	return w
}

// meetings are the meetings that were possible, some of them.
func (w *world) meetings(t *rapid.T) (list []Meeting) {
	seq := uint64(0)
	for i, a := range w.laptops {
		for _, b := range w.laptops[i+1:] {
			for _, x := range a.runs {
				for _, y := range b.runs {
					from, to := max(x.began, y.began), min(x.began+x.length, y.began+y.length)
					if from >= to || !rapid.Bool().Draw(t, "meet") {
						continue
					}
					at := rapid.Int64Range(from, to).Draw(t, "met")
					if at-2 < y.began || !x.awake(at) || !y.awake(at-2) || !y.awake(at+2) {
						continue
					}
					seq++
					one, other := x.glimpse(at), y.glimpse(at+rapid.Int64Range(-2, 2).Draw(t, "delay"))
					list = append(list, Meeting{Record: fieldwork.RecordID{Log: a.log, Seq: seq}, One: one, Other: other})
				}
			}
		}
	}
	return list
}

// many checks thirty times as often as rapid does by itself; that takes a tenth of a second.
func many(t *testing.T, f func(*rapid.T)) {
	for range 30 {
		rapid.Check(t, f)
	}
}

func off(at, truth int64) int64 { return distance64(at, truth) }

// Laptops that met make times better and never worse, whatever their clocks show, whether they slept or somebody set them.
func TestMeetings_makeMomentsBetterAndNeverWorse(t *testing.T) {
	better, moments := 0, 0
	many(t, func(t *rapid.T) {
		faults := rapid.Bool().Draw(t, "faults")
		w := drawWorld(t, faults)
		for _, m := range w.meetings(t) {
			w.clocks.Meet(m)
		}
		for _, l := range w.laptops {
			for _, r := range l.runs {
				truth := r.began + rapid.Int64Range(0, r.length).Draw(t, "moment")
				if !r.awake(truth) {
					continue
				}
				g := r.glimpse(truth)
				was, old := w.hq.Moment(l.log, r.Boot, g.Up, g.Wall)
				now, trust := w.clocks.Moment(l.log, r.Boot, g.Up, g.Wall)
				moments++
				switch {
				case now == was && trust == old:
				case old <= Likely:
					t.Fatalf("HQ said %d (%d), and it was overruled: %d (%d)", was, old, now, trust)
				case trust != Likely || off(now, truth) > agree+60:
					t.Fatalf("%v: %d s off and called %d; before it was %d s off and called %d", r, off(now, truth), trust, off(was, truth), old)
				case off(now, truth) > off(was, truth)+agree:
					t.Fatalf("%v: %d s off instead of %d", r, off(now, truth), off(was, truth))
				case off(now, truth) < off(was, truth):
					better++
				}
			}
		}
	})
	if better < moments/100 {
		t.Errorf("%d of %d moments became better: this tests nothing", better, moments)
	}
	t.Logf("%d of %d moments became better", better, moments)
}

func TestMeetings_countTheSameInAnyOrder(t *testing.T) {
	many(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		list := w.meetings(t)
		other := NewClocks()
		other.HQ = w.hq.HQ
		for _, m := range list {
			w.clocks.Meet(m)
		}
		for range 2 { // each twice
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			for _, m := range list {
				other.Meet(m)
			}
		}
		for _, l := range w.laptops {
			for _, r := range l.runs {
				g := r.glimpse(r.began + r.length/2)
				a, x := w.clocks.Moment(l.log, r.Boot, g.Up, g.Wall)
				b, y := other.Moment(l.log, r.Boot, g.Up, g.Wall)
				if a != b || x != y {
					t.Fatalf("%d (%d) and %d (%d)", a, x, b, y)
				}
			}
		}
	})
}

// A laptop that tells a wrong time, and tells it well, moves nothing that HQ knows, nothing on which an honest laptop
// contradicts it, and nothing out of what HQ knows of the runs around.
func TestMeetings_aLiarMovesNothingThatIsKnown(t *testing.T) {
	moved := 0
	many(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		honest := NewClocks()
		honest.HQ = w.hq.HQ
		for _, m := range w.meetings(t) {
			w.clocks.Meet(m)
			honest.Meet(m)
		}
		liar := Run{fieldwork.LogID{Node: 99}, 1}
		w.clocks.HQ.Add(liar, Fix{Up: 0, Wall: worldBegin, Offset: 0})
		for i, l := range w.laptops {
			for _, r := range l.runs {
				lie := rapid.Int64Range(0, 300_000).Draw(t, "lie")
				w.clocks.Meet(Meeting{Record: fieldwork.RecordID{Log: liar.Log, Seq: uint64(i*10) + uint64(r.Boot)},
					One: Glimpse{liar, uint32(lie), worldBegin + lie}, Other: r.glimpse(r.began + r.length/3)})
			}
		}
		for _, l := range w.laptops {
			for _, r := range l.runs {
				truth := r.began + r.length/2
				g := r.glimpse(truth)
				base, old := w.hq.Moment(l.log, r.Boot, g.Up, g.Wall)
				was, before := honest.Moment(l.log, r.Boot, g.Up, g.Wall)
				now, trust := w.clocks.Moment(l.log, r.Boot, g.Up, g.Wall)
				if old <= Likely && (now != was || trust != before) {
					t.Fatalf("HQ's %d became %d", was, now)
				}
				if old > Likely && before == Likely && trust == Likely && off(now, was) > agree {
					t.Fatalf("%d s off although an honest laptop knew better", off(now, truth))
				}
				if now == base {
					continue
				}
				moved++
				b, a := w.hq.HQ.around(l.log, r.Boot)
				if b != nil && now < b.Wall+b.Offset-agree || a != nil && now > a.Wall+a.Offset+agree {
					t.Fatalf("%d lies outside of what HQ knows", now)
				}
			}
		}
	})
	if moved == 0 {
		t.Error("the liar was never heard: this tests nothing")
	}
}

func TestMeetings_ofTwoAtOneMomentTheEarlierCounts(t *testing.T) {
	run := func(node uint32) Run { return Run{fieldwork.LogID{Node: node}, 1} }
	meet := func(node uint32, late int64) Meeting {
		return Meeting{Record: fieldwork.RecordID{Log: run(node).Log, Seq: 1}, One: Glimpse{run(node), uint32(50 + late), worldBegin + 50 + late}, Other: Glimpse{run(1), 20, 20}}
	}
	for _, order := range [][]Meeting{{meet(2, 0), meet(3, 7)}, {meet(3, 7), meet(2, 0)}} {
		c := NewClocks()
		for _, node := range []uint32{2, 3} {
			c.HQ.Add(run(node), Fix{Up: 10, Wall: worldBegin + 10})
		}
		for _, m := range order {
			c.Meet(m)
		}
		if at, trust := c.Moment(run(1).Log, 1, 30, 30); at != worldBegin+60 || trust != Likely {
			t.Errorf("%d (%d)", at-worldBegin, trust)
		}
	}
}

func TestMeetings_tellOnceForTwoRuns(t *testing.T) {
	a, b := Run{fieldwork.LogID{Node: 1}, 1}, Run{fieldwork.LogID{Node: 2}, 4}
	c := NewClocks()
	if !c.Tells(a, b) {
		t.Error("the first meeting is no news")
	}
	c.Meet(Meeting{Record: fieldwork.RecordID{Log: a.Log, Seq: 1}, One: Glimpse{Run: a}, Other: Glimpse{Run: b}})
	if c.Tells(a, b) || c.Tells(b, a) {
		t.Error("it is told twice")
	}
	d := NewClocks()
	d.HQ.Add(a, Fix{})
	d.HQ.Add(b, Fix{})
	if d.Tells(a, b) {
		t.Error("HQ knows both")
	}
}
