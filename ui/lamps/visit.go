package lamps

import (
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
)

// StartVisit opens the form of a visit to the lamp that is open, or takes the half-typed one up again.
func (m *Model) StartVisit(today int64) (resumed bool) {
	m.Fresh, m.Fix = nil, nil
	m.Visit = form.New(fieldwork.KindVisit)
	m.Visit.SetRef("lamp", m.open)
	m.Visit.Set("done", dayText(today))
	return m.Visit.Resume(m.store.Draft(m.visitDraft()))
}

// SaveVisit saves the visit and shows the lamp again.
func (m *Model) SaveVisit(author fieldwork.RecordID, today int64) (wrong map[string]string, err error) {
	fields, wrong := m.Visit.Values(m.words, today)
	if m.Visit.Get("status_found") == "" {
		wrong = put(wrong, "status_found", m.words.T("form.required"))
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	status := m.Visit.Get("status_found")
	fields = slices.DeleteFunc(fields, func(v fieldwork.FieldValue) bool { return v.Field == fieldwork.VisitFound })
	fields = with(fields, fieldwork.VisitFound, fieldwork.Bool(status != "not_seen" && status != "lost" && status != "stolen"))
	_, err = m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindVisit, Fields: fields}}})
	if err != nil {
		return nil, err
	}
	if err := m.store.SetDraft(m.visitDraft(), nil); err != nil {
		return nil, err
	}
	m.Open(m.open)
	return nil, nil
}
