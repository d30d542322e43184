package road_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/wire"
)

func courierKey(t *testing.T, node uint32) *age.X25519Identity {
	t.Helper()
	id, err := road.CourierIdentity(seedOf(node))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// out is a courier file of the store for the nodes, with everything that the store holds.
func out(t *testing.T, s *store.Store, to string, readers ...uint32) road.CourierOut {
	t.Helper()
	self := s.Self()
	c := road.CourierOut{To: to, Self: courierKey(t, self.Log.Node), Courier: exchange.Courier{Replica: s, Campaign: self.Campaign, Log: self.Log, Key: self.Key(),
		Program: "test", Now: time.Now, Receipts: self.Log.Node == 0}}
	for _, n := range readers {
		c.For = append(c.For, courierKey(t, n).Recipient().String())
	}
	return c
}

func write(t *testing.T, c road.CourierOut) road.CourierSent {
	t.Helper()
	sent, err := road.WriteCourier(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

// in takes files in for the store; what they tell is collected.
func in(t *testing.T, s *store.Store) *road.CourierIn {
	t.Helper()
	return &road.CourierIn{Replica: s, Campaign: s.Self().Campaign, Self: courierKey(t, s.Self().Log.Node), Waiting: filepath.Join(s.Dir(), "waiting")}
}

func codeOf(err error) string {
	var p *fieldwork.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return fmt.Sprint(err)
}

// fillLong saves records that hardly compress, so that a few make a large file.
func fillLong(t *testing.T, s *store.Store, n int) {
	t.Helper()
	var drafts []store.Draft
	for range n {
		text := ""
		for range 12 {
			text += fmt.Sprintf("%016x", rand.Uint64())
		}
		drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(text)}}}}})
	}
	if _, err := s.SaveAll(drafts); err != nil {
		t.Fatal(err)
	}
}

func listOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestCourier_partsComeInAnyOrderAndTwice(t *testing.T) {
	a, office := newStore(t, 1), newStore(t, 0)
	fillLong(t, a, 5000)
	stick := t.TempDir()
	c := out(t, a, stick, 0)
	c.MaxBytes = road.LeastCourier
	sent := write(t, c)
	if len(sent.Files) < 3 || sent.Writes != 5000 {
		t.Fatalf("%+v", sent)
	}
	for _, name := range sent.Files {
		st, err := os.Stat(name)
		if err != nil || st.Size() > c.MaxBytes+1000 {
			t.Errorf("%s: %d bytes, asked for %d: %v", name, st.Size(), c.MaxBytes, err)
		}
	}
	taken := 0
	for i := len(sent.Files) - 1; i >= 0; i-- { // the last first, each in an import of its own
		n, err := in(t, office).Take(t.Context(), sent.Files[i:i+1])
		if err != nil || (i > 0) != n.Files[0].Waits || (i > 0) != (n.Received == 0) {
			t.Fatalf("part %d: %+v %v", i+1, n, err)
		}
		if n, err = in(t, office).Take(t.Context(), sent.Files[i:i+1]); err != nil || n.Received != 0 {
			t.Fatalf("part %d once more: %+v %v", i+1, n, err)
		}
	}
	if taken = office.Count(fieldwork.KindTrainee); taken != 5000 || office.Digest() != a.Digest() {
		t.Errorf("%d people arrived", taken)
	}
	if left := listOf(t, filepath.Join(office.Dir(), "waiting")); len(left) != 0 {
		t.Errorf("still waiting: %q", left)
	}
}

func TestCourier_aMissingPartIsNotPretended(t *testing.T) {
	a, office := newStore(t, 1), newStore(t, 0)
	fillLong(t, a, 5000)
	c := out(t, a, t.TempDir(), 0)
	c.MaxBytes = road.LeastCourier
	sent := write(t, c)
	n, err := in(t, office).Take(t.Context(), append(sent.Files[2:], sent.Files[0]))
	if err != nil || n.Waiting != len(sent.Files)-2 {
		t.Fatalf("%+v %v", n, err)
	}
	if have := office.Heads()[a.Self().Log]; int(have) != n.Received || have == 0 || have == 5000 {
		t.Errorf("holds %d, %d received", have, n.Received)
	}
}

func TestCourier_namesTellNothingAndNothingElseIsLeft(t *testing.T) {
	a := newStore(t, 1)
	fill(t, a, 10)
	stick := t.TempDir()
	sent := write(t, out(t, a, stick, 0))
	names := listOf(t, stick)
	if len(names) != 1 || !strings.HasPrefix(names[0], "KANDILI-") || !strings.HasSuffix(names[0], "-1of1.kcourier") || filepath.Join(stick, names[0]) != sent.Files[0] {
		t.Errorf("on the stick: %q", names)
	}
	b, err := os.ReadFile(sent.Files[0])
	if err != nil || bytes.Contains(b, []byte("Name ")) || bytes.Contains(b, []byte("test")) || bytes.Contains(b, campaign[:]) {
		t.Errorf("readable: %q %v", b, err)
	}
	own := filepath.Join(stick, "mine.kcourier")
	if sent := write(t, out(t, a, own, 0)); len(sent.Files) != 1 || sent.Files[0] != own {
		t.Errorf("a name of one's own: %q", sent.Files)
	}
	if sent := write(t, out(t, a, own, 0)); sent.Files[0] != own {
		t.Errorf("written over an older courier file: %q", sent.Files)
	}
	letter := filepath.Join(stick, "letter.txt")
	os.WriteFile(letter, []byte("Dear Léa"), 0o600)
	if _, err := road.WriteCourier(t.Context(), out(t, a, letter, 0)); codeOf(err) != "file-exists" {
		t.Errorf("over a letter: %v", err)
	}
	if b, _ := os.ReadFile(letter); string(b) != "Dear Léa" {
		t.Errorf("the letter is %q now", b)
	}
}

func TestCourier_everyCutAndEveryDamageIsASentenceAndLosesNothing(t *testing.T) {
	a := newStore(t, 1)
	fillLong(t, a, 1200)
	file := write(t, out(t, a, t.TempDir(), 0)).Files[0]
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.kcourier")
	office := newStore(t, 0)
	told := 0
	desk := in(t, office)
	desk.Told = func(exchange.Told) error { told++; return nil }
	try := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		n, err := desk.Take(t.Context(), []string{bad})
		switch code := codeOf(err); code {
		case "courier-damaged", "not-courier", "not-for-us":
		default:
			t.Errorf("%s: %+v %v", what, n, err)
		}
		if told > 0 {
			t.Fatalf("%s: what it tells was believed", what)
		}
	}
	for _, at := range []int{0, 1, 18, 19, 21, 100, 200, 300, 400, len(whole) / 2, len(whole) - 17, len(whole) - 1} {
		try(fmt.Sprintf("cut at %d of %d", at, len(whole)), whole[:at])
	}
	for range 60 {
		at := rand.IntN(len(whole))
		b := bytes.Clone(whole)
		b[at] ^= 1 << rand.IntN(8)
		try(fmt.Sprintf("bit of byte %d turned", at), b)
	}
	try("another file's end", append(bytes.Clone(whole[:len(whole)/2]), whole[len(whole)/3:]...))
	n, err := desk.Take(t.Context(), []string{bad, file, filepath.Join(t.TempDir(), "nowhere.kcourier")})
	if err == nil || len(n.Files) != 3 || office.Digest() != a.Digest() || told != 1 {
		t.Errorf("the whole file among others: %+v %v, told %d", n, err, told)
	}
	if !strings.HasPrefix(err.Error(), "2 of 3 files") {
		t.Errorf("said: %v", err)
	}
}

func TestCourier_aFileThatIsNotForUsSaysWhy(t *testing.T) {
	a, b, office := newStore(t, 1), newStore(t, 2), newStore(t, 0)
	fill(t, a, 5)
	take := func(s *store.Store, file string) error {
		_, err := in(t, s).Take(t.Context(), []string{file})
		return err
	}
	onlyHQ := write(t, out(t, a, t.TempDir(), 0)).Files[0]
	if err := take(b, onlyHQ); codeOf(err) != "not-for-us" {
		t.Errorf("a file for HQ only: %v", err)
	}
	if err := take(a, onlyHQ); err != nil {
		t.Errorf("the writer opens its own: %v", err)
	}
	other := out(t, a, t.TempDir(), 0)
	other.Campaign = journal.Campaign{9}
	if err := take(office, write(t, other).Files[0]); codeOf(err) != "wrong-campaign" {
		t.Errorf("another campaign: %v", err)
	}
	if err := take(office, newerFile(t, wire.Part{Needs: wire.CourierVersion + 1, Number: 1})); codeOf(err) != "newer-version" {
		t.Errorf("a newer form: %v", err)
	}
	letter := filepath.Join(t.TempDir(), "letter.kcourier")
	os.WriteFile(letter, []byte("Dear Léa, here is the stick."), 0o600)
	if err := take(office, letter); codeOf(err) != "not-courier" {
		t.Errorf("a letter: %v", err)
	}
	if err := take(office, t.TempDir()); codeOf(err) != "courier-unreadable" {
		t.Errorf("a folder: %v", err)
	}
	if len(office.Heads()) != 0 {
		t.Errorf("HQ took %v", office.Heads())
	}
}

// newerFile is a courier file for HQ that begins with the part, and goes on with what no program knows.
func newerFile(t *testing.T, p wire.Part) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "newer.kcourier")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	enc, err := age.Encrypt(f, courierKey(t, 0).Recipient())
	if err != nil {
		t.Fatal(err)
	}
	b := wire.AppendFrame(wire.AppendFrame(nil, p.Frame()), wire.Frame{Type: 99, Body: []byte("from the future")})
	if _, err := enc.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCourier_onlyTheOwnerOfTheKeySealsWhatAFileTells(t *testing.T) {
	a, office := newStore(t, 1), newStore(t, 0)
	fill(t, office, 3)
	sealed := func(c road.CourierOut) (honest bool) {
		t.Helper()
		desk := in(t, a)
		desk.Told = func(told exchange.Told) error {
			key, _ := keyOf(0)
			honest = told.Receipts && told.Hello.Log.Node == 0 && told.SealedBy(key)
			return nil
		}
		if _, err := desk.Take(t.Context(), write(t, c).Files); err != nil {
			t.Fatal(err)
		}
		return honest
	}
	if !sealed(out(t, office, t.TempDir(), 1)) {
		t.Error("HQ's own answer must be believed")
	}
	forged := out(t, office, t.TempDir(), 1) // says that it is HQ's, sealed by somebody of the campaign
	forged.Key = ed25519.NewKeyFromSeed(seedOf(2))
	if sealed(forged) {
		t.Error("an answer that HQ did not seal was believed")
	}
}

func TestCourier_aStickPulledOutLeavesNothingThatCounts(t *testing.T) {
	a := newStore(t, 1)
	fillLong(t, a, 3000)
	stick := filepath.Join(t.TempDir(), "stick")
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	c := out(t, a, stick, 0)
	c.Progress = func(done, total int64) {
		if done > total/2 {
			os.RemoveAll(stick)
		}
	}
	if sent, err := road.WriteCourier(t.Context(), c); codeOf(err) != "courier-gone" || len(sent.Files) != 0 {
		t.Errorf("%+v %v", sent, err)
	}
	if _, err := road.WriteCourier(t.Context(), out(t, a, filepath.Join(stick, "x.kcourier"), 0)); codeOf(err) != "courier-gone" {
		t.Errorf("no stick at all: %v", err)
	}
}

func TestCourier_cancelLeavesNothing(t *testing.T) {
	a := newStore(t, 1)
	fillLong(t, a, 3000)
	stick := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	c := out(t, a, stick, 0)
	c.Progress = func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}
	if _, err := road.WriteCourier(ctx, c); codeOf(err) != "cancelled" {
		t.Errorf("got %v", err)
	}
	if left := listOf(t, stick); len(left) != 0 {
		t.Errorf("left on the stick: %q", left)
	}
}

func TestCourier_whatIsNotReadBackAsWrittenIsTakenAway(t *testing.T) {
	a := newStore(t, 1)
	fillLong(t, a, 1000)
	stick := t.TempDir()
	c := out(t, a, stick, 0)
	c.Now = func() time.Time { return time.Unix(1_800_000_000, 0) }
	c.Progress = func(done, total int64) { // a worn stick: what was written first is not what is read later
		tmp, _ := filepath.Glob(filepath.Join(stick, ".KANDILI-*.part"))
		f, err := os.OpenFile(tmp[0], os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteAt([]byte{0}, 600)
		f.Close()
	}
	if sent, err := road.WriteCourier(t.Context(), c); codeOf(err) != "courier-unsound" || len(sent.Files) != 0 {
		t.Errorf("%+v %v", sent, err)
	}
	if left := listOf(t, stick); len(left) != 0 {
		t.Errorf("left on the stick: %q", left)
	}
}

func TestCourierIdentity_isTheSameForEverAndOnlyForItsSeed(t *testing.T) {
	one, two := courierKey(t, 1), courierKey(t, 2)
	const want = "age1h8aw6huymgm4mdsezs6wjkqx3hdh7nd8n27uklmdzemx35w9eaqsqe2znq" // of the seed of 32 twos; stands in records
	if got := one.Recipient().String(); got != want || got == two.Recipient().String() {
		t.Errorf("got %s and %s", got, two.Recipient())
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, one.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "hello")
	w.Close()
	r, err := age.Decrypt(&b, courierKey(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "hello" {
		t.Errorf("%q %v", got, err)
	}
}
