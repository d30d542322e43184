package ui

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/checkin"
	"kandili/ui/kit"
	"kandili/ui/people"
	"kandili/ui/place"
	"kandili/ui/printing"
	"kandili/ui/settings"
	"kandili/ui/show"
	"kandili/ui/start"
	uisync "kandili/ui/sync"
	"kandili/ui/task"
	"kandili/ui/theme"
	"kandili/ui/training"
)

// Laptop is the data folder as the window needs it. Its methods may be called from any goroutine.
type Laptop interface {
	start.Laptop
	people.Badges
	place.Papers
	printing.Printer
	checkin.Tools
	training.Tools
	uisync.Home
	Team
	Journey
	Store() *store.Store // of the open campaign; nil before one was joined
	Campaign() (fieldwork.Record, bool)
	Choices() settings.Choices
	Keep(settings.Choices) error // keeps what was chosen; before the folder is there, for this run only
	About() []string             // version, folder
	Close() error
}

// Options come from outside.
type Options struct {
	Sched task.Scheduler
	Now   func() time.Time
	Room  fyne.Size // what the screen has for the window, in units; zero: not known
}

// Fitting is the size of a window that stands in the screen's room: an old netbook has 1024 × 600.
func Fitting(room fyne.Size) fyne.Size {
	s := fyne.NewSize(1280, 770)
	if room.Width <= 0 || room.Height <= 0 {
		return s
	}
	return fyne.NewSize(min(s.Width, room.Width), min(s.Height, room.Height))
}

// Window is the program's only window. It lives on the window's goroutine.
type Window struct {
	app    fyne.App
	win    fyne.Window
	laptop Laptop
	opt    Options

	words    *show.Words
	env      *place.Env
	unlocked bool
	locked   bool // covered, see lock
	idle     idle
	start    *start.Screen // nil once the places are there
	shell    *shell

	events struct {
		sync.Mutex
		ev      store.Event
		waiting bool
	}
	unsubscribe func()
}

// Open makes the window and shows it. The caller runs the app.
func Open(app fyne.App, l Laptop, opt Options) (*Window, error) {
	w := &Window{app: app, laptop: l, opt: opt, win: app.NewWindow("Kandili")}
	w.win.SetIcon(kit.AppIcon())
	w.win.SetPadded(false)
	w.win.Resize(Fitting(opt.Room))
	w.win.CenterOnScreen()
	w.win.SetCloseIntercept(w.close)
	w.win.Canvas().SetOnTypedKey(w.key)
	w.win.SetOnDropped(w.dropped)
	if err := w.build(); err != nil {
		return nil, err
	}
	w.win.Show()
	w.focus()
	return w, nil
}

// build makes everything in the chosen language and look: at the start, and again when one of them changes.
func (w *Window) build() error {
	c := w.laptop.Choices()
	words, err := show.Load(c.Lang)
	if err != nil {
		return err
	}
	w.words = words
	w.app.Settings().SetTheme(theme.New(c.Theme, c.Scale))
	w.env = &place.Env{Words: words, Sched: w.opt.Sched, Now: w.opt.Now, Canvas: w.win.Canvas, Say: func(kit.Tone, string) {}, Saved: func() {}, Files: w.laptop,
		Offer: func(kit.Tone, string, string, string, func()) {}, Done: func(string) {},
		Papers: w.laptop, Print: w.print, Pictures: w.laptop.Pictures,
		GoTo: func(string, fieldwork.RecordID) {}, Site: func() fieldwork.RecordID { return fieldwork.RecordID{} }}
	if w.laptop.Store() == nil {
		w.startPage()
	} else {
		w.places()
	}
	return nil
}

// print opens the dialog for printing, over whatever is in front.
func (w *Window) print(job printing.Job) {
	e := w.env
	printing.Ask(printing.Env{Words: e.Words, Sched: e.Sched, Canvas: e.Canvas(), Printer: w.laptop, Say: e.Say, Tell: e.Tell}, job)
}

// startPage shows what comes before the places.
func (w *Window) startPage() {
	w.win.SetMainMenu(nil)
	w.start = start.New(w.env, w.laptop, w.unlocked, func() { w.opt.Sched.Do(w.Opened) }, w.speak)
	w.win.SetContent(kit.NewRoot(w.start.Content()))
}

// Opened comes from the start page to the places: the folder's own language and look count from now on.
func (w *Window) Opened() {
	w.unlocked = true
	if err := w.build(); err != nil {
		w.env.Tell(err)
		return
	}
	w.focus()
}

// speak builds the start page anew in another language.
func (w *Window) speak(code string) {
	c := w.laptop.Choices()
	c.Lang = code
	if err := w.Choose(c); err != nil {
		w.env.Tell(err)
	}
}

// Choose keeps other choices and builds the window anew; half-typed forms come back from their drafts.
func (w *Window) Choose(c settings.Choices) error {
	if err := w.laptop.Keep(c); err != nil {
		return err
	}
	at := ""
	if w.start != nil {
		w.unlocked = w.start.Unlocked()
	}
	if w.shell != nil {
		at = w.shell.leave()
	}
	if err := w.build(); err != nil {
		return err
	}
	if w.shell != nil && at != "" {
		w.shell.goTo(at, fieldwork.RecordID{})
	}
	w.focus()
	return nil
}

func (w *Window) focus() {
	if w.start != nil {
		w.start.Focus()
	}
}

// places shows the places of the open campaign.
func (w *Window) places() {
	w.start = nil
	if w.unsubscribe != nil {
		w.unsubscribe()
	}
	s := w.laptop.Store()
	w.shell = newShell(w, s)
	w.win.SetContent(kit.NewRoot(w.shell.content))
	w.win.SetMainMenu(w.shell.menu())
	w.shell.goTo(place.Today, fieldwork.RecordID{})
	w.unsubscribe = s.Subscribe(w.happened)
	w.watch(w.shell)
	w.shell.tour.resume()
}

// happened gathers what changed in the store, from any goroutine; a sync that touches thousands of records redraws once.
func (w *Window) happened(ev store.Event) {
	w.events.Lock()
	defer w.events.Unlock()
	if w.events.ev.Kinds == nil {
		w.events.ev.Kinds = map[fieldwork.Kind]bool{}
	}
	for k := range ev.Kinds {
		w.events.ev.Kinds[k] = true
	}
	w.events.ev.Receipts = w.events.ev.Receipts || ev.Receipts
	w.events.ev.Photos = w.events.ev.Photos || ev.Photos
	if w.events.waiting {
		return
	}
	w.events.waiting = true
	w.opt.Sched.Do(func() { w.opt.Sched.After(gather, w.tell) })
}

// gather is how long changes are gathered before the place in front hears of them.
const gather = 150 * time.Millisecond

func (w *Window) tell() {
	w.events.Lock()
	ev := w.events.ev
	w.events.ev, w.events.waiting = store.Event{}, false
	w.events.Unlock()
	if w.shell != nil && !w.locked {
		w.shell.changed(ev)
	}
}

// key is what no widget had a use for.
func (w *Window) key(ev *fyne.KeyEvent) {
	switch {
	case w.locked:
	case ev.Name == fyne.KeyEscape && w.start != nil:
		w.start.Cancel()
	case ev.Name == fyne.KeyEscape && w.shell != nil:
		w.shell.command(func(c place.Commands) func() { return c.Back })
	case ev.Name == fyne.KeyF1 && w.shell != nil:
		w.shell.help()
	case w.shell != nil && w.shell.tour.key(ev.Name):
	case w.shell != nil:
		w.shell.key(ev.Name)
	}
}

func (w *Window) dropped(_ fyne.Position, files []fyne.URI) {
	switch {
	case len(files) == 0 || w.locked:
	case w.start != nil:
		w.start.Dropped(files[0].Path())
	case w.shell != nil && uisync.IsCourier(files[0].Path()):
		w.shell.courier(files[0].Path())
	case w.shell != nil:
		w.shell.dropped(files[0].Path())
	}
}

// close keeps drafts, ends what is under way and closes the folder before the program ends.
func (w *Window) close() {
	if w.start != nil {
		w.start.Cancel()
	}
	if w.shell != nil {
		w.shell.leave()
	}
	if w.unsubscribe != nil {
		w.unsubscribe()
	}
	if err := w.laptop.Close(); err != nil {
		fyne.LogError("close the data folder", err)
	}
	w.app.Quit()
}

// over lays b over a.
func over(a, b fyne.CanvasObject) fyne.CanvasObject { return container.NewStack(a, b) }
