package exchange

import (
	"io"
	"time"
)

// Progress says how far an exchange is.
type Progress struct {
	Sent, ToSend        int           // writes
	Received, ToReceive int           // writes
	Up, Down            int64         // bytes of bodies
	Photos              PhotoProgress // as far as they are known
	Left                time.Duration // until it is done at the pace so far; 0: not known
	Waiting             bool          // the connection broke, or the server asked to wait; trying again
}

// expect reckons how much the server has for us.
func (r *run) expect() {
	mine := r.Replica.Heads()
	lack := 0
	for log, seq := range r.theirs {
		if seq > mine[log] {
			lack += int(seq - mine[log])
		}
	}
	r.toReceive = max(r.toReceive, lack+r.res.Received)
}

func (r *run) report(waiting bool) {
	if r.Progress == nil {
		return
	}
	p := Progress{Sent: r.res.Sent, ToSend: max(r.toSend, r.res.Sent), Received: r.res.Received, ToReceive: max(r.toReceive, r.res.Received),
		Up: r.res.BytesUp, Down: r.res.BytesDown, Waiting: waiting}
	p.Left = leftAt(p.Sent+p.Received, p.ToSend-p.Sent+p.ToReceive-p.Received, r.Now().Sub(r.began))
	r.Progress(p)
}

// counter counts the bytes of a body.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
