package fieldwork

import "slices"

// PeopleLit is indicator 1: people with light, as measured.
type PeopleLit struct {
	People     int    // distinct members of Households
	Label      Label  // always Measured: no household size is assumed
	Households Count  // with at least one lamp whose last known status is working or dim
	Steps      []Step // the waterfall from installed lamps to people
	Uncounted  Count  // of Households, those whose members were not asked: they add nobody
	Homeless   Count  // lit lamps in homes whose household was not recorded: they add nobody
	Shared     SharedPlaces
}

// Step is one step of the waterfall: what is left of the step before.
type Step struct {
	Name    string // "installed", "not_gone", "lit", "visited_lately", "in_shared_places", "households", "people"
	Count   int
	Aside   bool       // tells something of the step before, and does not narrow what follows
	Records []RecordID // lamps; households for the last two
}

// SharedPlaces are schools, clinics and paths, and shops and boats of no household, that have light. Never added to people.
type SharedPlaces struct {
	Lamps  Count         // lit
	Asked  int           // people as asked at the installation
	Places map[int64]int // lamps by PlaceSchool …
}

// PeopleLit counts who has light: one household once, however many lamps it has, and no lamp times a household size.
func (f *Fleet) PeopleLit(s Scope) PeopleLit {
	p := PeopleLit{Shared: SharedPlaces{Places: map[int64]int{}}}
	homes := homes{f.src, f.households(), map[RecordID]bool{}}
	steps := make([]Step, 5)
	for i, name := range []string{"installed", "not_gone", "lit", "visited_lately", "in_shared_places"} {
		steps[i] = Step{Name: name, Aside: i > 2}
	}
	for _, l := range f.Lamps {
		place, ok := l.Place()
		if !ok || !f.in(s, l) {
			continue
		}
		steps[0].add(l)
		if IsGone(l.State.Status) {
			continue
		}
		steps[1].add(l)
		if !l.State.Lit() {
			continue
		}
		steps[2].add(l)
		if last := l.lastVisit(); last != noDay && last >= s.Today-s.lately() {
			steps[3].add(l)
		}
		if p.place(l, place, homes) {
			steps[4].add(l)
		}
	}
	p.households(homes)
	p.Steps = append(steps,
		Step{Name: "households", Count: p.Households.N, Records: p.Households.Records},
		Step{Name: "people", Count: p.People, Records: p.Households.Records})
	return p
}

func (s *Step) add(l *FleetLamp) {
	s.Count++
	s.Records = append(s.Records, l.Lamp.ID)
}

// homes are the households by id; lit is set for those with light.
type homes struct {
	src     Source
	members map[RecordID]int64
	lit     map[RecordID]bool
}

// light marks the households of an installation and says whether there is any.
func (h homes) light(installation Record) bool {
	found := false
	for _, id := range installation.Get(InstallationHouseholds).Refs() {
		id = h.src.Canonical(id)
		if _, known := h.members[id]; known {
			h.lit[id], found = true, true
		}
	}
	return found
}

// place puts a lit lamp where it counts, and says whether that is a shared place.
func (p *PeopleLit) place(l *FleetLamp, installation Record, h homes) (shared bool) {
	place, _ := installation.Get(InstallationPlace).Int()
	switch {
	case !IsShared(place) && h.light(installation):
		return false
	case place == PlaceHome || place == 0:
		p.Homeless.N++
		p.Homeless.Records = append(p.Homeless.Records, l.Lamp.ID)
		return false
	}
	asked, _ := installation.Get(InstallationPeopleLit).Int()
	p.Shared.Lamps.N++
	p.Shared.Lamps.Records = append(p.Shared.Lamps.Records, l.Lamp.ID)
	p.Shared.Asked += int(max(0, asked))
	p.Shared.Places[place]++
	return true
}

func (p *PeopleLit) households(h homes) {
	for id := range h.lit {
		p.Households.Records = append(p.Households.Records, id)
		p.People += int(h.members[id])
		if h.members[id] == 0 {
			p.Uncounted.Records = append(p.Uncounted.Records, id)
		}
	}
	slices.SortFunc(p.Households.Records, RecordID.Compare)
	slices.SortFunc(p.Uncounted.Records, RecordID.Compare)
	p.Households.N, p.Uncounted.N = len(p.Households.Records), len(p.Uncounted.Records)
}
