package synctest

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// mostTries is how many seeds a planted bug may survive.
const mostTries = 400

// TestSimulation_everyPlantedBugIsCaught builds each mistake into the world and looks for a seed that shows it.
func TestSimulation_everyPlantedBugIsCaught(t *testing.T) {
	root := memory(t)
	var mu sync.Mutex
	caught := 0
	bugs := Bugs()
	t.Run("bugs", func(t *testing.T) {
		for i, bug := range bugs {
			t.Run(bug.Name, func(t *testing.T) {
				t.Parallel()
				for seed := uint64(1); seed <= mostTries; seed++ {
					faults := play(t, filepath.Join(root, fmt.Sprint(i)), seed, &bug, nil)
					if len(faults) == 0 {
						continue
					}
					mu.Lock()
					caught++
					mu.Unlock()
					t.Logf("caught by seed %d: %s", seed, faults[0])
					return
				}
				t.Errorf("%d histories did not show it: the simulation does not test this", mostTries)
			})
		}
	})
	t.Logf("%d of %d planted bugs caught", caught, len(bugs))
}
