//go:build journey

package journey

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMorningInTheWindow: 30 badges printed and scanned, a walk-in, a lost badge, a paper list typed in twice, certificates; the
// language changed midway; and another laptop refuses the lost badge once it heard of it.
func TestMorningInTheWindow(t *testing.T) {
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	pictures := filepath.Join(programs, "run", "morning")
	if err := os.RemoveAll(pictures); err != nil {
		t.Fatal(err)
	}
	m := &Morning{Programs: programs, Dir: t.TempDir(), Pictures: pictures, Say: t.Logf}
	got, err := m.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := got.Session
	// 27 by badge, one who lost hers by name, a walk-in, two from paper. Refused: twice, forged, of another village, the old badge; and
	// in the sun twice more each of twice and forged, and twice somebody who is there already.
	if s.Came != 31 || s.Expected != 30 || s.Counted != 33 || s.WithoutBadge != 2 || s.Refused != 4+6 {
		t.Errorf("the session: %+v", s)
	}
	for _, p := range s.People {
		if p.Presence != "present" {
			t.Errorf("%s was %s", p.Name, p.Presence)
		}
	}
	faces, err := filepath.Glob(filepath.Join(pictures, "*-scan-twice.png"))
	if err != nil || len(faces) != 1 {
		t.Fatalf("pictures of her second scan: %q %v", faces, err)
	}
	if n, err := shirtIn(faces[0]); err != nil || n < 2000 {
		t.Errorf("her face, which came from another laptop by HQ, does not stand beside the answer: %d dots %v", n, err)
	}
	if len(got.Certs) != 31 {
		t.Errorf("%d certificates were read: %q", len(got.Certs), got.Certs)
	}
	if !strings.Contains(got.OldBadge, "refused: revoked") {
		t.Errorf("another laptop says of the lost badge: %s", got.OldBadge)
	}
	if strings.Contains(got.Complaint, "rror") {
		t.Errorf("the window complained:\n%s", got.Complaint)
	}
}
