package show

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// thousands are what the languages put between groups of three; the narrow space does not break at the end of a line.
var thousands = map[string]string{"en": ",", "fr": "\u202f", "pt-BR": ".", "sw": ",", "fil": ","}

// Number writes n with groups of three: 1,312.
func (w *Words) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	sep := thousands[w.code]
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return sign + digits
}

// Decimal writes x with so many places behind the point or comma of the language.
func (w *Words) Decimal(x float64, places int) string {
	whole, part, found := strings.Cut(strconv.FormatFloat(x, 'f', places, 64), ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return whole // NaN or infinite
	}
	s := w.Number(n)
	if n == 0 && x < 0 {
		s = "-" + s
	}
	if !found {
		return s
	}
	if w.code == "fr" || w.code == "pt-BR" {
		return s + "," + part
	}
	return s + "." + part
}

// Date writes the day of t where t's own clock is: 14 Mar 2027.
func (w *Words) Date(t time.Time) string {
	return w.T("date.full", w.dayOfMonth(t), w.T("month."+strconv.Itoa(int(t.Month()))), t.Year())
}

// LongDay writes the day of t with its weekday, as a heading: Tuesday, 9 March.
func (w *Words) LongDay(t time.Time) string {
	return w.T("date.long", w.T("weekday."+strconv.Itoa(int(t.Weekday()))), w.dayOfMonth(t), w.T("month.long."+strconv.Itoa(int(t.Month()))))
}

// dayOfMonth writes the number of a day; French and Portuguese count the first one: le 1er mars, 1º de março.
func (w *Words) dayOfMonth(t time.Time) string {
	switch {
	case t.Day() == 1 && w.code == "fr":
		return "1er"
	case t.Day() == 1 && w.code == "pt-BR":
		return "1º"
	}
	return strconv.Itoa(t.Day())
}

// DayWords writes a date given as days since 1970-01-01 with its weekday, for the line below a field: Tuesday, 9 March 2027.
func (w *Words) DayWords(days int64) string {
	t := time.Unix(days*86400, 0).UTC()
	return w.LongDay(t) + " " + strconv.Itoa(t.Year())
}

// Day writes a date given as days since 1970-01-01, as the records hold it.
func (w *Words) Day(days int64) string { return w.Date(time.Unix(days*86400, 0).UTC()) }

// Clock writes the time of day: 14:02.
func (w *Words) Clock(t time.Time) string { return t.Format("15:04") }

// Moment writes a day and a time of day; doubtful says that nobody knows how far the clock was off that it comes from.
func (w *Words) Moment(t time.Time, doubtful bool) string {
	text := w.Date(t) + ", " + w.Clock(t)
	if doubtful {
		return w.T("moment.about", text)
	}
	return text
}

// Ago writes how long before now t was, in the largest unit that fits: 3 days ago. A t after now, which a wrong clock gives, is
// "just now".
func (w *Words) Ago(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return w.T("ago.now")
	case d < time.Hour:
		return w.N("ago.minutes", int(d.Minutes()))
	case d < 24*time.Hour:
		return w.N("ago.hours", int(d.Hours()))
	case d < 60*24*time.Hour:
		return w.N("ago.days", int(d.Hours())/24)
	}
	return w.N("ago.months", int(d.Hours())/(24*30))
}

// Duration writes a length in minutes: 45 min, 2 h 05 min.
func (w *Words) Duration(minutes int64) string {
	if minutes < 60 {
		return w.T("duration.minutes", minutes)
	}
	return w.T("duration.hours", minutes/60, fmt.Sprintf("%02d", minutes%60))
}
