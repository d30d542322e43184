package vault

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"sync"
)

const keySize = 32 // bytes of every key here

// firstTerm is the only generation of data keys so far. A rotated key gets the next number, and values say theirs.
const firstTerm = 1

// Labels are part of what is on disk: never changed. The prefix keeps a Sealer and a MACer of one label apart.
const (
	labelSeal   = "kandili/vault/seal/v1/"
	labelMAC    = "kandili/vault/mac/v1/"
	labelID     = "kandili/vault/id/v1"
	labelWrap   = "kandili/vault/wrap/v1"
	labelCommit = "kandili/vault/commit/v1"
	labelKey    = "kandili/vault/keyfile/v1"
)

// Keys holds an unlocked data key. It is safe for use from several goroutines and prints as a placeholder.
type Keys struct {
	mu    sync.RWMutex
	data  [keySize]byte
	term  uint32
	wiped bool
}

func newKeys() *Keys {
	k := &Keys{term: firstTerm}
	rand.Read(k.data[:]) // never fails
	return k
}

// Wipe overwrites the data key. Sealers and MACers handed out before hold keys of their own and work on until they
// are dropped: close the store first. Wiping twice is fine.
func (k *Keys) Wipe() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.data[:])
	k.wiped = true
}

// Format keeps the key out of logs, whatever the verb.
func (k *Keys) Format(f fmt.State, _ rune) { io.WriteString(f, "vault.Keys(hidden)") }

// derive returns the subkey of a label. It panics after Wipe: sealing under an overwritten key would look well and
// protect nothing.
func (k *Keys) derive(label string) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		panic("vault: keys used after Wipe")
	}
	return expand(k.data[:], label, keySize)
}

// copyData returns the data key itself, for a slot; the caller clears it. It fails with ErrWiped.
func (k *Keys) copyData() ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return nil, ErrWiped
	}
	return append([]byte(nil), k.data[:]...), nil
}

// expand derives n bytes from a key of full entropy.
func expand(key []byte, label string, n int) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, label, n)
	if err != nil {
		panic("vault: " + err.Error()) // only for n > 8160
	}
	return out
}
