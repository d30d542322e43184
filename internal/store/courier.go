package store

import (
	"encoding/json"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Carried is what one writing of courier files took along: of each log in To the writes after From, up to and with To.
type Carried struct {
	At       int64 // seconds since 1970, by this laptop's clock
	Files    int
	From, To journal.Heads
}

// covers says whether a write is in the files.
func (c *Carried) covers(d fieldwork.RecordID) bool {
	return d.Seq > c.From[d.Log] && d.Seq <= c.To[d.Log]
}

// includes says whether the files hold all that the other ones do.
func (c *Carried) includes(other *Carried) bool {
	for log, to := range other.To {
		if c.To[log] < to || c.From[log] > other.From[log] {
			return false
		}
	}
	return true
}

// noteCarried holds what was put into courier files and is not home yet; noteReceivedAt when HQ said what it holds.
const (
	noteCarried    = "courier/carried"
	noteReceivedAt = "receipts/at"
)

// mostCarried bounds what is remembered. Each writing repeats what HQ has not confirmed, so one entry is the rule.
const mostCarried = 64

// carriedJSON is how Carried is kept.
type carriedJSON struct {
	At    int64  `json:"at"`
	Files int    `json:"files"`
	From  []byte `json:"from"`
	To    []byte `json:"to"`
}

func readCarried(b []byte) (list []Carried) {
	var kept []carriedJSON
	json.Unmarshal(b, &kept) // nothing or nonsense: nothing is known to be carried
	for _, k := range kept {
		list = append(list, Carried{At: k.At, Files: k.Files, From: ReadHeads(k.From), To: ReadHeads(k.To)})
	}
	return list
}

// setCarried keeps the list, durably, and tells.
func (s *Store) setCarried(list []Carried) error {
	var kept []carriedJSON
	for _, c := range list {
		kept = append(kept, carriedJSON{c.At, c.Files, AppendHeads(nil, c.From), AppendHeads(nil, c.To)})
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := s.SetNote(noteCarried, b); err != nil {
		return err
	}
	s.mu.Lock()
	s.carried = list
	s.mu.Unlock()
	s.tell(Event{Receipts: true})
	return nil
}

// AddCarried remembers that courier files were written and found to be whole.
func (s *Store) AddCarried(c Carried) error {
	s.courier.Lock()
	defer s.courier.Unlock()
	s.mu.RLock()
	var list []Carried
	for i := range s.carried {
		if !c.includes(&s.carried[i]) {
			list = append(list, s.carried[i])
		}
	}
	s.mu.RUnlock()
	list = append(list, c)
	return s.setCarried(list[max(0, len(list)-mostCarried):])
}

// dropCarried forgets files of which HQ holds everything.
func (s *Store) dropCarried() error {
	s.courier.Lock()
	defer s.courier.Unlock()
	s.mu.RLock()
	var list []Carried
	for _, c := range s.carried {
		if !s.received.Covers(c.To) {
			list = append(list, c)
		}
	}
	same := len(list) == len(s.carried)
	s.mu.RUnlock()
	if same {
		return nil
	}
	return s.setCarried(list)
}

// OnTheWay is what the courier files hold that HQ has not confirmed.
type OnTheWay struct {
	Writes int   // of this node that are in a courier file and not confirmed
	Files  int   // that hold them
	Last   int64 // when the last was written, seconds since 1970 by this laptop's clock; 0: none
}

// OnTheWay returns what was put into courier files and is not home yet.
func (s *Store) OnTheWay() OnTheWay {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var n OnTheWay
	for _, c := range s.carried {
		n.Files += c.Files
		n.Last = max(n.Last, c.At)
	}
	for log, seq := range s.heads {
		if log.Node == s.self.Log.Node {
			n.Writes += s.carriedWrites(log, s.received[log], seq)
		}
	}
	return n
}

// carriedWrites counts the writes of a log after from, up to and with to, that are in some courier file. The caller
// holds mu.
func (s *Store) carriedWrites(log fieldwork.LogID, from, to uint64) (n int) {
	for from < to {
		reach := from
		begin := to
		for i := range s.carried {
			c := &s.carried[i]
			switch {
			case c.From[log] <= from && c.To[log] > from:
				reach = max(reach, min(c.To[log], to))
			case c.From[log] > from && c.To[log] > c.From[log]:
				begin = min(begin, c.From[log])
			}
		}
		if reach == from { // a gap: go on where the next file begins
			from = begin
			continue
		}
		n += int(reach - from)
		from = reach
	}
	return n
}

// inCourier says whether a write is in a courier file. The caller holds mu.
func (s *Store) inCourier(d fieldwork.RecordID) bool {
	for i := range s.carried {
		if s.carried[i].covers(d) {
			return true
		}
	}
	return false
}

// TakeReceipts remembers what HQ confirmed at the time, in seconds since 1970 by HQ's clock, unless HQ said something
// newer: a courier file may have been long under way, and HQ's disk may have been replaced by a backup since.
func (s *Store) TakeReceipts(h journal.Heads, at int64) (newer bool, err error) {
	if at < s.heardAt() {
		return false, nil
	}
	if err := s.SetReceivedAt(at); err != nil {
		return false, err
	}
	return true, s.SetReceived(h)
}

// heardAt is when HQ last said what it holds, by HQ's clock; 0: never.
func (s *Store) heardAt() (at int64) {
	json.Unmarshal(s.Note(noteReceivedAt), &at) // nothing: never
	return at
}

// SetReceivedAt remembers when HQ said what it holds, by HQ's clock.
func (s *Store) SetReceivedAt(at int64) error {
	b, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return s.SetNote(noteReceivedAt, b)
}
