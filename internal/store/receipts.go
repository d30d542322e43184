package store

import (
	"encoding/binary"
	"encoding/json"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Place says where a record is. It follows from receipts, never from the absence of an error.
type Place string

// The places, from nearest to farthest.
const (
	OnThisLaptop Place = "this laptop"
	InCourier    Place = "courier"
	AtHQ         Place = "HQ"
	Accepted     Place = "accepted"
	Question     Place = "question"
)

// noteReceived holds what HQ confirmed to have on its disk.
const noteReceived = "receipts/received"

// Received returns what HQ confirmed to hold, flushed.
func (s *Store) Received() journal.Heads {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.received.Clone()
}

// SetReceived remembers what HQ confirmed to hold. Less than before is believed too: HQ may have been restored from
// a backup, and then wants to be given the rest again.
func (s *Store) SetReceived(h journal.Heads) error {
	if err := s.SetNote(noteReceived, AppendHeads(nil, h)); err != nil {
		return err
	}
	s.mu.Lock()
	s.received = h.Clone()
	s.mu.Unlock()
	s.tell(Event{Receipts: true})
	return s.dropCarried()
}

// Unsent returns how many writes of this node HQ has not confirmed to hold.
func (s *Store) Unsent() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for log, seq := range s.heads {
		if log.Node == s.self.Log.Node && seq > s.received[log] {
			n += int(seq - s.received[log])
		}
	}
	return n
}

// Where says where the record is: with all that was written to it.
func (s *Store) Where(id fieldwork.RecordID) Place {
	for _, q := range s.Referring(id, fieldwork.KindQuestion) {
		if q.Get(fieldwork.QuestionAnsweredBy).IsZero() {
			return Question
		}
	}
	s.mu.RLock()
	h, ok := s.records.state[id]
	s.mu.RUnlock()
	if !ok {
		return OnThisLaptop
	}
	state, err := journal.ReadState([]byte(h.raw))
	if err != nil {
		return OnThisLaptop
	}
	dots := make([]fieldwork.RecordID, len(state.Versions))
	for i := range state.Versions {
		dots[i] = state.Versions[i].Dot
	}
	return s.whereDots(dots)
}

func (s *Store) whereDots(dots []fieldwork.RecordID) Place {
	s.mu.RLock()
	defer s.mu.RUnlock()
	place := AtHQ
	for _, d := range dots {
		if s.self.Log.Node == 0 || d.Seq <= s.received[d.Log] {
			continue
		}
		if !s.inCourier(d) {
			return OnThisLaptop
		}
		place = InCourier
	}
	return place
}

// AppendHeads appends a version vector in a stable form.
func AppendHeads(b []byte, h journal.Heads) []byte {
	b = binary.AppendUvarint(b, uint64(len(h)))
	for _, log := range h.Logs() {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: log, Seq: h[log]})
	}
	return b
}

// ReadHeads reads what AppendHeads wrote; damaged input gives what could be read.
func ReadHeads(b []byte) journal.Heads {
	h := journal.Heads{}
	_, n := binary.Uvarint(b)
	if n <= 0 {
		return h
	}
	for b = b[n:]; len(b) > 0; {
		id, n, err := fieldwork.ReadID(b)
		if err != nil {
			return h
		}
		h[id.Log] = id.Seq
		b = b[n:]
	}
	return h
}

// LastSync is what the window and HQ say about the last exchange.
type LastSync struct {
	At    int64  `json:"at"`    // seconds since 1970, by this laptop's clock; 0: never
	Error string `json:"error"` // the code of what went wrong in the last try; empty: it ended well
}

const noteLastSync = "sync/last"

// LastSync returns when the last exchange with HQ ended well, and what went wrong since.
func (s *Store) LastSync() LastSync {
	var l LastSync
	json.Unmarshal(s.Note(noteLastSync), &l) // nothing or nonsense: never
	return l
}

// SetLastSync remembers how an exchange ended.
func (s *Store) SetLastSync(l LastSync) error {
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := s.SetNote(noteLastSync, b); err != nil {
		return err
	}
	s.tell(Event{Receipts: true})
	return nil
}
