package synctest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	bubble "testing/synctest"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/sync/synctest"
)

// village is the story of docs/village.md: everything in it is the real thing – an office, three laptops' folders, TLS on
// loopback, courier files on a disk – but the days, which pass in a moment.
type village struct {
	t      *testing.T
	dir    string
	office *hq.Office
	store  *store.Store
	url    string // of HQ, the same whenever it is online
	began  time.Time
	story  strings.Builder
	known  map[string]fieldwork.RecordID // what a laptop said to be saved, by name
	counts map[string]int
}

var phrase = []byte("four words are good")

// TestVillage_twoWeeksWithoutHQ tells docs/village.md and checks every sentence of it.
func TestVillage_twoWeeksWithoutHQ(t *testing.T) {
	synctest.Warm() // the packer makes its channels when it is used first, and these must not belong to the bubble
	bubble.Test(t, func(t *testing.T) {
		v := &village{t: t, dir: t.TempDir(), began: time.Now(), known: map[string]fieldwork.RecordID{}, counts: map[string]int{}}
		v.play()
		v.compare()
	})
}

// day waits until the morning of the day and writes its heading.
func (v *village) day(n int, title string) {
	v.t.Helper()
	time.Sleep(time.Until(v.began.Add(time.Duration(n) * 24 * time.Hour)))
	fmt.Fprintf(&v.story, "\n## Day %d: %s\n\n", n, title)
}

// says adds a sentence to the story.
func (v *village) says(format string, args ...any) { fmt.Fprintf(&v.story, format+"\n", args...) }

func (v *village) must(err error) {
	if err != nil {
		v.t.Helper()
		v.t.Fatal(err)
	}
}

// online has HQ on the network while f runs.
func (v *village) online(f func()) {
	v.t.Helper()
	ready := filepath.Join(v.dir, "ready")
	os.Remove(ready)
	listen := strings.TrimPrefix(v.url, "https://")
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- v.office.Serve(ctx, hq.ServeOptions{Listen: listen, ReadyFile: ready}) }()
	var at struct{ URL string }
	for b, err := os.ReadFile(ready); err != nil || json.Unmarshal(b, &at) != nil; b, err = os.ReadFile(ready) {
		select {
		case err := <-done:
			v.t.Fatalf("HQ ends at once: %v", err)
		default:
		}
	}
	v.url = at.URL
	f()
	cancel()
	v.must(<-done)
}

// joins makes a laptop of the campaign. HQ must be online.
func (v *village) joins(name string) *laptop.Folder {
	v.t.Helper()
	invite, err := v.office.Invite(v.store, "volunteer", "", 7)
	v.must(err)
	f, err := laptop.Init(filepath.Join(v.dir, name), name, phrase)
	v.must(err)
	v.must(f.Join(v.t.Context(), invite.String()))
	v.syncs(f)
	return f
}

func (v *village) syncs(f *laptop.Folder) {
	v.t.Helper()
	_, err := f.Sync(v.t.Context(), nil)
	v.must(err)
}

// registers saves people on a laptop; each is named after who registered them.
func (v *village) registers(f *laptop.Folder, who string, n int) {
	v.t.Helper()
	for range n {
		v.counts[who]++
		name := fmt.Sprintf("Guest %d of %s", v.counts[who], who)
		r, err := f.Add("trainee", laptop.Cells{"given_name": name})
		v.must(err)
		v.known[name] = r.ID
	}
}

// people counts who a store shows.
func people(s *store.Store) (n int) {
	s.Each(fieldwork.KindTrainee, func(fieldwork.Record) bool { n++; return true })
	return n
}

// nearby lets two laptops exchange over a network of their own.
func (v *village) nearby(a, b *laptop.Folder) {
	v.t.Helper()
	pa, err := a.OpenPeers(laptop.PeerOptions{Anybody: true})
	v.must(err)
	pb, err := b.OpenPeers(laptop.PeerOptions{Anybody: true, Listen: "127.0.0.1:0"})
	v.must(err)
	_, err = pa.Sync(v.t.Context(), pb.Address(), nil, nil)
	v.must(err)
	pa.Close()
	pb.Close()
}

// stick writes what HQ has not confirmed to a folder and returns its files.
func (v *village) stick(f *laptop.Folder, name string) []string {
	v.t.Helper()
	dir := filepath.Join(v.dir, "stick "+name)
	v.must(os.MkdirAll(dir, 0o700))
	sent, err := f.CourierOut(v.t.Context(), laptop.CourierTo{Path: dir}, nil)
	v.must(err)
	return sent.Files
}

func (v *village) sets(f *laptop.Folder, who string, phone string) {
	v.t.Helper()
	_, err := f.Set(fieldwork.CodeOf(v.known[who]), laptop.Cells{"phone": phone})
	v.must(err)
}

func (v *village) play() {
	t := v.t
	var err error
	v.office, err = hq.Open(filepath.Join(v.dir, "hq"), hq.Options{})
	v.must(err)
	defer func() { v.must(v.office.Close()) }()
	v.store, err = v.office.CreateCampaign("Kajiado", "KE", 100)
	v.must(err)

	var amani, baraka, chiku *laptop.Folder
	v.day(0, "HQ, for the last time")
	v.online(func() {
		amani, baraka, chiku = v.joins("Amani"), v.joins("Baraka"), v.joins("Chiku")
		for _, f := range []*laptop.Folder{amani, baraka, chiku} {
			v.syncs(f)
		}
	})
	v.says("HQ invites three laptops: Amani's, Baraka's and Chiku's. They join, and drive off. From here on there is no network for two weeks.")

	v.day(2, "the first people")
	v.registers(amani, "Amani", 12)
	v.registers(baraka, "Baraka", 8)
	v.registers(chiku, "Chiku", 5)
	v.says("Amani registers 12 people, Baraka 8, Chiku 5. Each laptop says “saved” for each of them.")

	v.day(3, "a backup")
	backup := filepath.Join(v.dir, "chiku.backup")
	v.must(chiku.Backup(backup))
	v.says("Chiku makes a backup. It will be last week's.")

	v.day(4, "two laptops in a church")
	v.nearby(amani, baraka)
	if people(amani.Store()) != 20 || amani.Store().Digest() != baraka.Store().Digest() {
		t.Fatalf("Amani has %d people", people(amani.Store()))
	}
	v.says("Amani and Baraka meet. There is no HQ, but a network between the two: both have the same 20 people now.")

	v.day(5, "a stick")
	v.registers(chiku, "Chiku", 4)
	v.sets(chiku, "Guest 1 of Chiku", "+254700000001")
	files := v.stick(chiku, "one")
	news, err := amani.CourierIn(t.Context(), files, nil)
	v.must(err)
	if news.Received != 10 || people(amani.Store()) != 29 {
		t.Fatalf("Amani takes %d writes and has %d people", news.Received, people(amani.Store()))
	}
	v.says("Chiku registers 4 more people and notes a telephone number for her first guest, %s. She writes a stick, and a cousin carries it to Amani, who",
		fieldwork.CodeOf(v.known["Guest 1 of Chiku"]))
	v.says("takes in 10 writes and has 29 people.")
	v.sets(amani, "Guest 1 of Amani", "+254700000002")

	v.day(6, "a stick that is lost")
	lost := v.stick(baraka, "two")
	v.says("Baraka writes a stick for HQ and gives it to a bus driver. It never arrives.")

	v.day(7, "the last evening with Baraka")
	v.registers(baraka, "Baraka", 3)
	v.nearby(amani, baraka)
	v.sets(baraka, "Guest 1 of Amani", "+254700000003")
	v.sets(amani, "Guest 1 of Amani", "+254700000004")
	v.nearby(baraka, amani)
	v.says("Baraka registers 3 more people and meets Amani in the evening. Both correct the number of %s, each without knowing of the other.",
		fieldwork.CodeOf(v.known["Guest 1 of Amani"]))
	v.says("Their laptops keep both numbers and ask; they do not choose.")

	v.day(8, "theft")
	stolen := baraka
	for i := range 2 {
		_, err := stolen.Add("trainee", laptop.Cells{"given_name": fmt.Sprintf("Invention %d", i+1)})
		v.must(err)
	}
	v.says("Baraka's laptop is stolen, with its passphrase on a note. The thief makes up two people.")

	v.day(9, "water")
	v.must(chiku.Close())
	v.must(os.RemoveAll(filepath.Join(v.dir, "Chiku")))
	again := filepath.Join(v.dir, "Chiku again")
	v.must(laptop.Restore(again, backup, phrase))
	chiku, err = laptop.Open(again, phrase)
	v.must(err)
	if people(chiku.Store()) != 5 {
		t.Fatalf("the backup holds %d people", people(chiku.Store()))
	}
	v.registers(chiku, "Chiku", 6)
	v.says("Chiku's laptop falls into the river. She takes another one and restores last week's backup: 5 people, the other 4 are not on it. She")
	v.says("registers 6 more. The laptop knows that it was restored and gives numbers that it cannot have given before.")

	v.day(14, "HQ answers")
	v.online(func() {
		v.must(v.office.Revoke(v.store, "Baraka"))
		res, err := stolen.Sync(t.Context(), nil)
		v.must(err)
		v.says("HQ is told of the theft and revokes Baraka's laptop. The thief syncs, and reads: “%s”", strings.Join(res.Refused, " "))
		v.syncs(amani)
		v.syncs(chiku)
	})
	list, err := v.store.Awaiting()
	v.must(err)
	waiting := len(list)
	if waiting == 0 || v.shows("Invention") {
		t.Fatalf("%d changes wait at HQ", waiting)
	}
	v.says("Amani and Chiku sync; Amani brings what Baraka wrote as well. Because his laptop is revoked, HQ keeps that apart until somebody has read it:")
	v.says("nothing is thrown away, and nothing of the thief's is shown.")

	v.day(15, "somebody at HQ reads")
	log := stolen.Store().Self().Log
	last := fieldwork.RecordID{Log: log, Seq: amani.Store().Heads()[log]} // what she reads there up to the evening before the theft
	_, err = v.office.LetIn(v.store, last, "written before the theft", "lea")
	v.must(err)
	v.online(func() {
		v.syncs(amani)
		v.syncs(chiku)
		v.syncs(amani)
	})
	v.says("Léa at HQ reads them. Up to the evening before the theft they are people whom Baraka met: she lets these in. The two that came later stay apart.")
	v.everythingIsThere(amani, chiku)

	v.day(40, "the lost stick")
	taken, err := v.office.CourierIn(t.Context(), lost)
	v.must(err)
	if taken.Received != 0 {
		t.Errorf("a stick that was late brought %d writes that HQ has", taken.Received)
	}
	v.says("The bus driver finds Baraka's stick under a seat and posts it to HQ. HQ reads it, and has all of it already: 0 new writes, nobody twice.")
	v.everythingIsThere(amani, chiku)
	for _, f := range []*laptop.Folder{amani, chiku, stolen} {
		v.must(f.Close())
	}
}

// shows says whether HQ shows somebody of such a name.
func (v *village) shows(name string) (found bool) {
	v.store.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		found = found || strings.HasPrefix(fieldwork.Name(r), name)
		return !found
	})
	return found
}

// everythingIsThere checks what the story promises, and says it.
func (v *village) everythingIsThere(laptops ...*laptop.Folder) {
	t := v.t
	t.Helper()
	for name, id := range v.known {
		r, ok := v.store.Record(id)
		if !ok || fieldwork.Name(r) != name {
			t.Errorf("%s was saved and is not at HQ", name)
		}
	}
	if got := people(v.store); got != len(v.known) {
		t.Errorf("HQ shows %d people, %d were registered", got, len(v.known))
	}
	for _, f := range laptops {
		if f.Store().Digest() != v.store.Digest() || f.Store().Unsent() != 0 {
			t.Errorf("%s is not equal to HQ", f.Settings().Name)
		}
	}
	r, _ := v.store.Record(v.known["Guest 1 of Amani"])
	view, _ := v.store.View(v.known["Guest 1 of Amani"])
	numbers := 0
	for _, f := range view.Fields {
		if f.Field == fieldwork.TraineePhone {
			numbers = len(f.Values)
		}
	}
	if numbers != 2 || len(r.Contested) != 1 {
		t.Errorf("the contested number: %d values, %v", numbers, r.Contested)
	}
	r, _ = v.store.Record(v.known["Guest 1 of Chiku"])
	if r.Get(fieldwork.TraineePhone).Text() != "+254700000001" {
		t.Error("the number on Chiku's stick is not there")
	}
	if v.shows("Invention") {
		t.Error("HQ shows a person whom the thief made up")
	}
	v.says("All %d people whom anybody saved are at HQ, on Amani's laptop and on Chiku's, each once; the three are equal to the last byte that is shown.", len(v.known))
	v.says("The contested number waits for a decision with both values.")
}

const head = `# A village, two weeks without HQ

This story is told by a test, ` + "`go test ./sync/synctest -run Village`" + `, which checks every sentence of it on the real programs' parts: an office,
three laptops' folders, TLS, courier files. Only the days pass in a moment. After a change of the story: ` + "`UPDATE_GOLDEN=1`" + `.
`

// compare holds the story against docs/village.md.
func (v *village) compare() {
	if v.t.Failed() {
		return
	}
	const file = "../../docs/village.md"
	text := head + v.story.String()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		v.must(os.WriteFile(file, []byte(text), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	v.must(err)
	if text != string(want) {
		v.t.Errorf("docs/village.md tells another story; this one is\n%s", text)
	}
}
