package exchange

import (
	"errors"
	"fmt"
	"time"

	"kandili/sync/wire"
)

// Sizes of request bodies, in bytes. The first fits a slow link.
const (
	firstBody = 48 << 10
	leastBody = 4 << 10
	mostBody  = 512 << 10
	bodyStep  = 16 << 10 // by which bodies grow once a request was cut
)

// bodyTime is how long a body may take over the link as measured: long enough that the round trip does not count,
// short enough that the other side hears of us and a person sees that it moves.
const bodyTime = 13 * time.Second

// measuredFrom is the smallest body whose time tells the link's rate, and not its round trip.
const measuredFrom = 8 << 10

// pace decides how large the next body is: it doubles until the link or the server sets a bound or a request is cut,
// then grows in steps, and halves with each cut. TCP does the same with its window, for the same reason: nobody
// knows the link, and it changes.
type pace struct {
	body int     // bytes
	rate float64 // bytes a second upwards, smoothed; 0: not measured yet
	most int     // what the server takes; 0: it did not say
	cut  bool    // a request was cut in this exchange
}

// next is how many bytes the next body may have.
func (p *pace) next() int {
	n := p.body
	if p.rate > 0 {
		n = min(n, int(p.rate*bodyTime.Seconds()))
	}
	n = max(min(n, mostBody), leastBody)
	if p.most > 0 {
		n = min(n, p.most)
	}
	return n
}

// arrived notes that a body was answered, so long after it was begun.
func (p *pace) arrived(bytes int, took time.Duration) {
	p.measure(bytes, took)
	if bytes < p.next()/2 {
		return // what was small for want of changes says nothing of larger ones
	}
	if p.cut {
		p.body = min(p.body+bodyStep, mostBody)
		return
	}
	p.body = min(2*p.body, mostBody)
}

func (p *pace) measure(bytes int, took time.Duration) {
	if bytes < measuredFrom {
		return
	}
	rate := float64(bytes) / max(took, time.Millisecond).Seconds()
	if p.rate > 0 {
		rate = (rate + p.rate) / 2
	}
	p.rate = rate
}

// broke notes that a request was cut.
func (p *pace) broke() { p.body, p.cut = max(p.next()/2, leastBody), true }

// limited notes what the server says it takes.
func (p *pace) limited(l wire.Limits) {
	p.most = 0
	if l.Body > 0 {
		p.most = int(max(min(l.Body, mostBody), leastBody))
	}
}

// Waits between tries.
const (
	firstWait = 250 * time.Millisecond
	mostWait  = 30 * time.Second
	mostTries = 12              // that moved nothing, unless the client says otherwise
	patience  = 2 * time.Minute // beyond that the server's wish is for the next exchange
)

// waits are the pauses between tries: each may be twice as long as the one before, and anything between nothing and
// that, so that a village's laptops do not call in step when the network comes back. None is shorter than firstWait.
type waits struct {
	jitter func() float64 // 0 to 1
	most   int            // tries in a row that moved nothing, before it ends
	tries  int            // in a row that moved nothing
}

// moved starts over: something arrived on either side.
func (w *waits) moved() { w.tries = 0 }

// after returns the pause after another try that moved nothing, or false when it is time to give up. The server may
// have asked for a pause; it gets that and a little more, never less.
func (w *waits) after(asked time.Duration) (time.Duration, bool) {
	w.tries++
	if w.tries >= w.most || asked > patience {
		return 0, false
	}
	if asked > 0 {
		return w.asked(asked), true
	}
	most := min(firstWait<<w.tries, mostWait)
	return firstWait + time.Duration(w.jitter()*float64(most)), true
}

// asked is a pause that the server wants.
func (w *waits) asked(d time.Duration) time.Duration {
	return d + time.Duration(w.jitter()*float64(min(d, mostWait)))
}

// Later is the wish of the other side to be called again no sooner than After. Roads put it into the Problem of a
// refusal with code "busy".
type Later struct{ After time.Duration }

func (l Later) Error() string { return fmt.Sprintf("asks to be called again in %v", l.After) }

// askedFor returns how long the other side wants to be left alone; 0: it did not say.
func askedFor(err error) time.Duration {
	var l Later
	if errors.As(err, &l) {
		return max(l.After, 0)
	}
	return 0
}

// leftAt estimates how long the rest takes at the pace so far; 0: too early to say.
func leftAt(done, rest int, took time.Duration) time.Duration {
	if done <= 0 || rest <= 0 || took < 2*time.Second {
		return 0
	}
	return time.Duration(float64(took) / float64(done) * float64(rest))
}
