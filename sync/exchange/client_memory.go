package exchange

import (
	"bytes"
	"encoding/json"

	"kandili/internal/journal"
	"kandili/sync/wire"
)

// memory is what is remembered of a server between exchanges.
type memory struct {
	Theirs []byte  `json:"theirs"` // their heads
	Mine   [8]byte `json:"mine"`   // token of our heads as they remember them
	Speaks []byte  `json:"speaks"` // which codecs they read, as they said it; empty: rows
	Clean  bool    `json:"clean"`  // the last exchange ended well: what was sent then has arrived
}

// peerNote is under which name the memory of a peer is kept.
func peerNote(peer string) string { return "exchange/" + peer }

func (r *run) recall() {
	json.Unmarshal(r.Replica.Note(peerNote(r.Peer)), &r.mem) // nothing or nonsense: nothing remembered
	heads, err := wire.ReadHeads(r.mem.Theirs)
	if err != nil {
		heads, r.mem = journal.Heads{}, memory{}
	}
	r.theirs, r.settled = heads, r.mem.Clean
	r.speak(r.mem.Speaks)
}

// speak notes which codecs the server reads.
func (r *run) speak(body []byte) {
	s, err := wire.ReadSpeaks(body)
	if err != nil || r.rows {
		s, body = wire.Speaks{}, nil
	}
	r.speaks, r.mem.Speaks = s, bytes.Clone(body)
}

func (r *run) remember(clean bool) error {
	r.mem.Theirs, r.mem.Clean = wire.HeadsFrame(wire.TypeHeads, r.theirs).Body, clean
	b, err := json.Marshal(r.mem)
	if err != nil {
		return err
	}
	return r.Replica.SetNote(peerNote(r.Peer), b)
}
