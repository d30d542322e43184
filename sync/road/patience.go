package road

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// How slow a connection may be before it counts as dead: so long for a beginning, then so many bytes a second. A
// link of a quarter of the slowest modem lives; somebody who only holds the connection open does not. What moved
// fast gives credit for a pause, of a minute at most.
const (
	leastRate  = 512              // bytes a second
	graceTime  = 40 * time.Second // a whole TLS record of 16 KiB, before which nothing can be read, and a little
	creditTime = time.Minute
	bodyTime   = 3 * time.Minute // for a whole body that the system took at once and sends beside us
)

// Pace says how patient a side is; a test is less so. The zero Pace has the figures above.
type Pace struct {
	Rate   int           // bytes a second; 0: 512
	Grace  time.Duration // for a beginning; 0: 40 s
	Credit time.Duration // for a pause; 0: a minute
}

func (p Pace) rate() int             { return orElse(p.Rate, leastRate) }
func (p Pace) grace() time.Duration  { return orElse(p.Grace, graceTime) }
func (p Pace) credit() time.Duration { return orElse(p.Credit, creditTime) }

func orElse[T int | time.Duration](x, y T) T {
	if x == 0 {
		return y
	}
	return x
}

// timeFor is how long so many bytes may take.
func (p Pace) timeFor(bytes int) time.Duration {
	return time.Duration(float64(bytes) / float64(p.rate()) * float64(time.Second))
}

// sliding is a deadline that moves with the bytes.
type sliding struct {
	pace Pace
	at   time.Time
}

func (s *sliding) begin(now time.Time) time.Time {
	s.at = now.Add(s.pace.grace())
	return s.at
}

// moved returns the deadline after so many bytes more.
func (s *sliding) moved(now time.Time, bytes int) time.Time {
	s.at = s.at.Add(s.pace.timeFor(bytes))
	if most := now.Add(s.pace.credit()); s.at.After(most) {
		s.at = most
	}
	return s.at
}

// pacedReader moves the deadline of what it reads from with what comes.
type pacedReader struct {
	r        io.Reader
	deadline func(time.Time)
	sliding  sliding
}

func newPacedReader(r io.Reader, p Pace, deadline func(time.Time)) *pacedReader {
	out := &pacedReader{r: r, deadline: deadline, sliding: sliding{pace: p}}
	deadline(out.sliding.begin(time.Now()))
	return out
}

func (r *pacedReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > 0 {
		r.deadline(r.sliding.moved(time.Now(), n))
	}
	return n, err
}

// pacedWriter gives every write the time that its bytes may take. What lies in the system's buffers counts as
// written, so each write has a beginning of its own.
type pacedWriter struct {
	w        io.Writer
	pace     Pace
	deadline func(time.Time)
}

func (w *pacedWriter) Write(p []byte) (int, error) {
	w.deadline(time.Now().Add(w.pace.grace() + w.pace.timeFor(len(p))))
	return w.w.Write(p)
}

// errStalled ends a request that does not move.
var errStalled = errors.New("nothing moves on this connection")

// watch ends a context when its deadline passes. It is safe for use from several goroutines.
type watch struct {
	cancel context.CancelCauseFunc
	mu     sync.Mutex
	timer  *time.Timer
}

func newWatch(parent context.Context) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(parent)
	return ctx, &watch{cancel: cancel}
}

// until sets the deadline.
func (w *watch) until(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		w.timer = time.AfterFunc(time.Until(t), func() { w.cancel(errStalled) })
		return
	}
	w.timer.Reset(time.Until(t))
}

// end stops watching and ends the context.
func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
	w.cancel(nil)
}

// answer is the body of an answer while it is watched.
type answer struct {
	io.Reader
	body  io.Closer
	watch *watch
}

func (a *answer) Close() error {
	err := a.body.Close()
	a.watch.end()
	return err
}

// watched passes the answer's bytes on as long as they come.
func watched(body io.ReadCloser, w *watch, p Pace) io.ReadCloser {
	return &answer{Reader: newPacedReader(body, p, w.until), body: body, watch: w}
}
