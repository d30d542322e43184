package hq

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// member is a laptop's store that joined without a network, for tests of HQ.
func member(t *testing.T, o *Office, s *store.Store) *store.Store {
	t.Helper()
	inv, err := o.Invite(s, "volunteer", "https://hq.example", 7)
	if err != nil {
		t.Fatal(err)
	}
	self := store.Identity{Campaign: s.Self().Campaign, Seed: store.NewSeed(), HQKey: o.publicKey()}
	recipient, err := road.CourierRecipient(self.Seed)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := o.Join(s, road.Joining{Token: inv.Token, Name: "Kajiado 1", PublicKey: self.Key()[32:], CourierKey: recipient})
	if err != nil {
		t.Fatal(err)
	}
	self.Log, self.Courier = fieldwork.LogID{Node: joined.Node}, joined.CourierKey
	dir := t.TempDir()
	keys, err := vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := store.Create(filepath.Join(dir, "c"), self, keys, store.Options{Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// courierOf writes a courier file of a laptop that met a person.
func courierOf(t *testing.T, m *store.Store) string {
	t.Helper()
	if _, err := m.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Nasieku")}}}}}); err != nil {
		t.Fatal(err)
	}
	self := m.Self()
	own, err := road.CourierIdentity(self.Seed)
	if err != nil {
		t.Fatal(err)
	}
	sent, err := road.WriteCourier(t.Context(), road.CourierOut{To: t.TempDir(), For: []string{self.Courier}, Self: own,
		Courier: exchange.Courier{Replica: m, Campaign: self.Campaign, Log: self.Log, Key: self.Key(), Now: time.Now}})
	if err != nil {
		t.Fatal(err)
	}
	return sent.Files[0]
}

func TestCourier_filesFindTheirCampaign(t *testing.T) {
	o, kajiado := newOffice(t, &clock{time.Now()})
	narok, err := o.CreateCampaign("Narok", "KE", 0)
	if err != nil {
		t.Fatal(err)
	}
	files := []string{courierOf(t, member(t, o, kajiado)), courierOf(t, member(t, o, narok))}
	r := o.Do(Command{Name: "courier in", Args: files})
	if r.Failed != nil || !strings.Contains(string(r.Object), `"received":2`) {
		t.Fatalf("%+v %s", r.Failed, r.Object)
	}
	if kajiado.Count(fieldwork.KindTrainee) != 1 || narok.Count(fieldwork.KindTrainee) != 1 {
		t.Errorf("%d and %d people", kajiado.Count(fieldwork.KindTrainee), narok.Count(fieldwork.KindTrainee))
	}
	r = o.Do(Command{Name: "courier in", Args: append(files, filepath.Join(t.TempDir(), "nowhere"))})
	if r.Failed == nil || r.Failed.Code != "no-file" || !strings.Contains(r.Text, "nothing new") {
		t.Errorf("with a file that is not there: %+v %s", r.Failed, r.Text)
	}
	stranger, _ := newOffice(t, &clock{time.Now()})
	if r := stranger.Do(Command{Name: "courier in", Args: files[:1]}); r.Failed == nil || r.Failed.Code != "not-for-us" {
		t.Errorf("another HQ: %+v", r.Failed)
	}
}

func TestCourier_anAnswerForOneLaptopIsForNobodyElse(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	one := member(t, o, s)
	two := member(t, o, s)
	dir := t.TempDir()
	if r := o.Do(Command{Name: "courier out", Args: []string{dir}, Node: "1"}); r.Failed != nil {
		t.Fatal(r.Failed)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"+road.CourierExt))
	take := func(m *store.Store) error {
		own, err := road.CourierIdentity(m.Self().Seed)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&road.CourierIn{Replica: m, Campaign: m.Self().Campaign, Self: own, Waiting: filepath.Join(m.Dir(), "waiting")}).Take(t.Context(), files)
		return err
	}
	if err := take(one); err != nil || one.Digest() != s.Digest() {
		t.Errorf("laptop 1: %v", err)
	}
	if err := take(two); code(err) != "not-for-us" {
		t.Errorf("laptop 2: %v", err)
	}
	if r := o.Do(Command{Name: "courier out", Args: []string{dir}, Node: "HQ"}); r.Failed == nil || r.Failed.Code != "unknown-node" {
		t.Errorf("HQ is no laptop: %+v", r.Failed)
	}
}

func TestCourier_aCampaignFromBeforeLearnsHQsKeyWhenItIsOpened(t *testing.T) {
	c := &clock{time.Now()}
	o, s := newOffice(t, c)
	other := "age1h8aw6huymgm4mdsezs6wjkqx3hdh7nd8n27uklmdzemx35w9eaqsqe2znq"
	hq := s.Certificates()[0]
	id := s.IDs(fieldwork.KindNode)[0]
	if hq.Node != 0 || hq.Courier == "" {
		t.Fatalf("HQ's own node: %+v", hq)
	}
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.NodeCourierKey, Value: fieldwork.Text(other)}}}}}); err != nil {
		t.Fatal(err)
	}
	dir, campaign := o.dir, s.Self().Campaign
	for range 2 {
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if o, err = Open(dir, Options{Now: c.now}); err != nil {
			t.Fatal(err)
		}
	}
	defer o.Close()
	nodes := o.byID(campaign.String()).Certificates()
	if last := nodes[len(nodes)-1]; last.Node != 0 || last.Courier != hq.Courier || len(nodes) != 1 {
		t.Errorf("got %+v, want one with %s", nodes, hq.Courier)
	}
}

func TestCourierPage_takesFilesInAndHandsTheAnswerOut(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	m := member(t, o, s)
	file := courierOf(t, m)
	for name, role := range map[string]string{"lea": "officer", "guest": "viewer"} {
		if _, err := o.CreateAccount(name, role, "a long enough password"); err != nil {
			t.Fatal(err)
		}
	}
	at, browser := serve(t, o)
	signIn := func(name string) {
		t.Helper()
		resp, err := browser.PostForm(at+"/sign-in", url.Values{"name": {name}, "password": {"a long enough password"}})
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp.StatusCode, err)
		}
		resp.Body.Close()
	}
	upload := func(files ...string) (int, string) {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for _, f := range files {
			w, err := form.CreateFormFile("files", filepath.Base(f))
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(b)
		}
		form.Close()
		resp, err := browser.Post(at+"/courier", form.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		page, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(page)
	}
	signIn("guest")
	if status, _ := upload(file); status != http.StatusForbidden || s.Count(fieldwork.KindTrainee) != 0 {
		t.Errorf("whoever only looks took a file in: %d", status)
	}
	if status, _ := get(t, browser, at+"/courier/"+s.Self().Campaign.String()); status != http.StatusForbidden {
		t.Errorf("whoever only looks got an answer: %d", status)
	}
	signIn("lea")
	if status, page := upload(file); status != http.StatusOK || !strings.Contains(page, "● taken in") || s.Count(fieldwork.KindTrainee) != 1 {
		t.Errorf("%d %s", status, page)
	}
	if status, page := upload(file, filepath.Join(o.dir, "vault.json")); status != http.StatusUnprocessableEntity || !strings.Contains(page, "○ nothing new") || !strings.Contains(page, "no courier file") {
		t.Errorf("%d %s", status, page)
	}
	status, answer := get(t, browser, at+"/courier/"+s.Self().Campaign.String())
	back := filepath.Join(t.TempDir(), "back.kcourier")
	if err := os.WriteFile(back, []byte(answer), 0o600); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	own, err := road.CourierIdentity(m.Self().Seed)
	if err != nil {
		t.Fatal(err)
	}
	desk := &road.CourierIn{Replica: m, Campaign: m.Self().Campaign, Self: own, Waiting: filepath.Join(m.Dir(), "waiting")}
	if _, err := desk.Take(t.Context(), []string{back}); err != nil || m.Digest() != s.Digest() {
		t.Errorf("the answer: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(o.dir, "*-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
