package lamps

import (
	"slices"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestLamps_aListThatCannotBeReadSaysSo(t *testing.T) {
	m, s, site := newModel(t)
	installed(t, m, "KJ-0042", "Lemayian Ole Ntutu", site)
	torn := &uitest.Torn{Store: s, Kind: fieldwork.KindLamp}
	d := uitest.NewDesk(t, "fr")
	w, p := d.Show(t, theme.New(theme.Sunlight, 1), 1024, 600, func() place.Place { return New(d.Env, torn) })
	w.Golden("torn-fr-sunlight.png")
	torn.Kind = 0
	w.TapText("Réessayer")
	d.Steps.Settle()
	w.Settle()
	if texts := w.Texts(); !slices.Contains(texts, "KJ-0042") || p.(*Screen).m.Total() != 1 {
		t.Errorf("after trying again it says %q", texts)
	}
}
