package store

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"crypto/ed25519"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

func TestMain(m *testing.M) {
	CheckMain()
	if dir := os.Getenv("KANDILI_CRASH_DIR"); dir != "" {
		saveUntilKilled(dir)
		return
	}
	if dir := os.Getenv("KANDILI_LIFE_CRASH_DIR"); dir != "" {
		liveUntilKilled(dir)
		return
	}
	if dir := os.Getenv("KANDILI_PHOTO_CRASH_DIR"); dir != "" {
		takeUntilKilled(dir)
		return
	}
	os.Exit(m.Run())
}

// keysFor opens or makes the vault beside a test's store.
func keysFor(t testing.TB, dir string) *vault.Keys {
	t.Helper()
	k, err := openKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func openKeys(dir string) (*vault.Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	open := vault.CreateWithKeyFile
	if _, err := os.Stat(filepath.Join(dir, "vault.json")); err == nil {
		open = vault.UnlockWithKeyFile
	}
	return open(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
}

var testSeed = bytes.Repeat([]byte{7}, 32)

func identity(node uint32) Identity {
	seed := append([]byte(nil), testSeed...)
	seed[0] = byte(node)
	return Identity{Campaign: journal.Campaign{1, 2}, Log: fieldwork.LogID{Node: node}, Name: "KJ" + strconv.Itoa(int(node)), Seed: seed}
}

func keyOf(node uint32) (ed25519.PublicKey, bool) {
	id := identity(node)
	return id.Key().Public().(ed25519.PublicKey), true
}

var testOptions = Options{Ballast: -1, KeyOf: keyOf, Summary: 1}

// newStore makes a store; when the test ends, everything in its files is read and compared.
func newStore(t testing.TB, node uint32) *Store {
	t.Helper()
	dir := t.TempDir()
	s, err := Create(filepath.Join(dir, "c"), identity(node), keysFor(t, dir), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, s); s.Close() })
	return s
}

func verified(t testing.TB, s *Store) {
	t.Helper()
	if s.db == nil {
		return
	}
	r, err := s.Verify()
	if err != nil || len(r.Damage) > 0 {
		t.Errorf("the store does not verify: %v %q", err, r.Damage)
	}
}

func reopen(t testing.TB, s *Store, opt Options) *Store {
	t.Helper()
	was, heads := memoryOf(s), s.Heads()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), opt)
	if err != nil {
		t.Fatal(err)
	}
	if maps.Equal(heads, again.Heads()) {
		sameMemory(t, was, memoryOf(again))
		if again.unproved != nil {
			proved(again)
			sameMemory(t, was, memoryOf(again))
		}
	}
	t.Cleanup(func() { verified(t, again); again.Close() })
	return again
}

func trainee(name string) Draft {
	return Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(name)}}}}}
}

func save(t testing.TB, s *Store, d Draft) fieldwork.RecordID {
	t.Helper()
	c, err := s.Save(d)
	if err != nil {
		t.Fatal(err)
	}
	return c.Target(0)
}

func TestStore_whatWasSavedIsThereAfterReopening(t *testing.T) {
	s := newStore(t, 1)
	id := save(t, s, trainee("Aïssatou"))
	digest := s.Digest()
	s = reopen(t, s, testOptions)
	r, ok := s.Record(id)
	if !ok || r.Get(fieldwork.TraineeGivenName).Text() != "Aïssatou" || s.Digest() != digest {
		t.Fatalf("got %+v %v, digest %v want %v", r, ok, s.Digest(), digest)
	}
	if got := save(t, s, trainee("Wanjiru")); got.Seq != 2 {
		t.Fatalf("numbering goes on at %d, want 2", got.Seq)
	}
}

func TestStore_searchFindsWithoutAccentsAndWithASlip(t *testing.T) {
	s := newStore(t, 1)
	want := save(t, s, trainee("Aïssatou"))
	save(t, s, trainee("Wanjiru"))
	for _, q := range []string{"aissa", "AÏSSATOU", "satou", "aisatou", "asisatou", fieldwork.CodeOf(want)} {
		got := s.Search(fieldwork.KindTrainee, q, 5)
		if len(got) == 0 || got[0] != want {
			t.Errorf("search for %q gives %v, want %v", q, got, want)
		}
	}
	if got := s.Search(fieldwork.KindTrainee, "nobody", 5); len(got) > 0 {
		t.Errorf("got %v for nobody", got)
	}
}

// give brings everything that to lacks from one store to another.
func give(t testing.TB, from, to *Store) journal.Applied {
	t.Helper()
	var sum journal.Applied
	heads := from.Heads()
	for _, log := range heads.Logs() {
		for {
			p, err := from.Piece(log, to.Heads()[log], 2000)
			if errors.Is(err, journal.ErrNoMore) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			done, err := to.Apply(p)
			if err != nil {
				t.Fatal(err)
			}
			sum.Changes += done.Changes
		}
	}
	return sum
}

func TestStore_piecesMakeReplicasEqual(t *testing.T) {
	a, b, c := newStore(t, 1), newStore(t, 2), newStore(t, 3)
	id := save(t, a, trainee("Nasieku"))
	for i := range 200 {
		save(t, a, trainee(fmt.Sprint("A", i)))
		save(t, b, trainee(fmt.Sprint("B", i)))
	}
	give(t, a, b)
	save(t, b, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku B")}}}}})
	save(t, a, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku A")}}}}})
	give(t, b, c) // c gets a's log through b
	give(t, b, a)
	give(t, a, b)
	give(t, a, c)
	if a.Digest() != b.Digest() || b.Digest() != c.Digest() {
		t.Fatalf("digests differ: %v %v %v", a.Digest(), b.Digest(), c.Digest())
	}
	if r, _ := c.Record(id); len(r.Contested) != 1 {
		t.Fatalf("two people wrote one name unawares: %+v", r)
	}
	if again := give(t, a, c); again.Changes != 0 {
		t.Fatalf("giving twice applied %d changes", again.Changes)
	}
}

func TestApply_refusesForgedForkedAndGappedPieces(t *testing.T) {
	a, b := newStore(t, 1), newStore(t, 2)
	for i := range 4 {
		save(t, a, trainee(fmt.Sprint(i)))
	}
	whole, err := a.Piece(fieldwork.LogID{Node: 1}, 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	late, _ := a.Piece(fieldwork.LogID{Node: 1}, 2, 1<<20)
	if _, err := b.Apply(late); !errors.Is(err, journal.ErrGap) {
		t.Errorf("gap: %v", err)
	}
	forged := whole
	forged.Changes = append([]journal.Change(nil), whole.Changes...)
	forged.Changes[1].Wall++
	if _, err := b.Apply(forged); !errors.Is(err, journal.ErrForged) {
		t.Errorf("forged: %v", err)
	}
	twin := newStore(t, 1)
	save(t, twin, trainee("twin"))
	give(t, twin, b)
	if _, err := b.Apply(whole); !errors.Is(err, journal.ErrFork) {
		t.Errorf("fork: %v", err)
	}
}

func TestOpen_namesWhatIsWrong(t *testing.T) {
	s := newStore(t, 1)
	save(t, s, trainee("x"))
	keys := keysFor(t, filepath.Dir(s.dir))
	if _, err := Open(s.dir, keys, testOptions); !isProblem(err, "in-use") {
		t.Errorf("open twice: %v", err)
	}
	other := keysFor(t, t.TempDir())
	if _, err := Open(s.dir, other, testOptions); !isProblem(err, "damaged") {
		t.Errorf("other keys: %v", err)
	}
	if _, err := Open(t.TempDir(), keys, testOptions); !isProblem(err, "no-campaign") {
		t.Errorf("empty folder: %v", err)
	}
}

func isProblem(err error, code string) bool {
	var p *fieldwork.Problem
	return errors.As(err, &p) && p.Code == code
}

func TestOpen_aNewerFileIsRefusedUntouched(t *testing.T) {
	s := newStore(t, 1)
	save(t, s, trainee("x"))
	s.db.Update(func(tx *txn) error { return tx.Bucket(bucketMeta).Put([]byte("v"), []byte{0, 0, 0, 99}) })
	s.Close()
	before, _ := os.ReadFile(s.path(boltName))
	if _, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions); !isProblem(err, "newer-version") {
		t.Fatalf("got %v", err)
	}
	if after, _ := os.ReadFile(s.path(boltName)); !bytes.Equal(before, after) {
		t.Fatal("the newer file was changed")
	}
}

func TestOpen_aDamagedFileIsMovedAsideAndRebuiltFromTheJournal(t *testing.T) {
	s := newStore(t, 1)
	id := save(t, s, trainee("Kept"))
	digest := s.Digest()
	s.Close()
	b, _ := os.ReadFile(s.path(boltName))
	for i := range 8192 { // both meta pages
		b[i] ^= 0x5a
	}
	os.WriteFile(s.path(boltName), b, 0o600)
	os.WriteFile(s.path(openName), nil, 0o600)
	again, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	verified(t, again)
	if r, ok := again.Record(id); !ok || r.Get(fieldwork.TraineeGivenName).Text() != "Kept" || again.Digest() != digest {
		t.Fatalf("got %+v", r)
	}
	aside, _ := filepath.Glob(filepath.Join(s.dir, "damaged-*"))
	if len(aside) != 1 {
		t.Fatalf("the damaged file must be kept: %v", aside)
	}
}

func TestSave_onAFullDiskSavesNothingAndSaysSo(t *testing.T) {
	if os.Getenv("KANDILI_FULL_DISK") == "" {
		exe, _ := os.Executable()
		cmd := exec.Command(exe, "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), "KANDILI_FULL_DISK=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	s := newStore(t, 1)
	save(t, s, trainee("before"))
	// A limit on the size of files makes writes fail with EFBIG, as a full disk does with ENOSPC.
	limit := syscall.Rlimit{Cur: uint64(s.file.end), Max: 1 << 40}
	ignoreFileSizeSignal()
	var old syscall.Rlimit
	syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old)
	limit.Max = old.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	heads := s.Heads()
	_, err := s.Save(trainee("during"))
	syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)
	if !isProblem(err, "disk-full") {
		t.Fatalf("got %v", err)
	}
	if !heads.Covers(s.Heads()) || s.Count(fieldwork.KindTrainee) != 1 {
		t.Fatal("something of the refused save is there")
	}
	save(t, s, trainee("after"))
	s = reopen(t, s, testOptions)
	if n := s.Count(fieldwork.KindTrainee); n != 2 {
		t.Fatalf("got %d trainees, want 2", n)
	}
}

func TestBackup_restoresUnderANewIncarnation(t *testing.T) {
	s := newStore(t, 1)
	id := save(t, s, trainee("Kept"))
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := s.Backup(w, ""); err != nil {
		t.Fatal(err)
	}
	w.Close()
	dir := filepath.Join(filepath.Dir(s.dir), "restored")
	r := tar.NewReader(&b)
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := RestoreMember(dir, h.Name, r); err != nil {
			t.Fatal(err)
		}
	}
	opt := testOptions
	opt.Incarnate = true
	again, err := Open(dir, keysFor(t, filepath.Dir(s.dir)), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	verified(t, again)
	if _, ok := again.Record(id); !ok || again.Digest() != s.Digest() {
		t.Fatal("the restored store differs")
	}
	if fresh := save(t, again, trainee("New")); fresh.Log == id.Log || fieldwork.CodeOf(fresh) == fieldwork.CodeOf(fieldwork.RecordID{Log: id.Log, Seq: fresh.Seq}) {
		t.Fatalf("a restored laptop must not use the old numbers again: %v", fresh)
	}
}

func TestDrafts_outliveTheProgramSealed(t *testing.T) {
	s := newStore(t, 1)
	if err := s.SetDraft("people/new", []byte("given=Nasiek")); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, s, testOptions)
	if got := string(s.Draft("people/new")); got != "given=Nasiek" {
		t.Fatalf("got %q", got)
	}
	raw, _ := os.ReadFile(s.path(boltName))
	if bytes.Contains(raw, []byte("Nasiek")) || bytes.Contains(raw, []byte("people/new")) {
		t.Fatal("a draft lies on the disk in clear")
	}
}

func TestFiles_holdNoNameInClear(t *testing.T) {
	s := newStore(t, 1)
	save(t, s, trainee("Canaryname"))
	for _, f := range []string{boltName, journalName, identityName} {
		raw, _ := os.ReadFile(s.path(f))
		if bytes.Contains(raw, []byte("Canaryname")) || bytes.Contains(raw, []byte("KJ1")) {
			t.Errorf("%s holds a name in clear", f)
		}
	}
}

func TestJournal_aTornTailIsCutOffAndDamageInTheMiddleIsNot(t *testing.T) {
	s := newStore(t, 1)
	for i := range 5 {
		save(t, s, trainee(fmt.Sprint(i)))
	}
	s.Close()
	whole, _ := os.ReadFile(s.path(journalName))
	keys := keysFor(t, filepath.Dir(s.dir))
	open := func() (int, error) {
		n := 0
		f, err := openJournalFile(s.path(journalName), newSealers(keys).journal, func(entry) error { n++; return nil })
		if err == nil {
			f.close()
		}
		return n, err
	}
	for cut := len(whole) - 1; cut > len(whole)-60; cut-- {
		os.WriteFile(s.path(journalName), whole[:cut], 0o600)
		if n, err := open(); err != nil || n != 4 {
			t.Fatalf("cut at %d: %d entries, %v", cut, n, err)
		}
	}
	bad := bytes.Clone(whole)
	bad[40] ^= 1
	os.WriteFile(s.path(journalName), bad, 0o600)
	if _, err := open(); !errors.Is(err, errJournalMiddle) {
		t.Fatalf("got %v", err)
	}
	os.WriteFile(s.path(journalName), whole, 0o600)
}

// saveUntilKilled is the child of the kill test: it saves and says what it saved, until it is killed.
func saveUntilKilled(dir string) {
	t := &testing.T{}
	opt := testOptions
	opt.NoCheck = true // every tenth run the parent opens the file with all checks
	s, err := Open(filepath.Join(dir, "c"), keysFor(t, dir), opt)
	if err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
	fmt.Println("READY")
	for i := 0; ; i++ {
		switch i % 4 {
		case 3:
			var list []Draft
			for j := range 5 {
				list = append(list, trainee(fmt.Sprintf("batch %d %d", i, j)))
			}
			if all, err := s.SaveAll(list); err == nil {
				fmt.Println("ACK", all[4].Dot(0).Seq)
			}
		case 2:
			s.SetDraft("form", []byte(fmt.Sprint("draft ", i)))
		default:
			if c, err := s.Save(trainee(fmt.Sprint("one ", i))); err == nil {
				fmt.Println("ACK", c.Dot(0).Seq)
			}
		}
	}
}

// TestKill_nothingAcknowledgedIsLost kills the program at random moments and looks for everything that it had
// acknowledged before.
func TestKill_nothingAcknowledgedIsLost(t *testing.T) {
	runs := often(300, 3000)
	if testing.Short() {
		runs = 20
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	s, err := Create(filepath.Join(dir, "c"), identity(1), keysFor(t, dir), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	var acked uint64
	for run := range runs {
		acked = max(acked, killOnce(t, dir, time.Duration(rnd.IntN(40_000))*time.Microsecond))
		if run%10 != 9 && run != runs-1 {
			continue // the next run opens the file as well; every tenth is read to the last byte
		}
		s, err := Open(filepath.Join(dir, "c"), keysFor(t, dir), testOptions)
		if err != nil {
			t.Fatalf("run %d: %v", run, err)
		}
		if got := s.Heads()[fieldwork.LogID{Node: 1}]; got < acked {
			t.Fatalf("run %d: %d was acknowledged, %d is held", run, acked, got)
		}
		if run%50 == 49 || run == runs-1 {
			verified(t, s)
		}
		s.Close()
	}
	if acked < uint64(runs) {
		t.Fatalf("only %d saves in %d runs: the test does not test", acked, runs)
	}
}

func killOnce(t *testing.T, dir string, after time.Duration) (acked uint64) {
	text := killed(t, "KANDILI_CRASH_DIR="+dir, after)
	for _, line := range strings.Split(text, "\n") {
		if rest, ok := strings.CutPrefix(line, "ACK "); ok {
			if n, err := strconv.ParseUint(rest, 10, 64); err == nil && strings.Contains(text, line+"\n") {
				acked = max(acked, n)
			}
		}
	}
	return acked
}

// killed runs this program with one more setting, kills it so long after it said READY, and returns what it said.
func killed(t *testing.T, setting string, after time.Duration) string {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), setting)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan bool, 1)
	lines := make(chan string, 1<<16)
	go func() {
		var buf bytes.Buffer
		chunk := make([]byte, 4096)
		for {
			n, err := out.Read(chunk)
			buf.Write(chunk[:n])
			if bytes.Contains(buf.Bytes(), []byte("READY")) {
				select {
				case ready <- true:
				default:
				}
			}
			if err != nil {
				lines <- buf.String()
				return
			}
		}
	}()
	select {
	case <-ready:
		time.Sleep(after)
	case <-time.After(30 * time.Second):
	}
	cmd.Process.Kill()
	text := <-lines
	cmd.Wait()
	if !strings.Contains(text, "READY") {
		t.Fatalf("the program did not open the store: %s", text)
	}
	return text
}

func BenchmarkSave(b *testing.B) {
	s := newStore(b, 1)
	for b.Loop() {
		save(b, s, trainee("Nasieku Ole Ntutu"))
	}
}
