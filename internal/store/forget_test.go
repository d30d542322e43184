package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// office opens HQ and laptops that believe only what HQ's log says.
func office(t *testing.T, laptops int) (hq *Store, list []*Store) {
	t.Helper()
	hqKey, _ := keyOf(0)
	open := func(node uint32) *Store {
		dir := t.TempDir()
		self := identity(node)
		self.HQKey = hqKey
		s, err := Create(filepath.Join(dir, "c"), self, keysFor(t, dir), Options{Ballast: -1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { verified(t, s); s.Close() })
		return s
	}
	hq = open(0)
	for i := range laptops {
		node := uint32(i + 1)
		key, _ := keyOf(node)
		save(t, hq, Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.NodeNumber, Value: fieldwork.Int(int64(node))}, {Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(key)}}}}})
		list = append(list, open(node))
	}
	return hq, list
}

// exchange brings both sides to the same, by pieces and pages.
func exchange(t testing.TB, s, hq *Store) {
	t.Helper()
	for range 4 {
		up := bring(t, s, hq)
		if hq.Own().Node == 0 { // HQ's answer begins with what it holds, all of it in a proven backup
			told(t, s, hq, hq.Heads())
		}
		if !up && !bring(t, hq, s) {
			return
		}
	}
}

// told lets a laptop hear what HQ holds, and what of it is in a proven backup.
func told(t testing.TB, s, hq *Store, durable journal.Heads) {
	t.Helper()
	self := hq.Self()
	st := journal.Statement{At: hq.opt.Now().Unix(), Held: hq.Heads(), Durable: durable, Marks: map[fieldwork.LogID]uint32{}}
	if err := st.Sign(self.Campaign, self.Key()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeStatement(st, true); err != nil {
		t.Fatal(err)
	}
}

func bring(t testing.TB, from, to *Store) (moved bool) {
	t.Helper()
	moved, err := brought(from, to)
	if err != nil {
		t.Fatalf("%v to %v: %v", from.Own(), to.Own(), err)
	}
	return moved
}

// brought brings what one lacks, as far as it takes it.
func brought(from, to *Store) (moved bool, err error) {
	heads := from.Heads()
	for _, log := range heads.Logs() {
		for to.Heads()[log] < heads[log] {
			p, err := from.Piece(log, to.Heads()[log], 4000)
			if errors.Is(err, journal.ErrCovered) {
				p, err = from.Page(log, to.Heads()[log])
			}
			if errors.Is(err, journal.ErrNoMore) {
				break
			}
			if err != nil {
				return moved, err
			}
			done, err := to.Apply(p)
			if errors.Is(err, journal.ErrUnknown) || errors.Is(err, journal.ErrGap) {
				break // with the next exchange
			}
			if err != nil {
				return moved, err
			}
			if done.Changes == 0 {
				break
			}
			moved = true
		}
	}
	return moved, nil
}

const canary = "Nasieku-Kanari"

// person saves a trainee with a consent and a household.
func person(t testing.TB, s *Store, name string) (id, consent fieldwork.RecordID) {
	t.Helper()
	id = save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(name)}, {Field: fieldwork.TraineePhone, Value: fieldwork.Text("+254 700 " + name)},
		{Field: 60_000, Value: fieldwork.Text("of a newer version: " + name)}}}}})
	consent = save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindConsent, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.ConsentSubject, Value: fieldwork.Ref(id)}, {Field: fieldwork.ConsentWitness, Value: fieldwork.Text("sister of " + name)}}}}})
	save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindHousehold, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.HouseholdHead, Value: fieldwork.Ref(id)}, {Field: fieldwork.HouseholdNote, Value: fieldwork.Text("behind the school, " + name)}}}}})
	return id, consent
}

// scan looks for a text in every file of the store's folder: as the bytes lie there, and in whatever of them the keys
// open, on free pages too.
func scan(t testing.TB, s *Store, text string) (hits []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		if bytes.Contains(data, []byte(text)) {
			hits = append(hits, base+" in clear")
		}
		look := func(where string, plain []byte) {
			if bytes.Contains(plain, []byte(text)) {
				hits = append(hits, base+": "+where)
			}
		}
		pages := boltPages(data)
		if filepath.Ext(base) == ".bolt" || len(data)%4096 == 0 {
			pages.scan(func(e boltElement) {
				for _, b := range allBuckets {
					if plain, err := s.seal.get(b, e.key, e.value); err == nil {
						look(string(b), plain)
					}
				}
			})
		}
		j := journalFile{seal: s.seal.journal}
		for at := 0; at < len(data); at++ {
			if body, _, ok := frameAt(data[at:]); ok && len(body) > 0 {
				if plain, err := j.seal.Open(nil, journalMagic, body); err == nil {
					look("journal entry", plain)
				}
			}
		}
	}
	return hits
}

func TestForget_sheIsGoneFromEveryFileOfEveryReplica(t *testing.T) {
	hq, l := office(t, 3)
	a, b, late := l[0], l[1], l[2]
	for _, s := range l {
		exchange(t, s, hq)
	}
	id, consent := person(t, a, canary)
	other, _ := person(t, a, "Wanjiru")
	exchange(t, a, hq)
	exchange(t, b, hq)
	exchange(t, late, hq)
	save(t, b, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeFamilyName, Value: fieldwork.Text(canary + " ole Sane")}}}}})
	save(t, b, Draft{Writes: []journal.Write{{Kind: fieldwork.KindAttendance, Fields: []fieldwork.FieldValue{{Field: fieldwork.AttendancePerson, Value: fieldwork.Ref(id)}, {Field: fieldwork.AttendanceNote, Value: fieldwork.Text(canary + " came late")}}}}})
	if err := a.SetDraft("people/edit", []byte("given_name="+canary)); err != nil {
		t.Fatal(err)
	}
	if err := a.SetNote("ref/6/row-of-"+canary, fieldwork.AppendID(nil, id)); err != nil {
		t.Fatal(err)
	}
	exchange(t, b, hq)
	exchange(t, a, hq)
	for _, s := range []*Store{hq, a, b} {
		if len(scan(t, s, canary)) == 0 {
			t.Fatal("the scan finds nothing while she is there: it cannot fail")
		}
	}
	old := hq.Count(fieldwork.KindTrainee)

	n, err := hq.Forget(id)
	if err != nil || n < 4 {
		t.Fatalf("forgot %d records: %v", n, err)
	}
	exchange(t, a, hq)
	exchange(t, b, hq)
	for _, s := range []*Store{hq, a, b} {
		if hits := scan(t, s, canary); len(hits) > 0 {
			t.Errorf("node %v still holds her: %q", s.Own(), hits)
		}
	}
	// late has not heard of it and writes about her
	save(t, late, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeNote, Value: fieldwork.Text(canary + " again")}}}}})
	save(t, late, Draft{Writes: []journal.Write{{Kind: fieldwork.KindConsent, Fields: []fieldwork.FieldValue{{Field: fieldwork.ConsentSubject, Value: fieldwork.Ref(id)}, {Field: fieldwork.ConsentNote, Value: fieldwork.Text(canary + " agreed")}}}}})
	save(t, late, trainee("Later"))
	bring(t, late, hq) // its changes arrive before it hears
	exchange(t, late, hq)
	exchange(t, a, hq)
	exchange(t, b, hq)
	// and late, which knows by now, writes about her once more: HQ takes the page that its own node vouches for
	save(t, late, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeNote, Value: fieldwork.Text(canary + " by habit")}}}}})
	save(t, late, trainee("Last"))
	for _, s := range []*Store{late, a, b, late} {
		exchange(t, s, hq)
	}
	for _, s := range []*Store{hq, a, b, late} {
		if hits := scan(t, s, canary); len(hits) > 0 {
			t.Errorf("node %v still holds her: %q", s.Own(), hits)
		}
		if s.Digest() != hq.Digest() || !s.Heads().Covers(hq.Heads()) {
			t.Errorf("node %v differs from HQ", s.Own())
		}
		r, ok := s.Record(id)
		if !ok || len(r.Get(fieldwork.TraineeGivenName).Text()) > 0 || !s.Gone(id) || !s.Gone(consent) {
			t.Errorf("node %v: the marker of her id must stay, and nothing else: %+v", s.Own(), r)
		}
		if s.Count(fieldwork.KindTrainee) != old+2 {
			t.Errorf("node %v counts %d trainees, want %d", s.Own(), s.Count(fieldwork.KindTrainee), old+2)
		}
		if r, _ := s.Record(other); r.Get(fieldwork.TraineeGivenName).Text() != "Wanjiru" {
			t.Errorf("node %v forgot somebody else too", s.Own())
		}
		if len(s.Search(fieldwork.KindTrainee, canary, 5)) > 0 {
			t.Errorf("node %v finds her", s.Own())
		}
	}
	again := reopen(t, a, Options{Ballast: -1})
	if again.Digest() != hq.Digest() {
		t.Error("after a restart the laptop differs")
	}
}

// What is kept apart holds nothing of her either, whether it came before or after she was forgotten; and an old courier
// file with the log as it was does no harm, not even between two pages.
func TestForget_whatIsKeptApartAndOldCourierFiles(t *testing.T) {
	hq, l := office(t, 2)
	a, fresh := l[0], l[1]
	exchange(t, a, hq)
	id, _ := person(t, a, canary)
	var drafts []Draft
	for i := range 4000 {
		drafts = append(drafts, trainee(fmt.Sprintf("Person of the village number %06d", i)))
	}
	if _, err := a.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	exchange(t, a, hq)
	var old []journal.Piece
	for after := uint64(0); ; {
		p, err := a.Piece(a.Own(), after, 60_000)
		if errors.Is(err, journal.ErrNoMore) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		old, after = append(old, p), p.Last()
	}
	var node fieldwork.RecordID
	for _, c := range hq.Certificates() {
		if c.Node == 1 {
			node = c.Record
		}
	}
	revoke(t, hq, node)
	about := func(text string) {
		save(t, a, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeNote, Value: fieldwork.Text(canary + text)}}}}})
		p, err := a.Piece(a.Own(), a.Heads()[a.Own()]-1, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if done, err := hq.Apply(p); err != nil || done.Quarantined != 1 {
			t.Fatalf("%+v %v", done, err)
		}
	}
	about(" before")
	if _, err := hq.Forget(id); err != nil {
		t.Fatal(err)
	}
	about(" after")
	if err := hq.Tidy(); err != nil {
		t.Fatal(err)
	}
	if hits := scan(t, hq, canary); len(hits) > 0 {
		t.Errorf("HQ: %q", hits)
	}
	if n, err := hq.Quarantined(); n != 2 || err != nil {
		t.Errorf("%d are kept apart, %v", n, err)
	}
	bringLog(t, hq, fresh, fieldwork.LogID{})
	page, err := hq.Page(a.Own(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := fresh.Apply(page); err != nil {
			t.Fatal(err)
		}
		for _, p := range old {
			if _, err := fresh.Apply(p); err != nil && !errors.Is(err, journal.ErrGap) {
				t.Fatalf("an old courier file between two pages: %v", err)
			}
		}
	}
	if apart, err := fresh.Awaiting(); err != nil || len(apart) != 0 {
		t.Errorf("%d pieces were taken for another history, %v", len(apart), err)
	}
	exchange(t, fresh, hq)
	if hits := scan(t, fresh, canary); len(hits) > 0 || fresh.Digest() != hq.Digest() {
		t.Errorf("the new laptop: %q, %v %v", hits, fresh.Heads(), hq.Heads())
	}
}

func TestForget_aNewLaptopAndAnOldBackupDoNotBringHerBack(t *testing.T) {
	hq, l := office(t, 2)
	a, fresh := l[0], l[1]
	exchange(t, a, hq)
	id, _ := person(t, a, canary)
	exchange(t, a, hq)
	a = imageOf(t, a, "old backup")
	if _, err := hq.Forget(id); err != nil {
		t.Fatal(err)
	}
	exchange(t, fresh, hq)
	exchange(t, a, hq)
	if hits := scan(t, fresh, canary); len(hits) > 0 || fresh.Digest() != hq.Digest() {
		t.Errorf("the new laptop: %q, digests %v %v", hits, fresh.Digest(), hq.Digest())
	}
	back, err := Open(filepath.Join(filepath.Dir(a.dir), "old backup"), keysFor(t, filepath.Dir(a.dir)), Options{Ballast: -1, Incarnate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, back); back.Close() })
	save(t, back, trainee("Since then"))
	exchange(t, back, hq)
	exchange(t, fresh, hq)
	exchange(t, back, hq)
	for _, s := range []*Store{hq, fresh, back} {
		if hits := scan(t, s, canary); len(hits) > 0 || s.Digest() != hq.Digest() {
			t.Errorf("node %v: %q", s.Own(), hits)
		}
	}
}

func imageOf(t testing.TB, s *Store, name string) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(filepath.Dir(s.dir), name), os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), Options{Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verified(t, again); again.Close() })
	return again
}

func TestPublish_laptopsKeepEndsOnlyAndGoOn(t *testing.T) {
	hq, l := office(t, 3)
	a, b, fresh := l[0], l[1], l[2]
	exchange(t, a, hq)
	exchange(t, b, hq)
	for i := range 300 {
		save(t, a, trainee(fmt.Sprint("A", i)))
		save(t, b, trainee(fmt.Sprint("B", i)))
	}
	exchange(t, a, hq)
	exchange(t, b, hq)
	exchange(t, a, hq)
	save(t, a, trainee("not sent before the snapshot"))
	before := segments(t, a)
	if n, err := hq.Publish(hq.Heads()); err != nil || n != 3 {
		t.Fatalf("published %d logs: %v", n, err)
	}
	exchange(t, a, hq)
	exchange(t, b, hq)
	if err := a.Tidy(); err != nil {
		t.Fatal(err)
	}
	if after := segments(t, a); after >= before/2+10 {
		t.Errorf("%d of %d segments are left", after, before)
	}
	exchange(t, fresh, hq)
	exchange(t, a, hq)
	exchange(t, b, hq)
	exchange(t, fresh, hq)
	for _, s := range l {
		if s.Digest() != hq.Digest() || s.Count(fieldwork.KindTrainee) != 601 {
			t.Errorf("node %v: %d people, digest %v, HQ's %v", s.Own(), s.Count(fieldwork.KindTrainee), s.Digest(), hq.Digest())
		}
	}
	save(t, fresh, trainee("of the new laptop"))
	exchange(t, fresh, hq)
	exchange(t, a, hq)
	if a.Digest() != hq.Digest() {
		t.Error("after the snapshot pieces must join")
	}
	hq = reopen(t, hq, Options{Ballast: -1})
	a = reopen(t, a, Options{Ballast: -1})
	if a.Digest() != hq.Digest() {
		t.Error("after a restart they differ")
	}
}

func segments(t testing.TB, s *Store) (n int) {
	t.Helper()
	if err := s.read(func(tx *bbolt.Tx) error {
		n = tx.Bucket(bucketLog).Stats().KeyN
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPublish_aHalfCopyIsNeverTakenForAWholeOne(t *testing.T) {
	hq, l := office(t, 2)
	a, fresh := l[0], l[1]
	exchange(t, a, hq)
	var drafts []Draft
	for i := range 6000 {
		drafts = append(drafts, trainee(fmt.Sprintf("Person of the village number %06d", i)))
	}
	if _, err := a.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
	exchange(t, a, hq)
	if _, err := hq.Publish(hq.Heads()); err != nil {
		t.Fatal(err)
	}
	log := fieldwork.LogID{Node: 1}
	page, err := hq.Page(log, 0)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.Heads()[log] != 0 {
		t.Fatal("nothing yet")
	}
	if _, err := fresh.Apply(page); !errors.Is(err, journal.ErrUnknown) && err != nil {
		t.Fatal(err)
	}
	bringLog(t, hq, fresh, fieldwork.LogID{}) // HQ's own log says who may write
	for n := 0; ; n++ {
		have := fresh.Heads()[log]
		if have == hq.Heads()[log] {
			if n < 3 {
				t.Errorf("only %d pages: the test shows little", n)
			}
			break
		}
		if fresh.Count(fieldwork.KindTrainee) != int(have) {
			t.Errorf("%d people are there, the heads say %d", fresh.Count(fieldwork.KindTrainee), have)
		}
		if _, err := fresh.Piece(log, 0, 1000); !errors.Is(err, journal.ErrCovered) && have > 0 {
			t.Errorf("what is half there is passed on: %v", err)
		}
		page, err := hq.Page(log, have)
		if err != nil {
			t.Fatal(err)
		}
		bad := page
		bad.Changes = append([]journal.Change(nil), page.Changes...)
		bad.Changes[0].Wall++
		if _, err := fresh.Apply(bad); !errors.Is(err, journal.ErrForged) {
			t.Fatalf("a doctored page: %v", err)
		}
		bad = page
		bad.End = journal.Hash{1}
		if _, err := fresh.Apply(bad); !errors.Is(err, journal.ErrForged) {
			t.Fatalf("a page with another end: %v", err)
		}
		if _, err := fresh.Apply(page); err != nil {
			t.Fatal(err)
		}
		if n%2 == 0 {
			fresh = reopen(t, fresh, Options{Ballast: -1})
		}
	}
	exchange(t, fresh, hq)
	if fresh.Digest() != hq.Digest() {
		t.Error("the copy differs")
	}
}

func bringLog(t testing.TB, from, to *Store, log fieldwork.LogID) {
	t.Helper()
	for to.Heads()[log] < from.Heads()[log] {
		p, err := from.Piece(log, to.Heads()[log], 4000)
		if errors.Is(err, journal.ErrCovered) {
			p, err = from.Page(log, to.Heads()[log])
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Apply(p); err != nil {
			t.Fatal(err)
		}
	}
}
