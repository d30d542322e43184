package lists_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// people are four of two villages in a real campaign.
func people(t *testing.T) (s *store.Store, villages []fieldwork.RecordID) {
	t.Helper()
	s = uitest.Store(t)
	for _, name := range []string{"Entasopia", "Magadi"} {
		villages = append(villages, uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text(name)), uitest.Field(fieldwork.SiteCountry, fieldwork.Text("KE"))))
	}
	for i, p := range []struct {
		given, family string
		year          int64
	}{{"Zawadi", "Kamau", 1990}, {"Émile", "Ba", 1985}, {"Amina", "=Sow", 2001}, {"Nasieku", "Tipis", 1979}} {
		uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text(p.given)), uitest.Field(fieldwork.TraineeFamilyName, fieldwork.Text(p.family)),
			uitest.Field(fieldwork.TraineeBirthYear, fieldwork.Int(p.year)), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(villages[i%2])))
	}
	return s, villages
}

func list(s *store.Store) *lists.Model {
	sorts := []lists.Sort{
		{ID: "name", Word: "name", Key: func(r fieldwork.Record) string { return fieldwork.Fold(fieldwork.Name(r)) }},
		{ID: "family", Word: "family name", Key: func(r fieldwork.Record) string { return fieldwork.Fold(r.Get(fieldwork.TraineeFamilyName).Text()) }},
	}
	filters := []lists.Filter{{ID: "village", Word: "Village", Options: func() (out []lists.Option) {
		s.Each(fieldwork.KindSite, func(r fieldwork.Record) bool {
			out = append(out, lists.Option{Value: r.ID.String(), Word: fieldwork.Name(r)})
			return true
		})
		return out
	}, Keep: func(r fieldwork.Record, site string) bool { return r.Get(fieldwork.TraineeSite).Ref().String() == site }}}
	return lists.New(s, "people", fieldwork.KindTrainee, sorts, filters)
}

func names(s *store.Store, ids []fieldwork.RecordID) (out []string) {
	for _, id := range ids {
		r, _ := s.Record(id)
		out = append(out, fieldwork.Name(r))
	}
	return out
}

func TestList_isArrangedAndRemembersHow(t *testing.T) {
	s, villages := people(t)
	m := list(s)
	if got, want := names(s, m.Arrange()()), []string{"Amina =Sow", "Émile Ba", "Nasieku Tipis", "Zawadi Kamau"}; !slices.Equal(got, want) {
		t.Errorf("at first: got %q, want %q", got, want)
	}
	if err := m.Set(lists.Way{Sort: "family", Down: true, Only: map[string]string{"village": villages[0].String(), "gender": ""}}); err != nil {
		t.Fatal(err)
	}
	m = list(s) // the next day
	if got, want := names(s, m.Arrange()()), []string{"Zawadi Kamau", "Amina =Sow"}; !slices.Equal(got, want) {
		t.Errorf("as it was left: got %q, want %q", got, want)
	}
	if got := m.Filtered(); !slices.Equal(got, []string{"Entasopia"}) {
		t.Errorf("leaves in %q", got)
	}
	if got := names(s, m.Keep(s.Search(fieldwork.KindTrainee, "tipis", 10))); len(got) != 0 {
		t.Errorf("a search finds %q, which the filter leaves out", got)
	}
	if err := s.SetNote("list/people", []byte("{")); err != nil {
		t.Fatal(err)
	}
	if got := list(s).Way(); got.Sort != "" || got.Down || got.Only != nil {
		t.Errorf("a damaged note gives %+v", got)
	}
}

// A store that keeps the order of names gives the list that sorting does, also from the last to the first and with a filter.
func TestList_byNameIsTheSameEitherWay(t *testing.T) {
	s, villages := people(t)
	name := lists.Sort{ID: "name", Key: func(r fieldwork.Record) string { return fieldwork.Fold(fieldwork.Name(r)) }}
	filter := lists.Filter{ID: "village", Keep: func(r fieldwork.Record, site string) bool { return r.Get(fieldwork.TraineeSite).Ref().String() == site }}
	for _, way := range []lists.Way{{}, {Down: true}, {Only: map[string]string{"village": villages[0].String()}}} {
		arranged := func(sort lists.Sort) []string {
			m := lists.New(s, "people", fieldwork.KindTrainee, []lists.Sort{sort}, []lists.Filter{filter})
			if err := m.Set(way); err != nil {
				t.Fatal(err)
			}
			return names(s, m.Arrange()())
		}
		kept := name
		kept.ByName = true
		if got, want := arranged(kept), arranged(name); !slices.Equal(got, want) || len(want) < 2 {
			t.Errorf("%+v: got %q, want %q", way, got, want)
		}
	}
}

type silent struct{ calls int }

func (p *silent) Report(int64, int64, string) { p.calls++ }

func TestExport_holdsWhatTheListShows(t *testing.T) {
	s, _ := people(t)
	ids := list(s).Arrange()()
	var b bytes.Buffer
	if n, err := lists.Export(context.Background(), &b, lists.CSV, s, lists.TableOf(s, fieldwork.KindTrainee), ids[:2], nil, &silent{}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	table, err := sheets.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	at := func(row int, head string) string {
		return sheets.Plain(table.Rows[row][slices.Index(table.Heads, head)])
	}
	if len(table.Rows) != 2 || at(0, "given_name") != "Amina" || at(0, "family_name") != "=Sow" || at(1, "site") != "Magadi" || at(0, "code") == "" {
		t.Errorf("heads %q rows %q", table.Heads, table.Rows)
	}
	b.Reset()
	place := func(r fieldwork.Record) (lat, lon float64, ok bool) { return -1.5, 36.25, r.ID == ids[1] }
	if n, err := lists.Export(context.Background(), &b, lists.GeoJSON, s, lists.TableOf(s, fieldwork.KindTrainee), ids, place, &silent{}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if !json.Valid(b.Bytes()) || !strings.Contains(b.String(), "[36.25,-1.5]") || !strings.Contains(b.String(), "Émile") {
		t.Errorf("got %s", b.String())
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := lists.Export(stopped, &b, lists.CSV, s, lists.TableOf(s, fieldwork.KindTrainee), ids, nil, &silent{}); err == nil {
		t.Error("stopped, and no error: half a file would stay")
	}
}

func TestBar_arrangesAndExportsByKeysAlone(t *testing.T) {
	s, _ := people(t)
	m := list(s)
	d := uitest.NewDesk(t, "en")
	var ids []fieldwork.RecordID
	read := func() { ids = m.Arrange()() }
	read()
	var bar *lists.Bar
	w := uitest.New(t, 700, 500, func() fyne.CanvasObject {
		bar = lists.NewBar(d.Env, m, s, read, func() []fieldwork.RecordID { return ids }, nil)
		return kit.NewRoot(kit.Column(0, bar.Object()))
	})
	d.Env.Canvas = w.Canvas
	w.Tab()
	w.Key(fyne.KeyReturn) // the order
	w.Key(fyne.KeyReturn) // opens what to sort by
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeyDown)
	w.Key(fyne.KeyReturn)
	w.Golden("arrange.png")
	w.Tab()
	w.Tab()
	w.Tab()
	w.Key(fyne.KeyReturn)
	if got, want := names(s, ids), []string{"Amina =Sow", "Émile Ba", "Zawadi Kamau", "Nasieku Tipis"}; !slices.Equal(got, want) {
		t.Errorf("by family name: got %q, want %q, shown %q", got, want, w.Texts())
	}
	bar.Export()
	w.Key(fyne.KeyReturn)
	w.Key(fyne.KeyEscape) // closes the kinds of file, keeps Excel
	w.Tab()
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if len(d.Files) != 1 || !strings.HasSuffix(d.Files[0], "People.xlsx") {
		t.Fatalf("files %q; shown %q", d.Files, w.Texts())
	}
	f, err := os.Open(d.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if table, err := sheets.Read(f); err != nil || len(table.Rows) != 4 {
		t.Errorf("the workbook: %v, %d rows", err, len(table.Rows))
	}
	if w.Key(fyne.KeyReturn); len(d.Files) != 2 {
		t.Errorf("Enter opens it: %q", d.Files)
	}
}
