package form

import (
	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/show"
)

// View holds the controls of a form and keeps a Model and them alike. It lives on the window's goroutine.
type View struct {
	Form   *kit.Form
	OnEdit func() // a person changed something

	words   *show.Words
	spec    *fieldwork.Spec
	model   *Model
	loading bool
	put     map[string]func(text string)
	first   []func() // put what others are counted from, before them
	again   []func() // write what is counted from another field
}

// NewView is a form without fields for records of the kind.
func NewView(w *show.Words, kind fieldwork.Kind) *View {
	v := &View{Form: kit.NewForm(), words: w, spec: fieldwork.SpecOf(kind), model: New(kind), put: map[string]func(string){}}
	v.Form.Mend = func(labels string) string { return w.T("form.tomend", labels) }
	return v
}

// Model is the record in the form.
func (v *View) Model() *Model { return v.model }

// Load shows another record in the same controls.
func (v *View) Load(m *Model) {
	v.model, v.loading = m, true
	for _, put := range v.first {
		put()
	}
	for name, put := range v.put {
		put(m.Get(name))
	}
	v.loading = false
	v.Form.Clear()
}

// Put changes a field as a person would.
func (v *View) Put(name, text string) {
	v.model.Set(name, text)
	v.loading = true
	if put := v.put[name]; put != nil {
		put(text)
	}
	v.loading = false
	v.edited()
}

func (v *View) edited() {
	if v.OnEdit != nil {
		v.OnEdit()
	}
}

func (v *View) typed(name, text string) {
	if v.loading {
		return
	}
	v.model.Set(name, text)
	v.Form.Mended(name) // judge again when she saves
	v.edited()
}

// Entry is a field to type in; hint stands below it until something is wrong.
func (v *View) Entry(name, hint string) *kit.Field { return v.entry(name, hint, kit.NewEntry("")) }

// Area is an Entry of several lines.
func (v *View) Area(name, hint string, lines int) *kit.Field {
	return v.entry(name, hint, kit.NewArea(lines))
}

func (v *View) entry(name, hint string, e *kit.Entry) *kit.Field {
	e.OnChanged = func(s string) { v.typed(name, s) }
	v.put[name] = e.SetText
	return v.Form.Add(name, kit.NewField(v.label(name), e, hint))
}

// Choice is a field of an enumeration, or of yes and no.
func (v *View) Choice(name string) *kit.Field {
	f := v.spec.FieldByName(name)
	options := []kit.Option{{Value: "", Word: v.words.T("option.blank")}}
	if f.Type == fieldwork.TypeBool {
		options = append(options, kit.Option{Value: "yes", Word: v.words.T("option.yes")}, kit.Option{Value: "no", Word: v.words.T("option.no")})
	}
	for _, o := range f.Options {
		word := v.words.Option(f, o.N)
		if v.words.Has("lamp.status."+o.Name) && f.ID != 0 && isLampStatus(f) {
			word = v.words.LampStatus(o.N)
		}
		options = append(options, kit.Option{Value: o.Name, Word: word})
	}
	return v.choice(name, options)
}

func isLampStatus(f *fieldwork.Field) bool {
	o, ok := f.Option(fieldwork.LampUnderRepair)
	return ok && o.Name == "under_repair"
}

// Ref is a field that names another record: find lists those that a text may mean, with the record's id as value; word is what a
// record is called.
func (v *View) Ref(name string, find func(text string) []kit.PickItem, word func(fieldwork.RecordID) string) *kit.Field {
	p := kit.NewPicker(v.words.T("do.choose"), find)
	p.None = v.words.T("list.nothing")
	p.OnPicked = func(s string) { v.typed(name, s) }
	v.put[name] = func(text string) {
		id, err := fieldwork.ParseRecordID(text)
		if err != nil {
			p.SetValue("", "")
			return
		}
		p.SetValue(text, word(id))
	}
	return v.Form.Add(name, kit.NewField(v.label(name), p, ""))
}

// Date is a field for a day; today is in days since 1970-01-01.
func (v *View) Date(name string, today func() int64) *kit.Field {
	d := kit.NewDateField(today, v.words.DayWords)
	d.Words = map[string]int64{v.words.T("date.today"): 0, v.words.T("date.yesterday"): -1, v.words.T("date.tomorrow"): 1}
	d.Unread = v.words.T("fault.no-date", v.label(name))
	f := v.spec.FieldByName(name)
	d.OnChanged = func() {
		day, ok := d.Day()
		switch {
		case d.Empty():
			v.typed(name, "")
		case !ok:
			v.typed(name, "?") // no date: saving says so at the field
		default:
			v.typed(name, fieldwork.FormatValue(f, fieldwork.Int(day)))
		}
	}
	v.put[name] = func(text string) {
		value, err := fieldwork.ParseValue(f, text)
		if day, ok := value.Int(); err == nil && ok {
			d.SetDay(day)
			return
		}
		d.Clear()
	}
	return v.Form.Add(name, kit.NewField(v.label(name), d, ""))
}

// Own is a field with a control of the caller's making. put shows a value in it; picked tells what a person chose.
func (v *View) Own(name string, control fyne.CanvasObject, put func(text string)) (field *kit.Field, picked func(text string)) {
	v.put[name] = put
	return v.Form.Add(name, kit.NewField(v.label(name), control, "")), func(text string) { v.typed(name, text) }
}

func (v *View) choice(name string, options []kit.Option) *kit.Field {
	c := kit.NewChoice(v.words.T("do.choose"), options...)
	c.OnPicked = func(s string) { v.typed(name, s) }
	v.put[name] = c.SetValue
	return v.Form.Add(name, kit.NewField(v.label(name), c, ""))
}

func (v *View) label(name string) string { return v.words.Label(v.spec, v.spec.FieldByName(name)) }

// Wrong shows what is wrong by field and leads to the first; nil clears all.
func (v *View) Wrong(problems map[string]string) {
	v.Form.SetErrors(problems)
	if len(problems) > 0 {
		v.Form.FocusFirstError()
	}
}

// Pick chooses one of a few texts that are no enumeration's, such as the languages of a campaign.
func (v *View) Pick(name string, options []kit.Option) *kit.Field { return v.choice(name, options) }
