// Package task runs work beside the window and brings the answer back to it. Everything in ui and cmd/kandili that takes longer
// than a frame goes through its Scheduler; fyne.go is the only file of ui that starts goroutines.
package task

import (
	"context"
	"time"
)

// Scheduler runs work off the window's goroutine and answers on it.
type Scheduler interface {
	// Do calls f on the window's goroutine, later. Safe from any goroutine.
	Do(f func())
	// Run calls work on a goroutine of its own, then done on the window's. A panic in work becomes done's error. When ctx ended
	// or the handle was cancelled before done's turn, done is not called. done may be nil.
	Run(ctx context.Context, work func(context.Context, Progress) error, done func(error)) Handle
	// After calls f once on the window's goroutine when d has passed.
	After(d time.Duration, f func()) Handle
}

// Handle is a piece of work under way.
type Handle interface {
	// Cancel ends the context of the work and drops its answer. Cancelling twice, or what has finished, does nothing.
	Cancel()
}

// Progress is what work reports to; it may be called a thousand times a second.
type Progress interface {
	// Report says that done of total are through; a total of zero is unknown. note is a short word for a person.
	Report(done, total int64, note string)
}

// Watch is a Progress that the window shows: the scheduler calls it on the window's goroutine, at most five times a second and
// always with the last report. Hand it to the work's context with WithWatch.
type Watch func(done, total int64, note string)

type watchKey struct{}

// WithWatch makes the Progress of the work that runs under ctx arrive at w.
func WithWatch(ctx context.Context, w Watch) context.Context {
	return context.WithValue(ctx, watchKey{}, w)
}

// watchOf is the Watch of ctx, or one that shows nothing.
func watchOf(ctx context.Context) Watch {
	if w, ok := ctx.Value(watchKey{}).(Watch); ok && w != nil {
		return w
	}
	return func(int64, int64, string) {}
}
