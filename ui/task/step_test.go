package task

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestStep_answersAfterTheWork(t *testing.T) {
	s := NewStep()
	var got []string
	s.Run(context.Background(), func(context.Context, Progress) error {
		got = append(got, "work")
		return errors.New("full")
	}, func(err error) { got = append(got, err.Error()) })
	if len(got) != 0 {
		t.Fatalf("ran before its turn: %v", got)
	}
	s.Settle()
	if len(got) != 2 || got[1] != "full" {
		t.Errorf("got %v", got)
	}
}

func TestStep_dropsTheAnswerOfCancelledWork(t *testing.T) {
	s := NewStep()
	h := s.Run(context.Background(), func(context.Context, Progress) error { return nil }, func(error) { t.Error("answered") })
	s.One()
	h.Cancel()
	s.Settle()
}

func TestStep_panicBecomesAnError(t *testing.T) {
	s := NewStep()
	var got error
	s.Run(context.Background(), func(context.Context, Progress) error { panic("broken") }, func(err error) { got = err })
	s.Settle()
	if got == nil {
		t.Error("no error")
	}
}

func TestStep_timersRunInOrderOfTime(t *testing.T) {
	s := NewStep()
	var got []int
	s.After(2*time.Second, func() { got = append(got, 2) })
	s.After(time.Second, func() { got = append(got, 1) })
	s.After(time.Second, func() { got = append(got, 9) }).Cancel()
	s.Advance(1500 * time.Millisecond)
	if len(got) != 1 {
		t.Errorf("after 1.5 s: %v", got)
	}
	s.Advance(time.Second)
	if len(got) != 2 || got[0] != 1 {
		t.Errorf("got %v", got)
	}
}

func TestRun_reportsReachTheWatch(t *testing.T) {
	s := NewStep()
	var got int64
	ctx := WithWatch(context.Background(), func(done, _ int64, _ string) { got = done })
	s.Run(ctx, func(_ context.Context, p Progress) error { p.Report(7, 9, ""); return nil }, nil)
	s.Settle()
	if got != 7 {
		t.Errorf("got %d", got)
	}
}
