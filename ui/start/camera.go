package start

import (
	"time"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/theme"
)

// lens is the camera while an invite is asked for.
type lens struct {
	of     *Screen
	button *kit.Button // opens the camera's page, or closes it
	said   *kit.Text
	read   func(invite string)

	end func() // closes the page; nil: it is not open
}

// afterwards is how long the camera's page says that it read the invite, before it closes itself.
const afterwards = 2 * time.Second

// newLens has a button; read takes the invite that was seen.
func newLens(p *Screen, said *kit.Text, read func(invite string)) *lens {
	l := &lens{of: p, said: said, read: read}
	l.button = kit.Secondary(p.env.Words.T("start.camera"), l.toggle)
	return l
}

func (l *lens) toggle() {
	if l.end != nil {
		l.close()
		return
	}
	w := l.of.env.Words
	end, err := l.of.laptop.FilmInvite(w, l.seen, func() { l.of.env.Sched.Do(l.gone) })
	if err != nil {
		sentence, hint := w.Problem(err)
		l.say(theme.Bad, place.Sentences(sentence, hint))
		return
	}
	l.end = end
	l.button.SetText(w.T("start.camera.end"))
	l.say(theme.Ink2, w.T("start.camera.opened"))
}

// seen answers a code that the camera saw. It runs on the camera's goroutine: the window hears of it a moment later.
func (l *lens) seen(text string) (tone, title, line string) {
	w := l.of.env.Words
	if !l.of.laptop.IsInvite(text) {
		return "bad", w.T("start.camera.other"), w.T("start.camera.other.line")
	}
	l.of.env.Sched.Do(func() { l.found(text) })
	return "good", w.T("start.invite.read"), w.T("start.camera.done")
}

// found takes the invite, unless somebody went on without the camera meanwhile.
func (l *lens) found(text string) {
	if l.end == nil || l.of.lens != l {
		return
	}
	l.read(text)
	l.of.env.Sched.After(afterwards, l.close)
}

// close closes the page, if it is open.
func (l *lens) close() {
	if l.end != nil {
		l.end()
		l.gone()
	}
}

// gone says that the page is closed.
func (l *lens) gone() {
	if l.end == nil {
		return
	}
	l.end = nil
	l.button.SetText(l.of.env.Words.T("start.camera"))
	if l.said.Text() == l.of.env.Words.T("start.camera.opened") { // nothing was read
		l.say(theme.Ink2, "")
	}
}

func (l *lens) say(c fyne.ThemeColorName, text string) {
	l.said.SetColour(c)
	l.said.SetText(text)
	kit.Relay(l.of.page)
}
