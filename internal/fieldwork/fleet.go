package fieldwork

import "cmp"

// Fleet is all lamps with what was recorded of them, read once from a Source; lists, maps and indicators share it.
type Fleet struct {
	Lamps   []*FleetLamp // in id order
	src     Source
	members map[RecordID]int64 // of every household; nil until somebody asks
}

// FleetLamp is one lamp with its installations, visits and derived state.
type FleetLamp struct {
	Lamp          Record
	Installations []Record
	Visits        []Record // also planned ones
	State         LampState
}

// NewFleet reads lamps, installations and visits.
func NewFleet(src Source) *Fleet {
	f := &Fleet{src: src}
	byID := map[RecordID]*FleetLamp{}
	src.Each(KindLamp, func(r Record) bool {
		l := &FleetLamp{Lamp: r}
		byID[r.ID] = l
		f.Lamps = append(f.Lamps, l)
		return true
	})
	src.Each(KindInstallation, func(r Record) bool {
		if l := byID[src.Canonical(r.Get(InstallationLamp).Ref())]; l != nil {
			l.Installations = append(l.Installations, r)
		}
		return true
	})
	src.Each(KindVisit, func(r Record) bool {
		if l := byID[src.Canonical(r.Get(VisitLamp).Ref())]; l != nil {
			l.Visits = append(l.Visits, r)
		}
		return true
	})
	for _, l := range f.Lamps {
		l.State = StateOf(l.Lamp, l.Installations, l.Visits)
	}
	return f
}

// BySite parts the fleet by where each lamp is, so that figures of every site cost one walk, not one for each. Lamps without a
// site are under the zero id. What it returns shares everything with f.
func (f *Fleet) BySite() map[RecordID]*Fleet {
	f.households()
	parts := map[RecordID]*Fleet{}
	for _, l := range f.Lamps {
		site := f.Site(l)
		if parts[site] == nil {
			parts[site] = &Fleet{src: f.src, members: f.members}
		}
		parts[site].Lamps = append(parts[site].Lamps, l)
	}
	return parts
}

// households returns how many people live in each.
func (f *Fleet) households() map[RecordID]int64 {
	if f.members == nil {
		f.members = map[RecordID]int64{}
		f.src.Each(KindHousehold, func(r Record) bool {
			f.members[r.ID] = Members(r)
			return true
		})
	}
	return f.members
}

// Place returns the installation where the lamp hangs now: the latest that is still in place.
func (l *FleetLamp) Place() (Record, bool) {
	var best Record
	for _, i := range l.Installations {
		later := cmp.Or(cmp.Compare(dayOr(i.Get(InstallationDate)), dayOr(best.Get(InstallationDate))), i.ID.Compare(best.ID)) > 0
		if isInPlace(i) && (best.ID.IsZero() || later) {
			best = i
		}
	}
	return best, !best.ID.IsZero()
}

// Site returns the site of the lamp: where it hangs, else where it is kept. It may be zero.
func (f *Fleet) Site(l *FleetLamp) RecordID {
	if i, ok := l.Place(); ok && !i.Get(InstallationSite).IsZero() {
		return f.src.Canonical(i.Get(InstallationSite).Ref())
	}
	if site := l.Lamp.Get(LampSite).Ref(); !site.IsZero() {
		return f.src.Canonical(site)
	}
	return RecordID{}
}

// in says that the lamp belongs to the scope.
func (f *Fleet) in(s Scope, l *FleetLamp) bool {
	return s.Site.IsZero() || f.Site(l) == f.src.Canonical(s.Site)
}

// lastVisit returns the day of the last visit that was done.
func (l *FleetLamp) lastVisit() int64 {
	last := int64(noDay)
	for _, v := range l.Visits {
		last = max(last, dayOr(v.Get(VisitDone)))
	}
	return last
}

// IsShared says that a place is everybody's: its light is counted apart from the homes'.
func IsShared(place int64) bool {
	return place == PlaceSchool || place == PlaceClinic || place == PlacePath
}
