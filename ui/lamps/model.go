// Package lamps is the place where lamps are found, installed by their tags, and visited. Only ui imports it.
package lamps

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/form"
	"kandili/ui/lists"
	"kandili/ui/show"
)

// Store is what this place reads and writes; *store.Store is one.
type Store interface {
	Each(kind fieldwork.Kind, f func(fieldwork.Record) bool)
	Record(id fieldwork.RecordID) (fieldwork.Record, bool)
	Referring(id fieldwork.RecordID, kind fieldwork.Kind) []fieldwork.Record
	Holding(kind fieldwork.Kind, field fieldwork.FieldID, value fieldwork.Value) []fieldwork.Record
	Search(kind fieldwork.Kind, text string, limit int) []fieldwork.RecordID
	Where(id fieldwork.RecordID) store.Place
	Upcoming(i int) fieldwork.RecordID
	Save(d store.Draft) (journal.Change, error)
	SaveAll(drafts []store.Draft) ([]journal.Change, error)
	Draft(name string) []byte
	SetDraft(name string, value []byte) error
	Note(name string) []byte
	SetNote(name string, value []byte) error
	AddPhoto(m blob.Manifest, files [][]byte) (blob.Name, error)
	Photo(name blob.Name, size blob.Size) ([]byte, error)
	PhotoState(name blob.Name) blob.State
	WishPhoto(name blob.Name) error

	// What others say about a record; see ui/marks.
	Self() store.Identity
	Author() fieldwork.RecordID
	View(id fieldwork.RecordID) (journal.View, bool)
	ByCode(text string) (fieldwork.Record, error)
	Contested() []fieldwork.RecordID
	Questions(id fieldwork.RecordID) []fieldwork.Record
	Receipt(id fieldwork.RecordID) store.Receipt
	History(id fieldwork.RecordID) []store.HistoryEntry
	Statement() journal.Statement
}

// Model is the list of lamps, the one that is open, and the forms to install and to visit.
type Model struct {
	words *show.Words
	store Store
	List  *lists.Model // how the list is sorted and what it leaves out

	all   []fieldwork.RecordID // as List arranges them
	query string
	hits  []fieldwork.RecordID

	open  fieldwork.RecordID // zero: none
	Fresh *Install           // nil: nobody is installing
	Visit *form.Model        // nil: nobody is visiting
	Fix   *Correct           // nil: nobody is correcting
}

// found is how many hits a search shows.
const found = 200

// NewModel is a model before its first Take.
func NewModel(w *show.Words, s Store) *Model {
	m := &Model{words: w, store: s}
	m.List = lists.New(s, "lamps", fieldwork.KindLamp, m.sorts(), m.filters())
	return m
}

// title is what a person calls a lamp: its tag, else its serial number, else its code.
func title(r fieldwork.Record) string {
	return cmp.Or(r.Get(fieldwork.LampTagCode).Text(), r.Get(fieldwork.LampSerial).Text(), fieldwork.CodeOf(r.ID))
}

// Take takes a list of all lamps over.
func (m *Model) Take(all []fieldwork.RecordID) {
	m.all = all
	m.Search(m.query)
}

// Search narrows the list; blank text shows all.
func (m *Model) Search(text string) {
	m.query = strings.TrimSpace(text)
	m.hits = nil
	if m.query != "" {
		m.hits = m.List.Keep(m.store.Search(fieldwork.KindLamp, m.query, found))
	}
}

func (m *Model) shown() []fieldwork.RecordID {
	if m.query != "" {
		return m.hits
	}
	return m.all
}

// Shown are the lamps in the list, in its order. The caller owns the result.
func (m *Model) Shown() []fieldwork.RecordID { return slices.Clone(m.shown()) }

// Count is how many rows the list has.
func (m *Model) Count() int { return len(m.shown()) }

// Total is how many lamps there are.
func (m *Model) Total() int { return len(m.all) }

// Row is one lamp in the list.
type Row struct {
	ID     fieldwork.RecordID
	Title  string
	Line   string // model, village, household
	Status int64
}

// Row returns the i-th row.
func (m *Model) Row(i int) Row {
	r, _ := m.store.Record(m.shown()[i])
	state, place := m.state(r)
	var parts []string
	if model, ok := m.store.Record(r.Get(fieldwork.LampModel).Ref()); ok {
		parts = append(parts, fieldwork.Name(model))
	}
	site := r.Get(fieldwork.LampSite).Ref()
	if s := place.Get(fieldwork.InstallationSite).Ref(); !s.IsZero() {
		site = s
	}
	if s, ok := m.store.Record(site); ok {
		parts = append(parts, fieldwork.Name(s))
	}
	if h := m.homes(place); h != "" {
		parts = append(parts, h)
	}
	return Row{ID: r.ID, Title: title(r), Line: strings.Join(parts, " · "), Status: state.Status}
}

// Says says that the i-th row has the text in it as it is typed, whatever the accents: a search also finds what is only like it.
func (m *Model) Says(i int, text string) bool {
	r := m.Row(i)
	return strings.Contains(fieldwork.Fold(r.Title+" "+r.Line), fieldwork.Fold(strings.TrimSpace(text)))
}

// state returns the last that is known of a lamp and the installation that holds.
func (m *Model) state(r fieldwork.Record) (fieldwork.LampState, fieldwork.Record) {
	l := fieldwork.FleetLamp{Lamp: r, Installations: m.store.Referring(r.ID, fieldwork.KindInstallation), Visits: m.store.Referring(r.ID, fieldwork.KindVisit)}
	l.State = fieldwork.StateOf(r, l.Installations, l.Visits)
	place, _ := l.Place()
	return l.State, place
}

// homes names the households of an installation.
func (m *Model) homes(place fieldwork.Record) string {
	var names []string
	for _, id := range place.Get(fieldwork.InstallationHouseholds).Refs() {
		if h, ok := m.store.Record(id); ok {
			names = append(names, m.homeName(h))
		}
	}
	return strings.Join(names, ", ")
}

func (m *Model) homeName(h fieldwork.Record) string {
	if head, ok := m.store.Record(h.Get(fieldwork.HouseholdHead).Ref()); ok {
		return fieldwork.Name(head)
	}
	return cmp.Or(h.Get(fieldwork.HouseholdHeadName).Text(), fieldwork.CodeOf(h.ID))
}

// Named is a record to choose.
type Named struct {
	ID   fieldwork.RecordID
	Name string
}

// Sites, Models and Homes are what can be chosen, by name; Homes are those of a village.
func (m *Model) Sites() []Named {
	return m.named(fieldwork.KindSite, func(r fieldwork.Record) (string, bool) { return fieldwork.Name(r), true })
}

// Models are the campaign's lamp models.
func (m *Model) Models() []Named {
	return m.named(fieldwork.KindLampModel, func(r fieldwork.Record) (string, bool) { return fieldwork.Name(r), true })
}

// Homes are the households of a village.
func (m *Model) Homes(site fieldwork.RecordID) []Named {
	return m.named(fieldwork.KindHousehold, func(r fieldwork.Record) (string, bool) {
		n := int(fieldwork.Members(r))
		return m.words.N("lamps.home", n, m.homeName(r)), r.Get(fieldwork.HouseholdSite).Ref() == site
	})
}

// NameOf is what a record is called; empty for none.
func (m *Model) NameOf(id fieldwork.RecordID) string {
	r, ok := m.store.Record(id)
	if !ok {
		return ""
	}
	return fieldwork.Name(r)
}

// Site is the village chosen in the form of an installation.
func (m *Model) Site() fieldwork.RecordID {
	if m.Fresh == nil {
		return fieldwork.RecordID{}
	}
	return m.Fresh.Place.Ref("site")
}

func (m *Model) named(kind fieldwork.Kind, name func(fieldwork.Record) (string, bool)) []Named {
	var out []Named
	m.store.Each(kind, func(r fieldwork.Record) bool {
		if s, ok := name(r); ok {
			out = append(out, Named{r.ID, s})
		}
		return true
	})
	slices.SortFunc(out, func(a, b Named) int { return strings.Compare(fieldwork.Fold(a.Name), fieldwork.Fold(b.Name)) })
	seen := map[string]int{}
	for i := range out { // a person must be able to tell them apart
		seen[out[i].Name]++
		if seen[out[i].Name] > 1 {
			out[i].Name += " · " + fieldwork.CodeOf(out[i].ID)
		}
	}
	return out
}

// Open opens a lamp and says whether there is one.
func (m *Model) Open(id fieldwork.RecordID) bool {
	r, ok := m.store.Record(id)
	m.open, m.Fresh, m.Visit, m.Fix = fieldwork.RecordID{}, nil, nil, nil
	if !ok || r.Deleted || r.Kind != fieldwork.KindLamp {
		return false
	}
	m.open = id
	return true
}

// Close closes the lamp and the forms; what was half typed is thrown away.
func (m *Model) Close() error {
	var err error
	if m.Fresh != nil || m.Visit != nil {
		err = errors.Join(m.store.SetDraft(installDraft, nil), m.store.SetDraft(m.visitDraft(), nil))
	}
	if m.Fix != nil {
		err = errors.Join(err, m.drop(m.correctDraft()))
	}
	m.open, m.Fresh, m.Visit, m.Fix = fieldwork.RecordID{}, nil, nil, nil
	return err
}

// ReadTag brings a lamp tag, as a scanner or a person types it, into the form that lamps keep; any other text stays as it is. A
// forged tag, or one of another campaign, is a Problem.
func (m *Model) ReadTag(text string) (string, error) {
	var campaign fieldwork.Record
	m.store.Each(fieldwork.KindCampaign, func(r fieldwork.Record) bool {
		campaign = r
		return false
	})
	t, _, reason := fieldwork.ReadTag(text, campaign.Get(fieldwork.CampaignShort).Text(), fieldwork.BadgeKeys(campaign))
	tag, ok, err := fieldwork.UseTag(t, reason)
	if !ok {
		return strings.TrimSpace(text), nil
	}
	return tag, err
}

// Tagged finds the lamp of a tag, a serial number or a code, as a scanner or a person types it.
func (m *Model) Tagged(text string) (id fieldwork.RecordID, ok bool) {
	text, err := m.ReadTag(text)
	if err != nil || text == "" {
		return id, false
	}
	for _, f := range []fieldwork.FieldID{fieldwork.LampTagCode, fieldwork.LampSerial} {
		for _, form := range []string{text, strings.ToUpper(text)} {
			if r := m.store.Holding(fieldwork.KindLamp, f, fieldwork.Text(form)); len(r) > 0 {
				return r[0].ID, true
			}
		}
	}
	code, err := fieldwork.ParseCode(text)
	if err != nil {
		return id, false
	}
	id, ok = code.RecordID()
	if r, known := m.store.Record(id); !ok || !known || r.Kind != fieldwork.KindLamp || r.Deleted {
		return fieldwork.RecordID{}, false
	}
	return id, true
}

// Hangs says that the lamp is installed somewhere.
func (m *Model) Hangs(id fieldwork.RecordID) bool {
	r, _ := m.store.Record(id)
	_, place := m.state(r)
	return !place.ID.IsZero()
}
