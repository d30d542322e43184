package people

import (
	"context"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/task"
)

// Move brings people to another village, and their households with them where that is wanted, in one change.
func Move(s Store, people []fieldwork.RecordID, site fieldwork.RecordID, households bool) error {
	var writes []journal.Write
	moved := map[fieldwork.RecordID]bool{}
	for _, id := range people {
		r, _ := s.Record(id)
		if r.Get(fieldwork.TraineeSite).Ref() != site {
			writes = append(writes, journal.Write{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeSite, Value: fieldwork.Ref(site)}}})
		}
		home := r.Get(fieldwork.TraineeHousehold).Ref()
		if h, ok := s.Record(home); households && ok && !moved[home] && h.Get(fieldwork.HouseholdSite).Ref() != site {
			moved[home] = true
			writes = append(writes, journal.Write{Kind: fieldwork.KindHousehold, Record: home, Fields: []fieldwork.FieldValue{{Field: fieldwork.HouseholdSite, Value: fieldwork.Ref(site)}}})
		}
	}
	_, err := s.SaveAll(store.InParts(fieldwork.RecordID{}, writes))
	return err
}

// Difference is a field about which two records of one person say different things, or only the other says something.
type Difference struct {
	Field fieldwork.FieldID
	Name  string
	Stays fieldwork.Value // of the record that stands
	Other fieldwork.Value
}

// Differences lists what the record that goes says otherwise. What a badge says is the record's own.
func Differences(stays, goes fieldwork.Record) (out []Difference) {
	spec := fieldwork.SpecOf(fieldwork.KindTrainee)
	for _, v := range goes.Fields {
		f := spec.Field(v.Field)
		if f == nil || f.ID == fieldwork.TraineeBadgeIssue || f.ID == fieldwork.TraineeBadgeCode || stays.Get(v.Field) == v.Value {
			continue
		}
		out = append(out, Difference{v.Field, f.Name, stays.Get(v.Field), v.Value})
	}
	return out
}

// Merge says that two records are one person: the older stands, and takes over the values of the fields that were chosen. No id is
// rewritten; undoing it brings both back.
func Merge(s Store, stays, goes fieldwork.RecordID, take []fieldwork.FieldID) error {
	other, _ := s.Record(goes)
	writes := []journal.Write{{Kind: fieldwork.KindTrainee, Record: goes, Fields: []fieldwork.FieldValue{{Field: fieldwork.FieldSameAs, Value: fieldwork.Ref(stays)}}}}
	var fields []fieldwork.FieldValue
	for _, v := range other.Fields {
		if slices.Contains(take, v.Field) {
			fields = append(fields, v)
		}
	}
	if len(fields) > 0 {
		writes = append(writes, journal.Write{Kind: fieldwork.KindTrainee, Record: stays, Fields: fields})
	}
	_, err := s.Save(store.Draft{Writes: writes})
	return err
}

// askMove asks where the marked people go.
func (p *Screen) askMove() {
	w := p.env.Words
	people := p.chosen()
	if len(people) == 0 || p.moving {
		return
	}
	where := kit.NewPicker(w.T("do.choose"), func(text string) (out []kit.PickItem) {
		for _, s := range p.m.FindSites(text) {
			out = append(out, kit.PickItem{Value: s.ID.String(), Word: s.Name})
		}
		return out
	})
	field := kit.NewField(w.T("people.move.where"), where, "")
	homes := kit.NewChecks(kit.Option{Value: "homes", Word: w.T("people.move.households")})
	homes.SetValues([]string{"homes"})
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.N("people.move.title", len(people)), Body: kit.Column(14, field, homes), First: where.Target(), Width: 520,
		Yes: w.T("people.move"), No: w.T("do.cancel"), OnYes: func() bool {
			site, err := fieldwork.ParseRecordID(where.Value())
			if err != nil {
				field.SetError(w.T("people.move.choose"))
				return false
			}
			p.move(people, site, len(homes.Values()) > 0)
			return true
		}})
}

// move moves them beside the window: a hundred thousand take some seconds. They come together or not at all, so there is nothing to
// stop half-way; undoing brings all back.
func (p *Screen) move(people []fieldwork.RecordID, site fieldwork.RecordID, homes bool) {
	w := p.env.Words
	p.moving = true
	p.v.count.SetText(w.T("people.moving"))
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
		return Move(p.store, people, site, homes)
	}, func(err error) {
		p.moving = false
		p.marked(len(p.v.rows.Marked()))
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.did(w.N("people.moved", len(people), p.m.SiteName(site)))
	})
}

// askMerge shows what two records say, and makes them one person.
func (p *Screen) askMerge(a, b fieldwork.RecordID) {
	w := p.env.Words
	if b.Compare(a) < 0 {
		a, b = b, a // the older stands, so that everybody chooses alike
	}
	stays, _ := p.store.Record(a)
	goes, _ := p.store.Record(b)
	spec := fieldwork.SpecOf(fieldwork.KindTrainee)
	diffs := Differences(stays, goes)
	var options []kit.Option
	var take []string
	for _, d := range diffs {

		now := w.T("people.merge.nothing")
		if !d.Stays.IsZero() {
			now = fieldLine(p.env, spec, fieldwork.FieldValue{Field: d.Field, Value: d.Stays}, p.m.SiteName)
		} else {
			take = append(take, d.Name)
		}
		options = append(options, kit.Option{Value: d.Name, Word: w.T("people.merge.take",
			fieldLine(p.env, spec, fieldwork.FieldValue{Field: d.Field, Value: d.Other}, p.m.SiteName), now)})

	}
	checks := kit.NewChecks(options...)
	checks.SetValues(take)
	body := kit.Column(12, kit.NewBold(fieldwork.Name(stays)+" · "+p.m.line(stays)), kit.NewBold(fieldwork.Name(goes)+" · "+p.m.line(goes)))
	if len(diffs) > 0 {
		body.Add(kit.NewField(w.T("people.merge.fields"), checks, w.T("people.merge.fields.hint")))
	}
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.merge.title"), Line: w.T("people.merge.line"), Width: 680,
		Body: body, Yes: w.T("people.merge.yes"), No: w.T("do.cancel"), OnYes: func() bool {
			var fields []fieldwork.FieldID
			for _, name := range checks.Values() {
				fields = append(fields, spec.FieldByName(name).ID)
			}
			if err := Merge(p.store, a, b, fields); err != nil {
				p.env.Tell(err)
				return false
			}
			p.did(w.T("people.merged", fieldwork.Name(stays), fieldwork.CodeOf(b)))
			p.open(a)
			return true
		}})
}

// chosen are the marked people, else who is open.
func (p *Screen) chosen() []fieldwork.RecordID {
	if marked := ids(p.v.rows.Marked()); len(marked) > 0 {
		return marked
	}
	if f := p.m.Form(); f != nil && !f.Record().IsZero() {
		return []fieldwork.RecordID{f.Record()}
	}
	return nil
}

// did tells what was done with many, and reads the list anew.
func (p *Screen) did(text string) {
	p.v.rows.ClearMarks()
	p.env.Saved()
	p.env.Done(text)
	p.read()
}

// marked shows what can be done with the marked ones.
func (p *Screen) marked(n int) {
	p.v.many.Hidden = n == 0
	p.v.count.SetText(p.env.Words.N("people.marked", n))
	if n == 2 {
		p.v.merge.Enable()
	} else {
		p.v.merge.Disable()
	}
	kit.Relay(p.v.content)
}
