package hq

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
)

// desk is HQ with an officer's browser and two laptops.
type desk struct {
	t        *testing.T
	o        *Office
	s        *store.Store
	at       string
	browser  *http.Client
	one, two *laptop.Folder
	page     string // the last one
	clock    *ticking
}

func newDesk(t *testing.T, role string) *desk {
	t.Helper()
	o, s, c := tickingOffice(t)
	at, browser := serve(t, o)
	officer(t, o, at, role, browser)
	return &desk{t: t, o: o, s: s, at: at, browser: browser, clock: c, one: newLaptop(t, o, s, at, "Kajiado 1"), two: newLaptop(t, o, s, at, "Kajiado 2")}
}

func (d *desk) get(path string) string {
	d.t.Helper()
	status, page := get(d.t, d.browser, d.at+path)
	if status != http.StatusOK {
		d.t.Fatalf("%s: %d %s", path, status, page)
	}
	d.page = page
	return page
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="(c|asof|back)" value="([^"]*)"`)

// post sends a form of the last page, with its hidden inputs.
func (d *desk) post(path string, pairs ...string) (int, string) {
	d.t.Helper()
	form := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(d.page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	resp, err := d.browser.PostForm(d.at+path, form)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	d.page = string(b)
	return resp.StatusCode, d.page
}

// decided posts, and wants the sentence on the page that it leads to.
func (d *desk) decided(sentence, path string, pairs ...string) {
	d.t.Helper()
	if status, page := d.post(path, pairs...); status != http.StatusOK || !strings.Contains(page, sentence) {
		d.t.Fatalf("%s: %d, want %q in %s", path, status, sentence, page)
	}
}

// undone presses Undo on the last page.
func (d *desk) undone() {
	d.t.Helper()
	m := regexp.MustCompile(`name="undo" value="([^"]*)"`).FindStringSubmatch(d.page)
	if m == nil {
		d.t.Fatalf("no way to undo on %s", d.page)
	}
	d.decided("Taken back.", "/review/undo", "undo", m[1])
}

func (d *desk) record(id fieldwork.RecordID) string { return recordURL(d.s, id) }

func TestReview_acceptingBySiteReachesTheLaptopAndALaterChangeComesBack(t *testing.T) {
	d := newDesk(t, "officer")
	for _, name := range []string{"Entasopia", "Magadi"} {
		added(t, d.one, "site", laptop.Cells{"name": name, "country": "KE"})
	}
	var here []fieldwork.Record
	for _, name := range []string{"Nasieku", "Naserian", "Nalotu"} {
		here = append(here, added(t, d.one, "trainee", laptop.Cells{"given_name": name, "site": "Entasopia"}))
	}
	other := added(t, d.one, "trainee", laptop.Cells{"given_name": "Soila", "site": "Magadi"})
	synced(t, d.one, d.two)
	site := here[0].Get(fieldwork.TraineeSite).Ref()
	page := d.get("/review/accept?kind=trainee&site=" + site.String())
	wants(t, page, "Nasieku", "Naserian", "Nalotu", "1–3 of 3", "Entasopia", "Kajiado 1 (")
	if strings.Contains(page, "Soila") {
		t.Error("the other village's people are in the list")
	}
	if _, err := d.one.Set(fieldwork.CodeOf(here[2].ID), laptop.Cells{"phone": "0711 111 111"}); err != nil { // while the officer reads
		t.Fatal(err)
	}
	synced(t, d.one)
	d.decided("Accepted 2 records. One changed since you looked and was left.", "/review/accept",
		"r", here[0].ID.String(), "r", here[1].ID.String(), "r", here[2].ID.String())
	accepted := d.page
	synced(t, d.one, d.two)
	where(t, d.one, here[0].ID, store.Accepted)
	where(t, d.two, here[1].ID, store.Accepted)
	where(t, d.one, here[2].ID, store.AtHQ)
	where(t, d.one, other.ID, store.AtHQ)
	if _, err := d.two.Set(fieldwork.CodeOf(here[0].ID), laptop.Cells{"phone": "0722 222 222"}); err != nil {
		t.Fatal(err)
	}
	synced(t, d.two, d.one)
	where(t, d.one, here[0].ID, store.AtHQ)
	wants(t, d.get(d.record(here[0].ID)), "Accepted by officer", "It was written to since", "Accept this record")
	wants(t, d.get("/review/accept?kind=trainee"), "Nasieku", "Soila")
	d.page = accepted
	d.undone()
	synced(t, d.one)
	where(t, d.one, here[1].ID, store.AtHQ)
	d.get("/review/accept?kind=trainee")
	d.decided("Accepted 4 records.", "/review/accept", "all", "1", "kind", "trainee")
	wants(t, d.get("/review/accept?kind=trainee"), "Nothing waits that fits this filter")
}

func TestReview_aQuestionIsAnsweredOnTheLaptopAndTheAnswerComesBack(t *testing.T) {
	d := newDesk(t, "officer")
	p := person(t, d.one, "Nasieku")
	synced(t, d.one)
	d.get(d.record(p.ID))
	d.decided("It becomes a to-do on Kajiado 1 (", "/review/ask", "record", p.ID.String(), "field", "22", "text", "Whose phone is this?")
	wants(t, d.get("/review"), "1 still to be answered on laptops")
	synced(t, d.one, d.two)
	where(t, d.one, p.ID, store.Question)
	mine, err := d.one.Questions()
	if err != nil || len(mine) != 1 || fieldwork.AskedOf(mine[0]) != d.one.Store().Self().Log.Node {
		t.Fatalf("on the laptop that made it: %v %v", mine, err)
	}
	if q, _ := d.two.Questions(); len(q) != 1 || fieldwork.AskedOf(q[0]) == d.two.Store().Self().Log.Node {
		t.Errorf("on the other laptop it is known, and nobody's to-do: %v", q)
	}
	if _, err := d.one.Answer(fieldwork.CodeOf(p.ID), "Her brother's, I asked."); err != nil {
		t.Fatal(err)
	}
	where(t, d.one, p.ID, store.AtHQ) // the record itself was not written to
	synced(t, d.one)
	wants(t, d.get("/review/questions"), "Answers to read", "Her brother&#39;s, I asked.", "Whose phone is this?", "Kajiado 1 (")
	d.decided("Closed, and the record accepted.", "/review/settle", "question", mine[0].ID.String(), "accept", "1")
	synced(t, d.one)
	where(t, d.one, p.ID, store.Accepted)
	if shown, _ := d.one.Show(p.ID, false); len(shown.Questions) != 1 || shown.Questions[0].Open || shown.Questions[0].Answer == "" {
		t.Errorf("show says %+v", shown.Questions)
	}
}

func TestReview_aConflictIsDecidedOnceForEveryone(t *testing.T) {
	d := newDesk(t, "officer")
	p := person(t, d.one, "Nasieku")
	synced(t, d.one, d.two)
	code := fieldwork.CodeOf(p.ID)
	for f, phone := range map[*laptop.Folder]string{d.one: "0711 111 111", d.two: "0722 222 222"} {
		if _, err := f.Set(code, laptop.Cells{"phone": phone}); err != nil {
			t.Fatal(err)
		}
	}
	synced(t, d.one, d.two, d.one)
	page := d.get("/review/conflicts")
	wants(t, page, "Phone", "0711 111 111", "0722 222 222", "Kajiado 1 (", "Kajiado 2 (", "Decide for everyone")
	field := "21"
	if m := regexp.MustCompile(`name="field" value="(\d+)"`).FindStringSubmatch(page); m != nil {
		field = m[1]
	}
	if status, page := d.post("/review/decide", "record", p.ID.String(), "field", field); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Nothing was chosen") {
		t.Errorf("nothing chosen: %d", status)
	}
	d.get("/review/conflicts")
	d.decided("Decided: Phone of Nasieku.", "/review/decide", "record", p.ID.String(), "field", field, "value", "own", "own", "0733 333 333")
	decidedPage := d.page
	synced(t, d.one, d.two)
	for _, f := range []*laptop.Folder{d.one, d.two} {
		shown, _ := f.Show(p.ID, false)
		if shown.Fields["phone"] != "0733 333 333" || shown.Contested != nil {
			t.Errorf("%s shows %q, contested %v", f.Settings().Name, shown.Fields["phone"], shown.Contested)
		}
	}
	wants(t, d.get("/review/conflicts"), "No field waits for a decision")
	d.page = decidedPage
	d.undone()
	if r, _ := d.s.Record(p.ID); r.Get(fieldwork.TraineePhone).Text() == "0733 333 333" {
		t.Error("the decision was not taken back")
	}
	// A decision on a page that is out of date decides nothing.
	d.page = page
	d.decided("Nothing was decided", "/review/decide", "record", p.ID.String(), "field", field, "value", "own", "own", "0744 444 444")
}

func TestReview_aLampTagGivenTwice(t *testing.T) {
	d := newDesk(t, "officer")
	a := added(t, d.one, "lamp", laptop.Cells{"tag_code": "T-1", "serial": "A"})
	b := added(t, d.two, "lamp", laptop.Cells{"tag_code": "T-1", "serial": "B"})
	synced(t, d.one, d.two, d.one)
	wants(t, d.get("/review/conflicts"), "Tag “T-1” is on 2 records", "It belongs to this one")
	d.decided("Decided: it belongs to", "/review/belongs", "record", b.ID.String(), "field", "10")
	synced(t, d.one)
	if r, _ := d.one.Store().Record(a.ID); !r.Get(fieldwork.LampTagCode).IsZero() {
		t.Error("the other lamp still has the tag")
	}
	d.undone()
	if r, _ := d.s.Record(a.ID); r.Get(fieldwork.LampTagCode).Text() != "T-1" {
		t.Error("not taken back")
	}
}

func TestReview_twoVillagesRegisteredOnePerson(t *testing.T) {
	d := newDesk(t, "officer")
	for _, name := range []string{"Entasopia", "Magadi"} {
		added(t, d.one, "site", laptop.Cells{"name": name, "country": "KE"})
	}
	synced(t, d.one, d.two)
	a := added(t, d.one, "trainee", laptop.Cells{"given_name": "Nasieku", "family_name": "Ole Ntutu", "site": "Entasopia", "birth_year": "1994", "phone": "0712 345 678"})
	b := added(t, d.two, "trainee", laptop.Cells{"given_name": "Ntutu", "family_name": "Nasieku Ole", "site": "Magadi", "birth_year": "1994", "phone": "+254 712 345 678"})
	added(t, d.two, "trainee", laptop.Cells{"given_name": "Joseph", "family_name": "Kamau", "site": "Magadi"})
	synced(t, d.one, d.two)
	page := d.get("/review/duplicates")
	wants(t, page, "the same phone", "two villages", "Nasieku Ole Ntutu", "Ntutu Nasieku Ole", "Magadi", "Entasopia")
	if strings.Contains(page, "Kamau") {
		t.Error("somebody else is in the list")
	}
	d.decided("Joined", "/review/same", "a", a.ID.String(), "b", b.ID.String())
	synced(t, d.one)
	if d.one.Store().Canonical(a.ID) != d.one.Store().Canonical(b.ID) {
		t.Error("not one person on the laptop")
	}
	d.get("/review/duplicates")
	older, younger := a.ID, b.ID
	if younger.Compare(older) < 0 {
		older, younger = younger, older
	}
	d.decided("stands alone again", "/review/same", "a", younger.String(), "what", "part")
	if d.s.Canonical(a.ID) == d.s.Canonical(b.ID) {
		t.Error("not parted")
	}
	d.get("/review/duplicates")
	d.decided("are two people", "/review/same", "a", a.ID.String(), "b", b.ID.String(), "what", "differ")
	wants(t, d.get("/review/duplicates"), "Nobody looks as if registered twice")
}

// TestReview_aRevokedLaptopLosesNothing: what it wrote after it was revoked comes by another laptop, is read at HQ, and
// let in with a reason; then it is everywhere.
func TestReview_aRevokedLaptopLosesNothing(t *testing.T) {
	d := newDesk(t, "officer")
	before := person(t, d.one, "Nasieku")
	synced(t, d.one, d.two)
	if err := d.o.Revoke(d.s, "Kajiado 1"); err != nil {
		t.Fatal(err)
	}
	honest := person(t, d.one, "Naserian")
	synced(t, d.one)
	r := where(t, d.one, honest.ID, store.KeptApart)
	if r.Apart == nil || r.Apart.Reason != journal.ReasonRevoked || r.Apart.Left {
		t.Errorf("the laptop knows why: %+v", r)
	}
	where(t, d.one, before.ID, store.AtHQ)
	res, err := d.one.Sync(t.Context(), nil)
	if err != nil || res.BytesUp > 600 {
		t.Errorf("what HQ keeps apart was sent again: %d bytes, %v", res.BytesUp, err)
	}
	if _, ok := d.s.Record(honest.ID); ok {
		t.Error("it is part of the records before anybody decided")
	}
	page := d.get("/review/quarantine")
	wants(t, page, "Kajiado 1 (", "was revoked before HQ had these changes", "new: trainee", "Naserian", "Let in up to the chosen change", "up to here", "nobody signed in")
	upto := regexp.MustCompile(`name="upto" value="([^"]*)"`).FindStringSubmatch(page)[1]
	if status, page := d.post("/review/quarantine", "upto", upto, "what", "in"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "needs a reason") {
		t.Errorf("without a reason: %d", status)
	}
	d.get("/review/quarantine")
	d.decided("Left apart", "/review/quarantine", "upto", upto, "what", "left", "reason", "Nobody knows who had it.")
	synced(t, d.one)
	if r := where(t, d.one, honest.ID, store.KeptApart); r.Apart == nil || !r.Apart.Left || r.Apart.Text != "Nobody knows who had it." {
		t.Errorf("the laptop hears the reason: %+v", r.Apart)
	}
	d.get("/review/quarantine")
	d.decided("Let in: 1 change.", "/review/quarantine", "upto", upto, "what", "in", "reason", "Lea had it all the time.")
	synced(t, d.two, d.one)
	where(t, d.one, honest.ID, store.AtHQ)
	if _, ok := d.two.Store().Record(honest.ID); !ok {
		t.Error("it did not reach the other laptop")
	}
	late := person(t, d.one, "Nalotu") // what comes later is apart again
	synced(t, d.one)
	where(t, d.one, late.ID, store.KeptApart)
}

func TestReview_whoLooksOnlyDecidesNothing(t *testing.T) {
	d := newDesk(t, "viewer")
	p := person(t, d.one, "Nasieku")
	synced(t, d.one)
	for _, path := range []string{"/review", "/review/accept", "/review/conflicts", "/review/questions", "/review/duplicates", "/review/quarantine", "/backups", d.record(p.ID)} {
		page := d.get(path)
		if strings.Contains(page, `action="/review/`) || strings.Contains(page, `action="/backups"`) {
			t.Errorf("%s has a form for a viewer", path)
		}
	}
	before := d.s.Heads()
	for _, path := range []string{"accept", "decide", "belongs", "ask", "settle", "same", "quarantine", "undo"} {
		if status, _ := d.post("/review/"+path, "c", d.s.Self().Campaign.String(), "r", p.ID.String(), "record", p.ID.String(), "text", "?"); status != http.StatusForbidden {
			t.Errorf("a viewer's %s: %d", path, status)
		}
	}
	if status, _ := d.post("/backups"); status != http.StatusForbidden {
		t.Errorf("a viewer's backup: %d", status)
	}
	if after := d.s.Heads(); after.Token() != before.Token() {
		t.Error("something was written")
	}
	officer(t, d.o, d.at, "donor", d.browser)
	for _, path := range []string{"/review", "/review/accept", "/review/quarantine", "/backups"} {
		if status, _ := get(t, d.browser, d.at+path); status != http.StatusForbidden {
			t.Errorf("a donor gets %s: %d", path, status)
		}
	}
}

func TestReview_lookingUpAReceiptAndProvingABackup(t *testing.T) {
	d := newDesk(t, "officer")
	p := person(t, d.one, "Nasieku")
	synced(t, d.one)
	number := where(t, d.one, p.ID, store.AtHQ).Number
	wants(t, d.get("/review?receipt="+url.QueryEscape(number)), "HQ gave this receipt, and it holds true", "Kajiado 1 (", "No backup has been proven yet")
	wants(t, d.get("/review?receipt=KJ4-1-0000"), "HQ never gave this receipt number")
	wants(t, d.get("/review?receipt=hello"), "This is no receipt number")
	d.get("/backups")
	d.decided("Proven:", "/backups")
	wants(t, d.page, "restored on trial and found whole just now", "Kajiado")
	d.clock.forward(40 * time.Hour)
	officer(t, d.o, d.at, "admin", d.browser) // the session is over by then
	wants(t, d.get("/backups"), "The last proven backup is from 1 day ago")
	wants(t, d.get(d.record(p.ID)), "in the backup that was proven")
}

// TestReview_aCopiedLaptopThatNeverComesBackIsLetIn: its changes came on a stick, under numbers that the other copy had
// given already.
func TestReview_aCopiedLaptopThatNeverComesBackIsLetIn(t *testing.T) {
	d := newDesk(t, "officer")
	p := person(t, d.one, "Nasieku")
	synced(t, d.one)
	dir := d.one.Dir
	if err := d.one.Close(); err != nil {
		t.Fatal(err)
	}
	twin := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(twin, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	open := func(dir string) *laptop.Folder {
		t.Helper()
		f, err := laptop.Open(dir, []byte("four words are good"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	one, copied := open(dir), open(twin)
	if one.Store().Self().Log != copied.Store().Self().Log {
		t.Fatal("a copy on one computer noticed by itself, which the rest of this test is not about")
	}
	code := fieldwork.CodeOf(p.ID)
	for f, phone := range map[*laptop.Folder]string{one: "0711 111 111", copied: "0722 222 222"} {
		if _, err := f.Set(code, laptop.Cells{"phone": phone}); err != nil {
			t.Fatal(err)
		}
	}
	lost := person(t, copied, "Naserian")
	for i := range apartRows {
		person(t, copied, fmt.Sprintf("Soila-%d", i))
	}
	sent, err := copied.CourierOut(t.Context(), laptop.CourierTo{Path: t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	synced(t, one)
	if _, err := d.o.CourierIn(t.Context(), sent.Files); err == nil {
		t.Log("the fork was not told") // what the page says is what counts
	}
	page := d.get("/review/quarantine")
	wants(t, page, "in another copy of itself", "Naserian", "0722 222 222", "gone for good", "Read the other 2 changes")
	more := regexp.MustCompile(`<a href="(/review/quarantine[^"]*)">Read the other`).FindStringSubmatch(page)[1]
	wants(t, d.get(html.UnescapeString(more)), "Naserian", fmt.Sprintf("Soila-%d", apartRows-1))
	page = d.get("/review/quarantine")
	upto := regexp.MustCompile(`name="upto" value="([^"]*)"`).FindStringSubmatch(page)[1]
	end := regexp.MustCompile(`name="end" value="([^"]*)"`).FindStringSubmatch(page)[1]
	d.decided("Let in: 102 changes", "/review/quarantine", "upto", upto, "end", end, "what", "in", "reason", "The laptop was burnt.")
	wants(t, d.get("/review/quarantine"), "Nothing waits for a decision")
	found := 0
	d.s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		if r.ID != lost.ID && fieldwork.Name(r) == "Naserian" {
			found++
		}
		return true
	})
	if found != 1 {
		t.Errorf("%d people of the lost copy are at HQ, want one", found)
	}
	wants(t, d.get("/review/conflicts"), "0711 111 111", "0722 222 222") // neither knew of the other
	synced(t, one, d.two)
	if got, want := d.two.Store().Digest(), d.s.Digest(); got != want {
		t.Errorf("the laptop shows %v, HQ %v", got, want)
	}
}

// TestReview_aLinkFromOutsidePutsNoWordsIntoHQsMouth: and no Undo under an officer's finger.
func TestReview_aLinkFromOutsidePutsNoWordsIntoHQsMouth(t *testing.T) {
	d := newDesk(t, "officer")
	forged := "said=Pay+the+invoice&undo=0.0.1&of=" + d.s.Self().Campaign.String()
	for _, link := range []string{"/review?" + forged, "/review/accept?" + forged + "&sign=00", "/backups?" + forged} {
		if page := d.get(link); strings.Contains(page, "Pay the invoice") || strings.Contains(page, `name="undo"`) {
			t.Errorf("%s is believed", link)
		}
	}
}
