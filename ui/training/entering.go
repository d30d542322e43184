package training

import (
	"kandili/internal/fieldwork"
	"kandili/ui/form"
	"kandili/ui/kit"
)

// fields is the form of what is entered.
func (p *Screen) fields() *form.View {
	if p.m.Kind() == fieldwork.KindCourse {
		return p.v.courseForm
	}
	return p.v.sessionForm
}

// New begins a session or course.
func (p *Screen) New() {
	p.keep()
	p.turn(nil)
	resumed := p.m.New()
	p.enter(resumed)
}

// edit opens the form of the session that is shown.
func (p *Screen) edit() {
	if r, ok := p.m.Session(); ok {
		p.editID(r.ID)
		p.focusForm()
	}
}

func (p *Screen) editID(id fieldwork.RecordID) {
	resumed, ok := p.m.Edit(id)
	if !ok {
		return
	}
	p.load(resumed)
}

func (p *Screen) enter(resumed bool) {
	p.load(resumed)
	p.v.rows.SelectID("")
	p.focusForm()
}

func (p *Screen) load(resumed bool) {
	p.typed = resumed
	p.fields().Load(p.m.Form())
	p.v.expect.SetValue("")
	p.sayExpected(0)
	if p.m.Kind() == fieldwork.KindCourse {
		p.v.show(p.v.coursePage)
		p.v.scrolls[1].ToTop()
	} else {
		p.v.show(p.v.sessionPage)
		p.v.scrolls[0].ToTop()
	}
	if resumed {
		p.env.Say(kit.Dim, p.env.Words.T("people.draft.resumed"))
	}
}

// focusForm goes to what is typed first: a course's title; of a session everything is filled in, so its modules are looked at first.
func (p *Screen) focusForm() {
	name := "modules"
	if p.m.Kind() == fieldwork.KindCourse {
		name = "title"
	}
	if f := p.fields().Form.Field(name); f != nil && f.Target != nil {
		kit.Focus(f.Target)
	}
}

// expected fills the roster in as a person chose.
func (p *Screen) expected(way string) {
	if p.m.Form() == nil {
		return
	}
	if way == "none" {
		way = ExpectNobody
	}
	_, left := p.m.Expect(way)
	p.sayExpected(left)
	p.edited()
}

// sayExpected says below the choice how many people are on the list.
func (p *Screen) sayExpected(left int) {
	w := p.env.Words
	if p.m.Form() == nil || p.m.Kind() != fieldwork.KindSession {
		return
	}
	n := len(p.m.Form().Refs("expected"))
	hint := w.N("training.expect.n", n)
	if n == 0 {
		hint = w.T("training.expect.nobody")
	}
	if left > 0 {
		hint += " " + w.T("training.expect.left", w.Number(left))
	}
	p.v.expectField.SetHint(hint)
	kit.Relay(p.v.content)
}

func (p *Screen) edited() {
	p.typed = true
	if p.draft != nil {
		p.draft.Cancel()
	}
	p.draft = p.env.Sched.After(soon, p.keep)
}

// keep keeps what is half typed.
func (p *Screen) keep() {
	if p.draft != nil {
		p.draft.Cancel()
	}
	if err := p.m.KeepDraft(p.typed); err != nil {
		p.env.Tell(err)
	}
}

// Save saves the form, or what the page in front is about.
func (p *Screen) Save() {
	if p.page != nil {
		p.page.save()
		return
	}
	if p.m.Form() == nil {
		return
	}
	kit.Finish(p.env.Canvas())
	if p.draft != nil {
		p.draft.Cancel()
	}
	fresh := p.m.Form().Record().IsZero()
	id, wrong, err := p.m.Save(fieldwork.RecordID{}, p.env.Today())
	switch {
	case err != nil:
		p.env.Tell(err)
		return
	case wrong != nil:
		p.fields().Wrong(wrong)
		return
	}
	p.typed = false
	p.env.Saved()
	key := "people.saved"
	if fresh {
		key = "training.made"
	}
	p.env.Say(kit.Good, p.env.Words.T(key, p.m.NameOf(id)))
	p.list()
	p.show()
	p.v.rows.SelectID(id.String())
	kit.Focus(p.v.find)
}

func (p *Screen) drop() {
	if p.draft != nil {
		p.draft.Cancel()
	}
	if err := p.m.Drop(); err != nil {
		p.env.Tell(err)
	}
	p.typed = false
	p.list()
	p.show()
	kit.Focus(p.v.find)
}
