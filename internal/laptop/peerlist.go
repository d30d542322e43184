package laptop

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// Nearby is a laptop of the campaign as a person sees it.
type Nearby struct {
	Met           // Node 0: it could not be told who it is
	URL    string // to call it; empty: it is not here
	Here   bool
	Friend bool   // a person here let it in
	Asks   bool   // it asks to come in
	Busy   bool   // an exchange with it is under way
	Knows  bool   // Brings and Takes are known
	Brings int    // writes that it has and this laptop lacks
	Takes  int    // writes that it lacks and this laptop has
	Last   int64  // last exchange that ended well, seconds since 1970; 0: never
	Why    string // code of why there is no exchange with it; empty: nothing is in the way
}

// spot is somebody seen on the network.
type spot struct {
	urls    []string
	c       store.Certificate // of whoever it turned out to be
	meeting road.Meeting
	err     error
	looked  bool // c, meeting and err are known
	since   time.Time
}

// Pace of looking after laptops nearby.
const (
	lookEvery = 30 * time.Second
	lookTime  = 20 * time.Second // for one answer
	mostSpots = 64               // strangers could make up any number
)

// look watches the network until ctx ends.
func (p *Peers) look(ctx context.Context) {
	self := p.store.Self()
	b := &road.Beacon{Campaign: self.Campaign, Port: p.Port(), Spotted: func(s road.Spot) { p.spotted(ctx, s) }, Lost: p.lost}
	p.work.Go(func() { b.Run(ctx) })
	for sleep(ctx, lookEvery) == nil {
		p.lookAgain(ctx)
	}
}

func (p *Peers) spotted(ctx context.Context, s road.Spot) {
	p.mu.Lock()
	known := p.spots[s.Name]
	if known == nil && len(p.spots) >= mostSpots {
		p.mu.Unlock()
		return
	}
	if known == nil {
		known = &spot{since: p.now()}
		p.spots[s.Name] = known
	}
	for _, u := range s.URLs {
		if !slices.Contains(known.urls, u) {
			known.urls = append(known.urls, u)
		}
	}
	first := !known.looked
	p.mu.Unlock()
	if first {
		p.work.Go(func() { p.lookAt(ctx, s.Name) })
	}
}

func (p *Peers) lost(name string) {
	p.mu.Lock()
	delete(p.spots, name)
	p.mu.Unlock()
	p.changed()
}

func (p *Peers) lookAgain(ctx context.Context) {
	p.mu.Lock()
	var names []string
	for name := range p.spots {
		names = append(names, name)
	}
	p.mu.Unlock()
	for _, name := range names {
		p.lookAt(ctx, name)
	}
}

// lookAt asks a spot who it is, whether it would exchange, and what it holds.
func (p *Peers) lookAt(ctx context.Context, name string) {
	p.mu.Lock()
	s := p.spots[name]
	if s == nil {
		p.mu.Unlock()
		return
	}
	urls := slices.Clone(s.urls)
	p.mu.Unlock()
	way, who := p.way(urls)
	defer way.Close()
	short, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	m, err := way.Meet(short, false)
	if ctx.Err() != nil {
		return
	}
	p.mu.Lock()
	s.looked, s.meeting, s.err = true, m, err
	if c := who(); c.Node != 0 {
		s.c = c
	}
	p.mu.Unlock()
	p.changed()
	p.byItself(ctx, s)
}

// Nearby lists the laptops that are here, that ask, and that were let in earlier: those that can be called first.
func (p *Peers) Nearby() []Nearby {
	byNode := map[uint32]*Nearby{}
	var out []*Nearby
	add := func(c *store.Certificate) *Nearby {
		n := byNode[c.Node]
		if n == nil || c.Node == 0 {
			n = &Nearby{Met: Met{Node: c.Node, Name: nameOf(c)}}
			if c.Node != 0 {
				n.Code = p.code(c)
				f, ok := p.book.has(c)
				n.Friend, n.Last = ok, f.Last
				byNode[c.Node] = n
			}
			out = append(out, n)
		}
		return n
	}
	for node := range p.book.all() {
		if c, ok := certificateOf(p.store, node); ok && !c.Revoked {
			add(&c)
		}
	}
	for _, m := range p.Asking() {
		if c, ok := certificateOf(p.store, m.Node); ok {
			add(&c).Asks = true
		}
	}
	p.mu.Lock()
	for _, s := range p.spots {
		if s.looked && !isSelf(s.err) && !isGone(s.err) {
			p.fill(add(&s.c), s)
		}
	}
	for node := range p.busy {
		if n := byNode[node]; n != nil {
			n.Busy = true
		}
	}
	p.mu.Unlock()
	slices.SortFunc(out, func(a, b *Nearby) int {
		return cmp.Or(first(a.Asks, b.Asks), first(a.Here, b.Here), first(a.Friend, b.Friend), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Node, b.Node))
	})
	list := make([]Nearby, len(out))
	for i, n := range out {
		list[i] = *n
	}
	return list
}

// fill adds what was seen of a laptop. The caller holds mu.
func (p *Peers) fill(n *Nearby, s *spot) {
	n.Here, n.URL = true, s.urls[0]
	if s.err != nil {
		n.Why = codeOf(s.err)
		return
	}
	if s.meeting.State != road.ConsentYes {
		return
	}
	n.Knows = true
	n.Brings, n.Takes = p.differ(s)
}

// differ counts writes that only one of the two has.
func (p *Peers) differ(s *spot) (brings, takes int) {
	theirs, err := wire.ReadHeads(s.meeting.Heads)
	if err != nil {
		return 0, 0
	}
	mine := p.store.Heads()
	return lacking(mine, theirs), lacking(theirs, mine)
}

// lacking counts the writes that the first lacks of what the second has.
func lacking(has, of journal.Heads) (n int) {
	for log, seq := range of {
		n += int(seq - min(seq, has[log]))
	}
	return n
}

func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func isSelf(err error) bool { return errors.Is(err, road.ErrSelf) }

func isGone(err error) bool {
	return errors.Is(err, &fieldwork.Problem{Code: "peer-unreachable"}) || errors.Is(err, &fieldwork.Problem{Code: "cut"})
}

// byItself exchanges with a friend that has something new or lacks something, when the person wants that. The laptop
// with the lower number begins; the other one only where nothing came of it.
func (p *Peers) byItself(ctx context.Context, s *spot) {
	if p.opt.ByItself == nil || !p.opt.ByItself() {
		return
	}
	p.mu.Lock()
	c := s.c
	_, friend := p.book.has(&c)
	ready := s.err == nil && s.meeting.State == road.ConsentYes && friend && !p.busy[c.Node]
	brings, takes := 0, 0
	if ready {
		brings, takes = p.differ(s)
	}
	state := differing{mine: p.store.Heads().Token(), theirs: string(s.meeting.Heads)}
	known := p.tried[c.Node]
	p.mu.Unlock()
	if !ready || brings+takes == 0 || known.differing == state && known.exchanged {
		return
	}
	begins := p.store.Self().Log.Node < c.Node || known.differing == state // the second look at the same
	p.mu.Lock()
	p.tried[c.Node] = tried{state, begins}
	p.mu.Unlock()
	if begins {
		p.work.Go(func() { p.sync(ctx, s.urls, nil, nil) }) // what goes wrong is seen at the next look
	}
}

// differing is what two laptops held when they were not equal.
type differing struct {
	mine   [8]byte
	theirs string
}

// tried is the last difference that was seen, and whether an exchange was begun for it: what two laptops will not
// take of each other must not keep them talking.
type tried struct {
	differing
	exchanged bool
}
