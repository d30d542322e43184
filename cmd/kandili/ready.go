package main

import (
	"os/exec"
	"runtime"
	"strings"

	"kandili/ui/printing"
)

// LastBackup implements ui.Journey.
func (d *desk) LastBackup() int64 {
	f := d.open()
	if f == nil {
		return 0
	}
	return f.LastBackup()
}

// FreeSpace implements ui.Journey.
func (d *desk) FreeSpace() int64 {
	free, _ := freeSpace(d.dir) // not known: 0
	return free
}

// StickCount implements ui.Journey.
func (d *desk) StickCount() int { return len(sticks()) }

// HasPrinter implements ui.Journey. Where the system cannot be asked, it counts as having one.
func (d *desk) HasPrinter() bool {
	if runtime.GOOS == "windows" {
		return true
	}
	out, err := exec.Command("lpstat", "-a").Output()
	return err == nil && strings.TrimSpace(string(out)) != ""
}

// TestPaper implements ui.Journey. A test page has no labels: the sheet that was begun stays as full as it is.
func (d *desk) TestPaper(h printing.How) (printing.Paper, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return made(f.TestPaper(d.how(h)))
}
