package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// DateField is a date to type, in full or in short, with the date in words below it. Up and Down go a day on and back, Page Up and
// Page Down a month; in an empty field they begin at today.
type DateField struct {
	widget.BaseWidget
	OnChanged func()           // after a person changed the text, not after SetDay
	Words     map[string]int64 // further words for days, counted from today: "yesterday" is -1; "today" is always known
	Unread    string           // stands below a text that is no date once it is left

	entry   *Entry
	below   *Text
	box     *fyne.Container
	today   func() int64
	say     func(day int64) string
	loading bool
}

// NewDateField is an empty field. today gives the day, say writes a day in words, both in days since 1970.
func NewDateField(today func() int64, say func(day int64) string) *DateField {
	d := &DateField{entry: NewEntry(""), below: NewSub(""), today: today, say: say}
	d.entry.OnChanged = func(string) {
		if d.loading {
			return
		}
		d.paint()
		d.changed()
	}
	d.entry.OnKey = d.key
	d.entry.settle, d.entry.entered = d.settle, d.entry.selectAll
	height := lineHigh(size(theme.Small), fyne.TextStyle{})
	d.box = Column(fieldGap, d.entry, Fixed(0, height, d.below)) // keeps the room, so that nothing jumps while typing
	d.ExtendBaseWidget(d)
	return d
}

// Day is the date in days since 1970, false for none: an empty field, or a text that is no date.
func (d *DateField) Day() (day int64, ok bool) {
	return readDay(d.entry.Text, d.today(), d.Words)
}

// Empty says that nothing was typed, which is not the same as something that is no date.
func (d *DateField) Empty() bool { return strings.TrimSpace(d.entry.Text) == "" }

// SetDay shows a date without telling OnChanged.
func (d *DateField) SetDay(day int64) { d.write(isoDay(day)) }

// Clear empties the field without telling OnChanged.
func (d *DateField) Clear() { d.write("") }

// SetWrong draws the edge in the colour of errors.
func (d *DateField) SetWrong(wrong bool) { d.entry.SetWrong(wrong) }

// Target is what takes the focus.
func (d *DateField) Target() fyne.Focusable { return d.entry }

func (d *DateField) write(text string) {
	d.loading = true
	d.entry.SetText(text)
	d.loading = false
	d.entry.CursorColumn = len(text)
	d.entry.Refresh()
	d.paint()
}

func (d *DateField) changed() {
	if d.OnChanged != nil {
		d.OnChanged()
	}
}

// paint says the date in words, or nothing while a text is not one yet.
func (d *DateField) paint() {
	text := ""
	if day, ok := d.Day(); ok {
		text = d.say(day)
	}
	d.below.SetText(text)
	d.below.SetColour(theme.Ink2)
}

// settle writes a date out in full, and says of anything else that it is none.
func (d *DateField) settle() {
	day, ok := d.Day()
	switch {
	case ok && d.entry.Text != isoDay(day):
		d.write(isoDay(day))
	case !ok && !d.Empty():
		d.below.SetText(d.Unread)
		d.below.SetColour(theme.Bad)
	}
}

func (d *DateField) key(ev *fyne.KeyEvent) bool {
	var days int64
	months := 0
	switch ev.Name {
	case fyne.KeyUp:
		days = 1
	case fyne.KeyDown:
		days = -1
	case fyne.KeyPageUp:
		months = 1
	case fyne.KeyPageDown:
		months = -1
	default:
		return false
	}
	day, ok := d.Day()
	switch {
	case ok:
		day = addMonths(day+days, months)
	case d.Empty():
		day = d.today()
	default:
		return true // half a date is not stepped away
	}
	d.write(isoDay(day))
	d.changed()
	return true
}

func (d *DateField) children() []fyne.CanvasObject { return []fyne.CanvasObject{d.box} }

// CreateRenderer implements fyne.Widget.
func (d *DateField) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.box) }
