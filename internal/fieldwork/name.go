package fieldwork

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold brings a text into the form that searching and comparing use: lower case, Latin letters without their accents,
// no apostrophes, any white space as one blank each. Letters of other scripts are kept. Folding twice changes nothing.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

// isFolded says that s is plain ASCII in folded form, which most queries are.
func isFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c > '~' || c >= 'A' && c <= 'Z' || c == '\'' || c == '`' {
			return false
		}
	}
	return true
}

func foldRune(b *strings.Builder, r rune) {
	r = unicode.ToLower(r)
	if r >= '\uff01' && r <= '\uff5e' { // full-width forms of ASCII
		r = unicode.ToLower(r - 0xfee0)
	}
	switch {
	case r >= '\u2010' && r <= '\u2015' || r == '\u2212':
		b.WriteByte('-')
	case r < utf8.RuneSelf && r > ' ' && r != '\'' && r != '`' && r != 0x7f:
		b.WriteByte(byte(r))
	case unicode.IsSpace(r) || unicode.IsControl(r):
		b.WriteByte(' ')
	case isApostrophe(r) || unicode.Is(unicode.Mn, r) && r < '\u3000' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff':
	case folded[r] != "":
		b.WriteString(folded[r])
	default:
		b.WriteRune(r)
	}
}

// isApostrophe knows what people and keyboards use for one, as in Ng'ang'a or N'Diaye.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '\u00b4', '\u2018', '\u2019', '\u201b', '\u02b9', '\u02bb', '\u02bc', '\u02bd', '\u02be', '\u02bf', '\u2032', '\ua78c':
		return true
	}
	return false
}

var folded = func() map[rune]string {
	m := make(map[rune]string, 600)
	for plain, letters := range foldTable {
		for _, r := range letters {
			m[r] = plain
		}
	}
	return m
}()

// foldTable says which lower-case letters fold to what: Latin-1, Latin Extended-A, -B and Additional by their Unicode
// decomposition, and letters without one that names of our countries use (ɓ ɗ ɲ ŋ ƴ of Pulaar and Wolof among them).
var foldTable = map[string]string{
	"a":   "àáâãäåāăąǎǟǡǻȁȃȧⱥʌḁẚạảấầẩẫậắằẳẵặ",
	"ae":  "æǣǽ",
	"b":   "ƀɓƃḃḅḇ",
	"c":   "çćĉċčƈȼḉ",
	"d":   "ðďđɖɗƌḋḍḏḑḓẟ",
	"dz":  "ǆǳ",
	"e":   "èéêëēĕėęěǝəɛȅȇȩɇḕḗḙḛḝẹẻẽếềểễệ",
	"f":   "ƒḟ",
	"ff":  "ﬀ",
	"ffi": "ﬃ",
	"ffl": "ﬄ",
	"fi":  "ﬁ",
	"fl":  "ﬂ",
	"g":   "ĝğġģɠɣǥǧǵḡ",
	"h":   "ĥħȟḣḥḧḩḫẖ",
	"hv":  "ƕ",
	"i":   "ìíîïĩīĭįıɩɨǐȉȋḭḯỉị",
	"ij":  "ĳ",
	"j":   "ĵǰȷɉ",
	"k":   "ķĸƙǩḱḳḵ",
	"l":   "ĺļľŀłƚḷḹḻḽ",
	"lj":  "ǉ",
	"m":   "ḿṁṃ",
	"n":   "ñńņňŉɲƞǹṅṇṉṋ",
	"ng":  "ŋ",
	"nj":  "ǌ",
	"o":   "òóôõöøōŏőɔɵơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
	"oe":  "œ",
	"oi":  "ƣ",
	"ou":  "ȣ",
	"p":   "ƥṕṗ",
	"q":   "ɋ",
	"r":   "ŕŗřʀȑȓɍṙṛṝṟ",
	"s":   "śŝşšſƨʃșṡṣṥṧṩẛẜẝ",
	"ss":  "ß",
	"st":  "ﬅﬆ",
	"t":   "ţťŧƫƭʈțⱦṫṭṯṱẗ",
	"th":  "þ",
	"u":   "ùúûüũūŭůűųɯưʊǔǖǘǚǜȕȗʉṳṵṷṹṻụủứừửữự",
	"v":   "ʋṽṿ",
	"w":   "ŵƿẁẃẅẇẉẘ",
	"x":   "ẋẍ",
	"y":   "ýÿŷƴȝȳɏẏẙỳỵỷỹ",
	"z":   "źżžƶʒǯȥẑẓẕ",
}
