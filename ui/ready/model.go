// Package ready asks whether a laptop is ready to travel to a village, or to leave one. Only ui imports it.
package ready

import (
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
)

// Way is where the laptop goes.
type Way int

// Out to a village, and home from one.
const (
	Travel Way = iota
	Leave
)

// Facts are what is known of the laptop now.
type Facts struct {
	Now      time.Time
	Practice bool
	Site     bool          // a village is chosen
	SiteData int           // people and lamps of the village that are here
	LastSync int64         // seconds since 1970; 0: never
	Offset   time.Duration // HQ's clock minus ours, at the last contact
	Unsent   int           // changes that HQ has not confirmed
	Carried  int           // of them, in a courier file
	Drafts   int           // forms that are half typed
	Open     int           // sessions that nobody closed
	Free     int64         // bytes on the laptop's disk; 0: not known
	Backup   int64         // last backup that was read back, seconds since 1970; 0: never
	Sticks   int           // that are plugged in
	Printer  bool          // the system has one
	Who      bool          // a volunteer is signed in
}

// State of a check.
type State int

// The states.
const (
	Good State = iota
	Look       // can wait, or a person must judge
	Bad
)

// Check is one line: what was looked at, how it is, and where to mend it.
type Check struct {
	ID    string // of its sentences in the catalogue: ready.ID.good, .look, .bad
	State State
	N     int    // a count in the sentence
	To    string // an action: "sync", "people", "checkin", "site", "backup", "courier", "test-page", "who"; empty: nothing to do here
}

// Least free space, in bytes: for a week's photos, and for the next save.
const (
	enoughSpace = 1 << 30
	leastSpace  = 200 << 20
)

// Checks judges the facts, the most urgent last in no case: always in the order in which a person would do them.
func Checks(way Way, f Facts) []Check {
	if way == Leave {
		return []Check{sent(f), drafts(f), open(f), backup(f, 12*time.Hour), space(f), clock(f)}
	}
	return []Check{fresh(f), site(f), who(f), clock(f), space(f), backup(f, 7*24*time.Hour), stick(f), printer(f)}
}

// Ready says that nothing is bad.
func Ready(list []Check) bool {
	for _, c := range list {
		if c.State == Bad {
			return false
		}
	}
	return true
}

func fresh(f Facts) Check {
	age := f.Now.Sub(time.Unix(f.LastSync, 0))
	c := Check{ID: "fresh", To: "sync"}
	switch {
	case f.Practice:
		c.To = ""
	case f.LastSync == 0 || age > 7*24*time.Hour:
		c.State = Bad
	case age > 24*time.Hour:
		c.State = Look
	default:
		c.To = ""
	}
	return c
}

func site(f Facts) Check {
	switch {
	case !f.Site:
		return Check{ID: "site", State: Bad, To: "site"}
	case f.SiteData == 0:
		return Check{ID: "site", State: Look, To: "sync"} // perhaps a new village, perhaps its data is not here
	}
	return Check{ID: "site", N: f.SiteData}
}

func who(f Facts) Check {
	if !f.Who {
		return Check{ID: "who", State: Look, To: "who"}
	}
	return Check{ID: "who"}
}

func clock(f Facts) Check {
	if f.Offset.Abs() >= 10*time.Minute {
		return Check{ID: "clock", State: Look, N: int(f.Offset.Abs().Minutes())}
	}
	return Check{ID: "clock"}
}

func space(f Facts) Check {
	switch {
	case f.Free == 0 || f.Free >= enoughSpace:
		return Check{ID: "space", N: int(f.Free >> 30)}
	case f.Free >= leastSpace:
		return Check{ID: "space", State: Look, N: int(f.Free >> 20)}
	}
	return Check{ID: "space", State: Bad, N: int(f.Free >> 20)}
}

func backup(f Facts, young time.Duration) Check {
	if f.Backup == 0 || f.Now.Sub(time.Unix(f.Backup, 0)) > young {
		return Check{ID: "backup", State: Look, To: "backup"}
	}
	return Check{ID: "backup"}
}

func stick(f Facts) Check {
	if f.Sticks == 0 {
		return Check{ID: "stick", State: Look}
	}
	return Check{ID: "stick"}
}

func printer(f Facts) Check {
	if !f.Printer {
		return Check{ID: "printer", State: Look, To: "test-page"}
	}
	return Check{ID: "printer", To: "test-page"}
}

func sent(f Facts) Check {
	switch {
	case f.Practice || f.Unsent == 0:
		return Check{ID: "sent"}
	case f.Carried >= f.Unsent:
		return Check{ID: "sent", State: Look, N: f.Carried, To: "sync"}
	}
	return Check{ID: "sent", State: Bad, N: f.Unsent, To: "courier"}
}

func drafts(f Facts) Check {
	if f.Drafts > 0 {
		return Check{ID: "drafts", State: Look, N: f.Drafts, To: "people"}
	}
	return Check{ID: "drafts"}
}

func open(f Facts) Check {
	if f.Open > 0 {
		return Check{ID: "open", State: Look, N: f.Open, To: "checkin"}
	}
	return Check{ID: "open"}
}

// Store is what is counted; *store.Store is one.
type Store interface {
	Self() store.Identity
	LastSync() store.LastSync
	Unsent() int
	OnTheWay() store.OnTheWay
	Drafts() map[string][]byte
	Each(kind fieldwork.Kind, f func(fieldwork.Record) bool)
}

// Count fills in what the store knows of a village. It only reads, and may run anywhere.
func Count(s Store, site fieldwork.RecordID, f Facts) Facts {
	last := s.LastSync()
	f.Practice, f.LastSync, f.Unsent, f.Carried, f.Drafts = s.Self().Practice, last.At, s.Unsent(), s.OnTheWay().Writes, len(s.Drafts())
	f.Site = !site.IsZero()
	for kind, field := range map[fieldwork.Kind]fieldwork.FieldID{fieldwork.KindTrainee: fieldwork.TraineeSite, fieldwork.KindInstallation: fieldwork.InstallationSite} {
		s.Each(kind, func(r fieldwork.Record) bool {
			if f.Site && r.Get(field).Ref() == site {
				f.SiteData++
			}
			return true
		})
	}
	s.Each(fieldwork.KindSession, func(r fieldwork.Record) bool {
		if n, _ := r.Get(fieldwork.SessionStatus).Int(); n == fieldwork.SessionStatusOpen {
			f.Open++
		}
		return true
	})
	return f
}
