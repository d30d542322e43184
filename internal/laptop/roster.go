package laptop

import (
	"errors"
	"strconv"
	"time"

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

// GridWords are the words of an attendance table; what is empty or nil stands in English.
type GridWords struct {
	Code, Name, Total string
	Session           func(fieldwork.Record) string // head of a session's column
	Presence          func(fieldwork.Presence) string
}

// GridTable writes a grid as a table: a person a row, a session a column, totals to the right and below.
func GridTable(g *fieldwork.Grid, w GridWords, zone *time.Location) (heads []string, rows [][]string) {
	w.fill(zone)
	heads = []string{w.Code, w.Name}
	for _, s := range g.Sessions {
		heads = append(heads, w.Session(s))
	}
	heads = append(heads, w.Total)
	for i, id := range g.People {
		row := []string{fieldwork.CodeOf(id), g.Names[i]}
		for j := range g.Sessions {
			p, _ := g.At(i, j)
			row = append(row, w.Presence(p))
		}
		came, _ := g.PersonTotal(i)
		rows = append(rows, append(row, strconv.Itoa(came)))
	}
	last, all := []string{"", w.Total}, 0
	for j := range g.Sessions {
		came, _ := g.SessionTotal(j)
		all += came
		last = append(last, strconv.Itoa(came))
	}
	return heads, append(rows, append(last, strconv.Itoa(all)))
}

func (w *GridWords) fill(zone *time.Location) {
	for text, word := range map[*string]string{&w.Code: "code", &w.Name: "name", &w.Total: "total"} {
		if *text == "" {
			*text = word
		}
	}
	if w.Session == nil {
		w.Session = func(s fieldwork.Record) string {
			head := fieldwork.CodeOf(s.ID)
			if n, ok := s.Get(fieldwork.SessionStart).Int(); ok {
				head = time.Unix(n, 0).In(zone).Format("2006-01-02 15:04") + " " + head
			}
			return head
		}
	}
	if w.Presence == nil {
		w.Presence = fieldwork.Presence.String
	}
}
