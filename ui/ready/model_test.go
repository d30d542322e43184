package ready

import (
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/ui/uitest"
)

func state(list []Check, id string) State {
	for _, c := range list {
		if c.ID == id {
			return c.State
		}
	}
	return -1
}

func TestChecks_saysWhatStandsInTheWay(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	good := Facts{Now: now, Site: true, SiteData: 40, LastSync: now.Unix() - 3600, Free: 50 << 30, Backup: now.Unix() - 3600, Sticks: 1, Printer: true, Who: true}
	for _, way := range []Way{Travel, Leave} {
		for _, c := range Checks(way, good) {
			if c.State != Good {
				t.Errorf("way %d: %s is %d of a laptop where all is well", way, c.ID, c.State)
			}
		}
	}
	for name, x := range map[string]struct {
		way    Way
		change func(*Facts)
		id     string
		want   State
	}{
		"a week without HQ":             {Travel, func(f *Facts) { f.LastSync = now.Unix() - 8*86400 }, "fresh", Bad},
		"two days without HQ":           {Travel, func(f *Facts) { f.LastSync = now.Unix() - 2*86400 }, "fresh", Look},
		"practice needs no HQ":          {Travel, func(f *Facts) { f.LastSync, f.Practice = 0, true }, "fresh", Good},
		"no village":                    {Travel, func(f *Facts) { f.Site = false }, "site", Bad},
		"a village without records":     {Travel, func(f *Facts) { f.SiteData = 0 }, "site", Look},
		"a clock an hour behind":        {Travel, func(f *Facts) { f.Offset = time.Hour }, "clock", Look},
		"a disk that is nearly full":    {Travel, func(f *Facts) { f.Free = 50 << 20 }, "space", Bad},
		"nobody signed in":              {Travel, func(f *Facts) { f.Who = false }, "who", Look},
		"something is only here":        {Leave, func(f *Facts) { f.Unsent = 3 }, "sent", Bad},
		"all of it is in a courier":     {Leave, func(f *Facts) { f.Unsent, f.Carried = 3, 3 }, "sent", Look},
		"only a part is in a courier":   {Leave, func(f *Facts) { f.Unsent, f.Carried = 3, 2 }, "sent", Bad},
		"yesterday's backup on leaving": {Leave, func(f *Facts) { f.Backup = now.Unix() - 86400 }, "backup", Look},
		"a session that is open":        {Leave, func(f *Facts) { f.Open = 1 }, "open", Look},
	} {
		f := good
		x.change(&f)
		list := Checks(x.way, f)
		if got := state(list, x.id); got != x.want {
			t.Errorf("%s: %s is %d, want %d", name, x.id, got, x.want)
		}
		if Ready(list) != (x.want != Bad) {
			t.Errorf("%s: ready %v", name, Ready(list))
		}
	}
}

func TestCount_readsTheStore(t *testing.T) {
	s := uitest.Store(t)
	site := uitest.Save(t, s, fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo")))
	uitest.Save(t, s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(site)))
	uitest.Save(t, s, fieldwork.KindSession, uitest.Field(fieldwork.SessionTitle, fieldwork.Text("Day 1")), uitest.Field(fieldwork.SessionStatus, fieldwork.Int(fieldwork.SessionStatusOpen)))
	if err := s.SetDraft("people/new", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	got := Count(s, site, Facts{})
	if got.SiteData != 1 || got.Open != 1 || got.Drafts != 1 || got.Unsent != 3 || !got.Site {
		t.Errorf("%+v", got)
	}
}
