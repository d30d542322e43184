package hq

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// figures keeps what was worked out. Where a campaign is so large that working out takes long, pages show what was true a moment ago
// and say so, while the new figures are worked out once for everybody who asks.
type figures struct {
	mu   sync.Mutex
	held map[journal.Campaign]overview
	work map[journal.Campaign]chan struct{} // closed when the work that is going on ends
}

// overview is what the first page says of a campaign.
type overview struct {
	digest   journal.Digest
	day      int64
	at       time.Time
	took     time.Duration
	AsOf     string // when that was true, where something was written since; empty: now
	Name     string
	Target   int64
	Lit      fieldwork.PeopleLit
	Rate     fieldwork.WorkingRate
	Training fieldwork.Training
	Team     int
	Sites    []siteLine
	Waits    []waiting // for the office's decision, what there is none of left out
}

// waiting is one kind of work of the review.
type waiting struct {
	Word, Path string // key of its words; where it is done
	N          int
}

type siteLine struct {
	Name, Country string
	Lit           int
	Rate          fieldwork.WorkingRate
	Trained       int
}

// figuresPatience is how long a page waits for new figures before it shows those of a moment ago: with up to some ten thousand records
// they are always there by then.
const figuresPatience = 60 * time.Millisecond

// overview returns a campaign's figures: those of now, or, where these take longer than figuresPatience, the last ones, with their
// time.
func (o *Office) overview(s *store.Store) overview {
	patience, cancel := context.WithTimeout(context.Background(), figuresPatience)
	defer cancel()
	for {
		v, ok := o.figures.of(s, o.now())
		if ok {
			return v
		}
		if v.took > 10*figuresPatience {
			cancel()
		}
		done := o.workOutOnce(s)
		if v.at.IsZero() {
			<-done // there are none yet
			continue
		}
		select {
		case <-done:
		case <-patience.Done():
			v.AsOf = v.at.UTC().Format("15:04:05 MST")
			return v
		}
	}
}

// of returns figures of exactly what the store holds; without such the last ones, and false.
func (f *figures) of(s *store.Store, now time.Time) (v overview, ok bool) {
	digest := s.Digest()
	v, ok = f.last(s)
	return v, ok && v.digest == digest && v.day == now.Unix()/86400
}

func (f *figures) last(s *store.Store) (v overview, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, ok = f.held[s.Self().Campaign]
	return v, ok
}

// workOutOnce works out a campaign's figures in the background, unless somebody does already. The channel is closed at the end.
func (o *Office) workOutOnce(s *store.Store) <-chan struct{} {
	f, id := &o.figures, s.Self().Campaign
	f.mu.Lock()
	defer f.mu.Unlock()
	if done, busy := f.work[id]; busy {
		return done
	}
	if f.work == nil {
		f.held, f.work = map[journal.Campaign]overview{}, map[journal.Campaign]chan struct{}{}
	}
	done := make(chan struct{})
	f.work[id] = done
	go func() {
		began, now, digest := time.Now(), o.now(), s.Digest() // before reading: what comes meanwhile makes it work out anew
		v := workOut(s, now.Unix())
		v.digest, v.day, v.at, v.took = digest, now.Unix()/86400, now, time.Since(began)
		f.mu.Lock()
		f.held[id] = v
		delete(f.work, id)
		f.mu.Unlock()
		close(done)
	}()
	return done
}

// waits is what the review has to do in a campaign, as far as it is counted at once: likely duplicates are looked for on their own page.
func waits(s *store.Store) (list []waiting) {
	answers, apart := 0, 0
	s.Each(fieldwork.KindQuestion, func(q fieldwork.Record) bool {
		if !fieldwork.IsOpen(q) && q.Get(fieldwork.QuestionSettledAt).IsZero() {
			answers++
		}
		return true
	})
	if runs, err := s.Apart(); err == nil { // the page of what is kept apart says what is wrong with it
		for _, a := range runs {
			if !a.Left {
				apart += int(a.Last - a.First + 1)
			}
		}
	}
	at := "?c=" + s.Self().Campaign.String()
	for _, w := range []waiting{{"hq.waits.accept", "/review/accept" + at, s.WaitingCount()}, {"hq.waits.conflicts", "/review/conflicts" + at, len(s.Contested())},
		{"hq.waits.answers", "/review/questions" + at, answers}, {"hq.waits.apart", "/review/quarantine" + at, apart}} {
		if w.N > 0 {
			list = append(list, w)
		}
	}
	return list
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
	v.Waits = waits(s)
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
