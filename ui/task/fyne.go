package task

import (
	"context"
	"fmt"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// coalesce is the shortest time between two reports that reach the window: five a second can be read, more only cost power.
const coalesce = 200 * time.Millisecond

// Fyne is the scheduler of the real window.
func Fyne() Scheduler { return window{} }

type window struct{}

func (window) Do(f func()) { fyne.Do(f) }

func (window) Run(ctx context.Context, work func(context.Context, Progress) error, done func(error)) Handle {
	ctx, cancel := context.WithCancel(ctx)
	p := &reports{ctx: ctx, show: watchOf(ctx)}
	go func() {
		err := guarded(ctx, work, p)
		fyne.Do(func() {
			defer cancel()
			if ctx.Err() != nil {
				return
			}
			p.last()
			if done != nil {
				done(err)
			}
		})
	}()
	return cancelled(cancel)
}

func (window) After(d time.Duration, f func()) Handle {
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(d, func() {
		fyne.Do(func() {
			defer cancel()
			if ctx.Err() == nil {
				f()
			}
		})
	})
	return cancelled(func() { timer.Stop(); cancel() })
}

type cancelled func()

func (c cancelled) Cancel() { c() }

// guarded turns a panic of the work into an error: one broken job must not take the day's window with it.
func guarded(ctx context.Context, work func(context.Context, Progress) error, p Progress) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the work stopped unexpectedly: %v", r)
		}
	}()
	return work(ctx, p)
}

// reports passes progress on, thinned out. Its methods are safe from several goroutines.
type reports struct {
	ctx  context.Context
	show Watch

	mu      sync.Mutex
	waiting bool
	unsent  bool
	done    int64
	total   int64
	note    string
}

func (r *reports) Report(done, total int64, note string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done, r.total, r.note, r.unsent = done, total, note, true
	if r.waiting {
		return
	}
	r.waiting = true
	time.AfterFunc(coalesce, func() { fyne.Do(r.tick) })
}

func (r *reports) tick() {
	if r.ctx.Err() == nil {
		r.last()
	}
}

// last shows what was reported and not shown yet.
func (r *reports) last() {
	r.mu.Lock()
	r.waiting = false
	send, done, total, note := r.unsent, r.done, r.total, r.note
	r.unsent = false
	r.mu.Unlock()
	if send {
		r.show(done, total, note)
	}
}
