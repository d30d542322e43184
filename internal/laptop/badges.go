package laptop

import (
	"io"

	"kandili/assets"
	"kandili/internal/fieldwork"
	"kandili/internal/paper"
)

// BadgePayload returns what the QR of a person's badge says.
func (f *Folder) BadgePayload(person fieldwork.RecordID) (string, error) {
	s, err := f.Campaign()
	if err != nil {
		return "", err
	}
	campaign, _ := f.CampaignRecord()
	key, ok := fieldwork.PrintKey(campaign)
	if !ok {
		return "", &fieldwork.Problem{Code: "no-badge-key", Sentence: "This laptop does not have the campaign's badge key yet.", Hint: "Sync once with HQ, then print again."}
	}
	r, _ := s.Record(person)
	issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
	return key.Payload(fieldwork.CodeOf(person), int(issue)), nil
}

// Badges writes the people's badges as a PDF in a layout of paper.Layouts; an empty name takes the first.
func (f *Folder) Badges(w io.Writer, people []fieldwork.RecordID, layout string) error {
	s, err := f.Campaign()
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return &fieldwork.Problem{Code: "nobody", Sentence: "There is nobody to print a badge for.", Hint: "Register people first, or choose another site."}
	}
	l := paper.Layouts()[0]
	if layout != "" {
		ok := false
		if l, ok = paper.FindLayout(layout); !ok {
			return &fieldwork.Problem{Code: "unknown-layout", Sentence: "There is no layout “" + layout + "”.", Hint: "Use " + paper.Layouts()[0].Name + "."}
		}
	}
	campaign, _ := f.CampaignRecord()
	sheet := paper.Sheet{Layout: l, Title: campaign.Get(fieldwork.CampaignName).Text(),
		Fonts: paper.Fonts{Regular: assets.Font("NotoSans-Regular"), Bold: assets.Font("NotoSans-Bold"), Mono: assets.Font("NotoSansMono-Regular")}}
	badges := make([]paper.Badge, 0, len(people))
	for _, id := range people {
		r, ok := s.Record(id)
		if !ok || r.Deleted {
			continue
		}
		payload, err := f.BadgePayload(id)
		if err != nil {
			return err
		}
		issue, _ := r.Get(fieldwork.TraineeBadgeIssue).Int()
		site, _ := s.Record(r.Get(fieldwork.TraineeSite).Ref())
		badges = append(badges, paper.Badge{Payload: payload, Code: fieldwork.CodeOf(id), Name: fieldwork.Name(r), Line: fieldwork.Name(site), Reprint: int(issue)})
	}
	return paper.Badges(w, sheet, badges)
}
