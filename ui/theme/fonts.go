package theme

import (
	"encoding/binary"
	"slices"

	"fyne.io/fyne/v2"

	"kandili/assets"
)

// font is one of our fonts as the toolkit gets it, lowered by a hair.
//
// The toolkit draws a line into a picture of whole pixels, its height rounded, and puts the baseline on the next whole pixel below the
// ascender. Noto Sans says 1.069 above the baseline and 0.293 below it, in parts of its size: in letters of 15 the baseline comes to lie on
// 17 of 20 pixels, and the feet of g and y, which need 0.24, are cut off. With 1.066 and 0.296 it lies on 16, and the lines are as high as
// before. Only these two numbers are changed, and only in memory.
func font(name string) fyne.Resource {
	file := slices.Clone(assets.Font(name))
	lower(file, "hhea", 4, 6)
	lower(file, "OS/2", 68, 70)
	return fyne.NewStaticResource(name+".ttf", file)
}

// lowered is how far, in thousandths of the size.
const lowered = 3

// lower takes from the ascender of a table and gives to its descender, which are signed numbers at these places.
func lower(file []byte, table string, ascender, descender int) {
	at := tableAt(file, table)
	if at < 0 {
		return
	}
	for _, place := range []int{at + ascender, at + descender} {
		n := int16(binary.BigEndian.Uint16(file[place:])) - lowered
		binary.BigEndian.PutUint16(file[place:], uint16(n))
	}
}

// tableAt is where a table of a TrueType file begins, -1 for nowhere.
func tableAt(file []byte, table string) int {
	const header, entry = 12, 16
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		if e := file[header+i*entry:]; string(e[:4]) == table {
			return int(binary.BigEndian.Uint32(e[8:]))
		}
	}
	return -1
}
