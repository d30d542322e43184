package fieldwork

import (
	"cmp"
	"slices"
)

// WorkingRate is the first half of indicator 3: lamps found working at their last visit, of all that were visited.
type WorkingRate struct {
	Share       // found working; a lamp that was looked for and not seen counts as not working
	Dim   Count // of N, found dim: they give some light, and are not among the working
}

// WorkingRate looks at each lamp's last visit as it found the lamp, before anything was repaired.
func (f *Fleet) WorkingRate(s Scope) WorkingRate {
	var working []RecordID
	var w WorkingRate
	n := 0
	for _, l := range f.Lamps {
		found, ok := l.lastFound()
		if !ok || !f.in(s, l) {
			continue
		}
		n++
		switch found.Status {
		case LampWorking:
			working = append(working, l.Lamp.ID)
		case LampDim:
			w.Dim.N++
			w.Dim.Records = append(w.Dim.Records, l.Lamp.ID)
		}
	}
	w.Share = newShare(working, n)
	return w
}

// lastFound returns how the last visit found the lamp.
func (l *FleetLamp) lastFound() (last LampState, ok bool) {
	for _, v := range inDayOrder(l.Visits) {
		if s, says := stateFound(v); says {
			last, ok = s, true
		}
	}
	return last, ok
}

// Survival is how lamps last: the curve, and the lamps behind it.
type Survival struct {
	Curve   []SurvivalPoint
	N       int // lamps that were seen at least once after their installation
	Failed  int
	Label   Label
	Records []RecordID
}

// Survival estimates the share of lamps that live by age, with lamps that were never seen again left out. A lamp fails
// when it is first seen broken, under repair, replaced or retired, and is dated by that visit, since nobody knows the
// day itself; a lost, stolen or moved lamp was last watched then and did not fail.
func (f *Fleet) Survival(s Scope) Survival {
	var v Survival
	var lives []Life
	for _, l := range f.Lamps {
		life, ok := l.life()
		if !ok || !f.in(s, l) {
			continue
		}
		lives = append(lives, life)
		v.Records = append(v.Records, l.Lamp.ID)
		if life.Failed {
			v.Failed++
		}
	}
	v.N, v.Curve = len(lives), KaplanMeier(lives)
	return v
}

func (l *FleetLamp) life() (Life, bool) {
	start, ok := l.firstDay()
	if !ok {
		return Life{}, false
	}
	last := int64(noDay)
	for _, seen := range l.sightings() {
		if seen.Day < start {
			continue
		}
		switch seen.Status {
		case LampBroken, LampUnderRepair, LampReplaced, LampRetired:
			return Life{seen.Day - start, true}, true
		case LampLost, LampStolen, LampMoved:
			return Life{seen.Day - start, false}, true
		case LampWorking, LampDim:
			last = seen.Day
		}
	}
	return Life{last - start, false}, last != noDay
}

// firstDay is the day of the first installation that has one.
func (l *FleetLamp) firstDay() (int64, bool) {
	first, ok := int64(0), false
	for _, i := range l.Installations {
		if day, set := i.Get(InstallationDate).Int(); set && (!ok || day < first) {
			first, ok = day, true
		}
	}
	return first, ok
}

// sightings are the states in which visits found the lamp, and its own where that has a day, the oldest first.
func (l *FleetLamp) sightings() []LampState {
	var list []LampState
	for _, v := range inDayOrder(l.Visits) {
		if s, ok := stateFound(v); ok {
			list = append(list, s)
		}
	}
	if own := ownState(l.Lamp); own.Day != noDay && !isBeforeInstallation(own.Status) {
		list = append(list, own)
		slices.SortStableFunc(list, func(a, b LampState) int { return cmp.Compare(a.Day, b.Day) })
	}
	return list
}

// Repairs says how often and how soon broken lamps are repaired.
type Repairs struct {
	Share              // repaired failures of all failures that a visit found; Records are the visits that repaired
	MedianDays float64 // from the visit that found it broken to the repair, over Part; 0 where it was repaired at once
}

// Repairs follows each lamp's visits: a failure begins with a visit that finds it broken or under repair, and ends with
// the first that repairs it, replaces a part, or finds it working again.
func (f *Fleet) Repairs(s Scope) Repairs {
	var repaired []RecordID
	var days []int64
	failures := 0
	for _, l := range f.Lamps {
		if !f.in(s, l) {
			continue
		}
		since := int64(noDay)
		for _, v := range inDayOrder(l.Visits) {
			found, says := stateFound(v)
			if says && since == noDay && (found.Status == LampBroken || found.Status == LampUnderRepair) {
				since = found.Day
				failures++
			}
			if after, ok := stateAfter(v); ok && since != noDay && after.Lit() {
				repaired = append(repaired, v.ID)
				days = append(days, after.Day-since)
				since = noDay
			}
		}
	}
	return Repairs{newShare(repaired, failures), median(days)}
}
