package start

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/show"
	"kandili/ui/task"
	"kandili/ui/theme"
)

// Screen is the page before the places.
type Screen struct {
	env      *place.Env
	laptop   Laptop
	unlocked bool
	ready    func()            // there is an open campaign: the places can come
	speak    func(code string) // another language was chosen

	page  *fyne.Container
	first fyne.Focusable
	shown bool               // the window has the page
	stop  context.CancelFunc // of what is under way
	back  func()             // where Esc leads; nil: nowhere
	lens  *lens              // where an invite is asked for; nil: elsewhere
	take  func(path string)  // what a file dropped on the window does; nil: nothing
}

// New makes the page. ready is called once a campaign is open, speak when another language was chosen.
func New(env *place.Env, l Laptop, unlocked bool, ready func(), speak func(string)) *Screen {
	p := &Screen{env: env, laptop: l, unlocked: unlocked, ready: ready, speak: speak, page: container.NewStack()}
	p.next()
	return p
}

// Content is what the window shows.
func (p *Screen) Content() fyne.CanvasObject { return p.page }

// Focus gives the keyboard to what is asked first.
func (p *Screen) Focus() {
	p.shown = true
	if p.first != nil {
		kit.Focus(p.first)
	}
}

// Unlocked says that the data folder is open.
func (p *Screen) Unlocked() bool { return p.unlocked }

// Dropped takes a file that was dropped on the window: the picture of an invite.
func (p *Screen) Dropped(path string) {
	if p.take != nil {
		p.take(path)
	}
}

// Cancel ends what is under way.
func (p *Screen) Cancel() {
	if p.stop != nil {
		p.stop()
		return
	}
	if p.lens != nil && p.lens.end != nil {
		p.lens.close()
		return
	}
	if back := p.back; back != nil {
		back()
		p.Focus()
	}
}

func (p *Screen) next() {
	p.take, p.back = nil, nil
	p.unfilm()
	switch StepOf(p.laptop, p.unlocked) {
	case Create:
		p.create()
	case Unlock:
		p.unlock()
	case Join:
		p.join()
	default:
		p.ready()
		return
	}
	p.page.Refresh()
	if p.shown {
		p.Focus()
	}
}

// unfilm closes the camera's page when the step goes on without it.
func (p *Screen) unfilm() {
	if p.lens != nil {
		p.lens.close()
		p.lens = nil
	}
}

// put shows a card in the middle of the page.
func (p *Screen) put(first fyne.Focusable, title, sentence string, body ...fyne.CanvasObject) {
	p.first = first
	parts := append([]fyne.CanvasObject{kit.NewTitle(title), kit.NewSub(sentence)}, body...)
	card := kit.Panel(kit.Inset(12, kit.Column(16, parts...)))
	p.page.RemoveAll()
	p.page.Add(kit.Scroll(container.NewCenter(kit.Inset(24, kit.Fixed(560, 0, kit.Column(24, kit.Brand(p.env.Words.T("app.name")), card))))))
}

// work runs something long with the card's buttons deaf; sentences go to said.
func (p *Screen) work(said *kit.Text, note string, deaf []*kit.Button, do func(ctx context.Context, report task.Progress) error, done func()) {
	for _, b := range deaf {
		b.Disable()
	}
	said.SetColour(theme.Ink2)
	said.SetText(note)
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	watch := task.WithWatch(context.Background(), func(_, _ int64, note string) { said.SetText(note) })
	p.env.Sched.Run(watch, func(_ context.Context, report task.Progress) error { return do(ctx, report) }, func(err error) {
		stop()
		p.stop = nil
		for _, b := range deaf {
			b.Enable()
		}
		if err != nil {
			sentence, hint := p.env.Words.Problem(err)
			if errors.Is(err, context.Canceled) {
				sentence, hint = p.env.Words.T("start.stopped"), ""
			}
			said.SetColour(theme.Bad)
			said.SetText(place.Sentences(sentence, hint))
			p.Focus()
			return
		}
		done()
	})
}

func (p *Screen) create() {
	w := p.env.Words
	lang := kit.NewChoice("", languages()...)
	lang.SetValue(w.Code())
	lang.OnPicked = p.speak
	name, pass, again := kit.NewEntry(""), kit.NewSecret(""), kit.NewSecret("")
	f := kit.NewForm()
	f.Add("name", kit.NewField(w.T("start.name"), name, w.T("start.name.hint")))
	f.Add("passphrase", kit.NewField(w.T("start.passphrase"), pass, w.T("start.passphrase.hint")))
	f.Add("repeated", kit.NewField(w.T("start.repeat"), again, ""))
	said := kit.NewText("")
	var make *kit.Button
	act := func() {
		wrong := CheckNew(w, name.Text, pass.Text, again.Text)
		f.SetErrors(wrong)
		kit.Relay(p.page)
		if len(wrong) > 0 {
			f.FocusFirstError()
			return
		}
		p.work(said, w.T("start.making"), []*kit.Button{make}, func(context.Context, task.Progress) error {
			return p.laptop.Create(strings.TrimSpace(name.Text), []byte(pass.Text))
		}, p.open)
	}
	make = kit.Primary(w.T("start.go_on"), act).WithHint(w.T("key.enter"))
	for _, e := range []*kit.Entry{name, pass, again} {
		e.OnSubmitted = func(string) { act() }
	}
	p.put(name, w.T("start.welcome"), w.T("start.welcome.line"), kit.NewField(w.T("start.language"), lang, ""), f.Object(), said, kit.Row(12, make))
}

func languages() []kit.Option {
	var out []kit.Option
	for _, l := range show.Langs() {
		out = append(out, kit.Option{Value: l.Code, Word: l.Name})
	}
	return out
}

func (p *Screen) unlock() {
	w := p.env.Words
	p.back = nil
	pass := kit.NewSecret("")
	said := kit.NewText("")
	var open *kit.Button
	act := func() {
		p.work(said, w.T("start.unlocking"), []*kit.Button{open}, func(context.Context, task.Progress) error {
			return p.laptop.Unlock([]byte(pass.Text))
		}, p.open)
	}
	open = kit.Primary(w.T("start.unlock"), act).WithHint(w.T("key.enter"))
	pass.OnSubmitted = func(string) { act() }
	lost := kit.Secondary(w.T("start.lost"), p.lost)
	p.put(pass, w.T("start.locked"), w.T("start.locked.line"), kit.NewField(w.T("start.passphrase"), pass, ""), said, kit.Flow(12, open, lost))
}

// lost asks for the code that HQ keeps for the day when nobody knows the passphrase any more.
func (p *Screen) lost() {
	w := p.env.Words
	code, pass, again := kit.NewEntry("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX"), kit.NewSecret(""), kit.NewSecret("")
	f := kit.NewForm()
	f.Add("code", kit.NewField(w.T("start.code"), code, w.T("start.code.hint")))
	f.Add("passphrase", kit.NewField(w.T("start.passphrase.new"), pass, w.T("start.passphrase.hint")))
	f.Add("repeated", kit.NewField(w.T("start.repeat"), again, ""))
	said := kit.NewText("")
	var open, back *kit.Button
	act := func() {
		wrong := CheckNew(w, "-", pass.Text, again.Text)
		if _, err := fieldwork.ParseRecovery(code.Text); err != nil {
			wrong["code"] = place.Sentences(w.Problem(err))
		}
		f.SetErrors(wrong)
		kit.Relay(p.page)
		if len(wrong) > 0 {
			f.FocusFirstError()
			return
		}
		p.work(said, w.T("start.unlocking"), []*kit.Button{open, back}, func(context.Context, task.Progress) error {
			return p.laptop.Recover(code.Text, []byte(pass.Text))
		}, p.open)
	}
	open = kit.Primary(w.T("start.recover"), act).WithHint(w.T("key.enter"))
	back = kit.Secondary(w.T("do.cancel"), p.unlock).WithHint(w.T("key.esc"))
	for _, e := range []*kit.Entry{code, pass, again} {
		e.OnSubmitted = func(string) { act() }
	}
	p.put(code, w.T("start.lost"), w.T("start.lost.line"), f.Object(), said, kit.Flow(12, open, back))
	p.back = p.unlock
	p.page.Refresh()
	p.Focus()
}

func (p *Screen) open() {
	p.unlocked = true
	p.next()
}

func (p *Screen) join() {
	w := p.env.Words
	invite := kit.NewArea(3)
	said := kit.NewText("")
	var join, practice *kit.Button
	join = kit.Primary(w.T("start.join"), func() {
		text := strings.TrimSpace(invite.Text)
		if IsPack(text) || isPicture(text) {
			p.take(text)
			return
		}
		p.work(said, w.T("start.joining"), []*kit.Button{join, practice}, func(ctx context.Context, report task.Progress) error {
			return p.laptop.Join(ctx, text, func(n int) { report.Report(0, 0, w.N("start.joining.got", n)) })
		}, p.next)
	})
	practice = kit.Secondary(w.T("start.practice"), func() {
		p.work(said, w.T("start.practising"), []*kit.Button{join, practice}, func(ctx context.Context, _ task.Progress) error {
			return p.laptop.Practice(ctx)
		}, p.next)
	})
	read := func(text string) {
		invite.SetText(text)
		said.SetColour(theme.Ink2)
		said.SetText(w.T("start.invite.read"))
		kit.Relay(p.page)
		kit.Focus(join)
	}
	p.lens = newLens(p, said, read)
	p.take = func(path string) {
		if IsPack(path) {
			p.pack(path)
			return
		}
		text, err := p.laptop.ReadInvite(path)
		if err != nil {
			sentence, hint := w.Problem(err)
			said.SetColour(theme.Bad)
			said.SetText(place.Sentences(sentence, hint))
			return
		}
		read(text)
	}
	p.put(invite, w.T("start.campaign"), w.T("start.campaign.line"), kit.NewField(w.T("start.invite"), invite, w.T("start.invite.hint")), said,
		kit.Flow(12, join, p.lens.button, practice), kit.NewSub(w.T("start.practice.line")))
}

// pack asks for the code of a campaign pack.
func (p *Screen) pack(path string) {
	w := p.env.Words
	p.unfilm()
	code := kit.NewEntry("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
	f := kit.NewForm()
	f.Add("code", kit.NewField(w.T("start.pack.code"), code, w.T("start.pack.code.hint")))
	said := kit.NewText("")
	var open, back *kit.Button
	act := func() {
		if _, err := fieldwork.ParseRecovery(code.Text); err != nil {
			f.SetErrors(map[string]string{"code": w.T("problem.recovery-code")})
			f.FocusFirstError()
			return
		}
		f.Clear()
		p.work(said, w.T("start.pack.opening"), []*kit.Button{open, back}, func(ctx context.Context, report task.Progress) error {
			return p.laptop.JoinPack(ctx, path, code.Text, func(done, total int64) { report.Report(done, total, w.T("start.pack.opening")) })
		}, p.next)
	}
	open = kit.Primary(w.T("start.join"), act).WithHint(w.T("key.enter"))
	back = kit.Secondary(w.T("do.cancel"), p.next).WithHint(w.T("key.esc"))
	code.OnSubmitted = func(string) { act() }
	p.put(code, w.T("start.pack"), w.T("start.pack.line"), f.Object(), said, kit.Flow(12, open, back))
	p.back = p.next
	p.page.Refresh()
	p.Focus()
}
