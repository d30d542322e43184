package fieldwork

import "testing"

func TestStateOf(t *testing.T) {
	m := newMemory()
	rec := func(kind Kind, pairs ...any) Record {
		r, _ := m.Record(m.add(kind, pairs...))
		return r
	}
	lamp := func(status int64, day ...int64) Record {
		if len(day) > 0 {
			return rec(KindLamp, LampStatus, Int(status), LampStatusDate, Int(day[0]))
		}
		return rec(KindLamp, LampStatus, Int(status))
	}
	installed := func(day int64) Record { return rec(KindInstallation, InstallationDate, Int(day)) }
	found := func(day, status int64) Record {
		return rec(KindVisit, VisitDone, Int(day), VisitStatusFound, Int(status))
	}
	did := func(day, status, action int64) Record {
		return rec(KindVisit, VisitDone, Int(day), VisitStatusFound, Int(status), VisitAction, Int(action))
	}
	none := []Record(nil)
	for name, c := range map[string]struct {
		lamp             Record
		installs, visits []Record
		want             int64
	}{
		"nothing known":                          {rec(KindLamp), none, none, 0},
		"a kit":                                  {lamp(LampKit), none, none, LampKit},
		"a kit that was installed":               {lamp(LampKit), []Record{installed(100)}, none, LampWorking},
		"installed without a day":                {lamp(LampTested, 90), []Record{rec(KindInstallation)}, none, LampWorking},
		"taken down into the store again":        {lamp(LampInStore, 200), []Record{installed(100)}, none, LampInStore},
		"no longer in place":                     {lamp(LampKit), []Record{rec(KindInstallation, InstallationStillInPlace, Bool(false))}, none, LampKit},
		"found broken":                           {lamp(LampWorking), []Record{installed(100)}, []Record{found(130, LampBroken)}, LampBroken},
		"the last visit counts":                  {lamp(LampWorking), none, []Record{found(160, LampDim), found(130, LampBroken)}, LampDim},
		"repaired at the visit":                  {lamp(LampWorking), none, []Record{did(130, LampBroken, ActionRepaired)}, LampWorking},
		"advised only":                           {lamp(LampWorking), none, []Record{did(130, LampBroken, ActionAdvised)}, LampBroken},
		"replaced at the visit":                  {lamp(LampWorking), none, []Record{did(130, LampBroken, ActionLampReplaced)}, LampReplaced},
		"not found":                              {lamp(LampWorking), none, []Record{rec(KindVisit, VisitDone, Int(130), VisitFound, Bool(false))}, LampNotSeen},
		"a planned visit says nothing":           {lamp(LampWorking), none, []Record{rec(KindVisit, VisitPlanned, Int(900), VisitStatusFound, Int(LampBroken))}, LampWorking},
		"a visit about other things":             {lamp(LampWorking), none, []Record{rec(KindVisit, VisitDone, Int(900), VisitSatisfaction, Int(4))}, LampWorking},
		"broken since, after the visit":          {lamp(LampBroken, 140), []Record{installed(100)}, []Record{found(130, LampWorking)}, LampBroken},
		"broken on the day of the visit":         {lamp(LampBroken, 130), none, []Record{found(130, LampWorking)}, LampBroken},
		"broken before the visit":                {lamp(LampBroken, 120), none, []Record{found(130, LampWorking)}, LampWorking},
		"broken without a day, after installing": {lamp(LampBroken), []Record{installed(100)}, none, LampBroken},
		"lost without a day stays lost":          {lamp(LampLost), []Record{installed(100)}, []Record{found(130, LampWorking)}, LampLost},
		"lost on a day and found later":          {lamp(LampLost, 120), []Record{installed(100)}, []Record{found(130, LampWorking)}, LampWorking},
		"stolen after the visit":                 {lamp(LampStolen, 140), none, []Record{found(130, LampWorking)}, LampStolen},
		"put up elsewhere after it was moved":    {lamp(LampMoved, 120), []Record{installed(100), installed(125)}, none, LampWorking},
		"found on the day of the installation":   {lamp(LampKit), []Record{installed(100)}, []Record{found(100, LampBroken)}, LampBroken},
	} {
		t.Run(name, func(t *testing.T) {
			if got := StateOf(c.lamp, c.installs, c.visits); got.Status != c.want {
				t.Errorf("got %d of %v, want %d", got.Status, got.By, c.want)
			}
		})
	}
}
