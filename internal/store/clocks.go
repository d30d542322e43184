package store

import (
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Running tells which run of the program this is, and how many seconds it lasts: what HQ compares clocks by.
func (s *Store) Running() (boot, up uint32) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.boot, uint32(max(s.opt.Now().Sub(s.started).Seconds(), 0))
}

// Compared is told the clock of a laptop that calls. HQ notes in its log how far it is off, where that is news and the
// laptop wrote something in the same run (brought). A laptop notes with its next save that the two met.
func (s *Store) Compared(log fieldwork.LogID, boot, up uint32, wall int64, brought bool) error {
	switch {
	case log.Node == 0 || boot == 0:
		return nil
	case s.Own().Node != 0:
		s.encountered(journal.Glimpse{Run: journal.Run{Log: log, Boot: boot}, Up: up, Wall: wall})
		return nil
	case !brought:
		return nil
	}
	fix := journal.Fix{Up: up, Wall: wall, Offset: s.opt.Now().Unix() - wall}
	s.mu.RLock()
	news := s.clocks.HQ.Tells(journal.Run{Log: log, Boot: boot}, fix)
	s.mu.RUnlock()
	if !news {
		return nil
	}
	fields := append(clockFields(journal.Glimpse{Run: journal.Run{Log: log, Boot: boot}, Up: up, Wall: wall}),
		fieldwork.FieldValue{Field: fieldwork.ClockOffset, Value: fieldwork.Int(fix.Offset)})
	_, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindClock, Fields: fields}}})
	return err
}

func clockFields(g journal.Glimpse) []fieldwork.FieldValue {
	return []fieldwork.FieldValue{
		{Field: fieldwork.ClockNode, Value: fieldwork.Int(int64(g.Log.Node))},
		{Field: fieldwork.ClockEpoch, Value: fieldwork.Int(int64(g.Log.Epoch))},
		{Field: fieldwork.ClockBoot, Value: fieldwork.Int(int64(g.Boot))},
		{Field: fieldwork.ClockUp, Value: fieldwork.Int(int64(g.Up))},
		{Field: fieldwork.ClockWall, Value: fieldwork.Int(g.Wall)},
	}
}

// encounter is a meeting that is not told yet.
type encounter struct {
	journal.Glimpse
	up int64 // seconds since this laptop's run began, then
}

// mostEncounters is how many meetings wait to be told at most: a laptop that only answers saves nothing for long.
const mostEncounters = 32

// encountered remembers that this laptop met another one, until the next save tells it. Told on its own, every exchange
// would make the next one necessary.
func (s *Store) encountered(other journal.Glimpse) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := journal.Run{Log: s.self.Log, Boot: s.boot}
	if other.Log.Node == own.Log.Node || !s.clocks.Tells(own, other.Run) {
		return
	}
	for _, e := range s.met {
		if e.Run == other.Run {
			return
		}
	}
	s.met = append(s.met, encounter{other, s.sinceStart()})
	s.met = s.met[max(0, len(s.met)-mostEncounters):]
}

func (s *Store) sinceStart() int64 { return int64(max(s.opt.Now().Sub(s.started).Seconds(), 0)) }

// tellMeetings returns what tells the meetings since the last save, each as if it were now. The caller holds saving.
func (s *Store) tellMeetings() (list []Draft) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, e := range s.met {
		g := e.Glimpse
		since := s.sinceStart() - e.up
		g.Up, g.Wall = g.Up+uint32(since), g.Wall+since
		list = append(list, Draft{nobody: true, Writes: []journal.Write{{Kind: fieldwork.KindClock, Fields: clockFields(g)}}})
	}
	return list
}

// meetingsTold forgets what the last save told. The caller holds saving.
func (s *Store) meetingsTold(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.met = s.met[min(n, len(s.met)):]
}

// learnClock takes what a log says of a clock into memory. The caller holds mu, or is alone.
func (s *Store) learnClock(state *journal.State, had bool) {
	for i := range state.Versions {
		v := &state.Versions[i]
		if v.Dot != state.ID { // only the first write counts: a clock is never corrected
			continue
		}
		n := map[fieldwork.FieldID]int64{}
		for _, f := range v.Fields {
			n[f.Field], _ = f.Value.Int()
		}
		other := journal.Glimpse{Up: uint32(n[fieldwork.ClockUp]), Wall: n[fieldwork.ClockWall],
			Run: journal.Run{Log: fieldwork.LogID{Node: uint32(n[fieldwork.ClockNode]), Epoch: uint32(n[fieldwork.ClockEpoch])}, Boot: uint32(n[fieldwork.ClockBoot])}}
		switch {
		case state.ID.Log.Node != 0:
			s.clocks.Meet(journal.Meeting{Record: state.ID, Other: other, One: journal.Glimpse{Run: journal.Run{Log: v.Dot.Log, Boot: v.Boot}, Up: v.Up, Wall: v.Wall}})
		case !had:
			s.clocks.HQ.Add(other.Run, journal.Fix{Up: other.Up, Wall: other.Wall, Offset: n[fieldwork.ClockOffset]})
		}
	}
}

// Moment is when something was written, as well as that is known. Every replica works it out the same way from the same
// changes; it decides nothing.
func (s *Store) Moment(v *journal.Version) (at int64, trust journal.Trust) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.clocks.Moment(v.Dot.Log, v.Boot, v.Up, v.Wall)
}

// taken is within how many seconds of the write a time in a field counts as taken from the laptop's clock.
const taken = 10 * 60

// TimeIn is what a time that a write gives to a field really was: one that the laptop took from its clock is corrected
// as the write's own time is, one that a person typed stays.
func (s *Store) TimeIn(v *journal.Version, seconds int64) (at int64, trust journal.Trust) {
	when, trust := s.Moment(v)
	if d := seconds - v.Wall; d > taken || d < -taken {
		return seconds, journal.Certain
	}
	return seconds + when - v.Wall, trust
}
