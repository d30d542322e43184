package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// populated is a store with something in each part of memory, closed, and what was in memory.
func populated(t testing.TB) (s *Store, was memory) {
	t.Helper()
	s = newStore(t, 1)
	write := func(kind fieldwork.Kind, of fieldwork.RecordID, fields ...fieldwork.FieldValue) fieldwork.RecordID {
		return save(t, s, Draft{Writes: []journal.Write{{Kind: kind, Record: of, Fields: fields}}})
	}
	field := func(id fieldwork.FieldID, v fieldwork.Value) fieldwork.FieldValue {
		return fieldwork.FieldValue{Field: id, Value: v}
	}
	site := write(fieldwork.KindSite, fieldwork.RecordID{}, field(fieldwork.SiteName, fieldwork.Text("Oldonyo")))
	var drafts []Draft
	for i := range 300 {
		drafts = append(drafts, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{field(fieldwork.TraineeGivenName, fieldwork.Text(fmt.Sprintf("Émile %d", i))),
			field(fieldwork.TraineeBadgeCode, fieldwork.Text(fmt.Sprintf("B%d", i/2))), field(fieldwork.TraineeSite, fieldwork.Ref(site))}}}})
	}
	list, err := s.SaveAll(drafts)
	if err != nil {
		t.Fatal(err)
	}
	var people []fieldwork.RecordID
	for i := range list {
		people = append(people, list[i].Target(0))
	}
	write(fieldwork.KindTrainee, people[1], field(fieldwork.FieldSameAs, fieldwork.Ref(people[0])))
	write(fieldwork.KindTrainee, people[2], field(fieldwork.FieldDeleted, fieldwork.Bool(true)))
	write(fieldwork.KindTrainee, people[3], field(fieldwork.TraineePhoto, fieldwork.Bytes(bytes.Repeat([]byte{3}, 16))))
	write(fieldwork.KindQuestion, fieldwork.RecordID{}, field(fieldwork.QuestionRecord, fieldwork.Ref(people[4])))
	for _, by := range []uint32{2, 3} { // two who do not know of each other
		other := identity(by)
		c := journal.Change{Log: other.Log, Seq: 1, Wall: 9, Stamp: journal.StampOf(9), Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: people[5],
			Fields: []fieldwork.FieldValue{field(fieldwork.TraineeGivenName, fieldwork.Text(fmt.Sprint("Zawadi ", by)))}}}}
		p := journal.Piece{Log: other.Log, First: 1, Changes: []journal.Change{c}}
		end, err := p.Head()
		if err != nil {
			t.Fatal(err)
		}
		if err := end.Sign(other.Campaign, other.Key()); err != nil {
			t.Fatal(err)
		}
		p.Sig = end.Sig
		if _, err := s.Apply(p); err != nil {
			t.Fatal(err)
		}
	}
	write(fieldwork.KindAcceptance, fieldwork.RecordID{}, field(fieldwork.AcceptanceRecords, fieldwork.Refs(people[6])))
	was = memoryOf(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s, was
}

// openAgain opens the folder, or a copy of it, with the keys of the store.
func openAgain(t testing.TB, s *Store, dir string) *Store {
	t.Helper()
	again, err := Open(dir, s.keys, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, again); again.Close() })
	return again
}

// proved waits for nothing and reads everything from the bbolt file now.
func proved(s *Store) { s.prove(s.prover, 0) }

func folderCopy(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "c")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestSummary_holdsAllThatIsInMemory(t *testing.T) {
	closed, was := populated(t)
	if len(was.Links) == 0 || len(was.Unique) == 0 || len(was.Same) == 0 || len(was.Asked) == 0 || len(was.Contested) == 0 || len(was.Photos) == 0 || len(was.Lines) == 0 {
		t.Fatalf("something is missing to begin with: %+v", was)
	}
	s := openAgain(t, closed, closed.dir)
	if !s.believed || s.unproved == nil {
		t.Fatal("the summary was not believed")
	}
	sameMemory(t, was, memoryOf(s))
	proved(s)
	if s.unproved != nil || !s.believed {
		t.Fatal("the summary was not proved")
	}
	sameMemory(t, was, memoryOf(s))
}

// Whatever is missing, older, cut or changed: everything is read from the bbolt file then, and a new summary is left behind.
func TestSummary_thatIsNotOfTheseRecordsIsNotBelieved(t *testing.T) {
	closed, was := populated(t)
	path := filepath.Join(closed.dir, summaryName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := map[string]func() []byte{
		"missing": func() []byte { return nil },
		"empty":   func() []byte { return []byte{} },
		"cut":     func() []byte { return whole[:len(whole)-1] },
		"no end":  func() []byte { return whole[:4+summaryFrame/1024] },
		"longer":  func() []byte { return append(bytes.Clone(whole), 0) },
		"twice":   func() []byte { return append(bytes.Clone(whole), whole...) },
	}
	for _, at := range []int{0, 3, 4, 40, len(whole) / 2, len(whole) - 1} {
		spoilt[fmt.Sprint("changed at ", at)] = func() []byte { b := bytes.Clone(whole); b[at] ^= 0x40; return b }
	}
	for name, content := range spoilt {
		t.Run(name, func(t *testing.T) {
			dir := folderCopy(t, closed.dir)
			b := content()
			os.Remove(filepath.Join(dir, summaryName))
			if b != nil {
				if err := os.WriteFile(filepath.Join(dir, summaryName), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s := openAgain(t, closed, dir)
			if s.believed {
				t.Error("it was believed")
			}
			sameMemory(t, was, memoryOf(s))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if again := openAgain(t, closed, dir); !again.believed {
				t.Error("no new one was left behind")
			}
		})
	}
}

func TestSummary_framesHaveTheirPlaces(t *testing.T) {
	s := newStore(t, 1)
	name, text := bytes.Repeat([]byte{9}, 16), strings.Repeat("Nasieku Ole Ntutu, ", 3*summaryFrame/20)
	var b bytes.Buffer
	f := sealedFrames{w: bufio.NewWriter(&b), s: s, name: name}
	f.add(text)
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	file := func(data []byte) *os.File {
		f, err := os.Create(filepath.Join(t.TempDir(), "frames"))
		if err == nil {
			t.Cleanup(func() { f.Close() })
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if plain, err := s.openFrames(name, file(b.Bytes())); err != nil || string(plain) != text {
		t.Fatalf("%d bytes are read back as %d: %v", len(text), len(plain), err)
	}
	const size = 4 + vault.Overhead + summaryFrame
	first, second, rest := b.Bytes()[:size], b.Bytes()[size:2*size], b.Bytes()[2*size:]
	for what, data := range map[string][]byte{"without the last frame": slices.Concat(first, second), "without the first": slices.Concat(second, rest),
		"without the one between": slices.Concat(first, rest), "the other way round": slices.Concat(second, first, rest), "twice": slices.Concat(first, first, rest)} {
		if _, err := s.openFrames(name, file(data)); err == nil {
			t.Error(what + " it is read")
		}
	}
	if _, err := s.openFrames(bytes.Repeat([]byte{8}, 16), file(b.Bytes())); err == nil {
		t.Error("under another name it is read")
	}
}

// A kill -9 is a folder as it lies at that moment.
func TestSummary_afterAKillAtAnyMoment(t *testing.T) {
	closed, _ := populated(t)
	s := openAgain(t, closed, closed.dir)
	check := func(when string, believed bool) {
		t.Helper()
		killed := openAgain(t, closed, folderCopy(t, s.dir))
		if killed.believed != believed {
			t.Errorf("%s: believed is %v", when, killed.believed)
		}
		sameMemory(t, memoryOf(s), memoryOf(killed))
	}
	check("before the first save", true)
	save(t, s, trainee("Wanjiru"))
	check("after a save", false)
	if err := s.writeSummary(bytes.Repeat([]byte{7}, 16)); err != nil {
		t.Fatal(err)
	}
	check("when the new file is there, and bbolt does not know it", false)
	s.saving.Lock()
	s.keepSummary()
	s.saving.Unlock()
	check("when the summary is kept, before the end", true)
	save(t, s, trainee("Amina"))
	check("after the next save", false)
	if err := os.WriteFile(s.path(summaryName+".new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	check("with half a file", false)
}

// An older copy of one file beside a newer one of the other is told by the name, and by the ends of the logs.
func TestSummary_ofAnotherDay(t *testing.T) {
	closed, _ := populated(t)
	old, err := os.ReadFile(filepath.Join(closed.dir, summaryName))
	if err != nil {
		t.Fatal(err)
	}
	s := openAgain(t, closed, closed.dir)
	var name []byte
	s.read(func(tx *bbolt.Tx) error { name = s.summaryOf(tx); return nil })
	save(t, s, trainee("Wanjiru"))
	was := memoryOf(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, summaryName), old, 0o600); err != nil {
		t.Fatal(err)
	}
	again := openAgain(t, closed, s.dir)
	if again.believed {
		t.Error("yesterday's summary was believed")
	}
	again.update(func(tx *bbolt.Tx) error { // as a program would leave it that does not know of summaries
		return tx.Bucket(bucketMeta).Put(keySummary, again.seal.put(bucketMeta, keySummary, name))
	})
	killed := openAgain(t, closed, folderCopy(t, again.dir))
	if killed.believed {
		t.Error("a summary was believed of which the logs went on")
	}
	sameMemory(t, was, memoryOf(killed))
}

// misled is a store that opened with a summary which says something else of a person than the bbolt file.
func misled(t *testing.T) (s *Store, id fieldwork.RecordID, was memory) {
	t.Helper()
	closed, was := populated(t)
	liar := openAgain(t, closed, closed.dir)
	id = liar.IDs(fieldwork.KindTrainee)[7]
	state, err := journal.ReadState(liar.records.state[id].raw)
	if err != nil {
		t.Fatal(err)
	}
	state.Versions[0].Fields[0].Value = fieldwork.Text("Nobody")
	liar.mu.Lock()
	liar.remember(&state, string(state.Append(nil)))
	liar.mu.Unlock()
	var name []byte
	liar.read(func(tx *bbolt.Tx) error { name = liar.summaryOf(tx); return nil })
	if err := liar.writeSummary(name); err != nil {
		t.Fatal(err)
	}
	dir := folderCopy(t, liar.dir)
	if err := liar.reload(); err != nil {
		t.Fatal(err)
	}
	s = openAgain(t, closed, dir)
	if !s.believed {
		t.Fatal("the summary was not believed")
	}
	if r, _ := s.Record(id); r.Get(fieldwork.TraineeGivenName).Text() != "Nobody" {
		t.Fatalf("the summary does not lie: %v", r)
	}
	return s, id, was
}

func TestSummary_thatIsWrongIsFoundOutAndRemoved(t *testing.T) {
	s, id, was := misled(t)
	told := make(chan Event, 1)
	defer s.Subscribe(func(e Event) { told <- e })()
	proved(s)
	sameMemory(t, was, memoryOf(s))
	if r, _ := s.Record(id); r.Get(fieldwork.TraineeGivenName).Text() == "Nobody" {
		t.Error("it is still believed")
	}
	if _, err := os.Stat(s.path(summaryName)); err == nil {
		t.Error("the file is still there")
	}
	select {
	case e := <-told:
		if !e.Kinds[fieldwork.KindTrainee] {
			t.Errorf("told %+v", e)
		}
	default:
		t.Error("nobody was told to look again")
	}
}

// Nothing is written on the strength of a summary.
func TestSummary_aSaveBuildsOnTheFile(t *testing.T) {
	s, id, _ := misled(t)
	save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhone, Value: fieldwork.Text("0712 345678")}}}}})
	proved(s)
	r, _ := s.Record(id)
	if got := r.Get(fieldwork.TraineeGivenName).Text(); got == "Nobody" || r.Get(fieldwork.TraineePhone).Text() != "0712 345678" {
		t.Errorf("the record is %+v", r)
	}
}

// A record that does not open is found, if later than without a summary; from then on nothing can be saved, and the next start says so at once.
func TestSummary_doesNotHideDamage(t *testing.T) {
	closed, _ := populated(t)
	s, err := Open(closed.dir, closed.keys, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	s.update(func(tx *bbolt.Tx) error {
		k, v := tx.Bucket(bucketRecords).Cursor().First()
		bad := bytes.Clone(v)
		bad[len(bad)-1] ^= 1
		return tx.Bucket(bucketRecords).Put(bytes.Clone(k), bad)
	})
	proved(s)
	var p *fieldwork.Problem
	if _, err := s.Save(trainee("Amina")); !errors.As(err, &p) || p.Code != "damaged" {
		t.Errorf("saving says %v", err)
	}
	s.Close()
	if _, err := Open(closed.dir, closed.keys, testOptions); !errors.As(err, &p) || p.Code != "damaged" {
		t.Errorf("opening again says %v", err)
	}
}

// People search, read and save while everything is read anew beside them. Run with the race detector.
func TestSummary_savesAndReadsWhileItIsProved(t *testing.T) {
	closed, was := populated(t)
	s := openAgain(t, closed, closed.dir)
	site := s.IDs(fieldwork.KindSite)[0]
	people := s.IDs(fieldwork.KindTrainee)
	var all sync.WaitGroup
	all.Go(func() { proved(s) })
	for by := range 3 {
		all.Go(func() {
			for i := range 30 {
				d := trainee(fmt.Sprintf("Late %d %d", by, i))
				d.Writes[0].Fields = append(d.Writes[0].Fields, fieldwork.FieldValue{Field: fieldwork.TraineeSite, Value: fieldwork.Ref(site)})
				if i%3 == 0 {
					d.Writes[0].Record = people[40+by]
				}
				if i == 20 {
					d = Draft{Writes: []journal.Write{{Kind: fieldwork.KindSite, Record: site, Fields: []fieldwork.FieldValue{{Field: fieldwork.SiteName, Value: fieldwork.Text(fmt.Sprint("Nyokie ", by))}}}}}
				}
				if _, err := s.Save(d); err != nil {
					t.Error(err)
				}
				if n := len(s.Search(fieldwork.KindTrainee, "emile", 50)); n != 50 {
					t.Errorf("search found %d", n)
				}
				if n := s.Count(fieldwork.KindTrainee); n < len(people) {
					t.Errorf("%d people", n)
				}
				s.Each(fieldwork.KindTrainee, func(fieldwork.Record) bool { return true })
			}
		})
	}
	all.Wait()
	if s.unproved != nil {
		t.Fatal("it was not proved")
	}
	if n := s.Count(fieldwork.KindTrainee); n != len(was.Kinds[fieldwork.KindTrainee])+3*19 {
		t.Errorf("%d people", n)
	}
	is := memoryOf(s)
	if err := s.reload(); err != nil { // as a start without a summary does
		t.Fatal(err)
	}
	sameMemory(t, memoryOf(s), is)
}

// What is left on a full disk is for people's work.
func TestSummary_takesNoRoomOnAFullDisk(t *testing.T) {
	s := newStore(t, 1)
	s.opt.Free = func(string) (int64, error) { return summaryRoom - 1, nil }
	save(t, s, trainee("Amina"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(s.path(summaryName + "*")); len(left) > 0 {
		t.Errorf("%q was written", left)
	}
}

// The summary holds who is forgotten, so it goes with her.
func TestSummary_goesWhenSomebodyIsForgotten(t *testing.T) {
	closed, _ := populated(t)
	s := openAgain(t, closed, closed.dir)
	if err := os.WriteFile(s.path(summaryName+".new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.saving.Lock()
	err := s.heedForgotten()
	s.saving.Unlock()
	left, _ := filepath.Glob(s.path(summaryName + "*"))
	if err != nil || len(left) > 0 {
		t.Fatalf("%v is left (%v)", left, err)
	}
	if again := openAgain(t, closed, folderCopy(t, s.dir)); again.believed {
		t.Error("a summary of before was believed")
	}
}

// What a summary holds follows from rules of the program. Whoever changes one gives the summary another version; this test has seen what
// they make of a campaign.
func TestSummary_versionFollowsTheRules(t *testing.T) {
	s := newStore(t, 1)
	var fields []fieldwork.FieldValue
	for _, spec := range fieldwork.Specs() {
		fields = fields[:0]
		for _, f := range spec.Fields {
			if v := sampleOf(f); !v.IsZero() && f.ID >= 10 {
				fields = append(fields, fieldwork.FieldValue{Field: f.ID, Value: v})
			}
		}
		save(t, s, Draft{Writes: []journal.Write{{Kind: spec.Kind, Fields: fields}}})
	}
	m := memoryOf(s)
	m.State, m.Digest, m.Clocks = nil, "", "" // these do not follow from rules that change
	got := fmt.Sprintf("%d %x", summaryVersion, sha256.Sum256(fmt.Append(nil, m)))
	path := filepath.Join("testdata", "summary-version")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || strings.TrimSpace(string(want)) != got {
		t.Errorf("the rules changed: add one to summaryVersion, and run this test with UPDATE_GOLDEN=1 (%v)\n got %s\nwant %s", err, got, want)
	}
}

// sampleOf is some value of the field.
func sampleOf(f fieldwork.Field) fieldwork.Value {
	ref := fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: 2}
	switch f.Type {
	case fieldwork.TypeName, fieldwork.TypeText, fieldwork.TypeTexts:
		return fieldwork.Text("Émile O’Brien " + f.Name)
	case fieldwork.TypePhone:
		return fieldwork.Text("0712 345-678")
	case fieldwork.TypeRef:
		return fieldwork.Ref(ref)
	case fieldwork.TypeRefs:
		return fieldwork.Refs(ref)
	case fieldwork.TypePhoto:
		return fieldwork.Bytes(make([]byte, 16))
	}
	return fieldwork.Value{}
}
