//go:build journey

package journey

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFirstStartToPractice: somebody without a network, a mouse or an invite comes from the first start to a campaign that is full
// of invented people, and finds them.
func TestFirstStartToPractice(t *testing.T) {
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	p := &Pictures{Programs: programs, Dir: t.TempDir(), Out: t.TempDir()}
	if err := p.Take(t.Context()); err != nil {
		t.Fatal(err)
	}
	pass := filepath.Join(p.Dir, "pass")
	if err := os.WriteFile(pass, []byte(playPassphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	play := &Play{Programs: programs, Dir: p.Dir, Say: t.Logf}
	impact, err := play.program(t.Context(), "kandilictl", "impact", "--data", filepath.Join(p.Dir, "laptop"), "--passphrase-file", pass)
	if err != nil || !strings.Contains(impact, "11000 in 2024 households") {
		t.Errorf("%v: %s", err, impact)
	}
}
