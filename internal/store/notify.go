package store

import (
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Event says what became different. A sync that touches thousands of records tells it per piece, not per record.
type Event struct {
	Kinds    map[fieldwork.Kind]bool // kinds with new or changed records
	Records  []fieldwork.RecordID    // the records, at most maxEventRecords of them; more: see Kinds
	Receipts bool                    // what HQ has, or when we last met it, changed
	Photos   bool                    // an image of a photo came whole
}

const maxEventRecords = 64

// Subscribe calls f after every change, on the goroutine that made it; f must return at once and may not save. The
// returned function ends it.
func (s *Store) Subscribe(f func(Event)) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID
	s.nextID++
	s.listeners[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners, id)
	}
}

func (s *Store) notify(list []journal.Change) {
	e := Event{Kinds: map[fieldwork.Kind]bool{}, Receipts: true}
	for i := range list {
		for j := range list[i].Writes {
			e.Kinds[list[i].Writes[j].Kind] = true
			if len(e.Records) < maxEventRecords {
				e.Records = append(e.Records, list[i].Target(j))
			}
		}
	}
	s.tell(e)
}

func (s *Store) tell(e Event) {
	s.mu.RLock()
	all := make([]func(Event), 0, len(s.listeners))
	for _, f := range s.listeners {
		all = append(all, f)
	}
	s.mu.RUnlock()
	for _, f := range all {
		f(e)
	}
}
