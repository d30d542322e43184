package laptop

import (
	"encoding/binary"
	"fmt"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/paper"
)

// tagsNote is where a laptop keeps the number of the last tag that it printed. A restored or copied laptop goes on under
// letters of its own, so numbers never meet.
const tagsNote = "paper/tags"

// mostTags is how many tags one batch may have.
const mostTags = 5000

// nextTags are so many numbers for lamp tags that no lamp has yet, without taking them.
func (f *Folder) nextTags(count int) ([]fieldwork.Tag, error) {
	s, err := f.Campaign()
	if err != nil {
		return nil, err
	}
	if count < 1 || count > mostTags {
		return nil, &fieldwork.Problem{Code: "tag-count", Sentence: fmt.Sprintf("A batch has 1 to %d tags.", mostTags), Hint: "Print several batches if you need more."}
	}
	last, _ := binary.Uvarint(s.Note(tagsNote))
	list := make([]fieldwork.Tag, count)
	for i := range list {
		list[i] = fieldwork.TagOf(s.Self().Log, last+uint64(i)+1)
	}
	return list, nil
}

// NewTags takes numbers for so many lamp tags that no lamp has yet: they are bound when a lamp is installed. The numbers are gone
// even where the sheet is never printed.
func (f *Folder) NewTags(count int) ([]fieldwork.Tag, error) {
	f.door.Lock()
	defer f.door.Unlock()
	list, err := f.nextTags(count)
	if err != nil {
		return nil, err
	}
	if err := f.store.SetNote(tagsNote, binary.AppendUvarint(nil, list[count-1].No)); err != nil {
		return nil, err
	}
	return list, nil
}

// TagSheet is sheets of these tags.
func (f *Folder) TagSheet(tags []fieldwork.Tag, how Print) (paper.Tags, error) {
	if _, err := f.Campaign(); err != nil {
		return paper.Tags{}, err
	}
	key, err := f.printKey()
	if err != nil {
		return paper.Tags{}, err
	}
	sheet, err := f.sheet(how)
	if err != nil {
		return paper.Tags{}, err
	}
	out := paper.Tags{Sheet: sheet}
	for _, t := range tags {
		out.List = append(out.List, paper.Tag{Payload: key.TagPayload(t), Text: t.String()})
	}
	return out, nil
}

// Tags writes a batch of new tags as a PDF and returns their numbers.
func (f *Folder) Tags(w io.Writer, count int, how Print) ([]fieldwork.Tag, error) {
	if _, err := f.TagSheet(nil, how); err != nil { // before numbers are spent
		return nil, err
	}
	tags, err := f.NewTags(count)
	if err != nil {
		return nil, err
	}
	doc, err := f.TagSheet(tags, how)
	if err != nil {
		return nil, err
	}
	return tags, WritePDF(w, doc)
}

// ReadTag reads a lamp tag as a scanner or a person typed it, and returns its text as lamps keep it. It fails with a Problem of code
// "forged-tag" or "other-campaign-tag"; ok is false where the text is no tag of ours, and may be a serial number.
func (f *Folder) ReadTag(text string) (tag string, ok bool, err error) {
	campaign, _ := f.CampaignRecord()
	t, _, reason := fieldwork.ReadTag(text, campaign.Get(fieldwork.CampaignShort).Text(), fieldwork.BadgeKeys(campaign))
	return fieldwork.UseTag(t, reason)
}
