package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
)

// tour leads through a first day in the practice campaign: a card says what to look at, and a ring is drawn around the real thing. It
// never takes the keyboard from the place: F11 goes on and F12 leaves from anywhere. Where it was left is remembered.
type tour struct {
	h    *shell
	card *kit.Coach
	at   int // the step shown, -1 for none
}

// stop is one step: where it is and what in the window it points at; nil points at nothing.
type stop struct {
	id, place string
	find      func(root fyne.CanvasObject) fyne.CanvasObject
}

// stops are the steps in their order; the sentences are "tour.<id>".
var stops = []stop{
	{"welcome", place.Today, func(root fyne.CanvasObject) fyne.CanvasObject {
		return kit.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*kit.Nav); return ok })
	}},
	{"site", place.Today, func(root fyne.CanvasObject) fyne.CanvasObject {
		return kit.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*kit.PillButton); return ok })
	}},
	{"today", place.Today, func(root fyne.CanvasObject) fyne.CanvasObject {
		return kit.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*kit.Todo); return ok })
	}},
	{"find", place.People, firstEntry},
	{"register", place.People, button("Ctrl N")},
	{"checkin", place.CheckIn, func(root fyne.CanvasObject) fyne.CanvasObject {
		if e := firstEntry(root); e != nil {
			return e
		}
		return kit.Find(root, func(o fyne.CanvasObject) bool { b, ok := o.(*kit.Button); return ok && b.Primary() })
	}},
	{"lamps", place.Lamps, firstEntry},
	{"sync", place.Sync, func(root fyne.CanvasObject) fyne.CanvasObject {
		return kit.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*kit.RowList); return ok })
	}},
	{"help", place.Today, nil},
}

func firstEntry(root fyne.CanvasObject) fyne.CanvasObject {
	return kit.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*kit.Entry); return ok })
}

// button finds the button that the keys press, too.
func button(keys string) func(fyne.CanvasObject) fyne.CanvasObject {
	return func(root fyne.CanvasObject) fyne.CanvasObject {
		return kit.Find(root, func(o fyne.CanvasObject) bool { b, ok := o.(*kit.Button); return ok && b.Hint() == keys })
	}
}

// tourNote is where the tour was left: the number of a step, or tourDone.
const (
	tourNote = "window/tour"
	tourDone = "done"
)

func newTour(h *shell) *tour {
	t := &tour{h: h, at: -1}
	w := h.w.words
	t.card = kit.NewCoach(kit.Secondary(w.T("tour.skip"), t.skip).WithHint("F12"), kit.Primary(w.T("tour.next"), t.next).WithHint("F11"))
	return t
}

// on says whether the tour goes on.
func (t *tour) on() bool { return t.at >= 0 }

// moved hides the card when a person went to another place than the step's, and shows it again when she is back.
func (t *tour) moved() {
	if t.on() {
		t.point()
	}
}

// resume goes on where the tour was left, in the practice campaign only.
func (t *tour) resume() {
	note := string(t.h.store.Note(tourNote))
	at, err := strconv.Atoi(note)
	if note == tourDone || !t.h.store.Self().Practice || note != "" && (err != nil || at < 0 || at >= len(stops)) {
		return
	}
	t.begin(at)
}

// begin shows a step: its place comes to the front.
func (t *tour) begin(at int) {
	t.at = at
	t.keep(strconv.Itoa(at))
	s := stops[at]
	if t.h.at != s.place {
		t.h.goTo(s.place, fieldwork.RecordID{}) // which points
		return
	}
	t.point()
}

// point draws the card of the step and the ring around what it is about.
func (t *tour) point() {
	if t.at < 0 {
		return
	}
	s, w := stops[t.at], t.h.w.words
	if t.h.at != s.place { // somebody works elsewhere: the card would lie over her buttons, and comes back with the place
		t.card.Hide()
		t.card.Point(nil)
		return
	}
	t.card.After(nil)
	if s.place == place.People || s.place == place.Lamps {
		t.card.After(t.h.nav) // over the list: the form and its buttons are on the right
	}
	t.card.Say(w.T("tour."+s.id), w.T("tour."+s.id+".line"), w.T("tour.of", t.at+1, len(stops)))
	t.card.Next().SetText(w.T("tour.next"))
	if t.at == len(stops)-1 {
		t.card.Next().SetText(w.T("tour.end"))
	}
	t.card.Show()
	t.card.Point(nil)
	if s.find != nil {
		root := t.h.content
		if s.id != "welcome" && s.id != "site" {
			root = t.h.middle
		}
		t.card.Point(s.find(root))
	}
}

func (t *tour) next() {
	switch {
	case t.at < 0:
	case t.at+1 < len(stops):
		t.begin(t.at + 1)
	default:
		t.skip()
	}
}

// key says whether a key was one of the tour's: while it goes on, F11 and F12 are.
func (t *tour) key(name fyne.KeyName) bool {
	switch {
	case t.at < 0:
		return false
	case name == fyne.KeyF11:
		t.next()
	case name == fyne.KeyF12:
		t.skip()
	default:
		return false
	}
	return true
}

// skip ends the tour; Help begins it again.
func (t *tour) skip() {
	if t.at < 0 {
		return
	}
	t.at = -1
	t.keep(tourDone)
	t.card.Hide()
	t.card.Point(nil)
}

func (t *tour) keep(note string) {
	if err := t.h.store.SetNote(tourNote, []byte(note)); err != nil {
		t.h.w.env.Tell(err)
	}
}
