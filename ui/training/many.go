package training

import (
	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/marks"
)

// marked shows what can be done with the marked rows.
func (p *Screen) marked(n int) {
	what := "training.marked"
	if p.m.Kind() == fieldwork.KindCourse {
		what = "training.marked.courses"
	}
	p.v.many.Hidden = n == 0
	p.v.manyCount.SetText(p.env.Words.N(what, n))
	p.v.state.Hidden = p.m.Kind() == fieldwork.KindCourse
	kit.Relay(p.v.content)
}

// askState asks which state the marked sessions are to have, and gives it to them in one change.
func (p *Screen) askState() {
	var sessions []fieldwork.RecordID
	for _, text := range p.v.rows.Marked() {
		if id, err := fieldwork.ParseRecordID(text); err == nil {
			sessions = append(sessions, id)
		}
	}
	if len(sessions) == 0 {
		return
	}
	w := p.env.Words
	f := fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionStatus)
	var options []kit.Option
	for _, o := range f.Options {
		options = append(options, kit.Option{Value: o.Name, Word: w.Option(f, o.N)})
	}
	state := kit.NewChoice(w.T("do.choose"), options...)
	field := kit.NewField(w.Label(fieldwork.SpecOf(fieldwork.KindSession), f), state, "")
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.N("training.state.title", len(sessions)), Body: field, Yes: w.T("training.state"), No: w.T("do.cancel"), First: state, Width: 520,
		OnYes: func() bool {
			o, ok := f.OptionByName(state.Value())
			if !ok {
				field.SetError(w.T("training.state.choose"))
				return false
			}
			n, err := p.m.SetStatuses(sessions, o.N)
			if err != nil {
				p.env.Tell(err)
				return false
			}
			p.v.rows.ClearMarks()
			p.saved()
			p.env.Done(w.N("training.state.done", n, w.Option(f, o.N)))
			return true
		}})
}

// history shows who wrote what about the session that is shown.
func (p *Screen) history() {
	if r, ok := p.m.Session(); ok {
		marks.ShowHistory(p.env, p.m.store, p.m.Title(r), r.ID)
	}
}
