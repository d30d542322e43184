package synctest

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Link is a user-space network between clients and one server: slow, far, and cut now and then. It carries bytes of
// TCP connections, TLS included, and counts them; what IP and TCP add below is not counted. All its connections share the
// line. Inside a testing/synctest bubble, with Dial in place of Serve, it runs in virtual time.
type Link struct {
	Rate     int                                     // bytes a second in each direction; 0: as fast as the machine
	RTT      time.Duration                           // round trip; half of it each way
	CutEvery time.Duration                           // all connections are reset so often, counted from the first byte; 0: never
	FirstCut time.Duration                           // until the first cut; 0: CutEvery
	Speed    int                                     // so many times faster than real: the caller multiplies times by it; 0: 1
	To       func(context.Context) (net.Conn, error) // opens a connection to the server
	Fault    func() Cut                              // what happens to the next connection; nil: nothing

	up, down    pacer
	once        sync.Once
	began       time.Time
	connections atomic.Int64
	cuts        atomic.Int64
	mu          sync.Mutex
	open        map[net.Conn]bool
	timer       *time.Timer
	closed      bool
	running     sync.WaitGroup
}

// Cut is the end of a connection at a byte of one direction.
type Cut struct {
	ToServer, ToClient int64 // bytes that go through before it; negative: no cut in this direction
	Hang               bool  // nothing more goes through, and nobody is told: half-open
	Quiet              bool  // the connection ends as if all were said, with a FIN; otherwise it is reset
}

// Figures are what went over a link since it was made.
type Figures struct {
	Up, Down    int64 // bytes from and to clients
	Connections int64
	Cuts        int64 // times at which connections were reset
}

// Figures returns what went over the link so far.
func (l *Link) Figures() Figures {
	return Figures{Up: l.up.total.Load(), Down: l.down.total.Load(), Connections: l.connections.Load(), Cuts: l.cuts.Load()}
}

// speed is Speed with its default.
func (l *Link) speed() time.Duration { return time.Duration(max(l.Speed, 1)) }

// Serve takes connections until the listener closes.
func (l *Link) Serve(in net.Listener) {
	for {
		c, err := in.Accept()
		if err != nil {
			return
		}
		l.running.Go(func() { l.carry(c) })
	}
}

// Dial returns a client's end of a new connection through the link. It can stand in for net.Dialer's DialContext.
func (l *Link) Dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	l.running.Go(func() { l.carry(theirs) })
	return ours, nil
}

// Close cuts what is open and waits for the end of it. Listeners are their owners' to close.
func (l *Link) Close() {
	l.mu.Lock()
	l.closed = true
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	l.cut()
	l.running.Wait()
}

func (l *Link) start() {
	l.up.rate, l.down.rate = l.Rate*int(l.speed()), l.Rate*int(l.speed())
	l.began = time.Now()
	if l.CutEvery > 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		first := l.FirstCut
		if first == 0 {
			first = l.CutEvery
		}
		l.timer = time.AfterFunc(first/l.speed(), l.cutAgain)
	}
}

func (l *Link) cutAgain() {
	l.cut()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.timer.Reset(l.CutEvery / l.speed())
	}
}

// cut resets every connection.
func (l *Link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) > 0 {
		l.cuts.Add(1)
	}
	for c := range l.open {
		Reset(c)
	}
	clear(l.open)
}

// Reset closes a connection at once, over TCP with an RST, so that what was not read yet is lost.
func Reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

func (l *Link) keep(list ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	if l.open == nil {
		l.open = map[net.Conn]bool{}
	}
	for _, c := range list {
		l.open[c] = true
	}
	return true
}

func (l *Link) forget(list ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range list {
		delete(l.open, c)
	}
}

func (l *Link) carry(client net.Conn) {
	l.once.Do(l.start)
	defer client.Close()
	small(client)
	server, err := l.To(context.Background())
	if err != nil {
		return
	}
	defer server.Close()
	small(server)
	l.connections.Add(1)
	if !l.keep(client, server) {
		return
	}
	defer l.forget(client, server)
	c := Cut{ToServer: -1, ToClient: -1}
	if l.Fault != nil {
		c = l.Fault()
	}
	var both sync.WaitGroup
	both.Go(func() { l.direction(server, client, &l.up, c.ToServer, c) })
	both.Go(func() { l.direction(client, server, &l.down, c.ToClient, c) })
	both.Wait()
}

// small keeps the kernel from holding much of what a slow line has not carried yet.
func small(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetReadBuffer(32 << 10)
		t.SetWriteBuffer(32 << 10)
	}
}

// flight is what is on its way.
type flight struct {
	data []byte
	at   time.Time // of arrival
	cut  bool      // the connection is reset after it
}

// direction carries bytes from one end to the other until either closes or left bytes went through.
func (l *Link) direction(to, from net.Conn, line *pacer, left int64, c Cut) {
	flying := make(chan flight, 1024)
	var arrive sync.WaitGroup
	arrive.Go(func() { land(to, from, flying) })
	defer arrive.Wait()
	defer close(flying)
	buf := make([]byte, 512)
	for {
		n, err := from.Read(buf)
		if left >= 0 && int64(n) >= left {
			line.total.Add(left)
			flying <- flight{data: append([]byte(nil), buf[:left]...), at: time.Now(), cut: !c.Hang && !c.Quiet}
			if c.Hang {
				for err == nil { // until one of the two loses patience
					_, err = from.Read(buf)
				}
			}
			return
		}
		if left >= 0 {
			left -= int64(n)
		}
		if n > 0 {
			sent := line.pace(n)
			flying <- flight{data: append([]byte(nil), buf[:n]...), at: sent.Add(l.RTT / 2 / l.speed())}
			time.Sleep(time.Until(sent))
		}
		if err != nil {
			flying <- flight{at: time.Now().Add(l.RTT / 2 / l.speed())}
			return
		}
	}
}

// land writes what arrives, and ends both ends once one has ended.
func land(to, from net.Conn, flying <-chan flight) {
	broken := false
	for f := range flying {
		time.Sleep(time.Until(f.at))
		if !broken && len(f.data) > 0 {
			if _, err := to.Write(f.data); err != nil {
				broken = true
				from.Close()
			}
		}
		if f.cut {
			Reset(to)
			Reset(from)
		}
	}
	to.Close()
	from.Close()
}

// pacer is one direction of a line.
type pacer struct {
	rate  int
	total atomic.Int64
	mu    sync.Mutex
	free  time.Time // when the line has sent all it was given
}

// pace gives the line n bytes and returns when the last of them has left.
func (p *pacer) pace(n int) time.Time {
	p.total.Add(int64(n))
	now := time.Now()
	if p.rate <= 0 {
		return now
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.free.Before(now) {
		p.free = now
	}
	p.free = p.free.Add(time.Duration(n) * time.Second / time.Duration(p.rate))
	return p.free
}
