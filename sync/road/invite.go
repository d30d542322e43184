package road

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Invite is what a laptop needs to join: whom to trust, where HQ is, and a token that works once. As text it begins
// with invitePrefix, so that a program and a person recognise it.
type Invite struct {
	Campaign journal.Campaign `json:"c"`
	Name     string           `json:"n"` // of the campaign
	URLs     []string         `json:"u"` // of HQ
	Pin      []byte           `json:"p"` // SHA-256 of HQ's public TLS key
	Token    []byte           `json:"t"` // 16 random bytes; HQ keeps only its hash
	Role     string           `json:"r"`
	Expires  int64            `json:"e"` // seconds since 1970, by HQ's clock
}

const invitePrefix = "KANDILI1:"

// String returns the invite's text: one line that can be mailed, or shown as a QR.
func (i Invite) String() string {
	b, _ := json.Marshal(i) // cannot fail: texts, numbers and bytes
	return invitePrefix + base64.RawURLEncoding.EncodeToString(b)
}

// ExpiredAt says whether the invite was already over at the time. HQ decides; this is for an early, kind word.
func (i Invite) ExpiredAt(t time.Time) bool { return t.Unix() > i.Expires }

// ParseInvite reads an invite wherever it stands in the text.
func ParseInvite(text string) (Invite, error) {
	bad := &fieldwork.Problem{Code: "bad-invite", Sentence: "This is not a whole invite.",
		Hint: "An invite begins with " + invitePrefix + " – copy the whole line from HQ's message, or ask HQ for a new one."}
	_, rest, found := strings.Cut(text, invitePrefix)
	if !found {
		return Invite{}, bad
	}
	rest = strings.Join(strings.Fields(strings.SplitN(rest, "\n\n", 2)[0]), "") // mail programs wrap long lines
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil {
		return Invite{}, bad
	}
	var i Invite
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&i); err != nil || len(i.Pin) != 32 || len(i.Token) < 16 || len(i.URLs) == 0 {
		return Invite{}, bad
	}
	return i, nil
}
