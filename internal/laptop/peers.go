package laptop

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	gosync "sync"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// PeerOptions say how a laptop meets others.
type PeerOptions struct {
	Listen  string // address where it answers, for example ":8438"; empty: it only calls
	Anybody bool   // whoever HQ certified is let in without asking a person: for scripts, whose author said yes
	Look    bool   // announces this laptop on the local network and looks for others
	Changed func() // called from any goroutine when Nearby changed; may be nil
	// ByItself says whether to exchange with friends as they come; may be called from any goroutine. nil: never.
	ByItself func() bool
}

// Peers is this laptop among others nearby: it answers them, calls them, and remembers whom a person let in. It is
// safe for use from several goroutines.
type Peers struct {
	f     *Folder
	store *store.Store
	opt   PeerOptions
	book  peerbook

	listener net.Listener // nil: it only calls
	stop     context.CancelFunc
	work     gosync.WaitGroup

	mu        gosync.Mutex
	questions map[uint32]*question
	spots     map[string]*spot // by the name on the network
	busy      map[uint32]bool  // nodes with whom an exchange that we began is under way
	tried     map[uint32]tried
}

// OpenPeers begins to answer other laptops of the campaign. Close it before the folder.
func (f *Folder) OpenPeers(opt PeerOptions) (*Peers, error) {
	s, err := f.courierCampaign()
	if err != nil {
		return nil, err
	}
	self := s.Self()
	p := &Peers{f: f, store: s, opt: opt, book: peerbook{store: s},
		questions: map[uint32]*question{}, spots: map[string]*spot{}, busy: map[uint32]bool{}, tried: map[uint32]tried{}}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	if opt.Listen != "" {
		if p.listener, err = listenNear(opt.Listen); err != nil {
			stop()
			return nil, err
		}
		server := &road.PeerServer{Campaign: self.Campaign, Own: p.own, Know: peerNode(s), Answerer: p, Consent: p.consent}
		p.work.Go(func() { server.Serve(ctx, p.listener) }) // ends with ctx; a listener that breaks leaves calling
	}
	if opt.Look {
		p.work.Go(func() { p.look(ctx) })
	}
	return p, nil
}

// own is what this laptop shows of itself: its key, and HQ's voucher for it.
func (p *Peers) own() (*tls.Certificate, error) {
	self := p.store.Self()
	c, err := road.PeerCertificate(self.Key(), self.Voucher)
	return &c, err
}

// listenNear listens where it should or, should somebody else have the port, anywhere.
func listenNear(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	if host, port, e := net.SplitHostPort(address); e == nil && port == fmt.Sprint(road.PeerPort) {
		if l, e := net.Listen("tcp", net.JoinHostPort(host, "0")); e == nil {
			return l, nil
		}
	}
	return nil, &fieldwork.Problem{Code: "cannot-listen", Sentence: "This laptop cannot answer others at " + address + ".",
		Hint: "Another program may use this port, or the address is not this laptop's.", Err: err}
}

// Port is where it answers; 0: it only calls.
func (p *Peers) Port() int {
	if p.listener == nil {
		return 0
	}
	return p.listener.Addr().(*net.TCPAddr).Port
}

// Address is where it answers.
func (p *Peers) Address() string {
	if p.listener == nil {
		return ""
	}
	return p.listener.Addr().String()
}

// Addresses are what a person types on another laptop to call this one.
func (p *Peers) Addresses() (list []string) {
	if p.listener == nil {
		return nil
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			list = append(list, net.JoinHostPort(n.IP.String(), fmt.Sprint(p.Port())))
		}
	}
	return list
}

// Close ends what is under way; what had arrived stays.
func (p *Peers) Close() {
	p.stop()
	p.work.Wait()
}

func (p *Peers) now() time.Time { return p.f.now() }

func (p *Peers) changed() {
	if p.opt.Changed != nil {
		p.opt.Changed()
	}
}

// Answer implements road.Answerer for a laptop that was let in.
func (p *Peers) Answer(ctx context.Context, node uint32, request io.Reader, w io.Writer, flush func()) error {
	self := p.store.Self()
	server := exchange.Server{Replica: p.store, Campaign: self.Campaign, Log: self.Log, Program: Program, Now: p.now,
		Rest:      &exchange.PhotoServer{Album: p.store, Sizes: p.f.peerPhotos().Sizes()},
		Statement: func() (journal.Statement, bool) { st := p.store.Statement(); return st, st.At != 0 }, Stated: p.stated}
	m, err := server.Answer(ctx, node, request, w, flush)
	if m.Received > 0 {
		if _, e := p.f.takeWaiting(ctx, p.store); err == nil {
			err = e
		}
	}
	if m.Received+m.Given > 0 {
		if e := p.moved(); err == nil {
			err = e
		}
	}
	if err == nil {
		p.equal(node) // who exchanges agreed, and this may have been its last request
		err = p.met(node)
	}
	return err
}

// stated takes in what HQ told the other laptop about everybody's changes; HQ's own signature is in it.
func (p *Peers) stated(st journal.Statement) error {
	_, err := p.store.TakeStatement(st, false)
	return err
}

// moved makes the next exchange with HQ ask before it sends: the other laptop may get there first with our changes,
// or we hold some that HQ has had for long.
func (p *Peers) moved() error { return exchange.AskFirst(p.store, hqPeer) }

// met remembers an exchange that ended well.
func (p *Peers) met(node uint32) error {
	c, ok := certificateOf(p.store, node)
	if !ok {
		return nil
	}
	now := p.now().Unix()
	if f, friend := p.book.has(&c); friend && now-f.Last < 60 {
		return nil // an exchange has several requests
	}
	err := p.book.change(&c, func(f *friend) { f.Last = now })
	p.changed()
	return err
}

// Met is who answered at an address.
type Met struct {
	Node uint32
	Name string // as HQ wrote it down
	Code string // to compare at a first meeting
}

// Unconfirmed is in the error of an exchange that a person here has to agree to first, with Confirm.
type Unconfirmed struct{ Met }

func (u *Unconfirmed) Error() string { return "nobody here let laptop " + u.Name + " in" }

// Sync exchanges with the laptop at an address until both hold the same. Where a person has to agree, here or there,
// told is called with what to compare; here the error then holds an Unconfirmed, there it waits. told and progress
// may be nil.
func (p *Peers) Sync(ctx context.Context, url string, told func(Met), progress func(exchange.Progress)) (exchange.Result, error) {
	url, err := road.PeerURL(url)
	if err != nil {
		return exchange.Result{}, err
	}
	return p.sync(ctx, []string{url}, told, progress)
}

func (p *Peers) sync(ctx context.Context, urls []string, told func(Met), progress func(exchange.Progress)) (exchange.Result, error) {
	way, who := p.way(urls)
	defer way.Close()
	m, err := way.Meet(ctx, false)
	if err != nil {
		return exchange.Result{}, err
	}
	c := who()
	if err := p.agree(ctx, way, &c, m, told); err != nil {
		return exchange.Result{}, err
	}
	p.setBusy(c.Node, true)
	defer p.setBusy(c.Node, false)
	res, err := p.exchange(ctx, way, &c, progress)
	if err == nil {
		p.equal(c.Node)
		err = p.met(c.Node)
	}
	return res, err
}

// agree sees to it that a person on each side agreed.
func (p *Peers) agree(ctx context.Context, way *road.HTTPS, c *store.Certificate, m road.Meeting, told func(Met)) error {
	_, friend := p.book.has(c)
	if friend && m.State == road.ConsentYes {
		return nil
	}
	met := Met{Node: c.Node, Name: nameOf(c), Code: p.code(c)}
	if told != nil {
		told(met)
	}
	if !friend {
		if !p.opt.Anybody {
			return &fieldwork.Problem{Code: "peer-confirm", Sentence: "These two laptops meet for the first time. Nothing was exchanged yet.",
				Hint: "Compare the code on both screens, and agree if it is the same.", Err: &Unconfirmed{met}}
		}
		if err := p.Confirm(c.Node); err != nil {
			return err
		}
	}
	if m.State == road.ConsentYes {
		return nil
	}
	return waitForYes(ctx, way)
}

func (p *Peers) setBusy(node uint32, busy bool) {
	p.mu.Lock()
	if busy {
		p.busy[node] = true
	} else {
		delete(p.busy, node)
	}
	p.mu.Unlock()
	p.changed()
}

// equal notes that the laptop holds what this one does; the next look asks it.
func (p *Peers) equal(node uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.spots {
		if s.c.Node == node && s.err == nil {
			s.meeting = p.welcome()
		}
	}
}

// way is the road to addresses of one laptop, and who is there once it was met.
func (p *Peers) way(urls []string) (*road.HTTPS, func() store.Certificate) {
	var mu gosync.Mutex
	var there store.Certificate
	know := func(key ed25519.PublicKey, voucher []byte) (uint32, error) {
		c, err := shownBy(p.store, key, voucher)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && there.Node != 0 && there.Node != c.Node {
			return 0, road.ErrStranger // another laptop took the address in the middle of an exchange
		}
		there = c
		return c.Node, err
	}
	who := func() store.Certificate {
		mu.Lock()
		defer mu.Unlock()
		return there
	}
	own := &tls.Certificate{}
	if made, err := p.own(); err == nil { // it cannot fail with a key that signs; without a certificate the other side refuses
		own = made
	}
	return &road.HTTPS{URLs: urls, Peer: road.PeerConfig(*own, know), Campaign: p.store.Self().Campaign}, who
}

// waitForYes asks the other laptop until a person there answered.
func waitForYes(ctx context.Context, way *road.HTTPS) error {
	ctx, cancel := context.WithTimeoutCause(ctx, meetTime, errNobodyThere)
	defer cancel()
	for {
		m, err := way.Meet(ctx, true)
		switch {
		case context.Cause(ctx) == errNobodyThere:
			return errNobodyThere
		case err != nil:
			return err
		case m.State == road.ConsentYes:
			return nil
		case m.State == road.ConsentNo:
			return &fieldwork.Problem{Code: "peer-declined", Sentence: "The person at the other laptop did not agree. Nothing was exchanged.", Hint: "Talk to each other, and try again in a minute."}
		}
		if err := sleep(ctx, time.Second); err != nil && context.Cause(ctx) != errNobodyThere {
			return err
		}
	}
}

var errNobodyThere = &fieldwork.Problem{Code: "peer-unconfirmed", Sentence: "Nobody at the other laptop has agreed to exchange with this one yet. Nothing was exchanged.",
	Hint: "Compare the code on both screens, and let a person at the other laptop agree."}

// peerTries is how often an exchange with a laptop is tried without success: on a local network, who does not answer
// after some seconds has left.
const peerTries = 5

func (p *Peers) exchange(ctx context.Context, way *road.HTTPS, c *store.Certificate, progress func(exchange.Progress)) (exchange.Result, error) {
	self := p.store.Self()
	client := exchange.Client{Replica: p.store, Road: way, Peer: fmt.Sprintf("peer/%d", c.Node), Campaign: self.Campaign, Log: self.Log, Program: Program,
		Now: p.now, Sleep: sleep, Jitter: rand.Float64, Progress: progress, Tries: peerTries,
		Known: func() (journal.Statement, bool) { return p.store.Statement(), true }, Stated: p.stated}
	res, err := withPhotos(ctx, &client, p.f.photosWith(p.store, client.Peer, p.f.peerPhotos()))
	if res.Received > 0 {
		more, e := p.f.takeWaiting(context.WithoutCancel(ctx), p.store)
		if res.Received += more; err == nil {
			err = e
		}
	}
	if res.Received+res.Sent > 0 {
		if e := p.moved(); err == nil {
			err = e
		}
	}
	res.Unsent = p.store.Unsent() // by HQ's receipts: another laptop's word is none
	return res, err
}
