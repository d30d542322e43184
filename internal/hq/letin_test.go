package hq

import (
	"fmt"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/ui/show"
)

var (
	places  = regexp.MustCompile(`name="upto" value="([^"]+)"`)
	nextRun = regexp.MustCompile(`href="(/review/quarantine\?[^"]*page=2[^"]*)"`)
)

// The officer sees every change of a revoked laptop and says up to which one they come in, and why.
func TestReview_aRevokedLaptopsChangesComeInUpToAChosenOne(t *testing.T) {
	d := newDesk(t, "officer")
	synced(t, d.one, d.two)
	if err := d.o.Revoke(d.s, "Kajiado 1"); err != nil {
		t.Fatal(err)
	}
	var made []fieldwork.Record
	for i := range 5 {
		made = append(made, person(t, d.one, fmt.Sprintf("Naserian-%d", i)))
	}
	synced(t, d.one)
	page := d.get("/review/quarantine")
	at := places.FindAllStringSubmatch(page, -1)
	if len(at) != 5 {
		t.Fatalf("%d places to choose", len(at))
	}
	for i := range 5 {
		wants(t, page, fmt.Sprintf("Naserian-%d", i))
	}
	leavePicture(t, "quarantine", page)
	d.decided("Let in: 3 changes", "/review/quarantine", "upto", at[2][1], "what", "in", "reason", "Lea had it until Friday.")
	synced(t, d.two)
	for i, r := range made {
		_, here := d.s.Record(r.ID)
		_, there := d.two.Store().Record(r.ID)
		if here != (i < 3) || there != (i < 3) {
			t.Errorf("change %d: at HQ %v, at the other laptop %v", i, here, there)
		}
	}
	page = d.get("/review/quarantine")
	if rest := places.FindAllStringSubmatch(page, -1); len(rest) != 2 || strings.Contains(page, "Naserian-2<") {
		t.Errorf("%d places are left", len(rest))
	}
	wants(t, page, "Decided so far", "let in up to number", "Lea had it until Friday.", "Naserian-3")
	leavePicture(t, "quarantine-part", page)

	// A place that does not exist, and one in somebody else's log.
	for _, bad := range []string{"1.0.999", "77.0.1", "nonsense"} {
		if status, _ := d.post("/review/quarantine", "upto", bad, "what", "in", "reason", "Try."); status != http.StatusUnprocessableEntity {
			t.Errorf("up to %s: %d", bad, status)
		}
		d.get("/review/quarantine")
	}
	d.decided("Left apart", "/review/quarantine", "upto", at[3][1], "whole", at[4][1], "what", "left", "reason", "The rest is the thief's.")
	synced(t, d.one)
	where(t, d.one, made[4].ID, store.KeptApart)
	wants(t, d.get("/review/quarantine"), "left apart up to number", "The rest is the thief&#39;s.")
}

// A long run is read page by page; what is chosen on the second page brings the first along.
func TestReview_aLongRunIsReadPageByPage(t *testing.T) {
	d := newDesk(t, "officer")
	synced(t, d.one)
	if err := d.o.Revoke(d.s, "Kajiado 1"); err != nil {
		t.Fatal(err)
	}
	for i := range apartRows + 20 {
		person(t, d.one, fmt.Sprintf("Naserian-%d", i))
	}
	synced(t, d.one)
	page := d.get("/review/quarantine")
	if n := len(places.FindAllStringSubmatch(page, -1)); n != apartRows {
		t.Fatalf("%d changes on the first page", n)
	}
	wants(t, page, "Changes 1 to 100 of 120")
	second := d.get(strings.ReplaceAll(nextRun.FindStringSubmatch(page)[1], "&amp;", "&"))
	at := places.FindAllStringSubmatch(second, -1)
	if len(at) != 20 {
		t.Fatalf("%d changes on the second page", len(at))
	}
	wants(t, second, "The changes before number 101 come in, too", "All that is kept apart")
	d.decided("Let in: 110 changes", "/review/quarantine", "upto", at[9][1], "what", "in", "reason", "Found again.")
	if n := d.s.Count(fieldwork.KindTrainee); n != 110 {
		t.Errorf("%d people", n)
	}
}

// leavePicture leaves a page where KANDILI_PICTURES says, for a person to look at.
func leavePicture(t *testing.T, name, page string) {
	dir := os.Getenv("KANDILI_PICTURES")
	if dir == "" {
		return
	}
	css, err := os.ReadFile("page/look.css")
	if err != nil {
		t.Fatal(err)
	}
	page = strings.Replace(page, "</head>", "<style>"+string(css)+"</style></head>", 1)
	if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The page and what becomes of a decision, in the reader's language.
func TestReview_whatIsKeptApartSpeaksTheReadersLanguage(t *testing.T) {
	d := newDesk(t, "officer")
	synced(t, d.one)
	if err := d.o.Revoke(d.s, "Kajiado 1"); err != nil {
		t.Fatal(err)
	}
	for i := range apartRows + 2 {
		added(t, d.one, "trainee", laptop.Cells{"given_name": fmt.Sprintf("Naserian-%d", i), "gender": "female"})
	}
	synced(t, d.one)
	at := places.FindAllStringSubmatch(d.get("/review/quarantine"), -1)
	d.decided("Left apart", "/review/quarantine", "whole", at[0][1], "what", "left", "reason", "Lea knows.")
	d.get("/review/quarantine")
	d.decided("Let in: 1 change.", "/review/quarantine", "upto", at[0][1], "what", "in", "reason", "Lea knows more.")
	own := regexp.MustCompile(`Naserian-[0-9]+|Kajiado 1|Lea knows( more)?|LC5|officer`)
	for _, l := range show.Langs() {
		words, err := show.Load(l.Code)
		if err != nil {
			t.Fatal(err)
		}
		page := in(t, d.browser, l.Code, d.at+"/review/quarantine")
		second := in(t, d.browser, l.Code, d.at+strings.ReplaceAll(nextRun.FindStringSubmatch(page)[1], "&amp;", "&"))
		text := own.ReplaceAllString(tags.ReplaceAllString(page+second, " "), " ")
		if strings.Contains(page, `<main lang="en"`) || keyForm.MatchString(text) || unfilled.MatchString(text) || strings.Contains(text, "apart.") {
			t.Errorf("in %s: %s", l.Code, text)
		}
		if found := english.FindString(text); found != "" && l.Code != "en" && !(l.Code == "fil" && found == "Laptop") {
			t.Errorf("in %s it says %q: %s", l.Code, found, strings.Join(strings.Fields(text), " "))
		}
		wants(t, html.UnescapeString(page), words.T("apart.in.chosen"), words.T("apart.choose"), words.T("apart.in.upto", "1"), words.Option(fieldwork.SpecOf(fieldwork.KindTrainee).Field(fieldwork.TraineeGender), fieldwork.GenderFemale))
		leavePicture(t, "quarantine-"+l.Code, page)
	}
}
