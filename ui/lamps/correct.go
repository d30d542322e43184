package lamps

import (
	"encoding/json"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
)

// Correct is a lamp that is being corrected, and the place where it hangs.
type Correct struct {
	Lamp  *form.Model
	Place *form.Model // nil: it hangs nowhere
}

func (m *Model) correctDraft() string { return "lamps/correct/" + m.open.String() }

// StartCorrect opens the forms of the lamp that is open as it stands, or takes the half-typed ones up again.
func (m *Model) StartCorrect() (resumed bool) {
	r, ok := m.store.Record(m.open)
	if !ok {
		return false
	}
	m.Fresh, m.Visit = nil, nil
	c := &Correct{Lamp: form.Of(r)}
	if _, place := m.state(r); !place.ID.IsZero() {
		c.Place = form.Of(place)
	}
	m.Fix = c
	var kept [2]json.RawMessage
	if json.Unmarshal(m.store.Draft(m.correctDraft()), &kept) != nil {
		return false
	}
	resumed = c.Lamp.Resume(kept[0])
	if c.Place != nil {
		resumed = c.Place.Resume(kept[1]) || resumed
	}
	return resumed
}

// draft is what is half typed; nil: nothing.
func (c *Correct) draft() ([]byte, error) {
	if !c.dirty() {
		return nil, nil
	}
	parts := [2]json.RawMessage{c.Lamp.Draft(), nil}
	if c.Place != nil {
		parts[1] = c.Place.Draft()
	}
	for i := range parts {
		if parts[i] == nil {
			parts[i] = json.RawMessage("null")
		}
	}
	return json.Marshal(parts)
}

func (c *Correct) dirty() bool { return c.Lamp.Dirty() || c.Place != nil && c.Place.Dirty() }

// SaveCorrect saves what was corrected, in one change, and shows the lamp again. A tag that hangs elsewhere is not taken.
func (m *Model) SaveCorrect(today int64) (wrong Wrong, err error) {
	c := m.Fix
	tag, err := m.ReadTag(c.Lamp.Get("tag_code"))
	if err != nil {
		sentence, hint := m.words.Problem(err)
		wrong.Lamp = map[string]string{"tag_code": sentence + " " + hint}
		return wrong, nil
	}
	c.Lamp.Set("tag_code", tag)
	lamp, wrongLamp := c.Lamp.Values(m.words, today)
	wrong.Lamp = wrongLamp
	if c.Lamp.Get("tag_code") == "" && c.Lamp.Get("serial") == "" {
		wrong.Lamp = put(wrong.Lamp, "tag_code", m.words.T("lamps.tag.needed"))
	}
	if id, taken := m.Tagged(tag); tag != "" && taken && id != m.open {
		wrong.Lamp = put(wrong.Lamp, "tag_code", m.words.T("lamps.tag.taken"))
	}
	before, _ := m.store.Record(m.open)
	var writes []journal.Write
	if lamp = fieldwork.Dated(before, lamp, today); len(lamp) > 0 {
		writes = append(writes, journal.Write{Kind: fieldwork.KindLamp, Record: m.open, Fields: lamp})
	}
	if c.Place != nil {
		hangs, wrongPlace := c.Place.Values(m.words, today)
		if wrong.Place = wrongPlace; len(hangs) > 0 {
			writes = append(writes, journal.Write{Kind: fieldwork.KindInstallation, Record: c.Place.Record(), Fields: hangs})
		}
	}
	if wrong.any() {
		return wrong, nil
	}
	if len(writes) > 0 {
		if _, err := m.store.Save(store.Draft{Writes: writes}); err != nil {
			return wrong, err
		}
	}
	err = m.drop(m.correctDraft())
	m.Open(m.open)
	return wrong, err
}
