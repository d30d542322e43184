package paper

import (
	"fmt"
	"strings"
)

// Badge is one badge.
type Badge struct {
	Payload string // what the QR says; capital letters, digits and " $%*+-./:" keep it small
	Code    string // printed under the QR
	Name    string // in any script of the fonts
	Line    string // second line, for example the village
	Issue   int    // 0: the first badge; else how many were lost before
	Copy    int    // 0: printed for the first time; else how often this badge was printed before
}

// Badges is sheets of badges in their order.
type Badges struct {
	Sheet Sheet
	List  []Badge
}

func (b Badges) sheet() (Page, string) { return b.Sheet.Layout.Page, b.Sheet.Title }

func (b Badges) draw(d *desk) error {
	codes, err := encodeAll(len(b.List), func(i int) string { return b.List[i].Payload }, func(i int) string { return b.List[i].Code })
	if err != nil {
		return err
	}
	d.labels(b.Sheet, len(b.List), func(c Cell, i int) { d.badge(c, &b.List[i], codes[i]) })
	return nil
}

// The sizes of a name, in points. In a narrow column even a short name is not written large.
var nameSizes = []float64{24, 22, 20, 18, 16.5, 15, 13.5, 12, 11, 10, 9, 8, 7.5}

// worth is what a name's size counts when it takes so many lines: fewer lines are easier to read.
var worth = []float64{0, 1.2, 1, 0.8, 0.66}

func (d *desk) badge(c Cell, b *Badge, code [][]bool) {
	s := place(c.W, c.H, len(code), len(b.Code), largest)
	d.symbol(c.X+s.x, c.Y+s.y, s.module, code)
	x, y, bottom := c.X+s.left, c.Y+s.top, c.Y+s.bottom
	d.codeText(c, s, b.Code, &bottom)
	y = d.labelHead(x, y, s.room, b.mark())
	small := hand{regular, 8, ink2}
	if s.room < 22 {
		small.size = 6.5
	}
	air := min(2.2, max(0.9, (bottom-y)*0.1))
	name := d.nameIn(b.Name, s.room, bottom-y-2*air-small.step())
	side, from := left, x
	if s.stacked {
		side, from = centre, x+s.room/2
	}
	y += air + name.hand.cap()
	for i, text := range name.lines {
		if i > 0 {
			y += name.hand.step()
		}
		d.write(from, y, side, text, name.hand)
	}
	y += air * 0.6
	for _, text := range d.linesIn(b.Line, s.room, bottom-y, small, 2) {
		y += small.step()
		d.write(from, y, side, text, small)
	}
}

// labelHead writes mark and name of the product, and at the right whatever marks the label. It returns where they end.
func (d *desk) labelHead(x, y, room float64, mark string) float64 {
	h := hand{regular, 6.5, ink2}
	if room > 42 {
		h.size = 8
	}
	y += h.cap()
	if mark != "" {
		taken := d.markAt(x+room, y, mark, h.size)
		if d.set.set("Kandili", regular).mm(h.size)+5 > room-taken {
			d.lantern(x+h.cap()*0.62, y-h.cap()/2, h.cap()*0.62)
			return y
		}
	}
	d.brand(x, y, h)
	return y
}

// nameIn makes a name fit a column of a height.
func (d *desk) nameIn(name string, room, high float64) fitted {
	h := hand{bold, 0, ink}
	best, found := fitted{}, 0.0
	for _, h.size = range nameSizes {
		if h.size > max(room*0.42, 9) {
			continue
		}
		made, ok := d.wrap(name, room, h)
		if n := len(made); ok && n < len(worth) && h.cap()+float64(n-1)*h.step() <= high && h.size*worth[n] > found {
			best, found = fitted{made, h}, h.size*worth[n]
		}
	}
	if found > 0 {
		return best
	}
	for _, h.size = range nameSizes { // words have to be broken
		lines := d.squeeze(name, room, h, max(1, min(1+int((high-h.cap())/h.step()), 3)))
		whole := !strings.HasSuffix(lines[len(lines)-1], cutMark)
		if best = (fitted{lines, h}); whole && h.size <= 12 {
			break
		}
	}
	return best
}

// linesIn are as many lines of a text as there is height for, most of them at most; the last is cut.
func (d *desk) linesIn(text string, room, high float64, h hand, most int) []string {
	most = min(most, int(high/h.step()+0.1))
	if text == "" || most < 1 {
		return nil
	}
	if made, ok := d.wrap(text, room, h); ok && len(made) <= most {
		return made
	}
	return d.squeeze(text, room, h, most)
}

// mark says that the badge was printed before: № 2 replaces a lost one, ×2 is the same once more.
func (b *Badge) mark() string {
	switch {
	case b.Issue > 0 && b.Copy > 0:
		return fmt.Sprintf("№ %d ×%d", b.Issue+1, b.Copy+1)
	case b.Issue > 0:
		return fmt.Sprintf("№ %d", b.Issue+1)
	case b.Copy > 0:
		return fmt.Sprintf("×%d", b.Copy+1)
	}
	return ""
}

// markAt writes a mark in a frame that ends at x, and returns how wide it is.
func (d *desk) markAt(x, y float64, text string, size float64) float64 {
	h := hand{bold, size, ink}
	wide := d.set.set(text, bold).mm(size)
	d.frame(x-wide-2.2, y-h.cap()-0.9, wide+2.2, h.cap()+1.8, 0.8, 0.2, ink2, nil)
	d.write(x-1.1, y, right, text, h)
	return wide + 2.2
}

// codeText writes the code under the symbol, or at the bottom of the words, which then end above it.
func (d *desk) codeText(c Cell, s spot, code string, bottom *float64) {
	if s.under {
		d.write(c.X+s.x+s.symbol/2, c.Y+s.codeY, centre, code, s.code)
		return
	}
	d.write(c.X+s.left, *bottom, left, code, s.code)
	*bottom -= s.code.cap() + 1
}
