package uitest

import (
	"reflect"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kandili/ui/kit"
)

// Reading tells the stops of Tab below root as somebody would read them out: what each is called, and in brackets what it is.
func Reading(root fyne.CanvasObject) []string {
	var out []string
	readInto(root, "", &out)
	return out
}

func readInto(o fyne.CanvasObject, label string, out *[]string) {
	if o == nil || !o.Visible() {
		return
	}
	if f, ok := o.(*kit.Field); ok {
		label = f.Label()
	}
	if _, ok := o.(fyne.Focusable); ok {
		*out = append(*out, nameOf(o, label)+" ("+kindOf(o)+")")
	}
	for _, child := range below(o) {
		readInto(child, label, out)
	}
}

func nameOf(o fyne.CanvasObject, label string) string {
	switch w := o.(type) {
	case *kit.Nav:
		return "all places"
	case *kit.RowList:
		return "all rows"
	case *kit.Entry:
		if label == "" {
			return w.PlaceHolder
		}
	}
	if label != "" {
		return label
	}
	if texts := Texts(o); len(texts) > 0 {
		return strings.Join(texts, " ")
	}
	return "?"
}

// kindOf is the widget's type in words: todoRow is a "todo row".
func kindOf(o fyne.CanvasObject) string {
	var b strings.Builder
	for i, r := range reflect.TypeOf(o).Elem().Name() {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// ShowsFocus says whether a ring is drawn in or around a widget, or around a part of it.
func ShowsFocus(o fyne.CanvasObject) (found bool) {
	walk(o, func(child fyne.CanvasObject) {
		if r, ok := child.(*canvas.Rectangle); ok && r.StrokeWidth >= 3 {
			if _, _, _, a := r.StrokeColor.RGBA(); a == 0xffff {
				found = true
			}
		}
	})
	return found
}

// Has says whether something visible below root is as is says.
func Has(root fyne.CanvasObject, is func(fyne.CanvasObject) bool) (found bool) {
	walk(root, func(o fyne.CanvasObject) { found = found || is(o) })
	return found
}
