package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
)

// Checks is a field that holds several options of an enumeration.
func (v *View) Checks(name string) *kit.Field {
	f := v.spec.FieldByName(name)
	var options []kit.Option
	for _, o := range f.Options {
		options = append(options, kit.Option{Value: o.Name, Word: v.words.Option(f, o.N)})
	}
	c := kit.NewChecks(options...)
	c.OnChanged = func(values []string) { v.typed(name, strings.Join(values, ";")) }
	v.put[name] = func(text string) { c.SetValues(strings.Split(text, ";")) }
	return v.Form.Add(name, kit.NewField(v.label(name), c, ""))
}

// Clock is the time of day of a field that holds a moment; day gives its day in the field above, in days since 1970-01-01. An empty
// entry clears the moment.
func (v *View) Clock(name string, zone *time.Location, day func() (int64, bool)) *kit.Field {
	e := kit.NewEntry("08:30")
	write := func() {
		minutes, ok := ReadClock(e.Text)
		d, hasDay := day()
		switch {
		case strings.TrimSpace(e.Text) == "":
			v.typed(name, "")
		case !ok || !hasDay:
			v.typed(name, "?") // no time: saving says so at the field
		default:
			t := fieldwork.DayOf(d)
			at := time.Date(t.Year(), t.Month(), t.Day(), minutes/60, minutes%60, 0, 0, zone)
			v.typed(name, at.UTC().Format(time.RFC3339))
		}
	}
	e.OnChanged = func(string) { write() }
	e.OnLeave = func() {
		if minutes, ok := ReadClock(e.Text); ok {
			e.SetText(fmt.Sprintf("%02d:%02d", minutes/60, minutes%60))
		}
	}
	v.put[name] = func(text string) {
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			e.SetText(t.In(zone).Format("15:04"))
			return
		}
		e.SetText("")
	}
	v.again = append(v.again, func() {
		if strings.TrimSpace(e.Text) != "" {
			write()
		}
	})
	return v.Form.Add(name, kit.NewField(v.label(name), e, ""))
}

// DayOfClocks is the day of the moments whose times of day stand in Clock fields; changing it moves them. name is the moment that a
// record shows its day by.
func (v *View) DayOfClocks(name, label string, zone *time.Location, today func() int64) (*kit.Field, func() (int64, bool)) {
	d := kit.NewDateField(today, v.words.DayWords)
	d.Words = map[string]int64{v.words.T("date.today"): 0, v.words.T("date.yesterday"): -1, v.words.T("date.tomorrow"): 1}
	d.Unread = v.words.T("fault.no-date", label)
	d.OnChanged = func() {
		for _, write := range v.again {
			write()
		}
	}
	v.first = append(v.first, func() {
		if t, err := time.Parse(time.RFC3339, v.model.Get(name)); err == nil {
			y, m, day := t.In(zone).Date()
			d.SetDay(time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
			return
		}
		d.SetDay(today())
	})
	return v.Form.Add(name+".day", kit.NewField(label, d, "")), d.Day
}

// ReadClock reads a time of day as people type it: 8:30, 08.30, 8h30, 0830, 8, 2 pm. It returns minutes since midnight.
func ReadClock(text string) (minutes int, ok bool) {
	s := strings.ToLower(strings.Join(strings.Fields(text), ""))
	afternoon, morning := strings.HasSuffix(s, "pm"), strings.HasSuffix(s, "am")
	if afternoon || morning {
		s = s[:len(s)-2]
	}
	s = strings.NewReplacer(".", ":", "h", ":", ",", ":").Replace(s)
	hour, minute, parted := strings.Cut(s, ":")
	if !parted && len(s) > 2 {
		hour, minute = s[:len(s)-2], s[len(s)-2:]
	}
	h, good := number(hour, 23)
	m, good2 := 0, true
	if minute != "" {
		m, good2 = number(minute, 59)
	}
	switch {
	case !good || !good2 || (afternoon || morning) && (h < 1 || h > 12):
		return 0, false
	case afternoon && h < 12:
		h += 12
	case morning && h == 12:
		h = 0
	}
	return h*60 + m, true
}

func number(s string, most int) (n int, ok bool) {
	if len(s) == 0 || len(s) > 2 {
		return 0, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n <= most
}

// Refs is a field that holds several records. The picker adds one; those chosen stand below it, each a button that takes it out
// again.
func (v *View) Refs(name string, find func(text string) []kit.PickItem, word func(fieldwork.RecordID) string) *kit.Field {
	r := &refs{of: v, name: name, word: word, row: kit.Flow(8)}
	r.row.Hide()
	r.pick = kit.NewPicker(v.words.T("form.refs.add"), func(text string) []kit.PickItem {
		return slices.DeleteFunc(find(text), func(it kit.PickItem) bool { return slices.Contains(r.list(), it.Value) })
	})
	r.pick.None = v.words.T("list.nothing")
	r.pick.OnPicked = r.add
	r.box = kit.Column(8, r.pick, r.row)
	v.put[name] = func(string) { r.show() }
	field := kit.NewField(v.label(name), r.box, "")
	field.Target = r.pick.Target()
	return v.Form.Add(name, field)
}

// refs is the inside of a field of several records.
type refs struct {
	of   *View
	name string
	word func(fieldwork.RecordID) string
	row  *fyne.Container // those chosen
	pick *kit.Picker
	box  fyne.CanvasObject
}

// list are the ids that the form holds, as text.
func (r *refs) list() []string {
	return strings.FieldsFunc(r.of.model.Get(r.name), func(c rune) bool { return c == ';' })
}

func (r *refs) add(id string) {
	r.pick.SetValue("", "")
	if list := r.list(); id != "" && len(list) < fieldwork.MaxListItems {
		r.set(append(list, id))
	}
}

func (r *refs) drop(id string) {
	r.set(slices.DeleteFunc(r.list(), func(x string) bool { return x == id }))
	kit.Focus(r.pick.Target()) // the button that was pressed is gone
}

func (r *refs) set(list []string) {
	r.of.typed(r.name, strings.Join(list, ";"))
	r.show()
	kit.Reveal(r.pick)
}

// show makes the buttons of those chosen anew.
func (r *refs) show() {
	r.row.RemoveAll()
	for _, text := range r.list() {
		id, err := fieldwork.ParseRecordID(text)
		if err != nil {
			continue // saving says so at the field
		}
		r.row.Add(kit.Pill(kit.Status{Word: cmp.Or(r.word(id), fieldwork.CodeOf(id)) + "  ×"}, func() { r.drop(text) }))
	}
	r.row.Hidden = len(r.row.Objects) == 0
	r.pick.SetValue("", "")
	kit.Relay(r.box)
}
