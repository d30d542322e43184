package people

import (
	"cmp"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/ui/form"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/marks"
	"kandili/ui/photos"
	"kandili/ui/place"
	"kandili/ui/show"
	"kandili/ui/theme"
)

// view is what stands in the place.
type view struct {
	find  *kit.Entry
	bar   *lists.Bar // how many, sorted how, and export
	rows  *kit.RowList
	list  *kit.States // the rows, or why there are none
	fresh *kit.Button // registers somebody new

	fields             *form.View
	photo              *photos.Field
	face               *photos.Frame // her photo over the initials
	initial            *kit.Text
	name               *kit.Text
	under              *kit.Text // code and where she is
	badge              *kit.Button
	history            *kit.Button
	consent, household *kit.PillButton // above the form: how it stands, and the way there
	tags               *fyne.Container
	count              *kit.Text // of the marked ones
	merge              *kit.Button
	many               *fyne.Container // what can be done with them
	save               *kit.Button
	back               *kit.Button
	strip              *marks.Strip      // what waits to be decided or answered
	usual              map[string]string // hints of fields by name
	twins              *fyne.Container
	panel              fyne.CanvasObject // the form
	nobody             fyne.CanvasObject // instead of it
	scroll             *kit.Scroller

	content fyne.CanvasObject
}

// newView lays the place out; the buttons' actions come from the screen.
func newView(env *place.Env, m *Model, row func(int) kit.RowItem, acts actions) *view {
	w := env.Words
	v := &view{
		find: kit.NewEntry(w.T("people.find")), rows: kit.NewRowList(row),
		initial: kit.NewHeading(""), name: kit.NewTitle(""), under: kit.NewSub(""), twins: kit.Column(8),
	}
	v.list = kit.NewStates(v.rows)
	v.bar = lists.NewBar(env, m.List, m.store, acts.arranged, m.Shown, nil)
	v.bar.Marks(v.rows.Marked)
	v.fresh = kit.Primary(w.T("do.new"), acts.fresh).WithHint("Ctrl N")
	v.badge = kit.Secondary(w.T("people.badge"), acts.badge).WithHint("Ctrl P")
	v.history = kit.Secondary(w.T("people.history"), acts.history)
	v.consent = kit.Pill(kit.Status{Word: w.T("people.consent")}, acts.consent)
	v.household = kit.Pill(kit.Status{Word: w.T("people.household")}, acts.household)
	v.tags = kit.Flow(8, v.consent, v.household)
	v.count = kit.NewBold("")
	v.merge = kit.Secondary(w.T("people.merge"), acts.merge)
	v.many = kit.Note(kit.Column(8, v.count, kit.Flow(8, kit.Secondary(w.T("people.move"), acts.move), v.merge, kit.Secondary(w.T("people.consent"), acts.agree),
		kit.Secondary(w.T("people.badge"), acts.badge), kit.Secondary(w.T("list.export"), v.bar.Export))))
	v.many.Hide()
	v.save = kit.Primary(w.T("do.save"), acts.save).WithHint("Ctrl S")
	v.back = kit.Secondary(w.T("do.cancel"), acts.back).WithHint(w.T("key.esc"))
	v.fields = form.NewView(w, fieldwork.KindTrainee)
	v.strip = marks.NewStrip(env, m.store)
	v.usual = map[string]string{"birth_year": w.T("people.birth_year.hint"), "guardian": w.T("people.guardian.hint")}
	v.panel = kit.Panel(v.form(env, m))
	v.nobody = kit.Panel(kit.NewEmpty("people", w.T("people.nobody"), w.T("people.nobody.line")))
	right := container.NewStack(v.nobody, v.panel)
	v.panel.Hide()
	left := kit.Fill(12, kit.Row(12, kit.Stretch(v.find), v.fresh), v.bar.Object(), v.many, v.list.Object())
	v.content = kit.Inset(24, kit.Sides(20, []float32{4, 5}, left, right))
	return v
}

type actions struct{ fresh, badge, history, consent, household, save, back, arranged, move, merge, agree func() }

func (v *view) form(env *place.Env, m *Model) fyne.CanvasObject {
	w := env.Words
	villages := func(text string) (out []kit.PickItem) {
		for _, s := range m.FindSites(text) {
			out = append(out, kit.PickItem{Value: s.ID.String(), Word: s.Name})
		}
		return out
	}
	f := v.fields
	two := func(a, b *kit.Field) fyne.CanvasObject { return kit.Columns(16, []float32{1, 1}, a, b) }
	v.face = photos.NewFrame(env, m.store, 64, 64)
	v.face.Object.Hide()
	v.photo = photos.Attach(env, m.store, f, "photo")
	initials := container.NewStack(kit.Tile(64, theme.Tint), container.NewCenter(v.initial), v.face.Object)
	head := kit.Row(16, initials, kit.Stretch(kit.Column(2, v.name, v.under)), v.badge)
	rows := kit.Column(16, head, v.tags, v.strip.Content(),
		two(f.Entry("given_name", ""), f.Entry("family_name", "")),
		two(f.Entry("birth_year", w.T("people.birth_year.hint")), f.Choice("age_band")),
		two(f.Choice("gender"), f.Entry("phone", "")),
		two(f.Ref("site", villages, m.SiteName), f.Entry("guardian", w.T("people.guardian.hint"))),
		v.photo.Object,
		f.Area("note", "", 2),
		kit.NewHeading(w.T("people.more")),
		two(f.Entry("other_name", ""), f.Entry("local_name", "")),
		two(f.Entry("phone_2", ""), f.Entry("language", w.T("people.language.hint"))),
		two(f.Entry("profession", ""), f.Choice("former_light")),
		f.Checks("roles"),
		f.Choice("reading_help"),
		kit.NewHeading(w.T("people.difficulties")), kit.NewSub(w.T("people.difficulties.line")),
		two(f.Choice("wg_seeing"), f.Choice("wg_hearing")),
		two(f.Choice("wg_walking"), f.Choice("wg_remembering")),
		two(f.Choice("wg_self_care"), f.Choice("wg_communicating")))
	v.scroll = kit.Scroll(rows)
	return kit.FillAbove(16, v.scroll, v.twins, f.Form.Summary, kit.Flow(12, v.save, v.back, v.history))
}

// person shows who is open; where is not looked at for somebody new.
func (v *view) person(env *place.Env, m *Model, draft string) {
	if m.Form() == nil {
		v.panel.Hide()
		v.nobody.Show()
		return
	}
	id := m.Form().Record()
	name := m.Name()
	under := env.Words.T("people.new")
	if !id.IsZero() {
		receipt := m.store.Receipt(id)
		under = fieldwork.CodeOf(id) + " · " + env.Where(receipt.Place).Word
		if line := marks.Of(env, m.store).Where(receipt); line != "" {
			under += " · " + line
		}
	}
	if name == "" {
		name = env.Words.T("people.new.name")
	}
	if draft != "" {
		under += " · " + draft
	}
	v.name.SetText(name)
	v.initial.SetText(cmp.Or(show.Initials(m.Name()), "+"))
	face, _ := blob.ParseName(m.Form().Get("photo"))
	v.face.Object.Hidden = face.IsZero()
	v.face.Show(face, "")
	v.under.SetText(under)
	for _, b := range []*kit.Button{v.badge, v.history} {
		if id.IsZero() {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	v.nobody.Hide()
	v.panel.Show()
	kit.Relay(v.panel)
}

// marks says above the form and at its fields what waits to be decided or answered about who is open.
func (v *view) marks(env *place.Env, m *Model) {
	for _, f := range v.strip.Contested() { // of the one before
		v.hint(f, "")
	}
	v.strip.Show()
	if m.Form() == nil || m.Form().Record().IsZero() {
		return
	}
	v.strip.Show(m.Form().Record())
	for _, f := range v.strip.Contested() {
		v.hint(f, env.Words.T("marks.field", f.Line()))
	}
}

// hint stands below the field of a form; none brings the usual one back.
func (v *view) hint(f marks.Field, text string) {
	if f.Spec == nil {
		return
	}
	if field := v.fields.Form.Field(f.Spec.Name); field != nil {
		field.SetHint(cmp.Or(text, v.usual[f.Spec.Name]))
	}
}

// showTwins lists who may be the same person, each with a way to look at her.
func (v *view) showTwins(env *place.Env, twins []Twin, look, same func(fieldwork.RecordID)) {
	v.twins.RemoveAll()
	for _, t := range twins {
		say := env.Words.T("people.twin", t.Name, fieldwork.CodeOf(t.ID))
		if t.Phone {
			say = env.Words.T("people.twin.phone", t.Name, fieldwork.CodeOf(t.ID))
		}
		id := t.ID
		v.twins.Add(kit.Note(kit.Row(12, kit.Stretch(kit.NewText(say)), kit.Secondary(env.Words.T("people.twin.open"), func() { look(id) }),
			kit.Secondary(env.Words.T("people.twin.same"), func() { same(id) }))))
	}
	v.twins.Hidden = len(twins) == 0
	kit.Relay(v.panel)
}

// fieldLine is a field with its value, in one line.
func fieldLine(env *place.Env, spec *fieldwork.Spec, x fieldwork.FieldValue, name func(fieldwork.RecordID) string) string {
	w := env.Words
	f := spec.Field(x.Field)
	switch {
	case x.Field == fieldwork.FieldDeleted:
		if x.Value.Bool() {
			return w.T("history.deleted")
		}
		return w.T("history.restored")
	case f == nil:
		return fmt.Sprintf("%d", x.Field)
	}
	label := w.Label(spec, f)
	n, isInt := x.Value.Int()
	switch {
	case x.Value.IsZero():
		return label + ": " + w.T("history.cleared")
	case f.Type == fieldwork.TypeRef:
		return label + ": " + name(x.Value.Ref())
	case f.Type == fieldwork.TypePhoto:
		return label + ": " + w.T("photo.another")
	case f.Type == fieldwork.TypeEnum && isInt:
		return label + ": " + w.Option(f, n)
	}
	return label + ": " + fieldwork.FormatValue(f, x.Value)
}
