package today

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestToday_aDayThatCannotBeWorkedOutSaysSo(t *testing.T) {
	s := &uitest.Torn{Store: uitest.Store(t), Kind: fieldwork.KindTrainee}
	d := uitest.NewDesk(t, "en")
	w, _ := d.Show(t, theme.New(theme.Light, 1), 1024, 600, func() place.Place { return New(d.Env, s) })
	w.Golden("torn.png")
	s.Kind = 0
	w.Key(fyne.KeyReturn) // the button to try again has the focus
	d.Steps.Settle()
	w.Settle()
	if texts := w.Texts(); !slices.Contains(texts, "Register the first person") || slices.Contains(texts, "Try again") {
		t.Errorf("after trying again it says %q", texts)
	}
}
