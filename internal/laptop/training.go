package laptop

import (
	"errors"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// RollOf is who is expected at a session and how everybody took part, as of now.
func (f *Folder) RollOf(session fieldwork.RecordID) (*fieldwork.Roll, fieldwork.Record, error) {
	s, err := f.Campaign()
	if err != nil {
		return nil, fieldwork.Record{}, err
	}
	r, ok := s.Record(session)
	if !ok || r.Deleted || r.Kind != fieldwork.KindSession {
		return nil, r, errNoSession
	}
	campaign, _ := f.CampaignRecord()
	return fieldwork.RollOf(r, s.Referring(session, fieldwork.KindAttendance), s.Canonical, f.now().Unix(), fieldwork.LateAfter(campaign)), r, nil
}

var errNoSession = &fieldwork.Problem{Code: "no-session", Sentence: "There is no such session here.", Hint: "Choose another, or sync to get the newest."}

// CloseSession closes a session with the number of heads that somebody counted, 0 for none. A session without an end ends now, so
// that the time present of who did not go out is known.
func (f *Folder) CloseSession(session fieldwork.RecordID, counted int64, author fieldwork.RecordID) error {
	_, r, err := f.RollOf(session)
	if err != nil {
		return err
	}
	var fields []fieldwork.FieldValue
	if _, has := r.Get(fieldwork.SessionEnd).Int(); !has {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionEnd, Value: fieldwork.Int(f.now().Unix())})
	}
	fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionStatus, Value: fieldwork.Int(fieldwork.SessionStatusClosed)})
	if counted > 0 {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.SessionHeadcount, Value: fieldwork.Int(counted)})
	}
	return f.saveSession(r.ID, fields, author)
}

// SetSessionStatus opens, plans or cancels a session.
func (f *Folder) SetSessionStatus(session fieldwork.RecordID, status int64, author fieldwork.RecordID) error {
	_, r, err := f.RollOf(session)
	if err != nil {
		return err
	}
	return f.saveSession(r.ID, []fieldwork.FieldValue{{Field: fieldwork.SessionStatus, Value: fieldwork.Int(status)}}, author)
}

func (f *Folder) saveSession(id fieldwork.RecordID, fields []fieldwork.FieldValue, author fieldwork.RecordID) error {
	_, err := f.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindSession, Record: id, Fields: fields}}})
	return err
}

// EnterRoster saves what is ticked on a paper roster, all rows or none, and says how many people that changed. Entering it again, here
// or on another laptop, changes nothing.
func (f *Folder) EnterRoster(session fieldwork.RecordID, rows []fieldwork.PaperRow, author fieldwork.RecordID) (changed int, err error) {
	f.door.Lock()
	defer f.door.Unlock()
	roll, r, err := f.RollOf(session)
	if err != nil {
		return 0, err
	}
	if author.IsZero() {
		author = f.store.Author()
	}
	var writes []journal.Write
	for _, row := range rows {
		person := f.store.Canonical(row.Person)
		part := fieldwork.Part{}
		if p := roll.Parts[session][person]; p != nil {
			part = *p
		}
		list := fieldwork.FromPaper(r, person, part, row.Tick, author, f.now().Unix())
		for _, fields := range list {
			writes = append(writes, journal.Write{Kind: fieldwork.KindAttendance, Fields: fields})
		}
		changed += min(len(list), 1)
	}
	return changed, f.saveAll(writes, author)
}

// Correct sets how people took part in a session, whatever was recorded before.
func (f *Folder) Correct(session fieldwork.RecordID, people []fieldwork.RecordID, p fieldwork.Presence, author fieldwork.RecordID) error {
	if _, _, err := f.RollOf(session); err != nil {
		return err
	}
	if author.IsZero() {
		author = f.store.Author()
	}
	var writes []journal.Write
	for _, id := range people {
		writes = append(writes, journal.Write{Kind: fieldwork.KindAttendance, Fields: fieldwork.Correction(session, f.store.Canonical(id), p, author, f.now().Unix())})
	}
	return f.saveAll(writes, author)
}

// writesAtOnce keeps a change with rows of a roster well below the most that one change may hold.
const writesAtOnce = 200

// saveAll saves any number of writes with one flush, all or none.
func (f *Folder) saveAll(writes []journal.Write, author fieldwork.RecordID) error {
	var drafts []store.Draft
	for part := range slices.Chunk(writes, writesAtOnce) {
		drafts = append(drafts, store.Draft{Author: author, Writes: part})
	}
	_, err := f.store.SaveAll(drafts)
	return err
}

// Earned is what everybody may be certified for in a course.
func (f *Folder) Earned(course fieldwork.RecordID) ([]fieldwork.Earned, error) {
	s, err := f.Campaign()
	if err != nil {
		return nil, err
	}
	r, ok := s.Record(course)
	if !ok || r.Deleted || r.Kind != fieldwork.KindCourse {
		return nil, &fieldwork.Problem{Code: "no-course", Sentence: "There is no such course here.", Hint: "Choose another, or sync to get the newest."}
	}
	campaign, _ := f.CampaignRecord()
	return fieldwork.EarnedIn(s, fieldwork.NewRoll(s, f.now().Unix(), fieldwork.LateAfter(campaign)), r), nil
}

// Certify issues certificates of a course to those of the people who earned one and have none yet, and returns the certificates of all
// of them, old ones included, in the order of people. A certificate's number is the code of its record: it cannot be given twice, and
// says by itself which laptop issued it.
func (f *Folder) Certify(course fieldwork.RecordID, people []fieldwork.RecordID, author fieldwork.RecordID) ([]fieldwork.RecordID, error) {
	for range 5 {
		ids, err := f.certify(course, people, author)
		if !errors.Is(err, store.ErrMoved) {
			return ids, err
		}
	}
	return nil, &fieldwork.Problem{Code: "busy", Sentence: "The certificates could not be issued, because something else was being saved all the time.", Hint: "Try again."}
}

func (f *Folder) certify(course fieldwork.RecordID, people []fieldwork.RecordID, author fieldwork.RecordID) (out []fieldwork.RecordID, err error) {
	earned, err := f.Earned(course)
	if err != nil {
		return nil, err
	}
	by := map[fieldwork.RecordID]fieldwork.Earned{}
	for _, e := range earned {
		by[e.Person] = e
	}
	first := f.store.Upcoming(0)
	var writes []journal.Write
	for _, id := range people {
		e, known := by[f.store.Canonical(id)]
		switch {
		case known && !e.Issued.IsZero():
			out = append(out, e.Issued)
		case known && e.Level() != fieldwork.CertifyNothing:
			at := first
			at.Seq += uint64(len(writes))
			writes = append(writes, journal.Write{Kind: fieldwork.KindCertificate, Fields: e.Certificate(fieldwork.CodeOf(at), course, f.today())})
			out = append(out, at)
		}
	}
	if len(writes) == 0 {
		return out, nil
	}
	var drafts []store.Draft
	for part := range slices.Chunk(writes, writesAtOnce) {
		drafts = append(drafts, store.Draft{Author: author, Writes: part})
	}
	drafts[0].At = first
	if _, err := f.store.SaveAll(drafts); err != nil {
		return nil, err
	}
	return out, nil
}
