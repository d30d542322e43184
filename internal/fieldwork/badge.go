package fieldwork

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A badge's QR holds, in QR's alphanumeric mode,
//
//	KD:KAJI:KJ4-0217-X:1.2:7QDMXKZJ3VQ5RJHA
//
// the campaign's short name, the code, the number of the key and of the issue, and 80 bits of an HMAC-SHA256 over all of
// this as 16 characters of base 32. It has no name in it. Printed for ever: never change, add a second form instead.

// BadgeKey is one of a campaign's keys for badges. Key is secret among the campaign's laptops.
type BadgeKey struct {
	Campaign string // short name, two to four capital letters or digits
	No       int    // 1 to 99
	Key      [32]byte
}

// macBytes is how much of the MAC stands on a badge; 80 bits cannot be guessed by trying at a desk.
const macBytes = 10

// Payload returns what the badge's QR says for a code as CodeOf gives it and the number of the issue: 0 for the first
// badge, one more after each lost one.
func (k BadgeKey) Payload(code string, issue int) string {
	body := fmt.Sprintf("KD:%s:%s:%d.%d", k.Campaign, code, k.No, issue)
	return body + ":" + k.mac(body)
}

func (k BadgeKey) mac(body string) string {
	h := hmac.New(sha256.New, k.Key[:])
	h.Write([]byte("kandili badge 1\x00" + body))
	return base32.StdEncoding.EncodeToString(h.Sum(nil)[:macBytes])
}

// BadgeKeys returns the look-up of a campaign's keys for ReadBadge: key number n is at (n-1)*32 of its badge_key.
func BadgeKeys(campaign Record) func(no int) (BadgeKey, bool) {
	raw := campaign.Get(CampaignBadgeKey).Bytes()
	short := campaign.Get(CampaignShort).Text()
	return func(no int) (BadgeKey, bool) {
		if no < 1 || no > len(raw)/32 {
			return BadgeKey{}, false
		}
		return BadgeKey{Campaign: short, No: no, Key: [32]byte(raw[(no-1)*32:])}, true
	}
}

// PrintKey returns the key that a campaign's badges are printed with; the first where no number is set. Ok is false
// while the campaign has none.
func PrintKey(campaign Record) (BadgeKey, bool) {
	no, set := campaign.Get(CampaignBadgeKeyNo).Int()
	if !set || no == 0 {
		no = 1
	}
	return BadgeKeys(campaign)(int(no))
}

// Badge is what was read from a badge or typed instead of one.
type Badge struct {
	Code   Code
	Issue  int  // of a proven badge
	Proven bool // the MAC was right; a typed code is a look-up and proves nothing
}

// Refusal is why a check-in was refused; 0 is none. Its numbers are those of the attendance's refusal.
type Refusal int64

// String returns the reason's name, such as "already_in", or "" for none.
func (r Refusal) String() string {
	for _, o := range refusals {
		if o.N == int64(r) {
			return o.Name
		}
	}
	return ""
}

// badgeForm takes a badge's text apart. Separators may be any character, since a scanner set to another country's
// keyboard types others (a colon as Ñ, Ö or M); the fields between them stay as they are.
var badgeForm = regexp.MustCompile(`^KD(.)([A-Z0-9]{2,4})(.)([A-Z2-9]{2,9})(.)([0-9]{4,20})(.)([0-9A-Z])(.)([0-9]{1,2})(.)([0-9]{1,3})(.)([A-Z2-7]{16})$`)

// ReadBadge reads what a scanner or a person typed: a badge of the campaign, or a plain code. The reason is 0 when it
// can be looked up; else RefusalUnknown, RefusalForged or RefusalWrongCampaign. What stands on a refused badge is
// returned as far as it could be read.
//
// Scanners end with a return or a tab, may have caps lock on, and may be set to another keyboard than the laptop.
func ReadBadge(text, campaign string, key func(no int) (BadgeKey, bool)) (Badge, Refusal) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) > 128 {
		return Badge{}, RefusalUnknown
	}
	badge, reason := Badge{}, Refusal(RefusalUnknown)
	for _, layout := range layouts {
		b, r, isBadge := readPayload(layout.Replace(text), campaign, key)
		if isBadge && r == 0 {
			return b, 0
		}
		if isBadge && reason == RefusalUnknown {
			badge, reason = b, r
		}
	}
	if reason != RefusalUnknown || badge != (Badge{}) {
		return badge, reason
	}
	code, err := ParseCode(text)
	if err != nil {
		return Badge{}, RefusalUnknown
	}
	return Badge{Code: code}, 0
}

// layouts undo a scanner that types by the US keyboard on a laptop set to another one. Applied to capital letters.
var layouts = []*strings.Replacer{
	strings.NewReplacer(),
	strings.NewReplacer("Z", "Y", "Y", "Z"), // German; also Czech and others that swap the two
	strings.NewReplacer("&", "1", "É", "2", "\"", "3", "'", "4", "(", "5", "-", "6", "È", "7", "_", "8", "Ç", "9", "À", "0", // French
		")", "-", "A", "Q", "Q", "A", "Z", "W", "W", "Z", "M", ":", "?", "M", ",", "M", ":", "."),
}

// readPayload reads a badge's text in capital letters; isBadge is false where the text has another form.
func readPayload(text, campaign string, key func(no int) (BadgeKey, bool)) (b Badge, reason Refusal, isBadge bool) {
	m := badgeForm.FindStringSubmatch(text)
	if m == nil {
		return Badge{}, 0, false
	}
	code := m[4] + "-" + m[6] + "-" + m[8]
	c, err := ParseCode(code)
	no, _ := strconv.Atoi(m[10])
	issue, _ := strconv.Atoi(m[12])
	b = Badge{Code: c, Issue: issue}
	if m[2] != campaign {
		return b, RefusalWrongCampaign, true
	}
	k, ok := key(no)
	if !ok {
		return b, RefusalUnknown, true
	}
	body := fmt.Sprintf("KD:%s:%s:%d.%d", m[2], code, no, issue)
	if err != nil || k.Campaign != campaign || !hmac.Equal([]byte(k.mac(body)), []byte(m[14])) {
		return b, RefusalForged, true
	}
	b.Proven = true
	return b, 0, true
}
