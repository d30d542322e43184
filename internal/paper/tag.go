package paper

import "strings"

// Tag is one lamp tag.
type Tag struct {
	Payload string // what the QR says
	Text    string // T-KJ4-0217-X
}

// Tags is sheets of lamp tags.
type Tags struct {
	Sheet Sheet
	List  []Tag
}

func (t Tags) sheet() (Page, string) { return t.Sheet.Layout.Page, t.Sheet.Title }

func (t Tags) draw(d *desk) error {
	codes, err := encodeAll(len(t.List), func(i int) string { return t.List[i].Payload }, func(i int) string { return t.List[i].Text })
	if err != nil {
		return err
	}
	d.labels(t.Sheet, len(t.List), func(c Cell, i int) { d.tag(c, t.Sheet, t.List[i], codes[i]) })
	return nil
}

// tag draws a tag: it hangs outdoors for years, so its number stands there twice, once as large as it fits.
func (d *desk) tag(c Cell, sheet Sheet, t Tag, code [][]bool) {
	s := place(c.W, c.H, len(code), len(t.Text), largestTag)
	d.symbol(c.X+s.x, c.Y+s.y, s.module, code)
	x, top, bottom := c.X+s.left, c.Y+s.top, c.Y+s.bottom
	d.codeText(c, s, t.Text, &bottom)
	y := d.labelHead(x, top, s.room, "") + 2.4
	if s.under {
		y = d.largeTag(x, y, s.room, min(bottom-y-9, 30), t.Text)
	}
	small := hand{regular, 6.5, ink2}
	if s.room > 42 {
		small.size = 8
	}
	for _, line := range d.linesIn(sheet.Words.T("print.tag.line"), s.room, bottom-y, small, 4) {
		y += small.step()
		d.write(x, y, left, line, small)
	}
}

// largeTag writes the tag's number over two lines, T-KJ4 and 0217-X, as large as there is room.
func (d *desk) largeTag(x, y, room, high float64, text string) float64 {
	at := strings.LastIndexByte(text[:strings.LastIndexByte(text, '-')], '-')
	lines := []string{text[:at], text[at+1:]}
	h := hand{mono, 24, ink}
	for _, line := range lines {
		h.size = min(h.size, room/(d.set.set(line, mono).width*pointMM))
	}
	h.size = min(h.size, high/(pointMM*(0.714+lineHeight*0.9)))
	if h.size < codeSize {
		return y
	}
	y += h.cap()
	d.write(x, y, left, lines[0], h)
	y += h.step() * 0.9
	d.write(x, y, left, lines[1], h)
	return y + 1.2
}
