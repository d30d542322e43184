package checkin

import (
	"errors"
	"strings"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Said is an answer in words.
type Said struct {
	OK     bool
	Again  bool // in already: no harm done
	Anyway bool // a person may decide to let her in all the same
	Title  string
	Line   string
	Face   blob.Name // the photo of whom it is about; zero: none
	Short  string    // her initials, as long as the photo is not there
}

// Scan decides about what a scanner or a person typed.
func (m *Model) Scan(text string, author fieldwork.RecordID) (Said, error) {
	return m.admit(fieldwork.Pass{Text: text, Author: author})
}

// Picture decides about a badge that was read from a picture file.
func (m *Model) Picture(text string, author fieldwork.RecordID) (Said, error) {
	return m.admit(fieldwork.Pass{Text: text, Method: fieldwork.MethodImage, Author: author})
}

// Pick lets somebody in who was found by her name.
func (m *Model) Pick(person fieldwork.RecordID, method int64, author fieldwork.RecordID) (Said, error) {
	return m.admit(fieldwork.Pass{Person: person, Method: method, Author: author})
}

func (m *Model) admit(p fieldwork.Pass) (Said, error) {
	p.Session, p.Out = m.session, m.out && p.Method != fieldwork.MethodWalkIn
	ans, err := m.door.Admit(p)
	if err != nil {
		return Said{}, err
	}
	return m.took(p, ans), nil
}

// took takes over what the door answered, and says it.
func (m *Model) took(p fieldwork.Pass, ans fieldwork.Answer) Said {
	m.last = nil
	s := m.say(ans)
	s.Face, s.Short = m.face(ans)
	if s.Anyway {
		p.Person, p.Anyway, p.Nonce, p.At = ans.Person, true, nil, 0
		if p.Method == 0 {
			p.Method = ans.Method
		}
		m.last = &p
	}
	return s
}

// face is the photo of whom an answer is about, for the eyes of whoever stands at the door. A forged badge names somebody whom it does
// not belong to.
func (m *Model) face(ans fieldwork.Answer) (photo blob.Name, initials string) {
	r, ok := m.store.Record(ans.Person)
	if !ok || ans.Reason == fieldwork.RefusalForged {
		return photo, ""
	}
	f := fieldwork.SpecOf(r.Kind).FieldByName("photo")
	if f == nil {
		return photo, ""
	}
	photo, _ = blob.NameOf(r.Get(f.ID))
	return photo, show.Initials(fieldwork.Name(r))
}

// Anyway lets in who was refused last for her site or for the roster; ok is false when nobody was.
func (m *Model) Anyway(author fieldwork.RecordID) (said Said, ok bool, err error) {
	if m.last == nil || m.last.Session != m.session {
		return said, false, nil
	}
	p := *m.last
	p.Author = author
	said, err = m.admit(p)
	return said, true, err
}

// Out says whether people go out now.
func (m *Model) Out() bool { return m.out }

// SetOut says that people go out, or that they come in.
func (m *Model) SetOut(out bool) { m.out = out }

// Brief is an answer in words that may be asked for on any goroutine: it only reads the store.
func (m *Model) Brief(ans fieldwork.Answer) (tone, title, line string) {
	name := ""
	if p, ok := m.store.Record(ans.Person); ok {
		name = fieldwork.Name(p)
	}
	if ans.OK {
		key := "checkin.welcome"
		switch {
		case ans.Kind == fieldwork.AttendanceOut:
			key = "checkin.goodbye"
		case ans.Late:
			key = "checkin.welcome.late"
		}
		return "good", name, m.words.T(key)
	}
	s := m.refusal(ans.Reason, name)
	if s.Again {
		return "again", s.Title, s.Line
	}
	return "bad", s.Title, s.Line
}

func (m *Model) say(ans fieldwork.Answer) Said {
	before := m.recent
	m.Count()
	name := ""
	if p, ok := m.store.Record(ans.Person); ok {
		name = fieldwork.Name(p)
	}
	if ans.OK {
		return Said{OK: true, Title: name, Line: m.greeting(ans) + " · " + m.HereWords()}
	}
	s := m.refusal(ans.Reason, name)
	if ans.Reason == fieldwork.RefusalUnknown {
		s = m.unknown(ans.Text, s)
	}
	if s.Again {
		if t, ok := cameAt(before, ans.Person); ok {
			s.Line = m.words.T("checkin.refused.already_in.at", name, m.words.Clock(t))
		}
	}
	return s
}

// unknown says what a text is that is nobody's code, where that can be told: the way out is another one then.
func (m *Model) unknown(text string, s Said) Said {
	key := ""
	_, roster := fieldwork.ParseRoster(text)
	_, tag := fieldwork.ParseTag(text)
	_, code := fieldwork.ParseCode(text)
	upper := strings.ToUpper(strings.TrimSpace(text))
	switch {
	case roster == nil || strings.HasPrefix(upper, "KR:"):
		key = "checkin.is.roster"
	case tag == nil || strings.HasPrefix(upper, "KT:"):
		key = "checkin.is.tag"
	case errors.Is(code, fieldwork.ErrMistypedCode):
		key = "checkin.is.slip"
	default:
		return s
	}
	s.Title, s.Line = m.words.T(key), m.words.T(key+".line")
	return s
}

// refusal says why, without looking at who is here.
func (m *Model) refusal(reason fieldwork.Refusal, name string) Said {
	key := "checkin.refused." + reason.String()
	s := Said{Title: m.words.T(key), Again: reason == fieldwork.RefusalAlreadyIn,
		Anyway: reason == fieldwork.RefusalWrongSite || reason == fieldwork.RefusalWrongSession && name != ""}
	if name == "" {
		name = m.words.T("checkin.somebody")
	}
	s.Line = m.words.T(key+".line", name)
	return s
}

func (m *Model) greeting(ans fieldwork.Answer) string {
	switch {
	case ans.Kind == fieldwork.AttendanceOut:
		if n := m.minutes(ans.Person); n > 0 {
			return m.words.T("checkin.goodbye.after", m.words.Duration(n))
		}
		return m.words.T("checkin.goodbye")
	case ans.Late:
		return m.words.T("checkin.welcome.late")
	}
	return m.words.T("checkin.welcome")
}

// minutes is how long a person was in the session.
func (m *Model) minutes(person fieldwork.RecordID) int64 {
	session, ok := m.store.Record(m.session)
	if !ok {
		return 0
	}
	var hers []fieldwork.Record
	for _, a := range m.store.Referring(person, fieldwork.KindAttendance) {
		if a.Get(fieldwork.AttendanceSession).Ref() == m.session {
			hers = append(hers, a)
		}
	}
	return fieldwork.PartOf(session, hers, m.now().Unix(), m.door.LateAfter()).Minutes
}

// cameAt is when somebody came in, by the answers before this one.
func cameAt(list []Entry, person fieldwork.RecordID) (time.Time, bool) {
	for _, e := range list {
		if e.In && e.Person == person {
			return e.Time, true
		}
	}
	return time.Time{}, false
}

// HereWords says how many are in.
func (m *Model) HereWords() string {
	if m.roster > 0 {
		return m.words.T("checkin.here.of", m.words.Number(m.here), m.words.Number(m.roster))
	}
	return m.words.N("checkin.here", m.here)
}

// WalkIn registers somebody at the door and lets her in. What is wrong with the name comes as a sentence.
func (m *Model) WalkIn(given, family string, author fieldwork.RecordID, today int64) (said Said, wrong string, err error) {
	var fields []fieldwork.FieldValue
	add := func(f fieldwork.FieldID, s string) {
		if s = strings.TrimSpace(s); s != "" {
			fields = append(fields, fieldwork.FieldValue{Field: f, Value: fieldwork.Text(s)})
		}
	}
	add(fieldwork.TraineeGivenName, given)
	add(fieldwork.TraineeFamilyName, family)
	if session, ok := m.store.Record(m.session); ok && !session.Get(fieldwork.SessionSite).IsZero() {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.TraineeSite, Value: session.Get(fieldwork.SessionSite)})
	}
	spec := fieldwork.SpecOf(fieldwork.KindTrainee)
	if faults := fieldwork.Check(spec, fields, today); len(faults) > 0 {
		return said, m.words.Fault(spec, faults[0], today), nil
	}
	c, err := m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: fields}}})
	if err != nil {
		return said, "", err
	}
	said, err = m.Pick(c.Target(0), fieldwork.MethodWalkIn, author)
	return said, "", err
}

// NewBadge revokes the badges that a person has; the next one is to be printed.
func (m *Model) NewBadge(person, author fieldwork.RecordID) (name string, err error) {
	r, _ := m.store.Record(person)
	_, err = m.door.NewBadge(person, author)
	return fieldwork.Name(r), err
}

// Found is somebody found by name.
type Found struct {
	ID   fieldwork.RecordID
	Name string
	Line string
}

// Find looks for people by name, phone, code or village.
func (m *Model) Find(text string) []Found {
	var out []Found
	ids := append(m.store.Search(fieldwork.KindTrainee, text, 30), m.store.Search(fieldwork.KindVolunteer, text, 10)...)
	for _, id := range ids {
		r, ok := m.store.Record(id)
		if !ok || r.Deleted {
			continue
		}
		f := Found{ID: id, Name: fieldwork.Name(r), Line: fieldwork.CodeOf(id)}
		if r.Kind == fieldwork.KindVolunteer {
			f.Line += " · " + m.words.T("kind.volunteer")
		}
		if site, ok := m.store.Record(r.Get(fieldwork.TraineeSite).Ref()); ok {
			f.Line += " · " + fieldwork.Name(site)
		}
		out = append(out, f)
	}
	return out
}
