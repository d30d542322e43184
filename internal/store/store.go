package store

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// Files of a campaign's folder.
const (
	boltName     = "campaign.bolt"
	journalName  = "journal.kj"
	identityName = "identity.sealed"
	ballastName  = "ballast"
	openName     = "open"       // there while the campaign is open; found at start it means an unclean end
	asidePrefix  = "damaged-"   // of files that were moved aside; nobody deletes them
	rebuildDir   = "repair.new" // where Repair builds; left over by a kill it means nothing
)

// formatVersion of the bbolt file; a file of a later one is refused untouched. Version 2 keeps with every write of a record in which
// run of the program it was made.
const formatVersion = 2

// Options come from outside, so that a test can hand in Tuesday.
type Options struct {
	Now       func() time.Time                            // nil: time.Now
	KeyOf     func(node uint32) (ed25519.PublicKey, bool) // who may write a log; nil: the campaign's own node records
	Ballast   int64                                       // bytes kept back for a full disk; 0: 16 MiB, negative: none
	NoCheck   bool                                        // skip the child process that checks the file after an unclean end
	Free      func(dir string) (int64, error)             // bytes free on the disk of a folder; nil: the system's answer
	Incarnate bool                                        // go on under a new incarnation: the folder was restored or copied
	Machine   string                                      // names the computer; empty: as the system does
	Summary   int                                         // from how many records on a summary is kept for the next start; 0: 5,000, negative: never
	scratch   bool                                        // a folder in the making, whose files will be moved: no run of its own
}

// Store is one open campaign. Its methods are safe for use from several goroutines.
type Store struct {
	dir  string
	opt  Options
	keys *vault.Keys
	use  sync.RWMutex // held for reading while db is used; for writing while another file takes its place
	db   *bbolt.DB
	seal sealers

	saving  sync.Mutex // one writer at a time: journal, then bbolt, then memory
	file    *journalFile
	agreed  journal.Heads // up to where HQ and a log's own laptop were found to have the same; guarded by saving
	gap     bool          // the journal has changes of ours that wait for those before them
	looking sync.Mutex    // one at a time looks through all records for what waits to be accepted
	courier sync.Mutex    // one at a time changes what is carried
	naming  sync.Mutex    // one at a time brings the order of names up to date
	photos  photos
	broken  error // set once after a failed flush: read-only from then on

	believed bool         // the records were taken from a summary; guarded by saving
	orders   int          // how many orders of names that summary has
	prover   *proof       // of what was believed at start; nil: nothing was
	known    knownJournal // what of the journal file that summary holds, until the file is opened

	mu           sync.RWMutex // guards what follows
	self         Identity
	boot         uint32
	started      time.Time
	last         journal.Stamp
	heads        journal.Heads
	hashes       map[fieldwork.LogID]journal.Hash
	covers       map[fieldwork.LogID]cover      // of the logs whose beginning is held as pages, or not at all
	clocks       journal.Clocks                 // what is known of everybody's clocks
	met          []encounter                    // to be told with the next save
	gone         map[fieldwork.RecordID][8]byte // records of the forgotten, with their marks; zeros: known by number alone
	ctx          *journal.Contexts
	digest       journal.Digest
	author       fieldwork.RecordID // at work; zero: nobody signed in
	received     journal.Heads      // what HQ confirmed
	forgotten    journal.Heads      // what HQ confirmed once and confirms no longer
	statement    journal.Statement
	numbers      []confirmed              // of our own logs, in the order of coming
	durable      []durableSince           // of our own logs, the oldest first
	others       []durableSince           // of the logs of others, the oldest first
	awaiting     []journal.Apart          // what is kept apart, a run for each piece; nil: to be read
	carried      []Carried                // in courier files, and not all home
	outlines     map[fieldwork.LogID]bool // our own logs of which HQ is asked how they go there
	doubts       journal.Heads            // logs of which somebody holds another history
	certificates map[uint32]Certificate   // of nodes that have a key; nil: to be read
	certified    uint64                   // changes to node records so far
	vouchers     []journal.Voucher        // of HQ for laptops whose certificates have not come
	records      records
	index        *searchIndex
	unproved     *proof // nil: nothing in memory rests on a summary any more
	acts         []Act  // what was saved since the start, the newest last
	listeners    map[int]func(Event)
	nextID       int
}

// Create makes the campaign's folder in dir, which must not hold one yet, and opens it. The caller keeps the keys.
func Create(dir string, self Identity, keys *vault.Keys, opt Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, diskProblem("make the campaign's folder", err)
	}
	if _, err := os.Stat(filepath.Join(dir, identityName)); err == nil {
		return nil, &fieldwork.Problem{Code: "campaign-exists", Sentence: "This campaign is on this laptop already.", Hint: "Open it instead of joining again."}
	}
	if err := createBolt(dir); err != nil {
		return nil, err
	}
	if err := writeIdentity(dir, self, keys); err != nil {
		return nil, err
	}
	return Open(dir, keys, opt)
}

// Open opens the campaign in dir. It fails with a Problem of code "in-use", "newer-version", "damaged" or
// "wrong-key". A damaged bbolt file is moved aside and built anew from the journal file; what was already at HQ
// comes back with the next sync.
func Open(dir string, keys *vault.Keys, opt Options) (*Store, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Ballast == 0 {
		opt.Ballast = 16 << 20
	}
	if opt.Free == nil {
		opt.Free = freeBytes
	}
	s := &Store{dir: dir, opt: opt, keys: keys, seal: newSealers(keys), started: opt.Now(),
		heads: journal.Heads{}, hashes: map[fieldwork.LogID]journal.Hash{}, covers: map[fieldwork.LogID]cover{}, clocks: journal.NewClocks(), ctx: journal.NewContexts(), listeners: map[int]func(Event){}}
	s.records.reset()
	s.index = newSearchIndex()
	self, err := readIdentity(dir, keys)
	if err != nil {
		return nil, err
	}
	s.self = self
	if err := s.openFiles(); err != nil {
		s.closeFiles()
		return nil, err
	}
	if s.unproved != nil {
		s.beginProof(s.unproved)
	}
	return s, nil
}

func (s *Store) openFiles() error {
	if err := s.openBolt(); err != nil {
		return err
	}
	if err := s.upgrade(); err != nil {
		return err
	}
	if err := s.load(true); err != nil {
		return err
	}
	s.loadStatement()
	s.loadVouchers()
	s.carried = readCarried(s.Note(noteCarried))
	s.doubts = ReadHeads(s.Note(noteDoubts))
	if !s.opt.scratch && s.foundElsewhere() {
		s.opt.Incarnate = true
	}
	if err := s.openJournal(); err != nil {
		return err
	}
	if err := errors.Join(s.finishAgain(), s.finishForgetting()); err != nil {
		return err
	}
	if s.opt.Incarnate {
		if err := s.renew(0); err != nil {
			return err
		}
	}
	if err := s.beginRun(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, openName), nil, 0o600); err != nil {
		return diskProblem("mark the campaign as open", err)
	}
	keepBallast(s.dir, s.opt.Ballast)
	return nil
}

// openBolt opens the bbolt file, after an unclean end only once a child process found it sound.
func (s *Store) openBolt() error {
	path := filepath.Join(s.dir, boltName)
	_, err := os.Stat(filepath.Join(s.dir, openName))
	unclean := err == nil
	if unclean && !s.opt.NoCheck {
		if err := checkInChild(path); err != nil {
			if errors.Is(err, errInUse) {
				return inUseProblem(err)
			}
			return s.rebuild(err)
		}
	}
	db, err := openBolt(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.rebuild(err)
	case errors.Is(err, errInUse):
		return inUseProblem(err)
	case errors.As(err, new(*fieldwork.Problem)):
		return err
	case err != nil:
		return s.rebuild(err)
	}
	s.db = db
	return nil
}

// rebuild moves a damaged file aside, never deletes it, and begins an empty one; the journal file fills it. Where that is
// missing as well nobody knows which numbers were given, so a new incarnation gives new ones.
func (s *Store) rebuild(cause error) error {
	path := filepath.Join(s.dir, boltName)
	if _, err := os.Stat(s.path(journalName)); err != nil {
		s.opt.Incarnate = true
	}
	if _, err := moveAside(s.dir, boltName, s.opt.Now()); err != nil {
		return err
	}
	if err := createBolt(s.dir); err != nil {
		return err
	}
	db, err := openBolt(path)
	if err != nil {
		return fmt.Errorf("open the new file after %w: %w", cause, err)
	}
	s.db = db
	return nil
}

// Aside returns the names of damaged files that Open or Repair moved aside, within the campaign's folder.
func (s *Store) Aside() []string { return asideFiles(s.dir) }

func asideFiles(dir string) []string {
	old, _ := filepath.Glob(filepath.Join(dir, asidePrefix+"*")) // fails for a pattern that is none
	for i := range old {
		old[i] = filepath.Base(old[i])
	}
	return old
}

// moveAside gives a file of the campaign a name under which nothing looks for it but Repair, and returns that name;
// the empty one where there is no such file.
func moveAside(dir, name string, now time.Time) (string, error) {
	if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
		return "", nil
	}
	ext := filepath.Ext(name)
	stamp := asidePrefix + now.UTC().Format("20060102-150405")
	aside := stamp + ext
	for i := 2; ; i++ { // two in one second: the first must not be replaced
		if _, err := os.Lstat(filepath.Join(dir, aside)); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s-%d%s", stamp, i, ext)
	}
	if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, aside)); err != nil {
		return "", diskProblem("move the damaged file aside", err)
	}
	return aside, nil
}

// Close closes the campaign. It waits for a save that is under way.
func (s *Store) Close() error {
	s.endProof()
	s.saving.Lock()
	defer s.saving.Unlock()
	s.keepSummary()
	return s.closeFiles()
}

func (s *Store) closeFiles() error {
	var err error
	if s.file != nil {
		err = s.file.close()
	}
	if s.db != nil {
		if e := s.db.Close(); err == nil {
			err = e
		}
		if err == nil && s.broken == nil && s.file != nil {
			err = os.Remove(filepath.Join(s.dir, openName))
		}
		s.db = nil
	}
	if s.broken == nil {
		s.broken = &fieldwork.Problem{Code: "closed", Sentence: "This campaign is closed.", Hint: "Open it again."}
	}
	return err
}

// Dir returns the campaign's folder.
func (s *Store) Dir() string { return s.dir }

// Self returns who this replica is.
func (s *Store) Self() Identity {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.self
}

// Heads returns a copy of what this replica holds.
func (s *Store) Heads() journal.Heads {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.heads.Clone()
}

// Digest returns the hash of the campaign's visible state: equal on replicas that hold the same changes.
func (s *Store) Digest() journal.Digest {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.digest
}

func inUseProblem(err error) error {
	return &fieldwork.Problem{Code: "in-use", Sentence: "Another Kandili on this computer has this campaign open. Nothing was changed.",
		Hint: "Close the other window or command, then try again.", Err: err}
}
