package lamps

import (
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// TestLamps_markedOnesMoveTogetherAndComeBackTogether: what hangs and what is in store, in one change, taken back as one.
func TestLamps_markedOnesMoveTogetherAndComeBackTogether(t *testing.T) {
	d, w, p, s := open(t, "fr", theme.Light, 1)
	here := p.env.Site()
	there := uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Magadi")))
	stored := uitest.Save(t, s, fieldwork.KindLamp, uitest.Field(fieldwork.LampTagCode, fieldwork.Text("KJ-0043")), uitest.Field(fieldwork.LampSite, fieldwork.Ref(here)),
		uitest.Field(fieldwork.LampStatus, fieldwork.Int(fieldwork.LampInStore)))
	p.read()
	d.Steps.Settle()
	hangs, _ := p.m.Tagged("KJ-0042")
	villages := func() (out []string) {
		for _, id := range []fieldwork.RecordID{hangs, stored} {
			r, _ := s.Record(id)
			out = append(out, p.m.NameOf(p.m.siteOf(r)))
		}
		return out
	}
	w.Canvas().Focus(p.v.rows)
	p.v.rows.TypedShortcut(&fyne.ShortcutSelectAll{})
	w.Settle()
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "2 lampes marquées") {
		t.Errorf("marked: %s", got)
	}
	w.Golden("marked-fr.png")
	w.TapText("Déplacer")
	w.Key(fyne.KeyReturn)
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "Choisissez un village.") {
		t.Errorf("no village: %s", got)
	}
	w.Type("mag")
	w.Key(fyne.KeyReturn)
	w.TapText("Déplacer")
	d.Steps.Settle()
	if got := villages(); !slices.Equal(got, []string{"Magadi", "Magadi"}) {
		t.Errorf("they are in %q; shown %q", got, w.Texts())
	}
	if !slices.Contains(d.Said, "2 lampes sont maintenant à Magadi.") || len(p.v.rows.Marked()) != 0 {
		t.Errorf("said %q, still marked %q", d.Said, p.v.rows.Marked())
	}
	if n, err := p.m.Move([]fieldwork.RecordID{hangs, stored}, there); n != 0 || err != nil {
		t.Errorf("moved again: %d %v", n, err)
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	if got := villages(); !slices.Equal(got, []string{"Oldonyo Nyokie", "Oldonyo Nyokie"}) {
		t.Errorf("taken back, they are in %q", got)
	}
}

func TestLamps_markedOnesAreExportedAlone(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	uitest.Save(t, s, fieldwork.KindLamp, uitest.Field(fieldwork.LampTagCode, fieldwork.Text("KJ-0043")))
	p.read()
	d.Steps.Settle()
	w.Canvas().Focus(p.v.rows)
	w.Key(fyne.KeyEnd)
	w.Key(fyne.KeySpace)
	p.Commands().Export()
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "The one marked row") {
		t.Fatalf("the dialog: %s", got)
	}
	w.Choose("Table as text (CSV)")
	w.TapText("Write the file")
	d.Steps.Settle()
	if len(d.Files) != 1 {
		t.Fatalf("files %q", d.Files)
	}
	f, err := os.Open(d.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if table, err := sheets.Read(f); err != nil || len(table.Rows) != 1 || !slices.Contains(table.Rows[0], "KJ-0043") {
		t.Errorf("the table: %v %q", err, table.Rows)
	}
}
