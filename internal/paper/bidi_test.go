package paper

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLevels_asUnicodeHasThem takes a part of Unicode's own conformance test.
func TestLevels_asUnicodeHasThem(t *testing.T) {
	b, err := os.ReadFile("testdata/bidi.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for line := range strings.Lines(string(b)) {
		parts := strings.Split(strings.TrimSpace(line), ";")
		if len(parts) != 5 || strings.HasPrefix(line, "#") {
			continue
		}
		cases++
		var runes []rune
		for _, x := range strings.Fields(parts[0]) {
			n, err := strconv.ParseUint(x, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			runes = append(runes, rune(n))
		}
		if got, want := levelsOf(runes), numbersOf(t, parts[3]); !slices.Equal(got, want) {
			t.Errorf("%s: levels %v, want %v", parts[0], got, want)
			continue
		}
		var got []int
		for _, s := range inOrder(runes) {
			part := []int{}
			for i := s.from; i < s.to; i++ {
				part = append(part, i)
			}
			if s.level%2 == 1 {
				slices.Reverse(part)
			}
			got = append(got, part...)
		}
		if want := numbersOf(t, parts[4]); !slices.Equal(got, want) {
			t.Errorf("%s: order %v, want %v", parts[0], got, want)
		}
	}
	if cases < 500 {
		t.Errorf("only %d cases", cases)
	}
}

func numbersOf(t *testing.T, text string) (list []int) {
	t.Helper()
	for _, x := range strings.Fields(text) {
		n, err := strconv.Atoi(x)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}
