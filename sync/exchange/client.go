package exchange

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
}

// Progress says how far an exchange is.
type Progress struct {
	Sent, ToSend        int           // writes
	Received, ToReceive int           // writes
	Up, Down            int64         // bytes of bodies
	Photos              PhotoProgress // as far as they are known
	Left                time.Duration // until it is done at the pace so far; 0: not known
	Waiting             bool          // the connection broke, or the server asked to wait; trying again
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

// memory is what is remembered of a server between exchanges.
type memory struct {
	Theirs []byte  `json:"theirs"` // their heads
	Mine   [8]byte `json:"mine"`   // token of our heads as they remember them
	Speaks []byte  `json:"speaks"` // which codecs they read, as they said it; empty: rows
	Clean  bool    `json:"clean"`  // the last exchange ended well: what was sent then has arrived
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

// pause returns how long to wait before the next request, or the error with which the exchange ends. Whatever moves
// nothing costs a try and a pause, also a server that keeps saying that it has more: nothing here goes round without
// end.
func (r *run) pause(s step, err error) (time.Duration, error) {
	switch {
	case err != nil && !Retry(err):
		return 0, err
	case err == nil && (s.moved || s.asked):
		if asked := seconds(r.limits.RetryAfter); asked > 0 {
			return r.politely(asked)
		}
		return 0, nil
	case err == nil:
		err = broken(errors.New("the server has more and does not give it"))
	}
	asked := askedFor(err)
	wait, again := r.waits.after(asked)
	switch {
	case !again:
		r.res.Again = asked
		return 0, err
	case errors.Is(err, errOtherwise):
		return 0, nil
	}
	return wait, nil
}

// politely waits as the server asked in an answer. Where that is long, the rest is for the next exchange.
func (r *run) politely(asked time.Duration) (time.Duration, error) {
	if asked > patience {
		r.res.Again = asked
		return 0, Busy(asked)
	}
	return r.waits.asked(asked), nil
}

func seconds(n uint64) time.Duration { return time.Duration(min(n, 1<<20)) * time.Second }

// Busy is the problem of a side that has too much to do. After is when it wants to be called again; 0: it did not say.
func Busy(after time.Duration) error {
	return &fieldwork.Problem{Code: "busy", Sentence: "The other side has much to do now. Everything is saved on this laptop.",
		Hint: "It goes on by itself in a while.", Err: Later{after}}
}

// Retry says whether trying again may help: everything but a refusal told in words.
func Retry(err error) bool {
	var p *fieldwork.Problem
	return !errors.As(err, &p) || p.Code == "unreachable" || p.Code == "peer-unreachable" || p.Code == "busy" || p.Code == "cut"
}

// peerNote is under which name the memory of a peer is kept.
func peerNote(peer string) string { return "exchange/" + peer }

func (r *run) recall() {
	json.Unmarshal(r.Replica.Note(peerNote(r.Peer)), &r.mem) // nothing or nonsense: nothing remembered
	heads, err := wire.ReadHeads(r.mem.Theirs)
	if err != nil {
		heads, r.mem = journal.Heads{}, memory{}
	}
	r.theirs, r.settled = heads, r.mem.Clean
	r.speak(r.mem.Speaks)
}

// speak notes which codecs the server reads.
func (r *run) speak(body []byte) {
	s, err := wire.ReadSpeaks(body)
	if err != nil || r.rows {
		s, body = wire.Speaks{}, nil
	}
	r.speaks, r.mem.Speaks = s, bytes.Clone(body)
}

func (r *run) remember(clean bool) error {
	r.mem.Theirs, r.mem.Clean = wire.HeadsFrame(wire.TypeHeads, r.theirs).Body, clean
	b, err := json.Marshal(r.mem)
	if err != nil {
		return err
	}
	return r.Replica.SetNote(peerNote(r.Peer), b)
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

// send brings the body to the server and takes in the answer.
func (r *run) send(ctx context.Context, body request) (moved bool, err error) {
	r.res.Requests++
	r.res.BytesUp += int64(len(body.bytes))
	begun := r.Now()
	answer, err := r.Road.Exchange(ctx, body.bytes)
	if err != nil {
		r.slower(err)
		return false, err
	}
	defer answer.Close()
	took := r.Now().Sub(begun) // the server answers once it has read the whole request
	counted := &counter{r: answer}
	moved, err = r.answer(counted, body.token)
	r.res.BytesDown += counted.n
	if err != nil {
		r.slower(err)
		return moved, err
	}
	r.pace.arrived(len(body.bytes), took)
	return moved, nil
}

// errOtherwise is in the error of a request that the server wants put in another way. The link is not to blame.
var errOtherwise = errors.New("the server wants to be told in another way")

// slower takes a cut as a sign that bodies are too large. That nobody answers at all, or has no time, is none.
func (r *run) slower(err error) {
	var p *fieldwork.Problem
	if errors.Is(err, errOtherwise) {
		return
	}
	if !errors.As(err, &p) || p.Code == "cut" {
		r.pace.broke()
	}
}

// nothingToSend says that the server holds all that we hold, or was given it and did not want it. New changes may
// have been saved meanwhile.
func (r *run) nothingToSend() bool {
	theirs := r.settledHeads()
	for log, seq := range r.Replica.Heads() {
		if seq > theirs[log] && (seq > r.offered[log] || r.from[log] > theirs[log]) && r.has(log, theirs[log]) {
			return false
		}
	}
	return true
}

type request struct {
	bytes   []byte
	token   [8]byte // of our heads as told
	changes []journal.Piece
}

// compose writes the next request. After a failure it only asks what has arrived, which costs a hundred bytes and
// saves sending twice.
func (r *run) compose() (request, bool, error) {
	r.own()
	heads := r.Replica.Heads()
	q := request{token: heads.Token()}
	hello := wire.Hello{Version: wire.Version, Campaign: r.Campaign, Log: r.Log, Known: r.theirs.Token(), Mine: q.token, Program: r.Program,
		Unsent: uint64(r.unsent(heads)), Wall: r.Now().Unix()}
	q.bytes = wire.AppendFrame(nil, hello.Frame())
	q.bytes = wire.AppendFrame(q.bytes, wire.Everything().Frame())
	q.bytes = wire.AppendFrame(q.bytes, r.tips())
	if r.mem.Mine != q.token {
		q.bytes = wire.AppendFrame(q.bytes, wire.HeadsFrame(wire.TypeHeads, heads))
	}
	more := !r.settled && !r.theirs.Covers(heads)
	if r.Known != nil {
		q.bytes = r.known(q.bytes)
	}
	if r.settled {
		var err error
		if q.bytes, err = r.hand(q.bytes, r.pace.next()); err != nil {
			return q, false, err
		}
		more, err = pack(r.Replica, r.settledHeads(), r.speaks, r.pace.next()-len(q.bytes), func(f wire.Frame, p *journal.Piece) error {
			q.bytes = wire.AppendFrame(q.bytes, f)
			q.changes = append(q.changes, *p)
			r.offered[p.Log] = max(r.offered[p.Log], p.Last())
			if from, had := r.from[p.Log]; !had || p.First-1 < from {
				r.from[p.Log] = p.First - 1
			}
			return nil
		})
		if err != nil {
			return q, false, fmt.Errorf("pack changes: %w", err)
		}
	}
	if !more && r.Rest != nil { // after a cut, too, when nothing but photos was under way: they ask for themselves
		var err error
		more, err = r.Rest.Pack(r.pace.next()-len(q.bytes), func(f wire.Frame) error {
			q.bytes = wire.AppendFrame(q.bytes, f)
			return nil
		})
		if err != nil {
			return q, false, fmt.Errorf("pack what goes after the changes: %w", err)
		}
	}
	q.bytes = wire.AppendFrame(q.bytes, wire.EndFrame(more))
	return q, !more, nil
}

// unsent counts this node's writes that the server lacks; others', which we pass on, only count for the progress.
func (r *run) unsent(heads journal.Heads) int {
	own, others := 0, 0
	for log, seq := range heads {
		n := int(seq - min(seq, r.theirs[log]))
		if log.Node == r.Log.Node {
			own += n
		} else {
			others += n
		}
	}
	r.toSend = max(r.toSend, own+others+r.res.Sent)
	return own
}

// answer takes in the server's frames, each as it comes.
func (r *run) answer(stream io.Reader, told [8]byte) (moved bool, err error) {
	in := wire.NewReader(stream)
	r.limits = wire.Limits{}
	r.pace.limited(r.limits)
	r.renewed = false
	var speaks []byte // an answer that does not say is an older program's
	for {
		f, err := in.Next()
		if err != nil {
			return moved, broken(err)
		}
		switch f.Type {
		case wire.TypeReceived:
			err = r.receipt(f.Body, &moved)
		case wire.TypeStatement:
			err = r.stated(f.Body)
		case wire.TypeSpeaks:
			speaks = f.Body
		case wire.TypeChanges, wire.TypePage:
			err = r.take(f, &moved)
		case wire.TypeTrace:
			err = r.confront(f.Body)
		case wire.TypeTime:
			if wall, e := wire.ReadTime(f.Body); e == nil {
				r.res.Offset = time.Duration(wall-r.Now().Unix()) * time.Second
			}
		case wire.TypeLimits:
			if l, e := wire.ReadLimits(f.Body); e == nil {
				r.limits = l
				r.pace.limited(l)
			}
		case wire.TypeTrouble:
			err = r.trouble(f.Body)
		case wire.TypeEnd:
			r.more, err = wire.ReadEnd(f.Body)
			r.more = r.more || r.renewed
			if err == nil {
				err = r.handed()
			}
			r.mem.Mine = told
			r.speak(speaks)
			return moved, err
		default:
			err = takeRest(r.Rest, f, &moved)
		}
		if err != nil {
			return moved, err
		}
		r.report(false)
	}
}

func (r *run) receipt(body []byte, moved *bool) error {
	heads, err := wire.ReadHeads(body)
	if err != nil {
		return err
	}
	for log, seq := range heads {
		old := r.theirs[log]
		if log.Node != r.Log.Node || r.Received == nil { // of others' logs, and of what a laptop has, only what went through us is our doing
			seq = min(seq, r.offered[log])
		}
		if seq > old {
			r.res.Sent += int(seq - old)
			*moved = true
		}
	}
	r.theirs = heads
	r.expect()
	r.res.Unsent = r.unsent(r.Replica.Heads())
	if r.Received == nil {
		return nil
	}
	return r.Received(heads)
}

func (r *run) take(f wire.Frame, moved *bool) error {
	done, err := take(r.Replica, f)
	r.res.Received += done.Writes
	*moved = *moved || done.Changes > 0
	if p := refusal(err); p != nil {
		r.refused(p)
		return nil
	}
	return err
}

// trouble is a refusal. "send-heads", "send-rows" and what concerns one log only does not end the exchange.
func (r *run) trouble(body []byte) error {
	p, err := wire.ReadTrouble(body)
	if err != nil {
		return err
	}
	switch p.Code {
	case "send-heads":
		r.mem.Mine = [8]byte{}
		return broken(fmt.Errorf("%w: it forgot our heads", errOtherwise))
	case codeRows:
		if r.rows {
			return p // it does not read rows either
		}
		r.rows = true
		r.speak(nil)
		return broken(fmt.Errorf("%w: it asks for rows", errOtherwise))
	case "quarantined":
		r.res.Quarantined++
		r.refused(p)
		return nil
	case "later", "fork", "forged":
		r.refused(p)
		return nil
	}
	return p
}

func (r *run) refused(p *fieldwork.Problem) {
	if (r.renewed || len(r.handing) > 0) && slices.Contains([]string{"later", "fork", "quarantined"}, p.Code) {
		return // the next request tells our new state, and then there is nothing to refuse
	}
	for _, s := range r.res.Refused {
		if s == p.Sentence {
			return
		}
	}
	r.res.Refused = append(r.res.Refused, p.Sentence)
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

// broken marks an error of the connection: trying again makes sense.
func broken(err error) error {
	return &fieldwork.Problem{Code: "cut", Sentence: "The connection broke. What had arrived stays, the rest goes on from there.",
		Hint: "Sync again when the connection is better.", Err: err}
}

// Cut is the problem of a connection that broke while a request was on its way.
func Cut(err error) error { return broken(err) }

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
