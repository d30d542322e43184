package laptop

import (
	"cmp"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/paper"
	"kandili/ui/show"
)

// walkInLines is how many lines a roster has for people who are not on it.
const walkInLines = 8

// RosterSheet is the attendance list of a session, for ticking on paper. The people on it are the session's expected ones; where
// none are, those who came, else those of the session's village, by name, and they are saved as the expected ones: a roster is
// entered from its code, which says who they were.
func (f *Folder) RosterSheet(session fieldwork.RecordID, how Print, author fieldwork.RecordID) (paper.Roster, error) {
	doc, people, err := f.roster(session, how)
	if err != nil {
		return paper.Roster{}, err
	}
	return doc, f.expect(session, people, author)
}

// expect saves who is on a session's printed list, where the session had none.
func (f *Folder) expect(session fieldwork.RecordID, people []fieldwork.RecordID, author fieldwork.RecordID) error {
	r, _ := f.store.Record(session)
	if len(r.Get(fieldwork.SessionExpected).Refs()) > 0 {
		return nil
	}
	return f.saveSession(r.ID, []fieldwork.FieldValue{{Field: fieldwork.SessionExpected, Value: fieldwork.Refs(people...)}}, author)
}

// roster is a session's list and who is on it; nothing is saved.
func (f *Folder) roster(session fieldwork.RecordID, how Print) (out paper.Roster, people []fieldwork.RecordID, err error) {
	_, r, err := f.RollOf(session)
	if err != nil {
		return out, nil, err
	}
	key, err := f.printKey()
	if err != nil {
		return out, nil, err
	}
	words, err := f.words(how)
	if err != nil {
		return out, nil, err
	}
	people = r.Get(fieldwork.SessionExpected).Refs()
	if len(people) == 0 {
		if people = f.likely(r); len(people) == 0 {
			return out, nil, &fieldwork.Problem{Code: "nobody-expected", Sentence: "Nobody is on this session's list, and its village has nobody registered.", Hint: "Add people to the session, then print again."}
		}
	}
	code := fieldwork.RosterOf(r.ID, people)
	campaign, _ := f.CampaignRecord()
	out = paper.Roster{Page: pageOf(how), Words: words, Campaign: campaign.Get(fieldwork.CampaignName).Text(), Title: fieldwork.Name(r), Facts: f.facts(r, words),
		Code: code.String(), Payload: key.RosterPayload(code), Blank: walkInLines}
	for _, id := range people[:code.Rows] {
		p, _ := f.store.Record(f.store.Canonical(id))
		row := paper.RosterRow{Code: fieldwork.CodeOf(id), Payload: key.RowPayload(r.ID, id), Line: f.siteName(p.Get(fieldwork.TraineeSite).Ref())}
		if !p.Deleted {
			row.Name = fieldwork.Name(p)
		}
		out.Rows = append(out.Rows, row)
	}
	return out, people, nil
}

// likely are the people whom a session without a list concerns, by name.
func (f *Folder) likely(session fieldwork.Record) []fieldwork.RecordID {
	seen := map[fieldwork.RecordID]bool{}
	var list []fieldwork.Record
	add := func(id fieldwork.RecordID) {
		id = f.store.Canonical(id)
		if r, ok := f.store.Record(id); ok && !r.Deleted && r.Kind == fieldwork.KindTrainee && !seen[id] {
			seen[id] = true
			list = append(list, r)
		}
	}
	for _, a := range f.store.Referring(session.ID, fieldwork.KindAttendance) {
		if kind, _ := a.Get(fieldwork.AttendanceKind).Int(); kind != fieldwork.AttendanceRefused {
			add(a.Get(fieldwork.AttendancePerson).Ref())
		}
	}
	if site := session.Get(fieldwork.SessionSite).Ref(); len(list) == 0 && !site.IsZero() {
		for _, p := range f.store.Referring(site, fieldwork.KindTrainee) {
			add(p.ID)
		}
	}
	sortByName(list)
	ids := make([]fieldwork.RecordID, 0, len(list))
	for _, r := range list[:min(len(list), fieldwork.MaxRoster)] {
		ids = append(ids, r.ID)
	}
	return ids
}

func sortByName(list []fieldwork.Record) {
	slices.SortFunc(list, func(a, b fieldwork.Record) int {
		if c := cmp.Compare(fieldwork.Fold(fieldwork.Name(a)), fieldwork.Fold(fieldwork.Name(b))); c != 0 {
			return c
		}
		return a.ID.Compare(b.ID)
	})
}

// facts are the lines below a session's title: when, where, what, by whom.
func (f *Folder) facts(r fieldwork.Record, w *show.Words) (lines []string) {
	add := func(parts ...string) {
		line := ""
		for _, p := range parts {
			switch {
			case p == "":
			case line == "":
				line = p
			default:
				line += " · " + p
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	when := ""
	if at, ok := r.Get(fieldwork.SessionStart).Int(); ok {
		start := time.Unix(at, 0).In(f.zone())
		when = w.Date(start) + ", " + w.Clock(start)
		if end, ok := r.Get(fieldwork.SessionEnd).Int(); ok && end > at {
			when += "–" + w.Clock(time.Unix(end, 0).In(f.zone()))
		}
	}
	add(when)
	add(f.siteName(r.Get(fieldwork.SessionSite).Ref()), r.Get(fieldwork.SessionRoom).Text())
	add(f.options(w, fieldwork.KindSession, fieldwork.SessionModules, r.Get(fieldwork.SessionModules).Ints())...)
	trainer, _ := f.store.Record(r.Get(fieldwork.SessionLeadTrainer).Ref())
	if !trainer.ID.IsZero() {
		add(fieldwork.Name(trainer))
	}
	return lines
}

func (f *Folder) siteName(id fieldwork.RecordID) string {
	r, ok := f.store.Record(f.store.Canonical(id))
	if !ok || id.IsZero() {
		return ""
	}
	return fieldwork.Name(r)
}

// options are the words of a field's values.
func (f *Folder) options(w *show.Words, kind fieldwork.Kind, field fieldwork.FieldID, values []int64) (list []string) {
	spec := fieldwork.SpecOf(kind).Field(field)
	for _, n := range values {
		list = append(list, w.Option(spec, n))
	}
	return list
}

// zone is the campaign's, else this computer's.
func (f *Folder) zone() *time.Location {
	campaign, _ := f.CampaignRecord()
	if name := campaign.Get(fieldwork.CampaignTimeZone).Text(); name != "" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.Local
}

func pageOf(how Print) paper.Page {
	if how.Page == "Letter" {
		return paper.Letter
	}
	return paper.A4
}
