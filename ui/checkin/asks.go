package checkin

import (
	"kandili/internal/fieldwork"
	"kandili/ui/kit"
)

// choose asks which session the door is open for.
func (p *Screen) choose() {
	w := p.env.Words
	sessions := p.m.Sessions(p.env.Site())
	if len(sessions) == 0 {
		p.start()
		return
	}
	rows := kit.NewRowList(func(i int) kit.RowItem {
		return kit.RowItem{ID: sessions[i].ID.String(), Title: sessions[i].Title, Sub: sessions[i].Line}
	})
	rows.SetCount(len(sessions))
	rows.SelectID(sessions[0].ID.String())
	var d *kit.Dialog
	pick := func() bool {
		i := rows.SelectedIndex()
		if i < 0 {
			return false
		}
		p.m.Choose(sessions[i].ID)
		p.env.Sched.Do(p.wait)
		return true
	}
	rows.OnOpened = func(string) { d.Yes() }
	fresh := kit.Secondary(w.T("checkin.start"), func() { d.Close(); p.start() })
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("checkin.which"), Body: kit.Column(12, kit.Fixed(0, 280, rows), kit.Row(0, fresh)),
		Yes: w.T("checkin.open.this"), No: w.T("do.cancel"), First: rows, Width: 600, OnYes: pick})
}

// start asks for what little a session needs, to begin now.
func (p *Screen) start() {
	w := p.env.Words
	title := kit.NewEntry("")
	f := fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionModules)
	var options []kit.Option
	for _, o := range f.Options {
		options = append(options, kit.Option{Value: o.Name, Word: w.Option(f, o.N)})
	}
	module := kit.NewChoice(w.T("do.choose"), options...)
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("checkin.start"), Line: w.T("checkin.start.line"),
		Body: kit.Column(12, kit.NewField(w.T("field.session.title"), title, w.T("checkin.start.hint")), kit.NewField(w.T("field.session.modules"), module, "")),
		Yes:  w.T("checkin.start.now"), No: w.T("do.cancel"), First: title, OnYes: func() bool {
			var n int64
			if o, ok := f.OptionByName(module.Value()); ok {
				n = o.N
			}
			if err := p.m.Start(title.Text, n, p.env.Site(), fieldwork.RecordID{}); err != nil {
				p.env.Tell(err)
				return false
			}
			p.env.Saved()
			p.env.Sched.Do(p.wait)
			return true
		}})
}

// find lets somebody in who has no badge with her.
func (p *Screen) find() {
	w := p.env.Words
	p.seek(w.T("checkin.find"), w.T("checkin.find.line"), w.T("checkin.letin"), func(f Found) {
		p.answer(p.m.Pick(f.ID, fieldwork.MethodRoster, fieldwork.RecordID{}))
	})
}

// lost gives somebody a new badge, prints it, and lets her in by name.
func (p *Screen) lost() {
	w := p.env.Words
	p.seek(w.T("checkin.lost"), w.T("checkin.lost.line"), w.T("checkin.lost.yes"), func(f Found) {
		name, err := p.m.NewBadge(f.ID, fieldwork.RecordID{})
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.env.Saved()
		p.printBadge(f.ID, name)
		p.answer(p.m.Pick(f.ID, fieldwork.MethodRoster, fieldwork.RecordID{}))
	})
}

// seek asks for a person by her name and does something with who was picked.
func (p *Screen) seek(title, line, yes string, then func(Found)) {
	if _, open := p.m.Session(); !open {
		p.choose()
		return
	}
	w := p.env.Words
	var found []Found
	rows := kit.NewRowList(func(i int) kit.RowItem {
		return kit.RowItem{ID: found[i].ID.String(), Title: found[i].Name, Sub: found[i].Line}
	})
	name := kit.NewEntry(w.T("people.find"))
	name.OnKey = rows.Key
	rows.SetEmpty(w.T("checkin.find.type"))
	name.OnChanged = func(s string) {
		found = p.m.Find(s)
		rows.SetEmpty(w.T("checkin.find.type"))
		if s != "" {
			rows.SetEmpty(w.T("people.none.found", s))
		}
		rows.SetCount(len(found))
		if len(found) > 0 {
			rows.SelectID(found[0].ID.String())
		}
	}
	var d *kit.Dialog
	name.OnSubmitted = func(string) { d.Yes() }
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: title, Line: line, Body: kit.Column(12, name, kit.Fixed(0, 240, rows)),
		Yes: yes, No: w.T("do.cancel"), First: name, Width: 560, OnYes: func() bool {
			i := rows.SelectedIndex()
			if i < 0 {
				return false
			}
			then(found[i])
			p.env.Sched.Do(p.focus)
			return true
		}})
}

// walkIn registers somebody at the door.
func (p *Screen) walkIn() {
	if _, open := p.m.Session(); !open {
		p.choose()
		return
	}
	w := p.env.Words
	given, family := kit.NewEntry(""), kit.NewEntry("")
	first := kit.NewField(w.T("field.trainee.given_name"), given, "")
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("checkin.walkin"), Line: w.T("checkin.walkin.line"),
		Body: kit.Columns(16, []float32{1, 1}, first, kit.NewField(w.T("field.trainee.family_name"), family, "")),
		Yes:  w.T("checkin.walkin.yes"), No: w.T("do.cancel"), First: given, Width: 560, OnYes: func() bool {
			said, wrong, err := p.m.WalkIn(given.Text, family.Text, fieldwork.RecordID{}, p.env.Today())
			if wrong != "" {
				first.SetError(wrong)
				kit.Focus(given)
				return false
			}
			p.answer(said, err)
			p.env.Sched.Do(p.focus)
			return err == nil
		}})
}
