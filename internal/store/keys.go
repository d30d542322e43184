package store

import (
	"encoding/binary"

	"kandili/internal/fieldwork"
	"kandili/internal/vault"
)

// Buckets have names of one byte. On disk: never renamed.
var (
	bucketMeta       = []byte("m") // "v": format version, in clear; the rest sealed
	bucketRecords    = []byte("r") // opaque id -> sealed state
	bucketLog        = []byte("l") // log, sequence -> sealed segment
	bucketHeads      = []byte("h") // log -> sealed head
	bucketContexts   = []byte("c") // log, sequence -> sealed context
	bucketDrafts     = []byte("d") // opaque name -> sealed draft
	bucketNotes      = []byte("n") // opaque name -> sealed note
	bucketQuarantine = []byte("q") // log, sequence -> sealed segment that waits for a person
	allBuckets       = [][]byte{bucketMeta, bucketRecords, bucketLog, bucketHeads, bucketContexts, bucketDrafts, bucketNotes, bucketQuarantine}
)

// sealers seal the values of each purpose under a key of its own.
type sealers struct {
	data    *vault.Sealer
	journal *vault.Sealer
	names   *vault.MACer
}

func newSealers(k *vault.Keys) sealers {
	return sealers{data: k.Sealer("store/data/v1"), journal: k.Sealer("store/journal/v1"), names: k.MAC("store/names/v1")}
}

// path is the additional data of a sealed value: where it lies, so that values cannot change places unnoticed.
func path(bucket, key []byte) []byte {
	return append(append(make([]byte, 0, len(bucket)+len(key)), bucket...), key...)
}

func (s *sealers) put(bucket, key, plain []byte) []byte {
	return s.data.Seal(nil, path(bucket, key), plain)
}

func (s *sealers) get(bucket, key, sealed []byte) ([]byte, error) {
	return s.data.Open(nil, path(bucket, key), sealed)
}

// recordKey hides which record lies under a key; names of drafts and notes are hidden the same way.
func (s *sealers) recordKey(id fieldwork.RecordID) []byte {
	k := s.names.Sum16([]byte("r"), fieldwork.AppendID(nil, id))
	return k[:]
}

func (s *sealers) nameKey(purpose, name string) []byte {
	k := s.names.Sum16([]byte(purpose), []byte(name))
	return k[:]
}

// logKey orders segments by log and sequence.
func logKey(log fieldwork.LogID, seq uint64) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 16), log.Node)
	b = binary.BigEndian.AppendUint32(b, log.Epoch)
	return binary.BigEndian.AppendUint64(b, seq)
}

func headKey(log fieldwork.LogID) []byte { return logKey(log, 0)[:8] }

func parseLogKey(k []byte) (fieldwork.LogID, uint64, bool) {
	if len(k) != 16 {
		return fieldwork.LogID{}, 0, false
	}
	log := fieldwork.LogID{Node: binary.BigEndian.Uint32(k), Epoch: binary.BigEndian.Uint32(k[4:])}
	return log, binary.BigEndian.Uint64(k[8:]), true
}
