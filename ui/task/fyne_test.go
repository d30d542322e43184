package task

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
)

func TestFyne_panicComesBackAsAnError(t *testing.T) {
	test.NewTempApp(t)
	got := make(chan error, 1)
	Fyne().Run(context.Background(), func(context.Context, Progress) error { panic("broken") }, func(err error) { got <- err })
	select {
	case err := <-got:
		if err == nil {
			t.Error("no error")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("no answer")
	}
}

func TestFyne_manyReportsBecomeFewAndTheLastArrives(t *testing.T) {
	test.NewTempApp(t)
	var calls, last atomic.Int64
	ctx := WithWatch(context.Background(), func(done, _ int64, _ string) { calls.Add(1); last.Store(done) })
	ended := make(chan struct{})
	Fyne().Run(ctx, func(_ context.Context, p Progress) error {
		for i := range int64(1001) {
			p.Report(i, 1000, "")
		}
		return nil
	}, func(error) { close(ended) })
	<-ended
	if last.Load() != 1000 || calls.Load() > 20 {
		t.Errorf("%d calls, last %d", calls.Load(), last.Load())
	}
}

func TestFyne_cancelledWorkDoesNotAnswer(t *testing.T) {
	test.NewTempApp(t)
	stopped := make(chan struct{})
	h := Fyne().Run(context.Background(), func(ctx context.Context, _ Progress) error {
		<-ctx.Done()
		close(stopped)
		return ctx.Err()
	}, func(error) { t.Error("answered") })
	h.Cancel()
	<-stopped
	time.Sleep(20 * time.Millisecond) // time for a wrong answer to arrive
}
