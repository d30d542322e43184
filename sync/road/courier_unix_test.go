//go:build unix

package road_test

import (
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/sync/road"
)

// limitFiles makes every write beyond so many bytes of a file fail, as on a stick that is full.
func limitFiles(t *testing.T, bytes uint64) (lift func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // fail with EFBIG instead of ending the program
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Skip("no limits here:", err)
	}
	limit := old
	limit.Cur = bytes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip("no limits here:", err)
	}
	return func() { syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old) }
}

func TestCourier_aFullStickSaysHowMuchToFree(t *testing.T) {
	a := newStore(t, 1)
	fillLong(t, a, 8_000) // 0.8 MB
	stick := t.TempDir()
	lift := limitFiles(t, 100<<10)
	defer lift()
	_, err := road.WriteCourier(t.Context(), out(t, a, stick, 0))
	if codeOf(err) != "courier-full" || !strings.Contains(fieldwork.Hint(err), "Free 1 MB") {
		t.Errorf("%v %s", err, fieldwork.Hint(err))
	}
	if left := listOf(t, stick); len(left) != 0 {
		t.Errorf("left on the stick: %q", left)
	}
	lift()
	if sent := write(t, out(t, a, stick, 0)); sent.Writes != 8_000 {
		t.Errorf("with room again: %+v", sent)
	}
}
