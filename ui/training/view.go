package training

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/fieldwork"
	"kandili/ui/form"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/place"
	"kandili/ui/show"
)

// Keys of what is done here, since the menu has none for a single place.
const (
	keyDoor    = fyne.KeyF2
	keyClose   = fyne.KeyF3
	keyEdit    = fyne.KeyF4
	keyPaper   = fyne.KeyF5
	keyAssess  = fyne.KeyF6
	keyCertify = fyne.KeyF7
	keyGrid    = fyne.KeyF8
	keyCourses = fyne.KeyF9
	keyAdd     = fyne.KeyF10
)

// view is what stands in the place.
type view struct {
	find   *kit.Entry
	bars   map[fieldwork.Kind]*lists.Bar // how many, sorted how, and export
	rows   *kit.RowList
	states *kit.States // the rows, or why there are none

	many      *fyne.Container // what can be done with the marked ones
	manyCount *kit.Text
	state     *kit.Button
	fresh     *kit.Button
	kinds     *kit.Button // to the courses, or back to the sessions

	title, line, who, counts *kit.Text
	notes                    *kit.Text
	status                   *kit.Chip
	people                   *kit.RowList
	door, ending             *kit.Button
	session                  fyne.CanvasObject // the one that is shown
	nothing                  *kit.Text
	nobody                   fyne.CanvasObject // instead of it

	sessionForm, courseForm *form.View
	sessionPage, coursePage fyne.CanvasObject
	scrolls                 [2]*kit.Scroller
	expect                  *kit.Choice
	expectField             *kit.Field

	list    fyne.CanvasObject // list and what is open
	pages   *fyne.Container   // that, or a page of its own
	content fyne.CanvasObject
}

type actions struct{ arranged, state, history, fresh, kinds, door, ending, edit, print, add, paper, assess, certify, grid, save, back func() }

func newView(env *place.Env, m *Model, row, person func(int) kit.RowItem, acts actions) *view {
	w := env.Words
	key := func(b *kit.Button, k fyne.KeyName) *kit.Button { return b.WithHint(string(k)) }
	v := &view{
		find: kit.NewEntry(w.T("training.find")), rows: kit.NewRowList(row), people: kit.NewRowList(person),
		title: kit.NewTitle(""), line: kit.NewSub(""), who: kit.NewSub(""), counts: kit.NewBold(""), notes: kit.NewSub(""), status: kit.NewChip(kit.Status{}),
		nothing: kit.NewText(""),
	}
	v.fresh = kit.Secondary(w.T("do.new"), acts.fresh).WithHint("Ctrl N")
	v.kinds = key(kit.Secondary(w.T("training.courses"), acts.kinds), keyCourses)
	grid := key(kit.Secondary(w.T("training.grid"), acts.grid), keyGrid)
	certify := key(kit.Secondary(w.T("training.certify"), acts.certify), keyCertify)
	bars := v.lists(env, m, acts)
	left := kit.Scroll(kit.FillAbove(12, kit.Fill(12, kit.Row(12, kit.Stretch(v.find), v.fresh), bars, v.many, v.states.Object()), kit.Flow(12, certify, grid, v.kinds)))

	v.door = key(kit.Primary(w.T("training.door"), acts.door), keyDoor)
	v.ending = key(kit.Secondary(w.T("training.close"), acts.ending), keyClose)
	head := kit.Column(4, kit.Row(12, kit.Stretch(v.title), v.status), v.line, v.who, v.notes, v.counts)
	buttons := kit.Flow(12, v.door, v.ending, key(kit.Secondary(w.T("training.edit"), acts.edit), keyEdit),
		kit.Secondary(w.T("training.print"), acts.print).WithHint("Ctrl P"), key(kit.Secondary(w.T("training.paper"), acts.paper), keyPaper),
		key(kit.Secondary(w.T("training.assess"), acts.assess), keyAssess), key(kit.Secondary(w.T("training.add"), acts.add), keyAdd),
		kit.Secondary(w.T("people.history"), acts.history))
	v.session = kit.Panel(kit.Scroll(kit.FillAbove(16, kit.Fill(16, head, v.people), buttons)))
	v.nobody = kit.Panel(kit.NewEmptyOf("training", kit.NewHeading(w.T("training.none.open")), v.nothing, kit.Primary(w.T("do.new"), acts.fresh)))
	v.sessionPage, v.coursePage = v.forSession(env, m, acts), v.forCourse(env, acts)
	right := container.NewStack(v.nobody, v.session, v.sessionPage, v.coursePage)
	v.list = kit.Sides(20, []float32{4, 5}, left, right)
	v.pages = container.NewStack(v.list)
	v.content = kit.Inset(24, v.pages)
	v.show(nil)
	return v
}

// lists makes what stands above the rows: the line of the sessions or that of the courses, and what can be done with marked ones.
func (v *view) lists(env *place.Env, m *Model, acts actions) fyne.CanvasObject {
	w := env.Words
	v.states = kit.NewStates(v.rows)
	v.bars = map[fieldwork.Kind]*lists.Bar{}
	stack := container.NewStack()
	for _, kind := range []fieldwork.Kind{fieldwork.KindSession, fieldwork.KindCourse} {
		b := lists.NewBar(env, m.lists[kind], m.store, acts.arranged, m.Shown, nil)
		b.Marks(v.rows.Marked)
		v.bars[kind] = b
		stack.Add(b.Object())
	}
	v.state = kit.Secondary(w.T("training.state"), acts.state)
	v.manyCount = kit.NewBold("")
	v.many = kit.Note(kit.Column(8, v.manyCount, kit.Flow(8, v.state, kit.Secondary(w.T("list.export"), func() { v.bar(m).Export() }))))
	v.many.Hide()
	return stack
}

// bar is the line of the list that is shown; the other one is hidden.
func (v *view) bar(m *Model) *lists.Bar {
	for kind, b := range v.bars {
		if o := b.Object(); kind == m.Kind() {
			o.Show()
		} else {
			o.Hide()
		}
	}
	return v.bars[m.Kind()]
}

// show brings one of the right side's parts to the front; nil says that nothing is open.
func (v *view) show(part fyne.CanvasObject) {
	if part == nil {
		part = v.nobody
	}
	for _, o := range []fyne.CanvasObject{v.nobody, v.session, v.sessionPage, v.coursePage} {
		if o == part {
			o.Show()
		} else {
			o.Hide()
		}
	}
	kit.Relay(v.content)
}

// page shows a page of its own instead of the list; nil shows the list.
func (v *view) page(o fyne.CanvasObject) {
	if o == nil {
		o = v.list
	}
	v.pages.Objects = []fyne.CanvasObject{o}
	v.pages.Refresh()
	kit.Relay(v.content)
}

func picks(find func(string) []Named) func(string) []kit.PickItem {
	return func(text string) (out []kit.PickItem) {
		for _, n := range find(text) {
			out = append(out, kit.PickItem{Value: n.ID.String(), Word: n.Name, Sub: n.Sub})
		}
		return out
	}
}

func (v *view) forSession(env *place.Env, m *Model, acts actions) fyne.CanvasObject {
	w, zone := env.Words, env.Now().Location()
	f := form.NewView(w, fieldwork.KindSession)
	v.sessionForm = f
	two := func(a, b fyne.CanvasObject) fyne.CanvasObject { return kit.Columns(16, []float32{1, 1}, a, b) }
	dayField, day := f.DayOfClocks("start", w.T("training.day"), zone, env.Today)
	v.expect = kit.NewChoice(w.T("training.expect.keep"), kit.Option{Value: ExpectVillage, Word: w.T("training.expect.village")},
		kit.Option{Value: ExpectLast, Word: w.T("training.expect.last")}, kit.Option{Value: "none", Word: w.T("training.expect.none")})
	v.expectField = f.Form.Add("expected", kit.NewField(w.Label(f.Model().Spec(), f.Model().Spec().FieldByName("expected")), v.expect, ""))
	rows := kit.Column(16, kit.NewTitle(w.T("training.session")),
		f.Checks("modules"),
		f.Entry("title", w.T("training.title.hint")),
		kit.Columns(16, []float32{2, 1, 1}, dayField, f.Clock("start", zone, day), f.Clock("end", zone, day)),
		two(f.Ref("site", picks(m.FindSites), m.NameOf), f.Ref("course", picks(m.FindCourses), m.NameOf)),
		v.expectField,
		two(f.Ref("lead_trainer", picks(m.FindTrainers), m.NameOf), f.Refs("co_trainers", picks(m.FindTrainers), m.NameOf)),
		two(f.Entry("interpreter", ""), f.Entry("room", "")),
		two(f.Entry("capacity", ""), f.Choice("status")),
		f.Area("materials", "", 2),
		two(f.Entry("weather", ""), f.Entry("power_notes", "")),
		two(f.Entry("headcount", w.T("training.headcount.hint")), f.Entry("note", "")))
	v.scrolls[0] = kit.Scroll(rows)
	return kit.Panel(kit.FillAbove(16, v.scrolls[0], kit.Column(12, f.Form.Summary, v.saving(w, acts))))
}

func (v *view) forCourse(env *place.Env, acts actions) fyne.CanvasObject {
	w := env.Words
	f := form.NewView(w, fieldwork.KindCourse)
	v.courseForm = f
	rows := kit.Column(16, kit.NewTitle(w.T("training.course")),
		f.Entry("title", w.T("training.course.hint")), f.Checks("modules"),
		kit.Columns(16, []float32{1, 1}, f.Entry("version", ""), f.Entry("language", "")), f.Area("note", "", 3))
	v.scrolls[1] = kit.Scroll(rows)
	return kit.Panel(kit.FillAbove(16, v.scrolls[1], kit.Column(12, f.Form.Summary, v.saving(w, acts))))
}

func (v *view) saving(w *show.Words, acts actions) fyne.CanvasObject {
	return kit.Flow(12, kit.Primary(w.T("do.save"), acts.save).WithHint("Ctrl S"), kit.Secondary(w.T("do.cancel"), acts.back).WithHint(w.T("key.esc")))
}
