package fieldwork

import "strings"

// Tag is the number of a lamp tag, printed before there is a lamp: T-KJ4-0217-X is tag 217 that the laptop KJ4 printed.
// The T in front and the check character, which is over the T as well, keep it apart from the codes of records.
type Tag struct {
	Node   uint32
	Suffix string // of a later incarnation of the laptop, else ""
	No     uint64 // at least 1
}

// tagMark stands in front of every tag.
const tagMark = "T"

// TagOf returns the n-th tag of a log; n begins at 1.
func TagOf(log LogID, n uint64) Tag { return Tag{log.Node, suffixOf(log.Epoch), n} }

// String returns the tag as it is printed and as lamps keep it.
func (t Tag) String() string {
	letters, counter := lettersOfNode(t.Node)+t.Suffix, padded(t.No)
	return tagMark + "-" + letters + "-" + counter + "-" + string(checkChar(tagMark+letters+counter))
}

// TagPayload returns what the QR of a lamp tag says.
func (k BadgeKey) TagPayload(t Tag) string {
	return k.sealed("tag", "KL:"+k.Campaign+":"+t.String())
}

// ErrMistypedTag is the error of ParseTag for a tag with a slip.
var ErrMistypedTag = &Problem{Code: "mistyped-tag", Sentence: "The tag has a typing slip.", Hint: "Compare each letter and digit with the print, also the last one."}

// ParseTag reads a tag as people type it, with or without dashes, like ParseCode. It returns ErrNoCode where the text has not
// the form of a tag, and ErrMistypedTag where its check character is wrong.
func ParseTag(s string) (Tag, error) {
	text, cuts, ok := stripCode(s)
	if !ok || !strings.HasPrefix(text, tagMark) {
		return Tag{}, ErrNoCode
	}
	var found []Tag
	shaped := false
	for letters := 2; letters <= 9; letters++ {
		c, good, fits := readMarked(text, tagMark, "", letters, cuts)
		shaped = shaped || fits
		if good {
			found = append(found, Tag{c.Node, c.Suffix, c.Seq})
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Tag{}, ErrAmbiguousCode
	case shaped:
		return Tag{}, ErrMistypedTag
	}
	return Tag{}, ErrNoCode
}

// ReadTag reads what a scanner or a person typed: a lamp tag of the campaign, or its text. Proven says that its MAC was
// right; a typed tag proves nothing. The reason is 0 when it can be used; RefusalUnknown means that this is no tag.
func ReadTag(text, campaign string, key func(no int) (BadgeKey, bool)) (t Tag, proven bool, reason Refusal) {
	s, sealed := readSealed(text, "KL", "tag", campaign, key, func(content string) (string, bool) {
		t, err := ParseTag(content)
		return t.String(), err == nil
	})
	if sealed {
		t, _ = ParseTag(s.content) // an empty one of a forged tag stays the zero tag
		return t, s.reason == 0, s.reason
	}
	t, err := ParseTag(text)
	if err != nil {
		return Tag{}, false, RefusalUnknown
	}
	return t, false, 0
}

// UseTag turns what ReadTag found into what a lamp keeps: the tag's text, or a Problem for a tag that must not be used. Ok is false
// where the text was no tag at all, and may be a serial number.
func UseTag(t Tag, reason Refusal) (text string, ok bool, err error) {
	switch reason {
	case 0:
		return t.String(), true, nil
	case RefusalForged:
		return "", true, &Problem{Code: "forged-tag", Sentence: "This tag was not printed by this campaign: its seal is wrong.", Hint: "Take another tag, and keep this one for HQ."}
	case RefusalWrongCampaign:
		return "", true, &Problem{Code: "other-campaign-tag", Sentence: "This tag belongs to another campaign.", Hint: "Take a tag of this campaign."}
	}
	return "", false, nil
}
