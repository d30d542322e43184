package kit

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Field is a control with its label above and its error or hint, wrapped, below.
type Field struct {
	widget.BaseWidget
	Target fyne.Focusable // gets the focus when the field is wrong

	label   string
	control fyne.CanvasObject
	below   *Text
	hint    string
	problem string
	box     *fyne.Container
}

// NewField is a field around a control. Target is the control, or the first thing in it that takes the focus.
func NewField(label string, control fyne.CanvasObject, hint string) *Field {
	f := &Field{label: label, control: control, hint: hint, below: NewSub(hint), Target: firstFocusable(control)}
	name := newText(label, theme.Small, theme.Ink, fyne.TextStyle{Bold: true})
	f.box = Column(fieldGap, name, control, f.below)
	f.ExtendBaseWidget(f)
	f.paint()
	return f
}

func firstFocusable(o fyne.CanvasObject) fyne.Focusable {
	if f, ok := o.(fyne.Focusable); ok {
		return f
	}
	for _, child := range children(o) {
		if f := firstFocusable(child); f != nil {
			return f
		}
	}
	return nil
}

// Label is the word above the control.
func (f *Field) Label() string { return f.label }

// Error is the problem shown, empty for none.
func (f *Field) Error() string { return f.problem }

// SetError shows a problem in place of the hint; empty takes it away.
func (f *Field) SetError(problem string) { f.problem = problem; f.paint() }

// SetHint changes the hint.
func (f *Field) SetHint(hint string) { f.hint = hint; f.paint() }

func (f *Field) paint() {
	text, c := f.hint, theme.Ink2
	if f.problem != "" {
		text, c = f.problem, theme.Bad
	}
	f.below.SetText(text)
	f.below.SetColour(c)
	f.below.Hidden = text == ""
	if w, ok := f.Target.(interface{ SetWrong(bool) }); ok {
		w.SetWrong(f.problem != "")
	}
	f.Refresh()
}

func (f *Field) children() []fyne.CanvasObject { return []fyne.CanvasObject{f.box} }

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.box) }

// Form gathers fields by name so that the problems of a record find theirs.
type Form struct {
	Summary *Summary // what is to be mended; place it near the main button
	// Mend says "To mend: …" about the labels of the wrong fields in the words of the language; nil leaves them out.
	Mend func(labels string) string

	names  []string
	fields map[string]*Field
	rest   []string // problems without a field
}

// NewForm is a form without fields.
func NewForm() *Form {
	return &Form{Summary: newSummary(), fields: map[string]*Field{}}
}

// Add takes a field in under the name problems use for it, and returns the field. The order is that of FocusFirstError.
func (f *Form) Add(name string, field *Field) *Field {
	if _, there := f.fields[name]; !there {
		f.names = append(f.names, name)
	}
	f.fields[name] = field
	return field
}

// Field is the field added under name, or nil.
func (f *Form) Field(name string) *Field { return f.fields[name] }

// SetErrors shows problems at their fields and takes all others away. The summary names the fields, and tells the problems that
// have none.
func (f *Form) SetErrors(problems map[string]string) {
	for _, name := range f.names {
		f.fields[name].SetError(problems[name])
	}
	f.rest = f.rest[:0]
	for name, problem := range problems {
		if f.fields[name] == nil && problem != "" {
			f.rest = append(f.rest, problem)
		}
	}
	slices.Sort(f.rest)
	f.summarise()
}

// Mended takes the problem of one field away, as when a person types in it: saving judges again.
func (f *Form) Mended(name string) {
	if field := f.fields[name]; field != nil && field.Error() != "" {
		field.SetError("")
		f.summarise()
	}
}

// summarise says what is wrong now.
func (f *Form) summarise() {
	lines, labels := slices.Clone(f.rest), []string{}
	for _, name := range f.names {
		if f.fields[name].Error() != "" {
			labels = append(labels, f.fields[name].Label())
		}
	}
	var lead func()
	if len(labels) > 0 {
		lead = func() { f.FocusFirstError() }
		if f.Mend != nil {
			lines = append(lines, f.Mend(strings.Join(labels, ", ")))
		}
	}
	f.Summary.set(strings.Join(lines, "\n"), lead)
}

// Clear takes all problems away.
func (f *Form) Clear() { f.SetErrors(nil) }

// FocusFirstError gives the keyboard to the first wrong field and says whether there was one.
func (f *Form) FocusFirstError() bool {
	for _, name := range f.names {
		field := f.fields[name]
		if field.problem == "" {
			continue
		}
		if field.Target != nil {
			Focus(field.Target)
		}
		return true
	}
	return false
}

// Object is all fields in one column with the summary below, for forms that need no layout of their own.
func (f *Form) Object() fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(f.names)+1)
	for _, name := range f.names {
		objects = append(objects, f.fields[name])
	}
	return Column(14, append(objects, f.Summary)...)
}
