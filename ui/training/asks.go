package training

import (
	"strconv"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/printing"
)

// door goes to check-in with the session that is shown, which is open from then on.
func (p *Screen) door() {
	r, ok := p.m.Session()
	if !ok || p.v.door.Disabled() {
		return
	}
	if n, _ := r.Get(fieldwork.SessionStatus).Int(); n == fieldwork.SessionStatusPlanned || n == 0 {
		if err := p.tools.SetSessionStatus(r.ID, fieldwork.SessionStatusOpen, fieldwork.RecordID{}); err != nil {
			p.env.Tell(err)
			return
		}
		p.env.Saved()
	}
	p.env.GoTo(place.CheckIn, r.ID)
}

// ending closes a session with a look at the heads, or opens a closed one again.
func (p *Screen) ending() {
	r, ok := p.m.Session()
	if !ok {
		return
	}
	if n := p.m.status(r); n == fieldwork.SessionStatusClosed || n == fieldwork.SessionStatusCancelled {
		p.set(r.ID, fieldwork.SessionStatusOpen)
		return
	}
	w := p.env.Words
	heads := kit.NewEntry("")
	if h := p.m.Headcount(); h.ByHand > 0 {
		heads.SetText(strconv.FormatInt(h.ByHand, 10))
	}
	field := kit.NewField(w.T("training.heads"), heads, w.T("training.heads.hint"))
	say := func() {
		n, _ := count(heads.Text)
		hint := p.m.Difference(n)
		if hint == "" {
			hint = w.T("training.heads.hint")
		}
		field.SetHint(hint)
	}
	heads.OnChanged = func(string) { field.SetError(""); say() }
	say()
	var d *kit.Dialog
	heads.OnSubmitted = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("training.close.title", p.m.Title(r)), Line: p.m.Counts(),
		Body: kit.Fixed(0, 110, field), Yes: w.T("training.close.yes"), No: w.T("do.cancel"), First: heads, OnYes: func() bool {
			n, ok := count(heads.Text)
			if !ok {
				field.SetError(w.T("fault.no-number", w.T("training.heads")))
				return false
			}
			if err := p.tools.CloseSession(r.ID, int64(n), fieldwork.RecordID{}); err != nil {
				p.env.Tell(err)
				return false
			}
			p.saved()
			p.env.Say(kit.Good, w.T("training.closed", p.m.Title(r)))
			return true
		}})
}

// count reads how many heads somebody counted; an empty text is nobody counted.
func count(text string) (n int, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= 2000
}

func (p *Screen) set(session fieldwork.RecordID, status int64) {
	if err := p.tools.SetSessionStatus(session, status, fieldwork.RecordID{}); err != nil {
		p.env.Tell(err)
		return
	}
	p.saved()
}

// saved shows what changed.
func (p *Screen) saved() {
	p.env.Saved()
	p.m.Read(p.env.Site())
	p.list()
	p.show()
	if p.page != nil {
		p.page.changed()
	}
}

// Things that can be done with somebody in a session, beside setting how she took part.
const (
	actOut   = "out"
	actOff   = "off"
	actBadge = "badge"
	actOpen  = "open"
)

// ask asks what to do with somebody of the session that is shown.
func (p *Screen) ask(text string) {
	id, err := fieldwork.ParseRecordID(text)
	if err != nil {
		return
	}
	for i := range p.m.People() {
		if x := p.m.Person(i); x.ID == id {
			p.askAbout(p.m.open, id, x.Name, x.Presence, x.Inside)
			return
		}
	}
}

func (p *Screen) askAbout(session, person fieldwork.RecordID, name string, now fieldwork.Presence, inside bool) {
	w := p.env.Words
	var rows []kit.RowItem
	f := fieldwork.SpecOf(fieldwork.KindAttendance).Field(fieldwork.AttendancePresence)
	for _, o := range f.Options {
		st := presence(p.env, fieldwork.Presence(o.N))
		item := kit.RowItem{ID: strconv.FormatInt(o.N, 10), Title: st.Word}
		if fieldwork.Presence(o.N) == now {
			item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkCheck, Word: w.T("training.now")}
		}
		rows = append(rows, item)
	}
	if inside {
		rows = append(rows, kit.RowItem{ID: actOut, Title: w.T("training.goes")})
	}
	if p.m.MayTakeOff(session, person, now) {
		rows = append(rows, kit.RowItem{ID: actOff, Title: w.T("training.off"), Sub: w.T("training.off.line")})
	}
	rows = append(rows, kit.RowItem{ID: actBadge, Title: w.T("people.badge.lost")}, kit.RowItem{ID: actOpen, Title: w.T("training.open.person")})
	list := kit.NewRowList(func(i int) kit.RowItem { return rows[i] })
	list.SetCount(len(rows))
	list.SelectID(rows[max(int(now)-1, 0)].ID)
	var d *kit.Dialog
	list.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: name, Line: w.T("training.took.part"), Body: kit.Fixed(0, 300, list), Yes: w.T("do.choose"),
		No: w.T("do.cancel"), First: list, OnYes: func() bool {
			what := list.SelectedID()
			p.env.Sched.Do(func() { p.act(session, person, what) })
			return what != ""
		}})
}

// act does what was chosen.
func (p *Screen) act(session, person fieldwork.RecordID, what string) {
	var err error
	switch what {
	case actOpen:
		p.env.GoTo(place.People, person)
		return
	case actBadge:
		if _, err = p.tools.NewBadge(person, fieldwork.RecordID{}); err == nil {
			p.saved()
			p.env.Print(printing.Job{Title: p.env.Words.T("people.badge.title"), File: p.env.Words.T("people.badge.file") + " " + fieldwork.CodeOf(person), Label: true,
				Whose: []printing.Choice{{Value: "one", Labels: 1}}, Make: func(c printing.Wish) (printing.Paper, error) {
					return p.env.Papers.BadgePaper([]fieldwork.RecordID{person}, c.How)
				}})
			return
		}
	case actOff:
		err = p.m.TakeOff(session, person, fieldwork.RecordID{})
	case actOut:
		_, err = p.tools.Admit(fieldwork.Pass{Session: session, Person: person, Method: fieldwork.MethodRoster, Out: true})
	default:
		n, e := strconv.ParseInt(what, 10, 64)
		if e != nil {
			return
		}
		err = p.tools.Correct(session, []fieldwork.RecordID{person}, fieldwork.Presence(n), fieldwork.RecordID{})
	}
	if err != nil {
		p.env.Tell(err)
		return
	}
	p.saved()
}

// add asks for somebody by her name and puts her at the end of the list, where a printed one stays good.
func (p *Screen) add() {
	r, ok := p.m.Session()
	if !ok {
		return
	}
	w := p.env.Words
	var found []Named
	rows := kit.NewRowList(func(i int) kit.RowItem {
		return kit.RowItem{ID: found[i].ID.String(), Title: found[i].Name, Sub: found[i].Sub}
	})
	name := kit.NewEntry(w.T("people.find"))
	name.OnKey = rows.Key
	name.OnChanged = func(s string) {
		found = p.m.FindPeople(s)
		rows.SetCount(len(found))
		if len(found) > 0 {
			rows.SelectID(found[0].ID.String())
		}
	}
	var d *kit.Dialog
	name.OnSubmitted = func(string) { d.Yes() }
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("training.add"), Line: w.T("training.add.line"), Body: kit.Column(12, name, kit.Fixed(0, 240, rows)),
		Yes: w.T("training.add.yes"), No: w.T("do.cancel"), First: name, Width: 560, OnYes: func() bool {
			i := rows.SelectedIndex()
			if i < 0 {
				return false
			}
			full, err := p.m.PutOn(r.ID, found[i].ID, fieldwork.RecordID{})
			switch {
			case err != nil:
				p.env.Tell(err)
				return false
			case full:
				p.env.Say(kit.Dim, w.T("training.expect.left", w.Number(1)))
				return true
			}
			p.env.Say(kit.Good, w.T("training.added", found[i].Name))
			p.saved()
			return true
		}})
}

// Print prints the roster of the session that is shown, or what the page in front is about.
func (p *Screen) Print() {
	if p.page != nil {
		p.page.print()
		return
	}
	r, ok := p.m.Session()
	switch {
	case !ok:
		p.env.Say(kit.Quiet, p.env.Words.T("training.print.none"))
	default:
		p.env.Print(printing.Job{Title: p.env.Words.T("print.roster.title"), File: p.env.Words.T("training.print.file") + " " + fieldwork.CodeOf(r.ID),
			Make: func(c printing.Wish) (printing.Paper, error) { return p.env.Papers.RosterPaper(r.ID, c.How) }})
	}
}

// offer says where a file is and opens it on demand.
func (p *Screen) offer(title, path string) {
	w := p.env.Words
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: title, Line: path, Yes: w.T("paper.open"), No: w.T("do.close"), Width: 560, OnYes: func() bool {
		if err := p.env.Files.OpenFile(path); err != nil {
			p.env.Tell(err)
		}
		return true
	}})
}
