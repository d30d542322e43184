package people

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// A list that cannot be read says so, with a way to try again that works by keyboard.
func TestPeople_aListThatCannotBeReadSaysSo(t *testing.T) {
	s := &uitest.Torn{Store: uitest.Store(t), Kind: fieldwork.KindTrainee}
	uitest.Save(t, s.Store, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	d := uitest.NewDesk(t, "en")
	w, p := d.Show(t, theme.New(theme.Light, 1), 1024, 600, func() place.Place { return New(d.Env, s, &drawer{}) })
	w.Golden("torn.png")
	if texts := w.Texts(); !slices.Contains(texts, "This could not be read") || !slices.Contains(texts, "Try again") {
		t.Errorf("it says %q", texts)
	}
	s.Kind = 0
	for range 6 {
		w.Tab()
		if b, ok := w.Canvas().Focused().(interface{ Text() string }); ok && b.Text() == "Try again" {
			w.Key(fyne.KeyReturn)
			break
		}
	}
	d.Steps.Settle()
	w.Settle()
	if texts := w.Texts(); !slices.Contains(texts, "Nasieku") || p.(*Screen).m.Total() != 1 {
		t.Errorf("after trying again it says %q", texts)
	}
	if w.Canvas().Focused() == nil {
		t.Error("the focus is lost with the button")
	}
}
