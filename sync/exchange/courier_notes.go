package exchange

import (
	"encoding/json"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// AskFirst makes the next exchange with the peer begin with the question what has arrived: a courier file may have
// brought it there.
func AskFirst(r Replica, peer string) error {
	m, ok := recallMemory(r, peer)
	if !ok || !m.Clean {
		return nil
	}
	m.Clean = false
	return keepMemory(r, peer, m)
}

// Heard remembers what the peer was said to hold by another road, so that the next exchange does not send it.
func Heard(r Replica, peer string, theirs journal.Heads) error {
	m, _ := recallMemory(r, peer)
	m.Theirs, m.Clean = wire.HeadsFrame(wire.TypeHeads, theirs).Body, false
	return keepMemory(r, peer, m)
}

func recallMemory(r Replica, peer string) (m memory, ok bool) {
	b := r.Note(peerNote(peer))
	return m, b != nil && json.Unmarshal(b, &m) == nil
}

func keepMemory(r Replica, peer string, m memory) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return r.SetNote(peerNote(peer), b)
}

func headsNote(log fieldwork.LogID) string   { return "heads/" + log.String() }
func courierNote(log fieldwork.LogID) string { return "heads-by-courier/" + log.String() }

// HeardHeads keeps what a node told by courier to hold. What an incarnation holds only grows, so older files do not
// take anything back.
func HeardHeads(r Replica, log fieldwork.LogID, heads journal.Heads) error {
	known := HeadsOf(r, log)
	if known.Covers(heads) {
		return nil
	}
	for l, seq := range heads {
		known[l] = max(known[l], seq)
	}
	return r.SetNote(courierNote(log), wire.HeadsFrame(wire.TypeHeads, known).Body)
}

// HeadsOf returns what the node of the log told to hold, by whichever road; empty: nothing was told.
func HeadsOf(r Replica, log fieldwork.LogID) journal.Heads {
	all := journal.Heads{}
	for _, name := range []string{headsNote(log), courierNote(log)} {
		heads, err := wire.ReadHeads(r.Note(name))
		if err != nil {
			continue // nothing there
		}
		for l, seq := range heads {
			all[l] = max(all[l], seq)
		}
	}
	return all
}
