package exchange

import (
	"fmt"
	"io"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/sync/wire"
)

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
			err = r.confront(wire.ReadTrace(f.Body))
		case wire.TypeOutline:
			err = r.confront(wire.ReadOutline(f.Body))
		case wire.TypeVoucher:
			err = r.vouched(f.Body)
		case wire.TypeTell:
			r.askedTips()
			moved = moved || len(r.tell) > 0
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
			r.more = r.more || r.renewed || len(r.tell) > 0
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
