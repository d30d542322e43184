package road

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/brutella/dnssd"
	"github.com/brutella/dnssd/log"

	"kandili/internal/journal"
)

// peerService is what laptops announce on a local network, by DNS-SD over mDNS (RFC 6762, 6763).
const peerService = "_kandili._tcp"

// Beacon tells laptops of the same campaign on the local network where this one answers, and hears of them. What it
// sends is a name that is drawn anew at each start, a port, addresses of the network itself, and a mark that only members of
// the campaign can tell from noise: no name of a person, a laptop or a campaign.
type Beacon struct {
	Campaign journal.Campaign
	Port     int          // where this laptop answers; 0: it only listens
	Spotted  func(Spot)   // somebody of the campaign is there; again when more addresses are known
	Lost     func(string) // the Spot of the name said good-bye, or was not heard of for long
}

// Spot is somebody who says to be of this campaign. Who it is, the TLS handshake tells.
type Spot struct {
	Name string
	URLs []string // on a network that this laptop is on, the likeliest first
}

// Times of looking and announcing. A search asks once, and packets to all get lost on bad wireless networks, so it
// begins anew: often at first, then from time to time.
const (
	firstSearch = 15 * time.Second
	mostSearch  = 2 * time.Minute
	networkLook = 3 * time.Second // between looks at the laptop's own networks
)

// quiet keeps the library from writing to standard output, where commands print JSON.
var quiet = sync.OnceFunc(func() { log.Info.Disable() })

// Run announces and listens until ctx ends. Where the laptop has no network, it waits for one.
func (b *Beacon) Run(ctx context.Context) {
	quiet()
	for ctx.Err() == nil {
		b.onNetworks(ctx, networks())
	}
}

// onNetworks works until the laptop's networks are other ones: sockets know only those that were there before them.
func (b *Beacon) onNetworks(parent context.Context, here []string) {
	ctx, stop := context.WithCancel(parent) // cancelled, never timed out: the library would spin after a deadline
	var work sync.WaitGroup
	own := b.newName()
	if len(here) > 0 {
		work.Go(func() { b.announce(ctx, own) })
		work.Go(func() { b.listen(ctx, own) })
	}
	for slices.Equal(networks(), here) && pause(ctx, networkLook) {
	}
	stop()
	work.Wait()
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// WatchNetworks calls changed each time that the laptop's networks became other ones and there is any, until ctx ends.
func WatchNetworks(ctx context.Context, changed func()) {
	for here := networks(); pause(ctx, networkLook); {
		now := networks()
		if !slices.Equal(now, here) && len(now) > 0 {
			changed()
		}
		here = now
	}
}

// networks names the interfaces that can reach others, with their addresses.
func networks() (list []string) {
	for _, i := range dnssd.MulticastInterfaces() {
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addrs {
			list = append(list, i.Name+" "+a.String())
		}
	}
	slices.Sort(list)
	return list
}

// newName draws the name for a start. Its second half is the mark, made from the first: the library tells a name as soon
// as it is heard, before any text that comes with it.
func (b *Beacon) newName() string {
	var drawn [8]byte
	rand.Read(drawn[:])
	return hex.EncodeToString(drawn[:]) + b.mark(drawn[:])
}

// mark tells members of the campaign that the name belongs to it.
func (b *Beacon) mark(drawn []byte) string {
	h := hmac.New(sha256.New, b.Campaign[:])
	h.Write([]byte("kandili/nearby/v1"))
	h.Write(drawn)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func (b *Beacon) announce(ctx context.Context, own string) {
	if b.Port == 0 {
		return
	}
	srv, err := dnssd.NewService(dnssd.Config{Name: own, Type: peerService, Host: "k" + own[:16], Port: b.Port})
	if err != nil {
		return // cannot be: all parts are ours
	}
	for ctx.Err() == nil {
		r, err := dnssd.NewResponder()
		if err == nil {
			if _, err = r.Add(srv); err == nil {
				r.Respond(ctx)
			}
		}
		pause(ctx, firstSearch) // the network would not have it; it may later
	}
}

func (b *Beacon) listen(ctx context.Context, own string) {
	for round := firstSearch; ctx.Err() == nil; round = min(2*round, mostSearch) {
		search, stop := context.WithCancel(ctx)
		end := time.AfterFunc(round, stop)
		dnssd.LookupType(search, peerService+".local.", func(e dnssd.BrowseEntry) { b.entry(e, own) }, func(e dnssd.BrowseEntry) {
			if b.ours(e, own) {
				b.Lost(e.Name)
			}
		})
		pause(search, round) // where it could not search at all
		end.Stop()
		stop()
	}
}

func (b *Beacon) ours(e dnssd.BrowseEntry, own string) bool {
	if len(e.Name) != 32 || e.Name == own {
		return false
	}
	drawn, err := hex.DecodeString(e.Name[:16])
	return err == nil && hmac.Equal([]byte(e.Name[16:]), []byte(b.mark(drawn)))
}

func (b *Beacon) entry(e dnssd.BrowseEntry, own string) {
	if !b.ours(e, own) || e.Port <= 0 || e.Port > 65535 {
		return
	}
	if urls := onLink(e); len(urls) > 0 {
		b.Spotted(Spot{Name: e.Name, URLs: urls})
	}
}

// onLink returns the addresses that lie on a network of this laptop: nobody on it can send us elsewhere. IPv4 comes
// first, and addresses that need the interface's name last.
func onLink(e dnssd.BrowseEntry) []string {
	iface, err := net.InterfaceByName(e.IfaceName)
	if err != nil {
		return nil
	}
	addrs, err := iface.Addrs()
	if err != nil {
		return nil
	}
	type found struct {
		order int
		url   string
	}
	var list []found
	for _, ip := range e.IPs {
		near := slices.ContainsFunc(addrs, func(a net.Addr) bool {
			n, ok := a.(*net.IPNet)
			return ok && n.Contains(ip)
		})
		host, order := ip.String(), 0
		switch {
		case !near:
			continue
		case ip.To4() == nil && ip.IsLinkLocalUnicast():
			host, order = host+"%25"+iface.Name, 2
		case ip.To4() == nil:
			order = 1
		}
		f := found{order, "https://" + net.JoinHostPort(host, fmt.Sprint(e.Port))}
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b found) int { return a.order - b.order })
	var urls []string
	for _, f := range list {
		urls = append(urls, f.url)
	}
	return urls
}
