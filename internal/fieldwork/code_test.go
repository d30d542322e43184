package fieldwork

import (
	"errors"
	"strings"
	"testing"
)

func TestLettersOf_everyShortNodeHasItsOwn(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for node := uint32(0); node <= shortNodes; node++ {
		s := LettersOf(LogID{Node: node})
		back, ok := nodeOfLetters(s)
		if seen[s] || !ok || back != node || node > 0 && (len(s) != 3 || s[0] < 'A') {
			t.Fatalf("node %d has %q, read back as %d", node, s, back)
		}
		if node > 1 && (s[0] == last[0] || s[1] == last[1] || s[2] == last[2]) {
			t.Fatalf("nodes %d and %d are alike: %s %s", node-1, node, last, s)
		}
		seen[s], last = true, s
	}
}

func TestLettersOf_hugeNumbersStillReadBack(t *testing.T) {
	for _, node := range []uint32{shortNodes + 1, shortNodes + 2, 1 << 20, 1<<32 - 1} {
		s := LettersOf(LogID{Node: node})
		if back, ok := nodeOfLetters(s); len(s) != 7 || !ok || back != node {
			t.Errorf("node %d: %q reads back as %d", node, s, back)
		}
	}
}

func TestCheckChar_knownAnswer(t *testing.T) {
	// The example of the Global Release Identifier's standard, which uses MOD 37,36.
	if got := checkChar("A12425GABC1234002"); got != 'M' {
		t.Errorf("got %c, want M", got)
	}
}

func TestCode_isForEver(t *testing.T) { // these stand on badges and lamps: if this fails, the code is wrong, not the test
	for _, c := range []struct {
		id   RecordID
		want string
	}{
		{RecordID{}, ""},
		{RecordID{LogID{0, 0}, 1}, "HQ-0001-7"},
		{RecordID{LogID{1, 0}, 217}, "LC5-0217-I"},
		{RecordID{LogID{2, 0}, 217}, "WFY-0217-G"},
		{RecordID{LogID{2, 77}, 123456}, "WFYU4-123456-U"},
		{RecordID{LogID{70000, 0}, 5}, "FLZXJQS-0005-X"},
	} {
		if got := CodeOf(c.id); got != c.want {
			t.Errorf("%v: got %s, want %s", c.id, got, c.want)
		}
	}
}

func TestParseCode_readsWhatCodeOfWrites(t *testing.T) {
	for node := uint32(0); node < 40000; node += 37 {
		for _, epoch := range []uint32{0, 1, 0xdeadbeef} {
			for _, seq := range []uint64{1, 9999, 10000, 1 << 40} {
				id := RecordID{LogID{node, epoch}, seq}
				c, err := ParseCode(CodeOf(id))
				if err != nil || !c.Matches(id) || c.String() != CodeOf(id) {
					t.Fatalf("%s: %+v %v", CodeOf(id), c, err)
				}
				if got, ok := c.RecordID(); ok != (epoch == 0) || ok && got != id {
					t.Fatalf("%s: record %v", CodeOf(id), got)
				}
			}
		}
	}
}

func TestParseCode_asPeopleTypeIt(t *testing.T) {
	id := RecordID{LogID{2, 0}, 1017}
	code := CodeOf(id)
	plain := strings.ReplaceAll(code, "-", "")
	for _, s := range []string{
		code, strings.ToLower(code), " " + code + "\r\n", plain, strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "-", "–"),
		strings.ReplaceAll(code, "-", "/"), plain[:7] + code[8:], code[:4] + "lOi7" + code[8:], code[:4] + "IOL7" + code[8:],
	} {
		if c, err := ParseCode(s); err != nil || !c.Matches(id) {
			t.Errorf("%q: %+v %v", s, c, err)
		}
	}
}

func TestParseCode_refuses(t *testing.T) {
	two := ambiguous(t)
	for s, want := range map[string]error{
		"": ErrNoCode, "Nasieku": ErrNoCode, "0712 345 678": ErrNoCode, "KJ4": ErrNoCode, "KJ4-0000-X": ErrNoCode,
		"KJ4-00217-X": ErrNoCode, "K-J4-0217-X": ErrNoCode, "KJ4-0217-": ErrNoCode, "ÄÖ4-0217-X": ErrNoCode,
		"KJ4-99999999999999999999999-X": ErrNoCode, strings.Repeat("KJ4-0217-X", 20): ErrNoCode,
		wrongCheck(): ErrMistypedCode, two: ErrAmbiguousCode,
	} {
		if c, err := ParseCode(s); !errors.Is(err, want) {
			t.Errorf("%q: got %+v %v, want %v", s, c, err, want)
		}
	}
}

func wrongCheck() string {
	s := []byte(CodeOf(RecordID{LogID{Node: 5}, 217}))
	if s[len(s)-1]++; s[len(s)-1] > 'Z' || s[len(s)-1] == ':' {
		s[len(s)-1] = 'A'
	}
	return string(s)
}

// ambiguous looks for a code of HQ that without dashes is also one of a laptop.
func ambiguous(t *testing.T) string {
	for seq := uint64(20000); seq < 100000; seq++ {
		s := strings.ReplaceAll(CodeOf(RecordID{Seq: seq}), "-", "")
		if c, err := ParseCode(s); err != nil {
			return s
		} else if c.Node != 0 {
			t.Fatalf("%s was read as %v", s, c)
		}
	}
	t.Fatal("no code is ambiguous without dashes")
	return ""
}

// Every single wrong character is noticed; of swapped neighbours MOD 37,36 notices nearly all, and this says how many.
func TestParseCode_noticesSlips(t *testing.T) {
	swaps, missed := 0, 0
	for node := uint32(1); node < shortNodes; node += 97 {
		for _, id := range []RecordID{{LogID{node, 0}, 217}, {LogID{node, 0}, 8346}, {LogID{node, node}, 52019}} {
			code := CodeOf(id)
			substitutions(t, code, id)
			s, m := transpositions(code, id)
			swaps, missed = swaps+s, missed+m
		}
	}
	t.Logf("%d of %d swaps of neighbours were missed", missed, swaps)
	if missed*200 > swaps {
		t.Errorf("%d of %d swaps of neighbours were missed, more than 1 in 200", missed, swaps)
	}
}

func substitutions(t *testing.T, code string, id RecordID) {
	t.Helper()
	for i := range code {
		if code[i] == '-' {
			continue
		}
		for _, c := range checkAlphabet {
			s := code[:i] + string(c) + code[i+1:]
			got, err := ParseCode(s)
			if err == nil && s != code && !got.Matches(id) { // O for 0 in the counter is the same code
				t.Fatalf("%s typed as %s was read as %v", code, s, got)
			}
		}
	}
}

func transpositions(code string, id RecordID) (swaps, missed int) {
	for i := 0; i+1 < len(code); i++ {
		k := i + 1
		if code[k] == '-' {
			k++
		}
		if code[i] == '-' || code[i] == code[k] {
			continue
		}
		b := []byte(code)
		b[i], b[k] = b[k], b[i]
		swaps++
		if _, err := ParseCode(string(b)); err == nil {
			missed++
		}
	}
	return swaps, missed
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"KJ4-0217-X", CodeOf(RecordID{Seq: 5}), CodeOf(RecordID{LogID{3, 9}, 12345}), "kj4o217x", "HQ20000A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err != nil {
			if c != (Code{}) {
				t.Fatalf("%q: a code with an error", s)
			}
			return
		}
		again, err := ParseCode(c.String())
		if err != nil || again != c {
			t.Fatalf("%q: %+v does not read back: %+v %v", s, c, again, err)
		}
	})
}
