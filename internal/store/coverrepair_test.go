package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestRepair_aDamagedFileWithCoveredLogs: what HQ covered comes back from HQ as pages, what this laptop wrote itself from
// its journal, what was not sent included; and nobody forgotten comes back with it.
func TestRepair_aDamagedFileWithCoveredLogs(t *testing.T) {
	for _, how := range []string{"missing", "damaged", "opened", "both missing"} {
		t.Run(how, func(t *testing.T) {
			hq, l := office(t, 2)
			a, b := l[0], l[1]
			exchange(t, a, hq)
			exchange(t, b, hq)
			id, _ := person(t, a, canary)
			for i := range 40 {
				save(t, a, trainee(fmt.Sprint("A", i)))
				save(t, b, trainee(fmt.Sprint("B", i)))
			}
			exchange(t, a, hq)
			exchange(t, b, hq)
			exchange(t, a, hq)
			if _, err := hq.Forget(id); err != nil {
				t.Fatal(err)
			}
			exchange(t, a, hq)
			save(t, a, trainee("not sent"))
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(a.dir, boltName)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			switch how {
			case "damaged", "opened":
				for i := range data[8192:] {
					if i%97 == 0 {
						data[8192+i] ^= 0x55
					}
				}
				err = os.WriteFile(path, data, 0o600)
			case "missing":
				err = os.Remove(path)
			case "both missing":
				if err = os.Remove(path); err == nil {
					err = os.Remove(filepath.Join(a.dir, journalName))
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			keys := keysFor(t, filepath.Dir(a.dir))
			if how != "opened" {
				if _, err := Repair(a.dir, keys, Options{Ballast: -1}); err != nil {
					t.Fatal(err)
				}
			} else if err := os.WriteFile(filepath.Join(a.dir, openName), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			again, err := Open(a.dir, keys, Options{Ballast: -1})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { verified(t, again); again.Close() })
			verified(t, again)
			exchange(t, again, hq)
			exchange(t, b, hq)
			if again.Digest() != hq.Digest() || b.Digest() != hq.Digest() || !again.Heads().Covers(hq.Heads()) {
				t.Errorf("after an exchange: %v and HQ %v", again.Heads(), hq.Heads())
			}
			want := 82
			if how == "both missing" {
				want = 81 // what nobody else had is lost with both files
			}
			if n := len(names(hq)); n != want {
				t.Errorf("HQ has %d people, want %d", n, want)
			}
			if hits := scan(t, again, canary); len(hits) > 0 {
				t.Errorf("she is back: %q", hits)
			}
		})
	}
}
