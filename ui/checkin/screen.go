package checkin

import (
	"image"
	"io"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/photos"
	"kandili/ui/place"
	"kandili/ui/show"
)

// Tools are what the door needs of the computer.
type Tools interface {
	Door
	Badges(w io.Writer, people []fieldwork.RecordID, layout string) error
	SavePaper(name string, write func(io.Writer) error) (path string, err error)
	OpenFile(path string) error
	Pictures() []string // the newest picture files among the person's own
	ReadBadgePicture(path string) (text string, err error)
	Ring(tone string) // "good", "again" or "bad"; returns at once
	// OpenCamera shows the camera's page in the system's browser. seen is called, on another goroutine, for each badge that comes into
	// sight, and gives what the page shows about it; gone when the page is closed.
	OpenCamera(w *show.Words, seen func(text string, moment int64) (tone, title, line string), gone func()) (end func(), err error)
}

// Screen is the place.
type Screen struct {
	env   *place.Env
	tools Tools
	m     *Model
	v     *view

	faces  int    // answers so far: a face belongs to one of them
	quiet  bool   // no tones
	camera func() // ends the camera's page; nil: it is not open
	taking camera
}

// New makes the place.
func New(env *place.Env, s Store, t Tools) *Screen {
	p := &Screen{env: env, tools: t, m: NewModel(env.Words, s, t, env.Now)}
	p.v = newView(env, p.row, actions{choose: p.choose, find: p.find, walkIn: p.walkIn, start: p.start, way: p.turn, lost: p.lost,
		picture: p.picture, camera: p.film, sound: p.mute, anyway: p.anyway})
	p.v.code.OnSubmitted = p.scan
	p.v.code.OnLeave = p.left
	p.v.code.OnEscape = func() { p.v.code.SetText("") }
	p.v.code.OnKey = func(ev *fyne.KeyEvent) bool { return p.Key(ev.Name) }
	p.quiet = string(s.Note(soundNote)) == "off"
	p.show()
	return p
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.v.content }

// Enter implements place.Place.
func (p *Screen) Enter(at fieldwork.RecordID) {
	if !at.IsZero() {
		p.m.Choose(at)
	} else if _, open := p.m.Session(); !open {
		if id, ok := p.m.Today(p.env.Site()); ok {
			p.m.Choose(id)
		}
	}
	p.m.Count()
	p.wait()
}

// Leave implements place.Place. The camera's page goes on: somebody may hold badges before it while another looks something up.
func (p *Screen) Leave() {}

// Close ends what goes on beside the window.
func (p *Screen) Close() {
	if p.camera != nil {
		p.camera()
	}
}

// Changed implements place.Place.
func (p *Screen) Changed(ev store.Event) {
	if ev.Kinds[fieldwork.KindAttendance] || ev.Kinds[fieldwork.KindSession] || ev.Kinds[fieldwork.KindTrainee] {
		p.m.Count()
		p.show()
	}
}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands {
	return place.Commands{New: p.walkIn, Find: p.find, Print: p.roster, Back: p.wait}
}

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("checkin.keys") }

// Key does what an F-key means at the door and says whether it meant something.
func (p *Screen) Key(name fyne.KeyName) bool {
	act := map[fyne.KeyName]func(){keyWay: p.turn, keyAnyway: p.anyway, keyLost: p.lost, keyPicture: p.picture, keyCamera: p.film, keySound: p.mute}[name]
	if act == nil {
		return false
	}
	act()
	return true
}

// Dropped takes a picture that was dropped on the window.
func (p *Screen) Dropped(path string) { p.read(path) }

func (p *Screen) row(i int) kit.RowItem {
	e := p.m.Recent()[i]
	w := p.env.Words
	item := kit.RowItem{ID: e.ID.String(), Title: e.Name, Sub: e.Time.Format("15:04:05")}
	if e.Scanned != "" {
		item.Sub += " · " + e.Scanned
	}
	switch {
	case e.Reason == fieldwork.RefusalAlreadyIn:
		item.Status = kit.Status{Tone: kit.Dim, Mark: kit.MarkWarning, Word: w.T("checkin.short." + e.Reason.String())}
	case e.Reason != 0:
		item.Status = kit.Status{Tone: kit.Bad, Mark: kit.MarkCross, Word: w.T("checkin.short." + e.Reason.String())}
	case e.Out:
		item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: w.T("checkin.short.out")}
	case e.Late:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("checkin.short.late")}
	default:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("checkin.short.in")}
	}
	return item
}

// wait shows the door as it waits for the next person.
func (p *Screen) wait() {
	key := "checkin.waiting"
	if p.m.Out() {
		key = "checkin.waiting.out"
	}
	p.v.banner.Clear(p.env.Words.T(key), p.env.Words.T("checkin.waiting.line"))
	p.m.last = nil
	p.faces++
	p.show()
	p.focus()
}

func (p *Screen) focus() {
	if _, open := p.m.Session(); open {
		kit.Focus(p.v.code)
		p.env.Sched.Do(func() { kit.Reveal(p.v.code) }) // it may have had the focus already, and the place is laid out by then
	} else {
		kit.Focus(p.v.open)
	}
}

// show brings session, counts and the last answers onto the screen.
func (p *Screen) show() {
	w := p.env.Words
	s, open := p.m.Session()
	p.taking.set(s.ID, p.m.Out())
	if !open {
		p.v.door.Hide()
		p.v.closed.RemoveAll()
		p.v.closed.Add(kit.Panel(kit.NewEmpty("checkin", w.T("checkin.none"), w.T("checkin.none.line"), p.v.open)))
		p.v.closed.Show()
		return
	}
	p.v.closed.Hide()
	p.v.door.Show()
	p.v.title.SetText(s.Title)
	p.v.line.SetText(s.Line)
	p.v.here.SetStatus(kit.Status{Word: p.m.HereWords()})
	p.v.recent.SetCount(len(p.m.Recent()))
	say := func(b *kit.Button, on bool, yes, no string) {
		if !on {
			yes = no
		}
		if text := w.T(yes); b.Text() != text {
			b.SetText(text)
			kit.Relay(p.v.content)
		}
	}
	say(p.v.way, p.m.Out(), "checkin.way.out", "checkin.way.in")
	say(p.v.camera, p.camera != nil, "checkin.camera.end", "checkin.camera")
	say(p.v.sound, p.quiet, "checkin.sound.off", "checkin.sound.on")
	if hidden := p.m.last == nil; p.v.anyway.Hidden != hidden {
		p.v.anyway.Hidden = hidden
		kit.Relay(p.v.content)
	}
}

// left takes what a scanner typed that ends with Tab.
func (p *Screen) left() {
	if text := p.v.code.Text; len(text) >= shortest {
		p.scan(text)
	}
}

// shortest is the length of the shortest code, such as KJ4-1-X.
const shortest = 7

// scan answers what was scanned or typed.
func (p *Screen) scan(text string) {
	p.v.code.SetText("")
	if text == "" {
		return
	}
	p.answer(p.m.Scan(text, fieldwork.RecordID{}))
	p.focus()
}

// answer shows and sounds what the door says; the tone is played elsewhere and waited for by nobody.
func (p *Screen) answer(said Said, err error) {
	switch {
	case err != nil:
		sentence, hint := p.env.Words.Problem(err)
		p.v.banner.Answer(kit.Bad, kit.MarkCross, sentence, hint)
		p.ring("bad")
	case said.OK:
		p.v.banner.Answer(kit.Good, kit.MarkCheck, said.Title, said.Line)
		p.ring("good")
		p.env.Saved()
	case said.Again:
		p.v.banner.Answer(kit.Dim, kit.MarkWarning, said.Title, said.Line)
		p.ring("again")
	default:
		line := said.Line
		if said.Anyway {
			line += " " + p.env.Words.T("checkin.anyway.line", string(keyAnyway))
		}
		p.v.banner.Answer(kit.Bad, kit.MarkCross, said.Title, line)
		p.ring("bad")
	}
	p.see(said)
	p.show()
}

// see shows the face of whom the answer is about, so that a badge in somebody else's hands is noticed. The answer stands already, and
// nobody waits: a face that comes after the next answer is not shown.
func (p *Screen) see(said Said) {
	p.faces++
	if said.Face.IsZero() {
		return
	}
	turn := p.faces
	p.v.banner.Await(said.Short)
	photos.Preview(p.env, p.m.store, said.Face, func(pic image.Image) {
		if turn == p.faces {
			p.v.banner.SetFace(pic)
		}
	})
}

func (p *Screen) ring(tone string) {
	if !p.quiet {
		p.tools.Ring(tone)
	}
}

const soundNote = "checkin/sound"

// mute turns the tones off or on, also for the next days.
func (p *Screen) mute() {
	p.quiet = !p.quiet
	note := "on"
	if p.quiet {
		note = "off"
	}
	if err := p.m.store.SetNote(soundNote, []byte(note)); err != nil {
		p.env.Tell(err)
	}
	p.ring("good")
	p.show()
}

// turn changes between coming in and going out.
func (p *Screen) turn() {
	if _, open := p.m.Session(); open {
		p.m.SetOut(!p.m.Out())
		p.wait()
	}
}

// anyway lets in who was refused last for her site or for the roster.
func (p *Screen) anyway() {
	if said, ok, err := p.m.Anyway(fieldwork.RecordID{}); ok || err != nil {
		p.answer(said, err)
		p.focus()
	}
}
