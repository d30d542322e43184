package laptop

import (
	"encoding/json"

	"kandili/internal/fieldwork"
)

// printedNote is where a laptop keeps which badges it printed: a note of its own, never synced, since it is about paper in a
// folder beside it. Keys are codes.
const printedNote = "paper/badges"

// printed is how often which issue of a person's badge was printed here.
type printed struct {
	Issue  int `json:"i,omitempty"`
	Copies int `json:"n"`
}

type printedBadges map[string]printed

func (f *Folder) printedBadges() printedBadges {
	var p printedBadges
	if json.Unmarshal(f.store.Note(printedNote), &p) != nil || p == nil {
		return printedBadges{}
	}
	return p
}

func (p printedBadges) copies(id fieldwork.RecordID, issue int) int {
	if was := p[fieldwork.CodeOf(id)]; was.Issue == issue {
		return was.Copies
	}
	return 0
}

// BadgesPrinted remembers that the people's badges were printed.
func (f *Folder) BadgesPrinted(people []fieldwork.RecordID) error {
	p := f.printedBadges()
	for _, id := range people {
		r, ok := f.store.Record(id)
		if !ok {
			continue
		}
		issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
		p[fieldwork.CodeOf(id)] = printed{int(issue), p.copies(id, int(issue)) + 1}
	}
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return f.store.SetNote(printedNote, b)
}

// WithoutBadge leaves of the people those whose badge was not printed here yet, as it is now: a new issue counts as not printed.
func (f *Folder) WithoutBadge(people []fieldwork.RecordID) []fieldwork.RecordID {
	p := f.printedBadges()
	var list []fieldwork.RecordID
	for _, id := range people {
		r, _ := f.store.Record(id)
		issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
		if p.copies(id, int(issue)) == 0 {
			list = append(list, id)
		}
	}
	return list
}
