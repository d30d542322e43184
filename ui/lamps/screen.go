package lamps

import (
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/marks"
	"kandili/ui/photos"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Screen is the place.
type Screen struct {
	env   *place.Env
	store Store
	m     *Model
	v     *view

	loaded, moving bool
	reading        task.Latest
	pointed        bool // a row was chosen since the last letter was typed
	draft          task.Handle
}

// New makes the place.
func New(env *place.Env, s Store) *Screen {
	p := &Screen{env: env, store: s, m: NewModel(env.Words, s)}
	p.v = newView(env, p.m, p.row, p.acts())
	p.v.find.OnChanged = func(text string) {
		p.pointed = false
		p.m.Search(text)
		p.list()
	}
	p.v.find.OnKey = func(ev *fyne.KeyEvent) bool {
		enter := ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter
		return !(enter && p.v.find.Text != "") && p.v.rows.Key(ev) || p.Key(ev.Name) // what was scanned is looked up, whatever row is chosen
	}
	p.v.find.OnSubmitted = p.scanned
	p.v.find.OnEscape = p.Back
	p.v.rows.OnSelected = func(id string) { p.pointed = true; p.openID(id) }
	p.v.rows.OnOpened = func(id string) { p.openID(id); p.visit() }
	p.v.rows.OnMarked = p.marked
	p.v.lampForm.OnEdit, p.v.placeForm.OnEdit, p.v.homeForm.OnEdit, p.v.visitForm.OnEdit = p.edited, p.edited, p.edited, p.edited
	p.v.fix.lamp.OnEdit, p.v.fix.place.OnEdit = p.edited, p.edited
	p.list()
	return p
}

func (p *Screen) acts() actions {
	return actions{install: p.New, visit: p.visit, saveInstall: p.Save, saveVisit: p.Save, back: p.Back, home: func(s string) { p.v.showHome(s != "") }, arranged: p.read, move: p.askMove, correct: p.correct, history: p.history}
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.v.content }

// Enter implements place.Place.
func (p *Screen) Enter(at fieldwork.RecordID) {
	p.read()
	switch {
	case at == place.New:
		p.New()
		return
	case !at.IsZero():
		p.openID(at.String())
	}
	kit.Focus(p.v.find)
}

// Leave implements place.Place.
func (p *Screen) Leave() { p.keep() }

// Changed implements place.Place.
func (p *Screen) Changed(ev store.Event) {
	if ev.Kinds[fieldwork.KindLamp] {
		p.read()
	}
	p.v.rows.Refresh()
	if ev.Photos {
		p.v.placePic.Arrived()
		p.v.visitPic.Arrived()
		p.v.fix.pic.Arrived()
	}
	if p.m.Fresh == nil && p.m.Visit == nil && p.m.Fix == nil {
		p.show()
	}
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: p.New, Find: func() { kit.Focus(p.v.find) }, Save: p.Save, Print: p.Print, Back: p.Back,
		Arrange: p.v.bar.Arrange, Export: p.v.bar.Export}
}

// Dropped takes a picture for the photo of the form that is open.
func (p *Screen) Dropped(path string) {
	switch {
	case !photos.IsPicture(path):
	case p.m.Fresh != nil:
		p.v.placePic.Take(path)
	case p.m.Visit != nil:
		p.v.visitPic.Take(path)
	case p.m.Fix != nil && p.m.Fix.Place != nil:
		p.v.fix.pic.Take(path)
	}
}

// keyCorrect corrects the lamp that is open.
const keyCorrect = fyne.KeyF4

// Key does what an F-key means here and says whether it meant something.
func (p *Screen) Key(name fyne.KeyName) bool {
	if name != keyCorrect || p.m.Fresh != nil || p.m.Visit != nil || p.m.Fix != nil {
		return false
	}
	p.correct()
	return true
}

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("lamps.keys") }

func (p *Screen) row(i int) kit.RowItem {
	r := p.m.Row(i)
	return kit.RowItem{ID: r.ID.String(), Title: r.Title, Sub: r.Line, Status: Status(p.env, r.Status)}
}

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

func (p *Screen) list() {
	w := p.env.Words
	count := w.N("lamps.count", p.m.Total())
	if p.m.query != "" {
		count = w.T("lamps.found", w.Number(p.m.Count()), w.Number(p.m.Total()))
	}
	p.v.bar.Count.SetText(count)
	switch {
	case !p.loaded:
		p.v.list.Instead(kit.NewLoading(w.T("lamps.reading")))
	case p.m.Total() == 0 && len(p.m.List.Filtered()) > 0:
		p.v.list.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("list.filtered.none")))
	case p.m.Total() == 0:
		p.v.list.Instead(kit.NewEmpty("lamp", w.T("list.none"), w.T("lamps.none")))
	case p.m.Count() == 0:
		p.v.list.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("lamps.none.found", p.m.query)))
	default:
		p.v.list.Content()
	}
	p.v.rows.SetCount(p.m.Count())
	p.v.rows.SelectID(p.m.open.String())
}

// scanned is Enter in the search: a tag that hangs opens its lamp, one that is free offers to install now. A lamp whose tag is only
// like what was scanned is never opened for it, unless a person points at it.
func (p *Screen) scanned(text string) {
	text, err := p.m.ReadTag(text)
	if err != nil {
		p.env.Tell(err)
		return
	}
	id, ok := p.m.Tagged(text)
	switch {
	case ok && p.m.Hangs(id):
		p.v.find.SetText("")
		p.openID(id.String())
	case p.pointed:
		p.openID(p.v.rows.SelectedID())
	case !ok && p.m.Count() > 0 && p.m.Says(0, text):
		p.openID(p.m.Row(0).ID.String())
	case text != "":
		p.offer(text)
	}
}

// offer asks whether the lamp with this tag is installed now.
func (p *Screen) offer(tag string) {
	w := p.env.Words
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("lamps.offer", tag), Line: w.T("lamps.offer.line"), Yes: w.T("lamps.offer.yes"), No: w.T("do.cancel"),
		OnYes: func() bool {
			p.v.find.SetText("")
			p.env.Sched.Do(func() { p.install(tag) })
			return true
		}})
}

func (p *Screen) openID(text string) {
	id, err := fieldwork.ParseRecordID(text)
	if err != nil {
		return
	}
	p.keep()
	p.m.Open(id)
	p.v.rows.SelectID(text)
	p.show()
}

// show brings what the model has open onto the right side.
func (p *Screen) show() {
	switch l, ok := p.m.Lamp(); {
	case p.m.Fresh != nil:
		p.v.put(p.v.install)
	case p.m.Fix != nil:
		p.v.put(p.v.fixPage)
	case p.m.Visit != nil:
		p.v.visitOf.SetText(p.env.Words.T("lamps.visit.of", l.Title))
		p.v.put(p.v.visit)
	case ok:
		strip := marks.NewStrip(p.env, p.store)
		strip.OnDone = p.show
		p.v.put(page(p.env, p.store, l, strip, p.acts()))
	default:
		p.v.put(p.v.nobody)
	}
}

// New begins an installation; the tag of a lamp that is open and hangs nowhere is taken.
func (p *Screen) New() {
	tag := ""
	if l, ok := p.m.Lamp(); ok && !p.m.Hangs(l.ID) {
		tag = l.Title
	}
	p.install(tag)
}

func (p *Screen) install(tag string) {
	p.keep()
	resumed := p.m.StartInstall(tag, p.env.Site(), p.env.Today())
	in := p.m.Fresh
	p.v.lampForm.Load(in.Lamp)
	p.v.placeForm.Load(in.Place)
	p.v.homeForm.Load(in.Home)
	p.homes()
	p.show()
	p.v.scroll.ToTop()
	first := "tag_code"
	if tag != "" {
		first = "model"
	}
	kit.Focus(p.v.lampForm.Form.Field(first).Target)
	if resumed {
		p.env.Say(kit.Dim, p.env.Words.T("people.draft.resumed"))
	}
}

// homes begins with a household that is not known yet.
func (p *Screen) homes() {
	p.v.home.SetValue("", "")
	p.v.showHome(false)
}

func (p *Screen) visit() {
	if _, ok := p.m.Lamp(); !ok {
		return
	}
	resumed := p.m.StartVisit(p.env.Today())
	p.v.visitForm.Load(p.m.Visit)
	p.show()
	kit.Focus(p.v.visitForm.Form.Field("status_found").Target)
	if resumed {
		p.env.Say(kit.Dim, p.env.Words.T("people.draft.resumed"))
	}
}

// soon is how long a person may pause before the draft is kept.
const soon = 400 * time.Millisecond

func (p *Screen) edited() {
	if p.draft != nil {
		p.draft.Cancel()
	}
	p.draft = p.env.Sched.After(soon, p.keep)
}

func (p *Screen) keep() {
	if p.draft != nil {
		p.draft.Cancel()
	}
	if err := p.m.KeepDraft(); err != nil {
		p.env.Tell(err)
	}
}

// Save saves the form that is open.
func (p *Screen) Save() {
	kit.Finish(p.env.Canvas())
	if p.draft != nil {
		p.draft.Cancel()
	}
	switch {
	case p.m.Fresh != nil:
		p.saveInstall()
	case p.m.Fix != nil:
		p.saveCorrect()
	case p.m.Visit != nil:
		wrong, err := p.m.SaveVisit(fieldwork.RecordID{}, p.env.Today())
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.v.visitForm.Wrong(wrong)
		if len(wrong) == 0 {
			p.saved("lamps.visit.saved")
		}
	}
}

func (p *Screen) saveInstall() {
	home, _ := fieldwork.ParseRecordID(p.v.home.Value())
	wrong, err := p.m.SaveInstall(home, fieldwork.RecordID{}, p.env.Today())
	if err != nil {
		p.env.Tell(err)
		return
	}
	// The last to be shown has the focus: the first form's error should win.
	p.v.homeForm.Wrong(wrong.Home)
	p.v.placeForm.Wrong(wrong.Place)
	p.v.lampForm.Wrong(wrong.Lamp)
	if !wrong.any() {
		p.read()
		p.saved("lamps.installed")
	}
}

func (p *Screen) saved(key string) {
	l, _ := p.m.Lamp()
	p.env.Saved()
	p.env.Done(p.env.Words.T(key, l.Title))
	p.show()
	p.v.rows.Refresh()
	p.v.rows.SelectID(l.ID.String())
	kit.Focus(p.v.find)
}

// Back leaves a form for the lamp, then the lamp for the list. A form with something in it stays as a draft.
func (p *Screen) Back() {
	w := p.env.Words
	switch {
	case p.m.Typed():
		kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.leave"), Line: w.T("people.leave.line"), Yes: w.T("people.leave.drop"), No: w.T("people.leave.stay"),
			Danger: true, OnYes: func() bool { p.close(); return true }})
	case p.m.Fresh != nil || p.m.Visit != nil || p.m.Fix != nil || !p.m.open.IsZero():
		p.close()
	case p.v.find.Text != "":
		p.v.find.SetText("")
	}
}

func (p *Screen) close() {
	inForm := p.m.Visit != nil || p.m.Fix != nil
	open := p.m.open
	if err := p.m.Close(); err != nil {
		p.env.Tell(err)
	}
	if inForm {
		p.m.Open(open)
	}
	p.show()
	p.v.rows.SelectID(p.m.open.String())
	kit.Focus(p.v.find)
}
