package importing

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// tray holds a list of three people, of whom one cannot be taken. The real one is driven in cmd/kandili.
type tray struct{ saved [][]string }

func (*tray) ReadTable(string) (Table, error) {
	return Table{Heads: []string{"N°", "Prénom", "Nom", "Année"}, Lines: []int{2, 3, 4},
		Rows: [][]string{{"1", "Aïssatou", "Sène", "1994"}, {"2", "Moussa", "Diop", "1899"}, {"3", "Awa", "Fall", "2001"}}}, nil
}

func (*tray) ImportTable(_ context.Context, _ fieldwork.Kind, t Table, _ bool, _ func(done, total int)) (Done, error) {
	return Done{Read: len(t.Rows), Added: 2, Refused: []Refused{{Line: 3, Field: "birth_year", Why: "A birth year lies between 1907 and 2027. Unknown? Choose an age band."}}}, nil
}

func (s *tray) SaveRefused(_ string, _ []string, rows [][]string) (string, error) {
	s.saved = rows
	return "Documents/Kandili/liste, refused.csv", nil
}

func TestImport_columnsAndWhatWouldHappen(t *testing.T) {
	desk, box := uitest.NewDesk(t, "en"), &tray{}
	w := uitest.NewIn(t, theme.New(theme.Light, 1), 1024, 600, func() fyne.CanvasObject { return kit.NewRoot(kit.NewText("")) })
	desk.Env.Canvas = w.Canvas
	p := New(desk.Env, box, fieldwork.KindTrainee, func() {})
	p.Take("/media/STICK/liste.csv")
	desk.Steps.Settle()
	w.Choose("Family name") // of the last column, which is the year
	w.TapText("What would happen?")
	desk.Steps.Settle()
	w.Golden("columns-wrong.png")
	if got := strings.Join(w.Texts(), " "); !strings.Contains(got, "Two columns are “Family name”") {
		t.Errorf("two columns for one field: %s", got)
	}
	w.Choose("Birth year")
	w.TapText("What would happen?")
	desk.Steps.Settle()
	w.Golden("preview.png")
	w.TapText("Save the refused rows")
	if len(box.saved) != 1 || box.saved[0][2] != "Moussa" {
		t.Errorf("refused rows %q", box.saved)
	}
}
