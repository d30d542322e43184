package task

import (
	"context"
	"slices"
	"time"
)

// Step is a scheduler for tests: nothing happens until Run to the end or time is moved, all on the test's own goroutine.
type Step struct {
	now    time.Duration
	queue  []*job
	timers []*job
}

// NewStep is an empty Step at time zero.
func NewStep() *Step { return &Step{} }

type job struct {
	at      time.Duration
	f       func()
	stopped bool
	cancel  context.CancelFunc
}

// Cancel implements Handle.
func (j *job) Cancel() {
	j.stopped = true
	if j.cancel != nil {
		j.cancel()
	}
}

// Do implements Scheduler.
func (s *Step) Do(f func()) { s.queue = append(s.queue, &job{f: f}) }

// Run implements Scheduler: the work runs in Settle, and its answer comes as one more step.
func (s *Step) Run(ctx context.Context, work func(context.Context, Progress) error, done func(error)) Handle {
	ctx, cancel := context.WithCancel(ctx)
	j := &job{cancel: cancel}
	j.f = func() {
		if ctx.Err() != nil {
			return
		}
		err := guarded(ctx, work, stepProgress(watchOf(ctx)))
		s.Do(func() {
			defer cancel()
			if ctx.Err() == nil && done != nil {
				done(err)
			}
		})
	}
	s.queue = append(s.queue, j)
	return j
}

// After implements Scheduler; the time comes with Advance.
func (s *Step) After(d time.Duration, f func()) Handle {
	j := &job{at: s.now + d, f: f}
	s.timers = append(s.timers, j)
	return j
}

// Pending is how many steps wait, timers not counted.
func (s *Step) Pending() int { return len(s.queue) }

// One runs the next step and says whether there was one.
func (s *Step) One() bool {
	if len(s.queue) == 0 {
		return false
	}
	j := s.queue[0]
	s.queue = s.queue[1:]
	if !j.stopped {
		j.f()
	}
	return true
}

// Settle runs steps until none waits. It panics after 10,000: something feeds itself.
func (s *Step) Settle() {
	for range 10_000 {
		if !s.One() {
			return
		}
	}
	panic("task: the steps never end")
}

// Advance moves the clock by d, running what is due in order of time, and settles.
func (s *Step) Advance(d time.Duration) {
	end := s.now + d
	s.Settle()
	for {
		next := s.earliest(end)
		if next == nil {
			break
		}
		s.now = next.at
		if !next.stopped {
			next.f()
		}
		s.Settle()
	}
	s.now = end
}

// earliest takes the first timer due at end out of the list, or nil.
func (s *Step) earliest(end time.Duration) *job {
	best := -1
	for i, j := range s.timers {
		if j.at <= end && (best < 0 || j.at < s.timers[best].at) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	j := s.timers[best]
	s.timers = slices.Delete(s.timers, best, best+1)
	return j
}

type stepProgress Watch

func (p stepProgress) Report(done, total int64, note string) { p(done, total, note) }
