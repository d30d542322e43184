package main

import (
	"context"
	"fmt"
	"sync"

	"kandili/internal/laptop"
	"kandili/sync/exchange"
	"kandili/sync/road"
	uisync "kandili/ui/sync"
)

// neighbours are the laptops nearby, met from the first time that the window wants to hear of them until the folder is
// closed. Safe from any goroutine.
type neighbours struct {
	mu      sync.Mutex
	peers   *laptop.Peers // nil: not met
	hidden  bool          // peers were opened without looking
	changed func()        // nil: nobody listens
	network context.CancelFunc
	closing sync.WaitGroup
}

func (n *neighbours) open() *laptop.Peers {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.peers
}

// tell passes on that something changed.
func (n *neighbours) tell() {
	n.mu.Lock()
	f := n.changed
	n.mu.Unlock()
	if f != nil {
		f()
	}
}

// listen says who hears of changes, and whether laptops are met already in the way that is wanted.
func (n *neighbours) listen(changed func(), hidden bool) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.changed = changed
	return changed == nil || n.peers != nil && n.hidden == hidden
}

// take puts others in the place of what there was. Saying good-bye takes a moment, which nobody waits for.
func (n *neighbours) take(p *laptop.Peers, hidden bool) {
	n.mu.Lock()
	old := n.peers
	n.peers, n.hidden = p, hidden
	n.mu.Unlock()
	if old != nil {
		n.closing.Go(old.Close)
	}
}

// close ends everything, and waits for it.
func (n *neighbours) close() {
	n.listen(nil, false)
	n.take(nil, false)
	n.watch(nil)
	n.closing.Wait()
}

func (n *neighbours) watch(stop context.CancelFunc) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.network != nil {
		n.network()
	}
	n.network = stop
}

// OnNearby implements uisync.Neighbours.
func (d *desk) OnNearby(changed func()) {
	f := d.open()
	hidden := d.Choices().Hidden || d.alone
	if d.near.listen(changed, hidden) || f == nil {
		return
	}
	d.near.take(nil, hidden)
	opt := laptop.PeerOptions{Look: !hidden, Changed: d.near.tell, ByItself: func() bool { return !d.Paused() }}
	if !hidden {
		opt.Listen = fmt.Sprintf(":%d", road.PeerPort)
	}
	p, err := f.OpenPeers(opt)
	if err != nil && !hidden { // nobody may listen here; calling still works
		opt.Listen = ""
		p, err = f.OpenPeers(opt)
	}
	if err == nil {
		d.near.take(p, hidden)
	}
}

// OnNetwork implements uisync.Neighbours.
func (d *desk) OnNetwork(changed func()) {
	if changed == nil {
		d.near.watch(nil)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	d.near.watch(stop)
	go road.WatchNetworks(ctx, changed)
}

// Paused implements uisync.Home.
func (d *desk) Paused() bool { return d.Choices().Paused }

// Nearby implements uisync.Neighbours.
func (d *desk) Nearby() []uisync.Nearby {
	p := d.near.open()
	if p == nil {
		return nil
	}
	var list []uisync.Nearby
	for _, n := range p.Nearby() {
		list = append(list, uisync.Nearby{Met: metOf(n.Met), URL: n.URL, Here: n.Here, Friend: n.Friend, Asks: n.Asks, Busy: n.Busy, Knows: n.Knows,
			Brings: n.Brings, Takes: n.Takes, Last: n.Last, Why: n.Why})
	}
	return list
}

func metOf(m laptop.Met) uisync.Met { return uisync.Met{Node: m.Node, Name: m.Name, Code: m.Code} }

// Exchange implements uisync.Neighbours.
func (d *desk) Exchange(ctx context.Context, url string, told func(uisync.Met), report func(uisync.Progress)) (uisync.Result, error) {
	p := d.near.open()
	if p == nil {
		return uisync.Result{}, errLocked
	}
	res, err := p.Sync(ctx, url, func(m laptop.Met) { told(metOf(m)) }, func(x exchange.Progress) { report(progressOf(x)) })
	return resultOf(res), err
}

// LetIn implements uisync.Neighbours.
func (d *desk) LetIn(node uint32) error {
	if p := d.near.open(); p != nil {
		return p.Confirm(node)
	}
	return errLocked
}

// SendAway implements uisync.Neighbours.
func (d *desk) SendAway(node uint32) {
	if p := d.near.open(); p != nil {
		p.Decline(node)
	}
}

// Forget implements uisync.Neighbours.
func (d *desk) Forget(node uint32) error {
	if p := d.near.open(); p != nil {
		return p.Forget(node)
	}
	return errLocked
}

// Addresses implements uisync.Neighbours.
func (d *desk) Addresses() []string {
	if p := d.near.open(); p != nil {
		return p.Addresses()
	}
	return nil
}

func progressOf(p exchange.Progress) uisync.Progress {
	return uisync.Progress{Sent: p.Sent, ToSend: p.ToSend, Received: p.Received, ToReceive: p.ToReceive, Up: p.Up, Down: p.Down, Left: p.Left, Waiting: p.Waiting,
		Photos: p.Photos.Sent + p.Photos.Received, AllPhotos: p.Photos.ToSend + p.Photos.ToReceive}
}

func resultOf(r exchange.Result) uisync.Result {
	return uisync.Result{Sent: r.Sent, Received: r.Received, Quarantined: r.Quarantined, Up: r.BytesUp, Down: r.BytesDown, Offset: r.Offset, Again: r.Again, Forgotten: r.Forgotten, Renewed: r.Renewed}
}
