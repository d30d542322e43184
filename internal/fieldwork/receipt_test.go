package fieldwork

import (
	"errors"
	"strings"
	"testing"
)

func TestReceiptNumber_isReadBackAsPeopleTypeIt(t *testing.T) {
	log := LogID{Node: 5, Epoch: 77}
	for mark := range uint32(1 << 20) {
		if mark%9973 != 0 && mark != 1<<20-1 {
			continue
		}
		text := ReceiptNumber(log, 1042, mark)
		want := Receipt{LettersOf(log), 1042, mark}
		typed := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(text, "-", " – "), "0", "o"))
		if strings.Contains(LettersOf(log), "0") {
			t.Fatal("letters hold a digit")
		}
		for _, s := range []string{text, " " + text, typed} {
			if got, err := ParseReceipt(s); err != nil || got != want {
				t.Fatalf("%q: %+v %v, want %+v", s, got, err, want)
			}
		}
	}
	for _, s := range []string{"", "KJ4", "KJ4-0-ABCD", "KJ4-12-ABC", "KJ4-12-ABCU", "KJ4-1x-ABCD", "KJ4-12-ABCD-E"} {
		if _, err := ParseReceipt(s); !errors.Is(err, ErrNoReceipt) {
			t.Errorf("%q was read: %v", s, err)
		}
	}
}
