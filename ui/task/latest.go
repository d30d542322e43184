package task

import "context"

// Latest reads what a place shows, beside the window, one reading at a time: who asks while one is under way gets another one right
// after it, and only one, however often it was asked for. The zero value is ready. It is used on the window's goroutine only.
type Latest struct{ busy, again bool }

// Read calls prepare, now or after the reading under way. The work that prepare returns runs beside the window and must not touch
// widgets; took hears on the window's goroutine how it ended, before a reading that was asked for meanwhile begins.
func (l *Latest) Read(s Scheduler, prepare func() (work func() error), took func(error)) {
	if l.busy {
		l.again = true
		return
	}
	l.busy = true
	work := prepare()
	s.Run(context.Background(), func(context.Context, Progress) error { return work() }, func(err error) {
		l.busy = false
		took(err)
		if l.again {
			l.again = false
			l.Read(s, prepare, took)
		}
	})
}
