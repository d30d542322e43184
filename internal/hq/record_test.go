package hq

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
)

// officer signs an account of the role in.
func officer(t *testing.T, o *Office, at, role string, browser *http.Client) {
	t.Helper()
	if _, err := o.CreateAccount(role, role, "a long enough password"); err != nil {
		t.Fatal(err)
	}
	resp, err := browser.PostForm(at+"/sign-in", url.Values{"name": {role}, "password": {"a long enough password"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// newLaptop is a laptop that has joined the campaign, with a data folder of its own.
func newLaptop(t *testing.T, o *Office, s *store.Store, at, name string) *laptop.Folder {
	t.Helper()
	inv, err := o.Invite(s, "volunteer", at, 7)
	if err != nil {
		t.Fatal(err)
	}
	f, err := laptop.Init(filepath.Join(t.TempDir(), "data"), name, []byte("four words are good"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.Join(t.Context(), inv.String()); err != nil {
		t.Fatal(err)
	}
	return f
}

func synced(t *testing.T, laptops ...*laptop.Folder) {
	t.Helper()
	for _, f := range laptops {
		if _, err := f.Sync(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func added(t *testing.T, f *laptop.Folder, kind string, cells laptop.Cells) fieldwork.Record {
	t.Helper()
	r, err := f.Add(kind, cells)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wants complains about everything that a page lacks.
func wants(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			t.Errorf("the page lacks %q", p)
		}
	}
	if t.Failed() {
		t.Log(page)
	}
}

// section is one of the page's cards.
func section(t *testing.T, page, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `id="`+id+`"`)
	if !ok {
		t.Fatalf("no %s on the page: %s", id, page)
	}
	part, _, _ := strings.Cut(rest, "</section>")
	return part
}

func TestRecordPage_showsAPersonWithHistoryAndBothValuesOfAConflict(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	officer(t, o, at, "officer", browser)
	one, two := newLaptop(t, o, s, at, "Kajiado 1"), newLaptop(t, o, s, at, "Kajiado 2")

	site := added(t, one, "site", laptop.Cells{"name": "Entasopia", "country": "KE"})
	person := added(t, one, "trainee", laptop.Cells{"given_name": "Nasieku", "family_name": "<Ole> Ntutu", "gender": "not_said", "site": "Entasopia", "phone": "0712 345 678"})
	session := added(t, one, "session", laptop.Cells{"title": "Assembly", "status": "open"})
	if a, err := one.CheckIn(session.ID, fieldwork.CodeOf(person.ID), fieldwork.RecordID{}); err != nil || !a.OK {
		t.Fatalf("%+v %v", a, err)
	}
	lamp := added(t, one, "lamp", laptop.Cells{"tag_code": "T-1", "built_by": fieldwork.CodeOf(person.ID)})
	installation := added(t, one, "installation", laptop.Cells{"lamp": fieldwork.CodeOf(lamp.ID), "site": "Entasopia", "place": "home", "date": "2027-03-14"})
	synced(t, one, two)
	code := fieldwork.CodeOf(person.ID)
	for f, phone := range map[*laptop.Folder]string{one: "0711 111 111", two: "0722 222 222"} {
		if _, err := f.Set(code, laptop.Cells{"phone": phone}); err != nil {
			t.Fatal(err)
		}
	}
	synced(t, one, two)

	base := "/c/" + s.Self().Campaign.String() + "/record/"
	status, page := get(t, browser, at+base+code)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, page)
	}
	wants(t, page, "<h1>Nasieku &lt;Ole&gt; Ntutu</h1>", "trainee", code, "● at HQ")
	facts := section(t, page, "facts")
	wants(t, facts, "Given name", "not said", `<a href="`+base+fieldwork.CodeOf(site.ID)+`">Entasopia</a>`,
		"0711 111 111", "0722 222 222", "Written differently", "Kajiado 1 (", "Kajiado 2 (")
	if strings.Contains(facts, "0712 345 678") {
		t.Error("the phone that both replaced belongs to the history only")
	}
	past := section(t, page, "history")
	wants(t, past, "made this record", "0712 345 678", "0711 111 111", "Kajiado 2")
	if strings.Index(past, "0712 345 678") < strings.Index(past, "0711 111 111") {
		t.Error("the newest comes first")
	}
	wants(t, section(t, page, "referring"), "Attendances", base+fieldwork.CodeOf(lamp.ID), "T-1", "Assembly")

	_, page = get(t, browser, at+base+fieldwork.CodeOf(lamp.ID))
	wants(t, page, "working, Entasopia")
	wants(t, section(t, page, "referring"), "Installations", base+fieldwork.CodeOf(installation.ID), "home", "14 Mar 2027")
	for list, id := range map[string]fieldwork.RecordID{"/people": person.ID, "/lamps": lamp.ID} {
		_, page := get(t, browser, at+list)
		wants(t, page, `<a href="`+base+fieldwork.CodeOf(id)+`">`)
	}
}

func TestRecordPage_saysThatARecordWasDeletedOrIsAnotherOne(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	officer(t, o, at, "viewer", browser)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	gone := added(t, f, "trainee", laptop.Cells{"given_name": "Amina"})
	kept, twin := added(t, f, "trainee", laptop.Cells{"given_name": "Deka"}), added(t, f, "trainee", laptop.Cells{"given_name": "Deka N."})
	for id, field := range map[fieldwork.RecordID]fieldwork.FieldValue{
		gone.ID: {Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(true)},
		twin.ID: {Field: fieldwork.FieldSameAs, Value: fieldwork.Ref(kept.ID)},
	} {
		if _, err := f.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{field}}}}); err != nil {
			t.Fatal(err)
		}
	}
	synced(t, f)
	base := at + "/c/" + s.Self().Campaign.String() + "/record/"
	status, page := get(t, browser, base+fieldwork.CodeOf(gone.ID))
	if status != http.StatusOK {
		t.Errorf("a deleted record has a page: %d", status)
	}
	wants(t, page, "This record was deleted", "Amina")
	_, page = get(t, browser, base+fieldwork.CodeOf(twin.ID))
	wants(t, page, "Recorded twice", fieldwork.CodeOf(kept.ID)+`">Deka</a> stands for this one`)
	if _, page := get(t, browser, base+fieldwork.CodeOf(kept.ID)); strings.Contains(page, "Recorded twice") || strings.Contains(page, "was deleted") {
		t.Errorf("the one that stands says so of itself: %s", page)
	}
}

func TestRecordPage_unknownCodesAndStrangers(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, browser := serve(t, o)
	base := at + "/c/" + s.Self().Campaign.String() + "/record/"
	campaign := fieldwork.CodeOf(campaignRecord(s).ID)
	if _, page := get(t, browser, base+campaign); !strings.Contains(page, `id="password"`) {
		t.Errorf("without signing in: %.300s", page)
	}
	officer(t, o, at, "donor", browser)
	if status, _ := get(t, browser, base+campaign); status != http.StatusForbidden {
		t.Errorf("a donor gets %d", status)
	}
	officer(t, o, at, "officer", browser)
	status, page := get(t, browser, base+campaign)
	if status != http.StatusOK {
		t.Fatalf("the campaign's own record: %d", status)
	}
	wants(t, page, "11000", "Kajiado")
	if key := campaignRecord(s).Get(fieldwork.CampaignBadgeKey).Bytes(); strings.Contains(page, fmt.Sprintf("%x", key)) {
		t.Error("the page shows the key that badges are proved with")
	}
	if status, page := get(t, browser, base+strings.ToLower(campaign)); status != http.StatusOK || !strings.Contains(page, campaign) {
		t.Errorf("typed in lower case: %d", status)
	}
	never := fieldwork.CodeOf(fieldwork.RecordID{Seq: 9999})
	for path, sentence := range map[string]string{
		base + never:   "HQ has nothing with the code " + never,
		base + "HELLO": "This is no code of Kandili",
		base + campaign[:len(campaign)-1] + map[bool]string{true: "B", false: "A"}[campaign[len(campaign)-1] == 'A']: "typing slip",
		at + "/c/0123456789abcdef/record/" + campaign:                                                                "HQ has no such campaign",
		at + "/c/nonsense/record/" + campaign:                                                                        "HQ has no such campaign",
	} {
		status, page := get(t, browser, path)
		if status != http.StatusNotFound || !strings.Contains(page, sentence) {
			t.Errorf("%s: %d, want %q in %.900s", path, status, sentence, page)
		}
	}
}
