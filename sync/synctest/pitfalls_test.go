package synctest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
)

// These tests are named after docs/pitfalls.md: what others fell into, by its number there.

// metered runs one exchange on a good line and returns what it took.
func (w *World) metered(t *testing.T, client, server *Node, program string) exchange.Result {
	t.Helper()
	self := client.Store.Self()
	c := exchange.Client{Replica: client.replica(), Road: &trip{w: w, client: client, server: server}, Campaign: campaign, Log: self.Log, Peer: "hq",
		Program: program, Now: client.now, Jitter: w.rnd.Float64, Sleep: func(context.Context, time.Duration) error { return nil },
		Received: func(h journal.Heads) error { return w.received(client, h) }}
	res, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func (w *World) mustSync(t *testing.T, client, server *Node) {
	t.Helper()
	if err := w.Sync(client, server, false); err != nil {
		t.Fatal(err)
	}
}

func (w *World) phone(t *testing.T, n *Node, id fieldwork.RecordID, number string) {
	t.Helper()
	w.save(n, draftOf(fieldwork.KindTrainee, id, fieldwork.TraineePhone, fieldwork.Text(number)))
}

func (w *World) mustEqual(t *testing.T) {
	t.Helper()
	if why := w.equal(); why != "" {
		t.Fatal(why)
	}
}

func TestPitfall03_nothingIsComparedAgainAfterTheOtherDirectionRan(t *testing.T) {
	w := quiet(t, 2)
	a, b := w.laptops[0], w.laptops[1]
	w.trainees(a, 300)
	w.mustSync(t, a, w.HQ)
	w.mustSync(t, b, w.HQ)
	for _, n := range []*Node{a, b, a} {
		if res := w.metered(t, n, w.HQ, "simulation"); res.Requests != 1 || res.BytesUp+res.BytesDown > 600 {
			t.Errorf("%v: %+v", n, res)
		}
	}
}

func TestPitfall04_anotherVersionGoesOnWhereTheOldOneWas(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	w.trainees(a, 300)
	w.metered(t, a, w.HQ, "kandili 1.0")
	w.trainees(a, 1)
	if res := w.metered(t, a, w.HQ, "kandili 2.0"); res.Requests != 1 || res.Sent != 1 || res.BytesUp > 600 {
		t.Errorf("%+v", res)
	}
}

func TestPitfall05_deletedRecordsCostNothingLater(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	w.trainees(a, 150)
	for _, id := range a.Store.IDs(fieldwork.KindTrainee) {
		w.save(a, draftOf(fieldwork.KindTrainee, id, fieldwork.FieldDeleted, fieldwork.Bool(true)))
	}
	w.metered(t, a, w.HQ, "simulation")
	if res := w.metered(t, a, w.HQ, "simulation"); res.Requests != 1 || res.BytesUp+res.BytesDown > 600 {
		t.Errorf("%+v", res)
	}
}

func TestPitfall06_aSyncDoesNotGrowWithTheCampaign(t *testing.T) {
	var cost []int64
	for _, people := range []int{10, 5000} {
		w := quiet(t, 1)
		a := w.laptops[0]
		w.trainees(a, people)
		w.metered(t, a, w.HQ, "simulation")
		w.metered(t, a, w.HQ, "simulation")
		res := w.metered(t, a, w.HQ, "simulation")
		cost = append(cost, res.BytesUp+res.BytesDown)
	}
	if cost[1] > cost[0]+4 { // numbers of more digits
		t.Errorf("nothing to sync costs %d bytes with ten people, %d with five thousand", cost[0], cost[1])
	}
}

func TestPitfall07_noHeapOfWorkIsTooLargeToArrive(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	for range 400 {
		w.longText(a)
	}
	if res := w.metered(t, a, w.HQ, "simulation"); res.Sent != 400 || res.Requests < 3 {
		t.Errorf("half a megabyte that cannot be packed: %+v", res)
	}
	w.mustEqual(t)
}

func TestPitfall10_aCutCostsOneFrame(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	for range 60 {
		w.longText(a)
	}
	road := &faultRoad{trip: &trip{w: w, client: a, server: w.HQ}, fault: FaultReset, up: true, at: 40 << 10}
	if err := w.exchange(a, w.HQ, road); err != nil || road.beyond {
		t.Fatal(err, road.beyond)
	}
	// 60 × 1.2 KB are 75 KB; 48 KB of it in the first body, of which 40 arrived.
	if most := int64(75<<10 + 8<<10 + 3<<10); road.up64 > most+8<<10 {
		t.Errorf("%d bytes were sent", road.up64)
	}
	w.mustEqual(t)
}

func TestPitfall13_nothingLeavesTheLaptopBeforeHQHasIt(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	w.trainees(a, 5)
	w.HQ.full = true
	if err := w.Sync(a, w.HQ, false); err == nil {
		t.Error("HQ's disk is full, and the exchange says that it went well")
	}
	if a.Store.Count(fieldwork.KindTrainee) != 5 || a.Store.Unsent() != 5 {
		t.Errorf("%d people, %d unsent", a.Store.Count(fieldwork.KindTrainee), a.Store.Unsent())
	}
	w.HQ.full = false
	w.mustSync(t, a, w.HQ)
	w.mustEqual(t)
}

func TestPitfall14_whatHQKeepsApartIsToldAndStaysAsItIs(t *testing.T) {
	w := quiet(t, 2)
	a := w.laptops[0]
	w.trainees(a, 1)
	w.mustSync(t, a, w.HQ)
	id := a.Store.IDs(fieldwork.KindTrainee)[0]
	w.revoke(a)
	if _, err := a.Store.Save(draftOf(fieldwork.KindTrainee, id, fieldwork.TraineePhone, fieldwork.Text("0712"))); err != nil {
		t.Fatal(err)
	}
	res := w.metered(t, a, w.HQ, "simulation")
	r, _ := a.Store.Record(id)
	if res.Quarantined == 0 || len(res.Refused) == 0 || r.Get(fieldwork.TraineePhone).Text() != "0712" {
		t.Errorf("%+v, the laptop shows %q", res, r.Get(fieldwork.TraineePhone).Text())
	}
}

func TestPitfall15_anAnswerThatBreaksOffTakesNothingAway(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	w.trainees(a, 20)
	w.mustSync(t, a, w.HQ)
	w.trainees(w.HQ, 200)
	for at := range 40 {
		road := &faultRoad{trip: &trip{w: w, client: a, server: w.HQ}, fault: FaultReset, at: at * 50}
		w.exchange(a, w.HQ, road)
		if got := a.Store.Count(fieldwork.KindTrainee); got < 20 {
			t.Fatalf("%d people are left", got)
		}
	}
	w.mustEqual(t)
}

func TestPitfall17_aChangeThatComesBeforeItsRecord(t *testing.T) {
	w := quiet(t, 3)
	a, b, c := w.laptops[0], w.laptops[1], w.laptops[2]
	w.trainees(a, 1)
	id := a.Store.IDs(fieldwork.KindTrainee)[0]
	w.mustSync(t, b, a)
	w.phone(t, b, id, "0712")
	p, err := b.Store.Piece(b.Store.Self().Log, 0, 1<<20) // b's log alone, as a stick may bring it
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store.Apply(p); err != nil {
		t.Fatalf("it must be taken at once: %v", err)
	}
	w.heal()
	if r, ok := c.Store.Record(id); !ok || r.Get(fieldwork.TraineePhone).Text() != "0712" {
		t.Errorf("%+v", r)
	}
}

func TestPitfall18_theOrderOfArrivalDecidesNothing(t *testing.T) {
	var shown []string
	for _, first := range []int{0, 1} {
		w := quiet(t, 2)
		w.trainees(w.HQ, 1)
		id := w.HQ.Store.IDs(fieldwork.KindTrainee)[0]
		for i, n := range w.laptops {
			w.mustSync(t, n, w.HQ)
			w.phone(t, n, id, fmt.Sprint("071", i))
		}
		w.mustSync(t, w.laptops[first], w.HQ)
		w.mustSync(t, w.laptops[1-first], w.HQ)
		r, _ := w.HQ.Store.Record(id)
		shown = append(shown, fmt.Sprint(r.Get(fieldwork.TraineePhone).Text(), len(r.Contested)))
	}
	if shown[0] != shown[1] {
		t.Errorf("it shows %q one way round and %q the other", shown[0], shown[1])
	}
}

func TestPitfall19_aClockYearsAheadLosesAgainstWhoeverSawIt(t *testing.T) {
	w := quiet(t, 2)
	a, b := w.laptops[0], w.laptops[1]
	a.skew = 87_600 * time.Hour
	w.trainees(a, 1)
	id := a.Store.IDs(fieldwork.KindTrainee)[0]
	w.phone(t, a, id, "from the future")
	w.mustSync(t, b, a)
	w.phone(t, b, id, "right")
	w.heal()
	for _, n := range w.replicas() {
		if r, _ := n.Store.Record(id); r.Get(fieldwork.TraineePhone).Text() != "right" || len(r.Contested) != 0 {
			t.Errorf("%v shows %q", n, r.Get(fieldwork.TraineePhone).Text())
		}
	}
}

func TestPitfall20_nothingIsRefusedForItsTime(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	for _, at := range []int64{0, -1, 1 << 31, 253402300800} {
		a.skew = time.Unix(at, 0).Sub(w.Now)
		if at == 253402300800 {
			a.skew = 200 * 365 * 24 * time.Hour // what a Duration holds
		}
		w.trainees(a, 1)
		w.mustSync(t, a, w.HQ)
		w.mustEqual(t)
	}
}

func TestPitfall21_aLateLaptopDoesNotBringBackTheDeleted(t *testing.T) {
	w := quiet(t, 2)
	a, late := w.laptops[0], w.laptops[1]
	w.trainees(a, 1)
	id := a.Store.IDs(fieldwork.KindTrainee)[0]
	w.mustSync(t, a, w.HQ)
	w.mustSync(t, late, w.HQ)
	w.save(a, draftOf(fieldwork.KindTrainee, id, fieldwork.FieldDeleted, fieldwork.Bool(true)))
	w.mustSync(t, a, w.HQ)
	w.Now = w.Now.Add(3 * 365 * 24 * time.Hour)
	w.trainees(late, 1)
	w.heal()
	if r, _ := w.HQ.Store.Record(id); !r.Deleted {
		t.Error("it is back")
	}
}

func TestPitfall22_yearsWithoutHQLoseNothing(t *testing.T) {
	w := quiet(t, 2)
	late := w.laptops[0]
	w.trainees(late, 20)
	for range 30 {
		w.Now = w.Now.Add(40 * 24 * time.Hour)
		w.trainees(w.laptops[1], 5)
		w.mustSync(t, w.laptops[1], w.HQ)
	}
	if res := w.metered(t, late, w.HQ, "simulation"); res.Sent != 20 {
		t.Errorf("%+v", res)
	}
	w.heal()
}

func TestPitfall24_aRestoredHQIsGivenAllAgain(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	w.HQ.KeepBackup()
	w.trainees(a, 7)
	w.mustSync(t, a, w.HQ)
	w.restore(w.HQ)
	if w.HQ.Store.Count(fieldwork.KindTrainee) != 0 {
		t.Fatal("the backup is too new")
	}
	w.mustSync(t, a, w.HQ)
	if a.Store.Unsent() != 0 || w.HQ.Store.Count(fieldwork.KindTrainee) != 7 {
		t.Errorf("%d people at HQ, %d unsent", w.HQ.Store.Count(fieldwork.KindTrainee), a.Store.Unsent())
	}
	w.heal()
}

func TestPitfall25_laptopsThatNeverMetGiveDifferentNumbers(t *testing.T) {
	w := quiet(t, 5)
	for _, n := range w.laptops {
		w.trainees(n, 40)
	}
	w.heal()
	codes := map[string]bool{}
	for _, id := range w.HQ.Store.IDs(fieldwork.KindTrainee) {
		codes[fieldwork.CodeOf(id)] = true
	}
	if len(codes) != 200 {
		t.Errorf("%d codes for 200 people", len(codes))
	}
}

func TestPitfall26_theSameStickTwiceChangesNothingAndBlocksNothing(t *testing.T) {
	w := quiet(t, 2)
	a := w.laptops[0]
	w.trainees(a, 30)
	w.fillStick(a)
	for range 2 {
		for _, part := range w.sticks[0].parts {
			p, err := exchange.OpenPart(bytes.NewReader(part))
			if err == nil {
				_, _, err = p.Take(t.Context(), w.HQ.replica())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := w.HQ.Store.Count(fieldwork.KindTrainee); got != 30 {
			t.Errorf("%d people", got)
		}
	}
	w.heal()
}

func TestPitfall27_whatIsRefusedBlocksNothingElse(t *testing.T) {
	w := quiet(t, 3)
	thief, honest := w.laptops[0], w.laptops[1]
	thief.Gone = true
	w.revoke(thief)
	for range 3 {
		if _, err := thief.Store.Save(draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text("thief"))); err != nil {
			t.Fatal(err)
		}
	}
	w.trainees(honest, 5)
	w.mustSync(t, honest, thief) // it does not know of the theft, and carries both
	res := w.metered(t, honest, w.HQ, "simulation")
	if got := w.HQ.Store.Count(fieldwork.KindTrainee); got != 5 || res.Quarantined == 0 || honest.Store.Unsent() != 0 {
		t.Errorf("%d people at HQ, %+v", got, res)
	}
}

func TestPitfall28_aClockThatIsSetBackMissesNothing(t *testing.T) {
	w := quiet(t, 2)
	a := w.laptops[0]
	for _, skew := range []time.Duration{0, -time.Hour, -8760 * time.Hour, 24 * time.Hour, -24 * time.Hour} {
		a.skew = skew
		w.trainees(a, 3)
		w.mustSync(t, a, w.HQ)
		w.mustEqualTo(t, a)
	}
	w.heal()
}

func (w *World) mustEqualTo(t *testing.T, n *Node) {
	t.Helper()
	if n.Store.Digest() != w.HQ.Store.Digest() {
		t.Fatalf("%v is not equal to HQ", n)
	}
}

func TestPitfall29_aFieldThatIsNewWritesNothing(t *testing.T) {
	w := quiet(t, 2)
	a, b := w.laptops[0], w.laptops[1]
	w.trainees(a, 50)
	w.mustSync(t, a, w.HQ)
	w.mustSync(t, b, w.HQ)
	id := a.Store.IDs(fieldwork.KindTrainee)[0]
	w.save(a, draftOf(fieldwork.KindTrainee, id, unknownField, fieldwork.Text("of a newer program")))
	before := b.Store.Heads()
	b.Crash() // it starts again, and writes nothing about a field that it has or has not
	if after := b.Store.Heads(); !before.Covers(after) {
		t.Errorf("starting wrote something: %v, before %v", after, before)
	}
	w.mustSync(t, a, w.HQ)
	if res := w.metered(t, b, w.HQ, "simulation"); res.Received < 1 || res.Received > 2 { // HQ may have written how far a clock is off
		t.Errorf("%+v", res)
	}
	w.heal()
}

func TestPitfall32_whoeverSignsInNextKeepsWhatIsUnsent(t *testing.T) {
	w := quiet(t, 1)
	a := w.laptops[0]
	w.save(a, draftOf(fieldwork.KindVolunteer, fieldwork.RecordID{}, fieldwork.VolunteerName, fieldwork.Text("Amina")))
	amina := a.Store.IDs(fieldwork.KindVolunteer)[0]
	d := draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text("Guest"))
	d.Author = amina
	w.save(a, d)
	a.Crash()
	w.revokeVolunteer(a, amina)
	if a.Store.Unsent() != 3 {
		t.Errorf("%d unsent", a.Store.Unsent())
	}
	w.heal()
}

// revokeVolunteer marks a volunteer as deleted: the account is closed.
func (w *World) revokeVolunteer(n *Node, id fieldwork.RecordID) {
	w.save(n, store.Draft{Writes: draftOf(fieldwork.KindVolunteer, id, fieldwork.FieldDeleted, fieldwork.Bool(true)).Writes})
}

// TestPitfalls_everyNamedTestIsThere holds docs/pitfalls.md against the source: each row names tests that exist.
func TestPitfalls_everyNamedTestIsThere(t *testing.T) {
	page, err := os.ReadFile("../../docs/pitfalls.md")
	if err != nil {
		t.Fatal(err)
	}
	source := allTests(t)
	rows := 0
	for _, line := range strings.Split(string(page), "\n") {
		if !regexp.MustCompile(`^\| \d+ \|`).MatchString(line) {
			continue
		}
		rows++
		names := regexp.MustCompile("`((?:Test|Benchmark)[A-Za-z0-9_]+)`").FindAllStringSubmatch(line, -1)
		if len(names) == 0 && !strings.Contains(line, "does not apply") {
			t.Errorf("no test is named: %s", line)
		}
		for _, n := range names {
			if !strings.Contains(source, "func "+n[1]+"(") {
				t.Errorf("there is no %s", n[1])
			}
		}
	}
	if rows != 32 {
		t.Errorf("%d rows, want 32", rows)
	}
}

func allTests(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, root := range []string{"../../sync", "../../internal", "../../ui"} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if err == nil && strings.HasSuffix(path, "_test.go") {
				text, e := os.ReadFile(path)
				b.Write(text)
				return e
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
