package wire

import "kandili/internal/fieldwork"

// A text is written as a pattern and the numbers in it: every run of digits is replaced by two digits that tell its
// length, and the digits become numbers. So "+254 712 345 678" is "+03 03 03 03" with 254, 712, 345 and 678, and a
// name is its own pattern. A column of texts has a table of patterns, which grows as it is read.
//
// Of a run longer than longRun, numbers of three digits are taken until longRun or less are left; where the length is
// no multiple of three, the first number is the shorter one. So prefixes of phone numbers come apart from what is
// drawn by chance.
const (
	longRun    = 6
	longestRun = 99 // what is longer counts as several runs
	endOfText  = 0xff
)

// patternOf returns the pattern of a text and appends its numbers.
func patternOf(text string, nums []int64) (string, []int64) {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			b = append(b, text[i])
			i++
			continue
		}
		j := i + 1
		for j < len(text) && isDigit(text[j]) && j-i < longestRun {
			j++
		}
		b = append(b, '0'+byte((j-i)/10), '0'+byte((j-i)%10))
		for i < j {
			end := i + chunk(j-i)
			n := int64(0)
			for ; i < end; i++ {
				n = 10*n + int64(text[i]-'0')
			}
			nums = append(nums, n)
		}
	}
	return string(b), nums
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// chunk is how many digits make the next number where so many of a run are left.
func chunk(run int) int {
	if run <= longRun {
		return run
	}
	if run%3 > 0 {
		return run % 3
	}
	return 3
}

// appendText appends the text of a pattern, asking next for each number. It returns false where the pattern is none,
// or a number does not fit.
func appendText(b []byte, pattern string, next func() int64) ([]byte, bool) {
	for i := 0; i < len(pattern); i++ {
		if !isDigit(pattern[i]) {
			b = append(b, pattern[i])
			continue
		}
		if i+1 == len(pattern) || !isDigit(pattern[i+1]) {
			return b, false
		}
		run := int(pattern[i]-'0')*10 + int(pattern[i+1]-'0')
		i++
		if run == 0 || len(b)+run > 2*fieldwork.MaxTextBytes {
			return b, false
		}
		for run > 0 {
			n := chunk(run)
			var ok bool
			if b, ok = appendDigits(b, next(), n); !ok {
				return b, false
			}
			run -= n
		}
	}
	return b, true
}

func appendDigits(b []byte, x int64, width int) ([]byte, bool) {
	if x < 0 {
		return b, false
	}
	at := len(b)
	for range width {
		b = append(b, '0')
	}
	for i := at + width - 1; i >= at; i-- {
		b[i] = '0' + byte(x%10)
		x /= 10
	}
	return b, x == 0
}
