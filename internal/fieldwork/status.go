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
//
// What is gone sticks: a lost or stolen lamp stays so until a later day says that somebody saw it. That nobody found it there, or that
// another lamp hangs in its place, is no such word; and of two visits on one day the one that missed it counts.
func StateOf(lamp Record, installations, visits []Record) LampState {
	own := ownState(lamp)
	if IsGone(own.Status) && own.Day == noDay {
		return own
	}
	best, seen := own, LampState{} // seen: the last that was known while it was there
	if !IsGone(own.Status) {
		seen = own
	}
	for _, r := range inTheirOrder(installations, visits) {
		if r.Kind == KindInstallation {
			s := LampState{LampWorking, dayOr(r.Get(InstallationDate)), r.ID}
			if installationCounts(s.Day, best) {
				best = s
			}
			if installationCounts(s.Day, seen) {
				seen = s
			}
			continue
		}
		s, ok := stateAfter(r)
		tells, news := s, ok
		if IsGone(best.Status) {
			tells, news = stateSeenAgain(r, seen, best)
		}
		if news && tells.Day >= best.Day && (best.By != lamp.ID || tells.Day > best.Day || isBeforeInstallation(best.Status)) {
			best = tells
		}
		if ok && !IsGone(s.Status) && s.Status != LampNotSeen {
			seen = s
		}
	}
	return best
}

// inTheirOrder returns the installations that are in place and the visits that were done, the oldest first. One without a day comes
// before all others, and an installation before the visits of its day.
func inTheirOrder(installations, visits []Record) []Record {
	day := func(r Record) int64 {
		if r.Kind == KindInstallation {
			return dayOr(r.Get(InstallationDate))
		}
		return dayOr(r.Get(VisitDone))
	}
	list := make([]Record, 0, len(installations)+len(visits))
	for _, i := range installations {
		if isInPlace(i) {
			list = append(list, i)
		}
	}
	for _, v := range visits {
		if !v.Get(VisitDone).IsZero() {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b Record) int {
		return cmp.Or(cmp.Compare(day(a), day(b)), cmp.Compare(kindRank(a), kindRank(b)), a.ID.Compare(b.ID))
	})
	return list
}

func kindRank(r Record) int {
	if r.Kind == KindInstallation {
		return 0
	}
	return 1
}

// stateSeenAgain is what a visit tells of a lamp that is gone: nothing where it only missed it, or came on the day on which the lamp
// was missed. One that found it and says no more finds it as it was last seen.
func stateSeenAgain(visit Record, seen, gone LampState) (LampState, bool) {
	s, ok := stateAfter(visit)
	switch {
	case ok && IsGone(s.Status) && s.Status != LampReplaced:
		return s, true // another word for where it went
	case !sees(visit) || dayOr(visit.Get(VisitDone)) <= gone.Day:
		return s, false
	case !ok || s.Status == LampNotSeen:
		return LampState{seen.Status, dayOr(visit.Get(VisitDone)), visit.ID}, true
	}
	return s, true
}

// sees says that at a visit somebody had the lamp before her eyes.
func sees(visit Record) bool {
	action, _ := visit.Get(VisitAction).Int()
	status, stated := visit.Get(VisitStatusFound).Int()
	return visit.Get(VisitFound).Bool() || stated && status != LampNotSeen && !IsGone(status) ||
		action == ActionRepaired || action == ActionPartReplaced || action == ActionRemoved
}

// Dated completes what is to be written to a lamp: that it is gone, or is there again, holds from a day on, or older visits and installations
// would go on to say otherwise. Without a day it is today.
func Dated(lamp Record, write []FieldValue, today int64) []FieldValue {
	r := Record{Fields: write}
	was, _ := lamp.Get(LampStatus).Int()
	is, says := r.Get(LampStatus).Int()
	if lamp.Kind != KindLamp || !says || !IsGone(was) && !IsGone(is) || slices.ContainsFunc(write, func(v FieldValue) bool { return v.Field == LampStatusDate }) {
		return write
	}
	out := append(slices.Clone(write), FieldValue{LampStatusDate, Int(today)})
	slices.SortFunc(out, func(a, b FieldValue) int { return cmp.Compare(a.Field, b.Field) })
	return out
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
		if ok && (s.Status == LampLost || s.Status == LampStolen) {
			return s, true // another lamp hangs there; where this one is, nobody knows
		}
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
