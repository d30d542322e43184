package road

import (
	"os"

	"golang.org/x/sys/unix"
)

// forgetCached makes the next read come from the medium. Where that cannot be had, reading back still finds what was
// not written at all.
func forgetCached(f *os.File) { unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }
