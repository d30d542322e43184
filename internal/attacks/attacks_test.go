package attacks

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
)

// attack is something that somebody tries who means harm.
type attack struct {
	over, name string
	try        func(w *world) string // does it and says how it went
	want       string                // how it is refused

	apart bool // what comes is kept apart for a person, and nothing else
	grows bool // as a member, the attacker may write into its own log; what that moves, try looks at itself
}

// least is how many attacks DESIGN.md section 9 asks for.
const least = 120

// Every attack is refused, in the way that is written beside it, and nothing moves: no record, no log, no receipt, no
// certificate, no photo, at HQ, in its other campaign, on the laptop.
func TestAttacks_areRefused(t *testing.T) {
	w := newWorld(t)
	all := slices.Concat(doorAttacks(w), exchangeAttacks(w), joiningAttacks(w), pageAttacks(w), peerAttacks(w), courierAttacks(w), paperAttacks(w), memberAttacks(w))
	seen, refused := map[string]bool{}, 0
	perRoad := map[string]int{}
	for _, a := range all {
		title := a.over + ": " + a.name
		if seen[title] {
			t.Errorf("%s stands there twice", title)
		}
		seen[title] = true
		perRoad[a.over]++
		before, apart := w.state(), w.apart()
		got := a.try(w)
		ok := got == a.want
		if !ok {
			t.Errorf("%s: %s, want %s", title, got, a.want)
		}
		if after := w.state(); after != before && !a.grows {
			t.Errorf("%s moved something:\n%s", title, difference(before, after))
			ok = false
		}
		if n := w.apart(); n != apart && !a.apart && !a.grows || n <= apart && a.apart { // with a sync, laptops also hand HQ what they keep apart
			t.Errorf("%s: %d changes are apart, %d before", title, n, apart)
			ok = false
		}
		if ok {
			refused++
		}
	}
	fmt.Printf("attacks: %d, refused: %d %v\n", len(all), refused, perRoad)
	t.Logf("attacks: %d, refused: %d %v", len(all), refused, perRoad)
	if refused < least {
		t.Errorf("%d attacks were refused, %d are asked for", refused, least)
	}
	w.check(t)
}

// check reads everything once more at the end.
func (w *world) check(t *testing.T) {
	for _, s := range w.hq.Campaigns() {
		if r, err := s.Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("HQ: %v %q", err, r.Damage)
		}
	}
	if r, err := w.honest.Store().Verify(); err != nil || len(r.Damage) > 0 {
		t.Errorf("the honest laptop: %v %q", err, r.Damage)
	}
}

func asProblem(err error, p **fieldwork.Problem) bool { return errors.As(err, p) }

func sortLines(text string) string {
	list := strings.Split(strings.TrimSpace(text), "\n")
	slices.Sort(list)
	return strings.Join(list, "\n")
}

func difference(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var out []string
	for i := range was {
		if i < len(is) && was[i] != is[i] {
			out = append(out, "before "+was[i], "after  "+is[i])
		}
	}
	return strings.Join(out, "\n")
}
