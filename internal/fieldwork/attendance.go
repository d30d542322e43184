package fieldwork

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// DefaultLateAfter is after how many minutes somebody is late where the campaign says nothing else.
const DefaultLateAfter = 15

func lateAfter(minutes int64) int64 {
	if minutes == 0 {
		return DefaultLateAfter
	}
	return minutes
}

// LateAfter is after how many minutes somebody is late in this campaign.
func LateAfter(campaign Record) int64 {
	n, _ := campaign.Get(CampaignLateAfter).Int()
	return lateAfter(n)
}

// Presence is how somebody took part in a session. 0: nothing can be said yet. Its numbers are those of the
// attendance's presence.
type Presence int64

// String returns "present", "late", "partial", "absent", "excused" or "".
func (p Presence) String() string {
	for _, o := range presences {
		if o.N == int64(p) {
			return o.Name
		}
	}
	return ""
}

// Part is one person's part in a session.
type Part struct {
	Presence Presence
	First    int64      // when she first came in, seconds since 1970-01-01 UTC; 0: never, or not known
	Minutes  int64      // time present; 0 where the session's end is not known and she did not go out
	Records  []RecordID // the attendances behind it, in the order of time
}

// partialShare: who was there for less than half of a session took part in it partly.
const partialShare = 0.5

// PartOf derives a person's part from her attendances of the session (not of others). A correction, the last if there
// are several, decides; otherwise the times do. Late is who came more than lateAfter minutes (0: DefaultLateAfter)
// after the start, partial who was there for less than half. Absent needs a session that is over at now.
func PartOf(session Record, attendances []Record, now, lateAfterMinutes int64) Part {
	events := inOrder(attendances)
	var p Part
	for _, e := range events {
		p.Records = append(p.Records, e.id)
	}
	came := p.times(session, events)
	p.Presence = p.derive(session, came, now, lateAfterMinutes)
	for _, e := range events {
		if e.kind == AttendanceCorrection && e.presence != 0 {
			p.Presence = e.presence
		}
	}
	return p
}

// times works out first coming and minutes; came says that she was there at all.
func (p *Part) times(session Record, events []event) (came bool) {
	end, hasEnd := session.Get(SessionEnd).Int()
	since, seconds, inside := int64(0), int64(0), false
	for _, e := range events {
		switch {
		case e.comesIn() && !inside:
			inside, since = true, e.time
			if !came {
				p.First = e.time
			}
			came = true
		case e.kind == AttendanceOut:
			came = true // somebody forgot to scan her in
			if inside {
				seconds += max(0, e.time-since)
			}
			inside = false
		}
	}
	if inside && hasEnd {
		seconds += max(0, end-since)
	}
	p.Minutes = seconds / 60
	return came
}

func (p *Part) derive(session Record, came bool, now, late int64) Presence {
	start, hasStart := session.Get(SessionStart).Int()
	end, hasEnd := session.Get(SessionEnd).Int()
	if !came {
		if status, _ := session.Get(SessionStatus).Int(); status == SessionStatusClosed || hasEnd && now > end {
			return PresenceAbsent
		}
		return 0
	}
	length := float64(end-start) / 60
	switch {
	case hasStart && hasEnd && p.First != 0 && now > end && float64(p.Minutes) < partialShare*length:
		return PresencePartial
	case hasStart && p.First > start+60*lateAfter(late):
		return PresenceLate
	}
	return PresencePresent
}

// event is one attendance, taken apart.
type event struct {
	id       RecordID
	kind     int64
	time     int64
	presence Presence
	nonce    Value
	corrects RecordID
}

func (e event) comesIn() bool {
	return e.kind == AttendanceIn || e.kind == AttendanceManual || e.kind == AttendanceFromPaper
}

// inOrder sorts by time, then id, and takes out refusals, doubled nonces and what a correction points at.
func inOrder(attendances []Record) []event {
	list := make([]event, 0, len(attendances))
	corrected := map[RecordID]bool{}
	for _, r := range attendances {
		e := newEvent(r)
		if e.corrects != (RecordID{}) {
			corrected[e.corrects] = true
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.time, b.time), a.id.Compare(b.id))
	})
	nonces := map[Value]bool{}
	return slices.DeleteFunc(list, func(e event) bool {
		again := !e.nonce.IsZero() && nonces[e.nonce]
		nonces[e.nonce] = true
		return again || e.kind == AttendanceRefused || corrected[e.id]
	})
}

func newEvent(r Record) event {
	e := event{id: r.ID, nonce: r.Get(AttendanceNonce), corrects: r.Get(AttendanceCorrects).Ref()}
	e.kind, _ = r.Get(AttendanceKind).Int()
	e.time, _ = r.Get(AttendanceTime).Int()
	n, _ := r.Get(AttendancePresence).Int()
	e.presence = Presence(n)
	return e
}

// IsIn says, from a person's attendances of one session, that she came in and did not go out again.
func IsIn(attendances []Record) bool {
	in := false
	for _, e := range inOrder(attendances) {
		switch {
		case e.comesIn():
			in = true
		case e.kind == AttendanceOut:
			in = false
		case e.kind == AttendanceCorrection && e.presence != 0:
			in = e.presence == PresencePresent || e.presence == PresenceLate || e.presence == PresencePartial
		}
	}
	return in
}

// cut shortens a text to n characters and leaves out what is not valid UTF-8.
func cut(s string, n int) string {
	s = strings.ToValidUTF8(s, "")
	if utf8.RuneCountInString(s) > n {
		return string([]rune(s)[:n])
	}
	return s
}
