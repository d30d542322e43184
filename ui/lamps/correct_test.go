package lamps

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// TestLamps_aLampAndItsPlaceAreCorrectedInOneGo by keyboard, also long after they were sent; a theft that is noted there has a day.
func TestLamps_aLampAndItsPlaceAreCorrectedInOneGo(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	there := uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Magadi")))
	w.Key(fyne.KeyDown)
	w.Key(keyCorrect)
	w.Settle()
	if got := strings.Join(w.Texts(), " | "); !strings.Contains(got, "Correct KJ-0042") || !strings.Contains(got, "Lemayian Ole Ntutu  ×") {
		t.Fatalf("the forms: %s", got)
	}
	w.Golden("correct.png")
	id := p.m.open
	p.v.fix.lamp.Put("serial", "S-77")
	p.v.fix.lamp.Put("status", "stolen")
	p.v.fix.place.Put("site", there.String())
	p.Save()
	d.Steps.Settle()
	r, _ := s.Record(id)
	_, hangs := p.m.state(r)
	since, dated := r.Get(fieldwork.LampStatusDate).Int()
	if r.Get(fieldwork.LampSerial).Text() != "S-77" || hangs.Get(fieldwork.InstallationSite).Ref() != there || !dated || since != uitest.Noon.Unix()/86400 {
		t.Errorf("the lamp is %+v, it hangs at %+v", r.Fields, hangs.Fields)
	}
	if l, ok := p.m.Lamp(); !ok || l.Status != fieldwork.LampStolen || p.m.Fix != nil {
		t.Errorf("shown: %+v; said %q", l, d.Said)
	}
	if _, err := s.UndoLast(fieldwork.RecordID{}); err != nil {
		t.Fatal(err)
	}
	r, _ = s.Record(id)
	if _, hangs = p.m.state(r); r.Get(fieldwork.LampSerial).Text() != "" || hangs.Get(fieldwork.InstallationSite).Ref() == there {
		t.Errorf("taken back, the lamp is %+v at %+v", r.Fields, hangs.Fields)
	}
}

func TestLamps_aTagThatHangsElsewhereIsNotTakenAndNoneAtAllNeither(t *testing.T) {
	d, w, p, s := open(t, "fr", theme.Light, 1)
	uitest.Save(t, s, fieldwork.KindLamp, uitest.Field(fieldwork.LampTagCode, fieldwork.Text("KJ-0043")))
	w.Key(fyne.KeyDown)
	w.Key(keyCorrect)
	for tag, want := range map[string]string{"KJ-0043": p.env.Words.T("lamps.tag.taken"), "": p.env.Words.T("lamps.tag.needed")} {
		p.v.fix.lamp.Put("tag_code", tag)
		p.Save()
		d.Steps.Settle()
		w.Settle()
		if got := strings.Join(w.Texts(), " "); !strings.Contains(got, want) || p.m.Fix == nil {
			t.Errorf("%q: no %q in %s", tag, want, got)
		}
	}
}

func TestLamps_aHalfTypedCorrectionComesBackAndEscAsks(t *testing.T) {
	d, w, p, s := open(t, "en", theme.Light, 1)
	w.Key(fyne.KeyDown)
	w.Key(keyCorrect)
	w.Tab()
	w.Type("S-7")
	d.Steps.Advance(time.Second)
	p.Leave()
	w2, again := d.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(d.Env, s) })
	q := again.(*Screen)
	w2.Key(fyne.KeyDown)
	q.correct()
	if got := q.m.Fix.Lamp.Get("serial"); got != "S-7" {
		t.Errorf("half typed: %q", got)
	}
	q.Back()
	if got := strings.Join(w2.Texts(), " "); !strings.Contains(got, d.Env.Words.T("people.leave.drop")) {
		t.Errorf("leaving a typed form does not ask: %s", got)
	}
	w2.TapText(d.Env.Words.T("people.leave.drop"))
	if q.m.Fix != nil || s.Draft("lamps/correct/"+q.m.open.String()) != nil {
		t.Error("what was thrown away is still there")
	}
}

func TestLamps_theHistoryTellsOfLampPlaceAndVisits(t *testing.T) {
	d, w, p, _ := open(t, "en", theme.Light, 1)
	w.Key(fyne.KeyDown)
	p.visit()
	p.v.visitForm.Put("status_found", "stolen")
	p.Save()
	d.Steps.Settle()
	p.history()
	w.Settle()
	got := strings.Join(w.Texts(), " | ")
	for _, want := range []string{"History of KJ-0042", "visit", "installation", "lamp", "Found: no"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}
