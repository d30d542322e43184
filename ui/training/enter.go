package training

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
)

// draftName is where a half-typed session or course is kept.
func (m *Model) draftName() string {
	name := "training/" + m.kind.String() + "/"
	if id := m.form.Record(); !id.IsZero() {
		return name + id.String()
	}
	return name + "new"
}

// New begins a session or course with what is most likely meant, or takes the half-typed one up again, and says which.
func (m *Model) New() (resumed bool) {
	m.form = form.New(m.kind)
	if m.form.Resume(m.store.Draft(m.draftName())) {
		return true
	}
	if m.kind == fieldwork.KindSession {
		m.guess()
	}
	return false
}

// guess fills in a new session: today, this site, the next module, and who and where it was the last time.
func (m *Model) guess() {
	at := nextHalfHour(m.now())
	m.setTime("start", at)
	m.setTime("end", at.Add(3*time.Hour))
	m.form.SetRef("site", m.site)
	m.form.Set("status", "planned")
	held := m.held(m.site)
	course, _ := m.store.Record(m.likelyCourse(held))
	m.form.SetRef("course", course.ID)
	if next := fieldwork.NextModule(course, held); next != 0 {
		m.form.Set("modules", fieldwork.FormatValue(fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionModules), fieldwork.Ints(next)))
	}
	if len(held) > 0 {
		last := held[len(held)-1]
		m.form.SetRef("lead_trainer", last.Get(fieldwork.SessionLeadTrainer).Ref())
		m.form.SetRefs("co_trainers", last.Get(fieldwork.SessionCoTrainers).Refs())
		m.form.Set("interpreter", last.Get(fieldwork.SessionInterpreter).Text())
		m.form.Set("room", last.Get(fieldwork.SessionRoom).Text())
	}
	m.Expect(ExpectVillage)
	if len(held) > 0 && len(m.form.Refs("expected")) == 0 {
		m.Expect(ExpectLast)
	}
}

func (m *Model) setTime(name string, t time.Time) {
	m.form.Set(name, t.UTC().Format(time.RFC3339))
}

func nextHalfHour(t time.Time) time.Time {
	half := t.Truncate(30 * time.Minute)
	if half.Before(t) {
		half = half.Add(30 * time.Minute)
	}
	return half
}

// held are the sessions at a site that were not cancelled, the earliest first.
func (m *Model) held(site fieldwork.RecordID) (list []fieldwork.Record) {
	m.store.Each(fieldwork.KindSession, func(r fieldwork.Record) bool {
		status, _ := r.Get(fieldwork.SessionStatus).Int()
		if status != fieldwork.SessionStatusCancelled && (site.IsZero() || m.store.Canonical(r.Get(fieldwork.SessionSite).Ref()) == m.store.Canonical(site)) {
			list = append(list, r)
		}
		return true
	})
	slices.SortStableFunc(list, func(a, b fieldwork.Record) int { return cmp.Compare(start(a), start(b)) })
	return list
}

// likelyCourse is that of the last session, else the only one there is.
func (m *Model) likelyCourse(held []fieldwork.Record) fieldwork.RecordID {
	for _, r := range slices.Backward(held) {
		if id := r.Get(fieldwork.SessionCourse).Ref(); !id.IsZero() {
			return id
		}
	}
	var all []fieldwork.RecordID
	m.store.Each(fieldwork.KindCourse, func(r fieldwork.Record) bool {
		all = append(all, r.ID)
		return len(all) < 2
	})
	if len(all) == 1 {
		return all[0]
	}
	return fieldwork.RecordID{}
}

// Ways to say who is expected.
const (
	ExpectNobody  = ""        // no list: everybody of the village may come in
	ExpectVillage = "village" // everybody who is registered there
	ExpectLast    = "last"    // who came to the last session there
)

// Expect fills in who is expected and says how many, and how many did not find room in the list. Who is on the list already keeps her
// place, since it may be printed: others are added at its end, by their names.
func (m *Model) Expect(way string) (n, left int) {
	if way == ExpectNobody {
		m.form.SetRefs("expected", nil)
		return 0, 0
	}
	list := m.form.Refs("expected")
	var more []fieldwork.RecordID
	for _, id := range m.likely(way) {
		if !slices.Contains(list, id) {
			more = append(more, id)
		}
	}
	list = append(list, more...)
	m.form.SetRefs("expected", list)
	n = len(m.form.Refs("expected"))
	return n, len(list) - n
}

// likely are the people of a village, or of the last session there, by their names.
func (m *Model) likely(way string) (out []fieldwork.RecordID) {
	site := m.form.Ref("site")
	if way == ExpectVillage && site.IsZero() {
		return nil
	}
	parts := map[fieldwork.RecordID]*fieldwork.Part{}
	if way == ExpectVillage {
		for _, r := range m.store.Referring(site, fieldwork.KindTrainee) {
			if r.Get(fieldwork.TraineeSite).Ref() == site && m.store.Canonical(r.ID) == r.ID {
				parts[r.ID] = nil
			}
		}
		return m.byName(parts)
	}
	held := m.held(site)
	for _, r := range slices.Backward(held) {
		if r.ID == m.form.Record() {
			continue
		}
		roll := fieldwork.RollOf(r, m.store.Referring(r.ID, fieldwork.KindAttendance), m.store.Canonical, m.now().Unix(), m.class.LateAfter())
		for id, p := range roll.Parts[r.ID] {
			if person, ok := m.store.Record(id); ok && person.Kind == fieldwork.KindTrainee && p.Presence.Came() {
				parts[id] = p
			}
		}
		if len(parts) > 0 {
			break
		}
	}
	return m.byName(parts)
}

// Edit opens the form of a session or course and says whether something half-typed was taken up; ok is false when there is no such.
func (m *Model) Edit(id fieldwork.RecordID) (resumed, ok bool) {
	r, ok := m.store.Record(id)
	if !ok || r.Deleted || r.Kind != m.kind {
		return false, false
	}
	m.form = form.Of(r)
	return m.form.Resume(m.store.Draft(m.draftName())), true
}

// Drop closes the form and throws its draft away.
func (m *Model) Drop() error {
	if m.form == nil {
		return nil
	}
	name := m.draftName()
	m.form = nil
	return m.store.SetDraft(name, nil)
}

// KeepDraft keeps what is half-typed, durably. A new form in which nothing was typed is not kept: its guesses would be old tomorrow.
func (m *Model) KeepDraft(typed bool) error {
	if m.form == nil || !typed {
		return nil
	}
	return m.store.SetDraft(m.draftName(), m.form.Draft())
}

// Save saves the form and opens what it made. What is wrong comes by field name, nothing is saved then.
func (m *Model) Save(author fieldwork.RecordID, today int64) (id fieldwork.RecordID, wrong map[string]string, err error) {
	changed, wrong := m.form.Values(m.words, today)
	if wrong != nil {
		return id, wrong, nil
	}
	id = m.form.Record()
	if len(changed) > 0 || id.IsZero() {
		c, err := m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: m.kind, Record: id, Fields: changed}}})
		if err != nil {
			return id, nil, err
		}
		id = c.Target(0)
	}
	if err := m.Drop(); err != nil {
		return id, nil, err
	}
	m.Read(m.site)
	if m.kind == fieldwork.KindSession {
		m.Open(id)
	}
	return id, nil, nil
}

// Named is a record to choose.
type Named struct {
	ID        fieldwork.RecordID
	Name, Sub string
}

// Sites, courses and people to choose, those that a text may mean.

// FindSites are villages by name.
func (m *Model) FindSites(text string) []Named {
	return m.find(fieldwork.KindSite, text, fieldwork.Name)
}

// FindCourses are courses by title.
func (m *Model) FindCourses(text string) []Named {
	return m.find(fieldwork.KindCourse, text, m.Title)
}

func (m *Model) find(kind fieldwork.Kind, text string, name func(fieldwork.Record) string) (out []Named) {
	want := fieldwork.Fold(strings.TrimSpace(text))
	m.store.Each(kind, func(r fieldwork.Record) bool {
		if n := name(r); strings.Contains(fieldwork.Fold(n), want) {
			out = append(out, Named{ID: r.ID, Name: n})
		}
		return true
	})
	slices.SortFunc(out, func(a, b Named) int { return strings.Compare(fieldwork.Fold(a.Name), fieldwork.Fold(b.Name)) })
	return out[:min(len(out), 50)]
}

// FindTrainers are volunteers, and trainees who may train.
func (m *Model) FindTrainers(text string) (out []Named) {
	for _, kind := range []fieldwork.Kind{fieldwork.KindVolunteer, fieldwork.KindTrainee} {
		if strings.TrimSpace(text) == "" {
			if kind == fieldwork.KindVolunteer {
				out = append(out, m.find(kind, "", fieldwork.Name)...)
			}
			continue
		}
		for _, id := range m.store.Search(kind, text, 12) {
			if r, ok := m.store.Record(id); ok && !r.Deleted {
				out = append(out, Named{ID: id, Name: fieldwork.Name(r), Sub: m.words.T("kind." + kind.String())})
			}
		}
	}
	return out
}

// NameOf is what a record is called; empty for none.
func (m *Model) NameOf(id fieldwork.RecordID) string {
	r, ok := m.store.Record(id)
	switch {
	case !ok:
		return ""
	case r.Kind == fieldwork.KindCourse, r.Kind == fieldwork.KindSession:
		return m.Title(r)
	}
	return fieldwork.Name(r)
}
