package paper

import (
	"strings"
	"unicode/utf8"
)

// measure tells a text's width in millimetres in the current font.
type measure interface{ GetStringWidth(string) float64 }

// wrapped breaks a text into lines that fit, at spaces and hyphens where it can.
func wrapped(m measure, text string, room float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		with := strings.TrimSpace(line + " " + word)
		if line == "" || m.GetStringWidth(with) <= room {
			line = with
			continue
		}
		lines = append(lines, line)
		line = word
	}
	lines = append(lines, line)
	for _, l := range lines {
		if m.GetStringWidth(l) > room {
			return append(lines, "", "") // a word is too long: as if there were too many lines, so that the letters shrink
		}
	}
	return lines
}

// fitted cuts a text that is too wide, and marks the cut.
func fitted(m measure, text string, room float64) string {
	if m.GetStringWidth(text) <= room {
		return text
	}
	for text != "" {
		_, size := utf8.DecodeLastRuneInString(text)
		text = strings.TrimRight(text[:len(text)-size], " ")
		if m.GetStringWidth(text+"…") <= room {
			return text + "…"
		}
	}
	return ""
}
