package people

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Paper makes badges and puts them where a person finds them.
type Paper interface {
	Badges(w io.Writer, people []fieldwork.RecordID, layout string) error
	SavePaper(name string, write func(io.Writer) error) (path string, err error)
	OpenFile(path string) error
	NewBadge(person, author fieldwork.RecordID) (issue int64, err error) // revokes the old ones
}

// Screen is the place.
type Screen struct {
	env   *place.Env
	store Store
	paper Paper
	m     *Model
	v     *view

	loaded   bool
	reading  bool        // the list is being read
	again    bool        // and must be read once more after that
	draft    task.Handle // keeps the draft soon
	twins    task.Handle // looks for twins soon
	inFront  bool
	draftOld string // "draft of 14:02", once there is one
}

// New makes the place.
func New(env *place.Env, s Store, paper Paper) *Screen {
	p := &Screen{env: env, store: s, paper: paper, m: NewModel(env.Words, s)}
	p.v = newView(env, p.m, p.row, actions{fresh: p.New, badge: p.Print, history: p.history, save: p.Save, back: p.Back, arranged: p.read})
	p.v.find.OnChanged = func(text string) { p.m.Search(text); p.list() }
	p.v.find.OnKey = p.v.rows.Key
	p.v.find.OnSubmitted = func(string) { p.openFirst() }
	p.v.find.OnEscape = p.Back
	p.v.rows.OnSelected = func(id string) { p.openID(id, false) }
	p.v.rows.OnOpened = func(id string) { p.openID(id, true) }
	p.v.fields.OnEdit = p.edited
	p.list()
	return p
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.v.content }

// Enter implements place.Place.
func (p *Screen) Enter(at fieldwork.RecordID) {
	p.inFront = true
	p.read()
	switch {
	case at == place.New:
		p.New()
	case !at.IsZero():
		p.keep()
		p.open(at)
		kit.Focus(p.v.find)
	case p.m.Form() == nil && p.store.Draft(draftName(fieldwork.RecordID{})) != nil:
		p.New()
	default:
		kit.Focus(p.v.find)
	}
}

// Leave implements place.Place.
func (p *Screen) Leave() {
	p.inFront = false
	p.keep()
}

// Changed implements place.Place.
func (p *Screen) Changed(ev store.Event) {
	if ev.Kinds[fieldwork.KindTrainee] || ev.Kinds[fieldwork.KindSite] {
		p.read()
	}
	p.v.rows.Refresh()
	if f := p.m.Form(); f != nil && !f.Dirty() && !f.Record().IsZero() {
		p.open(f.Record())
	}
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: p.New, Find: p.find, Save: p.Save, Print: p.Print, Undo: p.Undo, Back: p.Back,
		Arrange: p.v.bar.Arrange, Export: p.v.bar.Export}
}

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("people.keys") }

func (p *Screen) find() { kit.Focus(p.v.find) }

func (p *Screen) row(i int) kit.RowItem {
	r := p.m.Row(i)
	return kit.RowItem{ID: r.ID.String(), Title: r.Name, Sub: r.Line, Status: p.env.Where(r.Where), Marks: r.Marks}
}

// read reads the list of everybody beside the window.
func (p *Screen) read() {
	if p.reading {
		p.again = true
		return
	}
	p.reading = true
	var all []fieldwork.RecordID
	read := p.m.List.Arrange()
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
		all = read()
		return nil
	}, func(err error) {
		p.reading, p.loaded = false, true
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.m.Take(all)
		p.list()
		if p.again {
			p.again = false
			p.read()
		}
	})
}

// list shows the rows that the search leaves.
func (p *Screen) list() {
	w := p.env.Words
	switch {
	case !p.loaded:
		p.v.bar.Count.SetText(w.T("people.reading"))
	case p.m.Total() == 0 && len(p.m.List.Filtered()) > 0:
		p.v.bar.Count.SetText(w.T("list.filtered.none"))
	case p.m.Total() == 0:
		p.v.bar.Count.SetText(w.T("people.none"))
	case p.m.query != "" && p.m.Count() == 0:
		p.v.bar.Count.SetText(w.T("people.none.found", p.m.query))
	case p.m.query != "":
		p.v.bar.Count.SetText(w.T("people.found", w.Number(p.m.Count()), w.Number(p.m.Total())))
	default:
		p.v.bar.Count.SetText(w.N("people.count", p.m.Total()))
	}
	p.v.rows.SetCount(p.m.Count())
	if f := p.m.Form(); f != nil {
		p.v.rows.SelectID(f.Record().String())
	}
}

// openFirst is Enter in the search: the row that is chosen, else the first one.
func (p *Screen) openFirst() {
	if p.v.rows.SelectedID() != "" {
		p.openID(p.v.rows.SelectedID(), true)
	} else if p.m.Count() > 0 {
		p.openID(p.m.Row(0).ID.String(), true)
	}
}

func (p *Screen) openID(text string, edit bool) {
	id, err := fieldwork.ParseRecordID(text)
	if err != nil {
		return
	}
	p.keep()
	p.open(id)
	if edit {
		p.focusForm()
	}
}

func (p *Screen) open(id fieldwork.RecordID) {
	resumed, ok := p.m.Open(id)
	if !ok {
		p.show()
		return
	}
	p.show()
	p.v.rows.SelectID(id.String())
	if resumed {
		p.env.Say(kit.Dim, p.env.Words.T("people.draft.resumed"))
	}
}

// show brings the model's person onto the screen.
func (p *Screen) show() {
	p.draftOld = ""
	if p.m.Form() != nil {
		p.v.fields.Load(p.m.Form())
	}
	p.v.showTwins(p.env, nil, nil)
	p.v.person(p.env, p.m, "")
	p.v.scroll.ToTop()
}

func (p *Screen) focusForm() {
	if f := p.v.fields.Form.Field("given_name"); f != nil && f.Target != nil {
		kit.Focus(f.Target)
	}
}

// New begins with somebody new, or goes on with who was half typed.
func (p *Screen) New() {
	p.keep()
	resumed := p.m.New(p.env.Site())
	p.show()
	p.v.rows.SelectID("")
	p.focusForm()
	if resumed {
		p.env.Say(kit.Dim, p.env.Words.T("people.draft.resumed"))
		p.lookForTwins()
	}
}

// soon is how long a person may pause before the draft is kept and twins are looked for.
const soon = 400 * time.Millisecond

func (p *Screen) edited() {
	p.v.person(p.env, p.m, p.draftOld)
	cancel(p.draft)
	p.draft = p.env.Sched.After(soon, func() {
		p.keep()
		if p.m.Form() != nil && p.m.Form().Dirty() {
			p.draftOld = p.env.Words.T("people.draft", p.env.Words.Clock(p.env.Now()))
		}
		p.v.person(p.env, p.m, p.draftOld)
	})
	p.lookForTwins()
}

func cancel(h task.Handle) {
	if h != nil {
		h.Cancel()
	}
}

// keep keeps what is half typed.
func (p *Screen) keep() {
	cancel(p.draft)
	if err := p.m.KeepDraft(); err != nil {
		p.env.Tell(err)
	}
}

// lookForTwins asks, once the person pauses, whether the new one is known already.
func (p *Screen) lookForTwins() {
	cancel(p.twins)
	f := p.m.Form()
	if f == nil || !f.Record().IsZero() {
		return
	}
	p.twins = p.env.Sched.After(soon, func() {
		var twins []Twin
		self, name, phone := f.Record(), p.m.name(), f.Get("phone")
		p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
			twins = Twins(p.store, self, name, phone)
			return nil
		}, func(err error) {
			if err == nil && p.m.Form() == f {
				p.v.showTwins(p.env, twins, func(id fieldwork.RecordID) { p.openID(id.String(), true) })
			}
		})
	})
}

// Save saves who is open.
func (p *Screen) Save() {
	if p.m.Form() == nil {
		return
	}
	kit.Finish(p.env.Canvas())
	cancel(p.draft)
	cancel(p.twins)
	fresh := p.m.Form().Record().IsZero()
	id, wrong, err := p.m.Save(fieldwork.RecordID{}, p.env.Today())
	switch {
	case err != nil:
		p.env.Tell(err)
		return
	case wrong != nil:
		p.v.fields.Wrong(wrong)
		return
	}
	p.show()
	p.env.Saved()
	if fresh {
		p.env.Say(kit.Good, p.env.Words.T("people.registered", p.m.Name(), fieldwork.CodeOf(id)))
		p.read()
	} else {
		p.env.Say(kit.Good, p.env.Words.T("people.saved", p.m.Name()))
	}
	p.v.rows.SelectID(id.String())
	kit.Focus(p.v.find)
}

// Undo takes the last save back.
func (p *Screen) Undo() {
	name, done, err := p.m.Undo(fieldwork.RecordID{})
	switch {
	case err != nil:
		p.env.Tell(err)
	case !done:
		p.env.Say(kit.Quiet, p.env.Words.T("undo.nothing"))
	default:
		p.show()
		p.read()
		p.env.Saved()
		p.env.Say(kit.Good, p.env.Words.T("undo.done", name))
	}
}

// Back closes the form; what was typed is asked about first. In the search it clears the search.
func (p *Screen) Back() {
	f := p.m.Form()
	switch {
	case f != nil && f.Dirty():
		kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: p.env.Words.T("people.leave"), Line: p.env.Words.T("people.leave.line"),
			Yes: p.env.Words.T("people.leave.drop"), No: p.env.Words.T("people.leave.stay"), Danger: true, OnYes: func() bool { p.close(); return true }})
	case f != nil:
		p.close()
	case p.v.find.Text != "":
		p.v.find.SetText("")
		kit.Focus(p.v.find)
	}
}

func (p *Screen) close() {
	cancel(p.draft)
	if err := p.m.Close(); err != nil {
		p.env.Tell(err)
	}
	p.show()
	p.v.rows.SelectID("")
	kit.Focus(p.v.find)
}

func (p *Screen) history() {
	f := p.m.Form()
	if f == nil || f.Record().IsZero() {
		return
	}
	body := historyBody(p.env, p.store.History(f.Record()), fieldwork.KindTrainee, func(id fieldwork.RecordID) string {
		r, _ := p.store.Record(id)
		return fieldwork.Name(r)
	})
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: p.env.Words.T("people.history.of", p.m.Name()), Body: body, Yes: p.env.Words.T("do.close"), Width: 620})
}

// Print makes a badge sheet: for who is open, or for everybody in the list.
func (p *Screen) Print() {
	w := p.env.Words
	shown := p.m.Shown()
	var options []kit.Option
	if f := p.m.Form(); f != nil && !f.Record().IsZero() {
		options = append(options, kit.Option{Value: "one", Word: w.T("people.badge.one", p.m.Name())}, kit.Option{Value: "lost", Word: w.T("people.badge.lost")})
	}
	if len(shown) > 0 {
		options = append(options, kit.Option{Value: "all", Word: w.N("people.badge.all", len(shown))})
	}
	if len(options) == 0 {
		p.env.Say(kit.Quiet, w.T("people.badge.nobody"))
		return
	}
	whose := kit.NewChoice("", options...)
	whose.SetValue(options[0].Value)
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.badge.title"), Line: w.T("people.badge.line"),
		Body: kit.NewField(w.T("people.badge.whose"), whose, ""), Yes: w.T("people.badge.make"), No: w.T("do.cancel"), OnYes: func() bool {
			switch whose.Value() {
			case "one":
				p.badges([]fieldwork.RecordID{p.m.Form().Record()})
			case "lost":
				p.lost(p.m.Form().Record())
			default:
				p.badges(shown)
			}
			return true
		}})
}

// lost revokes the badge that somebody lost and prints her new one, offline and at once.
func (p *Screen) lost(person fieldwork.RecordID) {
	if _, err := p.paper.NewBadge(person, fieldwork.RecordID{}); err != nil {
		p.env.Tell(err)
		return
	}
	p.env.Saved()
	p.badges([]fieldwork.RecordID{person})
}

func (p *Screen) badges(people []fieldwork.RecordID) {
	name := p.env.Words.T("people.badge.file") + ".pdf"
	if len(people) == 1 {
		name = strings.TrimSuffix(name, ".pdf") + " " + fieldwork.CodeOf(people[0]) + ".pdf"
	}
	var path string
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		path, err = p.paper.SavePaper(name, func(w io.Writer) error { return p.paper.Badges(w, people, "") })
		return err
	}, func(err error) {
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.offer(path)
	})
}

// offer says where the sheet is and opens it on demand.
func (p *Screen) offer(path string) {
	w := p.env.Words
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("paper.ready"), Line: path, Yes: w.T("paper.open"), No: w.T("do.close"), Width: 560, OnYes: func() bool {
		if err := p.paper.OpenFile(path); err != nil {
			p.env.Tell(errors.Join(err))
		}
		return true
	}})
}
