package exchange

import (
	"context"
	"errors"
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

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
	if r.Vouched != nil {
		q.bytes = wire.AppendFrame(q.bytes, wire.VoucherFrame(nil))
	}
	if r.settled {
		var err error
		if q.bytes, err = r.hand(q.bytes, r.pace.next()); err != nil {
			return q, false, err
		}
		more, err = pack(r.Replica, r.settledHeads(), r.speaks, r.pace.next()-len(q.bytes), func(f wire.Frame, p *journal.Piece) error {
			q.bytes = wire.AppendFrame(r.outline(q.bytes, p), f)
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
