package fieldwork

import (
	"strconv"
	"strings"
)

// receiptAlphabet has no letter that looks like a digit or another letter when read out or copied by hand.
const receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ReceiptNumber is what a person reads out to ask HQ about a record: the log, up to which number HQ confirmed to hold
// it, and four letters that only HQ can make. KJ4-1042-8PT3.
func ReceiptNumber(log LogID, seq uint64, mark uint32) string {
	tail := []byte{receiptAlphabet[mark>>15&31], receiptAlphabet[mark>>10&31], receiptAlphabet[mark>>5&31], receiptAlphabet[mark&31]}
	return LettersOf(log) + "-" + strconv.FormatUint(seq, 10) + "-" + string(tail)
}

// Receipt is a receipt number taken apart.
type Receipt struct {
	Letters string // of the log, see LettersOf
	Seq     uint64
	Mark    uint32
}

// ErrNoReceipt says that a text is no receipt number; compare with errors.Is.
var ErrNoReceipt = &Problem{Code: "no-receipt", Sentence: "This is no receipt number.", Hint: "A receipt number looks like KJ4-1042-8PT3."}

// ParseReceipt reads a receipt number as people type it: small letters, blanks, O for 0, I or L for 1.
func ParseReceipt(text string) (r Receipt, err error) {
	parts := strings.FieldsFunc(strings.ToUpper(text), func(c rune) bool { return c == '-' || c == ' ' || c == '\u00a0' || c >= '\u2010' && c <= '\u2015' })
	if len(parts) != 3 || len(parts[2]) != 4 || len(parts[0]) > 12 {
		return r, ErrNoReceipt
	}
	r.Letters = parts[0]
	digits := strings.NewReplacer("O", "0", "I", "1", "L", "1")
	if r.Seq, err = strconv.ParseUint(digits.Replace(parts[1]), 10, 64); err != nil || r.Seq == 0 {
		return r, ErrNoReceipt
	}
	for _, c := range digits.Replace(parts[2]) {
		i := strings.IndexRune(receiptAlphabet, c)
		if i < 0 {
			return r, ErrNoReceipt
		}
		r.Mark = r.Mark<<5 | uint32(i)
	}
	return r, nil
}
