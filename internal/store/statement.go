package store

import (
	"encoding/binary"
	"fmt"
	"sort"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Notes that follow from HQ's statements.
const (
	noteStatement = "receipts/statement" // the last one
	noteNumbers   = "receipts/numbers"   // of our own logs: what was confirmed when
	noteDurable   = "receipts/durable"   // of our own logs: since when what is durable
	noteOthers    = "receipts/others"    // of the logs of others: the same
)

// confirmed is one confirmation of one of our own logs: from it a record's receipt number follows.
type confirmed struct {
	log  fieldwork.LogID
	seq  uint64
	mark uint32
	at   int64 // HQ's clock
}

// mostNumbers bounds the list of confirmations; beyond it every second one of the older half goes. A record that lost
// its own then shows the next one, which confirms it as well.
const mostNumbers = 2000

// durableSince says what of some logs HQ called durable at a time of its clock.
type durableSince struct {
	at    int64
	heads journal.Heads
}

// Statement returns the last thing that HQ said about everybody's changes; the zero Statement before it said any.
func (s *Store) Statement() journal.Statement {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.statement
}

// TakeStatement takes in what HQ says about everybody's changes. direct means that HQ itself said so just now; what
// came by another road counts only where HQ made it later than what is known. It fails with journal.ErrForged where HQ
// did not sign it.
func (s *Store) TakeStatement(st journal.Statement, direct bool) (news bool, err error) {
	self := s.Self()
	if !st.SignedBy(self.Campaign, self.HQKey) {
		return false, fmt.Errorf("%w: a statement of receipts", journal.ErrForged)
	}
	if !direct && st.At <= s.Statement().At {
		return false, nil
	}
	s.mu.RLock()
	numbers := moreNumbers(s.numbers, &st, self.Log.Node)
	own := moreDurable(s.durable, &st, day, func(node uint32) bool { return node == self.Log.Node })
	others := moreDurable(s.others, &st, joinOthers, func(node uint32) bool { return node != self.Log.Node })
	s.mu.RUnlock()
	err = s.setNotes(map[string][]byte{noteStatement: st.Append(nil), noteNumbers: appendNumbers(nil, numbers),
		noteDurable: appendDurable(nil, own), noteOthers: appendDurable(nil, others)})
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	s.statement, s.numbers, s.durable, s.others = st, numbers, own, others
	s.mu.Unlock()
	if !direct && st.At < s.heardAt() { // HQ has said since what it holds
		s.tell(Event{Receipts: true})
		return true, s.coverNow()
	}
	if err := s.SetReceivedAt(st.At); err != nil {
		return false, err
	}
	if err := s.SetReceived(st.Held); err != nil {
		return false, err
	}
	s.tell(Event{Receipts: true})
	return true, nil
}

// KeepStatement remembers what this replica, which is HQ's, last said itself.
func (s *Store) KeepStatement(st journal.Statement) {
	s.mu.Lock()
	s.statement = st
	s.mu.Unlock()
}

// moreNumbers adds what a statement confirms of a node's own logs.
func moreNumbers(list []confirmed, st *journal.Statement, node uint32) []confirmed {
	list = list[:len(list):len(list)]
	for _, log := range st.Held.Logs() {
		seq := st.Held[log]
		if log.Node != node || seq <= lastConfirmed(list, log) {
			continue
		}
		list = append(list, confirmed{log, seq, st.Marks[log], st.At})
	}
	if len(list) <= mostNumbers {
		return list
	}
	var kept []confirmed
	for i, c := range list {
		if i >= mostNumbers/2 || i%2 == 1 {
			kept = append(kept, c)
		}
	}
	return kept
}

func lastConfirmed(list []confirmed, log fieldwork.LogID) (seq uint64) {
	for _, c := range list {
		if c.log == log {
			seq = max(seq, c.seq)
		}
	}
	return seq
}

// numberOf returns the receipt number of a write that HQ holds: of our own the first that confirmed it, of others' what
// HQ said last. The caller holds mu.
func (s *Store) numberOf(d fieldwork.RecordID) (number string, at int64) {
	for i := range s.numbers { // ascending for each log
		if c := &s.numbers[i]; c.log == d.Log && c.seq >= d.Seq {
			return fieldwork.ReceiptNumber(c.log, c.seq, c.mark), c.at
		}
	}
	if held := s.statement.Held[d.Log]; held >= d.Seq {
		return fieldwork.ReceiptNumber(d.Log, held, s.statement.Marks[d.Log]), s.statement.At
	}
	return "", 0
}

// apart finds the run of changes kept apart at HQ that a write is in. The caller holds mu.
func (s *Store) apart(d fieldwork.RecordID) *journal.Apart {
	for i := range s.statement.Apart {
		if a := &s.statement.Apart[i]; a.Log == d.Log && a.Reason != journal.ReasonFork && a.First <= d.Seq && d.Seq <= a.Last {
			found := *a
			return &found
		}
	}
	return nil
}

const day = 24 * 60 * 60

// moreDurable adds what a statement calls durable of the logs of some nodes. Entries that are less than so many seconds apart are
// joined, which only puts off the time from which something counts as durable.
func moreDurable(list []durableSince, st *journal.Statement, apart int64, of func(node uint32) bool) []durableSince {
	heads := journal.Heads{}
	for log, seq := range st.Durable {
		if of(log.Node) {
			heads[log] = seq
		}
	}
	n := len(list)
	if len(heads) == 0 || n > 0 && list[n-1].heads.Covers(heads) {
		return list
	}
	list = list[:n:n]
	if n > 1 && st.At-list[n-2].at < apart {
		list = list[: n-1 : n-1]
	}
	list = append(list, durableSince{st.At, heads})
	for len(list) > 1 && st.At-list[1].at >= keepDurable {
		list = list[1:]
	}
	return list
}

// keepDurable is how long changes stay after HQ called them durable, in seconds of HQ's clock: our own in the journal file, those of
// others in their logs. An HQ that was restored from a backup of that time is given all that it lacks. What a laptop's clock says does
// not count.
const keepDurable = 90 * day

// joinOthers keeps the list about the logs of others short: there may be a thousand of them.
const joinOthers = 15 * day

// maySpare returns what of our own logs was durable for so long that the journal file can spare it.
func (s *Store) maySpare() journal.Heads { return s.durableFor(s.durable) }

// durableFor returns what of a list was durable for as long as it has to be kept.
func (s *Store) durableFor(list []durableSince) journal.Heads {
	spare := journal.Heads{}
	i := sort.Search(len(list), func(i int) bool { return s.statement.At-list[i].at < keepDurable })
	if i == 0 {
		return spare
	}
	for log, seq := range list[i-1].heads {
		spare[log] = min(seq, s.statement.Durable[log]) // HQ may have lost it since
	}
	return spare
}

func (s *Store) loadStatement() {
	s.received = ReadHeads(s.Note(noteReceived))
	s.forgotten = ReadHeads(s.Note(noteForgotten))
	if st, err := journal.ReadStatement(s.Note(noteStatement)); err == nil { // nothing or nonsense: HQ said nothing yet
		s.statement = st
	}
	s.numbers = readNumbers(s.Note(noteNumbers))
	s.durable, s.others = readDurable(s.Note(noteDurable)), readDurable(s.Note(noteOthers))
}

func appendNumbers(b []byte, list []confirmed) []byte {
	for _, c := range list {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: c.log, Seq: c.seq})
		b = binary.AppendUvarint(b, uint64(c.mark))
		b = binary.AppendVarint(b, c.at)
	}
	return b
}

// readNumbers reads what appendNumbers wrote; damaged input gives what could be read.
func readNumbers(b []byte) (list []confirmed) {
	for len(b) > 0 {
		id, n, err := fieldwork.ReadID(b)
		if err != nil {
			return list
		}
		mark, m := binary.Uvarint(b[n:])
		if m <= 0 {
			return list
		}
		at, k := binary.Varint(b[n+m:])
		if k <= 0 {
			return list
		}
		list = append(list, confirmed{id.Log, id.Seq, uint32(mark), at})
		b = b[n+m+k:]
	}
	return list
}

func appendDurable(b []byte, list []durableSince) []byte {
	for _, d := range list {
		heads := AppendHeads(nil, d.heads)
		b = binary.AppendVarint(b, d.at)
		b = binary.AppendUvarint(b, uint64(len(heads)))
		b = append(b, heads...)
	}
	return b
}

// readDurable reads what appendDurable wrote; damaged input gives what could be read.
func readDurable(b []byte) (list []durableSince) {
	for len(b) > 0 {
		at, n := binary.Varint(b)
		if n <= 0 {
			return list
		}
		size, m := binary.Uvarint(b[n:])
		if m <= 0 || uint64(len(b)-n-m) < size {
			return list
		}
		list = append(list, durableSince{at, ReadHeads(b[n+m : n+m+int(size)])})
		b = b[n+m+int(size):]
	}
	return list
}
