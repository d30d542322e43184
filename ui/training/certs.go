package training

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/printing"
	"kandili/ui/task"
)

// certsPage says who earned which certificate of a course, issues and prints them.
type certsPage struct {
	p      *Screen
	course fieldwork.RecordID
	people []fieldwork.Earned // by name
	rows   *kit.RowList
	shown  *kit.States // the rows, or why there are none
	which  *kit.Choice
	count  *kit.Text
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
	c := &certsPage{p: p, course: course, count: kit.NewSub("")}
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
	c.all = kit.Scroll(kit.FillAbove(16, kit.Fill(12, head, c.count, c.shown.Object()), buttons))
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
			c.count.SetText("")
			c.shown.Instead(c.p.env.Failed(err, c.read))
			kit.Relay(c.p.v.content)
			return
		}
		c.shown.Content()
		slices.SortStableFunc(earned, func(a, b fieldwork.Earned) int {
			return cmp.Or(strings.Compare(fieldwork.Fold(c.p.m.NameOf(a.Person)), fieldwork.Fold(c.p.m.NameOf(b.Person))), a.Person.Compare(b.Person))
		})
		c.people = earned
		c.rows.ClearMarks()
		c.rows.SetCount(len(earned))
		for _, e := range earned {
			if e.Issued.IsZero() && e.Level() != fieldwork.CertifyNothing {
				c.rows.Mark(e.Person.String())
			}
		}
		if len(earned) > 0 && c.rows.SelectedID() == "" {
			c.rows.SelectID(earned[0].Person.String())
		}
		c.say()
	})
}

func (c *certsPage) say() {
	w := c.p.env.Words
	defer kit.Relay(c.p.v.content)
	if len(c.people) == 0 {
		c.count.SetText(w.T("training.certs.nobody"))
		return
	}
	c.count.SetText(w.N("training.certs.marked", len(c.rows.Marked())))
}

func (c *certsPage) item(i int) kit.RowItem {
	w, e := c.p.env.Words, c.people[i]
	item := kit.RowItem{ID: e.Person.String(), Title: c.p.m.NameOf(e.Person), Sub: c.missing(e)}
	switch {
	case !e.Issued.IsZero():
		item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkCheck, Word: fieldwork.CodeOf(e.Issued)}
	case e.Level() == fieldwork.CertifyCompetence:
		item.Status = kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: w.T("training.certs.competence")}
	case e.Level() == fieldwork.CertifyAttendance:
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
