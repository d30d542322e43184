package sheets

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// The formats that every date and time is read in. A day alone loses its midnight in readCells.
const (
	isoDay    = "yyyy-mm-dd"
	isoMoment = "yyyy-mm-dd hh:mm:ss"
	isoClock  = "hh:mm:ss"
)

// unformatted is the number of a format that no workbook has: values with it come as they are.
const unformatted = 1 << 20

// plainFormats changes the workbook's number formats, in memory, so that the library gives dates as ISO text and
// numbers as they are: 14/3/27 and 3/14/27 are one day, and 1,234.6 may be 1234.5678. Formats that say something are
// left: leading zeros, which are part of a phone, and percent, which is refused as a number rather than taken for a
// hundredth.
func plainFormats(f *excelize.File) error {
	iso := map[string]int{}
	for _, code := range []string{isoDay, isoMoment, isoClock} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code}) // reads the styles, too
		if err != nil {
			return err
		}
		if n := f.Styles.CellXfs.Xf[style].NumFmtID; n != nil {
			iso[code] = *n
		}
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			codes[n.NumFmtID] = n.FormatCode
		}
	}
	for i := range f.Styles.CellXfs.Xf {
		xf := &f.Styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			xf.NumFmtID = new(int)
		}
		shows := showsOf(*xf.NumFmtID, codes)
		number := *xf.NumFmtID
		switch {
		case shows == asIs:
		case shows == plain:
			number = unformatted
		default:
			number = iso[string(shows)]
		}
		xf.NumFmtID = &number // its own: two styles may share one number
	}
	return nil
}

// shown says how a format shows a number: in one of the three ISO formats above, plain, or as is.
type shown string

const (
	plain shown = ""      // the number itself
	asIs  shown = "as is" // what the workbook's format makes of it
)

// showsOf tells it by the format's number, of which some are built in (ECMA-376, part 1, 18.8.30), or by its code.
func showsOf(number int, codes map[int]string) shown {
	if code, ok := codes[number]; ok {
		return showsCode(code)
	}
	switch {
	case number >= 14 && number <= 17, number >= 27 && number <= 31, number == 36, number >= 50 && number <= 58:
		return isoDay
	case number == 22:
		return isoMoment
	case number >= 18 && number <= 21, number >= 32 && number <= 35, number == 45, number == 47:
		return isoClock
	case number == 9, number == 10:
		return asIs
	}
	return plain
}

func showsCode(code string) shown {
	signs, elapsed := formatSigns(code)
	day, clock := strings.ContainsAny(signs, "yd"), strings.ContainsAny(signs, "hs")
	switch {
	case elapsed, strings.HasPrefix(signs, "general"):
		return plain // [h]:mm is a duration: the days that it lasts
	case day && clock:
		return isoMoment
	case clock:
		return isoClock
	case day, strings.Contains(signs, "m"):
		return isoDay
	case strings.Contains(signs, "%"), len(signs) > 1 && strings.Trim(signs, "0") == "":
		return asIs
	}
	return plain
}

// formatSigns is the first section of a format in lower case without what it only repeats: quoted text, colours,
// conditions, paddings. Elapsed says that there was [h], [m] or [s].
func formatSigns(code string) (signs string, elapsed bool) {
	var b strings.Builder
	code = strings.ToLower(code)
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return b.String(), elapsed
		case '\\', '_', '*':
			i++ // the next sign is shown, left as wide or repeated
		case '"':
			i = past(code, i, '"')
		case '[':
			end := past(code, i, ']')
			in := strings.Trim(code[i+1:min(end, len(code))], "]")
			elapsed = elapsed || in != "" && (strings.Trim(in, "h") == "" || strings.Trim(in, "m") == "" || strings.Trim(in, "s") == "")
			i = end
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), elapsed
}

// past returns where the sign next comes after i, or the end.
func past(s string, i int, sign byte) int {
	if n := strings.IndexByte(s[i+1:], sign); n >= 0 {
		return i + 1 + n
	}
	return len(s)
}
