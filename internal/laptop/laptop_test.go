package laptop

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/road"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	kdfParams = vault.Params{MemoryKiB: 8 << 10, Time: 1, Threads: 1}
	os.Exit(m.Run())
}

var phrase = []byte("four words are good")

func practiceLaptop(t *testing.T) *Folder {
	t.Helper()
	f, err := Init(filepath.Join(t.TempDir(), "data"), "Kajiado 1", phrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Practice(1, 40); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if r, err := f.Store().Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("%v %q", err, r.Damage)
		}
		f.Close()
	})
	return f
}

func code(err error) string {
	var p *fieldwork.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func table(t *testing.T, text string) sheets.Table {
	t.Helper()
	tab, err := sheets.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestImport_badRowsAreReportedAndTheOthersGoIn(t *testing.T) {
	f := practiceLaptop(t)
	people := "ref,given_name,family_name,birth_year,shoe_size\na,Amina,Sow,1990,\nb,,,,\nc,Bakari,Juma,2031,\nd,Chausiku,Ali,1980,42\ne,Deka,Noor,1999,\n"
	res, err := f.Import("trainee", table(t, people), false, nil)
	if err != nil || res.Added != 2 || res.Read != 5 {
		t.Fatalf("%+v %v", res, err)
	}
	want := map[int]string{3: "given_name", 4: "birth_year", 5: "shoe_size"}
	for _, r := range res.Refused {
		if want[r.Row] != r.Field || r.Why == "" {
			t.Errorf("row %d, field %q: %s", r.Row, r.Field, r.Why)
		}
		delete(want, r.Row)
	}
	if len(want) > 0 {
		t.Errorf("not reported: %v", want)
	}
	digest := f.Store().Digest()
	if again, err := f.Import("trainee", table(t, people), false, nil); err != nil || again.Added+again.Changed != 0 || f.Store().Digest() != digest {
		t.Errorf("the same file again: %+v %v", again, err)
	}
	later := "ref,given_name,family_name,birth_year\na,Amina,Sow,1991\n"
	if res, err := f.Import("trainee", table(t, later), false, nil); err != nil || res.Changed != 1 || res.Added != 0 {
		t.Errorf("a corrected row: %+v %v", res, err)
	}
}

func TestImport_dryRunChangesNothing(t *testing.T) {
	f := practiceLaptop(t)
	heads := f.Store().Heads()
	res, err := f.Import("trainee", table(t, "given_name\nAmina\nDeka\n"), true, nil)
	if err != nil || res.Added != 2 || !heads.Covers(f.Store().Heads()) {
		t.Fatalf("%+v %v", res, err)
	}
}

func TestOpen_aWrongPassphraseChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	f, err := Init(dir, "Kajiado 1", phrase)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := Open(dir, []byte("something else")); code(err) != "wrong-passphrase" {
		t.Fatalf("got %v", err)
	}
	if f, err = Open(dir, phrase); err != nil || f.Settings().Name != "Kajiado 1" {
		t.Fatalf("the right one afterwards: %v", err)
	}
	f.Close()
	if _, err := Open(t.TempDir(), phrase); code(err) != "no-folder" {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestCheckIn_theBadgeThatWasPrintedLetsIn(t *testing.T) {
	f := practiceLaptop(t)
	person, err := f.Add("trainee", Cells{"given_name": "Nasieku"})
	if err != nil {
		t.Fatal(err)
	}
	session, err := f.Add("session", Cells{"title": "Assembly", "status": "open"})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := f.BadgePayload(person.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "already_in"} {
		a, err := f.CheckIn(session.ID, payload, fieldwork.RecordID{})
		if err != nil || a.Reason.String() != want || a.Person != person.ID {
			t.Errorf("scan %d: %+v %v", i+1, a, err)
		}
	}
	forged := payload[:len(payload)-1] + map[bool]string{true: "B", false: "A"}[payload[len(payload)-1] == 'A']
	if a, err := f.CheckIn(session.ID, forged, fieldwork.RecordID{}); err != nil || a.Reason != fieldwork.RefusalForged {
		t.Errorf("forged: %+v %v", a, err)
	}
	if n := len(f.Store().Referring(session.ID, fieldwork.KindAttendance)); n != 3 {
		t.Errorf("%d answers are kept, want 3: refusals too", n)
	}
	var pdf bytes.Buffer
	if err := f.Badges(&pdf, []fieldwork.RecordID{person.ID}, Print{}); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Errorf("badges: %v", err)
	}
}

func TestBackup_comesBackUnderNewNumbers(t *testing.T) {
	f := practiceLaptop(t)
	old, err := f.Add("trainee", Cells{"given_name": "Kept"})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup")
	if err := f.Backup(file); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if err := Restore(dir, file, []byte("not the passphrase")); code(err) != "wrong-passphrase" || Exists(dir) {
		t.Fatalf("wrong passphrase: %v", err)
	}
	if err := Restore(dir, file, phrase); err != nil {
		t.Fatal(err)
	}
	g, err := Open(dir, phrase)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if g.Store().Digest() != f.Store().Digest() {
		t.Error("the restored campaign differs")
	}
	fresh, err := g.Add("trainee", Cells{"given_name": "New"})
	if err != nil || fresh.ID.Log == old.ID.Log {
		t.Errorf("a restored laptop writes under %v: %v", fresh.ID, err)
	}
}

func TestJoin_saysWhatIsWrong(t *testing.T) {
	f, err := Init(filepath.Join(t.TempDir(), "data"), "Kajiado 1", phrase)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Join(t.Context(), "hello"); code(err) != "bad-invite" {
		t.Errorf("no invite: %v", err)
	}
	if _, err := f.Sync(t.Context(), nil); code(err) != "no-campaign" {
		t.Errorf("sync before joining: %v", err)
	}
}

// often is how many times something is tried: more by make soak.
func often(usually, soaking int) int {
	if os.Getenv("KANDILI_SOAK") != "" {
		return soaking
	}
	return usually
}

func TestReadInvitePicture_readsEveryInviteThatHQWrites(t *testing.T) {
	for i := range often(40, 1500) {
		inv := road.Invite{Name: "Kajiado", URLs: []string{fmt.Sprintf("https://127.0.0.1:%d", 30000+i)}, Pin: make([]byte, 32), Token: make([]byte, 16), Role: "volunteer", Expires: 1_800_000_000 + int64(i)}
		rand.Read(inv.Pin)
		rand.Read(inv.Token)
		png, err := qrcode.Encode(inv.String(), qrcode.Medium, -8)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ReadInvitePicture(png); err != nil || got != inv.String() {
			t.Errorf("invite %d: %v\n%s", i, err, inv.String())
		}
	}
	if _, err := ReadInvitePicture([]byte("no picture")); code(err) != "no-qr" {
		t.Errorf("no picture: %v", err)
	}
}

func TestImport_aWorkbookWithDatesAndFailedFormulas(t *testing.T) {
	f := practiceLaptop(t)
	var b bytes.Buffer
	columns := []sheets.Column{{Head: "ref"}, {Head: "Title"}, {Head: "start", As: sheets.AsTime}, {Head: "capacity", As: sheets.AsNumber}}
	rows := [][]string{{"1", "Assembly", "2027-03-14T08:30:00Z", "25"}, {"2", "#REF!", "2027-03-15T08:30:00Z", "25"}}
	if err := sheets.WriteXLSX(&b, "Sessions", columns, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	read := func() sheets.Table {
		t.Helper()
		tab, err := sheets.ReadSheet(bytes.NewReader(b.Bytes()), "sessions")
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	res, err := f.Import("session", read(), false, nil)
	if err != nil || res.Added != 1 || len(res.Refused) != 1 || res.Refused[0].Row != 3 || res.Refused[0].Field != "title" {
		t.Fatalf("%+v %v", res, err)
	}
	found := false
	f.Store().Each(fieldwork.KindSession, func(r fieldwork.Record) bool {
		at, _ := r.Get(fieldwork.SessionStart).Int()
		found = found || at == 1_805_013_000 // 2027-03-14 08:30 UTC
		return true
	})
	if !found {
		t.Error("the session of 14 March is not there")
	}
	if again, err := f.Import("session", read(), false, nil); err != nil || again.Added+again.Changed != 0 {
		t.Errorf("the same file again: %+v %v", again, err)
	}
}
