package sync

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/place"
	"kandili/ui/show"
	"kandili/ui/theme"
)

// view is what stands in the place.
type view struct {
	made, here, atHQ *kit.Text
	durable          *kit.Text
	accepted, apart  *kit.Text
	acceptedLine     fyne.CanvasObject // hidden while HQ accepted nothing
	apartLine        fyne.CanvasObject // hidden while HQ keeps nothing apart
	forgot           *kit.Text
	forgotNote       *fyne.Container
	home             bool // the last outcome says that everything is home
	share            *kit.ProgressLine
	photos           *kit.Text
	rows             *kit.RowList
	states           *kit.States // the rows, or why there are none
	bar              *lists.Bar  // how many, sorted how, and export
	unsent           *kit.Text
	left             *fyne.Container

	sync    *kit.Button
	line    *kit.ProgressLine
	about   *kit.Text
	result  *kit.Text
	hint    *kit.Text
	backup  *kit.Button
	clock   *fyne.Container
	clockBy *kit.Text

	content fyne.CanvasObject
}

type actions struct{ sync, backup func() }

func newView(env *place.Env, row func(int) kit.RowItem, nearby, courier fyne.CanvasObject, acts actions, bar func(*kit.RowList) *lists.Bar) *view {
	w := env.Words
	v := &view{made: kit.NewSub(""), here: kit.NewBold("").AlignRight(), atHQ: kit.NewBold("").AlignRight(), share: kit.NewProgressLine().Tell(kit.Good), photos: kit.NewSub(""), rows: kit.NewRowList(row),
		line: kit.NewProgressLine(), about: kit.NewSub(""), result: kit.NewBold(""), hint: kit.NewSub(""), clockBy: kit.NewBold("")}
	v.sync = kit.Primary(w.T("sync.now"), acts.sync).WithHint("Ctrl S")
	v.backup = kit.Secondary(w.T("sync.backup.make"), acts.backup)
	line := func(s kit.Status, n *kit.Text) fyne.CanvasObject {
		return kit.Row(12, kit.NewChip(s), kit.Gap(), kit.Fixed(72, 0, n))
	}
	v.durable, v.accepted, v.apart = kit.NewBold("").AlignRight(), kit.NewBold("").AlignRight(), kit.NewBold("").AlignRight()
	v.acceptedLine = line(env.Where(store.Accepted), v.accepted)
	v.apartLine = line(env.Where(store.KeptApart), v.apart)
	v.acceptedLine.Hide()
	v.apartLine.Hide()
	counts := kit.Column(12, v.made,
		line(kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: w.T("sync.only_here")}, v.here),
		line(kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: w.T("where.hq")}, v.atHQ),
		line(kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("sync.durable")}, v.durable),
		v.acceptedLine, v.apartLine, v.share, v.photos)
	v.unsent = kit.NewHeading(w.T("sync.unsent"))
	v.forgot = kit.NewText("")
	v.forgotNote = kit.Note(v.forgot)
	v.forgotNote.Hide()
	v.states = kit.NewStates(v.rows)
	v.bar = bar(v.rows)
	v.left = kit.Fill(16, kit.Panel(counts), kit.Column(8, v.unsent, v.bar.Object()), v.states.Object())
	hq := kit.Panel(kit.Column(10,
		kit.Row(16, kit.Stretch(kit.Column(2, kit.NewHeading(w.T("sync.hq")), v.about)), v.sync),
		v.line, v.result, v.hint))
	back := kit.Panel(kit.Row(16, kit.Stretch(kit.Column(2, kit.NewHeading(w.T("sync.backup")), kit.NewSub(w.T("sync.backup.line")))), v.backup))
	v.clock = kit.Note(kit.Column(4, v.clockBy, kit.NewSub(w.T("sync.clock.line"))))
	v.clock.Hide()
	v.tell("", "")
	right := kit.Column(16, v.forgotNote, hq, nearby, courier, back, v.clock)
	v.content = kit.Inset(24, kit.Scroll(kit.Fill(16, kit.NewTitle(w.T("sync.title")), kit.Columns(20, []float32{2, 3}, v.left, right))))
	return v
}

// state shows where things are.
func (v *view) state(env *place.Env, s State, busy, paused bool, offset time.Duration) {
	w := env.Words
	home, made := s.Share()
	v.made.SetText(w.N("sync.made", s.Made))
	v.here.SetText(w.Number(s.Made - s.Home))
	v.atHQ.SetText(w.Number(s.Home))
	v.share.Set(home, made, "")
	if s.Unsent > s.Apart && v.home { // it was true when it was said
		v.outcome(kit.Quiet, "", "")
	}
	v.durable.SetText(w.Number(s.Durable))
	v.apart.SetText(w.Number(s.Apart))
	setShown(v.apartLine, s.Apart > 0)
	setShown(v.forgotNote, s.Forgot+s.Lost > 0)
	v.forgot.SetText(forgotWords(w, s))
	switch {
	case s.Practice:
		v.about.SetText(w.T("problem.practice") + " " + w.T("problem.practice.hint"))
		v.sync.Disable()
	case s.Last.At == 0:
		v.about.SetText(w.T("sync.never"))
	default:
		t := time.Unix(s.Last.At, 0).In(env.Now().Location())
		v.about.SetText(w.T("sync.last", w.Ago(env.Now(), t), w.Date(t), w.Clock(t)))
	}
	if paused && !s.Practice {
		v.about.SetText(place.Sentences(v.about.Text()+".", w.T("sync.paused")))
	}
	if busy {
		v.sync.SetText(w.T("sync.stop"))
		v.line.Show()
		v.tell("", "")
	} else {
		v.sync.SetText(w.T("sync.now"))
		v.line.Hide()
	}
	v.clock.Hidden = offset.Abs() < 10*time.Minute
	key := "sync.clock.behind"
	if offset < 0 {
		key = "sync.clock.ahead"
	}
	v.clockBy.SetText(w.T(key, int(offset.Abs().Hours()), int(offset.Abs().Minutes())%60))
	if v.content != nil {
		kit.Relay(v.content)
	}
}

// list says what stands in the list of what is not home yet, or that there is nothing.
func (v *view) list(env *place.Env, n, accepted int, filtered bool) {
	w := env.Words
	v.accepted.SetText(w.Number(accepted))
	setShown(v.acceptedLine, accepted > 0)
	some := n > 0 || filtered
	setShown(v.bar.Object(), some)
	setShown(v.states.Object(), some)
	v.bar.Count.SetText(w.N("sync.unsent.count", n))
	v.unsent.SetText(w.T("sync.unsent"))
	if v.states.Content(); n == 0 && filtered {
		v.states.Instead(kit.NewEmpty("search", w.T("list.nothing"), w.T("list.filtered.none")))
	} else if n == 0 {
		v.unsent.SetText(w.T("sync.unsent.none"))
	}
	v.left.Refresh()
}

// failed says in place of the list why there is none.
func (v *view) failed(why fyne.CanvasObject) {
	v.bar.Count.SetText("")
	v.states.Instead(why)
	v.states.Object().Show()
	kit.Relay(v.content)
}

func setShown(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

// toneColours are the colours of sentences that tell how something ended.
var toneColours = map[kit.Tone]fyne.ThemeColorName{kit.Good: theme.Good, kit.Bad: theme.Bad, kit.Dim: theme.Dim, kit.Quiet: theme.Ink2}

// tell shows two lines, or takes away what has nothing to say.
func (v *view) tell(sentence, hint string) {
	v.result.SetText(sentence)
	v.hint.SetText(hint)
	v.result.Hidden, v.hint.Hidden = sentence == "", hint == ""
}

// outcome says how the last exchange ended.
func (v *view) outcome(tone kit.Tone, sentence, hint string) {
	v.home = tone == kit.Good
	v.result.SetColour(toneColours[tone])
	v.tell(sentence, hint)
	kit.Relay(v.content)
}

// progressWords says how far an exchange is.
func progressWords(env *place.Env, x Progress) string {
	w := env.Words
	if x.Waiting {
		return w.T("sync.waiting")
	}
	if x.AllPhotos > x.Photos && x.Sent >= x.ToSend { // they come after everything else
		return w.T("sync.photos.sending", w.Number(x.Photos), w.Number(x.AllPhotos), Bytes(env, x.Up+x.Down))
	}
	if x.ToSend == 0 {
		if x.ToReceive > 0 {
			return w.T("sync.receiving.of", w.Number(x.Received), w.Number(x.ToReceive), Bytes(env, x.Up+x.Down))
		}
		return w.T("sync.receiving", w.Number(x.Received), Bytes(env, x.Up+x.Down))
	}
	return w.T("sync.sending", w.Number(x.Sent), w.Number(x.ToSend), Bytes(env, x.Up+x.Down))
}

// Bytes writes a size: 512 B, 3.4 KB, 12.0 MB, 7.4 GB.
func Bytes(env *place.Env, n int64) string {
	w := env.Words
	switch {
	case n < 1000:
		return w.Number(int(n)) + " B"
	case n < 1_000_000:
		return w.Decimal(float64(n)/1000, 1) + " KB"
	case n < 1_000_000_000:
		return w.Decimal(float64(n)/1e6, 1) + " MB"
	}
	return w.Decimal(float64(n)/1e9, 1) + " GB"
}

// forgotWords says what HQ lost when it was restored: what it is given again, and what this laptop cannot give.
func forgotWords(w *show.Words, s State) string {
	var parts []string
	if s.Forgot > 0 {
		parts = append(parts, w.N("sync.forgotten", s.Forgot))
	}
	if s.Lost > 0 {
		parts = append(parts, w.N("sync.lost", s.Lost))
	}
	return strings.Join(parts, " ")
}
