package today

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/marks"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Screen is the place.
type Screen struct {
	env   *place.Env
	store Store

	title, line          *kit.Text
	here, trained, lamps *kit.Card
	lit                  *kit.Card
	todo                 *kit.Todo
	checkIn              *kit.Button
	day                  *kit.States // all that was worked out
	content              fyne.CanvasObject
	reading              task.Latest
	known                bool // the day was worked out once: before, nothing is said about it
}

// New makes the place.
func New(env *place.Env, s Store) *Screen {
	w := env.Words
	p := &Screen{env: env, store: s, title: kit.NewTitle(""), line: kit.NewSub("")}
	p.here = kit.NewCard(w.T("today.here"), "–", "")
	p.trained = kit.NewCard(w.T("today.trained"), "–", "")
	p.lamps = kit.NewCard(w.T("today.lamps"), "–", "")
	p.lit = kit.NewCard(w.T("today.lit"), "–", "")
	p.lit.SetAmber(true)
	p.todo = kit.NewTodo(w.T("today.todo"))
	p.checkIn = kit.Primary(w.T("today.checkin"), func() { env.GoTo(place.CheckIn, fieldwork.RecordID{}) }).WithHint("Ctrl 3").Tall()
	acts := kit.Column(12, p.checkIn,
		kit.Secondary(w.T("today.register"), func() { env.GoTo(place.People, place.New) }).Tall(),
		kit.Secondary(w.T("today.install"), func() { env.GoTo(place.Lamps, place.New) }).Tall(),
		kit.Secondary(w.T("today.sync"), func() { env.GoTo(place.Sync, fieldwork.RecordID{}) }).Tall())
	cards := kit.Columns(16, []float32{1, 1, 1, 1}, p.here, p.trained, p.lamps, p.lit)
	below := kit.Columns(16, []float32{3, 2}, p.todo, acts)
	p.day = kit.NewStates(kit.Column(16, cards, below))
	p.content = kit.Inset(24, kit.Scroll(kit.Fill(16, kit.Column(2, p.title, p.line), p.day.Object())))
	return p
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.content }

// Enter implements place.Place.
func (p *Screen) Enter(fieldwork.RecordID) {
	p.title.SetText(p.env.Words.LongDay(p.env.Now()))
	if !p.known {
		p.line.SetText(p.env.Words.T("today.reading"))
	}
	p.read()
	kit.Focus(p.checkIn)
}

// Leave implements place.Place.
func (p *Screen) Leave() {}

// Changed implements place.Place.
func (p *Screen) Changed(store.Event) { p.read() }

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: func() { p.env.GoTo(place.People, place.New) }, Find: func() { p.env.GoTo(place.People, fieldwork.RecordID{}) }}
}

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("today.keys") }

// read works the day out beside the window.
func (p *Screen) read() {
	var d Day
	p.reading.Read(p.env.Sched, func() func() error {
		site, now := p.env.Site(), p.env.Now()
		return func() error {
			d = Work(p.store, p.env.Words, site, now)
			return nil
		}
	}, func(err error) {
		if err != nil {
			p.line.SetText("")
			p.day.Instead(p.env.Failed(err, p.read))
			kit.Relay(p.content)
			return
		}
		p.day.Content()
		p.show(d)
	})
}

func (p *Screen) show(d Day) {
	w := p.env.Words
	p.line.SetText(w.T("today.no_session"))
	p.here.SetNumber("–")
	p.here.SetSub(w.T("today.here.none"))
	if !d.Session.IsZero() {
		p.line.SetText(d.Title + " · " + d.Line)
		p.here.SetNumber(w.Number(d.Here))
		p.here.SetSub(w.T("today.here.in", d.Title))
		if d.Expected > 0 {
			p.here.SetSub(w.T("today.here.of", w.Number(d.Expected)))
		}
	}
	p.trained.SetNumber(w.Number(d.Trained))
	p.trained.SetSub(w.T("today.trained.sub", w.Number(d.People), w.Number(d.Women), w.Number(d.Under25)))
	p.lamps.SetNumber(w.Number(d.Rate.Part))
	p.lamps.SetSub(w.N("today.lamps.none", d.Lamps))
	if d.Rate.N > 0 {
		p.lamps.SetSub(w.T("today.lamps.sub", w.Number(d.Rate.N), percent(d.Rate.Value()), percent(d.Rate.Low), percent(d.Rate.High)))
	}
	p.lit.SetNumber(w.Number(d.Lit.People))
	p.lit.SetSub(w.N("today.lit.homes", d.Lit.Households.N))
	if d.Target > 0 {
		p.lit.SetSub(w.T("today.lit.of", w.Number(d.Target)))
	}
	p.here.SetBar(int64(d.Here), int64(d.Expected))
	items := make([]kit.TodoItem, len(d.Todo))
	for i, t := range d.Todo {
		items[i] = p.item(t)
	}
	p.todo.SetItems(items...)
	p.todo.SetEmpty(w.T("today.nothing") + ". " + w.T("today.nothing.line"))
	p.known = true
	kit.Relay(p.content)
}

func percent(x float64) string { return strconv.Itoa(int(x*100 + 0.5)) }

// signs are the marks of what is to do.
var signs = map[string]kit.TodoItem{
	"question": {Tone: kit.Bad, Mark: kit.MarkQuestion}, "refused": {Tone: kit.Bad, Mark: kit.MarkWarning}, "contested": {Tone: kit.Bad, Mark: kit.MarkQuestion}, "draft": {Tone: kit.Dim, Mark: "lessons"}, "first": {Mark: "people"},
	"due": {Mark: "lamp"}, "unmeasured": {Tone: kit.Dim, Mark: kit.MarkWarning}, "consent": {Mark: "people"},
}

func (p *Screen) item(t Todo) kit.TodoItem {
	w := p.env.Words
	it := signs[t.Kind]
	it.Text, it.Action = w.N("today.todo."+t.Kind, t.N), w.T("today.do."+t.Kind)
	it.OnTapped = func() {
		switch t.Kind {
		case "question":
			marks.ShowAsked(p.env, p.store, p.read)
			return
		case "refused":
			marks.ShowRefused(p.env, p.store)
			return
		case "contested":
			marks.ShowContested(p.env, p.store, p.read)
			return
		}
		at := t.At
		if t.Kind == "draft" || t.Kind == "first" {
			at = place.New
		}
		p.env.GoTo(t.Place, at)
	}
	return it
}
