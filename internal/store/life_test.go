package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// TestKill_inTheMiddleOfCoveringForgettingAndTidying: HQ saves, forgets, publishes and tidies without end, and is killed
// at random moments. What it said to have done is done after the next start, and everything verifies.
func TestKill_inTheMiddleOfCoveringForgettingAndTidying(t *testing.T) {
	times := 8
	if testing.Short() {
		times = 3
	}
	dir := t.TempDir()
	keys := keysFor(t, dir)
	self := identity(0)
	self.HQKey, _ = keyOf(0)
	s, err := Create(filepath.Join(dir, "c"), self, keys, Options{Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	saved, forgotten := map[string]bool{}, map[string]bool{}
	for i := range times {
		text := killed(t, "KANDILI_LIFE_CRASH_DIR="+dir, time.Duration(20+rnd.IntN(600))*time.Millisecond)
		for line := range strings.Lines(text) {
			if !strings.HasSuffix(line, "\n") {
				continue
			}
			what, id, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch what {
			case "SAVED":
				saved[id] = true
			case "FORGOTTEN":
				forgotten[id] = true
			}
		}
		s, err := Open(filepath.Join(dir, "c"), keys, Options{Ballast: -1})
		if err != nil {
			t.Fatalf("seed %d, kill %d: %v", seed, i, err)
		}
		verified(t, s)
		for text := range saved {
			id, err := fieldwork.ParseRecordID(text)
			r, ok := s.Record(id)
			name := r.Get(fieldwork.TraineeGivenName).Text()
			if err != nil || !ok || name == "" != s.Gone(id) || forgotten[text] && !s.Gone(id) {
				t.Errorf("seed %d, kill %d: %s shows %q, forgotten %v, said to be %v (%v)", seed, i, text, name, s.Gone(id), forgotten[text], err)
			}
		}
		for text := range forgotten {
			if hits := scan(t, s, "Name of "+text+"."); len(hits) > 0 && i == times-1 {
				t.Errorf("seed %d, kill %d: %s was said to be forgotten: %q", seed, i, text, hits)
			}
		}
		if _, err := os.Stat(s.path(tidyName)); err == nil {
			if err := s.Tidy(); err != nil {
				t.Errorf("seed %d, kill %d: %v", seed, i, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(saved) == 0 || len(forgotten) == 0 {
		t.Errorf("%d saved, %d forgotten: the test shows nothing", len(saved), len(forgotten))
	}
	t.Logf("%d saved, %d forgotten, %d kills", len(saved), len(forgotten), times)
}

// liveUntilKilled is the child of the test above.
func liveUntilKilled(dir string) {
	keys, err := openKeys(dir)
	if err != nil {
		panic(err)
	}
	s, err := Open(filepath.Join(dir, "c"), keys, Options{Ballast: -1, NoCheck: true})
	if err != nil {
		panic(err)
	}
	fmt.Println("READY")
	for i := 0; ; i++ {
		id := s.Upcoming(0)
		if _, err := s.Save(trainee("Name of " + id.String() + ".")); err != nil {
			panic(err)
		}
		fmt.Println("SAVED", id)
		if i%4 == 3 {
			if _, err := s.Forget(id); err != nil {
				panic(err)
			}
			fmt.Println("FORGOTTEN", id)
		}
		if i%10 == 9 {
			if _, err := s.Publish(s.Heads()); err != nil {
				panic(err)
			}
		}
	}
}

// TestAgain_isFinishedWhereverItWasCutOff: the folder is copied after each step of writing again, as a power cut would
// leave it, and each copy comes to the same end.
func TestAgain_isFinishedWhereverItWasCutOff(t *testing.T) {
	hq := newStore(t, 0)
	s := newStore(t, 1)
	save(t, s, trainee("Amina"))
	meet(t, s, hq, true)
	s = image(t, s, "last week")
	save(t, s, trainee("B at HQ only"))
	meet(t, s, hq, true)
	s.Close()
	back := twin(t, s, "last week", testOptions)
	id := save(t, back, trainee("C"))
	save(t, back, Draft{Writes: []journal.Write{{Kind: fieldwork.KindConsent, Fields: []fieldwork.FieldValue{{Field: fieldwork.ConsentSubject, Value: fieldwork.Ref(id)}}}}})
	log := back.Own()

	var copies []string
	snap := func(step string) {
		name := "after " + step
		if err := os.CopyFS(filepath.Join(filepath.Dir(back.dir), name), os.DirFS(back.dir)); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, name)
	}
	a := &Again{Log: log, After: 1}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	back.saving.Lock()
	must(back.incarnateWith(a))
	snap("the identity")
	list, err := back.suffix(log, 1)
	must(err)
	must(back.writeAgain(list[:1], a))
	snap("half of the changes")
	must(back.writeAgain(list, a))
	snap("all changes")
	must(back.rewind(log, 1, journal.ReasonAgain))
	snap("the rewind")
	must(back.finishAgain())
	snap("the end")
	back.saving.Unlock()
	want := []string{"Amina", "B at HQ only", "C"}
	for _, name := range copies {
		again := twin(t, s, name, testOptions)
		if again.Own() != back.Own() || again.Self().Again != nil {
			t.Errorf("%s: log %v, still to do %v", name, again.Own(), again.Self().Again)
		}
		meet(t, again, hq, true)
		equal(t, want, hq, again)
		if n := hq.Count(fieldwork.KindConsent); n != 1 {
			t.Errorf("%s: %d consents", name, n)
		}
	}
}
