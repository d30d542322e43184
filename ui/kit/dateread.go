package kit

import (
	"strconv"
	"strings"
	"time"

	"kandili/internal/fieldwork"
)

// The years a date can have: the oldest participants and the longest plans, and no slips of the finger.
const (
	firstYear = 1900
	lastYear  = 2199
)

// readDay reads a date as people type it, in days since 1970: 2027-03-14, 14/3/2027, 14.3.27, 14/3, 14, +1, -1, "today" or one of
// words, which say how many days from today they mean. Days come before months. A date without a year is the one nearest to
// today; a year of two figures is the latest such year that is not after the next.
func readDay(text string, today int64, words map[string]int64) (day int64, ok bool) {
	text = strings.TrimSpace(fieldwork.Fold(text))
	if text == "today" {
		return today, true
	}
	for word, days := range words {
		if fieldwork.Fold(word) == text {
			return today + days, true
		}
	}
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		days, err := strconv.Atoi(text)
		return today + int64(days), err == nil && len(text) <= 5
	}
	var n []int
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-/. ", r) })
	for _, part := range parts {
		one, err := strconv.Atoi(part)
		if err != nil || one < 0 {
			return 0, false
		}
		n = append(n, one)
	}
	now := fieldwork.DayOf(today)
	switch {
	case len(n) == 1 && len(parts[0]) <= 2:
		return dayOf(now.Year(), int(now.Month()), n[0])
	case len(n) == 2:
		return nearest(n[0], n[1], today)
	case len(n) == 3 && len(parts[0]) == 4:
		return dayOf(n[0], n[1], n[2])
	case len(n) == 3 && len(parts[2]) == 4:
		return dayOf(n[2], n[1], n[0])
	case len(n) == 3 && len(parts[2]) == 2:
		return dayOf(fullYear(n[2], now.Year()), n[1], n[0])
	}
	return 0, false
}

// dayOf is a date's number, if there is such a date.
func dayOf(year, month, day int) (int64, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < firstYear || year > lastYear || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return 0, false
	}
	return t.Unix() / 86400, true // midnights divide without a rest, before 1970 too
}

// nearest is the day of a month that is nearest to today, the coming one if both are as near.
func nearest(day, month int, today int64) (best int64, ok bool) {
	year := fieldwork.DayOf(today).Year()
	for y := year - 1; y <= year+1; y++ {
		d, is := dayOf(y, month, day)
		if is && (!ok || distance(d, today) <= distance(best, today)) {
			best, ok = d, true
		}
	}
	return best, ok
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

func fullYear(two, now int) int {
	year := now/100*100 + 100 + two
	for year > now+1 {
		year -= 100
	}
	return year
}

// addMonths goes some months on and keeps the day of the month, or the last one of a shorter month.
func addMonths(day int64, months int) int64 {
	t := fieldwork.DayOf(day)
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Unix() / 86400
}

// isoDay writes a date as it is stored and shown in entries.
func isoDay(day int64) string { return fieldwork.DayOf(day).Format("2006-01-02") }
