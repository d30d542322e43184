package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
	"kandili/ui/theme"
)

// look is how often the window looks whether anybody is there.
const look = 5 * time.Second

// trace is what changes while somebody works: what has the focus, what is typed there, and the place in front.
type trace struct {
	focus fyne.Focusable
	text  string
	at    string
	over  fyne.CanvasObject
}

// idle locks the window once nothing has changed for the time that was chosen. Check-in stays open: people stand at the door, and
// a scanner must not type into a lock.
type idle struct {
	last  trace
	since time.Time
}

// moved says whether something changed since the last look, and remembers this one.
func (i *idle) moved(t trace, now time.Time) bool {
	if t == i.last && !i.since.IsZero() {
		return false
	}
	i.last, i.since = t, now
	return true
}

func (w *Window) trace() trace {
	c := w.win.Canvas()
	t := trace{focus: c.Focused(), over: c.Overlays().Top(), at: w.shell.at}
	if e, ok := t.focus.(*kit.Entry); ok {
		t.text = e.Text
	}
	return t
}

// watch looks again and again, as long as the places are there.
func (w *Window) watch(sh *shell) {
	w.opt.Sched.After(look, func() {
		if w.shell != sh {
			return
		}
		now := w.opt.Now()
		after := time.Duration(w.laptop.Choices().Lock) * time.Minute
		switch {
		case w.locked || after <= 0 || sh.at == place.CheckIn || w.idle.moved(w.trace(), now):
		case now.Sub(w.idle.since) >= after:
			w.lock()
		}
		w.watch(sh)
	})
}

// lock covers the window. What is half typed is kept, a sync goes on, and nothing can be read.
func (w *Window) lock() {
	if w.locked || w.shell == nil {
		return
	}
	c := w.win.Canvas()
	kit.Finish(c)
	for c.Overlays().Top() != nil {
		c.Overlays().Remove(c.Overlays().Top())
	}
	if w.shell.at != "" {
		w.shell.places[w.shell.at].Leave()
	}
	w.locked = true
	w.win.SetMainMenu(nil)
	w.cover()
}

// cover shows the page that opens again: by the PIN of who was at work, or by the laptop's passphrase.
func (w *Window) cover() {
	words := w.words
	who, signed := w.laptop.AtWork()
	secret := kit.NewSecret("")
	said := kit.NewText("")
	said.SetColour(theme.Bad)
	label, hint := words.T("start.passphrase"), ""
	if signed {
		label, hint = words.T("lock.either"), words.T("lock.either.hint", who.Name)
	}
	var open *kit.Button
	open = kit.Primary(words.T("start.unlock"), func() {
		open.Disable()
		typed := secret.Text
		w.opt.Sched.Run(context.Background(), func(context.Context, task.Progress) error { return w.opens(who, signed, typed) }, func(err error) {
			open.Enable()
			if err != nil {
				secret.SetText("")
				said.SetText(place.Sentences(words.Problem(err)))
				kit.Focus(secret)
				return
			}
			w.uncover()
		})
	}).WithHint(words.T("key.enter"))
	secret.OnSubmitted = func(string) { open.Tapped(nil) }
	card := kit.Panel(kit.Inset(12, kit.Column(16, kit.NewTitle(words.T("start.locked")), kit.NewSub(words.T("lock.line")),
		kit.NewField(label, secret, hint), said, kit.Row(12, open))))
	page := container.NewCenter(kit.Inset(24, kit.Fixed(560, 0, kit.Column(24, kit.Brand(words.T("app.name")), card))))
	w.win.SetContent(kit.NewRoot(kit.Scroll(page)))
	kit.Focus(secret)
}

// opens tries what was typed as a PIN, and else as the passphrase.
func (w *Window) opens(who Profile, signed bool, typed string) error {
	if signed && validPIN(typed) {
		return w.laptop.SignIn(who.Volunteer, typed)
	}
	return w.laptop.CheckPassphrase([]byte(typed))
}

func (w *Window) uncover() {
	w.locked = false
	w.idle = idle{}
	w.win.SetContent(kit.NewRoot(w.shell.content))
	w.win.SetMainMenu(w.shell.menu())
	at := w.shell.at
	w.shell.goTo(at, fieldwork.RecordID{})
	w.shell.pills()
}
