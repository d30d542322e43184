//go:build unix

package store

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestOnAllCores_faultsAndPanicsAreErrors: a file that is shorter than what is mapped of it gives a fault when it is read. That must not end
// the program, whichever goroutine reads.
func TestOnAllCores_faultsAndPanicsAreErrors(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size := 4 * os.Getpagesize()
	if err := f.Truncate(int64(size)); err != nil {
		t.Fatal(err)
	}
	mapped, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(mapped)
	if err := f.Truncate(0); err != nil {
		t.Fatal(err)
	}
	err = onAllCores(4, func(part int) error {
		if mapped[part*size/4] != 0 {
			t.Error("it read something")
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "reading it failed") {
		t.Errorf("a fault: %v", err)
	}
	if err = onAllCores(4, func(part int) error { panic("no such page") }); err == nil || !strings.Contains(err.Error(), "no such page") {
		t.Errorf("a panic: %v", err)
	}
}
