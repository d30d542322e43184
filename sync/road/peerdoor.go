package road

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"kandili/internal/fieldwork"
)

// How much strangers may cost.
const (
	knockTime   = 10 * time.Second // for a handshake
	mostKnocks  = 16               // handshakes at once
	mostInside  = 64               // connections at once
	farewell    = 3 * time.Second  // for somebody turned away to hear it
	mostIgnored = 1 << 20          // bytes of theirs that are thrown away meanwhile
)

// door is a listener that lets only laptops in whose key is known. It does the handshakes itself, so that what a
// stranger sends is never read as HTTP or as frames; a stranger is told why in one sentence and sent away.
type door struct {
	net.Listener
	config *tls.Config
	know   KnowPeer

	in     chan net.Conn
	knocks chan struct{}   // one for each handshake under way
	inside chan struct{}   // one for each connection let in
	ctx    context.Context // ends with the listener
	end    context.CancelCauseFunc
	greets sync.WaitGroup
}

// newDoor listens behind l.
func newDoor(l net.Listener, own func() (*tls.Certificate, error), know KnowPeer) *door {
	d := &door{Listener: l, know: know, in: make(chan net.Conn), knocks: make(chan struct{}, mostKnocks), inside: make(chan struct{}, mostInside),
		config: &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert,
			GetCertificate:         func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return own() },
			SessionTicketsDisabled: true}} // each connection proves its key anew, or a revoked laptop would come in on an old ticket
	d.ctx, d.end = context.WithCancelCause(context.Background())
	d.greets.Add(1)
	go d.wait()
	return d
}

func (d *door) wait() {
	defer d.greets.Done()
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			d.end(err)
			return
		}
		select {
		case d.knocks <- struct{}{}:
			d.greets.Add(1)
			go d.greet(conn)
		default:
			conn.Close() // too many at once
		}
	}
}

func (d *door) greet(raw net.Conn) {
	defer d.greets.Done()
	defer func() { <-d.knocks }()
	shut := context.AfterFunc(d.ctx, func() { raw.Close() })
	defer shut()
	conn := tls.Server(raw, d.config)
	ctx, cancel := context.WithTimeout(d.ctx, knockTime)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return
	}
	state := conn.ConnectionState()
	if _, err := whoIs(&state, d.know); err != nil {
		turnAway(conn, raw, err)
		return
	}
	select {
	case d.inside <- struct{}{}:
	default:
		conn.Close()
		return
	}
	select {
	case d.in <- &guest{Conn: conn, leave: func() { <-d.inside }}:
	case <-d.ctx.Done():
		conn.Close()
		<-d.inside
	}
}

// Accept returns a connection whose key is known.
func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.in:
		return c, nil
	case <-d.ctx.Done():
		return nil, context.Cause(d.ctx)
	}
}

// Close stops listening and sends away who is at the door.
func (d *door) Close() error {
	d.end(net.ErrClosed)
	err := d.Listener.Close()
	d.greets.Wait()
	return err
}

// guest is a connection that was let in.
type guest struct {
	*tls.Conn
	once  sync.Once
	leave func()
}

func (g *guest) Close() error {
	err := g.Conn.Close()
	g.once.Do(g.leave)
	return err
}

// turnAway tells why in an answer that needs no request, and takes no notice of what comes in. It waits for the first
// bytes, because a client takes an answer that comes before its question for noise.
func turnAway(conn *tls.Conn, raw net.Conn, why error) {
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(farewell))
	conn.Read(make([]byte, 1)) // not looked at
	if _, err := conn.Write(refusalBytes(why)); err != nil {
		return
	}
	conn.CloseWrite()
	io.CopyN(io.Discard, raw, mostIgnored) // closing with bytes unread would wipe out the answer on its way
}

func refusalBytes(why error) []byte {
	p := problemOf(why)
	body, _ := json.Marshal(p) // cannot fail: texts
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 403 Forbidden\r\nX-Kandili: 1\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	return b.Bytes()
}

// problemOf is the problem as the other side may see it: without the cause.
func problemOf(err error) fieldwork.Problem {
	p := asProblem(err)
	return fieldwork.Problem{Code: p.Code, Sentence: p.Sentence, Hint: p.Hint}
}
