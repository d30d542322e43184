package store

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// memory is everything that a store works out of its records, in a form that two ways of coming by it have in common.
type memory struct {
	State     map[string]string
	Kinds     map[fieldwork.Kind][]string
	Links     map[string][]string
	Unique    map[string][]string
	Same      map[string]string
	Asked     map[string][]string
	Accepted  map[string][]string
	Contested []string
	Photos    map[string]int
	Lines     map[fieldwork.Kind]map[string]string
	Digest    string
	Clocks    string
	Gone      []string
}

func memoryOf(s *Store) memory {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &s.records
	m := memory{State: map[string]string{}, Kinds: map[fieldwork.Kind][]string{}, Unique: map[string][]string{}, Same: map[string]string{}, Photos: map[string]int{},
		Links: s.refersNow(r.links), Asked: s.refersNow(r.truth.asked), Accepted: s.refersNow(r.truth.accepted), Lines: map[fieldwork.Kind]map[string]string{},
		Digest: s.digest.String(), Clocks: fmt.Sprint(s.clocks)}
	for id, h := range r.state {
		m.State[id.String()] = fmt.Sprintf("%v %v %x", h.kind, h.deleted, h.raw)
	}
	for kind, l := range r.kinds {
		l.sort()
		m.Kinds[kind] = texts(l.ids)
	}
	for k, ids := range r.unique {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id fieldwork.RecordID) bool {
			v, _ := s.view(id)
			return !slices.ContainsFunc(v.Fields, func(f journal.FieldView) bool {
				return f.Field == k.field && slices.ContainsFunc(f.Values, func(h journal.Held) bool { return h.Value == k.value })
			})
		})
		if len(ids) > 0 {
			m.Unique[fmt.Sprint(k)] = texts(ids)
		}
	}
	for a, b := range r.same {
		m.Same[a.String()] = b.String()
	}
	for id := range r.truth.contested {
		m.Contested = append(m.Contested, id.String())
	}
	for name, n := range r.photos {
		m.Photos[fmt.Sprint(name)] = n
	}
	for id := range s.gone {
		m.Gone = append(m.Gone, id.String())
	}
	slices.Sort(m.Contested)
	slices.Sort(m.Gone)
	for kind, l := range s.index.kinds {
		for id, i := range l.places() {
			if m.Lines[kind] == nil {
				m.Lines[kind] = map[string]string{}
			}
			m.Lines[kind][id.String()] = string(l.line(i))
			if l.ids[i] != id {
				m.Lines[kind][id.String()] += " of another"
			}
		}
	}
	return m
}

// refersNow leaves out who referred to a record once and does so no longer: it may be known or not.
func (s *Store) refersNow(of map[fieldwork.RecordID][]fieldwork.RecordID) map[string][]string {
	m := map[string][]string{}
	for to, list := range of {
		list = slices.DeleteFunc(slices.Clone(list), func(id fieldwork.RecordID) bool {
			v, _ := s.view(id)
			return !slices.ContainsFunc(v.Fields, func(f journal.FieldView) bool {
				return slices.ContainsFunc(f.Values, func(h journal.Held) bool { return slices.Contains(h.Value.Refs(), to) })
			})
		})
		if len(list) > 0 {
			m[to.String()] = texts(list)
		}
	}
	return m
}

// texts are ids in order.
func texts(ids []fieldwork.RecordID) []string {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, fieldwork.RecordID.Compare)
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}

// sameMemory says what is different in memory.
func sameMemory(t testing.TB, was, is memory) {
	t.Helper()
	if d := cmp.Diff(was, is); d != "" {
		t.Errorf("memory is not what it was before the campaign was closed (-was +is):\n%s", d)
	}
}

// One by one, or all at once on every core: what is in memory is the same.
func TestOpen_readsAllAtOnceWhatWasSavedOneByOne(t *testing.T) {
	s := newStore(t, 1)
	site := save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindSite, Fields: []fieldwork.FieldValue{{Field: fieldwork.SiteName, Value: fieldwork.Text("Oldonyo")}}}}})
	var drafts []Draft
	for i := range 3 * together {
		d := trainee(fmt.Sprintf("Nasieku %d", i))
		d.Writes[0].Fields = append(d.Writes[0].Fields, fieldwork.FieldValue{Field: fieldwork.TraineeSite, Value: fieldwork.Ref(site)})
		drafts = append(drafts, d)
	}
	list, err := s.SaveAll(drafts)
	if err != nil {
		t.Fatal(err)
	}
	first := list[0].Target(0)
	for _, f := range []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text("Zoé")}, {Field: fieldwork.FieldSameAs, Value: fieldwork.Ref(list[5].Target(0))},
		{Field: fieldwork.TraineeBadgeCode, Value: fieldwork.Text("B1")}, {Field: fieldwork.TraineePhoto, Value: fieldwork.Bytes(make([]byte, 16))}} {
		save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: first, Fields: []fieldwork.FieldValue{f}}}})
	}
	save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: list[9].Target(0), Fields: []fieldwork.FieldValue{{Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(true)}}}}})
	save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindSite, Record: site, Fields: []fieldwork.FieldValue{{Field: fieldwork.SiteName, Value: fieldwork.Text("Nyokie")}}}}})
	plain := testOptions
	plain.Summary = -1
	s = reopen(t, s, plain)
	if s.believed {
		t.Fatal("it came from a summary")
	}
	if got := s.Search(fieldwork.KindTrainee, "nyokie 600", 5); len(got) != 2 || got[0] != list[598].Target(0) && got[0] != list[600].Target(0) {
		t.Errorf("found %v", got)
	}
}
