package exchange

import (
	"errors"
	"maps"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// HQ is the name of HQ as a Client's peer. What HQ holds of a log counts where there are two histories of it.
const HQ = "hq"

// own follows the replica to a new incarnation: the server remembers the old one's heads, not the new one's.
func (r *run) own() {
	if log := r.Replica.Own(); log != r.Log {
		r.Log, r.mem.Mine = log, [8]byte{}
	}
}

// tips is what the server must hear to notice a copy, and to compare clocks.
func (r *run) tips() wire.Frame {
	boot, up := r.Replica.Running()
	list := r.Replica.Tips()
	for n := wire.MaxTips - len(list); n > 0 && len(r.tell) > 0; n-- {
		list, r.tell = append(list, r.tell[0]), r.tell[1:]
	}
	return wire.TipsFrame(list, wire.Running{Boot: boot, Up: up}, r.Replica.Ends())
}

// askedTips notes that the server wants the tips of all logs, once in an exchange.
func (r *run) askedTips() {
	if !r.told {
		r.told, r.tell = true, r.Replica.AllTips()
	}
}

// outline appends how a log of our own goes, before a page of it that does not begin with the log: HQ looks whether the page joins.
func (r *run) outline(b []byte, p *journal.Piece) []byte {
	if !p.Covered || p.First == 1 || p.Log.Node != r.Log.Node {
		return b
	}
	if t := r.Replica.OutlineAt(p.Log, p.First-1); t != nil {
		b = wire.AppendFrame(b, wire.TraceFrame(t))
	}
	return b
}

// outlined takes in how the client says that a log of its own goes.
func (a *answering) outlined(body []byte) error {
	t, err := wire.ReadOutline(body)
	if err != nil || t.Head.Log.Node != a.meeting.Hello.Log.Node {
		return err
	}
	return a.Replica.Outlined(t)
}

// confront takes in the server's proof that this folder is a copy, or was put back to an earlier day.
func (r *run) confront(t *journal.Trace, err error) error {
	if err != nil {
		return err
	}
	changed, err := r.Replica.Confront(t, r.Peer == HQ)
	if p := refusal(err); p != nil {
		r.refused(p)
		return nil
	}
	r.renewed = r.renewed || changed
	return err
}

// hand appends what is kept apart here, for HQ to keep, as far as limit bytes allow.
func (r *run) hand(b []byte, limit int) ([]byte, error) {
	r.handing = nil
	if r.Peer != HQ {
		return b, nil
	}
	for _, p := range r.Replica.ToHand() {
		f, err := r.speaks.ChangesFrame(&p)
		if errors.Is(err, wire.ErrTooLong) || err == nil && len(r.handing) > 0 && len(b)+len(f.Body) > limit {
			continue // with the next request; what fits into no frame stays here, readable
		}
		if err != nil {
			return b, err
		}
		b, r.handing = wire.AppendFrame(b, f), append(r.handing, p)
	}
	return b, nil
}

// handed notes that HQ has read a whole request with what was kept apart.
func (r *run) handed() error {
	if len(r.handing) == 0 {
		return nil
	}
	pieces := r.handing
	r.handing = nil
	return r.Replica.Handed(pieces)
}

// has says whether what follows in a log can be given away: of others' logs a laptop may hold no more than the end.
func (r *run) has(log fieldwork.LogID, after uint64) bool {
	_, err := part(r.Replica, log, after, 1)
	return !errors.Is(err, journal.ErrNoMore)
}

// doubt compares what the client says of logs with what is held here.
func (a *answering) doubt(body []byte) error {
	tips, run, ends, err := wire.ReadTips(body)
	if err != nil {
		return err
	}
	a.running, a.ends, a.heard = run, ends, a.Now()
	for _, tip := range tips {
		if err := a.doubtTip(tip); err != nil {
			return err
		}
	}
	return nil
}

// differs says that the client holds as much as we do, and something else: neither side would ever notice by numbers alone.
func (a *answering) differs() bool {
	return a.ends != [8]byte{} && maps.Equal(a.theirs, a.Replica.Heads()) && a.ends != a.Replica.Ends()
}

// compare lets the replica compare the client's clock with its own. The request may have been long on its way since it told
// its time.
func (a *answering) compare() error {
	h := &a.meeting.Hello
	if a.running == (wire.Running{}) {
		return nil
	}
	since := int64(max(a.Now().Sub(a.heard).Seconds(), 0))
	return a.Replica.Compared(h.Log, a.running.Boot, a.running.Up+uint32(since), h.Wall+since, a.meeting.Received > 0)
}

// doubtPiece answers a piece of another history with the proof of ours, and a page with what can be told of it.
func (a *answering) doubtPiece(f wire.Frame) error {
	p, err := readPart(f)
	if err != nil {
		return err
	}
	if p.Covered {
		return a.doubtTip(journal.Tip{Log: p.Log, Seq: p.Last()})
	}
	return a.doubtTip(journal.TipOf(p.Log, p.First-1, p.Prev))
}

func (a *answering) doubtTip(tip journal.Tip) error {
	t, err := a.Replica.Doubt(tip, tip.Log.Node == a.meeting.Hello.Log.Node)
	if errors.Is(err, journal.ErrNoMore) || err == nil && t == nil || a.traced[tip.Log] {
		return nil
	}
	if err != nil {
		return err
	}
	if a.traced == nil {
		a.traced = map[fieldwork.LogID]bool{}
	}
	a.traced[tip.Log] = true
	a.traces = append(a.traces, wire.TraceFrame(t))
	return nil
}
