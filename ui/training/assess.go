package training

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/kit"
)

// judged is what an assessor says about one person after a module.
type judged struct {
	module        int64
	before, after string // 0 to 100, as typed
	checks, can   []string
	note          string
}

// assessed finds the last assessment of a person in a session and module; ok is false where there is none.
func (m *Model) assessed(session, person fieldwork.RecordID, module int64) (r fieldwork.Record, ok bool) {
	for _, a := range m.store.Referring(person, fieldwork.KindAssessment) {
		n, _ := a.Get(fieldwork.AssessmentModule).Int()
		if a.Get(fieldwork.AssessmentSession).Ref() == session && n == module {
			r, ok = a, true
		}
	}
	return r, ok
}

// judge reads what was said about a person.
func (m *Model) judge(session, person fieldwork.RecordID, module int64) judged {
	j := judged{module: module}
	r, ok := m.assessed(session, person, module)
	if !ok {
		return j
	}
	score := func(f fieldwork.FieldID) string {
		if n, ok := r.Get(f).Int(); ok {
			return strconv.FormatInt(n, 10)
		}
		return ""
	}
	j.before, j.after, j.note = score(fieldwork.AssessmentBeforeScore), score(fieldwork.AssessmentAfterScore), r.Get(fieldwork.AssessmentNote).Text()
	j.checks = strings.Split(r.Get(fieldwork.AssessmentChecklist).Text(), "\n")
	f := fieldwork.SpecOf(fieldwork.KindAssessment).Field(fieldwork.AssessmentCompetence)
	for _, n := range r.Get(fieldwork.AssessmentCompetence).Ints() {
		if o, ok := f.Option(n); ok {
			j.can = append(j.can, o.Name)
		}
	}
	return j
}

// saveJudged saves an assessment; assessments are only added to, the last one counts. What is wrong comes by field name.
func (m *Model) saveJudged(session, person fieldwork.RecordID, j judged, author fieldwork.RecordID, today int64) (wrong map[string]string, err error) {
	if same(j, m.judge(session, person, j.module)) {
		return nil, nil
	}
	spec := fieldwork.SpecOf(fieldwork.KindAssessment)
	wrong = map[string]string{}
	fields := []fieldwork.FieldValue{{Field: fieldwork.AssessmentPerson, Value: fieldwork.Ref(person)}, {Field: fieldwork.AssessmentModule, Value: fieldwork.Int(j.module)}}
	for name, text := range map[string]string{"before_score": j.before, "after_score": j.after, "checklist": strings.Join(j.checks, ";"), "competence": strings.Join(j.can, ";"), "note": j.note} {
		f := spec.FieldByName(name)
		v, err := fieldwork.ParseValue(f, text)
		switch {
		case err != nil:
			wrong[name] = m.words.FormFault(spec, f, err)
		case !v.IsZero():
			fields = append(fields, fieldwork.FieldValue{Field: f.ID, Value: v})
		}
	}
	fields = append(fields, fieldwork.FieldValue{Field: fieldwork.AssessmentDate, Value: fieldwork.Int(today)}, fieldwork.FieldValue{Field: fieldwork.AssessmentSession, Value: fieldwork.Ref(session)})
	if !author.IsZero() {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.AssessmentAssessor, Value: fieldwork.Ref(author)})
	}
	slices.SortFunc(fields, func(a, b fieldwork.FieldValue) int { return int(a.Field) - int(b.Field) })
	for _, x := range fieldwork.Check(spec, fields, today) {
		if f := spec.Field(x.Field); f != nil && wrong[f.Name] == "" {
			wrong[f.Name] = m.words.Fault(spec, x, today)
		}
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	_, err = m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindAssessment, Fields: fields}}})
	return nil, err
}

// same says that two judgements say the same; lists count by what is in them.
func same(a, b judged) bool {
	clean := func(list []string) []string {
		list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
		slices.Sort(list)
		return list
	}
	return strings.TrimSpace(a.before) == b.before && strings.TrimSpace(a.after) == b.after && strings.TrimSpace(a.note) == b.note &&
		slices.Equal(clean(a.checks), clean(b.checks)) && slices.Equal(clean(a.can), clean(b.can))
}

// assessPage is where people are assessed, one after the other.
type assessPage struct {
	p       *Screen
	session fieldwork.RecordID
	people  []fieldwork.RecordID // who came
	modules []int64
	at      int // person
	module  int64

	rows          *kit.RowList
	which         *kit.Choice
	name          *kit.Text
	before, after *kit.Entry
	checks, can   *kit.Checks
	note          *kit.Entry
	form          *kit.Form
	all           fyne.CanvasObject
}

// assess opens the page for the session that is shown.
func (p *Screen) assess() {
	r, ok := p.m.Session()
	if !ok {
		return
	}
	var people []fieldwork.RecordID
	for i := range p.m.People() {
		if x := p.m.Person(i); x.Presence.Came() {
			if person, ok := p.m.store.Record(x.ID); ok && person.Kind == fieldwork.KindTrainee {
				people = append(people, x.ID)
			}
		}
	}
	if len(people) == 0 {
		p.env.Say(kit.Dim, p.env.Words.T("training.assess.nobody"))
		return
	}
	p.turn(newAssessPage(p, r, people))
}

func newAssessPage(p *Screen, session fieldwork.Record, people []fieldwork.RecordID) *assessPage {
	w := p.env.Words
	a := &assessPage{p: p, session: session.ID, people: people, modules: session.Get(fieldwork.SessionModules).Ints(), name: kit.NewTitle(""), form: kit.NewForm()}
	spec := fieldwork.SpecOf(fieldwork.KindAssessment)
	label := func(name string) string { return w.Label(spec, spec.FieldByName(name)) }
	f := spec.Field(fieldwork.AssessmentModule)
	if len(a.modules) == 0 { // any: nobody said what the session was about
		for _, o := range f.Options {
			a.modules = append(a.modules, o.N)
		}
	}
	a.module = a.modules[0]
	var modules []kit.Option
	for _, n := range a.modules {
		modules = append(modules, kit.Option{Value: strconv.FormatInt(n, 10), Word: w.Option(f, n)})
	}
	a.which = kit.NewChoice("", modules...)
	a.which.SetValue(modules[0].Value)
	a.which.OnPicked = func(s string) {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && a.keep() {
			a.module = n
			a.load(a.at)
		}
	}
	a.before, a.after, a.note = kit.NewEntry(""), kit.NewEntry(""), kit.NewEntry("")
	a.checks = kit.NewChecks()
	var can []kit.Option
	for _, o := range spec.Field(fieldwork.AssessmentCompetence).Options {
		can = append(can, kit.Option{Value: o.Name, Word: w.Option(spec.Field(fieldwork.AssessmentCompetence), o.N)})
	}
	a.can = kit.NewChecks(can...)
	a.rows = kit.NewRowList(a.item)
	a.rows.OnSelected = func(id string) { a.choose(id) }
	a.rows.OnOpened = func(id string) { a.choose(id); kit.Focus(a.before) }
	fields := kit.Column(16, a.name, kit.NewField(label("module"), a.which, ""),
		kit.Columns(16, []float32{1, 1}, a.form.Add("before_score", kit.NewField(label("before_score"), a.before, w.T("training.score.hint"))),
			a.form.Add("after_score", kit.NewField(label("after_score"), a.after, w.T("training.score.pass", fieldwork.PassScore)))),
		a.form.Add("checklist", kit.NewField(label("checklist"), a.checks, "")), a.form.Add("competence", kit.NewField(label("competence"), a.can, "")),
		a.form.Add("note", kit.NewField(label("note"), a.note, "")))
	buttons := kit.Flow(12, kit.Primary(w.T("training.assess.next"), a.save).WithHint("Ctrl S"), kit.Secondary(w.T("do.back"), p.Back).WithHint(w.T("key.esc")))
	right := kit.Panel(kit.FillAbove(16, kit.Scroll(fields), kit.Column(12, a.form.Summary, buttons)))
	left := kit.Fill(12, kit.NewTitle(w.T("training.assess.title")), kit.NewSub(p.m.Title(session)+" · "+p.m.When(session)), a.rows)
	a.all = kit.Sides(20, []float32{4, 5}, kit.Scroll(left), right)
	a.rows.SetCount(len(people))
	a.load(0)
	return a
}

func (a *assessPage) content() fyne.CanvasObject { return a.all }
func (a *assessPage) keys() string               { return a.p.env.Words.T("training.assess.keys") }
func (a *assessPage) print()                     {}
func (a *assessPage) changed()                   { a.rows.Refresh() }

func (a *assessPage) enter() {
	a.rows.SelectID(a.people[a.at].String())
	kit.Focus(a.before)
}

func (a *assessPage) item(i int) kit.RowItem {
	w, id := a.p.env.Words, a.people[i]
	item := kit.RowItem{ID: id.String(), Title: a.p.m.NameOf(id), Sub: fieldwork.CodeOf(id), Status: kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: w.T("training.assess.open")}}
	if r, ok := a.p.m.assessed(a.session, id, a.module); ok {
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: w.T("training.assess.done")}
		if n, scored := r.Get(fieldwork.AssessmentAfterScore).Int(); scored && n < fieldwork.PassScore {
			item.Status = kit.Status{Tone: kit.Dim, Mark: kit.MarkHalf, Word: strconv.FormatInt(n, 10)}
		}
	}
	return item
}

// load shows what is known of a person.
func (a *assessPage) load(i int) {
	w := a.p.env.Words
	a.at = i
	j := a.p.m.judge(a.session, a.people[i], a.module)
	a.name.SetText(a.p.m.NameOf(a.people[i]))
	a.before.SetText(j.before)
	a.after.SetText(j.after)
	a.note.SetText(j.note)
	var checks []kit.Option
	for _, name := range fieldwork.Practical(a.module) {
		checks = append(checks, kit.Option{Value: name, Word: w.T("practical." + name)})
	}
	a.checks.SetOptions(checks...)
	a.checks.SetValues(j.checks)
	a.can.SetValues(j.can)
	a.form.Clear()
	kit.Relay(a.p.v.content)
}

// keep saves what is typed about the person in front and says whether that went well.
func (a *assessPage) keep() bool {
	j := judged{module: a.module, before: a.before.Text, after: a.after.Text, checks: a.checks.Values(), can: a.can.Values(), note: a.note.Text}
	wrong, err := a.p.m.saveJudged(a.session, a.people[a.at], j, fieldwork.RecordID{}, a.p.env.Today())
	switch {
	case err != nil:
		a.p.env.Tell(err)
		return false
	case wrong != nil:
		a.form.SetErrors(wrong)
		a.form.FocusFirstError()
		return false
	}
	a.p.env.Saved()
	a.rows.Refresh()
	return true
}

// choose goes to another person; what was typed about the one before is saved.
func (a *assessPage) choose(id string) {
	for i, person := range a.people {
		if person.String() != id || i == a.at {
			continue
		}
		if !a.keep() {
			a.rows.SelectID(a.people[a.at].String())
			return
		}
		a.load(i)
	}
}

// save saves and goes to the next person; after the last one it says that all are done.
func (a *assessPage) save() {
	kit.Finish(a.p.env.Canvas())
	if !a.keep() {
		return
	}
	if a.at+1 == len(a.people) {
		a.p.env.Say(kit.Good, a.p.env.Words.T("training.assess.all"))
		return
	}
	a.load(a.at + 1)
	a.rows.SelectID(a.people[a.at].String())
	kit.Focus(a.before)
}
