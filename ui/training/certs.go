package training

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/lists"
	"kandili/ui/printing"
	"kandili/ui/task"
)

// certsPage says who earned which certificate of a course, issues and prints them.
type certsPage struct {
	p      *Screen
	course fieldwork.RecordID
	earned atomic.Pointer[map[fieldwork.RecordID]fieldwork.Earned] // of the course, also read while a table is written
	people []fieldwork.RecordID                                    // as the list arranges them
	list   *lists.Model
	line   *lists.Bar
	rows   *kit.RowList
	shown  *kit.States // the rows, or why there are none
	which  *kit.Choice
	all    fyne.CanvasObject
}

// certify opens the page for the course of the session that is shown, or the only course.
func (p *Screen) certify() {
	course := fieldwork.RecordID{}
	if r, ok := p.m.Session(); ok {
		course = r.Get(fieldwork.SessionCourse).Ref()
	}
	all := p.m.FindCourses("")
	switch {
	case len(all) == 0:
		p.env.Say(kit.Dim, p.env.Words.T("training.certs.nocourse"))
		return
	case course.IsZero():
		course = all[0].ID
	}
	p.turn(newCertsPage(p, p.m.store.Canonical(course), all))
}

func newCertsPage(p *Screen, course fieldwork.RecordID, courses []Named) *certsPage {
	w := p.env.Words
	c := &certsPage{p: p, course: course}
	c.earned.Store(&map[fieldwork.RecordID]fieldwork.Earned{})
	c.list = lists.Of(p.m.store, "certificates", c.each, c.table(), c.sorts(), c.filters())
	c.line = lists.NewBar(p.env, c.list, p.m.store, c.arrange, func() []fieldwork.RecordID { return slices.Clone(c.people) }, nil)
	var options []kit.Option
	for _, n := range courses {
		options = append(options, kit.Option{Value: n.ID.String(), Word: n.Name})
	}
	c.which = kit.NewChoice(w.T("do.choose"), options...)
	c.which.SetValue(course.String())
	c.which.OnPicked = func(s string) {
		if id, err := fieldwork.ParseRecordID(s); err == nil {
			c.course = id
			c.read()
		}
	}
	c.rows = kit.NewRowList(c.item)
	c.rows.OnMarked = func(int) { c.say() }
	c.shown = kit.NewStates(c.rows)
	buttons := kit.Flow(12, kit.Primary(w.T("training.certs.issue"), c.save).WithHint("Ctrl S"), kit.Secondary(w.T("do.back"), p.Back).WithHint(w.T("key.esc")))
	head := kit.Row(16, kit.Stretch(kit.Column(2, kit.NewTitle(w.T("training.certs.title")), kit.NewSub(w.T("training.certs.rule", fieldwork.PassScore)))),
		kit.Fixed(320, 0, c.which))
	c.all = kit.Scroll(kit.FillAbove(16, kit.Fill(12, head, c.line.Object(), c.shown.Object()), buttons))
	return c
}

func (c *certsPage) content() fyne.CanvasObject { return c.all }
func (c *certsPage) keys() string               { return c.p.env.Words.T("training.certs.keys") }
func (c *certsPage) enter()                     { c.read(); kit.Focus(c.rows) }
func (c *certsPage) print()                     { c.save() }
func (c *certsPage) changed()                   {}

// read works out beside the window who earned what, and marks who has none yet.
func (c *certsPage) read() {
	var earned []fieldwork.Earned
	course := c.course
	c.p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		earned, err = c.p.tools.Earned(course)
		return err
	}, func(err error) {
		if err != nil {
			c.line.Count.SetText("")
			c.shown.Instead(c.p.env.Failed(err, c.read))
			kit.Relay(c.p.v.content)
			return
		}
		c.shown.Content()
		all := map[fieldwork.RecordID]fieldwork.Earned{}
		for _, e := range earned {
			all[e.Person] = e
		}
		c.earned.Store(&all)
		c.rows.ClearMarks()
		c.arrange()
		for _, id := range c.people {
			if e := all[id]; e.Issued.IsZero() && e.Level() != fieldwork.CertifyNothing {
				c.rows.Mark(id.String())
			}
		}
		c.say()
	})
}

// arrange shows the list as it is sorted and filtered now.
func (c *certsPage) arrange() {
	c.people = c.list.Arrange()()
	c.rows.SetCount(len(c.people))
	if len(c.people) > 0 && c.rows.SelectedID() == "" {
		c.rows.SelectID(c.people[0].String())
	}
	c.say()
}

func (c *certsPage) say() {
	w := c.p.env.Words
	defer kit.Relay(c.p.v.content)
	switch {
	case len(*c.earned.Load()) == 0:
		c.line.Count.SetText(w.T("training.certs.nobody"))
	case len(c.people) == 0:
		c.line.Count.SetText(w.T("list.filtered.none"))
	default:
		c.line.Count.SetText(w.N("training.certs.marked", len(c.rows.Marked())))
	}
}

func (c *certsPage) item(i int) kit.RowItem {
	w, e := c.p.env.Words, (*c.earned.Load())[c.people[i]]
	item := kit.RowItem{ID: e.Person.String(), Title: c.p.m.NameOf(e.Person), Sub: c.missing(e)}
	switch stage(e) {
	case stageIssued:
		item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkCheck, Word: fieldwork.CodeOf(e.Issued)}
	case stageCompetence:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: w.T("training.certs.competence")}
	case stageAttendance:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkHalf, Word: w.T("training.certs.attendance")}
	default:
		item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: w.T("training.certs.notyet")}
	}
	return item
}

// missing says what somebody still lacks, or what she can do.
func (c *certsPage) missing(e fieldwork.Earned) string {
	w := c.p.env.Words
	can := func(list []int64) string {
		f := fieldwork.SpecOf(fieldwork.KindAssessment).Field(fieldwork.AssessmentCompetence)
		words := make([]string, len(list))
		for i, n := range list {
			words[i] = w.Option(f, n)
		}
		return strings.Join(words, ", ")
	}
	switch {
	case len(e.Missing) > 0:
		return w.T("training.certs.missed", c.p.m.modules(e.Missing))
	case len(e.Failed) > 0:
		return w.T("training.certs.failed", c.p.m.modules(e.Failed))
	case len(e.NotSeen) > 0:
		return w.T("training.certs.notseen", can(e.NotSeen))
	case len(e.Can) > 0:
		return w.T("training.certs.can", can(e.Can))
	}
	return c.p.m.modules(e.Modules)
}

// save issues certificates to those who are marked, and prints them; who has one already gets hers printed again.
func (c *certsPage) save() {
	w, p := c.p.env.Words, c.p
	var people []fieldwork.RecordID
	for _, text := range c.rows.Marked() {
		if id, err := fieldwork.ParseRecordID(text); err == nil {
			people = append(people, id)
		}
	}
	var made []fieldwork.RecordID
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		made, err = p.tools.Certify(c.course, people, fieldwork.RecordID{})
		return err
	}, func(err error) {
		switch {
		case err != nil:
			p.env.Tell(err)
		case len(made) == 0:
			p.env.Say(kit.Dim, w.T("training.certs.none"))
		default:
			p.env.Saved()
			p.env.Print(printing.Job{Title: w.N("training.certs.made", len(made)), File: w.T("training.certs.file"),
				Make: func(c printing.Wish) (printing.Paper, error) { return p.env.Papers.CertificatePaper(made, c.How) }})
		}
		c.read()
	})
}
