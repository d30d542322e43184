package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"maps"

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
	KeptApart    Place = "quarantined" // at HQ, and not let in: a person has to decide
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
// a backup, and then wants to be given the rest again. See Forgotten.
func (s *Store) SetReceived(h journal.Heads) error {
	s.mu.RLock()
	before := s.received
	s.mu.RUnlock()
	if maps.Equal(before, h) {
		return s.coverNow()
	}
	notes := map[string][]byte{noteReceived: AppendHeads(nil, h)}
	once := s.confirmedOnce(before, h)
	notes[noteForgotten] = nil
	if len(once) > 0 {
		notes[noteForgotten] = AppendHeads(nil, once)
	}
	if err := s.setNotes(notes); err != nil {
		return err
	}
	s.mu.Lock()
	s.received, s.forgotten = h.Clone(), once
	s.mu.Unlock()
	s.tell(Event{Receipts: true})
	if err := s.coverNow(); err != nil {
		return err
	}
	return s.dropCarried()
}

// noteForgotten holds what HQ confirmed once and confirms no longer.
const noteForgotten = "receipts/forgotten"

// confirmedOnce returns, for the logs of which HQ confirms less now than it did, what it confirmed at most.
func (s *Store) confirmedOnce(before, now journal.Heads) journal.Heads {
	s.mu.RLock()
	defer s.mu.RUnlock()
	once := journal.Heads{}
	for _, heads := range []journal.Heads{before, s.forgotten} {
		for log, seq := range heads {
			if seq > now[log] {
				once[log] = max(once[log], seq)
			}
		}
	}
	return once
}

// Forgotten returns how many writes HQ confirmed once and does not hold any more, because it was restored from a
// backup. They are offered again with each exchange; once HQ has them, there are none.
func (s *Store) Forgotten() int {
	n, _ := s.forgottenNow()
	return n
}

// OutOfReach returns how many writes HQ confirmed once, does not hold any more, and cannot be given from here: of the logs of others this laptop
// has no more than what they made of the records, and HQ was restored from a backup that is older than it ever promised to keep. Everything
// else goes on; the laptop that wrote them, or a newer backup, brings them back.
func (s *Store) OutOfReach() int {
	_, n := s.forgottenNow()
	return n
}

func (s *Store) forgottenNow() (offered, out int) {
	s.mu.RLock()
	forgotten, received := s.forgotten.Clone(), s.received.Clone()
	s.mu.RUnlock()
	for log, seq := range forgotten {
		if seq <= received[log] {
			continue
		}
		if n := int(seq - received[log]); s.canGive(log, received[log]) {
			offered += n
		} else {
			out += n
		}
	}
	return offered, out
}

// canGive says whether what follows in a log can be given away.
func (s *Store) canGive(log fieldwork.LogID, after uint64) bool {
	_, err := s.Piece(log, after, 1)
	if errors.Is(err, journal.ErrCovered) {
		_, err = s.Page(log, after)
	}
	return err == nil
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
func (s *Store) Where(id fieldwork.RecordID) Place { return s.Receipt(id).Place }

// Receipt is what is known of where a record is, with all that was written to it.
type Receipt struct {
	Place   Place
	Number  string         // what a person reads out to HQ; empty: HQ confirmed nothing of it, or not by number
	At      int64          // when HQ confirmed it, seconds since 1970 by HQ's clock; 0: not known
	Durable bool           // it is in a backup that HQ restored and found whole, or on three machines of HQ
	Apart   *journal.Apart // why HQ keeps some of it apart; nil: it does not
}

// Receipt says where the record is and how HQ confirmed it.
func (s *Store) Receipt(id fieldwork.RecordID) Receipt {
	open := len(s.OpenQuestions(id)) > 0
	s.mu.RLock()
	defer s.mu.RUnlock()
	h, ok := s.records.state[id]
	if !ok {
		return Receipt{Place: OnThisLaptop}
	}
	state, err := journal.ReadState(h.raw)
	if err != nil {
		return Receipt{Place: OnThisLaptop}
	}
	r := s.receiptOf(state.Versions)
	switch {
	case r.Place == KeptApart:
	case open:
		r.Place = Question
	case r.Place == AtHQ && s.acceptedNow(&state):
		r.Place = Accepted
	}
	return r
}

// receiptOf says where writes are, all of them. The caller holds mu.
func (s *Store) receiptOf(versions []journal.Version) Receipt {
	r := Receipt{Place: AtHQ, Durable: true}
	if s.self.Log.Node == 0 {
		return Receipt{Place: AtHQ, Durable: s.inDurable(versions), At: s.statement.At}
	}
	var newest *journal.Version
	for i := range versions {
		v := &versions[i]
		if a := s.apart(v.Dot); a != nil {
			r.Apart = a
		}
		switch {
		case v.Dot.Seq > s.received[v.Dot.Log] && !s.inCourier(v.Dot):
			r.Place = OnThisLaptop
		case v.Dot.Seq > s.received[v.Dot.Log] && r.Place == AtHQ:
			r.Place = InCourier
		}
		if newest == nil || v.Stamp > newest.Stamp {
			newest = v
		}
	}
	r.Durable = r.Place == AtHQ && s.inDurable(versions)
	if r.Place == AtHQ && newest != nil {
		r.Number, r.At = s.numberOf(newest.Dot)
	}
	if r.Apart != nil {
		r.Place = KeptApart
	}
	return r
}

// whereWrite says where one write is.
func (s *Store) whereWrite(v journal.Version) Place {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.receiptOf([]journal.Version{v}).Place
}

func (s *Store) inDurable(versions []journal.Version) bool {
	for i := range versions {
		if d := versions[i].Dot; d.Seq > s.statement.Durable[d.Log] {
			return false
		}
	}
	return len(versions) > 0
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
