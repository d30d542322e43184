package exchange

import (
	"container/heap"
	"errors"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// pack calls send with frames of everything that have lacks, until about limit bytes are sent: HQ's log first because
// it says who may write the others, then the oldest changes of whichever log, so that nobody's work waits behind
// everybody else's. It reports whether something was left out. Clocks that are wrong put a laptop's changes earlier
// or later in the row, and that is all they do.
func pack(r Replica, have journal.Heads, to wire.Speaks, limit int, send func(wire.Frame, *journal.Piece) error) (more bool, err error) {
	c := cutter{Replica: r, to: to, size: firstPiece}
	mine := r.Heads()
	var next queue
	for _, log := range mine.Logs() {
		if next, err = next.add(r, log, have[log], mine[log]); err != nil {
			return false, err
		}
	}
	heap.Init(&next)
	sent := false // one frame always goes, or nothing ever would
	for len(next) > 0 {
		if limit < wire.TargetBody/2 && sent {
			return true, nil
		}
		l := heap.Pop(&next).(lacking)
		f, p, err := c.frame(l.log, l.after, mine[l.log])
		if errors.Is(err, journal.ErrNoMore) {
			continue
		}
		if err != nil {
			return false, err
		}
		if err := send(f, &p); err != nil {
			return false, err
		}
		limit, sent = limit-len(f.Body), true
		before := len(next)
		if next, err = next.add(r, l.log, p.Last(), mine[l.log]); err != nil {
			return false, err
		}
		if len(next) > before {
			heap.Fix(&next, before)
		}
	}
	return false, nil
}

// lacking is a log of which the other side lacks what comes after a sequence number.
type lacking struct {
	log   fieldwork.LogID
	after uint64
	wall  int64 // of the first change that is lacking
}

// queue has on top what goes next.
type queue []lacking

// add puts a log into the row, unless nothing of it is lacking.
func (q queue) add(r Replica, log fieldwork.LogID, after, end uint64) (queue, error) {
	if after >= end {
		return q, nil
	}
	l := lacking{log: log, after: after}
	if log.Node != 0 {
		p, err := part(r, log, after, 1)
		if errors.Is(err, journal.ErrNoMore) {
			return q, nil
		}
		if err != nil {
			return q, err
		}
		l.wall = p.Changes[0].Wall
	}
	return append(q, l), nil
}

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	switch {
	case (a.log.Node == 0) != (b.log.Node == 0):
		return a.log.Node == 0
	case a.wall != b.wall:
		return a.wall < b.wall
	}
	return a.log.Compare(b.log) < 0
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(lacking)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
