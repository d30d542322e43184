package people

import (
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
	"kandili/ui/show"
)

// Consent is what somebody agreed to, and whether it still holds.
type Consent struct {
	ID        fieldwork.RecordID
	Date      int64 // days since 1970
	Withdrawn bool
	Purposes  string // in the user's words
	Method    string
	Language  string
}

// Consents are those of a person, the newest first.
func Consents(w *show.Words, s Store, person fieldwork.RecordID) (out []Consent) {
	spec := fieldwork.SpecOf(fieldwork.KindConsent)
	s.Each(fieldwork.KindConsent, func(r fieldwork.Record) bool {
		if s.Canonical(r.Get(fieldwork.ConsentSubject).Ref()) != s.Canonical(person) {
			return true
		}
		c := Consent{ID: r.ID, Language: r.Get(fieldwork.ConsentLanguage).Text()}
		c.Date, _ = r.Get(fieldwork.ConsentDate).Int()
		state, _ := r.Get(fieldwork.ConsentState).Int()
		c.Withdrawn = state == fieldwork.ConsentWithdrawn || !r.Get(fieldwork.ConsentWithdrawnAt).IsZero()
		if n, ok := r.Get(fieldwork.ConsentMethod).Int(); ok {
			c.Method = w.Option(spec.Field(fieldwork.ConsentMethod), n)
		}
		var words []string
		for _, n := range r.Get(fieldwork.ConsentPurposes).Ints() {
			words = append(words, w.Option(spec.Field(fieldwork.ConsentPurposes), n))
		}
		c.Purposes = strings.Join(words, ", ")
		out = append(out, c)
		return true
	})
	slices.SortStableFunc(out, func(a, b Consent) int { return int(b.Date - a.Date) })
	return out
}

// Holds says that the newest consent was not withdrawn.
func Holds(list []Consent) bool { return len(list) > 0 && !list[0].Withdrawn }

// ConsentText is one wording of the campaign.
type ConsentText struct{ Language, Version, Text string }

// ConsentTexts are the campaign's wordings, one a line in its record: language, version, text.
func ConsentTexts(s Store) (out []ConsentText) {
	s.Each(fieldwork.KindCampaign, func(r fieldwork.Record) bool {
		for _, line := range strings.Split(r.Get(fieldwork.CampaignConsentTexts).Text(), "\n") {
			if parts := strings.SplitN(strings.TrimSpace(line), " ", 3); len(parts) == 3 {
				out = append(out, ConsentText{parts[0], parts[1], parts[2]})
			}
		}
		return false
	})
	return out
}

// NewConsent is an empty consent of today, with the person's language where there is a text in it.
func NewConsent(s Store, person fieldwork.RecordID, today int64) *form.Model {
	m := form.New(fieldwork.KindConsent)
	spec := fieldwork.SpecOf(fieldwork.KindConsent)
	m.SetRef("subject", person)
	m.Set("date", fieldwork.FormatValue(spec.Field(fieldwork.ConsentDate), fieldwork.Int(today)))
	m.Set("purposes", "programme")
	m.Set("state", "given")
	if texts := ConsentTexts(s); len(texts) > 0 {
		best := texts[0]
		r, _ := s.Record(person)
		for _, t := range texts {
			if t.Language == r.Get(fieldwork.TraineeLanguage).Text() {
				best = t
			}
		}
		m.Set("language", best.Language)
		m.Set("text_version", best.Version)
	}
	return m
}

// SaveConsents saves one consent for each person, in one change. Those under 18 without a guardian are left out and returned; of
// one person alone that is an error at the field.
func SaveConsents(w *show.Words, s Store, m *form.Model, people []fieldwork.RecordID, today int64) (left []fieldwork.RecordID, wrong map[string]string, err error) {
	fields, wrong := m.Values(w, today)
	if wrong != nil {
		return nil, wrong, nil
	}
	spec := fieldwork.SpecOf(fieldwork.KindConsent)
	var writes []journal.Write
	for _, id := range people {
		r, _ := s.Record(id)
		mine := slices.Clone(fields)
		for i := range mine {
			if mine[i].Field == fieldwork.ConsentSubject {
				mine[i].Value = fieldwork.Ref(id)
			}
		}
		if faults := fieldwork.CheckConsent(mine, r, today); len(faults) > 0 {
			if len(people) == 1 {
				return nil, map[string]string{spec.Field(faults[0].Field).Name: w.Fault(spec, faults[0], today)}, nil
			}
			left = append(left, id)
			continue
		}
		writes = append(writes, journal.Write{Kind: fieldwork.KindConsent, Fields: mine})
	}
	_, err = s.SaveAll(store.InParts(fieldwork.RecordID{}, writes))
	return left, nil, err
}

// Withdraw ends a consent from today on. It sticks: nobody's older copy brings it back.
func Withdraw(s Store, consent fieldwork.RecordID, today int64) error {
	_, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindConsent, Record: consent, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.ConsentWithdrawnAt, Value: fieldwork.Int(today)}, {Field: fieldwork.ConsentState, Value: fieldwork.Int(fieldwork.ConsentWithdrawn)}}}}})
	return err
}
