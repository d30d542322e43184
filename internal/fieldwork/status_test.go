package fieldwork

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

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
	missed := func(day int64) Record { return rec(KindVisit, VisitDone, Int(day), VisitFound, Bool(false)) }
	there := func(day int64) Record { return rec(KindVisit, VisitDone, Int(day), VisitFound, Bool(true)) }
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
		"stolen, and nobody finds it":            {lamp(LampStolen, 120), none, []Record{missed(130), missed(140)}, LampStolen},
		"found stolen, then nobody finds it":     {lamp(LampWorking), none, []Record{found(120, LampStolen), missed(130)}, LampStolen},
		"stolen, and another hangs there":        {lamp(LampWorking), none, []Record{did(120, LampStolen, ActionLampReplaced)}, LampStolen},
		"stolen, another was hung up later":      {lamp(LampStolen, 120), none, []Record{rec(KindVisit, VisitDone, Int(130), VisitAction, Int(ActionLampReplaced))}, LampStolen},
		"stolen, then found and broken":          {lamp(LampWorking), none, []Record{found(120, LampStolen), missed(125), found(130, LampBroken)}, LampBroken},
		"stolen, then reported lost":             {lamp(LampWorking), none, []Record{found(120, LampStolen), found(130, LampLost)}, LampLost},
		"stolen, then it is back":                {lamp(LampStolen, 120), []Record{installed(100)}, []Record{found(110, LampDim), there(130)}, LampDim},
		"stolen, then it is back, never visited": {lamp(LampStolen, 120), []Record{installed(100)}, []Record{there(130)}, LampWorking},
		"stolen and seen on one day":             {lamp(LampWorking), none, []Record{found(120, LampStolen), found(120, LampWorking)}, LampStolen},
		"seen and stolen on one day":             {lamp(LampWorking), none, []Record{found(120, LampWorking), found(120, LampStolen)}, LampStolen},
		"stolen, back, and then not found":       {lamp(LampWorking), none, []Record{found(120, LampStolen), found(130, LampWorking), missed(140)}, LampNotSeen},
		"stolen, then put up again":              {lamp(LampWorking), []Record{installed(140)}, []Record{found(120, LampStolen)}, LampWorking},
		"retired, and nobody finds it":           {lamp(LampRetired, 120), none, []Record{missed(130)}, LampRetired},
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

func TestDated_whatIsGoneIsGoneSinceADay(t *testing.T) {
	lamp := Record{Kind: KindLamp, Fields: []FieldValue{{LampStatus, Int(LampWorking)}, {LampStatusDate, Int(100)}}}
	gone := Record{Kind: KindLamp, Fields: []FieldValue{{LampStatus, Int(LampStolen)}, {LampStatusDate, Int(100)}}}
	date := func(r Record, write ...FieldValue) int64 {
		out := Dated(r, write, 200)
		day, _ := Record{Fields: out}.Get(LampStatusDate).Int()
		return day
	}
	for name, c := range map[string]struct{ got, want int64 }{
		"stolen":            {date(lamp, FieldValue{LampStatus, Int(LampStolen)}), 200},
		"stolen on a day":   {date(lamp, FieldValue{LampStatus, Int(LampStolen)}, FieldValue{LampStatusDate, Int(150)}), 150},
		"there again":       {date(gone, FieldValue{LampStatus, Int(LampWorking)}), 200},
		"broken":            {date(lamp, FieldValue{LampStatus, Int(LampBroken)}), 0},
		"another field":     {date(gone, FieldValue{LampSerial, Text("7")}), 0},
		"of something else": {date(Record{Kind: KindTrainee}, FieldValue{LampStatus, Int(LampStolen)}), 0},
	} {
		if c.got != c.want {
			t.Errorf("%s: since %d, want %d", name, c.got, c.want)
		}
	}
}

// tellings are visits that say anything at all about a lamp, some of them on one day.
func tellings(t *rapid.T) []Record {
	var list []Record
	for i := range rapid.IntRange(0, 8).Draw(t, "visits") {
		v := Record{ID: RecordID{Log: LogID{Node: 2}, Seq: uint64(i + 1)}, Kind: KindVisit}
		add := func(f FieldID, x Value) { v.Fields = append(v.Fields, FieldValue{f, x}) }
		if rapid.IntRange(0, 9).Draw(t, "done") > 0 {
			add(VisitDone, Int(int64(rapid.IntRange(100, 110).Draw(t, "day"))))
		}
		if rapid.Bool().Draw(t, "says whether it was found") {
			add(VisitFound, Bool(rapid.Bool().Draw(t, "found")))
		}
		if rapid.Bool().Draw(t, "says a state") {
			add(VisitStatusFound, Int(rapid.SampledFrom([]int64{LampWorking, LampDim, LampBroken, LampLost, LampStolen, LampNotSeen}).Draw(t, "state")))
		}
		if rapid.IntRange(0, 3).Draw(t, "acts") == 0 {
			add(VisitAction, Int(rapid.SampledFrom([]int64{ActionCleaned, ActionRepaired, ActionLampReplaced, ActionRemoved}).Draw(t, "action")))
		}
		list = append(list, v)
	}
	return list
}

// TestStateOf_whatIsGoneStaysGone: a lamp that a day calls stolen or lost is gone until somebody saw it on a later one, whatever else is
// said, and in whatever order the visits are given.
func TestStateOf_whatIsGoneStaysGone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		visits := tellings(t)
		lamp := Record{ID: RecordID{Log: LogID{Node: 1}, Seq: 1}, Kind: KindLamp}
		got := StateOf(lamp, nil, visits)
		gone, back := int64(noDay), int64(noDay)
		for _, v := range visits {
			day, done := v.Get(VisitDone).Int()
			status, _ := v.Get(VisitStatusFound).Int()
			action, _ := v.Get(VisitAction).Int()
			touched := action == ActionRepaired || action == ActionRemoved
			switch {
			case !done:
			case (status == LampLost || status == LampStolen) && !touched:
				gone = max(gone, day)
			case v.Get(VisitFound).Bool() || touched || status != 0 && status != LampNotSeen:
				back = max(back, day)
			}
		}
		isGone := got.Status == LampLost || got.Status == LampStolen
		if gone != noDay && back <= gone && !isGone {
			t.Errorf("gone on %d, seen again on %d: state %d", gone, back, got.Status)
		}
		if back > gone && isGone {
			t.Errorf("seen again on %d after it was gone on %d: state %d", back, gone, got.Status)
		}
		slices.Reverse(visits)
		if again := StateOf(lamp, nil, visits); again != got {
			t.Errorf("in another order: %+v, not %+v", again, got)
		}
	})
}
