//go:build !windows

package store

import (
	"bytes"
	"os"
)

// machineName names this computer: what a Linux system was given when it was installed. Empty where there is none.
func machineName() string {
	for _, path := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if b, err := os.ReadFile(path); err == nil {
			return string(bytes.TrimSpace(b))
		}
	}
	return ""
}
