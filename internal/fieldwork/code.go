package fieldwork

import (
	"fmt"
	"strconv"
	"strings"
)

// Code is what people read and type for a record: KJ4-0217-X is record 217 of node KJ4 with the check character X.
type Code struct {
	Node   uint32
	Suffix string // the two letters of an incarnation after the first, else ""
	Seq    uint64 // at least 1
}

// minDigits is how many digits the counter has at least; larger counters have as many as they need.
const minDigits = 4

// CodeOf returns the code of a record, or "" for the id that names none.
func CodeOf(id RecordID) string {
	if id.IsZero() {
		return ""
	}
	return Code{id.Log.Node, suffixOf(id.Log.Epoch), id.Seq}.String()
}

// Matches says that the code stands for the record. An incarnation cannot be read back from two letters, so a code
// with a suffix is compared with the records that there are.
func (c Code) Matches(id RecordID) bool {
	return c.Node == id.Log.Node && c.Seq == id.Seq && c.Suffix == suffixOf(id.Log.Epoch)
}

// RecordID returns the record of a code without suffix; ok is false for one with a suffix.
func (c Code) RecordID() (id RecordID, ok bool) {
	return RecordID{Log: LogID{Node: c.Node}, Seq: c.Seq}, c.Suffix == ""
}

// String returns the code as it is printed, with dashes and check character.
func (c Code) String() string {
	letters := lettersOfNode(c.Node) + c.Suffix
	counter := padded(c.Seq)
	return letters + "-" + counter + "-" + string(checkChar(letters+counter))
}

// padded is a counter with as many digits as it has at least.
func padded(n uint64) string { return fmt.Sprintf("%0*d", minDigits, n) }

// Errors of ParseCode, to be compared with errors.Is.
var (
	ErrNoCode        = &Problem{Code: "no-code", Sentence: "This is no code of Kandili.", Hint: "A code looks like KJ4-0217-X."}
	ErrMistypedCode  = &Problem{Code: "mistyped-code", Sentence: "The code has a typing slip.", Hint: "Compare each letter and digit with the print, also the last one."}
	ErrAmbiguousCode = &Problem{Code: "ambiguous-code", Sentence: "Without its dashes, this code can be read in two ways.", Hint: "Type the dashes too, as in KJ4-0217-X."}
)

// ParseCode reads a code as people and scanners type it: upper or lower case, with blanks, with other dashes or none,
// O for 0 and I or L for 1 in the counter. It returns ErrNoCode, ErrMistypedCode or ErrAmbiguousCode.
func ParseCode(s string) (Code, error) {
	text, cuts, ok := stripCode(s)
	if !ok {
		return Code{}, ErrNoCode
	}
	var found []Code
	shaped := false
	for letters := 2; letters <= 9; letters++ {
		c, good, fits := readCode(text, letters, cuts)
		shaped = shaped || fits
		if good {
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Code{}, ErrAmbiguousCode
	case shaped:
		return Code{}, ErrMistypedCode
	}
	return Code{}, ErrNoCode
}

// stripCode takes out blanks and dashes and remembers before which characters the dashes stood.
func stripCode(s string) (text string, cuts []int, ok bool) {
	if len(s) > 64 {
		return "", nil, false
	}
	b := make([]byte, 0, len(s))
	for _, r := range strings.ToUpper(strings.TrimSpace(s)) {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			b = append(b, byte(r))
		case r == ' ' || r == '\u00a0':
		case r == '-' || r == '_' || r == '/' || r == '.' || r == '\'' || r == '\u00df' || r >= '\u2010' && r <= '\u2015' || r == '\u2212':
			cuts = append(cuts, len(b))
		default:
			return "", nil, false
		}
	}
	return string(b), cuts, true
}

// readCode tries the text with so many letters in front. Fits says that it has the shape of a code, good that the
// check character is right as well.
func readCode(text string, letters int, cuts []int) (c Code, good, fits bool) {
	return readMarked(text, "", "", letters, cuts)
}

// readMarked is readCode for a text with a mark before the letters and a tail, in its printed form, after the counter; the
// check character is over all of it.
func readMarked(text, mark, tail string, letters int, cuts []int) (c Code, good, fits bool) {
	last := len(text) - 1
	from, end := len(mark), last-len(tail)
	middle := from + letters
	if end-middle < minDigits {
		return c, false, false
	}
	for _, at := range cuts {
		if at != from && at != middle && at != end && at != last {
			return c, false, false
		}
	}
	nodeLetters, suffix := splitLetters(text[from:middle])
	node, ok := nodeOfLetters(nodeLetters)
	counter := counterDigits(text[middle:end])
	seq, err := strconv.ParseUint(counter, 10, 64)
	if !ok || err != nil || seq == 0 || len(counter) > minDigits && counter[0] == '0' {
		return c, false, false
	}
	return Code{node, suffix, seq}, checkChar(mark+text[from:middle]+counter+tail) == text[last], true
}

// splitLetters parts the node's letters from those of an incarnation by their number.
func splitLetters(s string) (node, suffix string) {
	switch len(s) {
	case 4, 5, 9:
		node, suffix = s[:len(s)-2], s[len(s)-2:]
		if strings.Trim(suffix, alphabet) != "" {
			return "", ""
		}
		return node, suffix
	}
	return s, ""
}

var counterLetters = strings.NewReplacer("O", "0", "I", "1", "L", "1")

func counterDigits(s string) string { return counterLetters.Replace(s) }

const checkAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// checkChar is the check character of ISO 7064 MOD 37,36 over digits and capital letters. With it every single wrong
// character is noticed, and all but about 4 in 1,000 swaps of neighbours; TestParseCode_noticesSlips counts them.
func checkChar(s string) byte {
	p := 36
	for i := 0; i < len(s); i++ {
		p += strings.IndexByte(checkAlphabet, s[i])
		if p %= 36; p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	return checkAlphabet[(37-p)%36]
}
