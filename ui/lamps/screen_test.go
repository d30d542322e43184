package lamps

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

func open(t *testing.T, lang, look string, scale float32) (*uitest.Desk, *uitest.Window, *Screen, *store.Store) {
	t.Helper()
	m, s, site := newModel(t)
	installed(t, m, "KJ-0042", "Lemayian Ole Ntutu", site)
	d := uitest.NewDesk(t, lang)
	d.Env.Site = func() fieldwork.RecordID { return site }
	w, p := d.Show(t, theme.New(look, scale), 1280, 768, func() place.Place { return New(d.Env, s) })
	return d, w, p.(*Screen), s
}

func TestLamps_aScannedTagOpensOrOffersToInstall(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	w.Type("KJ-0042")
	w.Key(fyne.KeyReturn)
	if l, ok := p.m.Lamp(); !ok || l.Title != "KJ-0042" || p.m.Visit != nil {
		t.Fatalf("scanning a lamp that hangs opens %+v", l)
	}
	w.Settle()
	w.Golden("lamp.png")
	p.v.find.SetText("")
	w.Type("KJ-0043")
	w.Key(fyne.KeyReturn)
	if texts := strings.Join(w.Texts(), " "); !strings.Contains(texts, "Install KJ-0043 now?") {
		t.Fatalf("a free tag: %s", texts)
	}
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	for range 6 {
		w.Tab()
	}
	w.Type("Resiato")
	w.Tab()
	w.Type("2")
	p.Save()
	d.Steps.Settle()
	if got := s.Count(fieldwork.KindInstallation); got != 2 {
		t.Errorf("%d installations; said %q", got, d.Said)
	}
	if r := s.Search(fieldwork.KindHousehold, "resiato", 3); len(r) != 1 {
		t.Errorf("households called Resiato: %v", r)
	}
}

func TestLamps_pictures(t *testing.T) {
	for _, c := range []struct {
		name, lang, look string
		scale            float32
	}{{"install-en.png", "en", theme.Light, 1}, {"install-fr-sunlight.png", "fr", theme.Sunlight, 1.3}} {
		t.Run(c.name, func(t *testing.T) {
			d, w, p, _ := open(t, c.lang, c.look, c.scale)
			p.install("KJ-0042")
			p.m.Fresh.Lamp.Set("tag_code", "")
			p.v.lampForm.Load(p.m.Fresh.Lamp)
			p.Save()
			d.Steps.Settle()
			w.Golden(c.name)
		})
	}
	d, w, p, _ := open(t, "en", theme.Light, 1)
	w.Key(fyne.KeyDown)
	p.visit()
	d.Steps.Settle()
	w.Golden("visit-en.png")
}
