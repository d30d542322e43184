package people

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/importing"
	"kandili/ui/kit"
	"kandili/ui/marks"
	"kandili/ui/photos"
	"kandili/ui/place"
	"kandili/ui/printing"
	"kandili/ui/task"
)

// Badges revokes badges.
type Badges interface {
	importing.Desk                                                       // lists of people from files
	NewBadge(person, author fieldwork.RecordID) (issue int64, err error) // revokes the old ones
}

// Screen is the place.
type Screen struct {
	env   *place.Env
	store Store
	badge Badges
	m     *Model
	v     *view

	loaded   bool
	reading  task.Latest // of the list
	moving   bool        // people are being moved to another village
	draft    task.Handle // keeps the draft soon
	twins    task.Handle // looks for twins soon
	inFront  bool
	draftOld string // "draft of 14:02", once there is one
}

// New makes the place.
func New(env *place.Env, s Store, b Badges) *Screen {
	p := &Screen{env: env, store: s, badge: b, m: NewModel(env.Words, s)}
	p.v = newView(env, p.m, p.row, actions{fresh: p.New, badge: p.Print, history: p.history, consent: p.askConsent, household: p.askHousehold, save: p.Save,
		move: p.askMove, merge: p.mergeMarked, agree: func() { p.consent(p.chosen()) }, back: p.Back, arranged: p.read})
	p.v.find.OnChanged = func(text string) { p.m.Search(text); p.list() }
	p.v.find.OnKey = p.v.rows.Key
	p.v.find.OnSubmitted = func(string) { p.openFirst() }
	p.v.find.OnEscape = p.Back
	p.v.rows.OnSelected = func(id string) { p.openID(id, false) }
	p.v.rows.OnOpened = func(id string) { p.openID(id, true) }
	p.v.fields.OnEdit = p.edited
	p.v.rows.OnMarked = p.marked
	p.v.strip.OnDone = func() { p.open(p.m.Form().Record()) }
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
	if ev.Photos {
		p.v.photo.Arrived()
		p.v.face.Again()
	}
	if f := p.m.Form(); f != nil && !f.Dirty() && !f.Record().IsZero() {
		p.open(f.Record())
	}
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: p.New, Find: p.find, Save: p.Save, Print: p.Print, Back: p.Back,
		Arrange: p.v.bar.Arrange, Export: p.v.bar.Export, Import: func() { p.importing().Ask() }}
}

// Dropped takes a list of people, or a picture for the photo of who is open.
func (p *Screen) Dropped(path string) {
	switch {
	case importing.IsTable(path):
		p.importing().Take(path)
	case p.m.Form() != nil && photos.IsPicture(path):
		p.v.photo.Take(path)
	}
}

// importing brings a list of people in.
func (p *Screen) importing() *importing.Import {
	return importing.New(p.env, p.badge, fieldwork.KindTrainee, p.read)
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
	var all []fieldwork.RecordID
	p.reading.Read(p.env.Sched, func() func() error {
		read := p.m.List.Arrange()
		return func() error {
			all = read()
			return nil
		}
	}, func(err error) {
		if err != nil {
			p.v.bar.Count.SetText("")
			p.v.list.Instead(p.env.Failed(err, p.read))
			return
		}
		p.loaded = true
		p.m.Take(all)
		p.list()
	})
}

// list shows the rows that the search leaves.
func (p *Screen) list() {
	w := p.env.Words
	count := w.N("people.count", p.m.Total())
	if p.m.query != "" {
		count = w.T("people.found", w.Number(p.m.Count()), w.Number(p.m.Total()))
	}
	p.v.bar.Count.SetText(count)
	switch {
	case !p.loaded:
		p.v.list.Instead(kit.NewLoading(w.T("people.reading")))
	case p.m.Total() == 0 && len(p.m.List.Filtered()) > 0:
		p.v.list.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("list.filtered.none")))
	case p.m.Total() == 0:
		p.v.list.Instead(kit.NewEmpty("people", w.T("list.none"), w.T("people.none"), kit.Secondary(w.T("import.menu"), func() { p.importing().Ask() }).WithHint("Ctrl I")))
	case p.m.Count() == 0:
		p.v.list.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("people.none.found", p.m.query)))
	default:
		p.v.list.Content()
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
	p.v.showTwins(p.env, nil, nil, nil)
	p.consents()
	p.v.marks(p.env, p.m)
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
	if f == nil || !f.Record().IsZero() && !f.Dirty() {
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
				p.v.showTwins(p.env, twins, func(id fieldwork.RecordID) { p.openID(id.String(), true) }, p.same)
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
		p.env.Done(p.env.Words.T("people.registered", p.m.Name(), fieldwork.CodeOf(id)))
		p.read()
	} else {
		p.env.Done(p.env.Words.T("people.saved", p.m.Name()))
	}
	p.v.rows.SelectID(id.String())
	kit.Focus(p.v.find)
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
	marks.ShowHistory(p.env, p.store, p.m.Name(), f.Record())
}

// Print prints badges: of the marked ones, of who is open, of everybody in the list, or of those who have none yet.
func (p *Screen) Print() {
	w := p.env.Words
	shown := p.m.Shown()
	whose := map[string][]fieldwork.RecordID{}
	var options []printing.Choice
	offer := func(value, word string, people []fieldwork.RecordID) {
		whose[value] = people
		options = append(options, printing.Choice{Value: value, Word: word, Labels: len(people)})
	}
	if marked := ids(p.v.rows.Marked()); len(marked) > 0 {
		offer("marked", w.N("print.badges.marked", len(marked)), marked)
	}
	if f := p.m.Form(); f != nil && !f.Record().IsZero() {
		offer("one", w.T("people.badge.one", p.m.Name()), []fieldwork.RecordID{f.Record()})
		offer("lost", w.T("people.badge.lost"), []fieldwork.RecordID{f.Record()})
	}
	if fresh := p.env.Papers.WithoutBadge(shown); len(fresh) > 0 && len(fresh) < len(shown) {
		offer("fresh", w.N("print.badges.fresh", len(fresh)), fresh)
	}
	if len(shown) > 0 {
		offer("all", w.N("people.badge.all", len(shown)), shown)
	}
	if len(options) == 0 {
		p.env.Say(kit.Quiet, w.T("people.badge.nobody"))
		return
	}
	p.env.Print(printing.Job{Title: w.T("people.badge.title"), File: w.T("people.badge.file"), Whose: options, Label: true,
		Make: func(c printing.Wish) (printing.Paper, error) {
			made, err := p.env.Papers.BadgePaper(whose[c.Whose], c.How)
			if err == nil && c.Whose == "lost" {
				made = &newBadge{Paper: made, p: p, person: whose[c.Whose][0], how: c.How}
			}
			return made, err
		}})
}

// newBadge is the badge that replaces a lost one: the old one is revoked when it is written, not while it is only looked at.
type newBadge struct {
	printing.Paper
	p      *Screen
	person fieldwork.RecordID
	how    printing.How
}

// Write revokes the badge that somebody lost and writes her new one, offline and at once.
func (n *newBadge) Write(w io.Writer) error {
	if _, err := n.p.badge.NewBadge(n.person, fieldwork.RecordID{}); err != nil {
		return err
	}
	n.p.env.Sched.Do(n.p.env.Saved)
	made, err := n.p.env.Papers.BadgePaper([]fieldwork.RecordID{n.person}, n.how)
	if err != nil {
		return err
	}
	n.Paper = made
	return made.Write(w)
}

// same says that the one in the form is somebody who is known: who was only half typed goes, who was saved becomes one with her.
func (p *Screen) same(id fieldwork.RecordID) {
	f := p.m.Form()
	if f == nil {
		return
	}
	if f.Record().IsZero() {
		p.close()
		p.openID(id.String(), true)
		return
	}
	p.keep()
	p.askMerge(f.Record(), id)
}

// mergeMarked makes the two marked records one person.
func (p *Screen) mergeMarked() {
	if two := ids(p.v.rows.Marked()); len(two) == 2 {
		p.askMerge(two[0], two[1])
	}
}
