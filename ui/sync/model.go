// Package sync is the place that tells where everything is and brings it home. Only ui imports it.
package sync

import (
	"context"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Store is what this place reads; *store.Store is one.
type Store interface {
	Self() store.Identity
	Heads() journal.Heads
	Received() journal.Heads
	Unsent() int
	LastSync() store.LastSync
	Each(kind fieldwork.Kind, f func(fieldwork.Record) bool)
	Record(id fieldwork.RecordID) (fieldwork.Record, bool)
	Where(id fieldwork.RecordID) store.Place
	Statement() journal.Statement
	Forgotten() int
	OutOfReach() int
	Note(name string) []byte
	SetNote(name string, value []byte) error
}

// Home is the way to HQ.
type Home interface {
	// Sync exchanges with HQ until both hold the same. report may be called often and from any goroutine.
	Sync(ctx context.Context, report func(Progress)) (Result, error)
	// Photos says how the photos of the campaign are spread. It reads many files' names and may run anywhere.
	Photos() PhotoCount
	// Backup writes a backup to where a person finds it and returns its path.
	Backup(name string) (path string, err error)
	// Paused says whether the person wants no exchange that she did not begin.
	Paused() bool
	Courier
	Neighbours
}

// Progress says how far an exchange is.
type Progress struct {
	Sent, ToSend        int           // records
	Received, ToReceive int           // records
	Photos, AllPhotos   int           // images that moved, and that are to move
	Up, Down            int64         // bytes
	Left                time.Duration // until it is done; 0: not known
	Waiting             bool          // the connection broke, or the other side asked to wait; trying again
}

// Result says what an exchange did.
type Result struct {
	Sent, Received, Quarantined int
	Up, Down                    int64
	Offset                      time.Duration // HQ's clock minus ours
	Forgotten                   int           // writes that HQ had confirmed and lacked; it was given them again
	Renewed                     bool          // the folder turned out to be a copy and goes on under a new incarnation
	Again                       time.Duration // how long HQ wants to be left alone; 0: it did not say
}

// PhotoCount says how the photos of the campaign are spread.
type PhotoCount struct {
	Named  int // that records name
	Here   int // of them, on this laptop at least as small pictures
	ToSend int // of them, here in a size that HQ has not said to hold
}

// Words says it in one line: 12 photos · 3 still to send · 2 not here yet.
func (n PhotoCount) Words(w *show.Words) string {
	if n.Named == 0 {
		return w.T("sync.photos.none")
	}
	parts := []string{w.N("sync.photos.count", n.Named)}
	if n.ToSend > 0 {
		parts = append(parts, w.N("sync.photos.send", n.ToSend))
	}
	if away := n.Named - n.Here; away > 0 {
		parts = append(parts, w.N("sync.photos.away", away))
	}
	if len(parts) == 1 {
		parts = append(parts, w.T("sync.photos.home"))
	}
	return strings.Join(parts, " · ")
}

// State is where things are.
type State struct {
	Practice bool
	Made     int // writes made on this laptop
	Home     int // of them, at HQ
	Unsent   int
	Durable  int // of those made, in a backup that HQ restored and found whole
	Apart    int // of those made, kept apart by HQ
	Forgot   int // confirmed by HQ once and lost by it
	Lost     int // confirmed and lost likewise, and not to be given to it from here
	Last     store.LastSync
}

// StateOf reads the state.
func StateOf(s Store) State {
	self := s.Self()
	st := State{Practice: self.Practice, Unsent: s.Unsent(), Last: s.LastSync()}
	st.Home = int(s.Received()[self.Log])
	st.Made = max(int(s.Heads()[self.Log]), st.Home)
	said := s.Statement()
	st.Durable, st.Forgot, st.Lost = min(int(said.Durable[self.Log]), st.Home), s.Forgotten(), s.OutOfReach()
	for _, a := range said.Apart {
		if a.Log == self.Log {
			st.Apart += int(a.Last - a.First + 1)
		}
	}
	return st
}

// Share is how much of what was made here is home, from 0 to 1; 1 when nothing was made.
func (s State) Share() (home, made int64) { return int64(s.Home), int64(s.Made) }

// nameOf calls a record by what it is about where it has no name of its own.
func nameOf(s Store, r fieldwork.Record) string {
	about := map[fieldwork.Kind]fieldwork.FieldID{
		fieldwork.KindAttendance: fieldwork.AttendancePerson, fieldwork.KindInstallation: fieldwork.InstallationLamp,
		fieldwork.KindVisit: fieldwork.VisitLamp, fieldwork.KindConsent: fieldwork.ConsentSubject, fieldwork.KindQuestion: fieldwork.QuestionRecord,
	}
	if f, ok := about[r.Kind]; ok {
		if other, ok := s.Record(r.Get(f).Ref()); ok {
			return fieldwork.Name(other)
		}
	}
	return fieldwork.Name(r)
}

// PillWords says in the bar on top when HQ was last met and what is unsent; good says that nothing waits.
func (s State) PillWords(w *show.Words, now time.Time) (text string, good bool) {
	switch {
	case s.Practice:
		return w.T("sync.pill.practice"), false
	case s.Last.At == 0 && s.Unsent == 0:
		return w.T("sync.pill.never"), false
	case s.Last.At == 0:
		return w.T("sync.pill.never") + " · " + w.N("sync.pill.unsent", s.Unsent), false
	}
	text = w.T("sync.pill.hq", w.Ago(now, time.Unix(s.Last.At, 0)))
	if s.Unsent > 0 {
		return text + " · " + w.N("sync.pill.unsent", s.Unsent), false
	}
	return text, now.Sub(time.Unix(s.Last.At, 0)) < 24*time.Hour
}

// BusyWords say in the bar on top when HQ was last met and how far the exchange under way is. Where it waits for a
// connection, nothing is under way.
func (s State) BusyWords(w *show.Words, now time.Time, x Progress) string {
	if x.Waiting {
		text, _ := s.PillWords(w, now)
		return text
	}
	s.Unsent = 0 // how much is left is told by the progress
	age, _ := s.PillWords(w, now)
	switch {
	case x.ToSend > x.Sent:
		return joined(age, w.T("sync.pill.sending", w.Number(x.Sent), w.Number(x.ToSend)))
	case x.ToReceive > x.Received:
		return joined(age, w.T("sync.pill.receiving", w.Number(x.Received), w.Number(x.ToReceive)))
	}
	return joined(age, w.T("sync.pill.busy"))
}

// Pauses between exchanges that begin by themselves.
const (
	usually = 5 * time.Minute // after one that ended well
	onceUp  = 5 * time.Second // after the network came or changed: addresses and names take a moment
)

// again is how long to wait before the next try by itself after so many failures in a row; a quarter of an hour at
// most, or as long as HQ asked.
func again(failures int, asked time.Duration) time.Duration {
	steps := []time.Duration{usually, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute}
	return max(steps[min(failures, len(steps)-1)], asked)
}
