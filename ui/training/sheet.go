package training

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
)

// sheetModel is a paper roster being typed in: its rows as printed, and what is ticked.
type sheetModel struct {
	sheet fieldwork.PaperSheet
	ticks []fieldwork.Tick
	known []fieldwork.Presence // what the records say already
}

// newSheet begins with what is known: somebody who came by badge has a tick.
func (m *Model) newSheet(s fieldwork.PaperSheet) *sheetModel {
	x := &sheetModel{sheet: s, ticks: make([]fieldwork.Tick, len(s.People)), known: make([]fieldwork.Presence, len(s.People))}
	session, _ := m.store.Record(s.Session)
	roll := fieldwork.RollOf(session, m.store.Referring(s.Session, fieldwork.KindAttendance), m.store.Canonical, m.now().Unix(), m.class.LateAfter())
	for i, id := range s.People {
		part := roll.Parts[s.Session][m.store.Canonical(id)]
		if part == nil {
			continue
		}
		x.known[i] = part.Presence
		switch part.Presence {
		case fieldwork.PresencePresent, fieldwork.PresencePartial:
			x.ticks[i] = fieldwork.TickHere
		case fieldwork.PresenceLate:
			x.ticks[i] = fieldwork.TickLate
		case fieldwork.PresenceExcused:
			x.ticks[i] = fieldwork.TickExcused
		}
	}
	return x
}

// step changes a row's tick forwards or back: nothing, here, late, excused.
func (x *sheetModel) step(i, by int) {
	const kinds = int(fieldwork.TickExcused) + 1
	x.ticks[i] = fieldwork.Tick((int(x.ticks[i]) + by + kinds) % kinds)
}

// toggle ticks a row, or takes its tick away.
func (x *sheetModel) toggle(i int) {
	if x.ticks[i] == 0 {
		x.ticks[i] = fieldwork.TickHere
	} else {
		x.ticks[i] = 0
	}
}

// here is how many rows say that somebody was there.
func (x *sheetModel) here() (n int) {
	for _, t := range x.ticks {
		if t == fieldwork.TickHere || t == fieldwork.TickLate {
			n++
		}
	}
	return n
}

func (x *sheetModel) rows() []fieldwork.PaperRow {
	out := make([]fieldwork.PaperRow, len(x.ticks))
	for i, t := range x.ticks {
		out[i] = fieldwork.PaperRow{Person: x.sheet.People[i], Tick: t}
	}
	return out
}

// at finds the row that a number, a scanned row or a person's code means; -1: none.
func (x *sheetModel) at(text string, scanned func(string) (fieldwork.RecordID, bool)) int {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 || n > len(x.ticks) {
			return -1
		}
		return n - 1
	}
	id, ok := scanned(text)
	for i, person := range x.sheet.People {
		if ok && person == id || strings.EqualFold(fieldwork.CodeOf(person), text) {
			return i
		}
	}
	return -1
}

// paper asks for the code of a paper roster and opens its page.
func (p *Screen) paper() {
	w := p.env.Words
	code := kit.NewEntry("R-KJ4-0101-030QM-X")
	field := kit.NewField(w.T("training.paper.code"), code, w.T("training.paper.code.hint"))
	if r, ok := p.m.Session(); ok {
		if people := r.Get(fieldwork.SessionExpected).Refs(); len(people) > 0 {
			code.SetText(fieldwork.RosterOf(r.ID, people).String())
			code.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	}
	var d *kit.Dialog
	code.OnSubmitted = func(string) { d.Yes() }
	code.OnChanged = func(string) { field.SetError("") }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("training.paper.title"), Line: w.T("training.paper.line"), Body: kit.Fixed(0, 120, field),
		Yes: w.T("training.paper.open"), No: w.T("do.cancel"), First: code, Width: 560, OnYes: func() bool {
			sheet, err := p.tools.Roster(code.Text)
			if err != nil {
				sentence, hint := w.Problem(err)
				field.SetError(sentence + " " + hint)
				return false
			}
			p.env.Sched.Do(func() { p.turn(newSheetPage(p, sheet)) })
			return true
		}})
}

// sheetPage is where a roster is typed in.
type sheetPage struct {
	p     *Screen
	x     *sheetModel
	rows  *kit.RowList
	row   *kit.Entry
	count *kit.Chip
	all   fyne.CanvasObject
}

func newSheetPage(p *Screen, sheet fieldwork.PaperSheet) *sheetPage {
	w := p.env.Words
	s := &sheetPage{p: p, x: p.m.newSheet(sheet), count: kit.NewChip(kit.Status{})}
	s.rows = kit.NewRowList(s.item)
	s.rows.OnKey = s.key
	s.rows.OnOpened = func(string) { s.tick() }
	s.row = kit.NewEntry(w.T("training.paper.row"))
	s.row.OnSubmitted = s.typed
	s.row.OnLeave = func() {
		if len(s.row.Text) > 6 { // a scanner that ends with Tab
			s.typed(s.row.Text)
		}
	}
	s.row.OnEscape = p.Back
	session, _ := p.m.store.Record(sheet.Session)
	head := kit.Row(16, kit.Stretch(kit.Column(2, kit.NewTitle(p.m.Title(session)), kit.NewSub(p.m.When(session)+" · "+sheet.Code.String()))), s.count)
	buttons := kit.Flow(12, kit.Primary(w.T("training.paper.save"), s.save).WithHint("Ctrl S"), kit.Secondary(w.T("training.paper.all"), s.everybody),
		kit.Secondary(w.T("do.cancel"), p.Back).WithHint(w.T("key.esc")))
	s.all = kit.Scroll(kit.FillAbove(16, kit.Fill(12, head, kit.NewText(w.T("training.paper.how")), s.row, s.rows), buttons))
	s.rows.SetCount(len(sheet.People))
	s.show()
	return s
}

func (s *sheetPage) content() fyne.CanvasObject { return s.all }
func (s *sheetPage) keys() string               { return s.p.env.Words.T("training.paper.keys") }
func (s *sheetPage) print()                     { s.p.turn(nil); s.p.Print() }
func (s *sheetPage) changed()                   {}

func (s *sheetPage) enter() {
	if len(s.x.ticks) > 0 {
		s.rows.SelectID("0")
	}
	kit.Focus(s.rows)
}

func (s *sheetPage) item(i int) kit.RowItem {
	w, id := s.p.env.Words, s.x.sheet.People[i]
	item := kit.RowItem{ID: strconv.Itoa(i), Title: strconv.Itoa(i+1) + "   " + s.p.m.NameOf(id), Sub: fieldwork.CodeOf(id)}
	if k := s.x.known[i]; k.Came() || k == fieldwork.PresenceExcused {
		item.Sub += " · " + w.T("training.paper.known", presence(s.p.env, k).Word)
	}
	switch s.x.ticks[i] {
	case fieldwork.TickHere:
		item.Status = presence(s.p.env, fieldwork.PresencePresent)
	case fieldwork.TickLate:
		item.Status = presence(s.p.env, fieldwork.PresenceLate)
	case fieldwork.TickExcused:
		item.Status = presence(s.p.env, fieldwork.PresenceExcused)
	default:
		item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: w.T("training.paper.blank")}
	}
	return item
}

func (s *sheetPage) show() {
	s.rows.Refresh()
	s.count.SetStatus(kit.Status{Word: s.p.env.Words.T("training.paper.count", s.x.here(), len(s.x.ticks))})
	kit.Relay(s.p.v.content)
}

// key ticks with Space and goes on to the next row; Right and Left go through here, late and excused.
func (s *sheetPage) key(ev *fyne.KeyEvent) bool {
	i := s.rows.SelectedIndex()
	if i < 0 {
		return false
	}
	switch ev.Name {
	case fyne.KeySpace:
		s.tick()
	case fyne.KeyRight:
		s.x.step(i, 1)
	case fyne.KeyLeft:
		s.x.step(i, -1)
	default:
		return false
	}
	s.show()
	return true
}

// tick ticks the chosen row, or takes its tick away, and goes on to the next.
func (s *sheetPage) tick() {
	i := s.rows.SelectedIndex()
	if i < 0 {
		return
	}
	s.x.toggle(i)
	s.rows.SelectID(strconv.Itoa(min(i+1, len(s.x.ticks)-1)))
	s.show()
}

// typed ticks the row of a number, a scanned row or a code.
func (s *sheetPage) typed(text string) {
	if strings.TrimSpace(text) == "" {
		kit.Focus(s.rows)
		return
	}
	i := s.x.at(text, func(t string) (fieldwork.RecordID, bool) { return s.p.tools.RosterRow(s.x.sheet.Session, t) })
	s.row.SetText("")
	if i < 0 {
		s.p.env.Say(kit.Bad, s.p.env.Words.T("training.paper.norow", text))
		return
	}
	if s.x.ticks[i] == 0 {
		s.x.ticks[i] = fieldwork.TickHere
	}
	s.rows.SelectID(strconv.Itoa(i))
	s.show()
}

// everybody ticks every row that has none.
func (s *sheetPage) everybody() {
	for i, t := range s.x.ticks {
		if t == 0 {
			s.x.ticks[i] = fieldwork.TickHere
		}
	}
	s.show()
	kit.Focus(s.rows)
}

// save saves all rows at once.
func (s *sheetPage) save() {
	n, err := s.p.tools.EnterRoster(s.x.sheet.Session, s.x.rows(), fieldwork.RecordID{})
	if err != nil {
		s.p.env.Tell(err)
		return
	}
	s.p.env.Say(kit.Good, s.p.env.Words.N("training.paper.saved", n))
	session := s.x.sheet.Session
	s.p.turn(nil)
	s.p.m.Open(session)
	s.p.saved()
	kit.Focus(s.p.v.find)
}
