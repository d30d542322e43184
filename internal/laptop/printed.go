package laptop

import (
	"encoding/json"

	"kandili/internal/fieldwork"
)

// These are where a laptop keeps what it printed: notes of its own, never synced, since they are about paper in a folder beside
// it. Keys are codes.
const (
	badgesNote       = "paper/badges"
	certificatesNote = "paper/certificates"
)

// printed is how often which issue of a person's badge, or a certificate, was printed here.
type printed struct {
	Issue  int `json:"i,omitempty"`
	Copies int `json:"n"`
}

type printedNotes map[string]printed

func (f *Folder) printedNotes(note string) printedNotes {
	var p printedNotes
	if json.Unmarshal(f.store.Note(note), &p) != nil || p == nil {
		return printedNotes{}
	}
	return p
}

func (f *Folder) keepPrinted(note string, p printedNotes) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return f.store.SetNote(note, b)
}

func (p printedNotes) copies(id fieldwork.RecordID, issue int) int {
	if was := p[fieldwork.CodeOf(id)]; was.Issue == issue {
		return was.Copies
	}
	return 0
}

// BadgesPrinted remembers that the people's badges were printed.
func (f *Folder) BadgesPrinted(people []fieldwork.RecordID) error {
	p := f.printedNotes(badgesNote)
	for _, id := range people {
		r, ok := f.store.Record(id)
		if !ok {
			continue
		}
		issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
		p[fieldwork.CodeOf(id)] = printed{int(issue), p.copies(id, int(issue)) + 1}
	}
	return f.keepPrinted(badgesNote, p)
}

// WithoutBadge leaves of the people those whose badge was not printed here yet, as it is now: a new issue counts as not printed.
func (f *Folder) WithoutBadge(people []fieldwork.RecordID) []fieldwork.RecordID {
	p := f.printedNotes(badgesNote)
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
