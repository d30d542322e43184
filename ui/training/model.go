// Package training is the place of courses and sessions: who is expected, who came, what they can do, and which certificate they
// earned. Only ui imports it.
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
	"kandili/ui/lists"
	"kandili/ui/show"
)

// Store is what this place reads and writes; *store.Store is one.
type Store interface {
	fieldwork.Source
	IDs(kind fieldwork.Kind) []fieldwork.RecordID
	Referring(id fieldwork.RecordID, kind fieldwork.Kind) []fieldwork.Record
	Search(kind fieldwork.Kind, text string, limit int) []fieldwork.RecordID
	Where(id fieldwork.RecordID) store.Place
	Save(d store.Draft) (journal.Change, error)
	SaveAll(drafts []store.Draft) ([]journal.Change, error)
	Draft(name string) []byte
	SetDraft(name string, value []byte) error
	Note(name string) []byte
	SetNote(name string, value []byte) error

	// What was written about a session, when and by whom; see ui/marks.
	Self() store.Identity
	Author() fieldwork.RecordID
	View(id fieldwork.RecordID) (journal.View, bool)
	ByCode(text string) (fieldwork.Record, error)
	Contested() []fieldwork.RecordID
	Questions(id fieldwork.RecordID) []fieldwork.Record
	Receipt(id fieldwork.RecordID) store.Receipt
	Statement() journal.Statement
	History(id fieldwork.RecordID) []store.HistoryEntry
}

// Class is what is decided for the window and the terminal alike.
type Class interface {
	LateAfter() int64 // minutes
	CloseSession(session fieldwork.RecordID, counted int64, author fieldwork.RecordID) error
	SetSessionStatus(session fieldwork.RecordID, status int64, author fieldwork.RecordID) error
	Admit(p fieldwork.Pass) (fieldwork.Answer, error)
	Correct(session fieldwork.RecordID, people []fieldwork.RecordID, p fieldwork.Presence, author fieldwork.RecordID) error
	Roster(text string) (fieldwork.PaperSheet, error)
	RosterRow(session fieldwork.RecordID, text string) (fieldwork.RecordID, bool)
	EnterRoster(session fieldwork.RecordID, rows []fieldwork.PaperRow, author fieldwork.RecordID) (changed int, err error)
	Earned(course fieldwork.RecordID) ([]fieldwork.Earned, error)
	Certify(course fieldwork.RecordID, people []fieldwork.RecordID, author fieldwork.RecordID) ([]fieldwork.RecordID, error)
}

// Model is the list of sessions or courses, and the one that is open.
type Model struct {
	words *show.Words
	store Store
	class Class
	now   func() time.Time

	kind  fieldwork.Kind // of the list: sessions or courses
	lists map[fieldwork.Kind]*lists.Model
	site  fieldwork.RecordID
	all   []fieldwork.RecordID // as List arranges them
	query string
	rows  []fieldwork.RecordID // of all, what the query leaves

	open   fieldwork.RecordID // the session that is shown; zero: none
	roll   *fieldwork.Roll    // of it
	people []fieldwork.RecordID
	form   *form.Model // of a session or course that is being entered; nil: none
}

// NewModel is a model before its first Read.
func NewModel(w *show.Words, s Store, c Class, now func() time.Time) *Model {
	m := &Model{words: w, store: s, class: c, now: now, kind: fieldwork.KindSession}
	m.arranged()
	return m
}

// Kind is what the list shows: sessions or courses.
func (m *Model) Kind() fieldwork.Kind { return m.kind }

// SetKind changes the list to sessions or courses.
func (m *Model) SetKind(k fieldwork.Kind) {
	m.kind, m.open, m.roll, m.people, m.form = k, fieldwork.RecordID{}, nil, nil, nil
	m.Read(m.site)
}

// Read reads the list anew; of sessions only those of the site, where one is chosen.
func (m *Model) Read(site fieldwork.RecordID) {
	m.site = site
	m.all = m.List().Arrange()()
	m.Search(m.query)
	m.Refresh()
}

func start(session fieldwork.Record) int64 {
	n, _ := session.Get(fieldwork.SessionStart).Int()
	return n
}

// Search narrows the list to titles, villages and trainers that hold the text; blank text shows all.
func (m *Model) Search(text string) {
	m.query = strings.TrimSpace(text)
	m.rows = m.all
	if m.query == "" {
		return
	}
	want := fieldwork.Fold(m.query)
	m.rows = nil
	for _, id := range m.all {
		row := m.rowOf(id)
		if strings.Contains(fieldwork.Fold(row.Title+" "+row.Line), want) {
			m.rows = append(m.rows, id)
		}
	}
}

// Count is how many rows the list has, Total how many there are without a search.
func (m *Model) Count() int { return len(m.rows) }

// Total is how many there are without a search.
func (m *Model) Total() int { return len(m.all) }

// Row is one session or course in the list.
type Row struct {
	ID     fieldwork.RecordID
	Title  string
	Line   string
	Status int64 // of a session
}

// Row returns the i-th row.
func (m *Model) Row(i int) Row { return m.rowOf(m.rows[i]) }

func (m *Model) rowOf(id fieldwork.RecordID) Row {
	r, _ := m.store.Record(id)
	row := Row{ID: id, Title: m.Title(r)}
	if r.Kind == fieldwork.KindCourse {
		row.Line = m.modules(r.Get(fieldwork.CourseModules).Ints())
		return row
	}
	row.Line = m.When(r)
	row.Status = m.status(r)
	return row
}

// status is that of a session; one that nobody set is planned before its start and open after it.
func (m *Model) status(r fieldwork.Record) int64 {
	if n, ok := r.Get(fieldwork.SessionStatus).Int(); ok {
		return n
	}
	if at := start(r); at != 0 && at <= m.now().Unix() {
		return fieldwork.SessionStatusOpen
	}
	return fieldwork.SessionStatusPlanned
}

// Title is a session's or course's own, else its modules in words, else its code.
func (m *Model) Title(r fieldwork.Record) string {
	title, modules := r.Get(fieldwork.SessionTitle).Text(), r.Get(fieldwork.SessionModules).Ints()
	if r.Kind == fieldwork.KindCourse {
		title, modules = r.Get(fieldwork.CourseTitle).Text(), r.Get(fieldwork.CourseModules).Ints()
	}
	switch {
	case title != "":
		return title
	case len(modules) > 0:
		return m.modules(modules)
	}
	return fieldwork.CodeOf(r.ID)
}

func (m *Model) modules(list []int64) string {
	f := fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionModules)
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = m.words.Option(f, n)
	}
	return strings.Join(words, ", ")
}

// When says a session's day, time and village.
func (m *Model) When(r fieldwork.Record) string {
	var parts []string
	if n := start(r); n != 0 {
		t := time.Unix(n, 0).In(m.now().Location())
		clock := m.words.Clock(t)
		if end, ok := r.Get(fieldwork.SessionEnd).Int(); ok {
			clock += "–" + m.words.Clock(time.Unix(end, 0).In(t.Location()))
		}
		parts = append(parts, m.words.Date(t), clock)
	}
	if site, ok := m.store.Record(r.Get(fieldwork.SessionSite).Ref()); ok {
		parts = append(parts, fieldwork.Name(site))
	}
	return strings.Join(parts, " · ")
}

// Who names trainers and interpreter; empty where nobody is known.
func (m *Model) Who(r fieldwork.Record) string {
	var parts []string
	names := []string{}
	for _, id := range append(r.Get(fieldwork.SessionLeadTrainer).Refs(), r.Get(fieldwork.SessionCoTrainers).Refs()...) {
		if p, ok := m.store.Record(id); ok {
			names = append(names, fieldwork.Name(p))
		}
	}
	if len(names) > 0 {
		parts = append(parts, m.words.T("training.with", strings.Join(names, ", ")))
	}
	for key, f := range map[string]fieldwork.FieldID{"training.interpreter": fieldwork.SessionInterpreter} {
		if s := r.Get(f).Text(); s != "" {
			parts = append(parts, m.words.T(key, s))
		}
	}
	if s := r.Get(fieldwork.SessionRoom).Text(); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, " · ")
}

// Open shows a session; false when there is no such one.
func (m *Model) Open(id fieldwork.RecordID) bool {
	m.form = nil
	m.open = id
	return m.Refresh()
}

// Session is the one that is shown.
func (m *Model) Session() (fieldwork.Record, bool) {
	r, ok := m.store.Record(m.open)
	return r, ok && !r.Deleted && r.Kind == fieldwork.KindSession
}

// Refresh reads who came to the open session.
func (m *Model) Refresh() bool {
	r, ok := m.Session()
	if !ok {
		m.roll, m.people = nil, nil
		return false
	}
	m.roll = fieldwork.RollOf(r, m.store.Referring(r.ID, fieldwork.KindAttendance), m.store.Canonical, m.now().Unix(), m.class.LateAfter())
	m.people = m.byName(m.roll.Parts[r.ID])
	return true
}

// byName are the people of a session, those of the roster in its order first: they stand so on paper.
func (m *Model) byName(parts map[fieldwork.RecordID]*fieldwork.Part) []fieldwork.RecordID {
	type named struct {
		key string
		id  fieldwork.RecordID
	}
	var list []named
	for id := range parts {
		if p, ok := m.store.Record(id); ok && !p.Deleted {
			list = append(list, named{fieldwork.Fold(fieldwork.Name(p)), id})
		}
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Or(strings.Compare(a.key, b.key), a.id.Compare(b.id)) })
	out := make([]fieldwork.RecordID, len(list))
	for i, n := range list {
		out[i] = n.id
	}
	return out
}

// Headcount is how full the open session is.
func (m *Model) Headcount() fieldwork.Headcount {
	if m.roll == nil {
		return fieldwork.Headcount{}
	}
	return m.roll.Headcount(m.open)
}

// Counts says how full the open session is, in words.
func (m *Model) Counts() string {
	h, w := m.Headcount(), m.words
	parts := []string{w.N("training.came", h.Came)}
	if h.Expected > 0 {
		parts[0] = w.T("training.came.of", w.Number(h.Came), w.Number(h.Expected))
	}
	if h.Refused > 0 {
		parts = append(parts, w.N("training.refused", h.Refused))
	}
	if h.ByHand > 0 {
		parts = append(parts, w.T("training.counted", w.Number(int(h.ByHand))))
	}
	if r, ok := m.Session(); ok {
		if n, ok := r.Get(fieldwork.SessionCapacity).Int(); ok {
			parts = append(parts, w.T("training.room.for", w.Number(int(n))))
		}
	}
	return strings.Join(parts, " · ")
}

// Difference says what does not fit between a count by hand and who came; empty where all fits or nobody counted.
func (m *Model) Difference(counted int) string {
	came := m.Headcount().Came
	switch {
	case counted == 0 || counted == came:
		return ""
	case counted > came:
		return m.words.N("training.without", counted-came, m.words.Number(came), m.words.Number(counted))
	}
	return m.words.N("training.gone", came-counted, m.words.Number(came), m.words.Number(counted))
}

// Person is somebody of the open session.
type Person struct {
	ID       fieldwork.RecordID
	Name     string
	Line     string // code, when she came, how long she was there
	Presence fieldwork.Presence
	Inside   bool
}

// People is how many people the open session has.
func (m *Model) People() int { return len(m.people) }

// Person returns the i-th person of the open session.
func (m *Model) Person(i int) Person {
	id := m.people[i]
	r, _ := m.store.Record(id)
	part := m.roll.Parts[m.open][id]
	p := Person{ID: id, Name: fieldwork.Name(r), Presence: part.Presence, Inside: m.roll.Inside(m.open, id)}
	line := []string{fieldwork.CodeOf(id)}
	if part.First != 0 && part.Presence.Came() {
		line = append(line, m.words.Clock(time.Unix(part.First, 0).In(m.now().Location())))
	}
	if part.Minutes > 0 && !p.Inside {
		line = append(line, m.words.Duration(part.Minutes))
	}
	p.Line = strings.Join(line, " · ")
	return p
}

// Form is the session or course that is being entered; nil for none.
func (m *Model) Form() *form.Model { return m.form }
