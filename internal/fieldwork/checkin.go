package fieldwork

// Pass is somebody who wants in or out, as she comes to the door.
type Pass struct {
	Session RecordID
	Text    string   // what a badge said or a person typed; not looked at where Person is set
	Person  RecordID // picked from a list, or just registered
	Method  int64    // how it came; 0: scan for a badge, typed for a code
	Out     bool     // she goes out
	Anyway  bool     // a person decided to let her in from another site or off the roster
	Nonce   []byte   // of this scan, 16 bytes; nil: a new one. The same nonce is counted once, however often it comes
	At      int64    // when it was scanned, seconds since 1970-01-01 UTC; 0: now
	Author  RecordID // the volunteer at work, or zero
}

// CheckInput is what a check-in is decided from. Nothing of it is changed.
type CheckInput struct {
	Source    Source
	Session   RecordID
	Campaign  string                              // short name, as on badges
	Keys      func(no int) (BadgeKey, bool)       // see BadgeKeys
	Text      string                              // as scanned or typed
	Method    int64                               // how the text came; 0: scan for a badge, typed for a code
	Out       bool                                // somebody goes out
	Anyway    bool                                // a person decided to let her in from another site or off the roster
	Now       int64                               // seconds since 1970-01-01 UTC
	LateAfter int64                               // minutes; 0: DefaultLateAfter
	Present   func(session, person RecordID) bool // in, and not out again; nil: the Source's attendances are read
	Find      func(Code) (RecordID, bool)         // nil: by number, and by reading all people for a code with suffix
}

// Answer is what a check-in says.
type Answer struct {
	OK     bool
	Reason Refusal  // 0 when OK
	Person RecordID // zero where nobody was recognised
	Badge  Badge
	Kind   int64 // AttendanceIn, AttendanceOut, AttendanceManual or AttendanceRefused
	Method int64
	Late   bool   // came later than allowed
	Time   int64  // seconds since 1970-01-01 UTC
	Text   string // what was scanned, for refusals

	session RecordID
}

// CheckIn decides whether a person comes in (or goes out), and who she is. It is pure: the same input gives the same
// answer, and saving it is up to the caller, see Attendance. Refusals come in this order: what the badge itself
// tells (unknown, forged, wrong campaign, revoked), then the session (wrong, closed), then site, roster, already in.
func CheckIn(in CheckInput) Answer {
	ans := Answer{Method: in.Method, Time: in.Now, Text: in.Text, session: in.Session, Kind: AttendanceRefused}
	ans.Badge, ans.Reason = ReadBadge(in.Text, in.Campaign, in.Keys)
	if ans.Method == 0 {
		ans.Method = MethodScan
		if ans.Reason == 0 && !ans.Badge.Proven {
			ans.Method = MethodTyped
		}
	}
	if ans.Reason != 0 {
		return ans
	}
	holder, person, ok := in.person(ans.Badge.Code)
	if !ok {
		ans.Reason = RefusalUnknown
		return ans
	}
	if ans.Badge.Proven && isRevoked(in.Source, holder, int64(ans.Badge.Issue)) {
		ans.Person, ans.Reason = person.ID, RefusalRevoked
		return ans
	}
	return ans.decide(in, person)
}

// CheckInPerson is CheckIn for somebody who was picked from a list or a roster, or who walked in: in.Text is not
// looked at, in.Method says which it was.
func CheckInPerson(in CheckInput, person Record) Answer {
	ans := Answer{Method: in.Method, Time: in.Now, session: in.Session, Kind: AttendanceRefused}
	return ans.decide(in, person)
}

func (ans Answer) decide(in CheckInput, person Record) Answer {
	ans.Person = person.ID
	session, ok := in.Source.Record(in.Session)
	ans.Reason = in.refusal(person, session, ok)
	ans.OK = ans.Reason == 0
	if !ans.OK {
		return ans
	}
	ans.Kind = in.kind()
	if start, set := session.Get(SessionStart).Int(); set && !in.Out {
		ans.Late = in.Now > start+60*lateAfter(in.LateAfter)
	}
	return ans
}

func (in CheckInput) kind() int64 {
	switch {
	case in.Out:
		return AttendanceOut
	case in.Anyway:
		return AttendanceManual
	}
	return AttendanceIn
}

// refusal returns the session's first reason against the person, or 0.
func (in CheckInput) refusal(person, session Record, known bool) Refusal {
	switch {
	case !known || session.Kind != KindSession || session.Deleted:
		return RefusalWrongSession
	case isClosed(session):
		return RefusalSessionClosed
	case in.Out:
		return 0
	case !in.Anyway && isElsewhere(in.Source, person, session):
		return RefusalWrongSite
	case !in.Anyway && in.Method != MethodWalkIn && !isExpected(in.Source, person, session): // nobody who walks in is on the roster
		return RefusalWrongSession
	case in.isPresent(person.ID):
		return RefusalAlreadyIn
	}
	return 0
}

// person finds whose code it is: the record that has the code, and the one that stands for it where two are the same.
func (in CheckInput) person(c Code) (holder, person Record, ok bool) {
	id, ok := RecordID{}, false
	if in.Find != nil {
		id, ok = in.Find(c)
	} else if id, ok = c.RecordID(); !ok {
		id, ok = findPerson(in.Source, c)
	}
	if !ok {
		return Record{}, Record{}, false
	}
	holder, ok1 := in.Source.Record(id)
	person, ok2 := in.Source.Record(in.Source.Canonical(id))
	isPerson := person.Kind == KindTrainee || person.Kind == KindVolunteer
	return holder, person, ok1 && ok2 && isPerson && !person.Deleted
}

func findPerson(src Source, c Code) (id RecordID, found bool) {
	for _, kind := range []Kind{KindTrainee, KindVolunteer} {
		src.Each(kind, func(r Record) bool {
			if c.Matches(r.ID) {
				id, found = r.ID, true
			}
			return !found
		})
	}
	return id, found
}

// isRevoked says that a later badge was issued to the record on it, or that this one was called in.
func isRevoked(src Source, holder Record, issue int64) bool {
	field := FieldID(TraineeBadgeIssue)
	if holder.Kind == KindVolunteer {
		field = VolunteerBadgeIssue
	}
	if counts, _ := holder.Get(field).Int(); issue < counts {
		return true
	}
	revoked := false
	src.Each(KindRevocation, func(r Record) bool {
		n, set := r.Get(RevocationBadgeIssue).Int()
		revoked = set && issue <= n && r.Get(RevocationPerson).Ref() == holder.ID
		return !revoked
	})
	return revoked
}

func isClosed(session Record) bool {
	status, _ := session.Get(SessionStatus).Int()
	return status == SessionStatusClosed || status == SessionStatusCancelled
}

// isElsewhere says that a trainee belongs to another site than the session's. Volunteers go everywhere.
func isElsewhere(src Source, person, session Record) bool {
	if person.Kind != KindTrainee {
		return false
	}
	home, here := person.Get(TraineeSite).Ref(), session.Get(SessionSite).Ref()
	return !home.IsZero() && !here.IsZero() && src.Canonical(home) != src.Canonical(here)
}

// isExpected says that a trainee is on the roster, or that there is none.
func isExpected(src Source, person, session Record) bool {
	roster := session.Get(SessionExpected).Refs()
	if len(roster) == 0 || person.Kind != KindTrainee {
		return true
	}
	for _, id := range roster {
		if id == person.ID || src.Canonical(id) == person.ID {
			return true
		}
	}
	return false
}

func (in CheckInput) isPresent(person RecordID) bool {
	if in.Present != nil {
		return in.Present(in.Session, person)
	}
	var here []Record
	in.Source.Each(KindAttendance, func(r Record) bool {
		if r.Get(AttendanceSession).Ref() == in.Session && in.Source.Canonical(r.Get(AttendancePerson).Ref()) == person {
			here = append(here, r)
		}
		return true
	})
	return IsIn(here)
}

// maxScanned is how much of a refused scan is kept, in characters.
const maxScanned = 120

// Attendance returns the fields of the attendance record to save, also for a refusal. The volunteer is who works at
// the laptop, or zero; the nonce is 16 random bytes made for this scan, so that it counts once.
func (ans Answer) Attendance(volunteer RecordID, nonce []byte) []FieldValue {
	list := []FieldValue{
		{AttendancePerson, Ref(ans.Person)},
		{AttendanceSession, Ref(ans.session)},
		{AttendanceKind, Int(ans.Kind)},
		{AttendanceMethod, Int(ans.Method)},
		{AttendanceNonce, Bytes(nonce)},
		{AttendanceTime, Int(ans.Time)},
		{AttendanceVolunteer, Ref(volunteer)},
	}
	if !ans.OK {
		list = append(list, FieldValue{AttendanceRefusal, Int(int64(ans.Reason))}, FieldValue{AttendanceScanned, Text(cut(ans.Text, maxScanned))})
	}
	kept := list[:0]
	for _, fv := range list {
		if !fv.Value.IsZero() {
			kept = append(kept, fv)
		}
	}
	return kept
}
