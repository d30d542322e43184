package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Progress func(Progress)                             // nil: nobody looks
	Received func(journal.Heads) error                  // told what the server holds, flushed
}

// Progress says how far an exchange is.
type Progress struct {
	Sent, ToSend, Received int   // writes
	Up, Down               int64 // bytes of bodies
	Waiting                bool  // the connection broke; trying again
}

// Result says what an exchange did. Writes are what one record got in one change.
type Result struct {
	Sent        int           `json:"sent"`        // writes that the server newly confirmed
	Received    int           `json:"received"`    // writes that are new here
	BytesUp     int64         `json:"bytes_up"`    // of HTTP bodies
	BytesDown   int64         `json:"bytes_down"`  // of HTTP bodies
	Requests    int           `json:"requests"`    // begun, failed ones too
	Quarantined int           `json:"quarantined"` // changes that the server keeps apart
	Unsent      int           `json:"unsent"`      // writes of this node that the server has not confirmed
	Offset      time.Duration `json:"-"`           // the server's clock minus ours
	Refused     []string      `json:"refused,omitempty"`
}

// memory is what is remembered of a server between exchanges.
type memory struct {
	Theirs []byte  `json:"theirs"` // their heads
	Mine   [8]byte `json:"mine"`   // token of our heads as they remember them
	Speaks []byte  `json:"speaks"` // which codecs they read, as they said it; empty: rows
	Clean  bool    `json:"clean"`  // the last exchange ended well: what was sent then has arrived
}

// Sizes of request bodies, in bytes. The first fits a slow link; each cut halves the next, each success doubles it.
const (
	firstBody = 48 << 10
	leastBody = 4 << 10
	mostBody  = 512 << 10
)

// Waits between tries; a try that moved anything forward starts over.
const (
	firstWait = 250 * time.Millisecond
	mostWait  = 30 * time.Second
	mostTries = 12 // without any progress
)

// run is one exchange under way.
type run struct {
	*Client
	res     Result
	theirs  journal.Heads // what the server holds, as far as we know
	mem     memory
	start   journal.Heads // what it held when we began to know
	body    int
	more    bool // the server holds something back
	toSend  int
	settled bool // the server told its heads since the last failure
	speaks  wire.Speaks
	rows    bool // the server asked for rows
}

// Run exchanges until both sides are equal, or until ctx ends, a refusal comes, or too many tries in a row moved
// nothing. What arrived before stays. The result is filled in either case.
func (c *Client) Run(ctx context.Context) (Result, error) {
	r := &run{Client: c, body: firstBody}
	r.recall()
	wait, tries := firstWait, 0
	for {
		moved, done, err := r.request(ctx)
		if done && err == nil {
			return r.res, nil
		}
		if moved || err == nil {
			wait, tries = firstWait, 0
		}
		if err == nil {
			r.body = min(2*r.body, mostBody)
			continue
		}
		r.body = max(r.body/2, leastBody)
		tries++
		if ctx.Err() != nil || !Retry(err) || tries >= mostTries {
			return r.res, err
		}
		r.report(true)
		if err := c.Sleep(ctx, time.Duration(float64(wait)*(0.5+c.Jitter()))); err != nil {
			return r.res, err
		}
		wait = min(2*wait, mostWait)
	}
}

// Retry says whether trying again may help: everything but a refusal told in words.
func Retry(err error) bool {
	var p *fieldwork.Problem
	return !errors.As(err, &p) || p.Code == "unreachable" || p.Code == "busy" || p.Code == "cut"
}

// peerNote is under which name the memory of a peer is kept.
func peerNote(peer string) string { return "exchange/" + peer }

func (r *run) recall() {
	json.Unmarshal(r.Replica.Note(peerNote(r.Peer)), &r.mem) // nothing or nonsense: nothing remembered
	heads, err := wire.ReadHeads(r.mem.Theirs)
	if err != nil {
		heads, r.mem = journal.Heads{}, memory{}
	}
	r.theirs, r.start, r.settled = heads, heads.Clone(), r.mem.Clean
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

// request sends one request and takes in the answer. moved says that something new arrived on either side; done that
// both sides are equal.
func (r *run) request(ctx context.Context) (moved, done bool, err error) {
	body, sentAll, err := r.compose()
	if err != nil {
		return false, false, err
	}
	if r.mem.Clean { // until the answer is whole, nobody knows what has arrived
		if len(body.changes) > 0 {
			if err := r.remember(false); err != nil {
				return false, false, err
			}
		}
	}
	r.res.Requests++
	r.res.BytesUp += int64(len(body.bytes))
	answer, err := r.Road.Exchange(ctx, body.bytes)
	if err != nil {
		r.settled = false
		return false, false, err
	}
	defer answer.Close()
	counted := &counter{r: answer}
	moved, err = r.answer(counted, body.token)
	r.res.BytesDown += counted.n
	if err != nil {
		r.settled = false
		return moved, false, err
	}
	r.settled = true
	if err := r.remember(true); err != nil {
		return moved, false, err
	}
	r.report(false)
	return moved, sentAll && !r.more && r.nothingToSend(), nil
}

// nothingToSend says that the server holds all that we hold. New changes may have been saved meanwhile.
func (r *run) nothingToSend() bool { return r.theirs.Covers(r.Replica.Heads()) }

type request struct {
	bytes   []byte
	token   [8]byte // of our heads as told
	changes []journal.Piece
}

// compose writes the next request. After a failure it only asks what has arrived, which costs a hundred bytes and
// saves sending twice.
func (r *run) compose() (request, bool, error) {
	heads := r.Replica.Heads()
	q := request{token: heads.Token()}
	hello := wire.Hello{Version: wire.Version, Campaign: r.Campaign, Log: r.Log, Known: r.theirs.Token(), Mine: q.token, Program: r.Program,
		Unsent: uint64(r.unsent(heads)), Wall: r.Now().Unix()}
	q.bytes = wire.AppendFrame(nil, hello.Frame())
	q.bytes = wire.AppendFrame(q.bytes, wire.Everything().Frame())
	if r.mem.Mine != q.token {
		q.bytes = wire.AppendFrame(q.bytes, wire.HeadsFrame(wire.TypeHeads, heads))
	}
	more := !r.settled && !r.theirs.Covers(heads)
	if r.settled {
		var err error
		more, err = pack(r.Replica, r.theirs, r.speaks, r.body-len(q.bytes), func(f wire.Frame, p *journal.Piece) error {
			q.bytes = wire.AppendFrame(q.bytes, f)
			q.changes = append(q.changes, *p)
			return nil
		})
		if err != nil {
			return q, false, fmt.Errorf("pack changes: %w", err)
		}
	}
	q.bytes = wire.AppendFrame(q.bytes, wire.EndFrame(more))
	return q, !more, nil
}

func (r *run) unsent(heads journal.Heads) int {
	n := 0
	for log, seq := range heads {
		if log.Node == r.Log.Node && seq > r.theirs[log] {
			n += int(seq - r.theirs[log])
		}
	}
	r.toSend = max(r.toSend, n+r.res.Sent)
	return n
}

// answer takes in the server's frames, each as it comes.
func (r *run) answer(stream io.Reader, told [8]byte) (moved bool, err error) {
	in := wire.NewReader(stream)
	var speaks []byte // an answer that does not say is an older program's
	for {
		f, err := in.Next()
		if err != nil {
			return moved, broken(err)
		}
		switch f.Type {
		case wire.TypeReceived:
			err = r.receipt(f.Body, &moved)
		case wire.TypeSpeaks:
			speaks = f.Body
		case wire.TypeChanges:
			err = r.take(f.Body, &moved)
		case wire.TypeTime:
			if wall, e := wire.ReadTime(f.Body); e == nil {
				r.res.Offset = time.Duration(wall-r.Now().Unix()) * time.Second
			}
		case wire.TypeTrouble:
			err = r.trouble(f.Body)
		case wire.TypeEnd:
			r.more, err = wire.ReadEnd(f.Body)
			r.mem.Mine = told
			r.speak(speaks)
			return moved, err
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
		if old := r.theirs[log]; log.Node == r.Log.Node && seq > old {
			r.res.Sent += int(seq - old)
			*moved = true
		}
	}
	r.theirs = heads
	r.res.Unsent = r.unsent(r.Replica.Heads())
	if r.Received == nil {
		return nil
	}
	return r.Received(heads)
}

func (r *run) take(body []byte, moved *bool) error {
	done, err := take(r.Replica, body)
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
		return broken(errors.New("the server forgot our heads"))
	case codeRows:
		if r.rows {
			return p // it does not read rows either
		}
		r.rows = true
		r.speak(nil)
		return broken(errors.New("the server asks for rows"))
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
	for _, s := range r.res.Refused {
		if s == p.Sentence {
			return
		}
	}
	r.res.Refused = append(r.res.Refused, p.Sentence)
}

func (r *run) report(waiting bool) {
	if r.Progress != nil {
		r.Progress(Progress{Sent: r.res.Sent, ToSend: r.toSend, Received: r.res.Received, Up: r.res.BytesUp, Down: r.res.BytesDown, Waiting: waiting})
	}
}

// broken marks an error of the connection: trying again makes sense.
func broken(err error) error {
	return &fieldwork.Problem{Code: "cut", Sentence: "The connection broke. What had arrived stays, the rest goes on from there.",
		Hint: "Sync again when the connection is better.", Err: err}
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
