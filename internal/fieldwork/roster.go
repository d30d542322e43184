package fieldwork

import (
	"crypto/hmac"
	"crypto/sha256"
	"regexp"
	"strconv"
	"strings"
)

// Roster is the code of a printed attendance list: R-KJ4-0101-030QM-X is the list of session KJ4-0101 with 30 people, of
// whom QM is a short sum, so that a list that was changed after printing is noticed.
type Roster struct {
	Session Code
	Rows    int    // people printed, 0 to MaxRoster; they are the first of the session's expected ones
	Sum     string // two letters over who they are and in which order
}

// MaxRoster is how many people one roster has at most.
const MaxRoster = 999

const rosterMark = "R"

// RosterOf returns the code of a session's roster with these people in this order: the session's expected ones as they are
// stored. Beyond MaxRoster nobody is on it.
func RosterOf(session RecordID, people []RecordID) Roster {
	people = people[:min(len(people), MaxRoster)]
	return Roster{Session: Code{session.Log.Node, suffixOf(session.Log.Epoch), session.Seq}, Rows: len(people), Sum: sumOf(people)}
}

// sumOf are two letters over ids and their order.
func sumOf(ids []RecordID) string {
	var b []byte
	for _, id := range ids {
		b = AppendID(b, id)
	}
	h := sha256.Sum256(b)
	return string([]byte{alphabet[h[0]%32], alphabet[h[1]%32]})
}

// String returns the code as it is printed.
func (r Roster) String() string {
	letters, counter := lettersOfNode(r.Session.Node)+r.Session.Suffix, padded(r.Session.Seq)
	tail := threeDigits(r.Rows) + r.Sum
	return rosterMark + "-" + letters + "-" + counter + "-" + tail + "-" + string(checkChar(rosterMark+letters+counter+tail))
}

func threeDigits(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 3-len(s))) + s
}

// People returns who stands on the printed roster, row by row, from the session's expected people as they are now. Ok is
// false when the list was changed since, except by adding people at its end: then the rows cannot be told by their numbers.
func (r Roster) People(expected []RecordID) (people []RecordID, ok bool) {
	if r.Rows > len(expected) || sumOf(expected[:r.Rows]) != r.Sum {
		return nil, false
	}
	return expected[:r.Rows], true
}

// RosterPayload returns what the QR at the head of a roster says.
func (k BadgeKey) RosterPayload(r Roster) string {
	return k.sealed("roster", "KR:"+k.Campaign+":"+r.String())
}

// ErrMistypedRoster is the error of ParseRoster for a code with a slip.
var ErrMistypedRoster = &Problem{Code: "mistyped-roster", Sentence: "The roster's code has a typing slip.", Hint: "Compare each letter and digit with the print, also the last one."}

// rosterTail is how many characters stand between counter and check character.
const rosterTail = 5

// ParseRoster reads a roster's code as people type it, with or without dashes. It returns ErrNoCode where the text has not the
// form of one, and ErrMistypedRoster where its check character is wrong.
func ParseRoster(s string) (Roster, error) {
	text, cuts, ok := stripCode(s)
	if !ok || !strings.HasPrefix(text, rosterMark) || len(text) < len(rosterMark)+2+minDigits+rosterTail+1 {
		return Roster{}, ErrNoCode
	}
	at := len(text) - 1 - rosterTail
	tail := counterDigits(text[at:at+3]) + text[at+3:at+rosterTail]
	rows, err := strconv.Atoi(tail[:3])
	if err != nil || rows < 0 || strings.Trim(tail[3:], alphabet) != "" {
		return Roster{}, ErrNoCode
	}
	var found []Roster
	shaped := false
	for letters := 2; letters <= 9; letters++ {
		c, good, fits := readMarked(text, rosterMark, tail, letters, cuts)
		shaped = shaped || fits
		if good {
			found = append(found, Roster{Session: c, Rows: rows, Sum: tail[3:]})
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Roster{}, ErrAmbiguousCode
	case shaped:
		return Roster{}, ErrMistypedRoster
	}
	return Roster{}, ErrNoCode
}

// ReadRoster reads the QR or the typed code of a roster. The reason is 0 when it can be used; RefusalUnknown means that this
// is no roster.
func ReadRoster(text, campaign string, key func(no int) (BadgeKey, bool)) (r Roster, proven bool, reason Refusal) {
	s, sealed := readSealed(text, "KR", "roster", campaign, key, func(content string) (string, bool) {
		r, err := ParseRoster(content)
		return r.String(), err == nil
	})
	if sealed {
		r, _ = ParseRoster(s.content) // an empty one of a forged code stays the zero roster
		return r, s.reason == 0, s.reason
	}
	r, err := ParseRoster(text)
	if err != nil {
		return Roster{}, false, RefusalUnknown
	}
	return r, false, 0
}

// RowPayload returns what the QR in a person's row of a session's roster says. It proves nothing at the door: only whoever
// enters the roster reads it.
func (k BadgeKey) RowPayload(session, person RecordID) string {
	body := "KP:" + sumOf([]RecordID{session}) + ":" + CodeOf(person) + ":" + strconv.Itoa(k.No)
	return body + ":" + k.rowSeal(session, body)
}

func (k BadgeKey) rowSeal(session RecordID, body string) string {
	return k.sealOf("roster row", k.Campaign+":"+CodeOf(session)+":"+body)[:rowMAC]
}

var rowForm = regexp.MustCompile(`^KP(.)([A-Z2-9]{2})(.)([A-Z2-9]{2,9})(.)([0-9]{4,20})(.)([0-9A-Z])(.)([0-9]{1,2})(.)([A-Z2-7]{8})$`)

// ReadRow reads the QR in a row of the session's roster. The reason is 0, or RefusalWrongSession for the row of another
// session, RefusalForged, or RefusalUnknown where this is no row of a roster.
func ReadRow(text string, session RecordID, key func(no int) (BadgeKey, bool)) (person Code, reason Refusal) {
	text = strings.ToUpper(strings.TrimSpace(text))
	reason = RefusalUnknown
	if len(text) > 128 {
		return Code{}, reason
	}
	for _, layout := range layouts {
		m := rowForm.FindStringSubmatch(layout.Replace(text))
		if m == nil {
			continue
		}
		person, r := readRow(m, session, key)
		if r == 0 {
			return person, 0
		}
		if reason == RefusalUnknown {
			reason = r
		}
	}
	return Code{}, reason
}

func readRow(m []string, session RecordID, key func(no int) (BadgeKey, bool)) (Code, Refusal) {
	code := m[4] + "-" + m[6] + "-" + m[8]
	c, err := ParseCode(code)
	no, _ := strconv.Atoi(m[10])
	k, ok := key(no)
	switch {
	case m[2] != sumOf([]RecordID{session}):
		return c, RefusalWrongSession
	case !ok:
		return c, RefusalUnknown
	case err != nil, !hmac.Equal([]byte(k.rowSeal(session, "KP:"+m[2]+":"+code+":"+strconv.Itoa(no))), []byte(m[12])):
		return c, RefusalForged
	}
	return c, 0
}
