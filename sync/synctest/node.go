package synctest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
)

// campaign of every simulation.
var campaign = journal.Campaign{0x51, 0x3}

// Node is one replica of a simulated campaign: a real store in a folder of its own, and a clock that may be wrong. Node
// 0 is HQ.
type Node struct {
	world   *World
	Number  uint32
	Store   *store.Store
	dir     string
	skew    time.Duration               // of its clock
	contact int64                       // when it last exchanged, by its own clock
	backup  string                      // folder of its last backup; empty: none
	whole   string                      // folder of a copy of everything of that moment
	twin    bool                        // its folder was copied, and both go on
	proven  journal.Heads               // HQ's: what its last backup, which was restored on trial, holds
	rows    bool                        // an old program: reads and writes rows only
	Gone    bool                        // stolen or lost: it is in nobody's hands that count
	full    bool                        // its disk is full for what comes from elsewhere
	apart   map[fieldwork.RecordID]bool // writes that were put apart here
}

func (n *Node) String() string {
	if n.Number == 0 {
		return "HQ"
	}
	return fmt.Sprint("laptop ", n.Number)
}

// seedOf is the seed of a node's key; anybody can work it out, which is fine in here.
func seedOf(node uint32) []byte {
	return bytes.Repeat(binary.BigEndian.AppendUint32(nil, node+1), 8)
}

func publicOf(node uint32) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(seedOf(node)).Public().(ed25519.PublicKey)
}

func (n *Node) now() time.Time { return n.world.Now.Add(n.skew) }

func (n *Node) options() store.Options { return store.Options{Now: n.now, Ballast: -1, NoCheck: true} }

// newNode makes a node with an empty store.
func (w *World) newNode(number uint32) *Node {
	n := &Node{world: w, Number: number, dir: w.folder()}
	self := store.Identity{Campaign: campaign, Log: fieldwork.LogID{Node: number}, Name: n.String(), Seed: seedOf(number), HQKey: publicOf(0)}
	s, err := store.Create(n.dir, self, w.keys, n.options())
	w.must(err)
	n.Store = s
	return n
}

// folder returns the name of a folder that is not there yet.
func (w *World) folder() string {
	w.folders++
	return filepath.Join(w.root, fmt.Sprint(w.folders))
}

// copyTo copies the folder's files as they lie on the disk now, which is what a power cut leaves.
func (n *Node) copyTo(to string) {
	w := n.world
	w.must(os.MkdirAll(to, 0o700))
	entries, err := os.ReadDir(n.dir)
	w.must(err)
	for _, e := range entries {
		if e.Type().IsRegular() {
			b, err := os.ReadFile(filepath.Join(n.dir, e.Name()))
			w.must(err)
			w.must(os.WriteFile(filepath.Join(to, e.Name()), b, 0o600))
		}
	}
}

// reopen goes on from another folder, as after a crash.
func (n *Node) reopen(dir string) {
	w := n.world
	n.Store.Close()
	os.RemoveAll(n.dir)
	n.dir = dir
	s, err := store.Open(dir, w.keys, n.options())
	w.must(err)
	n.Store = s
}

// Crash kills the program: what is on the disk stays, nothing else.
func (n *Node) Crash() {
	before := n.Store.Heads()
	to := n.world.folder()
	n.copyTo(to)
	if bug := n.world.Bug; bug != nil && bug.Unflushed != "" {
		n.unflush(bug.Unflushed, to)
	}
	n.reopen(to)
	if after := n.Store.Heads(); !after.Covers(before) {
		n.world.fail("%v loses at a power cut what was acknowledged: it had %v and has %v", n, before, after)
	}
}

// files of a store that the simulation looks into.
const (
	boltFile       = "campaign.bolt"
	journalFile    = "journal.kj"
	generationFile = "generation.sealed"
)

// CrashWhileSaving cuts the power while the draft is saved: bbolt has nothing of it yet, and of the journal file's last entry
// all but tail bytes are there. With tail 0 it was acknowledged.
func (n *Node) CrashWhileSaving(d store.Draft, tail int) (journal.Change, error) {
	w := n.world
	before, err := os.ReadFile(filepath.Join(n.dir, boltFile))
	w.must(err)
	c, err := n.Store.Save(d)
	if err != nil {
		return c, err
	}
	to := w.folder()
	n.copyTo(to)
	w.must(os.WriteFile(filepath.Join(to, boltFile), before, 0o600))
	path := filepath.Join(to, journalFile)
	info, err := os.Stat(path)
	w.must(err)
	w.must(os.Truncate(path, info.Size()-int64(tail)))
	n.reopen(to)
	return c, nil
}

// KeepBackup makes a backup, as the program's own: everything but the journal file and what tells runs apart. HQ proves it, destroys
// the one before, and publishes a snapshot where that is worth it.
func (n *Node) KeepBackup() {
	if n.backup != "" {
		os.RemoveAll(n.backup)
		os.RemoveAll(n.whole)
	}
	n.backup, n.whole = n.world.folder(), n.world.folder()
	n.copyTo(n.backup)
	n.copyTo(n.whole)
	os.Remove(filepath.Join(n.backup, journalFile))
	os.Remove(filepath.Join(n.backup, "open"))
	if n.Number != 0 {
		return
	}
	n.proven = n.Store.Heads()
	if w := n.world; n.Store.WorthPublishing(n.proven, 10) {
		before := n.Store.Heads()
		logs, err := n.Store.Publish(n.proven)
		w.must(err)
		w.tell("HQ publishes a snapshot of %d logs", logs)
		w.stated(before, fieldwork.KindSnapshot)
	}
}

// Restore throws the disk away and takes the backup. The store finds out by itself that it was restored.
func (n *Node) Restore() {
	to := n.world.folder()
	old := n.dir
	n.dir = n.backup
	n.copyTo(to)
	n.dir = old
	if bug := n.world.Bug; bug == nil || !bug.SameIncarnation {
		os.Remove(filepath.Join(to, generationFile))
	}
	n.reopen(to)
}

// PutBack puts the whole folder back to the day of the backup, so that nothing in it tells.
func (n *Node) PutBack() {
	to := n.world.folder()
	old := n.dir
	n.dir = n.whole
	n.copyTo(to)
	n.dir = old
	n.reopen(to)
}

// replica is the node as the exchange sees it, with its faults and with the planted bug, if there is one.
func (n *Node) replica() exchange.Replica {
	r := exchange.Replica(faulty{n.Store, n})
	if n.world.Bug != nil && n.world.Bug.Replica != nil {
		return n.world.Bug.Replica(n, r)
	}
	return r
}

// faulty is a store whose disk is full at times.
type faulty struct {
	*store.Store
	n *Node
}

func (f faulty) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	if f.n.full {
		return journal.Applied{}, &fieldwork.Problem{Code: "disk-full", Sentence: "The disk is full."}
	}
	done, err := f.Store.Apply(pieces...)
	if done.Quarantined > 0 {
		f.n.putApart(pieces...)
	}
	return done, err
}

// putApart remembers what is kept apart, to look whether it stays.
func (n *Node) putApart(pieces ...journal.Piece) {
	if n.apart == nil {
		n.apart = map[fieldwork.RecordID]bool{}
	}
	for i := range pieces {
		for seq := pieces[i].First; seq <= pieces[i].Last(); seq++ {
			n.apart[fieldwork.RecordID{Log: pieces[i].Log, Seq: seq}] = true
		}
	}
}

// globalKeys open every simulated store: making them anew for each would cost more than all else.
func globalKeys(dir string) (*vault.Keys, error) {
	return vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
}
