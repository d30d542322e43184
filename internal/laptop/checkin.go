package laptop

import (
	"crypto/rand"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// CheckIn decides about a scanned badge or a typed code, and saves the attendance or, with its reason, the refusal.
// The network is never asked. author is the volunteer at work, or zero.
func (f *Folder) CheckIn(session fieldwork.RecordID, text string, author fieldwork.RecordID) (fieldwork.Answer, error) {
	return f.checkIn(author, func(in fieldwork.CheckInput) fieldwork.Answer {
		in.Session, in.Text = session, text
		return fieldwork.CheckIn(in)
	})
}

// CheckInPerson is CheckIn for somebody who was picked from a list.
func (f *Folder) CheckInPerson(session, person fieldwork.RecordID, method int64, author fieldwork.RecordID) (fieldwork.Answer, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.Answer{}, err
	}
	r, _ := s.Record(person)
	return f.checkIn(author, func(in fieldwork.CheckInput) fieldwork.Answer {
		in.Session, in.Method = session, method
		return fieldwork.CheckInPerson(in, r)
	})
}

func (f *Folder) checkIn(author fieldwork.RecordID, decide func(fieldwork.CheckInput) fieldwork.Answer) (fieldwork.Answer, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.Answer{}, err
	}
	campaign, _ := f.CampaignRecord()
	answer := decide(fieldwork.CheckInput{Source: s, Campaign: campaign.Get(fieldwork.CampaignShort).Text(), Keys: fieldwork.BadgeKeys(campaign),
		Now: f.now().Unix(), Present: f.present, Find: f.findCode})
	var nonce [16]byte
	rand.Read(nonce[:])
	_, err = s.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindAttendance, Fields: answer.Attendance(author, nonce[:])}}})
	return answer, err
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
