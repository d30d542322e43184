package fieldwork

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestRecoveryCode_isReadAsPeopleTypeItAndTellsSlips(t *testing.T) {
	passed := 0
	for range 200 {
		secret := make([]byte, RecoveryBytes)
		rand.Read(secret)
		code := RecoveryCode(secret)
		if len(code) != 34 || strings.Count(code, "-") != 6 {
			t.Fatalf("%q is not seven groups of four", code)
		}
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "0", "o"), strings.ReplaceAll(code, "1", "l")} {
			if got, err := ParseRecovery(typed); err != nil || !bytes.Equal(got, secret) {
				t.Fatalf("%q: %v", typed, err)
			}
		}
		for i := range code {
			slip := []byte(code)
			if slip[i] == '-' {
				continue
			}
			slip[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(strings.IndexByte("0123456789ABCDEFGHJKMNPQRSTVWXYZ", slip[i])+7)%32]
			if _, err := ParseRecovery(string(slip)); err == nil {
				passed++
			}
		}
	}
	if passed > 1 { // 5,600 slips at one in a million
		t.Errorf("%d slips were not noticed", passed)
	}
	for _, text := range []string{"", "K7QP", strings.Repeat("A", 28), "ééé"} {
		if _, err := ParseRecovery(text); !errors.Is(err, ErrRecoveryCode) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
