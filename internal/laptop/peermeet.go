package laptop

import (
	"context"
	"slices"
	"time"

	"kandili/internal/store"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// Times of a first meeting.
const (
	declinedTime = time.Minute      // for which a "no" is not asked again
	askedTime    = 40 * time.Second // for which a question stays after the other laptop last asked
	meetTime     = 2 * time.Minute  // for a person at the other laptop to answer
)

// question is put to the person here: shall this laptop be let in?
type question struct {
	answered chan struct{} // closed by an answer
	yes      bool          // valid once answered
	last     time.Time     // when the other laptop asked last
	at       time.Time     // of the answer; zero: none yet
}

// waits says that a person should be shown the question.
func (q *question) waits(now time.Time) bool { return q.at.IsZero() && now.Sub(q.last) < askedTime }

// consent answers a laptop that wants to come in.
func (p *Peers) consent(ctx context.Context, node uint32, ask bool) road.Meeting {
	c, ok := certificateOf(p.store, node)
	if !ok {
		return road.Meeting{State: road.ConsentNone}
	}
	if _, friend := p.book.has(&c); friend {
		return p.welcome()
	}
	if p.opt.Anybody {
		if ask && p.Confirm(node) == nil {
			return p.welcome()
		}
		return road.Meeting{State: road.ConsentNone}
	}
	if !ask {
		return road.Meeting{State: p.asked(node)}
	}
	q := p.question(node)
	select {
	case <-q.answered:
		if q.yes {
			return p.welcome()
		}
		return road.Meeting{State: road.ConsentNo}
	case <-ctx.Done():
		return road.Meeting{State: road.ConsentAsked}
	}
}

func (p *Peers) welcome() road.Meeting {
	return road.Meeting{State: road.ConsentYes, Heads: wire.HeadsFrame(wire.TypeHeads, p.store.Heads()).Body}
}

// asked says how far the asking is.
func (p *Peers) asked(node uint32) road.Consent {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.questions[node]
	switch now := p.now(); {
	case q == nil:
	case q.waits(now):
		return road.ConsentAsked
	case !q.at.IsZero() && !q.yes && now.Sub(q.at) < declinedTime:
		return road.ConsentNo
	}
	return road.ConsentNone
}

// question returns the open question about a laptop, a new one where there is none.
func (p *Peers) question(node uint32) *question {
	p.mu.Lock()
	now := p.now()
	q := p.questions[node]
	fresh := q == nil || !q.at.IsZero() && now.Sub(q.at) >= declinedTime
	if fresh {
		q = &question{answered: make(chan struct{})}
		p.questions[node] = q
	}
	fresh = fresh || !q.waits(now) && q.at.IsZero()
	q.last = now
	p.mu.Unlock()
	if fresh {
		p.changed()
	}
	return q
}

// Confirm lets a laptop in: a person compared the code. It holds until Forget, or until HQ revokes the laptop.
func (p *Peers) Confirm(node uint32) error {
	c, ok := certificateOf(p.store, node)
	if !ok {
		return road.ErrStranger
	}
	if err := p.book.change(&c, func(f *friend) { f.Since = p.now().Unix() }); err != nil {
		return err
	}
	p.answer(node, true)
	return nil
}

// Decline sends a laptop away that asked to come in.
func (p *Peers) Decline(node uint32) { p.answer(node, false) }

// Forget takes back that a laptop was let in; the next time it has to ask.
func (p *Peers) Forget(node uint32) error {
	err := p.book.forget(node)
	p.changed()
	return err
}

func (p *Peers) answer(node uint32, yes bool) {
	p.mu.Lock()
	if q := p.questions[node]; q != nil && q.at.IsZero() {
		q.yes, q.at = yes, p.now()
		close(q.answered)
	}
	p.mu.Unlock()
	p.changed()
}

// code is what both screens show at a first meeting.
func (p *Peers) code(c *store.Certificate) string {
	self := p.store.Self()
	return road.MeetingCode(self.Campaign, publicKey(&self), c.Key)
}

// Asking returns the laptops that ask to come in, for a person here to answer with Confirm or Decline.
func (p *Peers) Asking() []Met {
	p.mu.Lock()
	now := p.now()
	var nodes []uint32
	for node, q := range p.questions {
		if q.waits(now) {
			nodes = append(nodes, node)
		}
	}
	p.mu.Unlock()
	slices.Sort(nodes)
	var out []Met
	for _, node := range nodes {
		if c, ok := certificateOf(p.store, node); ok {
			out = append(out, Met{Node: node, Name: nameOf(&c), Code: p.code(&c)})
		}
	}
	return out
}
