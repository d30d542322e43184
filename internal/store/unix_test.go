package store

import (
	"os/signal"
	"syscall"

	"go.etcd.io/bbolt"
)

type txn = bbolt.Tx

// ignoreFileSizeSignal makes writes beyond the limit fail with EFBIG instead of ending the program.
func ignoreFileSizeSignal() { signal.Ignore(syscall.SIGXFSZ) }
