package people

import (
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
	"kandili/ui/kit"
	"kandili/ui/marks"
	"kandili/ui/show"
	"kandili/ui/task"
)

// HouseholdOf is a person's household; false where she has none yet.
func HouseholdOf(s Store, person fieldwork.RecordID) (fieldwork.Record, bool) {
	r, _ := s.Record(person)
	h, ok := s.Record(r.Get(fieldwork.TraineeHousehold).Ref())
	return h, ok && !h.Deleted && h.Kind == fieldwork.KindHousehold
}

// Members are the names of the people of a household.
func Members(s Store, household fieldwork.RecordID) (names []string) {
	s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		if r.Get(fieldwork.TraineeHousehold).Ref() == household {
			names = append(names, fieldwork.Name(r))
		}
		return true
	})
	return names
}

// FindHouseholds finds households of a village by the name of their head, those of other villages last.
func FindHouseholds(s Store, site fieldwork.RecordID, text string, limit int) (out []fieldwork.Record) {
	want := fieldwork.Fold(text)
	var far []fieldwork.Record
	s.Each(fieldwork.KindHousehold, func(r fieldwork.Record) bool {
		if strings.Contains(fieldwork.Fold(HeadName(s, r)), want) {
			if r.Get(fieldwork.HouseholdSite).Ref() == site {
				out = append(out, r)
			} else {
				far = append(far, r)
			}
		}
		return len(out) < limit
	})
	out = append(out, far...)
	return out[:min(len(out), limit)]
}

// HeadName is what a household is called by.
func HeadName(s Store, household fieldwork.Record) string {
	if head, ok := s.Record(household.Get(fieldwork.HouseholdHead).Ref()); ok {
		return fieldwork.Name(head)
	}
	if name := household.Get(fieldwork.HouseholdHeadName).Text(); name != "" {
		return name
	}
	return fieldwork.CodeOf(household.ID)
}

// NewHousehold is an empty household with the person as its head.
func NewHousehold(s Store, person fieldwork.RecordID) *form.Model {
	m := form.New(fieldwork.KindHousehold)
	r, _ := s.Record(person)
	m.SetRef("head", person)
	m.SetRef("site", r.Get(fieldwork.TraineeSite).Ref())
	return m
}

// SaveHousehold saves the household and, where it is new, that the person belongs to it, in one change.
func SaveHousehold(w *show.Words, s Store, m *form.Model, person fieldwork.RecordID, today int64) (wrong map[string]string, err error) {
	fields, wrong := m.Values(w, today)
	if wrong != nil || len(fields) == 0 && !m.Record().IsZero() {
		return wrong, nil
	}
	d := store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindHousehold, Record: m.Record(), Fields: fields}}}
	if site := m.Ref("site"); !m.Record().IsZero() && !site.IsZero() {
		d.Writes = append(d.Writes, moveAlong(s, m.Record(), site)...)
	}
	if m.Record().IsZero() {
		d.At = s.Upcoming(0)
		d.Writes = append(d.Writes, journal.Write{Kind: fieldwork.KindTrainee, Record: person, Fields: []fieldwork.FieldValue{
			{Field: fieldwork.TraineeHousehold, Value: fieldwork.Ref(d.At)}}})
	}
	_, err = s.Save(d)
	return nil, err
}

// moveAlong brings who lives in a household that moved to its new village. Who was registered elsewhere all the time stays there.
func moveAlong(s Store, household, site fieldwork.RecordID) (writes []journal.Write) {
	h, _ := s.Record(household)
	from := h.Get(fieldwork.HouseholdSite).Ref()
	if from == site {
		return nil
	}
	s.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		if r.Get(fieldwork.TraineeHousehold).Ref() == household && r.Get(fieldwork.TraineeSite).Ref() == from {
			writes = append(writes, journal.Write{Kind: fieldwork.KindTrainee, Record: r.ID, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeSite, Value: fieldwork.Ref(site)}}})
		}
		return true
	})
	return writes
}

// LeaveHousehold takes a person out of her household; one whose head she was has none then.
func LeaveHousehold(s Store, person fieldwork.RecordID) error {
	h, ok := HouseholdOf(s, person)
	if !ok {
		return nil
	}
	writes := []journal.Write{{Kind: fieldwork.KindTrainee, Record: person, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeHousehold}}}}
	if h.Get(fieldwork.HouseholdHead).Ref() == person {
		writes = append(writes, journal.Write{Kind: fieldwork.KindHousehold, Record: h.ID, Fields: []fieldwork.FieldValue{{Field: fieldwork.HouseholdHead}}})
	}
	_, err := s.Save(store.Draft{Writes: writes})
	return err
}

// JoinHousehold puts a person into a household that is there.
func JoinHousehold(s Store, person, household fieldwork.RecordID) error {
	_, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: person, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.TraineeHousehold, Value: fieldwork.Ref(household)}}}}})
	return err
}

// askHousehold shows the household of who is open, or asks for one: an existing one, or a new one with her as its head.
func (p *Screen) askHousehold() {
	f := p.m.Form()
	if f == nil || f.Record().IsZero() {
		return
	}
	person := f.Record()
	if h, ok := HouseholdOf(p.store, person); ok {
		p.household(form.Of(h), person)
		return
	}
	p.chooseHousehold(person)
}

// chooseHousehold asks which household somebody belongs to: one that is there, or a new one.
func (p *Screen) chooseHousehold(person fieldwork.RecordID) {
	w := p.env.Words
	r, _ := p.store.Record(person)
	which := kit.NewPicker(w.T("people.household.find"), func(text string) (out []kit.PickItem) {
		for _, h := range FindHouseholds(p.store, r.Get(fieldwork.TraineeSite).Ref(), text, 30) {
			out = append(out, kit.PickItem{Value: h.ID.String(), Word: HeadName(p.store, h), Sub: fieldwork.CodeOf(h.ID)})
		}
		return out
	})
	var d *kit.Dialog
	fresh := kit.Secondary(w.T("people.household.new"), func() { d.Close(); p.household(NewHousehold(p.store, person), person) })
	field := kit.NewField(w.T("people.household.which"), which, w.T("people.household.which.hint"))
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.household.of", p.m.Name()), Body: kit.Column(14, field, kit.Row(12, fresh)), First: which.Target(),
		Yes: w.T("people.household.join"), No: w.T("do.cancel"), Width: 560, OnYes: func() bool {
			id, err := fieldwork.ParseRecordID(which.Value())
			if err != nil {
				field.SetError(w.T("people.household.choose"))
				return false
			}
			if err := JoinHousehold(p.store, person, id); err != nil {
				p.env.Tell(err)
				return false
			}
			p.env.Saved()
			p.env.Done(w.T("people.household.saved"))
			p.consents()
			return true
		}})
}

// leave takes somebody out of her household.
func (p *Screen) leave(person fieldwork.RecordID) {
	if err := LeaveHousehold(p.store, person); err != nil {
		p.env.Tell(err)
		return
	}
	p.env.Saved()
	p.env.Done(p.env.Words.T("people.household.left", p.nameOf(person)))
	p.consents()
}

// household asks who lives there and by which light.
func (p *Screen) household(m *form.Model, person fieldwork.RecordID) {
	w := p.env.Words
	v := form.NewView(w, fieldwork.KindHousehold)
	row := func(names ...string) fyne.CanvasObject {
		var fields []fyne.CanvasObject
		weights := make([]float32, len(names))
		for i, name := range names {
			fields, weights[i] = append(fields, v.Entry(name, "")), 1
		}
		return kit.Columns(12, weights, fields...)
	}
	two := func(a, b fyne.CanvasObject) fyne.CanvasObject { return kit.Columns(12, []float32{1, 1}, a, b) }
	who := func(text string) (out []kit.PickItem) {
		for _, id := range p.store.Search(fieldwork.KindTrainee, text, 30) {
			out = append(out, kit.PickItem{Value: id.String(), Word: p.nameOf(id), Sub: fieldwork.CodeOf(id)})
		}
		return out
	}
	sites := func(text string) (out []kit.PickItem) {
		for _, s := range p.m.FindSites(text) {
			out = append(out, kit.PickItem{Value: s.ID.String(), Word: s.Name})
		}
		return out
	}
	var d *kit.Dialog
	instead := func(key string, act func()) *kit.Button {
		return kit.Secondary(w.T(key), func() { d.Close(); act() })
	}
	site := v.Ref("site", sites, p.m.SiteName)
	site.SetHint(w.T("people.household.site.hint"))
	body := kit.Column(14, two(v.Ref("head", who, p.nameOf), v.Entry("head_name", w.T("people.household.head.hint"))), site,
		kit.NewHeading(w.T("people.household.members")), row("women", "men", "elderly"), row("age_6_17", "under_5"),
		kit.NewHeading(w.T("people.household.light")), row("kerosene_lamps", "candles"), row("torches", "car_batteries"), two(v.Choice("grid"), v.Choice("no_light")),
		row("kerosene_litres", "light_hours"), row("spend", "currency"), row("study_hours", "phone_charging"), v.Area("note", "", 2))
	if !m.Record().IsZero() {
		body.Add(kit.NewText(strings.Join(Members(p.store, m.Record()), " · ")))
		body.Add(kit.Flow(8, instead("people.household.other", func() { p.chooseHousehold(person) }), instead("people.household.leave", func() { p.leave(person) }),
			instead("people.history", func() { marks.ShowHistory(p.env, p.store, p.homeName(m.Record()), m.Record()) })))
	}
	draft, resumed := homeDraft(m, person), m.Resume(p.store.Draft(homeDraft(m, person)))
	keep := func() {
		if err := p.store.SetDraft(draft, m.Draft()); err != nil {
			p.env.Tell(err)
		}
	}
	var soonKept task.Handle
	v.Load(m)
	v.OnEdit = func() {
		cancel(soonKept)
		soonKept = p.env.Sched.After(soon, keep)
	}
	drop := func() {
		cancel(soonKept)
		if err := p.store.SetDraft(draft, nil); err != nil {
			p.env.Tell(err)
		}
	}
	if resumed {
		p.env.Say(kit.Dim, w.T("people.draft.resumed"))
	}
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("people.household.of", p.nameOf(person)), Body: kit.Column(14, body, v.Form.Summary),
		Yes: w.T("do.save"), No: w.T("do.cancel"), Width: 680, First: v.Form.Field("head").Target, OnNo: drop, OnYes: func() bool {
			wrong, err := SaveHousehold(w, p.store, m, person, p.env.Today())
			switch {
			case err != nil:
				p.env.Tell(err)
				return false
			case wrong != nil:
				v.Wrong(wrong)
				return false
			}
			drop()
			p.env.Saved()
			p.env.Done(w.T("people.household.saved"))
			p.consents()
			p.read()
			return true
		}})
}

// homeDraft is where a half-typed household is kept; a new one by whom it is made for.
func homeDraft(m *form.Model, person fieldwork.RecordID) string {
	if m.Record().IsZero() {
		return "people/household/new/" + person.String()
	}
	return "people/household/" + m.Record().String()
}

// homeName is what a household is called by.
func (p *Screen) homeName(household fieldwork.RecordID) string {
	h, _ := p.store.Record(household)
	return HeadName(p.store, h)
}
