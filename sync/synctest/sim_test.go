package synctest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kandili/internal/store"
	"kandili/internal/vault"
)

var (
	keysOnce sync.Once
	keys     *vault.Keys // of every store here
)

var (
	oneSeed  = flag.Uint64("seed", 0, "play the history of this seed only, and tell it")
	allSeeds = flag.Int("seeds", 0, "how many histories; 0: 5000, with -short or the race detector 60, with KANDILI_SOAK=1 a million")
	firstOne = flag.Uint64("first", 1, "the first of the seeds")
)

func TestMain(m *testing.M) {
	store.CheckMain()
	os.Exit(m.Run())
}

// memory returns a folder that lies in memory where the system has such: thousands of stores are made and thrown away.
func memory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "kandili-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// TestSimulation_everyHistoryEndsEqual plays histories: whatever happened, all replicas are equal in the end and nothing that was
// acknowledged is missing.
func TestSimulation_everyHistoryEndsEqual(t *testing.T) {
	if *oneSeed != 0 {
		for _, f := range play(t, memory(t), *oneSeed, nil, t.Logf) {
			t.Error(f)
		}
		return
	}
	seeds := *allSeeds
	switch {
	case seeds > 0:
	case os.Getenv("KANDILI_SOAK") != "":
		seeds = 1_000_000
	case raceDetector || testing.Short():
		seeds = 60 // with the race detector a history takes ten times as long, and most of it runs in one goroutine
	default:
		seeds = 5000
	}
	began := time.Now()
	failed := many(t, *firstOne, seeds, func(dir string, seed uint64) bool {
		faults := play(t, dir, seed, nil, nil)
		for _, f := range faults {
			t.Errorf("seed %d: %s\nsee it: go test ./sync/synctest -run everyHistory -seed %d -v", seed, f, seed)
		}
		return len(faults) == 0
	})
	t.Logf("seeds %d to %d: %d histories, %d failed, %.1f s", *firstOne, *firstOne+uint64(seeds)-1, seeds, failed, time.Since(began).Seconds())
}

// many plays seeds on all cores and returns how many failed. After twenty it stops.
func many(t *testing.T, first uint64, seeds int, good func(dir string, seed uint64) bool) int64 {
	root := memory(t)
	var next atomic.Int64
	var failed atomic.Int64
	var all sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			dir := filepath.Join(root, fmt.Sprint(worker))
			for {
				i := next.Add(1) - 1
				if i >= int64(seeds) || failed.Load() >= 20 {
					return
				}
				if !good(dir, first+uint64(i)) {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	return failed.Load()
}

func play(t testing.TB, dir string, seed uint64, bug *Bug, story func(string, ...any)) []string {
	return Run(seed, filepath.Join(dir, "w"), sameKeys(t), bug, story)
}

// sameKeys makes the keys of every store here once.
func sameKeys(t testing.TB) *vault.Keys {
	t.Helper()
	keysOnce.Do(func() {
		dir, err := os.MkdirTemp("", "kandili-keys-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		if keys, err = globalKeys(dir); err != nil {
			t.Fatal(err)
		}
	})
	return keys
}
