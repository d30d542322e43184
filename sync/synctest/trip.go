package synctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

// trip is the road of one exchange in the simulation. On a bad road anything may happen to any request.
type trip struct {
	w              *World
	client, server *Node
	bad            bool
	late           [][]byte // requests that are still on their way, to arrive after newer ones
	requests       int
}

// mostRequests is how many an exchange may take before it counts as one that does not end.
const mostRequests = 400

var errCut = &fieldwork.Problem{Code: "unreachable", Sentence: "The line was cut.", Err: io.ErrUnexpectedEOF}

func (t *trip) Exchange(_ context.Context, body []byte) (io.ReadCloser, error) {
	w := t.w
	if t.requests++; t.requests > mostRequests {
		w.fail("an exchange of %v with %v does not end: %d requests", t.client, t.server, t.requests)
		return nil, errors.New("does not end")
	}
	w.Now = w.Now.Add(time.Duration(1+w.rnd.IntN(20)) * time.Second)
	if !t.bad {
		return t.whole(body)
	}
	w.meanwhile(t)
	for len(t.late) > 0 && w.rnd.IntN(2) == 0 {
		t.serve(t.late[0]) // it arrives now, and nobody waits for the answer
		t.late = t.late[1:]
	}
	switch w.rnd.IntN(16) {
	case 0: // nothing arrives
		return nil, errCut
	case 1: // a part arrives
		t.serve(body[:w.rnd.IntN(len(body))])
		return nil, errCut
	case 2, 3: // all arrives, the answer in part
		answer, _ := t.serve(body)
		return cutOff(answer[:w.rnd.IntN(len(answer)+1)]), nil
	case 4: // all arrives twice
		t.serve(body)
		return t.whole(body)
	case 5: // it arrives after a newer one
		t.late = append(t.late, body)
		return nil, errCut
	case 6: // a bit flips on the way there
		answer, err := t.serve(w.flipped(body))
		if err != nil {
			return cutOff(answer), nil
		}
		return io.NopCloser(bytes.NewReader(answer)), nil
	case 7: // or back
		answer, _ := t.serve(body)
		return io.NopCloser(bytes.NewReader(w.flipped(answer))), nil
	case 8: // too much to do
		return nil, exchange.Busy(time.Duration(w.rnd.IntN(20)) * time.Second)
	case 9: // a hotel's sign-in page, or an error of a proxy in between
		return nil, &fieldwork.Problem{Code: "unreachable", Sentence: "This is not HQ."}
	case 10: // it hangs, then breaks
		w.Now = w.Now.Add(10 * time.Minute)
		return nil, errCut
	case 11: // the other side loses its power in the middle
		answer, _ := t.serve(body[:len(body)/2])
		t.server.Crash()
		return cutOff(answer), nil
	}
	return t.whole(body)
}

// whole is a request that meets no accident.
func (t *trip) whole(body []byte) (io.ReadCloser, error) {
	answer, err := t.serve(body)
	if err != nil {
		return cutOff(answer), nil
	}
	return io.NopCloser(bytes.NewReader(answer)), nil
}

// cutOff is an answer that breaks off.
func cutOff(answer []byte) io.ReadCloser {
	return io.NopCloser(io.MultiReader(bytes.NewReader(answer), broken{}))
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (w *World) flipped(b []byte) []byte {
	b = bytes.Clone(b)
	if len(b) > 0 {
		b[w.rnd.IntN(len(b))] ^= 1 << w.rnd.IntN(8)
	}
	return b
}

// serve has the other side answer.
func (t *trip) serve(body []byte) ([]byte, error) {
	n := t.server
	self := n.Store.Self()
	s := exchange.Server{Replica: n.replica(), Campaign: campaign, Log: self.Log, Program: "simulation", Now: n.now,
		Statement: n.statement, Body: t.w.pieces()}
	if n.Number != 0 {
		s.Stated = func(st journal.Statement) error {
			_, err := n.Store.TakeStatement(st, false)
			return err
		}
	}
	var answer bytes.Buffer
	_, err := s.Answer(context.Background(), t.client.Number, bytes.NewReader(body), &answer, func() {})
	if n.rows {
		return withoutSpeaks(answer.Bytes()), err
	}
	return answer.Bytes(), err
}

// pieces is how much goes into one answer: often very little, so that there is something to resume.
func (w *World) pieces() int {
	if w.rnd.IntN(2) == 0 {
		return 600
	}
	return 0
}

// withoutSpeaks is what a program says that does not know of codecs: it is then given rows.
func withoutSpeaks(stream []byte) (out []byte) {
	in := wire.NewReader(bytes.NewReader(stream))
	for {
		f, err := in.Next()
		if err != nil {
			return out
		}
		if f.Type != wire.TypeSpeaks {
			out = wire.AppendFrame(out, f)
		}
	}
}

// statement is what HQ says about everybody's changes, or the last that a laptop has of it.
func (n *Node) statement() (journal.Statement, bool) {
	if n.Number != 0 {
		st := n.Store.Statement()
		return st, st.At != 0
	}
	st := journal.Statement{At: n.now().Unix(), Held: n.replica().Heads(), Durable: journal.Heads{}, Marks: map[fieldwork.LogID]uint32{}}
	for log, seq := range st.Held {
		if d := min(seq, n.proven[log]); d > 0 {
			st.Durable[log] = d
		}
	}
	var err error
	if st.Apart, err = n.Store.Apart(); err != nil {
		return st, false
	}
	if err := st.Sign(campaign, n.key()); err != nil {
		return st, false
	}
	n.Store.KeepStatement(st)
	return st, true
}

// Sync lets the client exchange with the server. It returns what the exchange returned.
func (w *World) Sync(client, server *Node, bad bool) error {
	t := &trip{w: w, client: client, server: server, bad: bad}
	err := w.exchange(client, server, t)
	for _, body := range t.late { // what is still on its way arrives in the end
		t.serve(body)
	}
	return err
}

// exchange runs the client's side of an exchange over a road.
func (w *World) exchange(client, server *Node, way exchange.Road) error {
	c := exchange.Client{Replica: client.replica(), Road: way, Campaign: campaign, Log: client.Store.Self().Log, Program: "simulation", Now: client.now,
		Jitter: w.rnd.Float64,
		Sleep: func(_ context.Context, d time.Duration) error {
			w.Now = w.Now.Add(d)
			return nil
		}}
	if client.rows {
		c.Road = oldProgram{way}
	}
	if server.Number == 0 {
		c.Peer = "hq"
		c.Received = func(h journal.Heads) error { return w.received(client, h) }
		c.Known = func() (journal.Statement, bool) { return client.Store.Statement(), false }
		c.Stated = func(st journal.Statement) error {
			_, err := client.Store.TakeStatement(st, true)
			return err
		}
	} else {
		c.Peer = server.String()
		c.Known = func() (journal.Statement, bool) { return client.Store.Statement(), true }
		c.Stated = func(st journal.Statement) error {
			_, err := client.Store.TakeStatement(st, false)
			return err
		}
	}
	res, err := c.Run(context.Background())
	if len(res.Refused) > 0 {
		w.tell("refused: %q", res.Refused)
	}
	if w.Bug != nil && w.Bug.Hopeful && err != nil && server.Number == 0 {
		w.received(client, client.Store.Heads())
	}
	client.contact = client.now().Unix()
	return err
}

// oldProgram takes from requests what an old program does not say.
type oldProgram struct{ exchange.Road }

func (o oldProgram) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	return o.Road.Exchange(ctx, withoutSpeaks(body))
}
