package fieldwork

// Roll is who attended what, read once from a Source; it serves sheets, head counts and indicators.
type Roll struct {
	Sessions  []Record                           // in id order
	Parts     map[RecordID]map[RecordID]*Part    // by session, then person; only who has an attendance or is expected
	Refused   map[RecordID]int                   // refusals by session
	came      map[RecordID]bool                  // persons who came at least once
	records   map[RecordID]map[RecordID][]Record // by session, then person
	canonical func(RecordID) RecordID
}

// NewRoll reads sessions and attendances. Now is in seconds since 1970-01-01 UTC, lateAfter in minutes, 0 meaning
// DefaultLateAfter.
func NewRoll(src Source, now, lateAfter int64) *Roll {
	r := &Roll{
		Parts: map[RecordID]map[RecordID]*Part{}, Refused: map[RecordID]int{}, came: map[RecordID]bool{},
		records: map[RecordID]map[RecordID][]Record{}, canonical: src.Canonical,
	}
	src.Each(KindSession, func(s Record) bool {
		r.Sessions = append(r.Sessions, s)
		r.records[s.ID] = map[RecordID][]Record{}
		return true
	})
	src.Each(KindAttendance, func(a Record) bool {
		r.add(a)
		return true
	})
	for _, s := range r.Sessions {
		r.derive(s, now, lateAfter)
	}
	return r
}

// RollOf is the roll of one session, from its attendances: what a door or a session's page needs, without reading all others.
func RollOf(session Record, attendances []Record, canonical func(RecordID) RecordID, now, lateAfter int64) *Roll {
	r := &Roll{
		Sessions: []Record{session}, Parts: map[RecordID]map[RecordID]*Part{}, Refused: map[RecordID]int{}, came: map[RecordID]bool{},
		records: map[RecordID]map[RecordID][]Record{session.ID: {}}, canonical: canonical,
	}
	for _, a := range attendances {
		r.add(a)
	}
	r.derive(session, now, lateAfter)
	return r
}

// Inside says that a person is in the session now: she came in and did not go out.
func (r *Roll) Inside(session, person RecordID) bool { return IsIn(r.records[session][person]) }

func (r *Roll) add(a Record) {
	session := r.canonical(a.Get(AttendanceSession).Ref())
	if kind, _ := a.Get(AttendanceKind).Int(); kind == AttendanceRefused {
		r.Refused[session]++
		return
	}
	person := a.Get(AttendancePerson).Ref()
	of, ok := r.records[session]
	if !ok || person.IsZero() {
		return // its session was deleted, or it is not here yet
	}
	person = r.canonical(person)
	of[person] = append(of[person], a)
}

func (r *Roll) derive(s Record, now, lateAfter int64) {
	parts := map[RecordID]*Part{}
	for _, id := range s.Get(SessionExpected).Refs() {
		id = r.canonical(id)
		if _, came := r.records[s.ID][id]; !came {
			p := PartOf(s, nil, now, lateAfter)
			parts[id] = &p
		}
	}
	for person, list := range r.records[s.ID] {
		p := PartOf(s, list, now, lateAfter)
		parts[person] = &p
		if p.Presence.Came() {
			r.came[person] = true
		}
	}
	r.Parts[s.ID] = parts
}

// Came says that the person was there, if only partly.
func (p Presence) Came() bool {
	return p == PresencePresent || p == PresenceLate || p == PresencePartial
}

// Came says that the person came to a session at least once.
func (r *Roll) Came(person RecordID) bool { return r.came[person] }

// Headcount is how full a session is or was.
type Headcount struct {
	Came     int   // persons who came in
	Here     int   // of those, who did not go out again
	Expected int   // persons on the roster
	Missing  int   // of those, who did not come (yet)
	Refused  int   // refusals, each scan by itself
	ByHand   int64 // counted by somebody; 0: not counted. A difference to Came is worth a look
}

// Without is how many more were counted by hand than came by badge, list or paper; negative: fewer. 0 where nobody counted.
func (h Headcount) Without() int {
	if h.ByHand == 0 {
		return 0
	}
	return int(h.ByHand) - h.Came
}

// Headcount returns the counts of a session; all 0 for one that is not known.
func (r *Roll) Headcount(session RecordID) Headcount {
	h := Headcount{Refused: r.Refused[session]}
	parts := r.Parts[session]
	for person, p := range parts {
		if p.Presence.Came() {
			h.Came++
		}
		if IsIn(r.records[session][person]) {
			h.Here++
		}
	}
	for _, s := range r.Sessions {
		if s.ID == session {
			h.ByHand, _ = s.Get(SessionHeadcount).Int()
			h.roster(s, r.canonical, parts)
		}
	}
	return h
}

func (h *Headcount) roster(s Record, canonical func(RecordID) RecordID, parts map[RecordID]*Part) {
	seen := map[RecordID]bool{}
	for _, id := range s.Get(SessionExpected).Refs() {
		if id = canonical(id); seen[id] {
			continue
		}
		seen[id] = true
		h.Expected++
		if p := parts[id]; p == nil || !p.Presence.Came() {
			h.Missing++
		}
	}
}
