package hq

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
)

// A certificate that a laptop printed is checked by anybody who holds it: before it has reached HQ, afterwards, and when somebody
// made one up.
func TestVerify_aCertificateByItsPaper(t *testing.T) {
	c := &clock{time.Now()}
	o, s := newOffice(t, c)
	at, browser := serve(t, o)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	synced(t, f)
	amina := added(t, f, "trainee", laptop.Cells{"given_name": "Amina", "family_name": "Nkaissery"})
	course := added(t, f, "course", laptop.Cells{"title": "Solar lamps", "modules": "assembly"})
	session := added(t, f, "session", laptop.Cells{"title": "Day 1", "modules": "assembly", "start": "2027-03-09 08:30"})
	added(t, f, "attendance", laptop.Cells{"person": fieldwork.CodeOf(amina.ID), "session": fieldwork.CodeOf(session.ID), "kind": "in", "method": "scan", "time": "2027-03-09 08:30"})
	ids, err := f.Certify(course.ID, []fieldwork.RecordID{amina.ID}, fieldwork.RecordID{})
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v %v", ids, err)
	}
	doc, err := f.CertificateSheet(ids, laptop.Print{})
	if err != nil {
		t.Fatal(err)
	}
	address, number := doc.List[0].Payload, doc.List[0].Number
	if !strings.HasPrefix(address, strings.ToUpper(at)+"/VERIFY/") {
		t.Fatalf("the paper says %s, HQ is at %s", address, at)
	}
	status, page := get(t, browser, address)
	if wants(t, page, "Its seal is right"); status != http.StatusOK || strings.Contains(page, "A. N.") {
		t.Errorf("before it arrived: %d", status)
	}
	if status, _ := get(t, browser, at+"/verify/"+number); status != http.StatusNotFound {
		t.Errorf("typed, before it arrived: %d", status)
	}
	synced(t, f)
	for _, url := range []string{address, at + "/verify/" + number, at + "/verify?number=" + strings.ToLower(strings.ReplaceAll(number, "-", "")), at + "/verify?number=" + address} {
		status, page := get(t, browser, url)
		if wants(t, page, "Genuine", "A. N.", "Solar lamps", number); status != http.StatusOK || strings.Contains(page, "Amina") || strings.Contains(page, "Nkaissery") {
			t.Errorf("%s: %d, or it names the person", url, status)
		}
	}
	for what, url := range map[string]string{
		"wrong":            at + "/verify/" + number + "/1.AAAAAAAAAAAAAAAA",
		"No certificate":   at + "/verify/" + fieldwork.CodeOf(amina.ID),
		"no number of a c": at + "/verify/hello",
	} {
		status, page := get(t, browser, url)
		if wants(t, page, what); status != http.StatusNotFound || strings.Contains(page, "A. N.") {
			t.Errorf("%s: %d", url, status)
		}
	}
	if _, err := f.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindCertificate, Record: ids[0], Fields: []fieldwork.FieldValue{{Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(true)}}}}}); err != nil {
		t.Fatal(err)
	}
	synced(t, f)
	_, page = get(t, browser, address)
	wants(t, page, "Withdrawn")
}

func TestVerify_speaksTheReadersLanguageAndIsAskedInModeration(t *testing.T) {
	c := &clock{time.Now()}
	o, _ := newOffice(t, c)
	at, browser := serve(t, o)
	req, err := http.NewRequest("GET", at+"/verify", nil)
	if err != nil {
		t.Fatal(err)
	}
	for accept, want := range map[string]string{"sw-KE,sw;q=0.9,en;q=0.8": "Je, cheti hiki ni halali?", "pt-PT": "Este certificado", "de, en": "Is this certificate", "": "Is this certificate", "fr-SN": "Ce certificat"} {
		req.Header.Set("Accept-Language", accept)
		resp, err := browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		page := readAll(t, resp)
		wants(t, page, want)
	}
	for i := range askedAMinute + 1 {
		status, _ := get(t, browser, at+"/verify/KJ4-0517-Q")
		if late := i == askedAMinute; (status == http.StatusTooManyRequests) != late {
			t.Fatalf("question %d: %d", i+1, status)
		}
	}
}

func readAll(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
