package sync

import (
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/internal/store"
	"kandili/ui/lists"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// names are what the list shows.
func (p *Screen) names() (out []string) {
	for i := range p.waiting {
		out = append(out, p.row(i).Title)
	}
	return out
}

func TestSync_whatWaitsIsSortedFilteredAndExportedByKeysAlone(t *testing.T) {
	home := &way{}
	d, _, p := open(t, home, "en")
	lamp := uitest.Save(t, home.s, fieldwork.KindLamp, uitest.Field(fieldwork.LampTagCode, fieldwork.Text("T-7-0001-X")))
	visit := uitest.Save(t, home.s, fieldwork.KindVisit, uitest.Field(fieldwork.VisitLamp, fieldwork.Ref(lamp)), uitest.Field(fieldwork.VisitDone, fieldwork.Int(20000)))
	p.read()
	d.Steps.Settle()
	if got, want := p.names(), []string{"T-7-0001-X", "T-7-0001-X", "Nasieku", "Nasieku"}; !slices.Equal(got, want) {
		t.Errorf("at first, the newest on top: %q, want %q", got, want)
	}
	if err := p.waits.List.Set(lists.Way{Sort: "kind", Only: map[string]string{"kind": "visit"}}); err != nil {
		t.Fatal(err)
	}
	p.read()
	d.Steps.Settle()
	if !slices.Equal(p.waiting, []fieldwork.RecordID{visit}) {
		t.Errorf("visits alone: %v, want %v", p.waiting, visit)
	}
	w, again := d.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(d.Env, home.s, home, nil) }) // the next day
	p = again.(*Screen)
	w.Golden("waiting-filtered.png")
	p.Commands().Export()
	w.Tab()
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if len(d.Files) != 1 {
		t.Fatalf("files %q; shown %q", d.Files, w.Texts())
	}
	f, err := os.Open(d.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := sheets.Read(f)
	if err != nil || len(table.Rows) != 1 || !slices.Equal(table.Rows[0], []string{fieldwork.CodeOf(visit), "visit", "T-7-0001-X", "this laptop"}) {
		t.Errorf("the workbook: %v %q", err, table.Rows)
	}
	w.Key(fyne.KeyEscape)
	p.look(visit.String())
	if !slices.Equal(d.Went, []string{place.Lamps}) {
		t.Errorf("Enter goes to %q", d.Went)
	}
}

func TestSync_aFilterThatLeavesNothingSaysSo(t *testing.T) {
	home := &way{}
	d, w, p := open(t, home, "fr")
	if err := p.waits.List.Set(lists.Way{Only: map[string]string{"where": string(store.KeptApart)}}); err != nil {
		t.Fatal(err)
	}
	p.read()
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "Rien ne correspond au filtre.") || !p.v.bar.Object().Visible() {
		t.Errorf("nothing fits: %s", got)
	}
	if st := p.State(); st.Made != 2 {
		t.Errorf("the filter changed the counts: %+v", st)
	}
}
