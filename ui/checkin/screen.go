package checkin

import (
	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/place"
)

// Screen is the place.
type Screen struct {
	env *place.Env
	m   *Model
	v   *view
}

// New makes the place.
func New(env *place.Env, s Store, d Door) *Screen {
	p := &Screen{env: env, m: NewModel(env.Words, s, d, env.Now)}
	p.v = newView(env, p.row, actions{choose: p.choose, find: p.find, walkIn: p.walkIn, start: p.start})
	p.v.code.OnSubmitted = p.scan
	p.v.code.OnLeave = p.left
	p.v.code.OnEscape = func() { p.v.code.SetText("") }
	p.show()
	return p
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.v.content }

// Enter implements place.Place.
func (p *Screen) Enter(at fieldwork.RecordID) {
	if !at.IsZero() {
		p.m.Choose(at)
	} else if _, open := p.m.Session(); !open {
		if id, ok := p.m.Today(p.env.Site()); ok {
			p.m.Choose(id)
		}
	}
	p.m.Count()
	p.wait()
}

// Leave implements place.Place.
func (p *Screen) Leave() {}

// Changed implements place.Place.
func (p *Screen) Changed(ev store.Event) {
	if ev.Kinds[fieldwork.KindAttendance] || ev.Kinds[fieldwork.KindSession] || ev.Kinds[fieldwork.KindTrainee] {
		p.m.Count()
		p.show()
	}
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: p.walkIn, Find: p.find, Back: p.wait}
}

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("checkin.keys") }

func (p *Screen) row(i int) kit.RowItem {
	e := p.m.Recent()[i]
	w := p.env.Words
	item := kit.RowItem{ID: e.ID.String(), Title: e.Name, Sub: e.Time.Format("15:04:05")}
	if e.Scanned != "" {
		item.Sub += " · " + e.Scanned
	}
	switch {
	case e.Reason == fieldwork.RefusalAlreadyIn:
		item.Status = kit.Status{Tone: kit.Dim, Mark: kit.MarkWarning, Word: w.T("checkin.short." + e.Reason.String())}
	case e.Reason != 0:
		item.Status = kit.Status{Tone: kit.Bad, Mark: kit.MarkCross, Word: w.T("checkin.short." + e.Reason.String())}
	case e.Late:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("checkin.short.late")}
	default:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("checkin.short.in")}
	}
	return item
}

// wait shows the door as it waits for the next person.
func (p *Screen) wait() {
	p.v.banner.Clear(p.env.Words.T("checkin.waiting"), p.env.Words.T("checkin.waiting.line"))
	p.show()
	p.focus()
}

func (p *Screen) focus() {
	if _, open := p.m.Session(); open {
		kit.Focus(p.v.code)
	} else {
		kit.Focus(p.v.open)
	}
}

// show brings session, counts and the last answers onto the screen.
func (p *Screen) show() {
	s, open := p.m.Session()
	if !open {
		p.v.door.Hide()
		p.v.closed.RemoveAll()
		p.v.closed.Add(kit.Panel(kit.NewEmpty(p.env.Words.T("checkin.none"), p.env.Words.T("checkin.none.line"), p.v.open)))
		p.v.closed.Show()
		return
	}
	p.v.closed.Hide()
	p.v.door.Show()
	p.v.title.SetText(s.Title)
	p.v.line.SetText(s.Line)
	p.v.here.SetStatus(kit.Status{Word: p.m.HereWords()})
	p.v.recent.SetCount(len(p.m.Recent()))
}

// left takes what a scanner typed that ends with Tab.
func (p *Screen) left() {
	if text := p.v.code.Text; len(text) >= shortest {
		p.scan(text)
	}
}

// shortest is the length of the shortest code, such as KJ4-1-X.
const shortest = 7

// scan answers what was scanned or typed.
func (p *Screen) scan(text string) {
	p.v.code.SetText("")
	if text == "" {
		return
	}
	said, err := p.m.Scan(text, fieldwork.RecordID{})
	p.answer(said, err)
	p.focus()
}

func (p *Screen) answer(said Said, err error) {
	switch {
	case err != nil:
		sentence, hint := p.env.Words.Problem(err)
		p.v.banner.Answer(kit.Bad, kit.MarkCross, sentence, hint)
	case said.OK:
		p.v.banner.Answer(kit.Good, kit.MarkCheck, said.Title, said.Line)
		p.env.Saved()
	case said.Again:
		p.v.banner.Answer(kit.Dim, kit.MarkWarning, said.Title, said.Line)
	default:
		p.v.banner.Answer(kit.Bad, kit.MarkCross, said.Title, said.Line)
	}
	p.show()
}

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
	name.OnChanged = func(s string) {
		found = p.m.Find(s)
		rows.SetCount(len(found))
		if len(found) > 0 {
			rows.SelectID(found[0].ID.String())
		}
	}
	var d *kit.Dialog
	name.OnSubmitted = func(string) { d.Yes() }
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("checkin.find"), Line: w.T("checkin.find.line"), Body: kit.Column(12, name, kit.Fixed(0, 240, rows)),
		Yes: w.T("checkin.letin"), No: w.T("do.cancel"), First: name, Width: 560, OnYes: func() bool {
			i := rows.SelectedIndex()
			if i < 0 {
				return false
			}
			p.answer(p.m.Pick(found[i].ID, fieldwork.MethodRoster, fieldwork.RecordID{}))
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
