package training

import (
	"context"
	"io"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/task"
)

// gridPage shows people by sessions.
type gridPage struct {
	p     *Screen
	g     *fieldwork.Grid // nil while it is read
	table *kit.CrossTab
	shown *kit.States // the table, or why there is none
	count *kit.Text
	all   fyne.CanvasObject
}

func (p *Screen) grid() { p.keep(); p.turn(newGridPage(p)) }

func newGridPage(p *Screen) *gridPage {
	w := p.env.Words
	g := &gridPage{p: p, table: kit.NewCrossTab(), count: kit.NewSub(w.T("people.reading"))}
	g.table.OnOpened = g.open
	g.shown = kit.NewStates(g.table)
	where := w.T("window.all_sites")
	if name := p.m.NameOf(p.env.Site()); name != "" {
		where = name
	}
	export := func(format string) func() { return func() { g.export(format) } }
	buttons := kit.Flow(12, kit.Primary(w.T("training.grid.xlsx"), export("xlsx")).WithHint("Ctrl S"), kit.Secondary(w.T("training.grid.csv"), export("csv")),
		kit.Secondary(w.T("do.back"), p.Back).WithHint(w.T("key.esc")))
	head := kit.Column(2, kit.NewTitle(w.T("training.grid.title", where)), g.count)
	g.all = kit.Scroll(kit.FillAbove(16, kit.Fill(12, head, g.shown.Object()), buttons))
	return g
}

func (g *gridPage) content() fyne.CanvasObject { return g.all }
func (g *gridPage) keys() string               { return g.p.env.Words.T("training.grid.keys") }
func (g *gridPage) enter()                     { g.read(); kit.Focus(g.table) }
func (g *gridPage) save()                      { g.export("xlsx") }
func (g *gridPage) print()                     { g.export("xlsx") }
func (g *gridPage) changed()                   { g.read() }

// read works the grid out beside the window: it reads every attendance.
func (g *gridPage) read() {
	site, now, late := g.p.env.Site(), g.p.env.Now().Unix(), g.p.tools.LateAfter()
	s := g.p.m.store
	var grid *fieldwork.Grid
	g.p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
		grid = fieldwork.NewGrid(s, fieldwork.NewRoll(s, now, late), func(r fieldwork.Record) bool {
			return site.IsZero() || s.Canonical(r.Get(fieldwork.SessionSite).Ref()) == s.Canonical(site)
		})
		return nil
	}, func(err error) {
		if err != nil {
			g.count.SetText("")
			g.shown.Instead(g.p.env.Failed(err, g.read))
			kit.Relay(g.p.v.content)
			return
		}
		g.g = grid
		g.shown.Content()
		g.show()
	})
}

func (g *gridPage) show() {
	w := g.p.env.Words
	g.count.SetText(w.T("training.grid.size", w.N("people.count", len(g.g.People)), w.N("training.sessions", len(g.g.Sessions))))
	kit.Relay(g.p.v.content)
	g.table.SetData(kit.CrossData{
		Rows: len(g.g.People), Cols: len(g.g.Sessions), Corner: w.T("training.grid.name"), Total: w.T("training.grid.total"),
		Name: func(i int) string { return g.g.Names[i] },
		Head: g.head,
		Cell: func(i, j int) kit.Status {
			n, expected := g.g.At(i, j)
			if n == 0 && !expected {
				return kit.Status{}
			}
			return presence(g.p.env, n)
		},
		RowTotal: func(i int) string {
			came, of := g.g.PersonTotal(i)
			return strconv.Itoa(came) + " / " + strconv.Itoa(of)
		},
		ColTotal: func(j int) string {
			came, of := g.g.SessionTotal(j)
			return strconv.Itoa(came) + " / " + strconv.Itoa(of)
		},
	})
}

// head is a session's day and what it was about.
func (g *gridPage) head(j int) (first, second string) {
	r := g.g.Sessions[j]
	first = "–"
	if n := start(r); n != 0 {
		t := time.Unix(n, 0).In(g.p.env.Now().Location())
		first = strconv.Itoa(t.Day()) + " " + g.p.env.Words.T("month."+strconv.Itoa(int(t.Month()))) + " " + g.p.env.Words.Clock(t)
	}
	return first, g.p.m.Title(r)
}

// open asks about the person and session of a cell.
func (g *gridPage) open(row, col int) {
	n, _ := g.g.At(row, col)
	g.p.askAbout(g.g.Sessions[col].ID, g.g.People[row], g.g.Names[row]+" · "+g.p.m.Title(g.g.Sessions[col]), n, false)
}

// export writes what the page shows to a file among the person's own.
func (g *gridPage) export(format string) {
	if g.g == nil {
		return
	}
	w, env := g.p.env.Words, g.p.env
	words := fieldwork.GridWords{Code: w.T("training.grid.code"), Name: w.T("training.grid.name"), Total: w.T("training.grid.total"),
		Presence: func(n fieldwork.Presence) string {
			if n == 0 {
				return ""
			}
			return presence(env, n).Word
		},
		Session: func(r fieldwork.Record) string { return g.p.m.When(r) + " · " + g.p.m.Title(r) }}
	grid := g.g
	var path string
	env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		path, err = g.p.env.Files.SavePaper(w.T("training.grid.file")+"."+format, func(out io.Writer) error { return g.p.tools.WriteGrid(out, format, grid, words) })
		return err
	}, func(err error) {
		if err != nil {
			env.Tell(err)
			return
		}
		g.p.offer(w.T("training.grid.ready"), path)
	})
}
