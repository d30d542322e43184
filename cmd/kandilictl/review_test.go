package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReview_questionsAnswersAndUndoByTheTerminal(t *testing.T) {
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
	amina := c.add("trainee", "given_name=Amina")
	has(c.run(0, "questions"), "HQ asks nothing.")
	c.add("question", "record="+amina, "text=Whose phone is this?")
	has(c.run(0, "questions"), amina, "Amina", "Whose phone is this?")
	has(c.run(0, "show", amina), "(question)", "? ", "Whose phone is this?")
	has(c.run(1, "answer", amina, " "), "An answer needs words")
	c.run(2, "answer", amina)
	c.run(0, "answer", amina, "Her", "brother's.")
	has(c.run(0, "show", amina), "✓ ", "Her brother's.")
	has(c.run(1, "answer", amina, "again"), "not exactly one question")

	c.run(0, "set", amina, "phone=0711 111 111")
	c.run(0, "set", amina, "phone=0722 222 222")
	has(c.run(0, "undo"), amina, "is as before")
	has(c.run(0, "show", amina), "0711 111 111")
	has(c.run(0, "undo"), amina) // brings it back
	has(c.run(0, "show", amina), "0722 222 222")
	omar := c.add("trainee", "given_name=Omar")
	has(c.run(0, "undo"), omar, "was taken back")
}
