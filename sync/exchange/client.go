package exchange

import (
	"cmp"
	"context"
	"io"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// Road carries one request to the other side and brings the answer.
type Road interface {
	// Exchange sends the body and returns the answer as it comes. The caller closes it. The error may be a Problem
	// that says what the person can do; Retry tells whether trying again makes sense.
	Exchange(ctx context.Context, body []byte) (io.ReadCloser, error)
}

// Client brings one replica up to date with a server, and the server with it.
type Client struct {
	Replica  Replica
	Road     Road
	Peer     string           // name under which the server's state is remembered
	Campaign journal.Campaign // of the replica
	Log      fieldwork.LogID  // of the replica
	Program  string           // name and version
	Now      func() time.Time
	Sleep    func(context.Context, time.Duration) error // between tries
	Jitter   func() float64                             // 0 to 1
	Tries    int                                        // in a row that moved nothing, after which it ends; 0: 12, which takes minutes
	Progress func(Progress)                             // nil: nobody looks
	Received func(journal.Heads) error                  // told what the server holds, flushed
	Rest     Rest                                       // what goes after the changes; nil: nothing

	// Known returns HQ's last statement, so that the server gives newer ones; tell says whether to give ours, too: the
	// server is no HQ, and may know less. Nil: statements are of no use here.
	Known func() (s journal.Statement, tell bool)
	// Stated is told each statement of HQ that comes. It checks the signature.
	Stated func(journal.Statement) error

	// Vouched is told HQ's voucher for this laptop, which is asked for where it is set. Nil: we have one, or the server
	// is no HQ.
	Vouched func(voucher []byte) error
}

// Result says what an exchange did. Writes are what one record got in one change.
type Result struct {
	Sent        int           `json:"sent"`                // writes that the server newly confirmed
	Received    int           `json:"received"`            // writes that are new here
	BytesUp     int64         `json:"bytes_up"`            // of HTTP bodies
	BytesDown   int64         `json:"bytes_down"`          // of HTTP bodies
	Requests    int           `json:"requests"`            // begun, failed ones too
	Quarantined int           `json:"quarantined"`         // changes that the server keeps apart
	Unsent      int           `json:"unsent"`              // writes of this node that the server has not confirmed
	Offset      time.Duration `json:"-"`                   // the server's clock minus ours
	Again       time.Duration `json:"-"`                   // how long the server wants to be left alone from now on; 0: it did not say
	Photos      PhotoProgress `json:"photos"`              // filled in by whoever put photos into Rest
	Forgotten   int           `json:"forgotten,omitempty"` // writes that HQ had confirmed and lacks: it was restored from a backup, and is given them again
	Renewed     bool          `json:"renewed,omitempty"`   // the folder turned out to be a copy and goes on under a new incarnation
	Refused     []string      `json:"refused,omitempty"`
}

// run is one exchange under way.
type run struct {
	*Client
	res       Result
	theirs    journal.Heads // what the server holds, as far as we know
	offered   journal.Heads // what it was sent in this exchange, taken or not
	from      journal.Heads // after what, of each log
	mem       memory
	pace      pace
	waits     waits
	limits    wire.Limits // as the last answer said
	more      bool        // the server holds something back
	toSend    int
	toReceive int
	began     time.Time
	settled   bool // the server told its heads since the last failure
	speaks    wire.Speaks
	rows      bool            // the server asked for rows
	renewed   bool            // in this answer the server proved that what is held here is not what counts
	handing   []journal.Piece // in the request, of what is kept apart here
	told      bool            // the server asked for the tips of all logs
	tell      []journal.Tip   // of them, what it was not told yet
}

// Run exchanges until both sides are equal, or until ctx ends, a refusal comes, or too many tries in a row moved
// nothing. What arrived before stays. The result is filled in either case.
func (c *Client) Run(ctx context.Context) (Result, error) {
	r := &run{Client: c, pace: pace{body: firstBody}, waits: waits{jitter: c.Jitter, most: cmp.Or(c.Tries, mostTries)}, offered: journal.Heads{}, from: journal.Heads{}, began: c.Now()}
	r.recall()
	for {
		step, err := r.request(ctx)
		if step.moved {
			r.waits.moved()
		}
		if err == nil && step.done {
			r.res.Again = seconds(r.limits.RetryAfter)
			return r.res, nil
		}
		if ctx.Err() != nil {
			return r.res, cmp.Or(err, ctx.Err())
		}
		wait, stop := r.pause(step, err)
		if stop != nil {
			return r.res, stop
		}
		if wait > 0 {
			r.report(true)
			if e := c.Sleep(ctx, wait); e != nil {
				return r.res, cmp.Or(err, e) // what went wrong says more than that the time was up
			}
		}
	}
}

// step is what one request did.
type step struct {
	moved bool // something new arrived on either side
	asked bool // it only asked what had arrived
	done  bool // both sides are equal, but for what was refused
}

// request sends one request and takes in the answer.
func (r *run) request(ctx context.Context) (s step, err error) {
	s.asked = !r.settled && !r.theirs.Covers(r.Replica.Heads())
	body, sentAll, err := r.compose()
	if err != nil {
		return s, err
	}
	if r.mem.Clean && len(body.changes) > 0 { // until the answer is whole, nobody knows what has arrived
		if err := r.remember(false); err != nil {
			return s, err
		}
	}
	s.moved, err = r.send(ctx, body)
	if err != nil {
		r.settled = false
		return s, err
	}
	r.settled = true
	if err := r.remember(true); err != nil {
		return s, err
	}
	r.report(false)
	s.done = sentAll && !r.more && r.nothingToSend() && r.restDone(s.asked)
	return s, nil
}

// restDone says that nothing is left to do after the changes. A request that only asked what had arrived told nothing
// of that.
func (r *run) restDone(asked bool) bool { return r.Rest == nil || !asked && r.Rest.Done() }
