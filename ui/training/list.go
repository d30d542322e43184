package training

import (
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// FindPeople are trainees that a text may mean, the best first.
func (m *Model) FindPeople(text string) (out []Named) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	for _, id := range m.store.Search(fieldwork.KindTrainee, text, 30) {
		r, ok := m.store.Record(id)
		if !ok || r.Deleted {
			continue
		}
		n := Named{ID: id, Name: fieldwork.Name(r), Sub: fieldwork.CodeOf(id)}
		if site := m.NameOf(r.Get(fieldwork.TraineeSite).Ref()); site != "" {
			n.Sub += " · " + site
		}
		out = append(out, n)
	}
	return out
}

// PutOn puts somebody at the end of a session's list; who is on it stays where she is. full says that the list has no room.
func (m *Model) PutOn(session, person, author fieldwork.RecordID) (full bool, err error) {
	list := m.expected(session)
	if slices.Contains(list, person) {
		return false, nil
	}
	if len(list) >= fieldwork.MaxListItems {
		return true, nil
	}
	return false, m.expect(session, append(list, person), author)
}

// TakeOff takes somebody off a session's list.
func (m *Model) TakeOff(session, person, author fieldwork.RecordID) error {
	list := m.expected(session)
	return m.expect(session, slices.DeleteFunc(list, func(id fieldwork.RecordID) bool { return m.store.Canonical(id) == person }), author)
}

// MayTakeOff says that somebody is on the list and that nothing is recorded of her: who came stays.
func (m *Model) MayTakeOff(session, person fieldwork.RecordID, now fieldwork.Presence) bool {
	return (now == 0 || now == fieldwork.PresenceAbsent) && slices.ContainsFunc(m.expected(session), func(id fieldwork.RecordID) bool { return m.store.Canonical(id) == person })
}

func (m *Model) expected(session fieldwork.RecordID) []fieldwork.RecordID {
	r, _ := m.store.Record(session)
	return r.Get(fieldwork.SessionExpected).Refs()
}

func (m *Model) expect(session fieldwork.RecordID, list []fieldwork.RecordID, author fieldwork.RecordID) error {
	_, err := m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindSession, Record: session,
		Fields: []fieldwork.FieldValue{{Field: fieldwork.SessionExpected, Value: fieldwork.Refs(list...)}}}}})
	return err
}
