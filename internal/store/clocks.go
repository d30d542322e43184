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

// Compared notes in HQ's log how far a laptop's clock is off, where that is news and the laptop wrote something in the
// same run. On a laptop it does nothing.
func (s *Store) Compared(log fieldwork.LogID, boot, up uint32, wall int64) error {
	if s.Own().Node != 0 || log.Node == 0 || boot == 0 {
		return nil
	}
	fix := journal.Fix{Up: up, Wall: wall, Offset: s.opt.Now().Unix() - wall}
	s.mu.RLock()
	news := s.clocks.Tells(journal.Run{Log: log, Boot: boot}, fix)
	s.mu.RUnlock()
	if !news {
		return nil
	}
	_, err := s.Save(Draft{Writes: []journal.Write{{Kind: fieldwork.KindClock, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.ClockNode, Value: fieldwork.Int(int64(log.Node))},
		{Field: fieldwork.ClockEpoch, Value: fieldwork.Int(int64(log.Epoch))},
		{Field: fieldwork.ClockBoot, Value: fieldwork.Int(int64(boot))},
		{Field: fieldwork.ClockUp, Value: fieldwork.Int(int64(up))},
		{Field: fieldwork.ClockWall, Value: fieldwork.Int(wall)},
		{Field: fieldwork.ClockOffset, Value: fieldwork.Int(fix.Offset)},
	}}}})
	return err
}

// learnClock takes what HQ's log says of a clock into memory. The caller holds mu, or is alone.
func (s *Store) learnClock(state *journal.State) {
	if state.ID.Log.Node != 0 || len(state.Versions) == 0 {
		return
	}
	n := map[fieldwork.FieldID]int64{}
	for _, f := range state.Versions[0].Fields { // only the first write counts: a clock is never corrected
		n[f.Field], _ = f.Value.Int()
	}
	r := journal.Run{Log: fieldwork.LogID{Node: uint32(n[fieldwork.ClockNode]), Epoch: uint32(n[fieldwork.ClockEpoch])}, Boot: uint32(n[fieldwork.ClockBoot])}
	s.clocks.Add(r, journal.Fix{Up: uint32(n[fieldwork.ClockUp]), Wall: n[fieldwork.ClockWall], Offset: n[fieldwork.ClockOffset]})
}

// Moment is when something was written, as well as that is known. Every replica works it out the same way from HQ's log;
// it decides nothing.
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
