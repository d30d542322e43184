package vault

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Kinds of slots, on disk for ever. A kind that this version does not know is kept as it is and not tried.
const (
	kindPassphrase = "passphrase"
	kindKeyFile    = "keyfile"
)

const (
	saltSize   = 16
	commitSize = 32
	wrapSize   = nonceSize + keySize + 16
	maxName    = 64 // bytes
)

// slot is one sealed copy of the data key. All fields but Sealed are its header, which is bound to Sealed.
type slot struct {
	Kind string `json:"kind"`
	// Name tells slots apart and lies in clear on the disk: no name of a person where that matters.
	Name      string `json:"name"`
	MemoryKiB uint32 `json:"memory_kib,omitempty"` // this and the next two are zero for a key file
	Time      uint32 `json:"time,omitempty"`
	Threads   uint8  `json:"threads,omitempty"`
	Salt      []byte `json:"salt"`
	// Commit names the slot's key without telling it. XChaCha20-Poly1305 alone does not bind the key: one could build
	// a slot that two passphrases open to two data keys.
	Commit []byte `json:"commit"`
	Sealed []byte `json:"sealed"` // nonce, data key, tag
}

var (
	errNotThisSlot = errors.New("another key")
	errWrap        = errors.New("the key is right, but the slot does not open")
)

func (s *slot) params() Params { return Params{s.MemoryKiB, s.Time, s.Threads} }

// check refuses what this version would never write, before any work is done for it.
func (s *slot) check() error {
	if !validName(s.Name) {
		return errors.New("slot name out of bounds")
	}
	if len(s.Salt) != saltSize || len(s.Commit) != commitSize || len(s.Sealed) != wrapSize {
		return errors.New("slot of wrong size")
	}
	if s.Kind == kindKeyFile {
		if s.params() != (Params{}) {
			return errors.New("key file slot with parameters")
		}
		return nil
	}
	return s.params().check()
}

func validName(name string) bool { return name != "" && len(name) <= maxName && utf8.ValidString(name) }

// header is what Sealed is bound to: the file's id and term as well, so that no slot fits into another file.
func (s *slot) header(f *file) []byte {
	b := []byte("kandili/vault/slot/v1")
	for _, part := range [][]byte{f.ID, []byte(s.Kind), []byte(s.Name), s.Salt, s.Commit} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	for _, n := range []uint32{f.Format, f.Term, s.MemoryKiB, s.Time, uint32(s.Threads)} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

// secret is what opens slots of one kind: a passphrase or the content of a key file.
type secret struct {
	kind  string
	bytes []byte
}

// passphraseSecret brings the passphrase into one Unicode form: the same typed letters are other bytes on macOS than
// on Windows. The caller clears it.
func passphraseSecret(passphrase []byte) secret {
	return secret{kindPassphrase, norm.NFC.Append(nil, passphrase...)}
}

func (x secret) clear() { clear(x.bytes) }

// key is the slot's key, which seals the data key. The caller clears it.
func (s *slot) key(x secret) []byte {
	if s.Kind == kindKeyFile {
		return expand(append(bytes.Clone(s.Salt), x.bytes...), labelKey, keySize)
	}
	return argon2.IDKey(x.bytes, s.Salt, s.Time, s.MemoryKiB, s.Threads, keySize)
}

// newSlot seals the data key for a secret, under a fresh salt. p is the zero value for a key file.
func newSlot(f *file, data []byte, x secret, name string, p Params) *slot {
	s := &slot{Kind: x.kind, Name: name, MemoryKiB: p.MemoryKiB, Time: p.Time, Threads: p.Threads, Salt: make([]byte, saltSize)}
	rand.Read(s.Salt) // never fails
	key := s.key(x)
	defer clear(key)
	s.Commit = expand(key, labelCommit, commitSize)
	nonce := make([]byte, nonceSize, wrapSize)
	rand.Read(nonce)
	s.Sealed = newAEAD(expand(key, labelWrap, keySize)).Seal(nonce, nonce, data, s.header(f))
	return s
}

// open returns the data key, which the caller clears, or errNotThisSlot, or errWrap.
func (s *slot) open(f *file, x secret) ([]byte, error) {
	key := s.key(x)
	defer clear(key)
	if subtle.ConstantTimeCompare(s.Commit, expand(key, labelCommit, commitSize)) != 1 {
		return nil, errNotThisSlot
	}
	data, err := newAEAD(expand(key, labelWrap, keySize)).Open(nil, s.Sealed[:nonceSize], s.Sealed[nonceSize:], s.header(f))
	if err != nil || len(data) != keySize || !bytes.Equal(vaultID(data), f.ID) {
		clear(data)
		return nil, errWrap
	}
	return data, nil
}

// vaultID tells whether a slot's data key is that of the file, without telling the key.
func vaultID(data []byte) []byte { return expand(data, labelID, 16) }
