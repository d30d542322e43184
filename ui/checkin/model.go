// Package checkin is the place where people come in: a scanner types, the answer fills the window. Only ui imports it.
package checkin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Store is what this place reads and writes; *store.Store is one.
type Store interface {
	Each(kind fieldwork.Kind, f func(fieldwork.Record) bool)
	Record(id fieldwork.RecordID) (fieldwork.Record, bool)
	Referring(id fieldwork.RecordID, kind fieldwork.Kind) []fieldwork.Record
	Search(kind fieldwork.Kind, text string, limit int) []fieldwork.RecordID
	Canonical(id fieldwork.RecordID) fieldwork.RecordID
	Save(d store.Draft) (journal.Change, error)
	Note(name string) []byte
	SetNote(name string, value []byte) error
	Photo(name blob.Name, size blob.Size) ([]byte, error)
}

// Door decides who comes in and keeps every answer. Its methods are safe from any goroutine.
type Door interface {
	Admit(p fieldwork.Pass) (fieldwork.Answer, error)
	NewBadge(person, author fieldwork.RecordID) (issue int64, err error)
	LateAfter() int64 // minutes after the start
}

// Model is the session at the door and who came.
type Model struct {
	words *show.Words
	store Store
	door  Door
	now   func() time.Time

	session fieldwork.RecordID
	recent  []Entry
	here    int
	came    int
	roster  int
	refused int
	out     bool            // people go out now
	last    *fieldwork.Pass // the one that was refused and may be let in anyway
}

// NewModel is a model without a session.
func NewModel(w *show.Words, s Store, d Door, now func() time.Time) *Model {
	return &Model{words: w, store: s, door: d, now: now}
}

// Session is a sitting to choose.
type Session struct {
	ID    fieldwork.RecordID
	Title string
	Line  string // when and where
	start int64
	site  fieldwork.RecordID
}

// Sessions are those that are not cancelled, the nearest to now first, the village's own before others of the same day.
func (m *Model) Sessions(site fieldwork.RecordID) []Session {
	var out []Session
	m.store.Each(fieldwork.KindSession, func(r fieldwork.Record) bool {
		if n, _ := r.Get(fieldwork.SessionStatus).Int(); n != fieldwork.SessionStatusCancelled {
			out = append(out, m.sessionOf(r))
		}
		return true
	})
	now := m.now().Unix()
	away := func(s Session) int64 { // in days
		d := (s.start - now) / 86400
		return max(d, -d)
	}
	elsewhere := func(s Session) int {
		if s.site == site {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b Session) int {
		return cmp.Or(cmp.Compare(away(a), away(b)), cmp.Compare(elsewhere(a), elsewhere(b)), cmp.Compare(b.start, a.start))
	})
	return out
}

func (m *Model) sessionOf(r fieldwork.Record) Session {
	start, _ := r.Get(fieldwork.SessionStart).Int()
	s := Session{ID: r.ID, Title: m.title(r), start: start, site: r.Get(fieldwork.SessionSite).Ref()}
	var parts []string
	if start != 0 {
		t := time.Unix(start, 0).In(m.now().Location())
		parts = append(parts, m.words.Date(t), m.words.Clock(t))
	}
	if site, ok := m.store.Record(s.site); ok {
		parts = append(parts, fieldwork.Name(site))
	}
	s.Line = strings.Join(parts, " · ")
	return s
}

// title is the session's own, else its modules in words.
func (m *Model) title(r fieldwork.Record) string {
	if t := r.Get(fieldwork.SessionTitle).Text(); t != "" {
		return t
	}
	f := fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionModules)
	var words []string
	for _, n := range r.Get(fieldwork.SessionModules).Ints() {
		words = append(words, m.words.Option(f, n))
	}
	if len(words) == 0 {
		return fieldwork.CodeOf(r.ID)
	}
	return strings.Join(words, ", ")
}

// Choose opens the door for a session.
func (m *Model) Choose(id fieldwork.RecordID) {
	m.session = id
	m.Count()
}

// Today is the session that is surely meant: of the village and of today; ok is false when nobody can know.
func (m *Model) Today(site fieldwork.RecordID) (fieldwork.RecordID, bool) {
	for _, s := range m.Sessions(site) {
		day := time.Unix(s.start, 0).In(m.now().Location()).Format(time.DateOnly)
		if day == m.now().Format(time.DateOnly) && (site.IsZero() || s.site == site) {
			return s.ID, true
		}
	}
	return fieldwork.RecordID{}, false
}

// Session is what the door is open for; ok is false before one was chosen.
func (m *Model) Session() (Session, bool) {
	r, ok := m.store.Record(m.session)
	if !ok || r.Deleted {
		return Session{}, false
	}
	return m.sessionOf(r), true
}

// Start makes a session that begins now and opens the door for it.
func (m *Model) Start(title string, module int64, site, author fieldwork.RecordID) error {
	now := m.now().Unix()
	fields := []fieldwork.FieldValue{}
	if !site.IsZero() {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionSite, Value: fieldwork.Ref(site)})
	}
	if title = strings.TrimSpace(title); title != "" {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionTitle, Value: fieldwork.Text(title)})
	}
	fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionStart, Value: fieldwork.Int(now)})
	if module != 0 {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionModules, Value: fieldwork.Ints(module)})
	}
	fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionStatus, Value: fieldwork.Int(fieldwork.SessionStatusOpen)})
	c, err := m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindSession, Fields: fields}}})
	if err != nil {
		return err
	}
	m.Choose(c.Target(0))
	return nil
}

// Entry is one answer that was given at this door.
type Entry struct {
	ID      fieldwork.RecordID
	Time    time.Time
	Person  fieldwork.RecordID
	Name    string // of the person, or why nobody is known
	Scanned string // when nobody is known
	In, Out bool
	Late    bool
	Reason  fieldwork.Refusal
}

// shown is how many of the last answers stand beside the door.
const shown = 50

// Count reads who is here; after every answer and when other laptops' answers arrive.
func (m *Model) Count() {
	m.recent, m.here, m.came, m.refused, m.roster = nil, 0, 0, 0, 0
	session, ok := m.store.Record(m.session)
	if !ok {
		return
	}
	late := m.door.LateAfter()
	list := m.store.Referring(m.session, fieldwork.KindAttendance)
	for _, a := range list {
		if a.Get(fieldwork.AttendanceSession).Ref() == m.session {
			if e, shows := m.entry(session, a, late); shows {
				m.recent = append(m.recent, e)
			}
		}
	}
	roll := fieldwork.RollOf(session, list, m.store.Canonical, m.now().Unix(), late)
	h := roll.Headcount(m.session)
	m.here, m.came, m.refused, m.roster = h.Here, h.Came, h.Refused, h.Expected
	slices.SortStableFunc(m.recent, func(a, b Entry) int { return cmp.Or(b.Time.Compare(a.Time), b.ID.Compare(a.ID)) })
	m.recent = m.recent[:min(len(m.recent), shown)]
}

// entry is an answer as a row; what was corrected or typed in from paper is no answer of a door.
func (m *Model) entry(session, a fieldwork.Record, late int64) (e Entry, shows bool) {
	t, _ := a.Get(fieldwork.AttendanceTime).Int()
	reason, _ := a.Get(fieldwork.AttendanceRefusal).Int()
	kind, _ := a.Get(fieldwork.AttendanceKind).Int()
	e = Entry{ID: a.ID, Time: time.Unix(t, 0).In(m.now().Location()), Reason: fieldwork.Refusal(reason), In: reason == 0 && kind != fieldwork.AttendanceOut, Out: kind == fieldwork.AttendanceOut}
	if p, ok := m.store.Record(a.Get(fieldwork.AttendancePerson).Ref()); ok {
		e.Person, e.Name = p.ID, fieldwork.Name(p)
	} else {
		e.Name, e.Scanned = m.words.T("checkin.refused."+e.Reason.String()), a.Get(fieldwork.AttendanceScanned).Text()
	}
	start, _ := session.Get(fieldwork.SessionStart).Int()
	e.Late = e.In && start != 0 && t > start+late*60
	return e, kind != fieldwork.AttendanceCorrection && kind != fieldwork.AttendanceFromPaper
}

// Recent are the last answers, the newest first.
func (m *Model) Recent() []Entry { return m.recent }

// Here is how many are in, and Expected how many the roster has; 0 when there is no roster.
func (m *Model) Here() (here, expected int) { return m.here, m.roster }

// Refused is how many scans were refused.
func (m *Model) Refused() int { return m.refused }
