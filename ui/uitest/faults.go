package uitest

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/kit"
)

// seen is a text as it lies in the window.
type seen struct {
	text     string
	rect     rect
	clip     rect // what is seen of it at most
	scrolled bool // more of it can be scrolled to
	in       string
}

type rect struct{ x1, y1, x2, y2 float32 }

func (r rect) and(o rect) rect {
	return rect{max(r.x1, o.x1), max(r.y1, o.y1), min(r.x2, o.x2), min(r.y2, o.y2)}
}

func rectAt(at fyne.Position, s fyne.Size) rect {
	return rect{at.X, at.Y, at.X + s.Width, at.Y + s.Height}
}

// Faults are what is wrong with the texts of a content as a person sees it: cut off, running out of their box, over each other, shortened
// with an ellipsis, or a key of the catalogue instead of its sentence. What people typed may be shortened in the rows of a list.
func Faults(root fyne.CanvasObject) []string {
	c := &collector{}
	c.visit(root, fyne.Position{}, frame{clip: rectAt(fyne.Position{}, root.Size()), box: rectAt(fyne.Position{}, root.Size())})
	out := c.faults
	for _, t := range c.texts {
		out = append(out, t.faults()...)
	}
	return append(out, overlaps(c.texts)...)
}

// frame is what is around an object.
type frame struct {
	clip     rect
	box      rect // of the widget that draws it
	scrolled bool
	in       string // names of the widgets around, the innermost last
}

type collector struct {
	texts  []seen
	faults []string
}

func (c *collector) visit(o fyne.CanvasObject, at fyne.Position, f frame) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if at.X >= kit.Away {
		return // the side of a place that is not seen
	}
	if t, ok := o.(*canvas.Text); ok {
		c.take(t, at, f)
		return
	}
	if e, ok := o.(entry); ok {
		c.entry(e, o, f)
		return
	}
	if w, ok := o.(fyne.Widget); ok {
		f.box = rectAt(at, w.Size())
		f.in += "/" + reflect.TypeOf(o).Elem().Name()
	}
	if _, ok := o.(fyne.Scrollable); ok {
		f.clip, f.scrolled = f.clip.and(rectAt(at, o.Size())), true
		f.box.y1, f.box.y2 = -kit.Away, kit.Away // what it holds can be brought up and down
	}
	for _, child := range below(o) {
		c.visit(child, at, f)
	}
}

func (c *collector) take(t *canvas.Text, at fyne.Position, f frame) {
	if strings.TrimSpace(t.Text) == "" {
		return
	}
	m := t.MinSize()
	if t.Alignment == fyne.TextAlignCenter {
		at.X += (t.Size().Width - m.Width) / 2
	}
	if t.Alignment == fyne.TextAlignTrailing {
		at.X += t.Size().Width - m.Width
	}
	r := rectAt(at, m)
	if f.scrolled && (r.y2 <= f.clip.y1 || r.y1 >= f.clip.y2) {
		return // further up or down
	}
	s := seen{text: t.Text, rect: r, clip: f.clip, scrolled: f.scrolled, in: f.in}
	c.texts = append(c.texts, s)
	const hair = 1.5
	if b := f.box; r.x1 < b.x1-hair || r.x2 > b.x2+hair || r.y1 < b.y1-hair || r.y2 > b.y2+hair {
		c.faults = append(c.faults, fmt.Sprintf("%q runs out of its %s: %v in %v", t.Text, last(f.in), r, b))
	}
}

// entry is what a person types in: what she typed scrolls, what is asked of her must be readable.
type entry interface {
	fyne.Focusable
	SetPlaceHolder(string)
	SelectedText() string
}

func (c *collector) entry(e entry, o fyne.CanvasObject, f frame) {
	v := reflect.ValueOf(e).Elem()
	text, holder := v.FieldByName("Text").String(), v.FieldByName("PlaceHolder").String()
	if text == "" && holder != "" && !v.FieldByName("MultiLine").Bool() {
		if wide := fyne.MeasureText(holder, theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width; wide > o.Size().Width-20 {
			c.faults = append(c.faults, fmt.Sprintf("%q is cut in its entry: %.0f of %.0f", holder, wide, o.Size().Width-20))
		}
	}
}

var looksLikeKey = regexp.MustCompile(`^[a-z][a-z_]*(\.[a-z0-9_]+)+$`)

func (s seen) faults() (out []string) {
	const hair = 1.5
	if s.rect.x1 < s.clip.x1-hair || s.rect.x2 > s.clip.x2+hair {
		out = append(out, fmt.Sprintf("%q is cut at the side: %v in %v (%s)", s.text, s.rect, s.clip, last(s.in)))
	}
	if !s.scrolled && (s.rect.y1 < s.clip.y1-hair || s.rect.y2 > s.clip.y2+hair) {
		out = append(out, fmt.Sprintf("%q is cut above or below: %v in %v (%s)", s.text, s.rect, s.clip, last(s.in)))
	}
	if strings.HasSuffix(s.text, "…") && !strings.HasSuffix(s.text, " …") && !strings.HasSuffix(s.text, "\u00a0…") && !mayShorten(s.in) {
		out = append(out, fmt.Sprintf("%q is shortened (%s)", s.text, s.in))
	}
	if looksLikeKey.MatchString(s.text) {
		out = append(out, fmt.Sprintf("%q is a key without a sentence", s.text))
	}
	return out
}

// mayShorten are the widgets that show what people typed: rows, and the names over and beside a table.
func mayShorten(in string) bool {
	switch last(in) {
	case "row", "pickRow", "CrossTab":
		return true
	}
	return false
}

func last(in string) string { return in[strings.LastIndexByte(in, '/')+1:] }

// overlaps finds texts that lie over each other.
func overlaps(texts []seen) (out []string) {
	for i, a := range texts {
		for _, b := range texts[:i] {
			if layer(a) != layer(b) {
				continue // lies over the rest, on its own ground
			}
			x := a.rect.and(b.rect).and(a.clip).and(b.clip)
			if x.x2-x.x1 > 2 && x.y2-x.y1 > 4 {
				out = append(out, fmt.Sprintf("%q lies over %q", a.text, b.text))
			}
		}
	}
	return out
}

// layer is the widget that lies over the rest of the window and holds a text, empty for the window itself.
func layer(t seen) string {
	for _, over := range []string{"/Toast", "/Coach"} {
		if strings.Contains(t.in, over) {
			return over
		}
	}
	return ""
}

var _ entry = (*widget.Entry)(nil)
