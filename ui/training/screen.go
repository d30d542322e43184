package training

import (
	"io"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Tools are what the place needs of the computer.
type Tools interface {
	Class
	NewBadge(person, author fieldwork.RecordID) (issue int64, err error)
	WriteGrid(w io.Writer, format string, g *fieldwork.Grid, words fieldwork.GridWords) error // as "xlsx" or "csv"
}

// Screen is the place.
type Screen struct {
	env   *place.Env
	tools Tools
	m     *Model
	v     *view

	page  page // in front of the list; nil: the list itself
	typed bool // something was typed into the form that is open
	draft task.Handle
}

// page is what may stand in front of the list.
type page interface {
	content() fyne.CanvasObject
	enter()
	save()
	print()
	changed()
	keys() string
}

// New makes the place.
func New(env *place.Env, s Store, t Tools) *Screen {
	p := &Screen{env: env, tools: t, m: NewModel(env.Words, s, t, env.Now)}
	p.v = newView(env, p.m, p.row, p.person, actions{arranged: p.read, state: p.askState, history: p.history, fresh: p.New, kinds: p.kinds, door: p.door, ending: p.ending, edit: p.edit, print: p.Print, add: p.add,
		paper: p.paper, assess: p.assess, certify: p.certify, grid: p.grid, save: p.Save, back: p.Back})
	p.v.find.OnChanged = func(text string) { p.m.Search(text); p.list() }
	p.v.find.OnKey = func(ev *fyne.KeyEvent) bool { return p.v.rows.Key(ev) || p.Key(ev.Name) }
	p.v.find.OnSubmitted = func(string) { p.openFirst() }
	p.v.find.OnEscape = p.Back
	p.v.rows.OnSelected = func(id string) { p.openID(id) }
	p.v.rows.OnOpened = func(id string) { p.opened(id) }
	p.v.people.OnOpened = p.ask
	p.v.sessionForm.OnEdit, p.v.courseForm.OnEdit = p.edited, p.edited
	p.v.expect.OnPicked = p.expected
	p.v.rows.OnMarked = p.marked
	p.m.Read(env.Site())
	p.list()
	return p
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.v.content }

// Enter implements place.Place.
func (p *Screen) Enter(at fieldwork.RecordID) {
	p.turn(nil)
	p.m.Read(p.env.Site())
	switch {
	case at == place.New:
		p.New()
		return
	case !at.IsZero():
		p.m.Open(at)
	case p.m.open.IsZero() && p.m.Form() == nil && p.m.Count() > 0 && p.m.Kind() == fieldwork.KindSession:
		p.m.Open(p.m.Row(0).ID)
	}
	p.list()
	p.show()
	kit.Focus(p.v.find)
}

// Leave implements place.Place.
func (p *Screen) Leave() { p.keep() }

// Changed implements place.Place.
func (p *Screen) Changed(ev store.Event) {
	for _, k := range []fieldwork.Kind{fieldwork.KindSession, fieldwork.KindCourse, fieldwork.KindAttendance, fieldwork.KindTrainee, fieldwork.KindAssessment, fieldwork.KindCertificate} {
		if ev.Kinds[k] {
			p.m.Read(p.env.Site())
			p.list()
			p.show()
			if p.page != nil {
				p.page.changed()
			}
			return
		}
	}
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: p.New, Find: func() { p.turn(nil); kit.Focus(p.v.find) }, Save: p.Save, Print: p.Print, Back: p.Back,
		Arrange: func() { p.bar().Arrange() }, Export: p.export}
}

// read shows the list as it is arranged now.
func (p *Screen) read() {
	p.m.Read(p.env.Site())
	p.list()
}

// export writes what is in front: the attendance grid where that is, else the list.
func (p *Screen) export() {
	if g, ok := p.page.(*gridPage); ok {
		g.save()
		return
	}
	p.bar().Export()
}

// bar is the line of the list in front. A page that has none of its own gives way to the sessions.
func (p *Screen) bar() *lists.Bar {
	if listed, ok := p.page.(interface{ bar() *lists.Bar }); ok {
		return listed.bar()
	}
	p.turn(nil)
	return p.v.bar(p.m)
}

// Keys implements place.Place.
func (p *Screen) Keys() string {
	if p.page != nil {
		return p.page.keys()
	}
	return p.env.Words.T("training.keys")
}

// Key does what an F-key means here and says whether it meant something.
func (p *Screen) Key(name fyne.KeyName) bool {
	if p.page != nil {
		return false
	}
	act := map[fyne.KeyName]func(){keyDoor: p.door, keyClose: p.ending, keyEdit: p.edit, keyPaper: p.paper, keyAssess: p.assess,
		keyCertify: p.certify, keyGrid: p.grid, keyCourses: p.kinds, keyAdd: p.add}[name]
	if act == nil {
		return false
	}
	act()
	return true
}

// turn brings a page to the front; nil the list.
func (p *Screen) turn(to page) {
	p.page = to
	if p.env.Keys != nil {
		p.env.Keys(p.Keys())
	}
	if to == nil {
		p.v.page(nil)
		return
	}
	p.v.page(to.content())
	to.enter()
}

func (p *Screen) row(i int) kit.RowItem {
	if i >= p.m.Count() {
		return kit.RowItem{} // another list is coming up
	}
	r := p.m.Row(i)
	item := kit.RowItem{ID: r.ID.String(), Title: r.Title, Sub: r.Line}
	if p.m.Kind() == fieldwork.KindSession {
		item.Status = sessionStatus(p.env, r.Status)
	}
	return item
}

// sessionStatus shows a session's state: a word, a shape, a colour.
func sessionStatus(env *place.Env, n int64) kit.Status {
	f := fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionStatus)
	st := kit.Status{Word: env.Words.Option(f, n)}
	switch n {
	case fieldwork.SessionStatusOpen:
		st.Tone, st.Mark = kit.Good, kit.MarkHalf
	case fieldwork.SessionStatusClosed:
		st.Tone, st.Mark = kit.Quiet, kit.MarkCheck
	case fieldwork.SessionStatusCancelled:
		st.Tone, st.Mark = kit.Bad, kit.MarkCross
	default:
		st.Tone, st.Mark = kit.Quiet, kit.MarkRing
	}
	return st
}

// presence shows how somebody took part.
func presence(env *place.Env, n fieldwork.Presence) kit.Status {
	f := fieldwork.SpecOf(fieldwork.KindAttendance).Field(fieldwork.AttendancePresence)
	if n == 0 {
		return kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: env.Words.T("training.expected")}
	}
	st := kit.Status{Word: env.Words.Option(f, int64(n))}
	switch n {
	case fieldwork.PresencePresent:
		st.Tone, st.Mark = kit.Good, kit.MarkCheck
	case fieldwork.PresenceLate:
		st.Tone, st.Mark = kit.Dim, kit.MarkHalf
	case fieldwork.PresencePartial:
		st.Tone, st.Mark = kit.Dim, kit.MarkHalf
	case fieldwork.PresenceExcused:
		st.Tone, st.Mark = kit.Quiet, kit.MarkQuestion
	default:
		st.Tone, st.Mark = kit.Bad, kit.MarkCross
	}
	return st
}

func (p *Screen) person(i int) kit.RowItem {
	if i >= p.m.People() {
		return kit.RowItem{} // another session is coming up
	}
	x := p.m.Person(i)
	return kit.RowItem{ID: x.ID.String(), Title: x.Name, Sub: x.Line, Status: presence(p.env, x.Presence)}
}

// list shows the rows that the search leaves.
func (p *Screen) list() {
	w := p.env.Words
	what := "training.sessions"
	if p.m.Kind() == fieldwork.KindCourse {
		what = "training.courses.count"
	}
	p.v.bar(p.m).Count.SetText(w.N(what, p.m.Count()))
	switch {
	case p.m.Total() == 0 && len(p.m.List().Filtered()) > 0:
		p.v.states.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("list.filtered.none")))
	case p.m.Total() == 0:
		p.v.states.Instead(kit.NewEmpty("training", w.T("list.none"), w.T(what+".none")))
	case p.m.Count() == 0:
		p.v.states.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("training.none.found", p.m.query)))
	default:
		p.v.states.Content()
	}
	p.v.rows.SetCount(p.m.Count())
	p.v.rows.SelectID(p.openedID().String())
	text := w.T("training.courses")
	if p.m.Kind() == fieldwork.KindCourse {
		text = w.T("training.sessions.back")
	}
	if p.v.kinds.Text() != text {
		p.v.kinds.SetText(text)
		kit.Relay(p.v.content)
	}
}

func (p *Screen) openedID() fieldwork.RecordID {
	if f := p.m.Form(); f != nil {
		return f.Record()
	}
	return p.m.open
}

// show brings what is open onto the right side.
func (p *Screen) show() {
	w := p.env.Words
	if p.m.Form() != nil {
		return // stays as it is while somebody types
	}
	r, ok := p.m.Session()
	if !ok {
		key := "training.none.open.line"
		if p.m.Kind() == fieldwork.KindCourse {
			key = "training.none.course.line"
		}
		p.v.nothing.SetText(w.T(key))
		p.v.show(nil)
		return
	}
	status := p.m.status(r)
	p.v.title.SetText(p.m.Title(r))
	p.v.line.SetText(p.m.When(r) + " · " + fieldwork.CodeOf(r.ID))
	p.v.status.SetStatus(sessionStatus(p.env, status))
	put(p.v.who, p.m.Who(r))
	put(p.v.notes, notes(r))
	p.v.counts.SetText(p.m.Counts())
	p.v.people.SetCount(p.m.People())
	text := w.T("training.close")
	if status == fieldwork.SessionStatusClosed || status == fieldwork.SessionStatusCancelled {
		text = w.T("training.reopen")
		p.v.door.Disable()
	} else {
		p.v.door.Enable()
	}
	p.v.ending.SetText(text)
	p.v.show(p.v.session)
}

// put shows a line, or takes it away where there is nothing to say.
func put(t *kit.Text, s string) {
	t.SetText(s)
	t.Hidden = s == ""
}

// notes are what to bring and what to know about a session.
func notes(r fieldwork.Record) string {
	out := ""
	for _, f := range []fieldwork.FieldID{fieldwork.SessionMaterials, fieldwork.SessionWeather, fieldwork.SessionPowerNotes, fieldwork.SessionNote} {
		if s := r.Get(f).Text(); s != "" && out != "" {
			out += " · " + s
		} else if s != "" {
			out = s
		}
	}
	return out
}

func (p *Screen) openFirst() {
	if p.v.rows.SelectedID() != "" {
		p.opened(p.v.rows.SelectedID())
	} else if p.m.Count() > 0 {
		p.opened(p.m.Row(0).ID.String())
	}
}

// openID shows a session; a course has nothing to show but its form.
func (p *Screen) openID(text string) {
	id, err := fieldwork.ParseRecordID(text)
	if err != nil {
		return
	}
	p.keep()
	if p.m.Kind() == fieldwork.KindCourse {
		p.editID(id)
		return
	}
	p.m.Open(id)
	p.show()
}

// opened is Enter on a row: into the people of a session, or into a course.
func (p *Screen) opened(text string) {
	p.openID(text)
	if p.m.Kind() == fieldwork.KindCourse {
		p.focusForm()
	} else if _, ok := p.m.Session(); ok {
		if p.v.people.SelectedID() == "" && p.m.People() > 0 {
			p.v.people.SelectID(p.m.Person(0).ID.String())
		}
		kit.Focus(p.v.people)
	}
}

// kinds changes the list between sessions and courses.
func (p *Screen) kinds() {
	p.keep()
	to := fieldwork.KindCourse
	if p.m.Kind() == to {
		to = fieldwork.KindSession
	}
	p.v.rows.ClearMarks()
	p.m.SetKind(fieldwork.Kind(to))
	p.list()
	p.show()
	kit.Focus(p.v.find)
}

// soon is how long a person may pause before the draft is kept.
const soon = 400 * time.Millisecond

// Back goes from a page to the list, closes the form, or clears the search.
func (p *Screen) Back() {
	w := p.env.Words
	switch f := p.m.Form(); {
	case p.page != nil:
		p.turn(nil)
		kit.Focus(p.v.find)
	case f != nil && p.typed && f.Dirty():
		kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.leave"), Line: w.T("people.leave.line"), Yes: w.T("people.leave.drop"),
			No: w.T("people.leave.stay"), Danger: true, OnYes: func() bool { p.drop(); return true }})
	case f != nil:
		p.drop()
	case p.v.find.Text != "":
		p.v.find.SetText("")
		kit.Focus(p.v.find)
	default:
		kit.Focus(p.v.find)
	}
}
