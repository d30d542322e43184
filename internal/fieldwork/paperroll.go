package fieldwork

import (
	"crypto/sha256"
	"encoding/binary"
)

// Tick is what stands in a row of a paper roster. 0: nothing was ticked, and nothing is said.
type Tick int64

// The ticks.
const (
	TickHere    Tick = iota + 1
	TickLate         // here, but late
	TickExcused      // not here, with a reason
)

// PaperRow is one row of a paper roster as it is typed in.
type PaperRow struct {
	Person RecordID
	Tick   Tick
}

// PaperSheet is a paper roster that is being typed in.
type PaperSheet struct {
	Code    Roster
	Session RecordID
	People  []RecordID // row by row, as printed
}

// FromPaper returns the attendances to save for one row of a paper roster, none where the records say so already: entering a roster
// again, also on another laptop, changes nothing. part is the person's part as it is known; by is the volunteer at work, or zero; now
// in seconds since 1970-01-01 UTC.
func FromPaper(session Record, person RecordID, part Part, tick Tick, by RecordID, now int64) [][]FieldValue {
	wanted := map[Tick]Presence{TickHere: PresencePresent, TickLate: PresenceLate, TickExcused: PresenceExcused}[tick]
	if wanted == 0 || wanted == part.Presence || tick == TickHere && part.Presence.Came() {
		return nil
	}
	var list [][]FieldValue
	if tick != TickExcused && len(part.Records) == 0 {
		list = append(list, paperEntry(session, person, by, now))
		if tick == TickHere {
			return list
		}
	}
	return append(list, Correction(session.ID, person, wanted, by, now))
}

// paperEntry counts from the session's start: nobody knows when the tick was made.
func paperEntry(session Record, person, by RecordID, now int64) []FieldValue {
	at := now
	if start := startOf(session); start != 0 {
		at = start
	}
	list := []FieldValue{
		{AttendancePerson, Ref(person)},
		{AttendanceSession, Ref(session.ID)},
		{AttendanceKind, Int(AttendanceFromPaper)},
		{AttendanceMethod, Int(MethodRoster)},
		{AttendanceNonce, Bytes(paperNonce(session.ID, person))},
		{AttendanceTime, Int(at)},
	}
	return withVolunteer(list, by)
}

// paperNonce is the same wherever the same row is typed in, so that it counts once.
func paperNonce(session, person RecordID) []byte {
	b := appendID(appendID([]byte("kandili paper 1\x00"), session), person)
	sum := sha256.Sum256(b)
	return sum[:16]
}

// Correction returns the attendance that sets how somebody took part in a session, whatever was recorded before.
func Correction(session, person RecordID, p Presence, by RecordID, now int64) []FieldValue {
	return withVolunteer([]FieldValue{
		{AttendancePerson, Ref(person)},
		{AttendanceSession, Ref(session)},
		{AttendanceKind, Int(AttendanceCorrection)},
		{AttendanceMethod, Int(MethodRoster)},
		{AttendanceTime, Int(now)},
		{AttendancePresence, Int(int64(p))},
	}, by)
}

// withVolunteer adds who took it, where somebody is signed in, and keeps fields ascending.
func withVolunteer(list []FieldValue, by RecordID) []FieldValue {
	if by.IsZero() {
		return list
	}
	for i, fv := range list {
		if fv.Field > AttendanceVolunteer {
			return append(list[:i:i], append([]FieldValue{{AttendanceVolunteer, Ref(by)}}, list[i:]...)...)
		}
	}
	return append(list, FieldValue{AttendanceVolunteer, Ref(by)})
}

// ScanNonce is the nonce of what a camera or a file showed at a moment: the same picture sent again is the same scan.
func ScanNonce(session RecordID, text string, moment int64) []byte {
	b := appendID([]byte("kandili scan 1\x00"), session)
	b = binary.AppendVarint(b, moment)
	sum := sha256.Sum256(append(b, text...))
	return sum[:16]
}
