package laptop

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
)

// practiceOf is a laptop with so many changes of the practice campaign.
func practiceOf(t *testing.T, changes int) *Folder {
	t.Helper()
	f, err := Init(filepath.Join(t.TempDir(), "data"), "Kajiado 1", phrase)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.Practice(1, changes); err != nil {
		t.Fatal(err)
	}
	return f
}

// A batch of tags is printed before travel, and each is known again when it is scanned or typed at the lamp.
func TestTags_numbersAreNeverGivenTwice(t *testing.T) {
	f := practiceOf(t, 10)
	var pdf bytes.Buffer
	first, err := f.Tags(&pdf, 30, Print{Layout: "L7160"})
	if err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Fatal(err)
	}
	second, err := f.NewTags(5)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[fieldwork.Tag]bool{}
	for _, tag := range append(first, second...) {
		if seen[tag] {
			t.Errorf("%v twice", tag)
		}
		seen[tag] = true
	}
	key, _ := f.printKey()
	for _, text := range []string{key.TagPayload(first[3]), strings.ToLower(first[3].String())} {
		if got, ok, err := f.ReadTag(text); err != nil || !ok || got != first[3].String() {
			t.Errorf("%s is read as %q, %v, %v", text, got, ok, err)
		}
	}
	key.Key[0]++
	if _, ok, err := f.ReadTag(key.TagPayload(first[3])); !ok || fieldwork.Hint(err) == "" {
		t.Errorf("a forged tag: %v %v", ok, err)
	}
	if _, ok, err := f.ReadTag("SN001234"); ok || err != nil {
		t.Errorf("a serial number: %v %v", ok, err)
	}
	for _, n := range []int{0, -1, mostTags + 1} {
		if _, err := f.NewTags(n); err == nil {
			t.Errorf("%d tags were made", n)
		}
	}
}

func TestBadges_sayThatTheyWerePrintedBefore(t *testing.T) {
	f := practiceOf(t, 4000)
	people := f.Store().IDs(fieldwork.KindTrainee)[:3]
	if err := f.Badges(io.Discard, people[:2], Print{}); err != nil {
		t.Fatal(err)
	}
	doc, err := f.BadgeSheet(people, Print{})
	if err != nil || doc.List[0].Copy != 1 || doc.List[2].Copy != 0 {
		t.Errorf("%+v %v", doc.List, err)
	}
	if got := f.WithoutBadge(people); !slices.Equal(got, people[2:]) {
		t.Errorf("without a badge: %v", got)
	}
	if _, err := f.Set(fieldwork.CodeOf(people[0]), Cells{"badge_issue": "1"}); err != nil { // the badge was lost
		t.Fatal(err)
	}
	if doc, _ := f.BadgeSheet(people, Print{}); doc.List[0].Issue != 1 || doc.List[0].Copy != 0 {
		t.Errorf("a new issue: %+v", doc.List[0])
	}
	if err := f.Badges(io.Discard, people, Print{Layout: "Avery 9999"}); code(err) != "unknown-layout" {
		t.Errorf("an unknown format: %v", err)
	}
}

// A roster goes out on paper and comes back by its code alone, also when somebody was added to the session since.
func TestRosterSheet_isEnteredFromItsCode(t *testing.T) {
	f := practiceOf(t, 4500)
	site := f.Store().IDs(fieldwork.KindSite)[1]
	session, err := f.Add("session", Cells{"title": "Assembly", "site": fieldwork.CodeOf(site), "start": "2027-03-09 08:30", "modules": "assembly"})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := f.RosterSheet(session.ID, Print{}, fieldwork.RecordID{})
	if err != nil || len(doc.Rows) < 5 || len(doc.Facts) < 2 {
		t.Fatalf("%d rows, %q, %v", len(doc.Rows), doc.Facts, err)
	}
	sheet, err := f.Roster(doc.Payload)
	if err != nil || sheet.Session != session.ID || len(sheet.People) != len(doc.Rows) {
		t.Fatalf("%+v %v", sheet, err)
	}
	for i, row := range doc.Rows {
		if id, ok := f.RosterRow(session.ID, row.Payload); !ok || id != sheet.People[i] || fieldwork.CodeOf(id) != row.Code {
			t.Errorf("row %d is read as %v, stands for %v", i+1, id, sheet.People[i])
		}
	}
	if again, err := f.RosterSheet(session.ID, Print{Page: "Letter"}, fieldwork.RecordID{}); err != nil || again.Code != doc.Code {
		t.Errorf("printed once more: %s instead of %s, %v", again.Code, doc.Code, err)
	}
	if _, err := f.RosterSheet(site, Print{}, fieldwork.RecordID{}); code(err) != "no-session" {
		t.Errorf("a roster of a village: %v", err)
	}
}

func TestCertificates_ofPractice(t *testing.T) {
	f := practiceOf(t, 0)
	course := f.Store().IDs(fieldwork.KindCourse)[0]
	earned, err := f.Earned(course)
	if err != nil {
		t.Fatal(err)
	}
	var people []fieldwork.RecordID
	for _, e := range earned {
		people = append(people, e.Person)
	}
	ids, err := f.Certify(course, people, fieldwork.RecordID{})
	if err != nil || len(ids) < 10 {
		t.Fatalf("%d certificates: %v", len(ids), err)
	}
	all, err := f.Certificates(course, fieldwork.RecordID{})
	if err != nil || len(all) != len(ids) {
		t.Fatalf("%d of %d certificates: %v", len(all), len(ids), err)
	}
	if err := f.PrintCertificates(io.Discard, ids[:1], Print{}); err != nil {
		t.Fatal(err)
	}
	if err := f.PrintCertificates(io.Discard, ids[:2], Print{Page: "Letter", Lang: "fr"}); err != nil {
		t.Fatal(err)
	}
	doc, err := f.CertificateSheet(ids[:2], Print{})
	if err != nil || doc.List[0].Copy != 2 || doc.List[1].Copy != 1 || doc.List[0].Number != fieldwork.CodeOf(ids[0]) || len(doc.List[0].Done) != 4 {
		t.Errorf("%+v %v", doc.List, err)
	}
	if r, _ := f.Store().Record(ids[0]); r.Get(fieldwork.CertificateReprints) != fieldwork.Int(1) {
		t.Errorf("%v reprints are recorded", r.Get(fieldwork.CertificateReprints))
	}
	campaign, _ := f.CampaignRecord()
	if number, proven, reason := fieldwork.ReadCertificate(doc.List[0].Payload, "PRAC", fieldwork.BadgeKeys(campaign)); number != doc.List[0].Number || !proven || reason != 0 {
		t.Errorf("%s is read as %q %v %v", doc.List[0].Payload, number, proven, reason)
	}
	if _, err := f.CertificateSheet(nil, Print{}); code(err) != "no-certificates" {
		t.Errorf("no certificates: %v", err)
	}
}

// What stays with a village names nobody's phone who did not agree to be called.
func TestHandOver_ofPractice(t *testing.T) {
	f := practiceOf(t, 0)
	site := f.Store().IDs(fieldwork.KindSite)[1]
	for _, set := range []Cells{{"committee_contact": "Lemayian ole Kasaine, 0712 345 678"}} {
		if _, err := f.Set(fieldwork.CodeOf(site), set); err != nil {
			t.Fatal(err)
		}
	}
	for _, move := range []Cells{
		{"item": "part", "part": "LED board", "quantity": "12", "from": "site_store", "to": "left_with_village", "to_site": fieldwork.CodeOf(site)},
		{"item": "part", "part": "LED board", "quantity": "2", "from": "left_with_village", "from_site": fieldwork.CodeOf(site), "to": "used_on_lamp"},
		{"item": "part", "part": "Battery", "quantity": "5", "from": "hq", "to": "site_store", "to_site": fieldwork.CodeOf(site)},
	} {
		if _, err := f.Add("stock_move", move); err != nil {
			t.Fatal(err)
		}
	}
	var repairer fieldwork.Record
	f.Store().Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		repairer = r
		return r.Get(fieldwork.TraineeSite).Ref() != site
	})
	if _, err := f.Set(fieldwork.CodeOf(repairer.ID), Cells{"roles": "maintainer"}); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "packet")
	files, err := f.WriteHandOver(dir, site, Print{Lang: "sw"})
	if err != nil || len(files) != 5 {
		t.Fatalf("%q %v", files, err)
	}
	packet, err := f.HandOver(site, Print{})
	if err != nil {
		t.Fatal(err)
	}
	doc := packet.Document
	if len(doc.Lamps) < 50 || len(doc.People) < 50 || len(doc.Care) != 5 || len(doc.Parts) != 1 || doc.Parts[0][1] != "10" {
		t.Errorf("%d lamps, %d people, %d rules, parts %q", len(doc.Lamps), len(doc.People), len(doc.Care), doc.Parts)
	}
	if len(doc.Contacts) != 2 || doc.Contacts[0].Phone != "0712 345 678" || doc.Contacts[1].Name != fieldwork.Name(repairer) || doc.Contacts[1].Phone != "" {
		t.Errorf("contacts %+v", doc.Contacts)
	}
	if _, err := f.Add("consent", Cells{"subject": fieldwork.CodeOf(repairer.ID), "purposes": "later_contact", "method": "signature", "date": "2027-03-01"}); err != nil {
		t.Fatal(err)
	}
	if packet, _ = f.HandOver(site, Print{}); packet.Document.Contacts[1].Phone != repairer.Get(fieldwork.TraineePhone).Text() || packet.Document.Contacts[1].Phone == "" {
		t.Errorf("who agreed to be called: %+v", packet.Document.Contacts[1])
	}
	if !bytes.Contains(packet.Files["contacts.csv"], []byte("0712 345 678")) || bytes.Count(packet.Files["lamps.csv"], []byte("\n")) != len(doc.Lamps)+1 {
		t.Error("the tables do not say what the document says")
	}
}
