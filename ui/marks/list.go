package marks

import (
	"strconv"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/show"
)

// mostListed is how many records a dialog lists; the rest comes once these are done.
const mostListed = 200

// ShowAsked lists what HQ asks of this laptop; Enter answers. done is told after each answer.
func ShowAsked(env *place.Env, s Store, done func()) {
	w := env.Words
	list := Of(env, s).Asked()
	if len(list) == 0 {
		return
	}
	rows := kit.NewRowList(func(i int) kit.RowItem {
		q := list[i]
		return kit.RowItem{ID: q.ID.String(), Title: q.Text, Sub: q.Name + " · " + q.By, Status: kit.Status{Tone: kit.Quiet, Word: kindWord(w, q.Kind)}}
	})
	pick(env, rows, len(list), list[0].ID.String(), w.N("today.todo.question", len(list)), w.T("marks.answer"), func(i int) { Reply(env, s, list[i], done) })
}

// ShowContested lists the fields that were written differently; Enter decides. done is told after each decision.
func ShowContested(env *place.Env, s Store, done func()) {
	w, r := env.Words, Of(env, s)
	var list []Field
	for _, id := range s.Contested() {
		if len(list) < mostListed {
			list = append(list, r.Fields(id)...)
		}
	}
	if len(list) == 0 {
		return
	}
	rows := kit.NewRowList(func(i int) kit.RowItem {
		f := list[i]
		return kit.RowItem{ID: f.key(), Title: f.Name + " · " + f.Label, Sub: f.Line(), Status: kit.Status{Tone: kit.Quiet, Word: kindWord(w, f.Kind)}}
	})
	pick(env, rows, len(list), list[0].key(), w.N("marks.contested.title", len(list)), w.T("marks.choose"), func(i int) { Choose(env, s, list[i], done) })
}

// ShowRefused says what of this laptop HQ keeps apart, and why.
func ShowRefused(env *place.Env, s Store) {
	r := Of(env, s)
	n, why := r.Refused()
	body := kit.Column(12)
	for _, a := range why {
		sentence, line := r.Apart(a)
		body.Add(kit.Column(2, kit.NewBold(sentence), kit.NewText(line)))
	}
	kit.ShowDialog(env.Canvas(), kit.Ask{Title: env.Words.N("today.todo.refused", n), Line: env.Words.T("marks.refused.line"), Body: body, Yes: env.Words.T("do.close"), Width: 560})
}

func (f Field) key() string { return f.Record.String() + " " + strconv.Itoa(int(f.ID)) }

func kindWord(w *show.Words, kind fieldwork.Kind) string {
	if kind == 0 {
		return ""
	}
	return w.T("kind." + kind.String())
}

// pick is a dialog with rows of which one is opened.
func pick(env *place.Env, rows *kit.RowList, n int, first, title, act string, open func(i int)) {
	rows.SetCount(n)
	rows.SelectID(first)
	var d *kit.Dialog
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(env.Canvas(), kit.Ask{Title: title, Body: kit.Fixed(0, float32(min(n, 6))*rowHeight+4, rows), First: rows, Width: 680, Yes: act, No: env.Words.T("do.close"), OnYes: func() bool {
		i := rows.SelectedIndex()
		if i < 0 {
			return false
		}
		d.Close()
		open(i)
		return false
	}})
}

// rowHeight is about the height of a row in a list; a list that is too low scrolls.
const rowHeight = 57
