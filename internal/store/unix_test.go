package store

import (
	"os/signal"
	"syscall"

	"go.etcd.io/bbolt"
)

type txn = bbolt.Tx

// ignoreFileSizeSignal makes writes beyond the limit fail with EFBIG instead of ending the program.
func ignoreFileSizeSignal() { signal.Ignore(syscall.SIGXFSZ) }

// cpuTime is how many seconds of computing this process used: on a busy machine it says more than the clock.
func cpuTime() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for nonsense only
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
