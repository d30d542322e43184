package marks

import (
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
)

// Strip stands above a record's form and says what waits to be decided or answered about it. It is hidden while nothing does.
type Strip struct {
	OnDone func() // something was decided or answered

	env    *place.Env
	store  Store
	box    *fyne.Container
	fields []Field
}

// NewStrip is a strip about no record.
func NewStrip(env *place.Env, s Store) *Strip {
	p := &Strip{env: env, store: s, box: kit.Column(8)}
	p.box.Hide()
	return p
}

// Content is what to place.
func (p *Strip) Content() fyne.CanvasObject { return p.box }

// Show says what waits about records that are shown as one: a lamp with its visits. None hides the strip.
func (p *Strip) Show(ids ...fieldwork.RecordID) {
	p.box.RemoveAll()
	p.fields = nil
	for _, id := range ids {
		for _, o := range p.notes(id) {
			p.box.Add(o)
		}
	}
	p.box.Hidden = len(p.box.Objects) == 0
	kit.Relay(p.box)
}

// Contested are the fields that were written differently, of the record that is shown.
func (p *Strip) Contested() []Field { return p.fields }

func (p *Strip) reader() Reader { return Of(p.env, p.store) }

// Of is a reader in the words and times of a place.
func Of(env *place.Env, s Store) Reader {
	return Reader{Store: s, Words: env.Words, Zone: env.Now().Location()}
}

func (p *Strip) done() {
	if p.OnDone != nil {
		p.OnDone()
	}
}

func (p *Strip) notes(id fieldwork.RecordID) (list []fyne.CanvasObject) {
	w, r := p.env.Words, p.reader()
	if a := p.store.Receipt(id).Apart; a != nil {
		sentence, line := r.Apart(*a)
		list = append(list, note(sentence, nil, line))
	}
	fields := r.Fields(id)
	p.fields = append(p.fields, fields...)
	for _, f := range fields {
		list = append(list, note(w.T("marks.contested", f.Label), kit.Secondary(w.T("marks.choose"), func() { Choose(p.env, p.store, f, p.done) }), f.Lines()...))
	}
	for _, q := range r.Questions(id) {
		line := q.By
		if q.Field != "" {
			line = q.Field + " · " + line
		}
		list = append(list, note(w.T("marks.asks", q.Text), kit.Secondary(w.T("marks.answer"), func() { Reply(p.env, p.store, q, p.done) }), line))
	}
	return list
}

// note is a sentence with smaller lines below it, and what can be done about it; nil: nothing here.
func note(sentence string, act *kit.Button, lines ...string) fyne.CanvasObject {
	words := kit.Column(2, kit.NewBold(sentence))
	for _, line := range lines {
		words.Add(kit.NewSub(line))
	}
	if act == nil {
		return kit.Note(words)
	}
	return kit.Note(kit.Row(12, kit.Stretch(words), act))
}

// Choose asks which of the values holds, or for another one, and writes it once for everyone. done is told once that is saved; nil
// needs not to know.
func Choose(env *place.Env, s Store, f Field, done func()) {
	w, r := env.Words, Of(env, s)
	rows := kit.NewRowList(func(i int) kit.RowItem {
		item := kit.RowItem{ID: string(rune('a' + i)), Title: f.Values[i].Text, Sub: f.Values[i].By}
		if i == 0 && !f.Deleted {
			item.Status = kit.Status{Tone: kit.Quiet, Mark: kit.MarkFull, Word: w.T("marks.shown")}
		}
		return item
	})
	rows.SetCount(len(f.Values))
	rows.SelectID("a")
	body := kit.Column(16, kit.Fixed(0, float32(min(len(f.Values), 4))*rowHeight+4, rows))
	own := newOwn(w.T("marks.own"), w.T("do.choose"), f, r)
	if own != nil {
		body.Add(own.field)
	}
	var d *kit.Dialog
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(env.Canvas(), kit.Ask{Title: w.T("marks.which", f.Label, f.Name), Line: w.T("marks.which.line"), Body: body, First: rows, Width: 600,
		Yes: w.T("marks.decide"), No: w.T("do.cancel"), OnYes: func() bool {
			value := fieldwork.Value{}
			switch i := rows.SelectedIndex(); {
			case own != nil && own.text() != "":
				v, wrong := r.Typed(f, own.text(), env.Today())
				if wrong != "" {
					own.field.SetError(wrong)
					kit.Focus(own.field.Target)
					return false
				}
				value = v
			case i < 0:
				return false
			default:
				value = f.Values[i].Value
			}
			if err := r.Decide(f, value); err != nil {
				env.Tell(err)
				return false
			}
			env.Saved()
			env.Say(kit.Good, w.T("marks.decided", f.Label, r.Text(f.Kind, f.ID, value)))
			if done != nil {
				done()
			}
			return true
		}})
}

// own is where another value is typed or chosen.
type own struct {
	field *kit.Field
	text  func() string
}

func newOwn(label, choose string, f Field, r Reader) *own {
	if !f.Typable() {
		return nil
	}
	if options := f.Spec.Options; len(options) > 0 || f.Spec.Type == fieldwork.TypeBool {
		list := []kit.Option{{Value: "", Word: r.Words.T("option.blank")}}
		if f.Spec.Type == fieldwork.TypeBool {
			list = append(list, kit.Option{Value: "yes", Word: r.Words.T("option.yes")}, kit.Option{Value: "no", Word: r.Words.T("option.no")})
		}
		for _, o := range options {
			list = append(list, kit.Option{Value: o.Name, Word: r.Words.Option(f.Spec, o.N)})
		}
		c := kit.NewChoice(choose, list...)
		return &own{kit.NewField(label, c, ""), c.Value}
	}
	e, hint := kit.NewEntry(""), ""
	switch f.Spec.Type {
	case fieldwork.TypeRef:
		hint = r.Words.T("marks.own.code")
	case fieldwork.TypeDate:
		hint = r.Words.T("marks.own.date")
	}
	return &own{kit.NewField(label, e, hint), func() string { return strings.TrimSpace(e.Text) }}
}

// Reply answers a question of HQ. done is told once that is saved; nil needs not to know.
func Reply(env *place.Env, s Store, q Question, done func()) {
	w := env.Words
	answer := kit.NewArea(3)
	field := kit.NewField(w.T("marks.answer.label"), answer, w.T("marks.answer.hint"))
	line := q.By
	if q.Field != "" {
		line = q.Field + " · " + line
	}
	body := kit.Column(12, kit.NewBold(q.Text), kit.NewSub(line), field)
	kit.ShowDialog(env.Canvas(), kit.Ask{Title: w.T("marks.asks.about", q.Name), Body: body, First: answer, Width: 560, Yes: w.T("marks.answer.send"), No: w.T("do.cancel"), OnYes: func() bool {
		if strings.TrimSpace(answer.Text) == "" {
			field.SetError(w.T("marks.answer.empty"))
			kit.Focus(answer)
			return false
		}
		if err := Of(env, s).Answer(q, answer.Text, env.Now().Unix()); err != nil {
			env.Tell(err)
			return false
		}
		env.Saved()
		env.Say(kit.Good, w.T("marks.answered"))
		if done != nil {
			done()
		}
		return true
	}})
}
