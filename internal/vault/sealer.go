package vault

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"
)

// A sealed value, on disk for ever:
//
//	format u8 = 1 | term of the data key u32 | nonce 24 | ciphertext | tag 16
//
// Nonces are random: 24 bytes are enough for that, and a counter would repeat itself after a restored backup.
const (
	sealFormat = 1
	headSize   = 1 + 4
	nonceSize  = chacha20poly1305.NonceSizeX
	// Overhead is by how much a sealed value is longer than the plain one, in bytes.
	Overhead = headSize + nonceSize + chacha20poly1305.Overhead
)

// Sealer seals and opens the values of one purpose. It is safe for use from several goroutines.
type Sealer struct {
	aead cipher.AEAD
	head [headSize]byte
}

// Sealer returns the sealer of a purpose; the label is part of what is on disk. It panics after Wipe.
func (k *Keys) Sealer(label string) *Sealer {
	s := &Sealer{head: [headSize]byte{sealFormat}}
	binary.BigEndian.PutUint32(s.head[1:], k.term)
	// The head goes into the key: changing it in a sealed value is a wrong key, and aad needs no copy for it.
	s.aead = newAEAD(k.derive(labelSeal + string(s.head[:]) + label))
	return s
}

// newAEAD takes over the key and clears it.
func newAEAD(key []byte) cipher.AEAD {
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic("vault: " + err.Error()) // only for a key of another length
	}
	clear(key)
	return a
}

// Seal appends the sealed plain to dst and returns the longer slice; dst and plain must not overlap. Open needs the
// same aad: say in it where the value lies, so that values cannot change places.
func (s *Sealer) Seal(dst, aad, plain []byte) []byte {
	dst = slices.Grow(dst, Overhead+len(plain))
	dst = append(dst, s.head[:]...)
	at := len(dst)
	dst = dst[:at+nonceSize]
	rand.Read(dst[at:]) // never fails
	return s.aead.Seal(dst, dst[at:], plain, aad)
}

// Open appends the plain value to dst and returns the longer slice; dst and sealed must not overlap. It fails with
// ErrDamaged and no bytes unless all of the value and aad are as they were.
func (s *Sealer) Open(dst, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead || [headSize]byte(sealed) != s.head {
		return nil, errValue
	}
	plain, err := s.aead.Open(dst, sealed[headSize:headSize+nonceSize], sealed[headSize+nonceSize:], aad)
	if err != nil {
		return nil, errValue
	}
	return plain, nil
}
