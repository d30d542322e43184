package hq

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
)

func TestForget_byHQsPageReachesTheLaptops(t *testing.T) {
	d := newDesk(t, "officer")
	kajiado, narok := d.one, d.two
	her := added(t, kajiado, "trainee", laptop.Cells{"given_name": "Nasieku", "family_name": "Kanari", "phone": "+254712345678"})
	added(t, kajiado, "consent", laptop.Cells{"subject": fieldwork.CodeOf(her.ID), "witness": "Sister Kanari"})
	synced(t, kajiado, narok)
	page := d.record(her.ID)
	if body := d.get(page); !strings.Contains(body, "Forget this person") || !strings.Contains(body, "Nasieku") {
		t.Fatalf("her page: %s", body)
	}
	ask := d.get(page + "/forget")
	if !strings.Contains(ask, "cannot be undone") || !strings.Contains(ask, "Consent") {
		t.Fatalf("HQ asks: %s", ask)
	}
	code := fieldwork.CodeOf(her.ID)
	if status, body := d.post(page+"/forget", "code", "KJ0-0000-0"); status != http.StatusBadRequest || !strings.Contains(body, "Nothing was forgotten") {
		t.Fatalf("a wrong code: %d", status)
	}
	if status, body := d.post(page+"/forget", "code", strings.ToLower(code)); status != http.StatusOK || !strings.Contains(body, "Forgotten on request") || strings.Contains(body, "Nasieku") {
		t.Fatalf("forgotten: %d %s", status, body)
	}
	if body := d.get("/people?q=" + url.QueryEscape("Kanari")); strings.Contains(body, "Nasieku") {
		t.Error("the list of people still finds her")
	}
	synced(t, kajiado, narok)
	for _, f := range []*laptop.Folder{kajiado, narok} {
		shown, ok := f.Show(her.ID, true)
		if !ok || !shown.Forgotten || shown.Fields["given_name"] != "" || f.Store().Digest() != d.s.Digest() {
			t.Errorf("on the laptop: %+v", shown)
		}
		if len(f.Store().Search(fieldwork.KindTrainee, "Nasieku", 5)) > 0 {
			t.Error("the laptop still finds her")
		}
		file := filepath.Join(t.TempDir(), "new.kbackup")
		if err := f.Backup(file); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(file); err != nil || bytes.Contains(b, []byte("Nasieku")) {
			t.Errorf("the backup: %v", err)
		}
	}
	if _, err := kajiado.Store().Forget(her.ID); err == nil {
		t.Error("only HQ forgets")
	}
}

func TestForget_viewersMayNot(t *testing.T) {
	d := newDesk(t, "viewer")
	f := d.one
	her := added(t, f, "trainee", laptop.Cells{"given_name": "Nasieku"})
	synced(t, f)
	if status, _ := d.post(d.record(her.ID)+"/forget", "code", fieldwork.CodeOf(her.ID)); status != http.StatusForbidden {
		t.Errorf("a viewer gets %d", status)
	}
	if r := d.o.Do(Command{Name: "forget", Args: []string{fieldwork.CodeOf(her.ID)}}); r.Failed != nil || !strings.Contains(r.Text, "Forgotten.") {
		t.Errorf("the command: %+v", r)
	}
	if r := d.o.Do(Command{Name: "snapshot"}); r.Failed != nil || !strings.Contains(r.Text, "published") {
		t.Errorf("the command: %+v", r)
	}
	if r := d.o.Do(Command{Name: "forget", Args: []string{"nonsense"}}); r.Failed == nil {
		t.Error("nonsense was forgotten")
	}
}
