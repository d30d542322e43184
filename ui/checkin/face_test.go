package checkin

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// pictured gives somebody a photo, made of a real picture file.
func (d *door) pictured(t *testing.T, person fieldwork.RecordID) {
	t.Helper()
	name, _, err := d.AddPhotoFile(context.Background(), "../photos/testdata/lamp.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: person,
		Fields: []fieldwork.FieldValue{uitest.Field(fieldwork.TraineePhoto, name.Value())}}}}); err != nil {
		t.Fatal(err)
	}
}

// TestCheckIn_theFaceComesAfterTheAnswer: the answer stands at once, her initials keep the place, and the face comes when it is read.
func TestCheckIn_theFaceComesAfterTheAnswer(t *testing.T) {
	d := newDoor(t)
	d.pictured(t, d.nasieku)
	desk, w, p := open(t, d, "en", theme.Light)
	if got := scan(w, d.badge(t, d.nasieku)); !strings.Contains(got, "Nasieku Ole Ntutu | Welcome · 1 of 2 here") || !strings.Contains(got, "| NN") {
		t.Errorf("before the photo is read: %s", got)
	}
	if p.v.banner.HasFace() {
		t.Error("the answer waited for the photo")
	}
	w.Golden("face-awaited.png")
	desk.Steps.Settle()
	if !p.v.banner.HasFace() || slices.Contains(w.Texts(), "NN") {
		t.Errorf("the face is not there: %q", w.Texts())
	}
	w.Golden("face.png")
	scan(w, d.badge(t, d.nasieku)) // already here: whose badge it is matters even more
	desk.Steps.Settle()
	if !p.v.banner.HasFace() {
		t.Error("already here, and no face")
	}
}

// TestCheckIn_noFaceOfTheOneBefore: a face that is read late is never shown beside another's name, nor beside nobody's.
func TestCheckIn_noFaceOfTheOneBefore(t *testing.T) {
	d := newDoor(t)
	d.pictured(t, d.nasieku)
	for name, next := range map[string]func(*uitest.Window, *Screen){
		"another's badge": func(w *uitest.Window, _ *Screen) { scan(w, d.badge(t, d.jane)) },
		"an unknown code": func(w *uitest.Window, _ *Screen) { scan(w, "hello") },
		"waiting again":   func(_ *uitest.Window, p *Screen) { p.wait() },
	} {
		t.Run(name, func(t *testing.T) {
			desk, w, p := open(t, d, "en", theme.Light)
			scan(w, d.badge(t, d.nasieku))
			next(w, p)
			desk.Steps.Settle()
			if p.v.banner.HasFace() || slices.Contains(w.Texts(), "NN") {
				t.Errorf("there is a face: %q", w.Texts())
			}
		})
	}
}

// TestCheckIn_aPhotoThatIsNotHereLeavesNoHole: the record of another laptop came, its photo not yet.
func TestCheckIn_aPhotoThatIsNotHereLeavesNoHole(t *testing.T) {
	d := newDoor(t)
	name := fieldwork.Bytes([]byte("a photo elsewhere"[:16]))
	if _, err := d.Store().Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: d.jane,
		Fields: []fieldwork.FieldValue{uitest.Field(fieldwork.TraineePhoto, name)}}}}); err != nil {
		t.Fatal(err)
	}
	desk, w, p := open(t, d, "fr", theme.Sunlight)
	scan(w, d.badge(t, d.jane))
	desk.Steps.Settle()
	w.Settle()
	if p.v.banner.HasFace() || slices.Contains(w.Texts(), "JT") {
		t.Errorf("something stands where no face is: %q", w.Texts())
	}
	w.Key(fyne.KeyEscape)
}
