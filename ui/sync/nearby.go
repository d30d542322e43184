package sync

import (
	"cmp"
	"context"
	"strings"
	"time"

	"kandili/ui/place"
	"kandili/ui/show"
)

// Neighbours are the campaign's other laptops on the local network. Its methods may be called from any goroutine.
type Neighbours interface {
	// Nearby lists those that are here, that ask to come in, and that were let in earlier; in the order to show.
	Nearby() []Nearby
	// Exchange makes both hold the same. told is called with whom it met where a person has to agree; if that is here,
	// the error has the code "peer-confirm", and after LetIn the exchange can be begun again.
	Exchange(ctx context.Context, url string, told func(Met), report func(Progress)) (Result, error)
	LetIn(node uint32) error
	SendAway(node uint32)
	Forget(node uint32) error
	Addresses() []string      // to be typed on another laptop to call this one
	OnNearby(changed func())  // calls changed from any goroutine when Nearby changed; nil: no more
	OnNetwork(changed func()) // calls changed from any goroutine when the laptop's networks changed; nil: no more
}

// Met is a laptop to agree to.
type Met struct {
	Node uint32
	Name string
	Code string // both screens show the same
}

// Nearby is a laptop of the campaign.
type Nearby struct {
	Met           // Node 0: this laptop does not know who it is
	URL    string // to call it
	Here   bool
	Friend bool   // a person here let it in
	Asks   bool   // it asks to come in
	Busy   bool   // an exchange with it is under way
	Knows  bool   // Brings and Takes are known: it let us in, too
	Brings int    // changes that it has and this laptop lacks
	Takes  int    // changes that it lacks and this laptop has
	Last   int64  // last exchange that ended well, seconds since 1970; 0: never
	Why    string // code of what is in the way; empty: nothing
}

// key tells rows apart.
func (n *Nearby) key() string { return cmp.Or(n.Name, n.URL) }

// deed is what pressing a laptop's button does.
type deed int

const (
	nothing  deed = iota
	answer        // it asks: compare the code
	connect       // for the first time, or again where the other side has to agree
	exchange      // both agreed
	forget        // it is not here
)

// deed says what makes sense.
func (n *Nearby) deed() deed {
	switch {
	case n.Asks:
		return answer
	case n.Busy, n.Why != "":
		return nothing
	case n.Here && n.Friend && n.Knows:
		return exchange
	case n.Here:
		return connect
	case n.Friend:
		return forget
	}
	return nothing
}

// name is what the laptop is called; one that is not known has no name yet.
func (n *Nearby) name(w *show.Words) string { return cmp.Or(n.Name, w.T("nearby.unknown")) }

// about says in one line how things are with it.
func (n *Nearby) about(w *show.Words, now time.Time) string {
	last := ""
	if n.Last > 0 {
		last = w.T("nearby.last", w.Ago(now, time.Unix(n.Last, 0)))
	}
	switch {
	case n.Asks:
		return w.T("nearby.asks")
	case n.Busy:
		return w.T("nearby.busy")
	case n.Why == "peer-unknown":
		return w.T("nearby.stranger") // its mark is the campaign's, so it is no stranger
	case n.Why != "":
		return w.T("problem." + n.Why)
	case !n.Here:
		return joined(w.T("nearby.gone"), last)
	case !n.Friend:
		return w.T("nearby.first")
	case !n.Knows:
		return w.T("nearby.they")
	case n.Brings == 0 && n.Takes == 0:
		return joined(w.T("nearby.same"), last)
	}
	var parts []string
	if n.Brings > 0 {
		parts = append(parts, w.N("nearby.brings", n.Brings))
	}
	if n.Takes > 0 {
		parts = append(parts, w.N("nearby.takes", n.Takes))
	}
	return strings.Join(parts, " · ")
}

func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + " · " + b
}

// leftWords says how long something still takes.
func leftWords(w *show.Words, d time.Duration) string {
	switch s := int(d.Round(time.Second) / time.Second); {
	case s <= 0:
		return ""
	case s < 90:
		return w.T("sync.left.s", s)
	default:
		return w.T("sync.left.min", w.Number((s+30)/60))
	}
}

// exchangeWords says how far an exchange is.
func exchangeWords(env *place.Env, x Progress) string {
	text := progressWords(env, x)
	if left := leftWords(env.Words, x.Left); left != "" && !x.Waiting {
		text += " · " + left
	}
	return text
}
