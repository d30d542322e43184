package kit

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// StatusBar is the line below a place: what was saved on the left, keys on the right. Where the window is too narrow for all keys, the
// last ones are left out: F1 tells them, too.
type StatusBar struct {
	widget.BaseWidget
	left  string
	hints []keyHint
}

// keyHint is a key and what it does.
type keyHint struct{ key, word string }

// NewStatusBar is an empty line.
func NewStatusBar() *StatusBar {
	s := &StatusBar{}
	s.ExtendBaseWidget(s)
	return s
}

// SetLeft says what was last done: "Last saved on this laptop 14:02".
func (s *StatusBar) SetLeft(text string) { s.left = text; s.Refresh() }

// SetRight names the keys that matter here, parted by three blanks: "Tab next field   Esc back".
func (s *StatusBar) SetRight(text string) { s.hints = hintsOf(text); s.Refresh() }

// keyNames are how keys begin in our languages.
var keyNames = regexp.MustCompile(`^((?:(?:Ctrl|Shift|Alt|Maj) )+\S+|F\d+|Tab|Esc|Échap|Enter|Entrée|Space|Espace|Espaço|Nafasi|[↑↓←→]+) +(.+)$`)

func hintsOf(text string) (out []keyHint) {
	for _, one := range strings.Split(text, "   ") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if m := keyNames.FindStringSubmatch(one); m != nil {
			out = append(out, keyHint{m[1], m[2]})
			continue
		}
		out = append(out, keyHint{"", one})
	}
	return out
}

// CreateRenderer implements fyne.Widget.
func (s *StatusBar) CreateRenderer() fyne.WidgetRenderer {
	r := &statusBarRenderer{of: s, edge: box(theme.Line, theme.Line, 0, 0), left: line("", theme.Small, theme.Ink2, fyne.TextStyle{})}
	r.Refresh()
	return r
}

const barSide = 24 // left and right of what a bar says

type statusBarRenderer struct {
	of    *StatusBar
	edge  *canvas.Rectangle
	left  *canvas.Text
	hints []*canvas.Text // key, word, key, word
}

func (r *statusBarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.left.MinSize().Width+2*barSide, max(32, snap(r.left.MinSize().Height)+8))
}

func (r *statusBarRenderer) Layout(s fyne.Size) {
	r.edge.Resize(fyne.NewSize(s.Width, 1))
	put(r.left, barSide, 0, s.Height)
	free := s.Width - 3*barSide - r.left.MinSize().Width
	used, shown := float32(0), 0
	for i := 0; i < len(r.hints); i += 2 {
		wide := r.pair(i)
		if i > 0 {
			wide += 16
		}
		if used+wide > free {
			break
		}
		used, shown = used+wide, i+2
	}
	x := s.Width - barSide - used
	for i, o := range r.hints {
		if i >= shown {
			o.Hide()
			continue
		}
		o.Show()
		put(o, x, 0, s.Height)
		x += o.MinSize().Width
		if i%2 == 0 && o.MinSize().Width > 0 {
			x += 6
		}
		if i%2 == 1 {
			x += 16
		}
	}
}

// pair is the width of a key and its word.
func (r *statusBarRenderer) pair(i int) float32 {
	key, word := r.hints[i].MinSize().Width, r.hints[i+1].MinSize().Width
	if key > 0 {
		key += 6
	}
	return key + word
}

func (r *statusBarRenderer) Refresh() {
	r.edge.FillColor = colour(theme.Line)
	r.left.Text, r.left.Color, r.left.TextSize = r.of.left, colour(theme.Ink2), size(theme.Small)
	r.hints = r.hints[:0:0]
	for _, h := range r.of.hints {
		r.hints = append(r.hints, line(h.key, theme.Small, theme.Ink2, fyne.TextStyle{Monospace: true}), line(h.word, theme.Small, theme.Ink2, fyne.TextStyle{}))
	}
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *statusBarRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.edge, r.left}
	for _, t := range r.hints {
		out = append(out, t)
	}
	return out
}
func (r *statusBarRenderer) Destroy() {}
