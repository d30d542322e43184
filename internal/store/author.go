package store

import "kandili/internal/fieldwork"

// SetAuthor says which volunteer is at work from now on: changes that name nobody are this volunteer's. The zero id: nobody
// signed in. It lasts until the store is closed.
func (s *Store) SetAuthor(volunteer fieldwork.RecordID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.author = volunteer
}

// Author is the volunteer at work; zero: nobody signed in.
func (s *Store) Author() fieldwork.RecordID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.author
}
