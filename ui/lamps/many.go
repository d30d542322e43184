package lamps

import (
	"context"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/task"
)

// Move brings lamps to another village in one change: what is in store belongs there from now on, and what hangs, hangs there.
func (m *Model) Move(lamps []fieldwork.RecordID, site fieldwork.RecordID) (n int, err error) {
	var writes []journal.Write
	write := func(kind fieldwork.Kind, id fieldwork.RecordID, f fieldwork.FieldID) {
		writes = append(writes, journal.Write{Kind: kind, Record: id, Fields: []fieldwork.FieldValue{{Field: f, Value: fieldwork.Ref(site)}}})
	}
	for _, id := range lamps {
		r, ok := m.store.Record(id)
		if !ok {
			continue
		}
		before := len(writes)
		if r.Get(fieldwork.LampSite).Ref() != site {
			write(fieldwork.KindLamp, id, fieldwork.LampSite)
		}
		if _, place := m.state(r); !place.ID.IsZero() && place.Get(fieldwork.InstallationSite).Ref() != site {
			write(fieldwork.KindInstallation, place.ID, fieldwork.InstallationSite)
		}
		if len(writes) > before {
			n++
		}
	}
	_, err = m.store.SaveAll(store.InParts(fieldwork.RecordID{}, writes))
	return n, err
}

// marked shows what can be done with the marked lamps.
func (p *Screen) marked(n int) {
	p.v.many.Hidden = n == 0
	p.v.manyCount.SetText(p.env.Words.N("lamps.marked", n))
	kit.Relay(p.v.content)
}

// askMove asks where the marked lamps go.
func (p *Screen) askMove() {
	var lamps []fieldwork.RecordID
	for _, text := range p.v.rows.Marked() {
		if id, err := fieldwork.ParseRecordID(text); err == nil {
			lamps = append(lamps, id)
		}
	}
	if len(lamps) == 0 || p.moving {
		return
	}
	w := p.env.Words
	where := kit.NewPicker(w.T("do.choose"), finder(p.m.Sites))
	field := kit.NewField(w.T("people.move.where"), where, "")
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.N("lamps.move.title", len(lamps)), Line: w.T("lamps.move.line"), Body: field, First: where.Target(), Width: 520,
		Yes: w.T("people.move"), No: w.T("do.cancel"), OnYes: func() bool {
			site, err := fieldwork.ParseRecordID(where.Value())
			if err != nil {
				field.SetError(w.T("people.move.choose"))
				return false
			}
			p.moveTo(lamps, site)
			return true
		}})
}

// moveTo moves them beside the window: many thousands take some seconds. They come together or not at all.
func (p *Screen) moveTo(lamps []fieldwork.RecordID, site fieldwork.RecordID) {
	w, n := p.env.Words, 0
	p.moving = true
	p.v.manyCount.SetText(w.T("people.moving"))
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		n, err = p.m.Move(lamps, site)
		return err
	}, func(err error) {
		p.moving = false
		p.marked(len(p.v.rows.Marked()))
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.v.rows.ClearMarks()
		p.env.Saved()
		p.env.Done(w.N("lamps.moved", n, p.m.NameOf(site)))
		p.read()
		p.show()
	})
}
