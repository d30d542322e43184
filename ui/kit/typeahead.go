package kit

import (
	"strings"

	"kandili/internal/fieldwork"
)

// TypedRune implements fyne.Focusable: letters go to the next title that begins with them, capitals and accents aside. Letters add
// up as long as some title begins so, and begin anew after that, after any other key, and with the focus; no clock is needed.
func (l *RowList) TypedRune(r rune) {
	if r == ' ' && l.typed == "" {
		return // Space opens
	}
	letter := fieldwork.Fold(string(r))
	if i := l.beginning(l.typed+letter, l.at); l.typed != "" && i >= 0 {
		l.typed += letter
		l.choose(i)
		return
	}
	l.typed = ""
	if i := l.beginning(letter, l.at+1); i >= 0 {
		l.typed = letter
		l.choose(i)
	}
}

// beginning is the first row at or after from, going round at the end, whose title begins with a folded text, or -1. It may read
// every row.
func (l *RowList) beginning(text string, from int) int {
	for n := range l.count {
		i := (max(from, 0) + n) % l.count
		if strings.HasPrefix(fieldwork.Fold(l.row(i).Title), text) {
			return i
		}
	}
	return -1
}
