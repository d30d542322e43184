package importing

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/show"
	"kandili/ui/task"
)

// Desk reads files and imports tables.
type Desk interface {
	// ReadTable reads CSV or XLSX.
	ReadTable(path string) (Table, error)
	// ImportTable adds the rows of a table with the fields' own names as heads; a dry run only says what would happen.
	ImportTable(ctx context.Context, kind fieldwork.Kind, t Table, dry bool, report func(done, total int)) (Done, error)
	// SaveRefused writes the refused rows, with the reason in a column of its own, to where a person finds them.
	SaveRefused(name string, heads []string, rows [][]string) (path string, err error)
}

// Done says what an import did, or would do.
type Done struct {
	Read, Added, Changed int
	Refused              []Refused
}

// Refused is a row that is not taken.
type Refused struct {
	Line  int
	Field string
	Why   string
}

// IsTable says whether a file's name is one of a list.
func IsTable(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".xlsx", ".tsv":
		return true
	}
	return false
}

// Import is one import under way, in dialogs over a place.
type Import struct {
	env  *place.Env
	desk Desk
	kind fieldwork.Kind
	done func() // after something was imported
	m    *Matcher
	t    Table
	path string
}

// New is an import of a kind.
func New(env *place.Env, desk Desk, kind fieldwork.Kind, done func()) *Import {
	var all []*show.Words
	for _, l := range show.Langs() {
		if w, err := show.Load(l.Code); err == nil {
			all = append(all, w)
		}
	}
	return &Import{env: env, desk: desk, kind: kind, done: done, m: NewMatcher(kind, all)}
}

// Ask asks for the file.
func (p *Import) Ask() {
	w := p.env.Words
	path := kit.NewEntry("")
	field := kit.NewField(w.T("import.file"), path, w.T("import.file.hint"))
	var d *kit.Dialog
	path.OnSubmitted = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("import.title"), Line: w.T("import.line"), Body: field, First: path, Yes: w.T("import.read"), No: w.T("do.cancel"),
		Width: 600, OnYes: func() bool {
			text := strings.Trim(strings.TrimSpace(path.Text), `"'`)
			if !IsTable(text) {
				field.SetError(w.T("import.file.kind"))
				return false
			}
			p.Take(text)
			return true
		}})
}

// Take reads a file and shows how its columns are understood.
func (p *Import) Take(path string) {
	p.path = path
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		p.t, err = p.desk.ReadTable(path)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			p.env.Tell(err)
		case len(p.t.Rows) == 0:
			p.env.Say(kit.Dim, p.env.Words.T("import.empty"))
		default:
			p.match(p.m.Guess(p.t))
		}
	})
}

// leave is the choice for a column that nobody needs.
const leave = "-"

// match shows every column with what stands in it and what it is taken for.
func (p *Import) match(guessed []string) {
	w, spec := p.env.Words, fieldwork.SpecOf(p.kind)
	options := []kit.Option{{Value: leave, Word: w.T("import.leave")}}
	for _, name := range p.m.Fields() {
		options = append(options, kit.Option{Value: name, Word: w.Label(spec, spec.FieldByName(name))})
	}
	choices, fields := make([]*kit.Choice, len(p.t.Heads)), make([]*kit.Field, len(p.t.Heads))
	for i, head := range p.t.Heads {
		c := kit.NewChoice("", options...)
		c.SetValue(leave)
		if guessed[i] != "" {
			c.SetValue(guessed[i])
		}
		cells := column(p.t, i)
		sample := strings.Join(cells[:min(len(cells), 3)], " · ")
		choices[i], fields[i] = c, kit.NewField(head, c, sample)
	}
	var first fyne.Focusable
	if len(choices) > 0 {
		first = choices[0]
	}
	body := pairs(fields)
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("import.match"), Line: w.N("import.match.line", len(p.t.Rows), filepath.Base(p.path)), Body: body, First: first, Width: 700,
		Yes: w.T("import.try"), No: w.T("do.cancel"), OnYes: func() bool {
			chosen := make([]string, len(choices))
			seen := map[string]bool{}
			for i, c := range choices {
				v := c.Value()
				fields[i].SetError("")
				if v == leave {
					continue
				}
				if seen[v] {
					fields[i].SetError(w.T("import.twice", w.Label(spec, spec.FieldByName(v))))
					kit.Relay(body)
					kit.Focus(c)
					return false
				}
				chosen[i], seen[v] = v, true
			}
			p.try(chosen)
			return true
		}})
}

// pairs puts fields side by side, two and two.
func pairs(fields []*kit.Field) *fyne.Container {
	body := kit.Column(16)
	for i := 0; i < len(fields); i += 2 {
		right := fyne.CanvasObject(kit.Column(0))
		if i+1 < len(fields) {
			right = fields[i+1]
		}
		body.Add(kit.Columns(16, []float32{1, 1}, fields[i], right))
	}
	return body
}

// try says what would happen, without doing it.
func (p *Import) try(fields []string) {
	t := p.m.Apply(p.t, fields)
	p.run(t, true, func(d Done) { p.preview(t, fields, d) })
}

// run imports beside the window, with progress and a way to stop; what was stopped is not there at all.
func (p *Import) run(t Table, dry bool, then func(Done)) {
	w := p.env.Words
	ctx, stop := context.WithCancel(context.Background())
	line := kit.NewProgressLine()
	d := kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("import.running"), Body: line, Yes: w.T("do.stop"), OnYes: func() bool { stop(); return false }, OnNo: stop, Width: 520})
	var got Done
	watch := task.WithWatch(context.Background(), func(done, total int64, note string) { line.Set(done, total, note) })
	p.env.Sched.Run(watch, func(_ context.Context, report task.Progress) (err error) {
		got, err = p.desk.ImportTable(ctx, p.kind, t, dry, func(done, total int) { report.Report(int64(done), int64(total), w.Number(done)+" / "+w.Number(total)) })
		return err
	}, func(err error) {
		stopped := ctx.Err() != nil
		stop()
		d.Close()
		switch {
		case stopped:
			p.env.Say(kit.Dim, w.T("import.stopped"))
		case err != nil:
			p.env.Tell(err)
		default:
			then(got)
		}
	})
}

// preview says what would be added, changed and refused, and does it when asked.
func (p *Import) preview(t Table, fields []string, d Done) {
	w := p.env.Words
	body := kit.Column(8, kit.NewBold(w.T("import.would", w.Number(d.Added), w.Number(d.Changed), w.Number(rows(d.Refused)))))
	for i, r := range d.Refused {
		if i == 200 {
			break
		}
		name := r.Field
		if f := fieldwork.SpecOf(p.kind).FieldByName(name); f != nil {
			name = w.Label(fieldwork.SpecOf(p.kind), f)
		}
		body.Add(kit.NewText(w.T("import.refused", w.Number(r.Line), name, r.Why)))
	}
	var dlg *kit.Dialog
	parts := kit.Column(16, body)
	if len(d.Refused) > 0 {
		parts.Add(kit.Row(12, kit.Secondary(w.T("import.save"), func() { p.saveRefused(d.Refused) })))
	}
	ask := kit.Ask{Title: w.T("import.preview"), Line: w.T("import.preview.line"), Body: parts, Width: 700, Yes: w.T("import.do"), No: w.T("do.cancel"), OnYes: func() bool {
		dlg.Close()
		p.run(t, false, p.finished)
		return true
	}, OnNo: func() { p.match(fields) }}
	if d.Added+d.Changed == 0 {
		ask.Yes, ask.OnYes, ask.No = w.T("do.close"), nil, ""
	}
	dlg = kit.ShowDialog(p.env.Canvas(), ask)
}

func (p *Import) finished(d Done) {
	w := p.env.Words
	p.env.Saved()
	p.env.Say(kit.Good, w.T("import.done", w.Number(d.Added), w.Number(d.Changed), w.Number(rows(d.Refused))))
	p.done()
}

// rows counts rows, which may have several faults.
func rows(list []Refused) int {
	seen := map[int]bool{}
	for _, r := range list {
		seen[r.Line] = true
	}
	return len(seen)
}

// saveRefused writes the rows that were refused as a file to mend: as they came, with the reason in front.
func (p *Import) saveRefused(list []Refused) {
	w := p.env.Words
	why := map[int][]string{}
	for _, r := range list {
		why[r.Line] = append(why[r.Line], r.Why)
	}
	var out [][]string
	for i, row := range p.t.Rows {
		if reasons := why[p.t.Lines[i]]; reasons != nil {
			out = append(out, append([]string{strings.Join(reasons, " ")}, row...))
		}
	}
	name := strings.TrimSuffix(filepath.Base(p.path), filepath.Ext(p.path)) + " " + w.T("import.save.name") + ".csv"
	path, err := p.desk.SaveRefused(name, append([]string{w.T("import.save.why")}, p.t.Heads...), out)
	if err != nil {
		p.env.Tell(err)
		return
	}
	p.env.Say(kit.Good, path)
}
