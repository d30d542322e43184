package fieldwork

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strconv"
	"strings"
)

// What is printed besides badges proves itself in the same way: a text in QR's alphanumeric mode that ends in the number
// of the campaign's badge key and a truncated HMAC over what stands before it.
//
//	KL:KAJI:T-KJ4-0217-X:1:7QDMXKZJ3VQ5RJHA        a lamp tag
//	KR:KAJI:R-KJ4-0101-030QM-X:1:7QDMXKZJ3VQ5RJHA  a roster
//	KP:QM:KJ4-0217-X:1:7QDMXKZJ                    a row of a roster
//	KC:KAJI:KJ4-0517-Q:1:7QDMXKZJ3VQ5RJHA          a certificate, where HQ has no address
//
// Printed for ever: never change, add another form instead.

// rowMAC is how many characters of the MAC stand in a row of a roster: 40 bits. The row counts only beside its roster, and
// a volunteer enters it; it has to be small.
const rowMAC = 8

// sealed returns body with the key's number and MAC behind it.
func (k BadgeKey) sealed(what, body string) string {
	body += ":" + strconv.Itoa(k.No)
	return body + ":" + k.sealOf(what, body)
}

// sealOf is the MAC of a text, for one use only: what proves a tag proves no badge.
func (k BadgeKey) sealOf(what, body string) string {
	h := hmac.New(sha256.New, k.Key[:])
	h.Write([]byte("kandili " + what + " 1\x00" + body))
	return base32.StdEncoding.EncodeToString(h.Sum(nil)[:macBytes])
}

// sealForm takes such a text apart: mark, campaign, content, number of the key, MAC. As on badges, a separator may be any
// character, since a scanner set to another country's keyboard types others.
var sealForm = regexp.MustCompile(`^(K[LRC])(.)([A-Z0-9]{2,4})(.)([A-Z0-9].*[A-Z0-9])(.)([0-9]{1,2})(.)([A-Z2-7]{16})$`)

// sealedText is a text whose form was right; Proven says that its MAC was, too.
type sealedText struct {
	content string // as it was printed, with its dashes
	reason  Refusal
}

// readSealed reads a sealed text of one mark as a scanner typed it. Canon brings its content into the printed form, or
// says that it is none. The reason is 0, or RefusalForged, RefusalWrongCampaign, RefusalUnknown (a key that is not here).
func readSealed(text, mark, what, campaign string, key func(no int) (BadgeKey, bool), canon func(string) (string, bool)) (sealedText, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) > 128 {
		return sealedText{}, false
	}
	var best sealedText
	found := false
	for _, layout := range layouts {
		m := sealForm.FindStringSubmatch(layout.Replace(text))
		if m == nil || m[1] != mark {
			continue
		}
		r := sealedText{reason: RefusalForged}
		no, _ := strconv.Atoi(m[7])
		content, ok := canon(m[5])
		if ok {
			r.content = content
		}
		k, known := key(no)
		switch {
		case m[3] != campaign:
			r.reason = RefusalWrongCampaign
		case !known:
			r.reason = RefusalUnknown
		case ok && hmac.Equal([]byte(k.sealOf(what, mark+":"+campaign+":"+content+":"+strconv.Itoa(no))), []byte(m[9])):
			return sealedText{content: content}, true
		}
		if !found {
			best, found = r, true
		}
	}
	return best, found
}
