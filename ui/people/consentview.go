package people

import (
	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/form"
	"kandili/ui/kit"
)

// consent asks people what they agree to: one who is open, or all who are marked, at a meeting.
func (p *Screen) consent(people []fieldwork.RecordID) {
	w := p.env.Words
	if len(people) == 0 {
		return
	}
	texts := ConsentTexts(p.store)
	m := NewConsent(p.store, people[0], p.env.Today())
	v := form.NewView(w, fieldwork.KindConsent)
	read := kit.NewText("")
	show := func() {
		read.SetText(w.T("people.consent.notext"))
		for _, t := range texts {
			if t.Language == m.Get("language") {
				m.Set("text_version", t.Version)
				read.SetText("“" + t.Text + "”")
			}
		}
	}
	parts := []fyne.CanvasObject{}
	if len(texts) > 0 {
		var langs []kit.Option
		for _, t := range texts {
			langs = append(langs, kit.Option{Value: t.Language, Word: t.Language + " · " + t.Version})
		}
		parts = append(parts, v.Pick("language", langs))
	} else {
		parts = append(parts, v.Entry("language", w.T("people.consent.language.hint")))
	}
	parts = append(parts, kit.Note(read), v.Checks("purposes"),
		kit.Columns(16, []float32{1, 1}, v.Choice("method"), v.Date("date", p.env.Today)),
		kit.Columns(16, []float32{1, 1}, v.Entry("witness", w.T("people.consent.witness.hint")), v.Entry("guardian", w.T("people.guardian.hint"))))
	v.OnEdit = show
	v.Load(m)
	show()
	title, line := w.T("people.consent.of", p.nameOf(people[0])), ""
	if len(people) > 1 {
		title, line = w.N("people.consent.all", len(people)), w.T("people.consent.all.line")
	}
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: title, Line: line, Body: kit.Column(14, append(parts, v.Form.Summary)...),
		Yes: w.T("do.save"), No: w.T("do.cancel"), Width: 640, OnYes: func() bool { return p.agreed(v, m, people) }})
}

// agreed saves what the dialog says.
func (p *Screen) agreed(v *form.View, m *form.Model, people []fieldwork.RecordID) bool {
	w := p.env.Words
	left, wrong, err := SaveConsents(w, p.store, m, people, p.env.Today())
	switch {
	case err != nil:
		p.env.Tell(err)
		return false
	case wrong != nil:
		v.Wrong(wrong)
		return false
	}
	p.env.Saved()
	p.v.rows.ClearMarks()
	p.consents()
	if len(left) > 0 {
		p.env.Say(kit.Dim, w.N("people.consent.left", len(left)))
		return true
	}
	p.env.Say(kit.Good, w.T("people.consent.saved"))
	return true
}

// askConsent shows what she agreed to, with a way to withdraw it, or asks for a first consent.
func (p *Screen) askConsent() {
	f := p.m.Form()
	if f == nil || f.Record().IsZero() {
		return
	}
	id := f.Record()
	list := Consents(p.env.Words, p.store, id)
	if !Holds(list) {
		p.consent([]fieldwork.RecordID{id})
		return
	}
	w := p.env.Words
	body := kit.Column(12)
	for _, c := range list {
		body.Add(kit.Column(2, kit.NewBold(p.consentLine(c)), kit.NewSub(c.Purposes)))
	}
	var d *kit.Dialog
	again := kit.Secondary(w.T("people.consent.again"), func() { d.Close(); p.consent([]fieldwork.RecordID{id}) })
	withdraw := kit.Secondary(w.T("people.consent.withdraw"), func() {
		d.Close()
		kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.consent.withdraw.sure"), Line: w.T("people.consent.withdraw.line"), Yes: w.T("people.consent.withdraw"),
			No: w.T("do.cancel"), Danger: true, OnYes: func() bool {
				if err := Withdraw(p.store, list[0].ID, p.env.Today()); err != nil {
					p.env.Tell(err)
					return true
				}
				p.env.Saved()
				p.consents()
				return true
			}})
	})
	body.Add(kit.Flow(12, again, withdraw))
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.consent.of", p.m.Name()), Body: body, Yes: w.T("do.close"), Width: 560})
}

func (p *Screen) consentLine(c Consent) string {
	w := p.env.Words
	key := "people.consent.given"
	if c.Withdrawn {
		key = "people.consent.withdrawn"
	}
	return w.T(key, w.Day(c.Date), c.Method)
}

// consents says above the form whether she consented, and with whom she lives.
func (p *Screen) consents() {
	f := p.m.Form()
	if f == nil || f.Record().IsZero() {
		p.v.tags.Hide()
		return
	}
	w, id := p.env.Words, f.Record()
	st := kit.Status{Tone: kit.Dim, Mark: kit.MarkRing, Word: w.T("people.consent.none")}
	switch list := Consents(w, p.store, id); {
	case Holds(list):
		st = kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("people.consent.has")}
	case len(list) > 0:
		st = kit.Status{Tone: kit.Bad, Mark: kit.MarkCross, Word: w.T("people.consent.gone")}
	}
	p.v.consent.SetStatus(st)
	home := kit.Status{Mark: kit.MarkRing, Word: w.T("people.household.none")}
	if h, ok := HouseholdOf(p.store, id); ok {
		home = kit.Status{Mark: kit.MarkFull, Word: w.T("people.household.of", HeadName(p.store, h))}
	}
	p.v.household.SetStatus(home)
	p.v.tags.Show()
}

func (p *Screen) nameOf(id fieldwork.RecordID) string {
	r, _ := p.store.Record(id)
	return fieldwork.Name(r)
}

// ids reads the ids of rows.
func ids(texts []string) (out []fieldwork.RecordID) {
	for _, text := range texts {
		if id, err := fieldwork.ParseRecordID(text); err == nil {
			out = append(out, id)
		}
	}
	return out
}
