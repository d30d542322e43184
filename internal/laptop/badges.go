package laptop

import (
	"fmt"
	"io"
	stdsync "sync"

	"kandili/assets"
	"kandili/internal/fieldwork"
	"kandili/internal/paper"
	"kandili/ui/show"
)

// press has the fonts of everything that is printed.
var press = stdsync.OnceValues(func() (*paper.Press, error) {
	return paper.NewPress(paper.Fonts{Regular: assets.Font("NotoSans-Regular"), Bold: assets.Font("NotoSans-Bold"), Mono: assets.Font("NotoSansMono-Regular"),
		Arabic: assets.Font("NotoNaskhArabic-Regular"), Devanagari: assets.Font("NotoSansDevanagari-Regular")})
})

// Print says how something is printed. The zero value is the usual way.
type Print struct {
	Layout string // of labels, as paper.FindLayout knows it; empty: the usual one
	Start  int    // how many labels of the first sheet are used up already
	Page   string // of everything else, "A4" or "Letter"; empty: A4
	Lang   string // of the product's own words; empty: the laptop's, else English
}

// WritePDF writes a document as PDF.
func WritePDF(w io.Writer, doc paper.Document) error {
	p, err := press()
	if err != nil {
		return err
	}
	return p.PDF(w, doc)
}

func (f *Folder) words(how Print) (*show.Words, error) {
	for _, lang := range []string{how.Lang, f.settings.Lang} {
		if lang != "" {
			return show.Load(lang)
		}
	}
	return show.Load("en")
}

// sheet is how labels are printed, or a Problem of code "unknown-layout".
func (f *Folder) sheet(how Print) (paper.Sheet, error) {
	l := paper.Layouts()[0]
	if how.Layout != "" {
		var ok bool
		if l, ok = paper.FindLayout(how.Layout); !ok {
			return paper.Sheet{}, &fieldwork.Problem{Code: "unknown-layout", Sentence: "There is no format of labels “" + how.Layout + "”.",
				Hint: "Take one such as " + paper.Layouts()[0].Name + " or “Avery L7160”, or a grid such as a4:3x8 (columns × rows)."}
		}
	}
	words, err := f.words(how)
	if err != nil {
		return paper.Sheet{}, err
	}
	campaign, _ := f.CampaignRecord()
	return paper.Sheet{Layout: l, Title: campaign.Get(fieldwork.CampaignName).Text(), Start: how.Start, Words: words}, nil
}

// printKey is the campaign's key, or a Problem of code "no-badge-key".
func (f *Folder) printKey() (fieldwork.BadgeKey, error) {
	campaign, _ := f.CampaignRecord()
	key, ok := fieldwork.PrintKey(campaign)
	if !ok {
		return key, &fieldwork.Problem{Code: "no-badge-key", Sentence: "This laptop does not have the campaign's badge key yet.", Hint: "Sync once with HQ, then print again."}
	}
	return key, nil
}

// BadgePayload returns what the QR of a person's badge says.
func (f *Folder) BadgePayload(person fieldwork.RecordID) (string, error) {
	s, err := f.Campaign()
	if err != nil {
		return "", err
	}
	key, err := f.printKey()
	if err != nil {
		return "", err
	}
	r, _ := s.Record(person)
	issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
	return key.Payload(fieldwork.CodeOf(person), int(issue)), nil
}

// BadgeSheet is the badges of people, in their order. People who are gone are left out.
func (f *Folder) BadgeSheet(people []fieldwork.RecordID, how Print) (paper.Badges, error) {
	s, err := f.Campaign()
	if err != nil {
		return paper.Badges{}, err
	}
	if len(people) == 0 {
		return paper.Badges{}, &fieldwork.Problem{Code: "nobody", Sentence: "There is nobody to print a badge for.", Hint: "Register people first, or choose another site."}
	}
	key, err := f.printKey()
	if err != nil {
		return paper.Badges{}, err
	}
	sheet, err := f.sheet(how)
	if err != nil {
		return paper.Badges{}, err
	}
	before := f.printedNotes(badgesNote)
	out := paper.Badges{Sheet: sheet}
	for _, id := range people {
		r, ok := s.Record(id)
		if !ok || r.Deleted {
			continue
		}
		issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
		site, _ := s.Record(r.Get(fieldwork.TraineeSite).Ref())
		out.List = append(out.List, paper.Badge{Payload: key.Payload(fieldwork.CodeOf(id), int(issue)), Code: fieldwork.CodeOf(id), Name: fieldwork.Name(r),
			Line: siteLine(site), Issue: int(issue), Copy: before.copies(id, int(issue))})
	}
	return out, nil
}

func siteLine(site fieldwork.Record) string {
	if site.ID.IsZero() {
		return ""
	}
	return fieldwork.Name(site)
}

// Badges writes the people's badges as a PDF and remembers that they were printed.
func (f *Folder) Badges(w io.Writer, people []fieldwork.RecordID, how Print) error {
	doc, err := f.BadgeSheet(people, how)
	if err != nil {
		return err
	}
	if err := WritePDF(w, doc); err != nil {
		return fmt.Errorf("print badges: %w", err)
	}
	return f.BadgesPrinted(people)
}

// TestPage writes a page that shows where the format's labels are, and rulers.
func (f *Folder) TestPage(w io.Writer, how Print) error {
	p, err := f.TestPaper(how)
	if err != nil {
		return err
	}
	return p.Write(w)
}

// Unshown are the names on badges that have letters which no font here has: they are printed as empty boxes.
func Unshown(b paper.Badges) []string {
	p, err := press()
	if err != nil {
		return nil
	}
	var names []string
	for _, x := range b.List {
		names = append(names, x.Name)
	}
	return p.Unshown(names)
}
