package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// run is a piece of a line in one style.
type run struct {
	text string
	bold bool
}

func (r run) width() float32 {
	return fyne.MeasureText(r.text, size(fynetheme.SizeNameText), fyne.TextStyle{Bold: r.bold}).Width
}

// wrapRuns parts a sentence into lines of at most width, the first occurrence of strong in bold. A word that is wider stays whole.
func wrapRuns(text, strong string, width float32) [][]run {
	from, to := len(text), len(text)
	if at := strings.Index(text, strong); at >= 0 && strong != "" {
		from, to = at, at+len(strong)
	}
	var lines [][]run
	var current []run
	for at := 0; at < len(text); {
		end := at + len(text[at:])
		if blank := strings.IndexByte(text[at:], ' '); blank >= 0 {
			end = at + blank
		}
		word := cutRuns(text, at, end, from, to)
		longer := joinWord(current, word)
		if len(current) > 0 && widthOf(longer) > width {
			lines = append(lines, current)
			longer = word
		}
		current = longer
		at = end + 1
	}
	return append(lines, current)
}

// cutRuns is text[at:end], of which what lies between from and to is bold.
func cutRuns(text string, at, end, from, to int) (runs []run) {
	from, to = min(max(from, at), end), min(max(to, at), end)
	for _, r := range []run{{text[at:from], false}, {text[from:to], true}, {text[to:end], false}} {
		if r.text != "" {
			runs = append(runs, r)
		}
	}
	return runs
}

// joinWord appends a word with a blank before it; what has one style stays one run.
func joinWord(line, word []run) []run {
	out := append([]run(nil), line...)
	for i, r := range word {
		if len(out) == 0 {
			out = append(out, r)
			continue
		}
		last := &out[len(out)-1]
		if i == 0 && last.bold == r.bold {
			r.text = " " + r.text
		} else if i == 0 {
			last.text += " "
		}
		if last.bold == r.bold {
			last.text += r.text
			continue
		}
		out = append(out, r)
	}
	return out
}

func widthOf(line []run) (w float32) {
	for _, r := range line {
		w += r.width()
	}
	return w
}

// layRuns makes the texts of lines, the first at a place.
func layRuns(lines [][]run, x, y float32) (objects []fyne.CanvasObject) {
	for i, line := range lines {
		at := x
		for _, r := range line {
			t := canvas.NewText(r.text, colour(theme.Ink))
			t.TextSize, t.TextStyle.Bold = size(fynetheme.SizeNameText), r.bold
			m := t.MinSize()
			t.Resize(m)
			t.Move(fyne.NewPos(snap(at), y+float32(i)*lineHigh(t.TextSize, t.TextStyle)))
			at += r.width()
			objects = append(objects, t)
		}
	}
	return objects
}
