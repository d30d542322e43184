package paper

import "fmt"

// Certificate is one certificate.
type Certificate struct {
	Number  string
	Payload string   // what the QR says: the address of HQ's page about it, or a sealed text
	Name    string   // in any script of the fonts
	Course  string   //
	Done    []string // modules that she took part in
	Can     []string // what an assessor saw her do
	Date    string   // in words
	Place   string
	Copy    int // 0: the first print; else how often it was printed before
}

// Certificates are one certificate a page, lying.
type Certificates struct {
	Page     Page // standing; it is turned
	Words    Words
	Campaign string
	Partner  string // who trains, below a line to sign
	Check    string // how anybody can check it, such as an address
	List     []Certificate
}

func (c Certificates) sheet() (Page, string) {
	return c.Page.Turned(), c.Words.T("print.cert.title")
}

func (c Certificates) draw(d *desk) error {
	codes, err := encodeAll(len(c.List), func(i int) string { return c.List[i].Payload }, func(i int) string { return c.List[i].Number })
	if err != nil {
		return err
	}
	for i := range c.List {
		d.page()
		d.certificate(c, &c.List[i], codes[i])
	}
	return nil
}

// Places on a certificate, in millimetres.
const (
	certMargin = 26.0
	certBar    = 19.0
	certSymbol = 32.0
)

// bar is the head of the window and of HQ's pages, on paper.
func (d *desk) bar(high, margin float64, what string) {
	d.rect(0, 0, d.size.W, high, ink)
	h := hand{bold, high * 0.72, white}
	r := h.cap() * 0.66
	y := high/2 + h.cap()/2
	d.disc(margin+r, high/2, r, amber)
	d.disc(margin+r, high/2, r*0.5, glow)
	wide := d.write(margin+3.2*r, y, left, "Kandili", h) + 3.2*r
	small := hand{regular, high * 0.56, sand}
	d.short(d.size.W-margin, high/2+small.cap()/2, right, what, d.size.W-2*margin-wide-8, small)
}

func (d *desk) certificate(c Certificates, one *Certificate, code [][]bool) {
	w, hgt := d.size.W, d.size.H
	d.dusk(w-certMargin-certSymbol/2, certBar+34)
	d.bar(certBar, certMargin, c.Campaign)
	room := w - 2*certMargin
	y := certBar + 21
	label := hand{regular, 13, ink2}
	d.write(certMargin, y, left, c.Words.T("print.cert.title"), label)
	name := d.fit(one.Name, room, hand{bold, 0, ink}, []float64{40, 36, 32, 28, 24, 20}, 1)
	if len(name.lines) > 1 { // two lines, smaller
		name = d.fit(one.Name, room, hand{bold, 0, ink}, []float64{28, 24, 20, 17}, 2)
	}
	y += 6
	for i, line := range name.lines {
		if i == 0 {
			y += name.hand.cap() + 2
		} else {
			y += name.hand.step()
		}
		d.short(certMargin, y, left, line, room, name.hand)
	}
	said := hand{regular, 14, ink}
	y += 12
	for i, line := range d.linesIn(c.Words.T("print.cert.line", one.Course), room, 20, said, 2) {
		if i > 0 {
			y += said.step()
		}
		d.write(certMargin, y, left, line, said)
	}
	at := (y+hgt)/2 - 34 // what follows stands in the middle of what is left
	d.certLists(c, one, at)
	d.certProof(c, one, code, at)
	d.certSigns(c, one)
}

// dusk is a lantern with its light around it, pale enough for words to stand on.
func (d *desk) dusk(x, y float64) {
	for _, ring := range []struct {
		r float64
		c colour
	}{{31, colour{0xFF, 0xFB, 0xF2}}, {22, colour{0xFF, 0xF6, 0xE3}}, {14, colour{0xFF, 0xEE, 0xCB}}} {
		d.disc(x, y, ring.r, ring.c)
	}
	d.lantern(x, y, 6.5)
}

// certLists are what she took part in, and what she can do.
func (d *desk) certLists(c Certificates, one *Certificate, y float64) {
	wide := (d.size.W - 2*certMargin - certSymbol - 24) / 2
	for i, l := range []struct {
		title string
		items []string
	}{{c.Words.T("print.cert.done"), one.Done}, {c.Words.T("print.cert.can"), one.Can}} {
		if len(l.items) == 0 {
			continue
		}
		x := certMargin + float64(i)*(wide+8)
		d.short(x, y, left, l.title, wide, hand{regular, 10, ink2})
		h := hand{regular, 11.5, ink}
		for j, item := range l.items {
			at := y + 7 + float64(j)*6
			if j > 5 {
				break
			}
			d.check(x, at, h)
			d.short(x+5, at, left, item, wide-5, h)
		}
	}
}

// check is a tick, drawn: the fonts have none.
func (d *desk) check(x, y float64, h hand) {
	c := h.cap()
	d.line(x, y-c*0.45, x+c*0.4, y-c*0.08, 0.55, ink)
	d.line(x+c*0.4, y-c*0.08, x+c*1.15, y-c*0.95, 0.55, ink)
}

// certProof is the code and the number, and how anybody can check them.
func (d *desk) certProof(c Certificates, one *Certificate, code [][]bool, y float64) {
	module := certSymbol / float64(len(code))
	x := d.size.W - certMargin - certSymbol
	y -= hand{regular, 10, ink2}.cap()
	d.symbol(x, y, module, code)
	number := hand{mono, 11, ink}
	y += certSymbol + quiet*module + number.cap()
	d.write(x, y, left, one.Number, number)
	y += 1
	small := hand{regular, 7.5, ink2}
	for _, line := range d.linesIn(c.Words.T("print.cert.check", c.Check), certSymbol, 24, small, 6) {
		y += small.step()
		d.write(x, y, left, line, small)
	}
}

// certSigns are the date and the lines to sign on.
func (d *desk) certSigns(c Certificates, one *Certificate) {
	w, h := d.size.W, d.size.H
	x := w - certMargin - certSymbol
	foot := h - 20.0
	wide := (x - 14 - certMargin - 16) / 3
	for i, l := range []struct{ above, below string }{
		{one.Date, join(c.Words.T("print.cert.date"), one.Place)},
		{"", c.Words.T("print.cert.trainer")},
		{"", join(c.Words.T("print.cert.programme"), c.Partner)},
	} {
		at := certMargin + float64(i)*(wide+8)
		d.short(at, foot-2, left, l.above, wide, hand{regular, 11, ink})
		d.line(at, foot, at+wide, foot, 0.25, ink2)
		d.short(at, foot+4, left, l.below, wide, hand{regular, 8, ink2})
	}
	if one.Copy > 0 {
		d.markAt(w-certMargin, h-20, fmt.Sprintf("×%d", one.Copy+1), 9)
	}
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + " · " + b
}
