package fieldwork

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// RecoveryBytes is how long the secret is that a lost passphrase is recovered with: 120 bits, so that it fills six groups of
// four letters, and no computer can guess it.
const RecoveryBytes = 15

// crockford has no I, L, O and U: nothing that is misheard or misread over a telephone. https://www.crockford.com/base32.html
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// ErrRecoveryCode is what ParseRecovery says of a text that is no recovery code.
var ErrRecoveryCode = &Problem{Code: "recovery-code", Sentence: "This is not a recovery code, or it has a slip.",
	Hint: "It has seven groups of four. Let HQ read it once more, group by group."}

// RecoveryCode writes a secret of RecoveryBytes as people read it over a telephone: seven groups of four, the last of which
// tells slips.
func RecoveryCode(secret []byte) string {
	text := crockford.EncodeToString(secret) + recoveryCheck(secret)
	var groups []string
	for i := 0; i+4 <= len(text); i += 4 {
		groups = append(groups, text[i:i+4])
	}
	return strings.Join(groups, "-")
}

// ParseRecovery reads a code as people type it: any case, with blanks or dashes or none, O for 0, I and L for 1.
func ParseRecovery(text string) ([]byte, error) {
	clean := strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "\t", "", "\n", "", "\r", "", "–", "").Replace(strings.ToUpper(text))
	const letters = RecoveryBytes * 8 / 5
	if len(clean) != letters+4 {
		return nil, ErrRecoveryCode
	}
	secret, err := crockford.DecodeString(clean[:letters])
	if err != nil || recoveryCheck(secret) != clean[letters:] {
		return nil, ErrRecoveryCode
	}
	return secret, nil
}

// recoveryCheck is twenty bits of a hash: one slip in a million passes.
func recoveryCheck(secret []byte) string {
	sum := sha256.Sum256(append([]byte("kandili/recovery/v1"), secret...))
	return crockford.EncodeToString(sum[:])[:4]
}
