package fieldwork

import (
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrRef is what ParseValue returns for a field that refers to records: only who can look codes up can read it.
var ErrRef = &Problem{Code: "needs-look-up", Sentence: "This field names another record.", Hint: "Give the record's code, such as KJ4-0217-X."}

// ParseValue reads the form that commands and files use; FormatValue writes it. The empty text is the cleared value.
// It judges the form only, Check judges what it says. Errors are Problems; errors.Is(err, ErrRef) tells references.
//
//	date 2027-03-14 · time 2027-03-14T08:41:00Z, also without seconds, "T" or "Z" · decimal 12.5 · yes or no
//	enumeration its name · lists a;b · position -1.95120,36.75410 or with ",8" for the accuracy in metres · bytes hexadecimal
func ParseValue(f *Field, text string) (Value, error) {
	text = strings.TrimSpace(cleanText(text))
	if f.Type == TypeRef || f.Type == TypeRefs {
		return Value{}, ErrRef
	}
	if text == "" {
		return Value{}, nil
	}
	switch f.Type {
	case TypeText, TypeName, TypePhone:
		return parseText(f, text)
	case TypeTexts:
		return parseText(f, strings.Join(splitList(text), "\n"))
	case TypeInt:
		return parseInt(f, text)
	case TypeDecimal:
		return parseDecimal(f, text)
	case TypeBool:
		return parseBool(f, text)
	case TypeEnum:
		return parseEnum(f, text)
	case TypeEnums:
		return parseEnums(f, text)
	case TypeDate:
		return parseDate(f, text)
	case TypeTime:
		return parseTime(f, text)
	case TypePosition:
		return parsePosition(f, text)
	case TypePhoto, TypeBytes:
		return parseBytes(f, text)
	}
	return Value{}, formProblem(f, "unknown-type", "cannot be read by this version", "Update Kandili.")
}

// FormatValue writes a value in the form that ParseValue reads; references as node.epoch.sequence. A value that does
// not fit the field, as a later version may write one, comes out as well as it can.
func FormatValue(f *Field, v Value) string {
	n, isInt := v.Int()
	switch {
	case v.IsZero():
		return ""
	case v.IsText() && f.Type == TypeTexts:
		return joinList(strings.Split(v.Text(), "\n"))
	case v.IsText():
		return v.Text()
	case isInt:
		return formatInt(f, n)
	case len(v.Refs()) > 0:
		return formatRefs(v.Refs())
	case f.Type == TypePosition && len(v.Ints()) == 3:
		return formatPosition(v.Ints())
	case len(v.Ints()) > 0:
		return formatEnums(f, v.Ints())
	}
	return hex.EncodeToString(v.Bytes())
}

// Label returns the field's name for a sentence: "birth year".
func (f *Field) Label() string { return strings.ReplaceAll(f.Name, "_", " ") }

func formProblem(f *Field, code, what, hint string) error {
	return &Problem{Code: code, Sentence: sentence(f.Label() + " " + what + "."), Hint: hint}
}

// sentence makes the first letter a capital.
func sentence(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

func parseText(f *Field, text string) (Value, error) {
	if !utf8.ValidString(text) {
		return Value{}, formProblem(f, "no-utf8", "has letters in an encoding that cannot be read", "Save the file as UTF-8.")
	}
	if len(text) > MaxTextBytes {
		return Value{}, formProblem(f, "too-long", "is too long", "Shorten it.")
	}
	return Text(strings.TrimSpace(text)), nil // what was cut out may have hidden a space at the end
}

// cleanText takes out what no keyboard means: control characters, except ends of lines and tabs. It leaves text that
// is not UTF-8 as it is, to be refused.
func cleanText(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

func parseInt(f *Field, text string) (Value, error) {
	whole, part, dotted := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || dotted && strings.Trim(part, "0") != "" { // spreadsheets write 12 as 12.0
		return Value{}, formProblem(f, "no-number", "is a whole number, such as 12", "")
	}
	return Int(n), nil
}

// parseDecimal also takes a comma before one or two digits, as spreadsheets of most of our countries write it.
func parseDecimal(f *Field, text string) (Value, error) {
	if whole, part, ok := strings.Cut(text, ","); ok && (len(part) == 1 || len(part) == 2) && !strings.ContainsAny(whole, ".,") {
		text = whole + "." + part
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(x) > 1e12 || strings.ContainsAny(text, "xXnNpP_") {
		return Value{}, formProblem(f, "no-number", "is a number, such as 12.5", "Write it without a thousands separator or unit.")
	}
	return Int(int64(math.Round(x * 100))), nil
}

func parseBool(f *Field, text string) (Value, error) {
	switch strings.ToLower(text) {
	case "yes", "true", "1", "y":
		return Bool(true), nil
	case "no", "false", "0", "n":
		return Bool(false), nil
	}
	return Value{}, formProblem(f, "no-yes-or-no", "is yes or no", "")
}

// optionNumber finds an option by its name, whatever the case and with blanks or dashes for underscores.
func optionNumber(f *Field, text string) (int64, error) {
	name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(text)))
	if o, ok := f.OptionByName(name); ok {
		return o.N, nil
	}
	names := make([]string, len(f.Options))
	for i, o := range f.Options {
		names[i] = o.Name
	}
	return 0, formProblem(f, "no-option", "is one of: "+strings.Join(names, ", "), "")
}

func parseEnum(f *Field, text string) (Value, error) {
	n, err := optionNumber(f, text)
	if err != nil {
		return Value{}, err
	}
	return Int(n), nil
}

func parseEnums(f *Field, text string) (Value, error) {
	var list []int64
	for _, name := range splitList(text) {
		n, err := optionNumber(f, name)
		if err != nil {
			return Value{}, err
		}
		list = append(list, n)
	}
	slices.Sort(list)
	return Ints(slices.Compact(list)...), nil
}

const secondsADay = 86400

func parseDate(f *Field, text string) (Value, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Value{}, formProblem(f, "no-date", "is a date, such as 2027-03-14", "Year, month and day, in this order.")
	}
	return Int(t.Unix() / secondsADay), nil // whole days: exact before 1970 too
}

func parseTime(f *Field, text string) (Value, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return Int(t.Unix()), nil
		}
	}
	return Value{}, formProblem(f, "no-time", "is a date and time, such as 2027-03-14T08:41Z", "Times without a zone are read as UTC.")
}

func parsePosition(f *Field, text string) (Value, error) {
	part := strings.Split(text, ",")
	var num [3]float64
	ok := len(part) == 2 || len(part) == 3
	for i := 0; ok && i < len(part); i++ {
		x, err := strconv.ParseFloat(strings.TrimSpace(part[i]), 64)
		num[i], ok = x, err == nil && math.Abs(x) < 1e6
	}
	if !ok {
		return Value{}, formProblem(f, "no-position", "is latitude,longitude in degrees, such as -1.95120,36.75410", "A third number is the accuracy in metres.")
	}
	return Position(num[0], num[1], int64(math.Round(num[2]))), nil
}

func parseBytes(f *Field, text string) (Value, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) > MaxTextBytes {
		return Value{}, formProblem(f, "no-bytes", "is hexadecimal", "")
	}
	return Bytes(b), nil
}

func formatInt(f *Field, n int64) string {
	switch f.Type {
	case TypeDecimal:
		return formatHundredths(n)
	case TypeBool:
		if n != 0 {
			return "yes"
		}
		return "no"
	case TypeEnum, TypeEnums:
		return optionName(f, n)
	case TypeDate:
		if y := DayOf(n).Year(); y >= 0 && y <= 9999 {
			return DayOf(n).Format(time.DateOnly)
		}
	case TypeTime:
		if t := time.Unix(n, 0).UTC(); t.Year() >= 0 && t.Year() <= 9999 {
			return t.Format(time.RFC3339)
		}
	}
	return strconv.FormatInt(n, 10)
}

func formatHundredths(n int64) string {
	sign := ""
	u := uint64(n)
	if n < 0 {
		sign, u = "-", -u
	}
	s := strconv.FormatUint(u/100, 10)
	if c := u % 100; c != 0 {
		s += "." + strings.TrimRight(strconv.FormatUint(100+c, 10)[1:], "0")
	}
	return sign + s
}

func optionName(f *Field, n int64) string {
	if o, ok := f.Option(n); ok {
		return o.Name
	}
	return strconv.FormatInt(n, 10)
}

func formatEnums(f *Field, list []int64) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = optionName(f, n)
	}
	return strings.Join(names, ";")
}

func formatRefs(list []RecordID) string {
	names := make([]string, len(list))
	for i, id := range list {
		names[i] = id.String()
	}
	return strings.Join(names, ";")
}

func formatPosition(p []int64) string {
	s := formatDegrees(p[0]) + "," + formatDegrees(p[1])
	if p[2] != 0 {
		s += "," + strconv.FormatInt(p[2], 10)
	}
	return s
}

func formatDegrees(n int64) string { return strconv.FormatFloat(float64(n)/1e5, 'f', 5, 64) }

// DayOf returns the midnight, UTC, of a date's number.
func DayOf(days int64) time.Time { return time.Unix(days*secondsADay, 0).UTC() }

// splitList parts "a;b" into its entries without blanks around them, leaving out empty ones; "\;" is a semicolon
// within an entry and "\\" a backslash.
func splitList(s string) []string {
	var list []string
	var b strings.Builder
	end := func() {
		if e := strings.TrimSpace(b.String()); e != "" {
			list = append(list, e)
		}
		b.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == ';' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case c == ';' || c == '\n':
			end()
		default:
			b.WriteByte(c)
		}
	}
	end()
	return list
}

var escapeEntry = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

func joinList(entries []string) string {
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = escapeEntry.Replace(e)
	}
	return strings.Join(list, ";")
}
