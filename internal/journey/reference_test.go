//go:build journey

package journey

import (
	"os"
	"strings"
	"testing"
)

// TestReferenceProgramme: nine digests are equal at the end, and HQ's page says 11,000 people lit.
func TestReferenceProgramme(t *testing.T) {
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	dir := t.TempDir()
	p := &Play{Programs: programs, Dir: dir, Seed: 1, Say: t.Logf}
	o, err := p.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Laptops) != 8 || !o.Equal() {
		t.Errorf("HQ has %s, the laptops have %q", o.HQ, o.Laptops)
	}
	if !strings.Contains(o.Page, `id="people-lit">11,000<`) {
		t.Errorf("HQ's overview does not say 11,000 people lit:\n%s", o.Page)
	}
	if !strings.Contains(o.Verify, "photos read") {
		t.Errorf("verify: %s", o.Verify)
	}
	if err := o.Picture(t.Context(), dir); err != nil {
		t.Error(err)
	}
}
