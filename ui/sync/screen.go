package sync

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Screen is the place, and the one that syncs by itself.
type Screen struct {
	env   *place.Env
	store Store
	home  Home
	v     *view
	carry *carrying
	near  *meeting

	waits   *Waits
	waiting []fieldwork.RecordID // as it arranges them
	reading task.Latest

	run      task.Handle // the exchange under way; nil: none
	stop     context.CancelFunc
	auto     task.Handle
	failures int
	offset   time.Duration
	progress Progress
	moved    func() // the state changed: the bar on top says so
}

// New makes the place. moved is called whenever the state may have changed.
func New(env *place.Env, s Store, home Home, moved func()) *Screen {
	p := &Screen{env: env, store: s, home: home, moved: moved}
	p.carry = newCarrying(env, home, func() { p.show(); p.read() })
	p.near = newMeeting(env, home, p.tell)
	p.waits = NewWaits(env.Words, s, func(at store.Place) string { return env.Where(at).Word })
	p.v = newView(env, p.row, p.near.box, p.carry.box, actions{sync: p.Start, backup: p.backup},
		func(rows *kit.RowList) *lists.Bar { return p.bar(rows) })
	p.v.rows.OnOpened = p.look
	p.v.rows.OnMarked = func(int) {}
	if p.State().Practice {
		p.near.practice()
	} else {
		home.OnNetwork(func() { env.Sched.Do(p.networkChanged) })
	}
	p.show()
	p.near.watch()
	return p
}

// networkChanged syncs soon: the network may be one that reaches HQ.
func (p *Screen) networkChanged() {
	if p.Busy() {
		return
	}
	p.failures = 0
	p.Auto(onceUp)
}

// Asking names a laptop nearby that asks to come in; empty: none does.
func (p *Screen) Asking() string { return p.near.asking }

// Progress is how far the exchange with HQ is.
func (p *Screen) Progress() Progress { return p.progress }

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.v.content }

// Enter implements place.Place.
func (p *Screen) Enter(fieldwork.RecordID) {
	p.show()
	p.read()
	p.near.refresh()
	kit.Focus(p.v.sync)
}

// Leave implements place.Place.
func (p *Screen) Leave() {}

// Changed implements place.Place.
func (p *Screen) Changed(store.Event) {
	p.show()
	p.read()
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{Save: p.Start, Back: p.cancel, Arrange: p.v.bar.Arrange, Export: p.v.bar.Export}
}

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("sync.keys") }

func (p *Screen) row(i int) kit.RowItem {
	x := p.waits.Row(p.waiting[i])
	return kit.RowItem{ID: x.ID.String(), Title: x.Name, Sub: p.env.Words.T("kind."+x.Kind.String()) + " · " + fieldwork.CodeOf(x.ID),
		Status: p.env.Where(x.At)}
}

// bar is the line above what waits.
func (p *Screen) bar(rows *kit.RowList) *lists.Bar {
	b := lists.NewBar(p.env, p.waits.List, p.store, p.read, func() []fieldwork.RecordID { return p.waiting }, nil)
	b.Marks(rows.Marked)
	return b
}

// look goes to where a record that waits is shown.
func (p *Screen) look(text string) {
	id, err := fieldwork.ParseRecordID(text)
	if err != nil {
		return
	}
	if to, at := p.waits.PlaceOf(id); to != "" {
		p.env.GoTo(to, at)
	}
}

// read lists beside the window what is not home yet.
func (p *Screen) read() {
	var list []fieldwork.RecordID
	var photos PhotoCount
	p.reading.Read(p.env.Sched, func() func() error {
		read := p.waits.List.Arrange()
		return func() error {
			list = read()
			photos = p.home.Photos()
			return nil
		}
	}, func(err error) {
		if err != nil {
			p.v.failed(p.env.Failed(err, p.read))
			return
		}
		p.waiting = list
		p.v.photos.SetText(photos.Words(p.env.Words))
		p.v.rows.SetCount(len(list))
		p.v.list(p.env, len(list), p.waits.Accepted(), len(p.waits.List.Filtered()) > 0)
	})
}

// State is where things are now.
func (p *Screen) State() State { return StateOf(p.store) }

// Offset is HQ's clock minus ours, as the last exchange of this run found it; 0 before one.
func (p *Screen) Offset() time.Duration { return p.offset }

// CarryOut asks where a courier file should go.
func (p *Screen) CarryOut() { p.carry.askOut() }

// Backup makes a backup.
func (p *Screen) Backup() { p.backup() }

// Busy says that an exchange is under way.
func (p *Screen) Busy() bool { return p.run != nil }

func (p *Screen) show() {
	state := p.State()
	p.carry.show(state.Practice)
	p.v.state(p.env, state, p.Busy(), p.home.Paused(), p.offset)
	p.tell()
}

// tell lets the bar on top say anew how things are.
func (p *Screen) tell() {
	if p.moved != nil {
		p.moved()
	}
}

// Start syncs now, or stops the exchange that is under way.
func (p *Screen) Start() {
	if p.Busy() {
		p.cancel()
		return
	}
	p.exchange(true)
}

// Auto syncs by itself after d, and then again and again, unless the person paused that. A practice campaign never does.
func (p *Screen) Auto(d time.Duration) {
	if p.auto != nil {
		p.auto.Cancel()
		p.auto = nil
	}
	if p.State().Practice || p.home.Paused() {
		return
	}
	p.auto = p.env.Sched.After(d, func() {
		if !p.Busy() {
			p.exchange(false)
		}
	})
}

// Close ends what is under way; what had arrived stays.
func (p *Screen) Close() {
	if p.auto != nil {
		p.auto.Cancel()
	}
	p.cancel()
	p.near.close()
	p.home.OnNetwork(nil)
}

// Dropped takes in a courier file that was dropped on the window.
func (p *Screen) Dropped(path string) { p.carry.TakeIn(path) }

// cancel ends what is under way; the answer comes through the ordinary way.
func (p *Screen) cancel() {
	p.carry.cancel()
	p.near.cancel()
	if p.stop != nil {
		p.stop()
	}
}

func (p *Screen) exchange(byHand bool) {
	w := p.env.Words
	ctx, end := context.WithCancelCause(context.Background())
	stop := func() { end(nil) }
	p.stop = stop
	var res Result
	var latest atomic.Pointer[Progress] // written beside the window
	watch := task.WithWatch(context.Background(), func(done, total int64, note string) {
		p.v.line.Set(done, total, note)
		if x := latest.Load(); x != nil {
			p.progress = *x
			p.tell()
		}
	})
	p.progress = Progress{}
	p.run = p.env.Sched.Run(watch, func(_ context.Context, report task.Progress) (err error) {
		report.Report(0, 0, w.T("sync.calling"))
		res, err = p.home.Sync(ctx, func(x Progress) {
			latest.Store(&x)
			if !byHand && x.Waiting && x.Down == 0 { // nobody asked, and nobody answers: it will be tried again soon enough
				end(errNobody)
			}
			report.Report(int64(x.Sent+x.Received+x.Photos), int64(x.ToSend+x.ToReceive+x.AllPhotos), exchangeWords(p.env, x))
		})
		return err
	}, func(err error) {
		stopped := err != nil && ctx.Err() != nil
		if cause := context.Cause(ctx); stopped && cause == errNobody {
			err, stopped = cause, false
		}
		stop()
		p.run, p.stop = nil, nil
		p.ended(res, err, byHand, stopped)
	})
	p.show()
}

// errNobody ends an exchange that began by itself where HQ cannot be reached. The words are the catalogue's.
var errNobody error = &fieldwork.Problem{Code: "unreachable", Sentence: "HQ does not answer. Everything is saved on this laptop.", Hint: "Kandili tries again by itself."}

func (p *Screen) ended(res Result, err error, byHand, stopped bool) {
	w := p.env.Words
	switch {
	case stopped:
		p.v.outcome(kit.Quiet, w.T("sync.stopped"), w.T("sync.stopped.hint"))
	case err != nil:
		sentence, hint := w.Problem(err)
		p.v.outcome(kit.Bad, sentence, hint)
		p.failures++
	default:
		p.failures = 0
		p.offset = res.Offset
		p.v.outcome(kit.Good, w.T("sync.done"), w.T("sync.done.line", w.Number(res.Sent), w.Number(res.Received), Bytes(p.env, res.Up+res.Down)))
		if st := p.State(); st.Unsent > st.Apart { // that nothing went wrong is no receipt
			p.v.outcome(kit.Dim, w.N("sync.unconfirmed", st.Unsent-st.Apart), w.T("sync.unconfirmed.hint"))
		}
		if res.Forgotten > 0 {
			p.v.outcome(kit.Dim, w.N("sync.forgotten", res.Forgotten), "")
		}
		if res.Renewed {
			p.v.outcome(kit.Dim, w.T("sync.renewed"), w.T("sync.renewed.hint"))
		}
		if res.Quarantined > 0 {
			p.v.outcome(kit.Dim, w.T("problem.quarantined"), w.T("problem.quarantined.hint"))
		}
	}
	p.show()
	p.read()
	if st := p.State(); byHand && err == nil && st.Unsent <= st.Apart {
		p.env.Say(kit.Good, w.T("sync.done"))
	}
	p.Auto(again(p.failures, res.Again))
}

func (p *Screen) backup() {
	w := p.env.Words
	name := "kandili-" + p.env.Now().Format("2006-01-02-1504") + ".kbackup"
	var path string
	p.v.backup.Disable()
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		path, err = p.home.Backup(name)
		return err
	}, func(err error) {
		p.v.backup.Enable()
		if err != nil {
			p.env.Tell(err)
			return
		}
		kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("sync.backup.done"), Line: path, Yes: w.T("do.ok"), Width: 560})
	})
}
