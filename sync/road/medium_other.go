//go:build !linux

package road

import "os"

// forgetCached does nothing here: the system offers no plain way.
func forgetCached(*os.File) {}
