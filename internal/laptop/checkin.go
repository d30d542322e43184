package laptop

import (
	"bytes"
	"crypto/rand"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// Admit decides about somebody at the door and saves the attendance or, with its reason, the refusal. The network is never asked.
// Cameras and scanners may call it at the same time: they are answered one after the other.
func (f *Folder) Admit(p fieldwork.Pass) (fieldwork.Answer, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.Answer{}, err
	}
	if p.Author.IsZero() {
		p.Author = s.Author()
	}
	f.door.Lock()
	defer f.door.Unlock()
	if p.Nonce == nil {
		p.Nonce = make([]byte, 16)
		rand.Read(p.Nonce)
	} else if ans, known := f.answered(p); known {
		return ans, nil
	}
	campaign, _ := f.CampaignRecord()
	in := fieldwork.CheckInput{Source: s, Session: p.Session, Campaign: campaign.Get(fieldwork.CampaignShort).Text(), Keys: fieldwork.BadgeKeys(campaign),
		Text: p.Text, Method: p.Method, Out: p.Out, Anyway: p.Anyway, Now: p.At, LateAfter: fieldwork.LateAfter(campaign), Present: f.present, Find: f.findCode}
	if in.Now == 0 {
		in.Now = f.now().Unix()
	}
	var ans fieldwork.Answer
	if p.Person.IsZero() {
		ans = fieldwork.CheckIn(in)
	} else {
		r, _ := s.Record(s.Canonical(p.Person))
		ans = fieldwork.CheckInPerson(in, r)
	}
	_, err = s.Save(store.Draft{Author: p.Author, Writes: []journal.Write{{Kind: fieldwork.KindAttendance, Fields: ans.Attendance(p.Author, p.Nonce)}}})
	return ans, err
}

// answered is the answer that the same scan got before.
func (f *Folder) answered(p fieldwork.Pass) (ans fieldwork.Answer, known bool) {
	for _, a := range f.store.Referring(p.Session, fieldwork.KindAttendance) {
		if !bytes.Equal(a.Get(fieldwork.AttendanceNonce).Bytes(), p.Nonce) {
			continue
		}
		reason, _ := a.Get(fieldwork.AttendanceRefusal).Int()
		ans = fieldwork.Answer{OK: reason == 0, Reason: fieldwork.Refusal(reason), Person: a.Get(fieldwork.AttendancePerson).Ref(), Text: p.Text}
		ans.Kind, _ = a.Get(fieldwork.AttendanceKind).Int()
		ans.Method, _ = a.Get(fieldwork.AttendanceMethod).Int()
		ans.Time, _ = a.Get(fieldwork.AttendanceTime).Int()
		return ans, true
	}
	return ans, false
}

// CheckIn is Admit for a scanned badge or a typed code.
func (f *Folder) CheckIn(session fieldwork.RecordID, text string, author fieldwork.RecordID) (fieldwork.Answer, error) {
	return f.Admit(fieldwork.Pass{Session: session, Text: text, Author: author})
}

// CheckInPerson is Admit for somebody who was picked from a list.
func (f *Folder) CheckInPerson(session, person fieldwork.RecordID, method int64, author fieldwork.RecordID) (fieldwork.Answer, error) {
	return f.Admit(fieldwork.Pass{Session: session, Person: person, Method: method, Author: author})
}

// present says whether the person is in the session now, by the person's own few attendances.
func (f *Folder) present(session, person fieldwork.RecordID) bool {
	var here []fieldwork.Record
	for _, a := range f.store.Referring(person, fieldwork.KindAttendance) {
		if a.Get(fieldwork.AttendanceSession).Ref() == session {
			here = append(here, a)
		}
	}
	return fieldwork.IsIn(here)
}

func (f *Folder) findCode(c fieldwork.Code) (fieldwork.RecordID, bool) {
	r, err := f.store.ByCode(c.String())
	return r.ID, err == nil
}

// NewBadge revokes the badges that a person has and returns the number of the next one, offline and at once: the old badge is
// refused here from now on, and on other laptops as soon as they hear of it.
func (f *Folder) NewBadge(person, author fieldwork.RecordID) (issue int64, err error) {
	s, err := f.Campaign()
	if err != nil {
		return 0, err
	}
	r, ok := s.Record(person)
	field := fieldwork.FieldID(fieldwork.TraineeBadgeIssue)
	switch {
	case !ok || r.Deleted || r.Kind != fieldwork.KindTrainee && r.Kind != fieldwork.KindVolunteer:
		return 0, &fieldwork.Problem{Code: "nobody", Sentence: "There is nobody to print a badge for.", Hint: "Register people first, or choose another site."}
	case r.Kind == fieldwork.KindVolunteer:
		field = fieldwork.VolunteerBadgeIssue
	}
	issue, _ = r.Get(field).Int()
	issue++
	_, err = s.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: r.Kind, Record: r.ID, Fields: []fieldwork.FieldValue{{Field: field, Value: fieldwork.Int(issue)}}}}})
	return issue, err
}
