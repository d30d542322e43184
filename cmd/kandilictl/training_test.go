package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
)

// terminal runs commands in a data folder of its own.
type terminal struct {
	t    *testing.T
	dir  string
	pass string
}

func (c terminal) run(want int, args ...string) (out string) {
	c.t.Helper()
	var o, e bytes.Buffer
	code := run(c.t.Context(), append(args, "--data", filepath.Join(c.dir, "data"), "--passphrase-file", c.pass), strings.NewReader(""), &o, &e)
	if code != want {
		c.t.Fatalf("%q ended with %d, want %d: %s%s", args, code, want, o.String(), e.String())
	}
	return o.String() + e.String()
}

func (c terminal) add(args ...string) string {
	c.t.Helper()
	var r struct{ Code string }
	if err := json.Unmarshal([]byte(c.run(0, append(append([]string{"add"}, args...), "--json")...)), &r); err != nil {
		c.t.Fatal(err)
	}
	return r.Code
}

func TestTraining_aDayByTheTerminal(t *testing.T) {
	c := terminal{t, t.TempDir(), ""}
	c.pass = filepath.Join(c.dir, "pass")
	if err := os.WriteFile(c.pass, []byte("four words are good"), 0o600); err != nil {
		t.Fatal(err)
	}
	has := func(out string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%q is not in:\n%s", want, out)
			}
		}
	}
	c.run(0, "init", "--name", "Kajiado 1", "--practice", "1", "--changes", "1")
	site := c.add("site", "name=Entasopia")
	amina, omar := c.add("trainee", "given_name=Amina", "site="+site), c.add("trainee", "given_name=Omar", "site="+site)
	course := c.add("course", "title=Lamp builder", "modules=assembly")
	session := c.add("session", "site="+site, "course="+course, "modules=assembly", "start=2027-03-09T09:00:00Z", "expected="+amina+";"+omar)

	has(c.run(0, "session", "open", session), "open: 0 came of 2 expected")
	has(c.run(0, "checkin", "--session", session, amina, "--nonce", strings.Repeat("0a", 16)), "ok: Amina")
	has(c.run(0, "checkin", "--session", session, amina, "--nonce", strings.Repeat("0a", 16)), "ok: Amina") // the same scan, sent again
	has(c.run(0, "checkin", "--session", session, amina), "refused: already in Amina")
	has(c.run(0, "checkin", "--session", session, amina, "--leaves"), "ok: Amina")
	has(c.run(2, "checkin", "--session", session, amina, "--nonce", "short"), "32 hexadecimal digits")

	a, errA := fieldwork.ParseCode(amina)
	o, errO := fieldwork.ParseCode(omar)
	s, errS := fieldwork.ParseCode(session)
	ia, ok1 := a.RecordID()
	io, ok2 := o.RecordID()
	is, ok3 := s.RecordID()
	if errA != nil || errO != nil || errS != nil || !ok1 || !ok2 || !ok3 {
		t.Fatal("the codes do not name their records")
	}
	roster := fieldwork.RosterOf(is, []fieldwork.RecordID{ia, io}).String()
	has(c.run(0, "enter", roster, "--here", "1", "--late", "2"), "2 rows, 1 people changed")
	has(c.run(0, "enter", roster, "--here", "1", "--late", "2"), "2 rows, 0 people changed")
	has(c.run(2, "enter", roster, "--here", "3"), "no rows between 1 and 2")
	has(c.run(1, "enter", roster[:len(roster)-1]), "")

	has(c.run(0, "session", "close", session, "--headcount", "3"), "closed: 2 came of 2 expected", "3 were counted, 2 came")
	has(c.run(0, "lost", amina, "--out", filepath.Join(c.dir, "badge.pdf")), "Older badges of Amina are refused")
	has(c.run(0, "certify", course), "attendance", "Omar")
	has(c.run(0, "certify", course, "--issue", "--json"), `"issued":2`)
	grid := filepath.Join(c.dir, "grid.csv")
	has(c.run(0, "grid", "--out", grid, "--site", site), "2 people by 1 sessions")
	b, err := os.ReadFile(grid)
	if err != nil {
		t.Fatal(err)
	}
	has(string(b), "Omar,late,1", "total,2,2")
}
