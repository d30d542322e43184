package hq

import (
	"encoding/json"

	"kandili/internal/journal"
	"kandili/internal/store"
)

// proof is the last backup of a campaign that HQ restored and found whole.
type proof struct {
	At    int64  `json:"at"`    // HQ's clock when it was proven, seconds since 1970; 0: never
	Bytes int64  `json:"bytes"` // of the whole backup
	Path  string `json:"path"`  // where the backup is
	Held  []byte `json:"held"`  // what the backup holds, a version vector
}

func (p proof) heads() journal.Heads { return store.ReadHeads(p.Held) }

func proofName(c journal.Campaign) string { return "proven/" + c.String() }

func (o *Office) provenOf(c journal.Campaign) (p proof) {
	json.Unmarshal(o.box.Get(proofName(c)), &p) // nothing: never
	return p
}
