package hq

import (
	"cmp"
	"slices"
	"sync"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// figures keeps what was worked out, as long as nothing changed.
type figures struct {
	mu   sync.Mutex
	held map[journal.Campaign]overview
}

// overview is what the first page says of a campaign.
type overview struct {
	digest   journal.Digest
	day      int64
	Name     string
	Target   int64
	Lit      fieldwork.PeopleLit
	Rate     fieldwork.WorkingRate
	Training fieldwork.Training
	Team     int
	Sites    []siteLine
}

type siteLine struct {
	Name, Country string
	Lit           int
	Rate          fieldwork.WorkingRate
	Trained       int
}

func (o *Office) overview(s *store.Store) overview {
	o.figures.mu.Lock()
	defer o.figures.mu.Unlock()
	id, digest, day := s.Self().Campaign, s.Digest(), o.now().Unix()/86400
	if v, ok := o.figures.held[id]; ok && v.digest == digest && v.day == day {
		return v
	}
	v := workOut(s, o.now().Unix())
	v.digest, v.day = digest, day
	if o.figures.held == nil {
		o.figures.held = map[journal.Campaign]overview{}
	}
	o.figures.held[id] = v
	return v
}

func workOut(s *store.Store, now int64) overview {
	scope := fieldwork.Scope{Today: now / 86400}
	fleet, roll := fieldwork.NewFleet(s), fieldwork.NewRoll(s, now, 0)
	rec := campaignRecord(s)
	target, _ := rec.Get(fieldwork.CampaignTargetPeopleLit).Int()
	v := overview{Name: rec.Get(fieldwork.CampaignName).Text(), Target: target, Lit: fleet.PeopleLit(scope), Rate: fleet.WorkingRate(scope),
		Training: fieldwork.TrainingOf(s, roll, scope)}
	trained := map[fieldwork.RecordID]int{}
	s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		if roll.Came(r.ID) {
			trained[r.Get(fieldwork.TraineeSite).Ref()]++
		}
		return true
	})
	s.Each(fieldwork.KindVolunteer, func(fieldwork.Record) bool { v.Team++; return true })
	parts := fleet.BySite()
	s.Each(fieldwork.KindSite, func(r fieldwork.Record) bool {
		line := siteLine{Name: fieldwork.Name(r), Country: r.Get(fieldwork.SiteCountry).Text(), Trained: trained[r.ID]}
		if there := parts[r.ID]; there != nil {
			line.Lit, line.Rate = there.PeopleLit(scope).People, there.WorkingRate(scope)
		}
		v.Sites = append(v.Sites, line)
		return true
	})
	slices.SortStableFunc(v.Sites, func(a, b siteLine) int { return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Name, b.Name)) })
	return v
}
