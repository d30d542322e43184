package fieldwork

import (
	"cmp"
	"math"
	"slices"
)

// LampState is the last that is known of a lamp.
type LampState struct {
	Status int64    // LampWorking …; 0: nothing known
	Day    int64    // since when, days since 1970-01-01; noDay where no date was given
	By     RecordID // the lamp, installation or visit that says so
}

// noDay stands for a date that was not given: before all others.
const noDay = math.MinInt64

// Lit says that the lamp gives light: working or dim.
func (s LampState) Lit() bool { return s.Status == LampWorking || s.Status == LampDim }

// IsGone says that a lamp with the status will not come back by itself: lost, stolen, retired or replaced.
func IsGone(status int64) bool {
	return status == LampLost || status == LampStolen || status == LampRetired || status == LampReplaced
}

// isBeforeInstallation says that the status is one of a lamp that hangs nowhere yet.
func isBeforeInstallation(status int64) bool {
	return status == 0 || status == LampKit || status == LampAssembled || status == LampTested || status == LampInStore
}

// StateOf derives a lamp's state from its own status, its installations and its visits. The latest day decides; on one
// day a visit counts over the installation, and the lamp's own status over both. An own status without a day counts over
// installations, which make a lamp work that was on its way there, and under visits; but a lamp that is gone stays so.
// A planned visit says nothing, nor does an installation that is no longer in place.
func StateOf(lamp Record, installations, visits []Record) LampState {
	own := ownState(lamp)
	if IsGone(own.Status) && own.Day == noDay {
		return own
	}
	best := own
	for _, i := range installations {
		if day := dayOr(i.Get(InstallationDate)); isInPlace(i) && installationCounts(day, best) {
			best = LampState{LampWorking, day, i.ID}
		}
	}
	for _, v := range inDayOrder(visits) {
		s, ok := stateAfter(v)
		if ok && s.Day >= best.Day && (best.By != lamp.ID || s.Day > best.Day || isBeforeInstallation(best.Status)) {
			best = s
		}
	}
	return best
}

// installationCounts says whether an installation of the day tells more than the state known so far.
func installationCounts(day int64, known LampState) bool {
	switch {
	case !isBeforeInstallation(known.Status):
		return known.Day != noDay && day > known.Day
	case day == noDay:
		return known.Status != LampInStore || known.Day == noDay
	}
	return day >= known.Day
}

// isInPlace says that nobody said that the lamp hangs there no more.
func isInPlace(installation Record) bool {
	v := installation.Get(InstallationStillInPlace)
	return v.IsZero() || v.Bool()
}

func ownState(lamp Record) LampState {
	status, _ := lamp.Get(LampStatus).Int()
	return LampState{status, dayOr(lamp.Get(LampStatusDate)), lamp.ID}
}

func dayOr(v Value) int64 {
	if day, ok := v.Int(); ok {
		return day
	}
	return noDay
}

// stateFound returns the state in which a visit found the lamp; ok is false for one that was not done or says nothing.
func stateFound(visit Record) (LampState, bool) {
	day, done := visit.Get(VisitDone).Int()
	if !done {
		return LampState{}, false
	}
	if status, ok := visit.Get(VisitStatusFound).Int(); ok {
		return LampState{status, day, visit.ID}, true
	}
	if found := visit.Get(VisitFound); !found.IsZero() && !found.Bool() {
		return LampState{LampNotSeen, day, visit.ID}, true
	}
	return LampState{}, false
}

// stateAfter returns the state in which a visit left the lamp: as found, unless something was done about it.
func stateAfter(visit Record) (LampState, bool) {
	s, ok := stateFound(visit)
	action, _ := visit.Get(VisitAction).Int()
	day, done := visit.Get(VisitDone).Int()
	if !done {
		return LampState{}, false
	}
	switch action {
	case ActionRepaired, ActionPartReplaced:
		return LampState{LampWorking, day, visit.ID}, true
	case ActionLampReplaced:
		return LampState{LampReplaced, day, visit.ID}, true
	case ActionRemoved:
		return LampState{LampInStore, day, visit.ID}, true
	}
	return s, ok
}

// inDayOrder returns the visits that were done, the oldest first.
func inDayOrder(visits []Record) []Record {
	list := make([]Record, 0, len(visits))
	for _, v := range visits {
		if !v.Get(VisitDone).IsZero() {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b Record) int {
		return cmp.Or(cmp.Compare(dayOr(a.Get(VisitDone)), dayOr(b.Get(VisitDone))), a.ID.Compare(b.ID))
	})
	return list
}
