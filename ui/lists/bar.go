package lists

import (
	"context"
	"io"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Bar is the line between a search and its list: how many there are, how they are arranged, and what can be done with all of them.
type Bar struct {
	Count *kit.Text // how many; the place says so
	Busy  *kit.Work // an export under way

	env     *place.Env
	m       *Model
	store   Store
	changed func()
	shown   func() []fieldwork.RecordID
	marked  func() []string // rows that a person marked; nil: none can be
	at      Where
	order   *kit.PillButton
	object  fyne.CanvasObject
}

// NewBar is the line for a list. changed is called when it is to be arranged anew; shown are the records in it; at gives their
// positions, or is nil where they have none.
func NewBar(env *place.Env, m *Model, s Store, changed func(), shown func() []fieldwork.RecordID, at Where) *Bar {
	b := &Bar{Count: kit.NewSub(""), Busy: kit.NewWork(env.Words.T("do.stop")), env: env, m: m, store: s, changed: changed, shown: shown, at: at}
	b.order = kit.Pill(kit.Status{}, b.Arrange)
	export := kit.Pill(kit.Status{Word: env.Words.T("list.export")}, b.Export)
	b.object = kit.Column(8, kit.Row(8, kit.Stretch(b.Count), b.order, export), b.Busy)
	b.say()
	return b
}

// Marks lets an export be of the marked rows alone: marked gives their ids, those of RowList.Marked.
func (b *Bar) Marks(marked func() []string) { b.marked = marked }

// chosen are the marked records.
func (b *Bar) chosen() (out []fieldwork.RecordID) {
	if b.marked == nil {
		return nil
	}
	for _, text := range b.marked() {
		if id, err := fieldwork.ParseRecordID(text); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// Object is what to place.
func (b *Bar) Object() fyne.CanvasObject { return b.object }

// say shows how the list is arranged; a list that leaves something out says so on amber, or a person would look for it in vain.
func (b *Bar) say() {
	arrow := " ↑"
	if b.m.Way().Down {
		arrow = " ↓"
	}
	st := kit.Status{Word: b.m.Sort().Word + arrow}
	if only := b.m.Filtered(); len(only) > 0 {
		st = kit.Status{Tone: kit.Dim, Mark: kit.MarkHalf, Word: strings.Join(only, ", ") + " · " + st.Word}
	}
	b.order.SetStatus(st)
}

// many is from how many options on one types instead of choosing.
const many = 12

// Arrange asks how the list is to be sorted and what is to be left out.
func (b *Bar) Arrange() {
	w, way := b.env.Words, b.m.Way()
	only := map[string]string{}
	for id, option := range way.Only {
		only[id] = option
	}
	var sorts []kit.Option
	for _, s := range b.m.sorts {
		sorts = append(sorts, kit.Option{Value: s.ID, Word: s.Word})
	}
	sort := kit.NewChoice("", sorts...)
	sort.SetValue(b.m.Sort().ID)
	down := kit.NewChoice("", kit.Option{Value: "", Word: w.T("list.up")}, kit.Option{Value: "down", Word: w.T("list.down")})
	if way.Down {
		down.SetValue("down")
	} else {
		down.SetValue("")
	}
	body := kit.Column(14, kit.Columns(16, []float32{3, 2}, kit.NewField(w.T("list.sort"), sort, ""), kit.NewField(w.T("list.direction"), down, "")))
	for _, f := range b.m.filters {
		body.Add(b.filter(f, only))
	}
	set := func(way Way) bool {
		if err := b.m.Set(way); err != nil {
			b.env.Tell(err)
			return false
		}
		b.say()
		b.changed()
		return true
	}
	var d *kit.Dialog
	if len(only) > 0 {
		body.Add(kit.Row(0, kit.Secondary(w.T("list.all"), func() {
			if set(Way{Sort: way.Sort, Down: way.Down}) {
				d.Close()
			}
		})))
	}
	d = kit.ShowDialog(b.env.Canvas(), kit.Ask{Title: w.T("list.arrange"), Body: body, Yes: w.T("list.apply"), No: w.T("do.cancel"), First: sort,
		OnYes: func() bool { return set(Way{Sort: sort.Value(), Down: down.Value() == "down", Only: only}) }})
}

// filter is the field of one filter; what is chosen goes into only.
func (b *Bar) filter(f Filter, only map[string]string) fyne.CanvasObject {
	w := b.env.Words
	options := append([]Option{{"", w.T("list.any")}}, f.Options()...)
	if len(options) > many {
		p := kit.NewPicker(w.T("list.any"), func(text string) (out []kit.PickItem) {
			for _, o := range options {
				if strings.Contains(fieldwork.Fold(o.Word), fieldwork.Fold(strings.TrimSpace(text))) {
					out = append(out, kit.PickItem{Value: o.Value, Word: o.Word})
				}
			}
			return out
		})
		for _, o := range options {
			if o.Value != "" && o.Value == only[f.ID] {
				p.SetValue(o.Value, o.Word)
			}
		}
		p.OnPicked = func(v string) { only[f.ID] = v }
		return kit.NewField(f.Word, p, "")
	}
	c := kit.NewChoice("")
	choices := make([]kit.Option, len(options))
	for i, o := range options {
		choices[i] = kit.Option{Value: o.Value, Word: o.Word}
	}
	c.SetChoices(choices...)
	c.SetValue(only[f.ID])
	c.OnPicked = func(v string) { only[f.ID] = v }
	return kit.NewField(f.Word, c, "")
}

// Export asks for a form of file and writes what the list shows, or the marked rows of it.
func (b *Bar) Export() {
	w, ids, marked := b.env.Words, b.shown(), b.chosen()
	if len(ids) == 0 {
		b.env.Say(kit.Quiet, w.T("list.export.nothing"))
		return
	}
	options := []kit.Option{{Value: XLSX, Word: w.T("list.xlsx")}, {Value: CSV, Word: w.T("list.csv")}}
	if b.at != nil {
		options = append(options, kit.Option{Value: GeoJSON, Word: w.T("list.geojson")})
	}
	format := kit.NewChoice("", options...)
	format.SetValue(XLSX)
	body := kit.Column(14)
	which := kit.NewChoice("", kit.Option{Value: "marked", Word: w.N("list.export.marked", len(marked))}, kit.Option{Value: "all", Word: w.N("list.export.all", len(ids))})
	line, first := w.T("list.export.care"), format
	if len(marked) > 0 {
		which.SetValue("marked")
		body.Add(kit.NewField(w.T("list.export.which"), which, ""))
		first = which
	} else {
		line = w.N("list.export.line", len(ids)) + " " + line
	}
	body.Add(kit.NewField(w.T("list.format"), format, ""))
	kit.ShowDialog(b.env.Canvas(), kit.Ask{Title: w.T("list.export.title"), Line: line,
		Body: body, Yes: w.T("list.export.do"), No: w.T("do.cancel"), First: first, OnYes: func() bool {
			if which.Value() == "marked" && len(marked) > 0 {
				ids = marked
			}
			b.write(format.Value(), ids)
			return true
		}})
}

// write writes beside the window; stopping leaves no half file.
func (b *Bar) write(format string, ids []fieldwork.RecordID) {
	w := b.env.Words
	name := w.T("list.file."+b.m.name) + "." + format
	var path string
	n := 0
	ctx, stop := context.WithCancel(context.Background())
	watch := task.WithWatch(ctx, func(done, total int64, _ string) {
		b.Busy.Line.Set(done, total, w.T("list.exporting", w.Number(int(done)), w.Number(int(total))))
	})
	run := b.env.Sched.Run(watch, func(ctx context.Context, report task.Progress) (err error) {
		path, err = b.env.Files.SavePaper(name, func(to io.Writer) (err error) {
			n, err = Export(ctx, to, format, b.store, b.m.table, ids, b.at, report)
			return err
		})
		return err
	}, func(err error) {
		stop()
		b.Busy.End()
		kit.Relay(b.object)
		if err != nil {
			b.env.Tell(err)
			return
		}
		b.offer(path, n, len(ids))
	})
	b.Busy.Begin(w.T("list.exporting", w.Number(0), w.Number(len(ids))), func() {
		run.Cancel()
		stop()
		b.Busy.End()
		kit.Relay(b.object)
		b.env.Say(kit.Quiet, w.T("list.export.stopped"))
	})
	kit.Relay(b.object)
}

// offer says where the file is and opens it on demand.
func (b *Bar) offer(path string, n, of int) {
	w := b.env.Words
	line := path
	if n < of {
		line = w.N("list.export.without", of-n) + "\n" + path
	}
	kit.ShowDialog(b.env.Canvas(), kit.Ask{Title: w.N("list.exported", n), Line: line, Yes: w.T("paper.open"), No: w.T("do.close"), Width: 560, OnYes: func() bool {
		if err := b.env.Files.OpenFile(path); err != nil {
			b.env.Tell(err)
		}
		return true
	}})
}
