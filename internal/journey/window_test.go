//go:build journey

package journey

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDayInTheWindow: a trainee with accents is registered, gets a badge that a decoder reads, comes in by it, a lamp is installed,
// and HQ's pages in a browser show both.
func TestDayInTheWindow(t *testing.T) {
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	pictures := filepath.Join(programs, "run", "window")
	if err := os.RemoveAll(pictures); err != nil {
		t.Fatal(err)
	}
	d := &Day{Programs: programs, Dir: t.TempDir(), Pictures: pictures, Say: t.Logf}
	told, err := d.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(told.Badge, ":") {
		t.Errorf("the badge says %q", told.Badge)
	}
	for _, want := range []string{dayGiven + " " + dayFamily, dayHalf, "Joseph Kamau", "Oldonyo Nyokie"} {
		if !strings.Contains(told.People, want) {
			t.Errorf("HQ's page of people does not show %q:\n%s", want, told.People)
		}
	}
	for _, want := range []string{dayTag, "Oldonyo Nyokie", "working"} {
		if !strings.Contains(told.Lamps, want) {
			t.Errorf("HQ's page of lamps does not show %q:\n%s", want, told.Lamps)
		}
	}
	if !strings.Contains(told.Carried, dayCarried) || !strings.Contains(told.Carried, "HQ") {
		t.Errorf("HQ's receipt did not come back by the stick: %s", told.Carried)
	}
	if !strings.Contains(told.Verify, "photos read") {
		t.Errorf("verify: %s", told.Verify)
	}
	if strings.Contains(told.Complaint, "rror") {
		t.Errorf("the window complained:\n%s", told.Complaint)
	}
}
