package exchange

import (
	"errors"
	"time"

	"kandili/internal/fieldwork"
)

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

// broken marks an error of the connection: trying again makes sense.
func broken(err error) error {
	return &fieldwork.Problem{Code: "cut", Sentence: "The connection broke. What had arrived stays, the rest goes on from there.",
		Hint: "Sync again when the connection is better.", Err: err}
}

// Cut is the problem of a connection that broke while a request was on its way.
func Cut(err error) error { return broken(err) }
