package laptop

import (
	"errors"

	"kandili/internal/fieldwork"
)

// Roster finds what a roster's code or QR stands for: its session, and who stands in which row.
func (f *Folder) Roster(text string) (fieldwork.PaperSheet, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.PaperSheet{}, err
	}
	campaign, _ := f.CampaignRecord()
	code, _, reason := fieldwork.ReadRoster(text, campaign.Get(fieldwork.CampaignShort).Text(), fieldwork.BadgeKeys(campaign))
	if reason != 0 {
		if _, err := fieldwork.ParseRoster(text); errors.Is(err, fieldwork.ErrMistypedRoster) {
			return fieldwork.PaperSheet{}, err
		}
		return fieldwork.PaperSheet{}, &fieldwork.Problem{Code: "no-roster", Sentence: "This is not the code of a roster of this campaign.", Hint: "It stands at the head of the list, such as R-KJ4-0101-030QM-X."}
	}
	r, err := s.ByCode(code.Session.String())
	if err != nil || r.Kind != fieldwork.KindSession || r.Deleted {
		return fieldwork.PaperSheet{}, errNoSession
	}
	people, ok := code.People(r.Get(fieldwork.SessionExpected).Refs())
	if !ok {
		return fieldwork.PaperSheet{}, &fieldwork.Problem{Code: "roster-changed", Sentence: "The session's list was changed after this roster was printed.",
			Hint: "Let people in by their names at Check-in, or print the roster anew."}
	}
	return fieldwork.PaperSheet{Code: code, Session: r.ID, People: people}, nil
}

// RosterRow finds whose row of the session's roster a scanned QR is.
func (f *Folder) RosterRow(session fieldwork.RecordID, text string) (fieldwork.RecordID, bool) {
	campaign, ok := f.CampaignRecord()
	if !ok {
		return fieldwork.RecordID{}, false
	}
	code, reason := fieldwork.ReadRow(text, session, fieldwork.BadgeKeys(campaign))
	if reason != 0 {
		return fieldwork.RecordID{}, false
	}
	return f.findCode(code)
}

// LateAfter is after how many minutes somebody is late in the open campaign.
func (f *Folder) LateAfter() int64 {
	campaign, _ := f.CampaignRecord()
	return fieldwork.LateAfter(campaign)
}
