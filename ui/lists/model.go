package lists

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
)

// Store is what a list reads, and where it remembers how it was left; *store.Store is one.
type Store interface {
	Each(kind fieldwork.Kind, f func(fieldwork.Record) bool)
	Record(id fieldwork.RecordID) (fieldwork.Record, bool)
	Note(name string) []byte
	SetNote(name string, value []byte) error
}

// Sort is one order of a list. Key is read beside the window, once for each record, and compared as bytes; Fold names before.
type Sort struct {
	ID, Word string
	Key      func(fieldwork.Record) string
	ByName   bool // Key is the folded name: a store that keeps that order need not be sorted
}

// Filter leaves out what does not fit the option that was chosen. Keep is called beside the window, too.
type Filter struct {
	ID, Word string
	Options  func() []Option
	Keep     func(r fieldwork.Record, option string) bool
}

// Option is one thing to choose: the value for the program, the word for a person.
type Option struct{ Value, Word string }

// Way is how a list was left.
type Way struct {
	Sort string            `json:"sort,omitempty"` // empty: the first
	Down bool              `json:"down,omitempty"` // the last first
	Only map[string]string `json:"only,omitempty"` // filter to option
}

// Model is one list of a campaign. It lives on the window's goroutine; what Arrange returns may run anywhere.
type Model struct {
	store   Store
	name    string
	source  Source
	table   Table
	sorts   []Sort
	filters []Filter
	way     Way
	byName  func() []fieldwork.RecordID // all of them in the order of their names; nil: nobody keeps it
}

// Source gives the records that a list is about, until f returns false. It is called beside the window.
type Source func(f func(fieldwork.Record) bool)

// namer is a store that keeps the records of a kind in the order of their names, as *store.Store does.
type namer interface {
	ByName(kind fieldwork.Kind) []fieldwork.RecordID
}

// New is the list of that name as it was left, or in the first of its orders. There must be one.
func New(s Store, name string, kind fieldwork.Kind, sorts []Sort, filters []Filter) *Model {
	m := Of(s, name, func(f func(fieldwork.Record) bool) { s.Each(kind, f) }, TableOf(s, kind), sorts, filters)
	if n, ok := s.(namer); ok {
		m.byName = func() []fieldwork.RecordID { return n.ByName(kind) }
	}
	return m
}

// Of is New for a list of other records than all of one kind; t is what an export has of them.
func Of(s Store, name string, source Source, t Table, sorts []Sort, filters []Filter) *Model {
	m := &Model{store: s, name: name, source: source, table: t, sorts: sorts, filters: filters}
	if json.Unmarshal(s.Note(m.note()), &m.way) != nil {
		m.way = Way{} // of another version
	}
	return m
}

// Usual says how the list is before anybody arranged it.
func (m *Model) Usual(w Way) *Model {
	if m.store.Note(m.note()) == nil {
		m.way = w
	}
	return m
}

func (m *Model) note() string { return "list/" + m.name }

// Way is how the list is now. The caller must not change it.
func (m *Model) Way() Way { return m.way }

// Set arranges the list another way and remembers it.
func (m *Model) Set(w Way) error {
	for id, option := range w.Only {
		if option == "" {
			delete(w.Only, id)
		}
	}
	m.way = w
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return m.store.SetNote(m.note(), b)
}

// Sort is the order that holds.
func (m *Model) Sort() Sort {
	for _, s := range m.sorts {
		if s.ID == m.way.Sort {
			return s
		}
	}
	return m.sorts[0]
}

// Filtered are the words of the options that leave something out.
func (m *Model) Filtered() (words []string) {
	for _, f := range m.filters {
		chosen := m.way.Only[f.ID]
		for _, o := range f.Options() {
			if chosen != "" && o.Value == chosen {
				words = append(words, o.Word)
			}
		}
	}
	return words
}

// fits says whether a record is left in.
func fits(filters []Filter, only map[string]string, r fieldwork.Record) bool {
	for _, f := range filters {
		if option := only[f.ID]; option != "" && !f.Keep(r, option) {
			return false
		}
	}
	return true
}

// Arrange returns the work that reads the list as it is arranged now; the work may run beside the window.
func (m *Model) Arrange() func() []fieldwork.RecordID {
	sort, way := m.Sort(), m.way
	if sort.ByName && m.byName != nil {
		return func() []fieldwork.RecordID {
			ids := m.keep(m.byName(), way.Only)
			if way.Down {
				slices.Reverse(ids)
			}
			return ids
		}
	}
	return func() []fieldwork.RecordID {
		type entry struct {
			key string
			id  fieldwork.RecordID
		}
		var list []entry
		m.source(func(r fieldwork.Record) bool {
			if fits(m.filters, way.Only, r) {
				list = append(list, entry{sort.Key(r), r.ID})
			}
			return true
		})
		slices.SortFunc(list, func(a, b entry) int { return cmp.Or(strings.Compare(a.key, b.key), a.id.Compare(b.id)) })
		if way.Down {
			slices.Reverse(list)
		}
		ids := make([]fieldwork.RecordID, len(list))
		for i, e := range list {
			ids[i] = e.id
		}
		return ids
	}
}

// Keep are those of ids that the filters leave, in their order: what a search found.
func (m *Model) Keep(ids []fieldwork.RecordID) []fieldwork.RecordID {
	return m.keep(ids, m.way.Only)
}

func (m *Model) keep(ids []fieldwork.RecordID, only map[string]string) []fieldwork.RecordID {
	if len(only) == 0 {
		return ids
	}
	var out []fieldwork.RecordID
	for _, id := range ids {
		if r, ok := m.store.Record(id); ok && fits(m.filters, only, r) {
			out = append(out, id)
		}
	}
	return out
}
