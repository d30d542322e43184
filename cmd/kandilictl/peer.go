package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

func peerFlags(fs *flag.FlagSet, o *options) {
	fs.StringVar(&o.listen, "listen", fmt.Sprintf(":%d", road.PeerPort), "serve: address where this laptop answers others")
	fs.StringVar(&o.readyFile, "ready-file", "", "serve: gets {\"url\":…} once it answers")
	fs.StringVar(&o.maxTime, "max-time", "", "give up after this long, for example 90s or 5m; what arrived stays")
}

const peerUsage = "Usage: kandilictl peer serve [--listen ADDR], kandilictl peer sync URL, or kandilictl peer list"

// peer meets laptops nearby. Whoever starts it agrees to laptops that HQ certified for this campaign; the window
// asks instead.
func peer(s *session, args []string) error {
	ctx, cancel, err := s.deadline()
	if err != nil {
		return err
	}
	defer cancel()
	switch {
	case len(args) == 1 && args[0] == "serve":
		return peerServe(s, ctx)
	case len(args) == 2 && args[0] == "sync":
		return peerSync(s, ctx, args[1])
	case len(args) == 1 && args[0] == "list":
		return peerList(s, ctx)
	}
	return usageError{peerUsage}
}

// deadline is the command's context with --max-time.
func (s *session) deadline() (context.Context, context.CancelFunc, error) {
	if s.opt.maxTime == "" {
		return s.ctx, func() {}, nil
	}
	d, err := time.ParseDuration(s.opt.maxTime)
	if err != nil {
		return nil, nil, usageError{"--max-time is a time such as 90s or 5m."}
	}
	ctx, cancel := context.WithTimeout(s.ctx, d)
	return ctx, cancel, nil
}

func peerServe(s *session, ctx context.Context) error {
	p, err := s.folder.OpenPeers(laptop.PeerOptions{Listen: s.opt.listen, Anybody: true, Look: !onlyHere(s.opt.listen)})
	if err != nil {
		return err
	}
	defer p.Close()
	at := map[string]string{"url": reachable(p.Address())}
	if s.opt.readyFile != "" {
		b, err := json.Marshal(at)
		if err != nil {
			return err
		}
		if err := vault.WriteFileAtomic(s.opt.readyFile, b, 0o600); err != nil {
			return &fieldwork.Problem{Code: "disk-error", Sentence: "The ready file could not be written.", Hint: "Check its folder.", Err: err}
		}
	}
	if err := s.print(at, func(w io.Writer) {
		fmt.Fprintf(w, "Answering the campaign's laptops at %s until stopped.\n", at["url"])
	}); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// onlyHere says whether nobody but this machine reaches an address: there is nothing to announce then.
func onlyHere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// reachable is how this machine reaches a listener.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return "https://" + net.JoinHostPort(host, port)
}

func peerSync(s *session, ctx context.Context, url string) error {
	p, err := s.folder.OpenPeers(laptop.PeerOptions{Anybody: true})
	if err != nil {
		return err
	}
	defer p.Close()
	told := func(m laptop.Met) {
		fmt.Fprintf(s.err, "First meeting with %s. Both screens show the code %s.\n", m.Name, m.Code)
	}
	res, err := p.Sync(ctx, url, told, s.exchanged())
	err = timeUp(err)
	s.opt.json = true // its output is a contract, the same as that of sync
	if e := s.print(res, nil); err == nil {
		err = e
	}
	return err
}

// exchanged shows on a terminal how far an exchange is, in changes, bytes and time left, on one line that the result
// then takes; elsewhere it is nil.
func (s *session) exchanged() func(exchange.Progress) {
	f := s.terminal()
	if f == nil {
		return nil
	}
	var last time.Time
	return func(p exchange.Progress) {
		if now := time.Now(); now.Sub(last) > 200*time.Millisecond {
			last = now
			fmt.Fprintf(f, "%s\033[K\r", exchangeLine(p))
		}
	}
}

func exchangeLine(p exchange.Progress) string {
	line := fmt.Sprintf("%d of %d sent, %d of %d received, %.1f KB", p.Sent, max(p.ToSend, p.Sent), p.Received, max(p.ToReceive, p.Received), float64(p.Up+p.Down)/1000)
	switch {
	case p.Waiting:
		line += ", trying again"
	case p.Left > 0:
		line += ", about " + p.Left.Round(time.Second).String() + " left"
	}
	return line
}

// listTime is how long a list waits for laptops to answer.
const listTime = 4 * time.Second

// heard is a laptop nearby as the terminal tells it.
type heard struct {
	Name   string `json:"name"` // empty: this laptop does not know it
	URL    string `json:"url"`
	Brings int    `json:"brings"` // writes that it has and this laptop lacks; known once both agreed
	Takes  int    `json:"takes"`  // writes that it lacks
	Why    string `json:"why"`    // code of why there is no exchange; empty: nothing is in the way
}

func peerList(s *session, ctx context.Context) error {
	p, err := s.folder.OpenPeers(laptop.PeerOptions{Look: true})
	if err != nil {
		return err
	}
	defer p.Close()
	select {
	case <-ctx.Done():
	case <-time.After(listTime):
	}
	list := []heard{}
	for _, n := range p.Nearby() {
		if n.Here {
			list = append(list, heard{n.Name, n.URL, n.Brings, n.Takes, n.Why})
		}
	}
	return s.print(map[string]any{"laptops": list}, func(w io.Writer) {
		if len(list) == 0 {
			fmt.Fprintln(w, "No laptop of this campaign is on this network now.")
		}
		for _, h := range list {
			fmt.Fprintf(w, "%-24s %s\n", cmp.Or(h.Name, "(not known here)"), h.URL)
		}
	})
}
