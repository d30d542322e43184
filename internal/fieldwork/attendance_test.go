package fieldwork

import "testing"

const (
	eight  = 20891*86400 + 8*3600
	minute = 60
)

func TestPartOf(t *testing.T) {
	session := Record{Fields: fieldsOf(SessionStart, Int(eight), SessionEnd, Int(eight+180*minute))}
	at := func(m *memory, kind int64, minutes int64, more ...any) RecordID {
		return m.add(KindAttendance, append([]any{AttendanceKind, Int(kind), AttendanceTime, Int(eight + minutes*minute)}, more...)...)
	}
	after := int64(eight + 300*minute)
	for name, c := range map[string]struct {
		now     int64
		make    func(m *memory)
		want    Presence
		minutes int64
	}{
		"nobody came, before the end": {eight, func(m *memory) {}, 0, 0},
		"nobody came":                 {after, func(m *memory) {}, PresenceAbsent, 0},
		"in time":                     {after, func(m *memory) { at(m, AttendanceIn, -5) }, PresencePresent, 185},
		"just in time":                {after, func(m *memory) { at(m, AttendanceIn, 15) }, PresencePresent, 165},
		"late":                        {after, func(m *memory) { at(m, AttendanceIn, 16) }, PresenceLate, 164},
		"for the last hour only":      {after, func(m *memory) { at(m, AttendanceIn, 120) }, PresencePartial, 60},
		"out early":                   {after, func(m *memory) { at(m, AttendanceIn, 0); at(m, AttendanceOut, 60) }, PresencePartial, 60},
		"out to lunch":                {after, func(m *memory) { at(m, AttendanceIn, 0); at(m, AttendanceOut, 60); at(m, AttendanceIn, 90) }, PresencePresent, 150},
		"written in any order":        {after, func(m *memory) { at(m, AttendanceIn, 90); at(m, AttendanceOut, 60); at(m, AttendanceIn, 0) }, PresencePresent, 150},
		"only ever out":               {after, func(m *memory) { at(m, AttendanceOut, 170) }, PresencePresent, 0},
		"from paper":                  {after, func(m *memory) { at(m, AttendanceFromPaper, 0) }, PresencePresent, 180},
		"a refusal is nothing":        {after, func(m *memory) { at(m, AttendanceRefused, 0) }, PresenceAbsent, 0},
		"excused by a correction":     {after, func(m *memory) { at(m, AttendanceCorrection, 0, AttendancePresence, Int(PresenceExcused)) }, PresenceExcused, 0},
		"the last correction decides": {after, func(m *memory) {
			at(m, AttendanceCorrection, 9, AttendancePresence, Int(PresencePresent))
			at(m, AttendanceCorrection, 1, AttendancePresence, Int(PresenceExcused))
		}, PresencePresent, 0},
		"taken back by a correction": {after, func(m *memory) { at(m, AttendanceCorrection, 9, AttendanceCorrects, Ref(at(m, AttendanceIn, 0))) }, PresenceAbsent, 0},
		"one scan sent twice is one": {after, func(m *memory) {
			at(m, AttendanceIn, 0, AttendanceNonce, Bytes([]byte{1}))
			at(m, AttendanceOut, 20)
			at(m, AttendanceIn, 30, AttendanceNonce, Bytes([]byte{1}))
		}, PresencePartial, 20},
		"still here, before the end": {eight + 5*minute, func(m *memory) { at(m, AttendanceIn, 0) }, PresencePresent, 180},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMemory()
			c.make(m)
			var list []Record
			m.Each(KindAttendance, func(r Record) bool { list = append(list, r); return true })
			p := PartOf(session, list, c.now, 0)
			if p.Presence != c.want || p.Minutes != c.minutes {
				t.Errorf("got %v for %d minutes, want %v for %d", p.Presence, p.Minutes, c.want, c.minutes)
			}
		})
	}
}

func TestRoll_headcount(t *testing.T) {
	m := newMemory()
	amina, omar, twin, absent := m.add(KindTrainee), m.add(KindTrainee), m.add(KindTrainee), m.add(KindTrainee)
	m.same[twin] = amina
	s := m.add(KindSession, SessionStart, Int(eight), SessionEnd, Int(eight+7200), SessionExpected, Refs(amina, twin, absent), SessionHeadcount, Int(5))
	come := func(person RecordID, kind int64) {
		m.add(KindAttendance, AttendanceSession, Ref(s), AttendancePerson, Ref(person), AttendanceKind, Int(kind), AttendanceTime, Int(eight))
	}
	come(amina, AttendanceIn)
	come(twin, AttendanceIn)
	come(omar, AttendanceIn)
	come(omar, AttendanceOut)
	come(RecordID{}, AttendanceRefused)
	roll := NewRoll(m, eight+9000, 0)
	got, want := roll.Headcount(s), Headcount{Came: 2, Here: 1, Expected: 2, Missing: 1, Refused: 1, ByHand: 5}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !roll.Came(amina) || roll.Came(absent) || roll.Parts[s][absent].Presence != PresenceAbsent {
		t.Error("who came is mixed up")
	}
	if got := roll.Headcount(amina); got != (Headcount{}) {
		t.Errorf("what is no session has %+v", got)
	}
}
