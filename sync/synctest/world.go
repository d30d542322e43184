package synctest

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// World is one simulated campaign: HQ, laptops, sticks, and all that can go wrong, in one goroutine under virtual time.
// The same seed gives the same history.
type World struct {
	Seed  uint64
	Now   time.Time // the true time
	HQ    *Node
	Bug   *Bug // planted; nil: none
	Story func(format string, args ...any)

	root    string
	folders int
	numbers uint32 // of laptops so far
	keys    *vault.Keys
	rnd     *rand.Rand
	laptops []*Node
	sticks  []stick
	oracle  oracle
	inside  bool // a trip is under way
	faults  []string
	kept    map[*Node]map[string][]byte // files at the last power cut, for a planted bug
}

// fail notes something that must never happen.
func (w *World) fail(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *World) tell(format string, args ...any) {
	if w.Story != nil {
		w.Story(format, args...)
	}
}

// gaveUp is what must ends a simulation with.
type gaveUp struct{ err error }

func (w *World) must(err error) {
	if err != nil {
		panic(gaveUp{err})
	}
}

// Run plays the history of a seed in a folder that it may fill, and returns what was wrong, nothing if all is well. keys may serve
// many runs.
func Run(seed uint64, dir string, keys *vault.Keys, bug *Bug, story func(string, ...any)) (faults []string) {
	w := &World{Seed: seed, Now: time.Unix(1_800_000_000, 0), Bug: bug, Story: story, root: dir, keys: keys, rnd: rand.New(rand.NewPCG(seed, 0x6b616e64)),
		kept: map[*Node]map[string][]byte{}}
	w.oracle.init()
	defer func() {
		for _, n := range append(w.laptops, w.HQ) {
			if n != nil && n.Store != nil {
				n.Store.Close()
			}
		}
		os.RemoveAll(dir)
		switch p := recover().(type) {
		case nil:
		case gaveUp:
			faults = append(w.faults, p.err.Error())
		default:
			panic(fmt.Sprintf("seed %d: %v", seed, p))
		}
	}()
	w.begin()
	for range 12 + w.rnd.IntN(28) {
		w.step()
		if len(w.faults) > 0 {
			return w.faults
		}
	}
	w.heal()
	return w.faults
}

// begin opens HQ and lets two to twelve laptops join, most often few.
func (w *World) begin() {
	w.HQ = w.newNode(0)
	for range 2 + min(w.rnd.IntN(4)*w.rnd.IntN(4), 10) {
		w.join()
	}
}

// join certifies a laptop; it exchanges with HQ once on a good line.
func (w *World) join() {
	w.numbers++
	number := w.numbers
	w.save(w.HQ, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeNumber, Value: fieldwork.Int(int64(number))},
		{Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(publicOf(number))}}}}})
	n := w.newNode(number)
	n.rows = w.rnd.IntN(6) == 0
	w.laptops = append(w.laptops, n)
	if err := w.Sync(n, w.HQ, false); err != nil {
		w.fail("%v cannot join: %v", n, err)
	}
}

// present returns the laptops in honest hands.
func (w *World) present() []*Node {
	return slices.DeleteFunc(slices.Clone(w.laptops), func(n *Node) bool { return n.Gone })
}

// replicas are HQ and the laptops in honest hands.
func (w *World) replicas() []*Node { return append(w.present(), w.HQ) }

func (w *World) anyOf(list []*Node) *Node { return list[w.rnd.IntN(len(list))] }

func (n *Node) key() ed25519.PrivateKey {
	self := n.Store.Self()
	return self.Key()
}

// heal mends everything and lets all exchange until they are equal, which must come soon.
func (w *World) heal() {
	w.tell("from here on every line is good")
	for _, n := range w.replicas() {
		n.full = false
	}
	w.letIn()
	var last error
	proven := false
	for round := range 10 {
		for _, n := range w.present() {
			if err := w.Sync(n, w.HQ, false); err != nil {
				w.tell("%v syncs: %v", n, err)
				last = fmt.Errorf("%v: %w", n, err)
			}
		}
		w.letIn()
		w.learnAgain()
		if round > 1 {
			w.copyIn()
		}
		why := w.equal()
		if why == "" && proven {
			break
		}
		if proven = why == "" && round > 1; proven { // a night passes, and all hear of the new backup
			w.HQ.KeepBackup()
			continue
		}
		w.tell("not yet: %s", why)
	}
	if why := w.equal(); why != "" {
		w.fail("not equal in the end: %s; last error: %v", why, last)
		return
	}
	w.check()
}

// equal says what differs between the replicas.
func (w *World) equal() string {
	for _, n := range w.present() {
		if n.Store.Digest() != w.HQ.Store.Digest() {
			return fmt.Sprintf("%v has %v, HQ has %v", n, heads(n), heads(w.HQ))
		}
		if !w.HQ.Store.Heads().Covers(n.Store.Heads()) || !n.Store.Heads().Covers(w.HQ.Store.Heads()) {
			return fmt.Sprintf("%v has %v, HQ has %v", n, heads(n), heads(w.HQ))
		}
	}
	return ""
}

func heads(n *Node) string {
	var b strings.Builder
	h := n.Store.Heads()
	for _, log := range h.Logs() {
		fmt.Fprintf(&b, " %v:%d", log, h[log])
	}
	return strings.TrimSpace(b.String())
}
