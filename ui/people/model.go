// Package people is the place where people are found, registered, corrected, and get their badges. Only ui imports it.
package people

import (
	"fmt"
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
	Search(kind fieldwork.Kind, text string, limit int) []fieldwork.RecordID
	Where(id fieldwork.RecordID) store.Place
	History(id fieldwork.RecordID) []store.HistoryEntry
	Save(d store.Draft) (journal.Change, error)
	SaveAll(drafts []store.Draft) ([]journal.Change, error)
	Upcoming(i int) fieldwork.RecordID
	Canonical(id fieldwork.RecordID) fieldwork.RecordID
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
	Statement() journal.Statement
}

// found is how many hits a search shows; who has more types another letter.
const found = 200

// Model is the list of people and the one that is open.
type Model struct {
	words *show.Words
	store Store
	List  *lists.Model // how the list is sorted and what it leaves out

	all   []fieldwork.RecordID // as List arranges them
	query string
	hits  []fieldwork.RecordID // of the query; nil without one

	form *form.Model // nil: nobody is open
}

// NewModel is a model before its first Take.
func NewModel(w *show.Words, s Store) *Model {
	m := &Model{words: w, store: s}
	m.List = lists.New(s, "people", fieldwork.KindTrainee, m.sorts(), m.filters())
	return m
}

// Take takes a list of all people over.
func (m *Model) Take(all []fieldwork.RecordID) {
	m.all = all
	m.Search(m.query)
}

// Search narrows the list; blank text shows everybody.
func (m *Model) Search(text string) {
	m.query = strings.TrimSpace(text)
	m.hits = nil
	if m.query != "" {
		m.hits = m.List.Keep(m.store.Search(fieldwork.KindTrainee, m.query, found))
	}
}

// Count is how many rows the list has, Total how many people there are.
func (m *Model) Count() int { return len(m.shown()) }

// Total is how many people there are.
func (m *Model) Total() int { return len(m.all) }

func (m *Model) shown() []fieldwork.RecordID {
	if m.query != "" {
		return m.hits
	}
	return m.all
}

// Shown are the people in the list, in its order. The caller owns the result.
func (m *Model) Shown() []fieldwork.RecordID { return slices.Clone(m.shown()) }

// Row is one person in the list.
type Row struct {
	ID    fieldwork.RecordID
	Name  string
	Line  string // code, age, village
	Where store.Place
	Marks [][2]int // runes of the name that the search found
}

// Row returns the i-th row.
func (m *Model) Row(i int) Row {
	id := m.shown()[i]
	r, _ := m.store.Record(id)
	return Row{ID: id, Name: fieldwork.Name(r), Line: m.line(r), Where: m.store.Where(id), Marks: m.marks(fieldwork.Name(r))}
}

// marks finds the words of the search in a name, whatever the accents.
func (m *Model) marks(name string) (out [][2]int) {
	if m.query == "" {
		return nil
	}
	letters := []rune(name)
	folded := make([]string, len(letters))
	for i, r := range letters {
		folded[i] = fieldwork.Fold(string(r))
	}
	for _, word := range strings.Fields(fieldwork.Fold(m.query)) {
		for i := range letters {
			if n := run(folded[i:], word); n > 0 {
				out = append(out, [2]int{i, i + n})
				break
			}
		}
	}
	return out
}

// run says how many letters from the first on spell the word; 0: they do not.
func run(letters []string, word string) int {
	for i, l := range letters {
		if word == "" {
			return i
		}
		if !strings.HasPrefix(word, l) {
			return 0
		}
		word = word[len(l):]
	}
	if word == "" {
		return len(letters)
	}
	return 0
}

func (m *Model) line(r fieldwork.Record) string {
	parts := []string{fieldwork.CodeOf(r.ID)}
	if year, ok := r.Get(fieldwork.TraineeBirthYear).Int(); ok {
		parts = append(parts, fmt.Sprint(year))
	} else if band, ok := r.Get(fieldwork.TraineeAgeBand).Int(); ok {
		parts = append(parts, m.words.Option(fieldwork.SpecOf(r.Kind).Field(fieldwork.TraineeAgeBand), band))
	}
	if site, ok := m.store.Record(r.Get(fieldwork.TraineeSite).Ref()); ok {
		parts = append(parts, fieldwork.Name(site))
	}
	return strings.Join(parts, " · ")
}

// Site is a village to choose.
type Site struct {
	ID   fieldwork.RecordID
	Name string
}

// Sites are the campaign's villages by name.
func (m *Model) Sites() []Site {
	var out []Site
	m.store.Each(fieldwork.KindSite, func(r fieldwork.Record) bool {
		out = append(out, Site{r.ID, fieldwork.Name(r)})
		return true
	})
	slices.SortFunc(out, func(a, b Site) int { return strings.Compare(fieldwork.Fold(a.Name), fieldwork.Fold(b.Name)) })
	return out
}

// FindSites are the villages that a text may mean: those that begin with it first. No text means all.
func (m *Model) FindSites(text string) []Site {
	want := fieldwork.Fold(strings.TrimSpace(text))
	var first, then []Site
	for _, s := range unlike(m.Sites()) {
		switch at := strings.Index(fieldwork.Fold(s.Name), want); {
		case at == 0:
			first = append(first, s)
		case at > 0:
			then = append(then, s)
		}
	}
	return append(first, then...)
}

// SiteName is what a village is called; empty for none.
func (m *Model) SiteName(id fieldwork.RecordID) string {
	r, ok := m.store.Record(id)
	if !ok {
		return ""
	}
	return fieldwork.Name(r)
}

// unlike gives villages of the same name their code, since a person must be able to tell them apart.
func unlike(sites []Site) []Site {
	n := map[string]int{}
	for _, s := range sites {
		n[s.Name]++
	}
	out := make([]Site, len(sites))
	for i, s := range sites {
		out[i] = s
		if n[s.Name] > 1 {
			out[i].Name += " · " + fieldwork.CodeOf(s.ID)
		}
	}
	return out
}

// Form is who is open; nil for nobody.
func (m *Model) Form() *form.Model { return m.form }

// draftName is where the half-typed form is kept: one for a new person, one for each that is being corrected.
func draftName(id fieldwork.RecordID) string {
	if id.IsZero() {
		return "people/new"
	}
	return "people/" + id.String()
}

// New opens an empty form, or takes the half-typed one up again, and says which.
func (m *Model) New(site fieldwork.RecordID) (resumed bool) {
	m.form = form.New(fieldwork.KindTrainee)
	if m.form.Resume(m.store.Draft(draftName(fieldwork.RecordID{}))) {
		return true
	}
	m.form.SetRef("site", site)
	return false
}

// Open opens a person, with what was half-typed about her, and says whether there was such a thing. ok is false when there is no
// such person.
func (m *Model) Open(id fieldwork.RecordID) (resumed, ok bool) {
	r, ok := m.store.Record(id)
	if !ok || r.Deleted || r.Kind != fieldwork.KindTrainee {
		m.form = nil
		return false, false
	}
	m.form = form.Of(r)
	return m.form.Resume(m.store.Draft(draftName(id))), true
}

// Close closes the form and throws its draft away.
func (m *Model) Close() error {
	if m.form == nil {
		return nil
	}
	id := m.form.Record()
	m.form = nil
	return m.store.SetDraft(draftName(id), nil)
}

// KeepDraft keeps what is half-typed, durably. There may be nothing to keep.
func (m *Model) KeepDraft() error {
	if m.form == nil {
		return nil
	}
	name, draft := draftName(m.form.Record()), m.draft()
	if draft == nil && m.store.Draft(name) == nil {
		return nil
	}
	return m.store.SetDraft(name, draft)
}

// draft leaves out a new form of which only the village is filled in, by us.
func (m *Model) draft() []byte {
	if m.form.Record().IsZero() && m.name() == "" && m.form.Get("phone") == "" && m.form.Get("note") == "" {
		return nil
	}
	return m.form.Draft()
}

func (m *Model) name() string {
	return strings.TrimSpace(strings.TrimSpace(m.form.Get("given_name")) + " " + strings.TrimSpace(m.form.Get("family_name")))
}

// Name is what the open person is called, as far as it is typed.
func (m *Model) Name() string {
	if m.form == nil {
		return ""
	}
	if n := m.name(); n != "" || m.form.Record().IsZero() {
		return n
	}
	r, _ := m.store.Record(m.form.Record())
	return fieldwork.Name(r)
}

// Save saves the open person and opens her as saved. What is wrong comes by field name, nothing is saved then. author is who works
// at the laptop, or zero; today in days since 1970-01-01.
func (m *Model) Save(author fieldwork.RecordID, today int64) (id fieldwork.RecordID, wrong map[string]string, err error) {
	changed, wrong := m.form.Values(m.words, today)
	if wrong != nil {
		return id, wrong, nil
	}
	was := m.form.Record()
	if len(changed) == 0 {
		return was, nil, m.store.SetDraft(draftName(was), nil)
	}
	c, err := m.store.Save(store.Draft{Author: author, Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: was, Fields: changed}}})
	if err != nil {
		return id, nil, err
	}
	id = c.Target(0)
	if err := m.store.SetDraft(draftName(was), nil); err != nil {
		return id, nil, err
	}
	m.Open(id)
	return id, nil, nil
}
