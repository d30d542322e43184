package sync

import (
	"errors"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// What waits cannot be listed, and the last exchange failed: both say so, with a way to try again each.
func TestSync_aListThatCannotBeReadSaysSo(t *testing.T) {
	home := &way{s: uitest.Store(t), err: &fieldwork.Problem{Code: "unreachable"}}
	uitest.Save(t, home.s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	s := &uitest.Torn{Store: home.s, Kind: fieldwork.KindTrainee}
	d := uitest.NewDesk(t, "en")
	w, p := d.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(d.Env, s, home, nil) })
	p.(*Screen).Start()
	d.Steps.Settle()
	w.Golden("torn.png")
	if got := said(w); !strings.Contains(got, "This could not be read") {
		t.Errorf("it says %s", got)
	}
	s.Kind, home.err = 0, errors.New("still no network")
	w.TapText("Try again")
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "Nasieku") || strings.Contains(got, "This could not be read") {
		t.Errorf("after trying again it says %s", got)
	}
}
