package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/checkin"
	"kandili/ui/kit"
	"kandili/ui/lamps"
	"kandili/ui/people"
	"kandili/ui/place"
	"kandili/ui/settings"
	uisync "kandili/ui/sync"
	"kandili/ui/today"
	"kandili/ui/training"
)

// shell is what stands around the places: column, bars and messages.
type shell struct {
	w      *Window
	store  *store.Store
	places map[string]place.Place
	sync   *uisync.Screen
	at     string

	nav     *kit.Nav
	site    *kit.PillButton
	who     *kit.PillButton
	pill    *kit.PillButton
	status  *kit.StatusBar
	toast   *kit.Toast
	tour    *tour
	middle  *fyne.Container
	content fyne.CanvasObject
}

// numbers are the keys of the places with Ctrl. Those of places to come are kept free.
var numbers = []struct {
	id, icon string
	key      fyne.KeyName
}{
	{place.Today, "home", fyne.Key1}, {place.People, "people", fyne.Key2}, {place.CheckIn, "checkin", fyne.Key3}, {place.Lamps, "lamp", fyne.Key4},
	{place.Training, "training", fyne.Key5},
	{place.Sync, "sync", fyne.Key9}, {place.Settings, "settings", ""},
}

func newShell(w *Window, s *store.Store) *shell {
	h := &shell{w: w, store: s, status: kit.NewStatusBar(), toast: kit.NewToast(w.opt.Sched), middle: container.NewStack()}
	env := w.env
	env.Say, env.Offer = h.toast.Say, h.toast.Offer
	env.Done = func(text string) { h.toast.Offer(kit.Good, text, w.words.T("do.undo"), "Ctrl Z", h.undoLast) }
	env.Saved = func() { h.status.SetLeft(env.Words.T("window.saved", env.Words.Clock(env.Now()))); h.pills() }
	env.GoTo = h.goTo
	env.Site = h.siteID
	env.Keys = h.status.SetRight
	h.sync = uisync.New(env, s, w.laptop, func() { h.pills() })
	h.places = map[string]place.Place{
		place.Today: today.New(env, s), place.People: people.New(env, s, w.laptop), place.CheckIn: checkin.New(env, s, w.laptop),
		place.Lamps: lamps.New(env, s), place.Training: training.New(env, s, w.laptop), place.Sync: h.sync, place.Settings: settings.New(env, w.laptop.Choices(), w.laptop.About(), w.laptop, w.Choose),
	}
	var items []kit.NavItem
	for _, n := range numbers {
		hint := ""
		if n.key != "" {
			hint = "Ctrl " + string(n.key)
		}
		items = append(items, kit.NavItem{ID: n.id, Icon: n.icon, Word: env.Words.T("nav." + n.id), Hint: hint})
	}
	h.nav = kit.NewNav(env.Words.T("app.name"), items...)
	h.nav.OnPicked = func(id string) { h.goTo(id, fieldwork.RecordID{}) }
	h.site = kit.Pill(kit.Status{Word: "–"}, h.chooseSite)
	h.who = kit.Pill(kit.Status{Word: "–"}, h.chooseWho)
	h.pill = kit.Pill(kit.Status{Word: "–"}, func() { h.goTo(place.Sync, fieldwork.RecordID{}) })
	top := kit.NewTopBar([]fyne.CanvasObject{kit.Line(h.campaign(), true), h.site, h.who}, []fyne.CanvasObject{h.pill})
	right := container.New(frame{}, top, h.status, h.middle)
	h.tour = newTour(h)
	h.content = over(over(container.New(beside{}, h.nav, right), h.tour.card), container.New(besideOf{h.nav}, h.toast))
	h.status.SetLeft(env.Words.T("window.safe"))
	h.pills()
	h.sync.Auto(20 * time.Second)
	return h
}

// campaign names what is worked on.
func (h *shell) campaign() string {
	if h.store.Self().Practice {
		return h.w.words.T("window.practice")
	}
	if r, ok := h.w.laptop.Campaign(); ok {
		return fieldwork.Name(r)
	}
	return h.w.words.T("window.campaign")
}

// goTo brings a place to the front, perhaps with a record.
func (h *shell) goTo(id string, at fieldwork.RecordID) {
	p, ok := h.places[id]
	if !ok {
		return
	}
	kit.Finish(h.w.win.Canvas())
	if h.at != "" && h.at != id {
		h.places[h.at].Leave()
	}
	h.at = id
	h.nav.Select(id)
	h.middle.RemoveAll()
	h.middle.Add(p.Content())
	h.middle.Refresh()
	h.status.SetRight(p.Keys())
	p.Enter(at)
	h.tour.moved()
}

// leave keeps what is half typed, ends the exchange and says which place was in front.
func (h *shell) leave() string {
	if h.at != "" {
		h.places[h.at].Leave()
	}
	for _, p := range h.places {
		if f, ok := p.(finishes); ok {
			f.Close()
		}
	}
	return h.at
}

// Some places know keys of their own, take files that are dropped on the window, or have something going on beside it.
type (
	keyed    interface{ Key(name fyne.KeyName) bool }
	takes    interface{ Dropped(path string) }
	finishes interface{ Close() }
)

// key passes a key that no widget had a use for to the place in front; while a dialog is open, nothing behind it moves.
func (h *shell) key(name fyne.KeyName) {
	if p, ok := h.places[h.at].(keyed); ok && h.w.win.Canvas().Overlays().Top() == nil {
		p.Key(name)
	}
}

// dropped passes a file to the place in front.
func (h *shell) dropped(path string) {
	if p, ok := h.places[h.at].(takes); ok && h.w.win.Canvas().Overlays().Top() == nil {
		p.Dropped(path)
	}
}

// changed tells the place in front that records changed.
func (h *shell) changed(ev store.Event) {
	if h.at != "" {
		h.places[h.at].Changed(ev)
	}
	h.pills()
	if len(ev.Kinds) > 0 && !h.sync.Busy() {
		h.sync.Auto(settle)
	}
}

// courier takes in a courier file that was dropped on the window, and shows what it brought.
func (h *shell) courier(path string) {
	h.goTo(place.Sync, fieldwork.RecordID{})
	h.sync.Dropped(path)
}

// settle is how long after the last save the laptop tries to sync by itself.
const settle = 30 * time.Second

// pills show the village, and when HQ was last met.
func (h *shell) pills() {
	if h.site == nil || h.who == nil || h.pill == nil {
		return // while the window is being made
	}
	w := h.w.words
	name := w.T("window.all_sites")
	if r, ok := h.store.Record(h.siteID()); ok {
		name = fieldwork.Name(r)
	}
	h.site.SetStatus(kit.Status{Word: name + " ▾"})
	h.who.SetStatus(kit.Status{Word: h.whoWords() + " ▾"})
	text, good := h.sync.State().PillWords(w, h.w.opt.Now())
	st := kit.Status{Tone: kit.Dim, Mark: kit.MarkHalf, Word: text}
	switch {
	case h.sync.Asking() != "":
		st.Word = w.T("nearby.pill", h.sync.Asking())
	case h.sync.Busy():
		st.Word = h.sync.State().BusyWords(w, h.w.opt.Now(), h.sync.Progress())
	case good:
		st = kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: text}
	}
	h.pill.SetStatus(st)
}

const siteNote = "window/site" // joining by a pack leaves the village there

// siteID is the village where the laptop is at work.
func (h *shell) siteID() fieldwork.RecordID {
	id, err := fieldwork.ParseRecordID(string(h.store.Note(siteNote)))
	if err != nil {
		return fieldwork.RecordID{}
	}
	return id
}

// chooseSite asks where the laptop is at work.
func (h *shell) chooseSite() {
	w := h.w.words
	sites := []people.Site{{Name: w.T("window.all_sites")}}
	sites = append(sites, people.NewModel(w, h.store).Sites()...)
	rows := kit.NewRowList(func(i int) kit.RowItem {
		item := kit.RowItem{ID: sites[i].ID.String(), Title: sites[i].Name}
		if r, ok := h.store.Record(sites[i].ID); ok {
			item.Sub = w.Country(r.Get(fieldwork.SiteCountry).Text())
			if a := r.Get(fieldwork.SiteArea1).Text(); a != "" {
				item.Sub = a + " · " + item.Sub
			}
		}
		return item
	})
	rows.SetCount(len(sites))
	rows.SelectID(h.siteID().String())
	var d *kit.Dialog
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(h.w.win.Canvas(), kit.Ask{Title: w.T("window.where"), Line: w.T("window.where.line"), Body: kit.Fixed(0, 300, rows),
		Yes: w.T("do.choose"), No: w.T("do.cancel"), First: rows, OnYes: func() bool {
			i := rows.SelectedIndex()
			if i < 0 {
				return false
			}
			h.setSite(sites[i].ID)
			return true
		}})
}

func (h *shell) setSite(id fieldwork.RecordID) {
	var note []byte
	if !id.IsZero() {
		note = []byte(id.String())
	}
	if err := h.store.SetNote(siteNote, note); err != nil {
		h.w.env.Tell(err)
		return
	}
	h.pills()
	h.goTo(h.at, fieldwork.RecordID{})
}

// frame lays a bar above, a bar below, and the place between; Tab follows the order above, place, below.
type frame struct{}

func (frame) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b, m := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(a.Width, b.Width, m.Width), a.Height+b.Height+m.Height)
}

func (frame) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width, o[0].MinSize().Height)) // how high the bar is follows from its width
	a, b := o[0].MinSize().Height, o[1].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, a))
	o[1].Move(fyne.NewPos(0, s.Height-b))
	o[1].Resize(fyne.NewSize(s.Width, b))
	o[2].Move(fyne.NewPos(0, a))
	o[2].Resize(fyne.NewSize(s.Width, s.Height-a-b))
}

// besideOf lays what it holds to the right of the column.
type besideOf struct{ nav *kit.Nav }

func (besideOf) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l besideOf) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := l.nav.Width(s.Width)
	for _, one := range o {
		one.Move(fyne.NewPos(width, 0))
		one.Resize(fyne.NewSize(s.Width-width, s.Height))
	}
}

// beside lays the column at its width on the left and gives the rest to the right.
type beside struct{}

func (beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+b.Width, max(a.Height, b.Height))
}

func (beside) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := o[0].MinSize().Width
	if n, ok := o[0].(*kit.Nav); ok {
		width = n.Width(s.Width)
	}
	o[0].Resize(fyne.NewSize(width, s.Height))
	o[1].Move(fyne.NewPos(width, 0))
	o[1].Resize(fyne.NewSize(s.Width-width, s.Height))
}
