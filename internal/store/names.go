package store

import (
	"maps"
	"runtime"
	"slices"
	"sort"
	"strings"

	"kandili/internal/fieldwork"
)

// byName is the records of a kind in the order of their names, as people look through a list. ids is never written into; stale are the
// records that were taken into memory since it was made. It is guarded by Store.mu.
type byName struct {
	ids   []fieldwork.RecordID // without deleted ones
	stale map[fieldwork.RecordID]bool
}

// ByName returns the ids that Each would call with, in the order of what the records are called, whatever the accents, and then of the
// ids. The caller owns the list. The first call of a kind reads its records; then it is kept up to date, also over a start.
func (s *Store) ByName(kind fieldwork.Kind) []fieldwork.RecordID {
	s.naming.Lock()
	ids := s.inOrder(kind)
	s.naming.Unlock()
	s.rlockStanding()
	defer s.mu.RUnlock()
	if len(s.records.same) == 0 {
		return slices.Clone(ids)
	}
	shown := make([]fieldwork.RecordID, 0, len(ids))
	for _, id := range ids {
		if s.records.root(id) == id {
			shown = append(shown, id)
		}
	}
	return shown
}

// called is a record with the name that it is found under.
type called struct {
	name string
	id   fieldwork.RecordID
}

func (c called) compare(o called) int {
	if n := strings.Compare(c.name, o.name); n != 0 {
		return n
	}
	return c.id.Compare(o.id)
}

// fewStale is how many records are put into their places one by one; with more of them all are sorted anew.
const fewStale = 500

// inOrder brings the order of a kind up to date. The caller holds naming, and must not write into what it returns.
func (s *Store) inOrder(kind fieldwork.Kind) []fieldwork.RecordID {
	s.mu.Lock()
	o := s.records.names[kind]
	if o != nil && len(o.stale) <= fewStale {
		defer s.mu.Unlock() // else a name could change while others are compared with it
		if len(o.stale) > 0 {
			s.place(o)
		}
		return o.ids
	}
	o = &byName{stale: map[fieldwork.RecordID]bool{}} // what is written from now on is looked at once more
	s.records.names[kind] = o
	var all []fieldwork.RecordID
	if l := s.records.kinds[kind]; l != nil {
		all = slices.Clone(l.ids)
	}
	s.mu.Unlock()
	list := s.sorted(all)
	ids := make([]fieldwork.RecordID, len(list))
	for i := range list {
		ids[i] = list[i].id
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o.ids = ids
	return ids
}

// place puts stale records into their places. What stays is asked for its name only where one of these has to be put. The caller holds mu.
func (s *Store) place(o *byName) {
	stay := make([]fieldwork.RecordID, 0, len(o.ids))
	for _, id := range o.ids {
		if !o.stale[id] {
			stay = append(stay, id)
		}
	}
	put := s.calledOf(slices.Collect(maps.Keys(o.stale)))
	slices.SortFunc(put, called.compare)
	ids := make([]fieldwork.RecordID, 0, len(stay)+len(put))
	for _, c := range put {
		n := sort.Search(len(stay), func(i int) bool {
			r, _ := s.record(stay[i])
			return called{fieldwork.Fold(fieldwork.Name(r)), stay[i]}.compare(c) > 0
		})
		ids = append(append(ids, stay[:n]...), c.id)
		stay = stay[n:]
	}
	o.ids, o.stale = append(ids, stay...), map[fieldwork.RecordID]bool{}
}

// sorted reads what records are called and sorts them, on all cores; deleted ones are left out.
func (s *Store) sorted(ids []fieldwork.RecordID) []called {
	parts := max(1, min(runtime.GOMAXPROCS(0), len(ids)/fewStale))
	lists := make([][]called, parts)
	onAllCores(parts, func(i int) error {
		lists[i] = s.names(ids[i*len(ids)/parts : (i+1)*len(ids)/parts])
		slices.SortFunc(lists[i], called.compare)
		return nil
	})
	for len(lists) > 1 {
		lists = append(lists[2:], merged(lists[0], lists[1]))
	}
	return lists[0]
}

// names reads what records are called, a few hundred under one lock.
func (s *Store) names(ids []fieldwork.RecordID) []called {
	list := make([]called, 0, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), eachAtOnce)
		s.mu.RLock()
		list = append(list, s.calledOf(ids[:n])...)
		s.mu.RUnlock()
		ids = ids[n:]
	}
	return list
}

// calledOf leaves out deleted records; the caller holds mu.
func (s *Store) calledOf(ids []fieldwork.RecordID) []called {
	list := make([]called, 0, len(ids))
	for _, id := range ids {
		if r, ok := s.record(id); ok && !r.Deleted {
			list = append(list, called{fieldwork.Fold(fieldwork.Name(r)), id})
		}
	}
	return list
}

func merged(a, b []called) []called {
	all := make([]called, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].compare(b[0]) < 0 {
			all, a = append(all, a[0]), a[1:]
			continue
		}
		all, b = append(all, b[0]), b[1:]
	}
	return append(append(all, a...), b...)
}

// renamed says that a record may belong in another place, if anybody asked for the order of its kind. The caller holds mu.
func (r *records) renamed(p *prepared) {
	if o := r.names[p.state.Kind]; o != nil {
		o.stale[p.state.ID] = true
	}
}

// ordered are the kinds of which somebody asked for the order.
func (s *Store) ordered() []fieldwork.Kind {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Keys(s.records.names))
}

// order brings the orders of kinds up to date.
func (s *Store) order(kinds []fieldwork.Kind) {
	s.naming.Lock()
	defer s.naming.Unlock()
	for _, kind := range kinds {
		s.inOrder(kind)
	}
}
