package lamps

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
)

// Install are the forms of one installation.
type Install struct {
	Lamp, Place, Home *form.Model
	Known             fieldwork.RecordID // a lamp that has the tag already and hangs nowhere; zero: a new one is made
}

const installDraft = "lamps/install"

func (m *Model) visitDraft() string { return "lamps/visit/" + m.open.String() }

// StartInstall opens the forms of an installation: of a lamp with the tag, in the village, today. What was half typed for the same
// tag, or for any when tag is empty, is taken up again.
func (m *Model) StartInstall(tag string, site fieldwork.RecordID, today int64) (resumed bool) {
	m.Visit, m.Fix = nil, nil
	if read, err := m.ReadTag(tag); err == nil {
		tag = read
	}
	in := &Install{Lamp: form.New(fieldwork.KindLamp), Place: form.New(fieldwork.KindInstallation), Home: form.New(fieldwork.KindHousehold)}
	if id, ok := m.Tagged(tag); ok {
		r, _ := m.store.Record(id)
		in.Known, in.Lamp = id, form.Of(r)
	}
	m.Fresh = in
	var kept [3]json.RawMessage
	if json.Unmarshal(m.store.Draft(installDraft), &kept) == nil && in.Known.IsZero() {
		for i, f := range []*form.Model{in.Lamp, in.Place, in.Home} {
			resumed = f.Resume(kept[i]) || resumed
		}
		if resumed && (tag == "" || in.Lamp.Get("tag_code") == tag) {
			return true
		}
		in.Lamp, in.Place, in.Home = form.New(fieldwork.KindLamp), form.New(fieldwork.KindInstallation), form.New(fieldwork.KindHousehold)
	}
	if in.Known.IsZero() {
		in.Lamp.Set("tag_code", strings.ToUpper(strings.TrimSpace(tag)))
		if models := m.Models(); len(models) == 1 {
			in.Lamp.SetRef("model", models[0].ID)
		}
	}
	in.Place.SetRef("site", site)
	in.Place.Set("place", "home")
	in.Place.Set("date", dayText(today))
	return false
}

func dayText(day int64) string { return fieldwork.DayOf(day).Format("2006-01-02") }

// KeepDraft keeps what is half typed, durably.
func (m *Model) KeepDraft() error {
	switch {
	case m.Fresh != nil && !m.Typed():
		return m.drop(installDraft)
	case m.Visit != nil && !m.Typed():
		return m.drop(m.visitDraft())
	case m.Fresh != nil:
		parts := [3]json.RawMessage{m.Fresh.Lamp.Draft(), m.Fresh.Place.Draft(), m.Fresh.Home.Draft()}
		for i := range parts {
			if parts[i] == nil {
				parts[i] = json.RawMessage("null")
			}
		}
		b, err := json.Marshal(parts)
		if err != nil {
			return err
		}
		return m.store.SetDraft(installDraft, b)
	case m.Visit != nil:
		return m.store.SetDraft(m.visitDraft(), m.Visit.Draft())
	case m.Fix != nil:
		b, err := m.Fix.draft()
		if err != nil {
			return err
		}
		if b == nil {
			return m.drop(m.correctDraft())
		}
		return m.store.SetDraft(m.correctDraft(), b)
	}
	return nil
}

// drop throws a draft away, where there is one.
func (m *Model) drop(name string) error {
	if m.store.Draft(name) == nil {
		return nil
	}
	return m.store.SetDraft(name, nil)
}

// Typed says that the form that is open holds more than what it began with.
func (m *Model) Typed() bool {
	switch {
	case m.Fresh != nil:
		return m.Fresh.Home.Dirty() || m.Fresh.Lamp.Get("tag_code") != "" || m.Fresh.Lamp.Get("serial") != "" || m.Fresh.Place.Get("photo") != ""
	case m.Visit != nil:
		return m.Visit.Get("status_found") != "" || m.Visit.Get("note") != "" || m.Visit.Get("photo") != ""
	case m.Fix != nil:
		return m.Fix.dirty()
	}
	return false
}

// Wrong is what is wrong in the forms of an installation, by field name.
type Wrong struct{ Lamp, Place, Home map[string]string }

func (w Wrong) any() bool { return len(w.Lamp)+len(w.Place)+len(w.Home) > 0 }

// SaveInstall saves lamp, household and installation in one go and opens the lamp. home is a household that is known; zero takes the
// form's, if anything stands in it.
func (m *Model) SaveInstall(home, author fieldwork.RecordID, today int64) (Wrong, error) {
	in := m.Fresh
	var wrong Wrong
	var lamp, place, house []fieldwork.FieldValue
	tag, err := m.ReadTag(in.Lamp.Get("tag_code"))
	if err != nil {
		sentence, hint := m.words.Problem(err)
		wrong.Lamp = map[string]string{"tag_code": sentence + " " + hint}
		return wrong, nil
	}
	if tag != in.Lamp.Get("tag_code") {
		in.Lamp.Set("tag_code", tag)
	}
	lamp, wrong.Lamp = in.Lamp.Values(m.words, today)
	if strings.TrimSpace(in.Lamp.Get("tag_code")) == "" && strings.TrimSpace(in.Lamp.Get("serial")) == "" {
		wrong.Lamp = put(wrong.Lamp, "tag_code", m.words.T("lamps.tag.needed"))
	}
	if id, taken := m.Tagged(in.Lamp.Get("tag_code")); taken && id != in.Known && m.Hangs(id) {
		wrong.Lamp = put(wrong.Lamp, "tag_code", m.words.T("lamps.tag.taken"))
	}
	newHome := home.IsZero() && in.Home.Dirty()
	if newHome {
		in.Home.SetRef("site", in.Place.Ref("site"))
		house, wrong.Home = in.Home.Values(m.words, today)
	}
	for attempt := 0; ; attempt++ {
		first := m.store.Upcoming(0)
		ids := []fieldwork.RecordID{first, m.store.Upcoming(1)}
		var writes []journal.Write
		lampID, homeID := in.Known, home
		if newHome {
			homeID = ids[0]
			writes = append(writes, journal.Write{Kind: fieldwork.KindHousehold, Fields: house})
		}
		if in.Known.IsZero() {
			lampID = ids[len(writes)]
		}
		if in.Known.IsZero() || len(lamp) > 0 {
			writes = append(writes, journal.Write{Kind: fieldwork.KindLamp, Record: in.Known, Fields: lamp})
		}
		in.Place.SetRef("lamp", lampID)
		in.Place.Set("households", "")
		place, wrong.Place = in.Place.Values(m.words, today)
		if wrong.any() {
			return wrong, nil
		}
		if !homeID.IsZero() {
			place = with(place, fieldwork.InstallationHouseholds, fieldwork.Refs(homeID))
		}
		writes = append(writes, journal.Write{Kind: fieldwork.KindInstallation, Fields: place})
		_, err := m.store.Save(store.Draft{Author: author, Writes: writes, At: first})
		if errors.Is(err, store.ErrMoved) && attempt < 5 {
			continue // somebody else saved between
		}
		if err != nil {
			return wrong, err
		}
		if err := m.store.SetDraft(installDraft, nil); err != nil {
			return wrong, err
		}
		m.Open(lampID)
		return wrong, nil
	}
}

func put(wrong map[string]string, name, sentence string) map[string]string {
	if wrong == nil {
		wrong = map[string]string{}
	}
	wrong[name] = sentence
	return wrong
}

// with sets a field in a list that is ascending by field.
func with(list []fieldwork.FieldValue, f fieldwork.FieldID, v fieldwork.Value) []fieldwork.FieldValue {
	list = append(list, fieldwork.FieldValue{Field: f, Value: v})
	slices.SortFunc(list, func(a, b fieldwork.FieldValue) int { return cmp.Compare(a.Field, b.Field) })
	return list
}
