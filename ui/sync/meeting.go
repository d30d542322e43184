package sync

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
)

// gatherNearby is how long changes are gathered before they show.
const gatherNearby = 200 * time.Millisecond

// meeting is the part of the place that is about laptops nearby.
type meeting struct {
	env   *place.Env
	there Neighbours
	ended func() // something moved

	about    *kit.Text
	typed    *kit.Button
	rows     map[string]*neighbour
	list     *fyne.Container
	work     *kit.Work
	result   *kit.Text
	hint     *kit.Text
	outcomes *fyne.Container
	box      *fyne.Container
	stop     context.CancelFunc // of the exchange under way; nil: none
	asking   string             // the laptop that asks to come in; empty: none
	silent   bool               // a practice campaign meets nobody
	waiting  bool               // a refresh is on its way
}

// neighbour is the row of one laptop. It is kept as long as the laptop is listed, so that the focus stays on it.
type neighbour struct {
	name, about *kit.Text
	button      *kit.Button
	box         fyne.CanvasObject
}

// mostRows is how many laptops are shown; a village has fewer.
const mostRows = 8

func newMeeting(env *place.Env, there Neighbours, ended func()) *meeting {
	w := env.Words
	p := &meeting{env: env, there: there, ended: ended, about: kit.NewSub(""), rows: map[string]*neighbour{}, list: kit.Column(14), work: kit.NewWork(w.T("sync.stop")),
		result: kit.NewBold(""), hint: kit.NewSub("")}
	p.typed = kit.Secondary(w.T("nearby.address"), p.askAddress)
	p.list.Hide()
	p.outcomes = kit.Column(2, p.result, p.hint)
	p.say(kit.Quiet, "", "")
	head := kit.Row(16, kit.Stretch(kit.Column(2, kit.NewHeading(w.T("nearby.title")), p.about)), p.typed)
	p.box = kit.Panel(kit.Column(16, head, p.list, p.work, p.outcomes))
	return p
}

// watch begins to look for laptops; refresh comes on the window's goroutine however often they change.
func (p *meeting) watch() {
	if p.silent {
		return
	}
	p.there.OnNearby(func() { p.env.Sched.Do(p.refreshSoon) })
	p.refresh()
}

// close looks no more.
func (p *meeting) close() {
	p.cancel()
	if !p.silent {
		p.there.OnNearby(nil)
	}
}

// refreshSoon gathers changes: a laptop that comes tells several times.
func (p *meeting) refreshSoon() {
	if p.waiting {
		return
	}
	p.waiting = true
	p.env.Sched.After(gatherNearby, func() { p.waiting = false; p.refresh() })
}

// practice says that a practice campaign meets nobody.
func (p *meeting) practice() {
	p.silent = true
	p.about.SetText(p.env.Words.T("problem.practice"))
	p.typed.Disable()
}

// refresh shows who is here.
func (p *meeting) refresh() {
	if p.silent {
		return
	}
	w := p.env.Words
	all := p.there.Nearby()
	all = all[:min(len(all), mostRows)]
	objects := make([]fyne.CanvasObject, 0, len(all))
	keep := map[string]*neighbour{}
	asking := ""
	for i := range all {
		n := all[i]
		row := p.rows[n.key()]
		if row == nil {
			row = newNeighbour()
		}
		p.fill(row, n)
		keep[n.key()] = row
		objects = append(objects, row.box)
		if n.Asks && asking == "" {
			asking = n.name(w)
		}
	}
	p.dropFocus(keep)
	p.rows, p.list.Objects = keep, objects
	p.list.Hidden = len(objects) == 0
	p.about.SetText(p.line(len(objects)))
	if asking != "" && asking != p.asking {
		p.env.Say(kit.Dim, w.T("nearby.asks.toast", asking))
	}
	p.asking = asking
	kit.Relay(p.box)
	p.ended()
}

// line says how it works, or that nobody is here, and how others reach this laptop where they do not find it.
func (p *meeting) line(there int) string {
	w := p.env.Words
	text := w.T("nearby.line")
	if there == 0 {
		text = w.T("nearby.none")
	}
	if own := p.there.Addresses(); len(own) > 0 {
		text = place.Sentences(text, w.T("nearby.own", own[0]))
	}
	return text
}

// dropFocus gives the focus to what stays before a row goes.
func (p *meeting) dropFocus(keep map[string]*neighbour) {
	c := p.env.Canvas()
	if c == nil {
		return
	}
	for key, row := range p.rows {
		if keep[key] == nil && c.Focused() == fyne.Focusable(row.button) {
			kit.Focus(p.typed)
		}
	}
}

func newNeighbour() *neighbour {
	n := &neighbour{name: kit.NewBold(""), about: kit.NewSub(""), button: kit.Secondary("", nil)}
	n.box = kit.Row(16, kit.Stretch(kit.Column(2, n.name, n.about)), n.button)
	return n
}

func (p *meeting) fill(row *neighbour, n Nearby) {
	w := p.env.Words
	row.name.SetText(n.name(w))
	row.about.SetText(n.about(w, p.env.Now()))
	words := map[deed]string{answer: "nearby.do.answer", connect: "nearby.do.connect", exchange: "nearby.do.exchange", forget: "nearby.do.forget"}
	d := n.deed()
	row.button.Hidden = d == nothing && n.Why != ""
	if d != nothing {
		row.button.SetText(w.T(words[d]))
	}
	if d == nothing || p.stop != nil && d != answer {
		row.button.Disable()
	} else {
		row.button.Enable()
	}
	row.button.OnTapped = func() { p.do(n) }
}

// do is what a row's button does.
func (p *meeting) do(n Nearby) {
	switch n.deed() {
	case answer:
		p.askIn(n.Met)
	case connect, exchange:
		p.exchange(n.URL, n.name(p.env.Words))
	case forget:
		p.askForget(n.Met)
	}
}

// askIn compares the code with somebody who asks to come in. The focus starts on the refusal, so that a scanner's Enter
// lets nobody in.
func (p *meeting) askIn(m Met) {
	w := p.env.Words
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("nearby.in.title", m.Name), Line: w.T("nearby.in.line", m.Name), Body: codeBox(m.Code), Danger: true,
		Yes: w.T("nearby.in.yes"), No: w.T("nearby.in.no"), OnNo: func() { p.there.SendAway(m.Node); p.refresh() }, OnYes: func() bool {
			if err := p.there.LetIn(m.Node); err != nil {
				p.env.Tell(err)
			}
			p.refresh()
			return true
		}})
}

// askOut compares the code with a laptop that we call for the first time, and goes on with the exchange.
func (p *meeting) askOut(m Met, url string) {
	w := p.env.Words
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("nearby.out.title", m.Name), Line: w.T("nearby.out.line", m.Name), Body: codeBox(m.Code),
		Yes: w.T("nearby.in.yes"), No: w.T("do.cancel"), OnYes: func() bool {
			if err := p.there.LetIn(m.Node); err != nil {
				p.env.Tell(err)
				return true
			}
			p.exchange(url, m.Name)
			return true
		}})
}

// codeBox shows the code at arm's length.
func codeBox(code string) fyne.CanvasObject {
	return kit.Note(kit.Row(0, kit.Gap(), kit.Fixed(120, 0, kit.NewTitle(code)), kit.Gap()))
}

func (p *meeting) askForget(m Met) {
	w := p.env.Words
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("nearby.forget.title", m.Name), Line: w.T("nearby.forget.line"), Danger: true,
		Yes: w.T("nearby.do.forget"), No: w.T("do.cancel"), OnYes: func() bool {
			if err := p.there.Forget(m.Node); err != nil {
				p.env.Tell(err)
			}
			p.refresh()
			return true
		}})
}

// askAddress calls a laptop where the network hides it.
func (p *meeting) askAddress() {
	w := p.env.Words
	if p.stop != nil {
		return
	}
	address := kit.NewEntry("")
	field := kit.NewField(w.T("nearby.address.label"), address, w.T("nearby.address.hint"))
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("nearby.address.title"), Line: w.T("nearby.address.line"), Body: field, First: address, Width: 520,
		Yes: w.T("nearby.do.connect"), No: w.T("do.cancel"), OnYes: func() bool {
			if address.Text == "" {
				field.SetError(w.T("problem.bad-address"))
				return false
			}
			p.exchange(address.Text, address.Text)
			return true
		}})
}

// exchange makes this laptop and another one equal, with progress and a way to stop.
func (p *meeting) exchange(url, name string) {
	w := p.env.Words
	if p.stop != nil {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.say(kit.Quiet, "", "")
	p.work.Begin(w.T("nearby.calling", name), stop)
	p.typed.Disable()
	p.refresh()
	var res Result
	var met Met
	watch := task.WithWatch(context.Background(), func(done, total int64, note string) { p.work.Line.Set(done, total, note) })
	p.env.Sched.Run(watch, func(_ context.Context, report task.Progress) (err error) {
		res, err = p.there.Exchange(ctx, url, func(m Met) {
			met = m
			report.Report(0, 0, w.T("nearby.waiting", m.Name, m.Code))
		}, func(x Progress) {
			report.Report(int64(x.Sent+x.Received), int64(x.ToSend+x.ToReceive), exchangeWords(p.env, x))
		})
		return err
	}, func(err error) {
		stopped := err != nil && ctx.Err() != nil
		stop()
		p.stop = nil
		p.work.End()
		p.typed.Enable()
		p.outcome(res, err, stopped)
		p.refresh()
		if isCode(err, "peer-confirm") {
			p.askOut(met, url)
		}
	})
}

func (p *meeting) outcome(res Result, err error, stopped bool) {
	w := p.env.Words
	switch {
	case stopped:
		p.say(kit.Quiet, w.T("sync.stopped"), w.T("sync.stopped.hint"))
	case isCode(err, "peer-confirm"): // a question, not an outcome
	case err != nil:
		sentence, hint := w.Problem(err)
		p.say(kit.Bad, sentence, hint)
	default:
		p.say(kit.Good, w.T("nearby.done"), w.T("nearby.done.line", w.Number(res.Sent), w.Number(res.Received), Bytes(p.env, res.Up+res.Down)))
	}
}

func isCode(err error, code string) bool {
	return errors.Is(err, &fieldwork.Problem{Code: code})
}

// cancel stops the exchange under way.
func (p *meeting) cancel() {
	if p.stop != nil {
		p.stop()
	}
}

// say shows how an exchange ended; nothing takes no room.
func (p *meeting) say(tone kit.Tone, sentence, hint string) {
	p.result.SetColour(toneColours[tone])
	p.result.SetText(sentence)
	p.hint.SetText(hint)
	p.result.Hidden, p.hint.Hidden = sentence == "", hint == ""
	p.outcomes.Hidden = sentence == "" && hint == ""
	if p.box != nil {
		kit.Relay(p.box)
	}
}
