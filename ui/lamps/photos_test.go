package lamps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

const lampPicture = "../photos/testdata/lamp.jpg"

// tabTo moves the focus on until a widget says the word.
func tabTo(t *testing.T, w *uitest.Window, word string) {
	t.Helper()
	for range 60 {
		w.Tab()
		if s, ok := w.Canvas().Focused().(interface{ Text() string }); ok && s.Text() == word {
			return
		}
	}
	t.Fatalf("Tab does not come to %q", word)
}

// A visit's photo is chosen by keyboard alone; what the picture tells of the day is offered; the page shows it, small and large.
func TestVisit_aPhotoFromThePictureToThePage(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	d.Env.Pictures = func() []string { return []string{"/home/lea/Pictures/goat.jpg", lampPicture} }
	w.Key(fyne.KeyDown)
	p.visit()
	p.m.Visit.Set("status_found", "working")
	tabTo(t, w, "Choose a picture")
	w.Key(fyne.KeyReturn)
	w.Type("lamp")
	w.Settle()
	w.Golden("photo-ask.png")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	name, ok := blob.ParseName(p.m.Visit.Get("photo"))
	if !ok || !s.PhotoState(name).Whole() {
		t.Fatalf("the form holds %q; %q", p.m.Visit.Get("photo"), w.Texts())
	}
	w.Golden("photo-chosen.png")
	w.TapText("Use the picture's date: 9 Jul 2026")
	if got := p.m.Visit.Get("done"); got != "2026-07-09" {
		t.Errorf("done on %s", got)
	}
	p.keep()
	if draft := string(s.Draft(p.m.visitDraft())); !strings.Contains(draft, name.String()) {
		t.Errorf("a dead battery would lose the photo: %s", draft)
	}
	p.Save()
	d.Steps.Settle()
	l, _ := p.m.Lamp()
	if len(l.Visits) != 1 || l.Visits[0].Photo != name {
		t.Fatalf("%+v; %q", l.Visits, w.Texts())
	}
	w.Golden("photo-page.png")
	tabTo(t, w, "Enlarge")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	w.Golden("photo-large.png")
	w.Key(fyne.KeyEscape)
	if got := s.PhotoWishes(); len(got) != 0 {
		t.Errorf("the large one is here, and was asked for: %v", got)
	}
}

// An installation's photo may be dropped on the window; its position and day are offered, and taken only when asked to.
func TestInstall_aDroppedPictureOffersItsPlace(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	p.install("KJ-0043")
	p.Dropped("/tmp/roster.pdf")
	p.Dropped(lampPicture)
	d.Steps.Settle()
	if p.m.Fresh.Place.Get("photo") == "" || p.m.Fresh.Place.Get("position") != "" {
		t.Fatalf("photo %q, position %q", p.m.Fresh.Place.Get("photo"), p.m.Fresh.Place.Get("position"))
	}
	w.TapText("Use the picture's position: -1.9019, 36.7930")
	p.Save()
	d.Steps.Settle()
	list := s.IDs(fieldwork.KindInstallation)
	r, _ := s.Record(list[len(list)-1])
	if got, want := r.Get(fieldwork.InstallationPosition), fieldwork.Position(-1.9019, 36.793, 9); got != want {
		t.Errorf("position %v, want %v; %q", got.Ints(), want.Ints(), d.Said)
	}
	if n, _ := r.Get(fieldwork.InstallationPositionSource).Int(); n != fieldwork.PositionSourcePhoto {
		t.Errorf("its source is %d", n)
	}
}

// What is wrong with a file stands at the field in words, and the photo that was there stays.
func TestVisit_aFileThatIsNoPictureChangesNothing(t *testing.T) {
	d, w, p, _ := open(t, "en", theme.Light, 1)
	w.Key(fyne.KeyDown)
	p.visit()
	p.Dropped(lampPicture)
	d.Steps.Settle()
	before := p.m.Visit.Get("photo")
	page := filepath.Join(t.TempDir(), "page.jpg")
	if err := os.WriteFile(page, []byte("<html>not a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Dropped(page)
	d.Steps.Settle()
	if p.m.Visit.Get("photo") != before || before == "" {
		t.Errorf("the photo is %q, was %q", p.m.Visit.Get("photo"), before)
	}
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "This file is not a picture that Kandili reads. Nothing was changed. Choose a JPEG") {
		t.Errorf("it says %q", texts)
	}
	w.Golden("photo-refused.png")
	w.TapText("Remove")
	if p.m.Visit.Get("photo") != "" {
		t.Error("it was not removed")
	}
	shot, err := os.ReadFile(lampPicture)
	if err != nil {
		t.Fatal(err)
	}
	p.v.visitPic.TakeShot(shot) // as from a camera
	d.Steps.Settle()
	if p.m.Visit.Get("photo") != before {
		t.Errorf("the camera's shot gives %q", p.m.Visit.Get("photo"))
	}
}
