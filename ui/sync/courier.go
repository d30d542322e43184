package sync

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Courier is the way by a stick in somebody's pocket.
type Courier interface {
	// Sticks lists where courier files can go: sticks that are plugged in, the person's own folder last.
	Sticks() []Stick
	// CarryOut writes what HQ has not confirmed into courier files in the folder and reads them back. No files: HQ has all.
	CarryOut(ctx context.Context, folder string, report func(done, total int64)) (CarriedOut, error)
	// CarryIn takes in every courier file of the folder, or the one file that path names.
	CarryIn(ctx context.Context, path string, report func(done, total int64)) (CarriedIn, error)
	// OnTheWay says how many changes of this laptop are in courier files and not confirmed by HQ yet.
	OnTheWay() (changes int)
}

// Stick is a place for courier files.
type Stick struct {
	Name string // as the system calls it; empty for the person's own folder
	Path string
	Free int64 // bytes
}

// CarriedOut says what was written.
type CarriedOut struct {
	Files   []string // their paths
	Changes int
	Bytes   int64
}

// CarriedIn says what files brought. Trouble has a sentence and a hint for each file that could not be taken.
type CarriedIn struct {
	Files, Received, Waiting int
	Receipts                 bool // HQ confirmed something in them
	Trouble                  []error
}

// carrying is the part of the place that is about sticks.
type carrying struct {
	env     *place.Env
	courier Courier
	ended   func() // something moved

	about  *kit.Text
	out    *kit.Button
	in     *kit.Button
	work   *kit.Work
	result *kit.Text
	box    *fyne.Container
	stop   context.CancelFunc // of what is under way; nil: nothing
}

func newCarrying(env *place.Env, c Courier, ended func()) *carrying {
	w := env.Words
	p := &carrying{env: env, courier: c, ended: ended, about: kit.NewSub(""), work: kit.NewWork(w.T("sync.stop")), result: kit.NewText("")}
	p.out = kit.Secondary(w.T("sync.courier.out"), p.askOut)
	p.in = kit.Secondary(w.T("sync.courier.in"), p.askIn)
	p.result.Hide()
	p.box = kit.Panel(kit.Column(12, kit.Column(2, kit.NewHeading(w.T("sync.courier")), p.about), kit.Flow(12, p.out, p.in), p.work, p.result))
	return p
}

// show says what is on its way.
func (p *carrying) show(practice bool) {
	w := p.env.Words
	if practice {
		p.about.SetText(w.T("problem.practice"))
		p.out.Disable()
		p.in.Disable()
		return
	}
	if n := p.courier.OnTheWay(); n > 0 {
		p.about.SetText(w.N("sync.courier.way", n))
	} else {
		p.about.SetText(w.T("sync.courier.line"))
	}
}

// ask lets a person choose a stick, or type another folder.
func (p *carrying) ask(title, line, yes string, chosen func(path string)) {
	w := p.env.Words
	if p.stop != nil {
		return
	}
	sticks := p.courier.Sticks()
	options := make([]kit.Option, 0, len(sticks)+1)
	for _, s := range sticks {
		word := s.Name
		if word == "" {
			word = w.T("sync.courier.own")
		}
		options = append(options, kit.Option{Value: s.Path, Word: w.T("sync.courier.free", word, Bytes(p.env, s.Free))})
	}
	where := kit.NewChoice("", options...)
	if len(options) > 0 {
		where.SetValue(options[0].Value)
	}
	other := kit.NewEntry("")
	otherField := kit.NewField(w.T("sync.courier.other"), other, w.T("sync.courier.other.hint"))
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: title, Line: line, Width: 560,
		Body: kit.Column(14, kit.NewField(w.T("sync.courier.where"), where, ""), otherField),
		Yes:  yes, No: w.T("do.cancel"), OnYes: func() bool {
			path := strings.TrimSpace(other.Text)
			if path == "" {
				path = where.Value()
			}
			if path == "" {
				otherField.SetError(w.T("sync.courier.nowhere"))
				return false
			}
			chosen(path)
			return true
		}})
}

func (p *carrying) askOut() {
	w := p.env.Words
	p.ask(w.T("sync.courier.out.title"), w.T("sync.courier.out.line"), w.T("sync.courier.out.yes"), p.carryOut)
}

func (p *carrying) askIn() {
	w := p.env.Words
	p.ask(w.T("sync.courier.in.title"), w.T("sync.courier.in.line"), w.T("sync.courier.in.yes"), p.TakeIn)
}

// run does long work with progress and a way to stop; nothing is left behind by what was stopped.
func (p *carrying) run(note string, work func(ctx context.Context, report func(done, total int64)) error, done func()) {
	if p.stop != nil {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.result.Hide()
	p.work.Begin(note, stop)
	p.out.Disable()
	p.in.Disable()
	watch := task.WithWatch(context.Background(), func(d, total int64, note string) { p.work.Line.Set(d, total, note) })
	p.env.Sched.Run(watch, func(_ context.Context, report task.Progress) error {
		return work(ctx, func(d, total int64) { report.Report(d, total, note) })
	}, func(err error) {
		stopped := err != nil && ctx.Err() != nil
		stop()
		p.stop = nil
		p.work.End()
		p.out.Enable()
		p.in.Enable()
		switch {
		case stopped:
			p.say(p.env.Words.T("sync.courier.stopped"))
		case err != nil:
			p.say(place.Sentences(p.env.Words.Problem(err)))
		default:
			done()
		}
		p.ended()
	})
}

func (p *carrying) say(text string) {
	p.result.SetText(text)
	p.result.Show()
	kit.Relay(p.box)
}

func (p *carrying) carryOut(folder string) {
	w := p.env.Words
	var out CarriedOut
	p.run(w.T("sync.courier.writing"), func(ctx context.Context, report func(done, total int64)) (err error) {
		out, err = p.courier.CarryOut(ctx, folder, report)
		return err
	}, func() {
		if len(out.Files) == 0 {
			p.say(w.T("sync.courier.nothing"))
			return
		}
		names := make([]string, 0, len(out.Files))
		for _, f := range out.Files {
			names = append(names, filepath.Base(f))
		}
		p.say(w.N("sync.courier.written", out.Changes, Bytes(p.env, out.Bytes), strings.Join(names, ", ")))
	})
}

// TakeIn takes in the courier files of a folder, or one file.
func (p *carrying) TakeIn(path string) {
	w := p.env.Words
	var in CarriedIn
	p.run(w.T("sync.courier.reading"), func(ctx context.Context, report func(done, total int64)) (err error) {
		in, err = p.courier.CarryIn(ctx, path, report)
		return err
	}, func() {
		lines := []string{w.N("sync.courier.taken", in.Files, w.Number(in.Received))}
		if in.Receipts {
			lines = append(lines, w.T("sync.courier.receipts"))
		}
		if in.Waiting > 0 {
			lines = append(lines, w.N("sync.courier.wait", in.Waiting))
		}
		for _, err := range in.Trouble {
			lines = append(lines, place.Sentences(w.Problem(err)))
		}
		p.say(strings.Join(lines, " "))
	})
}

// cancel stops what is under way.
func (p *carrying) cancel() {
	if p.stop != nil {
		p.stop()
	}
}

// IsCourier says whether a file's name is one of a courier file.
func IsCourier(path string) bool { return strings.EqualFold(filepath.Ext(path), ".kcourier") }
