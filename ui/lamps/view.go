package lamps

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/fieldwork"
	"kandili/ui/form"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/marks"
	"kandili/ui/photos"
	"kandili/ui/place"
)

// view is what stands in the place: the list on the left; on the right a lamp, or one of the two forms.
type view struct {
	find *kit.Entry
	bar  *lists.Bar // how many, sorted how, and export
	rows *kit.RowList
	list *kit.States // the rows, or why there are none

	many      *fyne.Container // what can be done with the marked ones
	manyCount *kit.Text

	right  *fyne.Container // one of the following at a time
	nobody fyne.CanvasObject
	lamp   *fyne.Container

	install   fyne.CanvasObject
	lampForm  *form.View
	placeForm *form.View
	homeForm  *form.View
	home      *kit.Picker
	homeBox   *fyne.Container
	scroll    *kit.Scroller
	placePic  *photos.Field

	fix     *correcting
	fixPage fyne.CanvasObject

	visit     fyne.CanvasObject
	visitOf   *kit.Text
	visitForm *form.View
	visitPic  *photos.Field

	content fyne.CanvasObject
}

type actions struct {
	install, visit, saveInstall, saveVisit, back func()
	home                                         func(string)
	arranged, move, correct, history             func()
}

func newView(env *place.Env, m *Model, row func(int) kit.RowItem, acts actions) *view {
	w := env.Words
	v := &view{find: kit.NewEntry(w.T("lamps.find")), rows: kit.NewRowList(row), lamp: container.NewStack()}
	v.list = kit.NewStates(v.rows)
	v.bar = lists.NewBar(env, m.List, m.store, acts.arranged, m.Shown, m.Position)
	v.bar.Marks(v.rows.Marked)
	v.manyCount = kit.NewBold("")
	v.many = kit.Note(kit.Column(8, v.manyCount, kit.Flow(8, kit.Secondary(w.T("people.move"), acts.move), kit.Secondary(w.T("list.export"), v.bar.Export))))
	v.many.Hide()
	v.nobody = kit.Panel(kit.NewEmpty("lamp", w.T("lamps.nobody"), w.T("lamps.nobody.line")))
	v.install = kit.Panel(v.installForm(env, m, acts))
	v.visit = kit.Panel(v.visitForms(env, m, acts))
	v.fix = newCorrecting(env, m, acts)
	v.fixPage = kit.Panel(v.fix.page)
	v.right = container.NewStack(v.nobody)
	left := kit.Fill(12, kit.Row(12, kit.Stretch(v.find), kit.Primary(w.T("lamps.install"), acts.install).WithHint("Ctrl N")), v.bar.Object(), v.many, v.list.Object())
	v.content = kit.Inset(24, kit.Sides(20, []float32{4, 5}, left, v.right))
	return v
}

func two(a, b fyne.CanvasObject) fyne.CanvasObject { return kit.Columns(16, []float32{1, 1}, a, b) }

func (v *view) installForm(env *place.Env, m *Model, acts actions) fyne.CanvasObject {
	w := env.Words
	v.lampForm = form.NewView(w, fieldwork.KindLamp)
	v.placeForm = form.NewView(w, fieldwork.KindInstallation)
	v.homeForm = form.NewView(w, fieldwork.KindHousehold)
	v.home = kit.NewPicker(w.T("lamps.home.new"), finder(func() []Named { return m.Homes(m.Site()) }))
	v.home.None = w.T("lamps.home.none")
	v.home.OnPicked = acts.home
	l, p, h := v.lampForm, v.placeForm, v.homeForm
	v.placePic = photos.Attach(env, m.store, p, "photo")
	v.homeBox = kit.Column(16,
		h.Entry("head_name", w.T("lamps.head.hint")),
		kit.Columns(10, []float32{1, 1, 1, 1, 1}, h.Entry("women", ""), h.Entry("men", ""), h.Entry("age_6_17", ""), h.Entry("under_5", ""), h.Entry("elderly", "")))
	body := kit.Column(16, kit.NewTitle(w.T("lamps.install.title")),
		two(l.Entry("tag_code", w.T("lamps.tag.hint")), l.Ref("model", finder(m.Models), m.NameOf)),
		two(l.Entry("serial", ""), p.Choice("place")),
		two(p.Ref("site", finder(m.Sites), m.NameOf), p.Date("date", env.Today)),
		kit.NewHeading(w.T("lamps.who")),
		kit.NewField(w.T("lamps.household"), v.home, ""),
		v.homeBox,
		two(p.Choice("replaces"), p.Entry("people_lit", w.T("lamps.people_lit.hint"))),
		v.placePic.Object,
		p.Area("note", "", 2))
	v.scroll = kit.Scroll(body)
	return kit.FillAbove(16, v.scroll, l.Form.Summary, p.Form.Summary, h.Form.Summary, kit.Flow(12, kit.Primary(w.T("do.save"), acts.saveInstall).WithHint("Ctrl S"),
		kit.Secondary(w.T("do.cancel"), acts.back).WithHint(w.T("key.esc"))))
}

// finder lists what a text may mean: what begins with it first.
func finder(list func() []Named) func(string) []kit.PickItem {
	return func(text string) []kit.PickItem {
		want := fieldwork.Fold(strings.TrimSpace(text))
		var first, then []kit.PickItem
		for _, n := range list() {
			item := kit.PickItem{Value: n.ID.String(), Word: n.Name}
			switch at := strings.Index(fieldwork.Fold(n.Name), want); {
			case at == 0:
				first = append(first, item)
			case at > 0:
				then = append(then, item)
			}
		}
		return append(first, then...)
	}
}

func (v *view) visitForms(env *place.Env, m *Model, acts actions) fyne.CanvasObject {
	w := env.Words
	v.visitOf = kit.NewTitle("")
	v.visitForm = form.NewView(w, fieldwork.KindVisit)
	f := v.visitForm
	v.visitPic = photos.Attach(env, m.store, f, "photo")
	body := kit.Column(16, v.visitOf,
		two(f.Choice("status_found"), f.Date("done", env.Today)),
		two(f.Choice("problem"), f.Choice("action")),
		two(f.Entry("hours_a_night", w.T("lamps.hours.hint")), f.Choice("same_users")),
		two(f.Entry("satisfaction", w.T("lamps.satisfaction.hint")), f.Date("next_due", env.Today)),
		v.visitPic.Object,
		f.Area("note", "", 2))
	return kit.FillAbove(16, kit.Scroll(body), f.Form.Summary, kit.Flow(12, kit.Primary(w.T("do.save"), acts.saveVisit).WithHint("Ctrl S"),
		kit.Secondary(w.T("do.cancel"), acts.back).WithHint(w.T("key.esc"))))
}

// put shows one thing on the right.
func (v *view) put(o fyne.CanvasObject) {
	v.right.RemoveAll()
	v.right.Add(o)
	v.right.Refresh()
}

// showHome shows the fields of a new household while none is chosen.
func (v *view) showHome(chosen bool) {
	if chosen {
		v.homeBox.Hide()
	} else {
		v.homeBox.Show()
	}
	kit.Relay(v.install)
}

// page is a lamp with its facts and visits.
func page(env *place.Env, s Store, l Lamp, strip *marks.Strip, acts actions) fyne.CanvasObject {
	w := env.Words
	sub := l.Code
	if l.Since > 0 {
		sub += " · " + w.T("lamps.since", w.Day(l.Since))
	}
	if receipt := marks.Of(env, s).Where(l.Receipt); receipt != "" {
		sub += " · " + receipt
	}
	strip.Show(l.Records...)
	head := kit.Row(16, kit.Stretch(kit.Column(2, kit.NewTitle(l.Title), kit.NewSub(sub))), kit.NewChip(Status(env, l.Status)), kit.NewChip(env.Where(l.Receipt.Place)))
	facts := kit.Column(8)
	for _, f := range l.Facts {
		facts.Add(kit.Columns(12, []float32{2, 5}, kit.NewSub(f[0]).BesideText(), kit.NewText(f[1])))
	}
	body := kit.Column(20, head, strip.Content(), facts)
	if plate := photos.Plate(env, s, l.Photo); plate != nil {
		body.Add(plate)
	}
	visits := kit.Column(12, kit.NewHeading(w.T("lamps.visits")))
	if len(l.Visits) == 0 {
		visits.Add(kit.NewSub(w.T("lamps.visits.none")))
	}
	for _, v := range l.Visits {
		line := kit.Row(12, kit.Fixed(120, 0, kit.NewText(w.Day(v.Day))), kit.NewChip(Status(env, v.Status)))
		visits.Add(line)
		if v.Line != "" {
			visits.Add(kit.NewSub(v.Line))
		}
		if plate := photos.Plate(env, s, v.Photo); plate != nil {
			visits.Add(plate)
		}
	}
	body.Add(visits)
	visit := kit.Primary(w.T("lamps.visit"), acts.visit).WithHint(w.T("key.enter"))
	return kit.Panel(kit.FillAbove(16, kit.Scroll(body), kit.Flow(12, visit, kit.Secondary(w.T("training.edit"), acts.correct).WithHint(string(keyCorrect)), kit.Secondary(w.T("people.history"), acts.history), kit.Secondary(w.T("do.close"), acts.back).WithHint(w.T("key.esc")))))
}

// Status shows a lamp's state: a word, a shape and a colour.
func Status(env *place.Env, n int64) kit.Status {
	s := kit.Status{Word: env.Words.LampStatus(n)}
	switch n {
	case fieldwork.LampWorking:
		s.Tone, s.Mark = kit.Good, kit.MarkFull
	case fieldwork.LampDim, fieldwork.LampUnderRepair:
		s.Tone, s.Mark = kit.Dim, kit.MarkHalf
	case fieldwork.LampBroken, fieldwork.LampLost, fieldwork.LampStolen:
		s.Tone, s.Mark = kit.Bad, kit.MarkCross
	case fieldwork.LampNotSeen, 0:
		s.Tone, s.Mark = kit.Quiet, kit.MarkQuestion
	default:
		s.Tone, s.Mark = kit.Quiet, kit.MarkRing
	}
	return s
}
