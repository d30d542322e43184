package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
)

// MACer turns names into opaque keys of 16 bytes: the same name gives the same key, and without the data key nobody
// can tell which name it was. It is safe for use from several goroutines.
type MACer struct{ pool sync.Pool }

// macState is one running HMAC with room for what it reads and writes, so that a sum allocates nothing.
type macState struct {
	h    hash.Hash
	size [8]byte
	sum  [sha256.Size]byte
}

// MAC returns the MACer of a purpose; the label is part of what is on disk. It panics after Wipe.
func (k *Keys) MAC(label string) *MACer {
	key := k.derive(labelMAC + label)
	return &MACer{pool: sync.Pool{New: func() any { return &macState{h: hmac.New(sha256.New, key)} }}}
}

// Sum16 returns the key of a name in parts. The borders count: ("ab", "c") and ("a", "bc") give different keys.
func (m *MACer) Sum16(data ...[]byte) [16]byte {
	s := m.pool.Get().(*macState)
	defer m.pool.Put(s)
	s.h.Reset()
	for _, d := range data {
		binary.BigEndian.PutUint64(s.size[:], uint64(len(d)))
		s.h.Write(s.size[:])
		s.h.Write(d)
	}
	return [16]byte(s.h.Sum(s.sum[:0]))
}
