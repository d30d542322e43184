package training

import (
	"fmt"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/lists"
)

// arranged makes the two lists: sessions, the newest first unless somebody chose otherwise, and courses by their titles.
func (m *Model) arranged() {
	m.lists = map[fieldwork.Kind]*lists.Model{
		fieldwork.KindSession: lists.Of(m.store, "sessions", m.here, lists.TableOf(m.store, fieldwork.KindSession), m.sessionSorts(), m.sessionFilters()).
			Usual(lists.Way{Sort: "date", Down: true}),
		fieldwork.KindCourse: lists.New(m.store, "courses", fieldwork.KindCourse, m.courseSorts(), m.courseFilters()),
	}
}

// List is how the list that is shown is sorted, and what it leaves out.
func (m *Model) List() *lists.Model { return m.lists[m.kind] }

// here gives the sessions of the village where the laptop is at work, or all where none is chosen.
func (m *Model) here(f func(fieldwork.Record) bool) {
	site := m.store.Canonical(m.site)
	m.store.Each(fieldwork.KindSession, func(r fieldwork.Record) bool {
		return !m.site.IsZero() && m.store.Canonical(r.Get(fieldwork.SessionSite).Ref()) != site || f(r)
	})
}

func (m *Model) byTitle(r fieldwork.Record) string { return fieldwork.Fold(m.Title(r)) }

func (m *Model) sessionSorts() []lists.Sort {
	day := func(r fieldwork.Record) string { return fmt.Sprintf("%020d", start(r)) } // as wide for all; without a day first
	return []lists.Sort{
		{ID: "date", Word: m.words.T("list.date"), Key: day},
		{ID: "title", Word: m.words.T("list.title"), Key: func(r fieldwork.Record) string { return m.byTitle(r) + "\x00" + day(r) }},
		{ID: "village", Word: m.words.T("list.village"), Key: func(r fieldwork.Record) string {
			return fieldwork.Fold(m.NameOf(r.Get(fieldwork.SessionSite).Ref())) + "\x00" + day(r)
		}},
		{ID: "status", Word: m.words.T("list.status"), Key: func(r fieldwork.Record) string { return fmt.Sprintf("%04d", m.status(r)) + day(r) }},
	}
}

func (m *Model) courseSorts() []lists.Sort {
	return []lists.Sort{
		{ID: "title", Word: m.words.T("list.title"), Key: m.byTitle},
		{ID: "code", Word: m.words.T("list.code"), Key: func(r fieldwork.Record) string { return fieldwork.CodeOf(r.ID) }},
	}
}

func (m *Model) sessionFilters() []lists.Filter {
	spec := fieldwork.SpecOf(fieldwork.KindSession)
	status := spec.Field(fieldwork.SessionStatus)
	return []lists.Filter{
		{ID: "status", Word: m.words.Label(spec, status), Options: m.options(status), Keep: func(r fieldwork.Record, name string) bool {
			o, ok := status.OptionByName(name)
			return ok && o.N == m.status(r)
		}},
		m.moduleFilter(fieldwork.KindSession, fieldwork.SessionModules),
	}
}

func (m *Model) courseFilters() []lists.Filter {
	return []lists.Filter{m.moduleFilter(fieldwork.KindCourse, fieldwork.CourseModules)}
}

// moduleFilter leaves out what does not teach a module.
func (m *Model) moduleFilter(kind fieldwork.Kind, field fieldwork.FieldID) lists.Filter {
	spec := fieldwork.SpecOf(kind)
	modules := spec.Field(field)
	return lists.Filter{ID: "module", Word: m.words.Label(spec, modules), Options: m.options(modules), Keep: func(r fieldwork.Record, name string) bool {
		o, ok := modules.OptionByName(name)
		return ok && r.Get(field).Has(o.N)
	}}
}

func (m *Model) options(f *fieldwork.Field) func() []lists.Option {
	return func() (out []lists.Option) {
		for _, o := range f.Options {
			out = append(out, lists.Option{Value: o.Name, Word: m.words.Option(f, o.N)})
		}
		return out
	}
}

// Shown are the sessions or courses in the list, in its order. The caller owns the result.
func (m *Model) Shown() []fieldwork.RecordID { return slices.Clone(m.rows) }

// SetStatuses gives many sessions a state in one change and says how many had another one.
func (m *Model) SetStatuses(sessions []fieldwork.RecordID, status int64) (n int, err error) {
	var writes []journal.Write
	for _, id := range sessions {
		if r, ok := m.store.Record(id); ok && r.Get(fieldwork.SessionStatus) != fieldwork.Int(status) {
			writes = append(writes, journal.Write{Kind: fieldwork.KindSession, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.SessionStatus, Value: fieldwork.Int(status)}}})
		}
	}
	_, err = m.store.SaveAll(store.InParts(fieldwork.RecordID{}, writes))
	return len(writes), err
}
