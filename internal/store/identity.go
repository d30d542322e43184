package store

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// Identity says who a replica is in one campaign. It is kept sealed beside the campaign's files, so that a damaged
// bbolt file can be built anew without it.
type Identity struct {
	Campaign journal.Campaign
	Log      fieldwork.LogID   // the log that this replica writes
	Name     string            // what people call this laptop
	Seed     []byte            // of the node's Ed25519 key
	HQKey    ed25519.PublicKey // signs HQ's log; nil in a practice campaign
	URLs     []string          // of HQ, the first is tried first; none in a practice campaign
	Pin      []byte            // SHA-256 of HQ's public TLS key, as the invite told it
	Token    []byte            // proves the node to HQ
	Voucher  []byte            // proves the node to laptops that have not met HQ since it joined: journal.Voucher; empty: not given yet
	Courier  string            // HQ's recipient of courier files, as told at joining; empty: see HQ's node record
	Practice bool              // sample data, never synced
	Again    *Again            // to be written again under this incarnation; nil: nothing
}

// Key returns the node's private key.
func (i *Identity) Key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(i.Seed) }

// NewSeed draws the seed of a node key.
func NewSeed() []byte {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed) // never fails
	return seed
}

var identityAAD = []byte("kandili/identity/v1")

func writeIdentity(dir string, self Identity, keys *vault.Keys) error {
	plain, err := json.Marshal(self)
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	sealed := keys.Sealer("store/identity/v1").Seal(nil, identityAAD, plain)
	if err := vault.WriteFileAtomic(filepath.Join(dir, identityName), sealed, 0o600); err != nil {
		return diskProblem("write the laptop's identity", err)
	}
	return nil
}

func readIdentity(dir string, keys *vault.Keys) (Identity, error) {
	sealed, err := os.ReadFile(filepath.Join(dir, identityName))
	if errors.Is(err, fs.ErrNotExist) {
		return Identity{}, &fieldwork.Problem{Code: "no-campaign", Sentence: "There is no campaign in this folder.", Hint: "Join one with an invite, or open the practice campaign.", Err: err}
	}
	if err != nil {
		return Identity{}, diskProblem("read the laptop's identity", err)
	}
	var self Identity
	plain, err := keys.Sealer("store/identity/v1").Open(nil, identityAAD, sealed)
	if err == nil {
		err = json.Unmarshal(plain, &self)
	}
	if err != nil {
		return Identity{}, &fieldwork.Problem{Code: "damaged", Sentence: "The file that says which laptop this is cannot be read.",
			Hint: "Restore a backup, or join again with a new invite: the records come back from HQ.", Err: err}
	}
	return self, nil
}

// UpdateIdentity changes what may change: the name, HQ's addresses, the token and the voucher.
func (s *Store) UpdateIdentity(change func(*Identity)) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	next := s.Self()
	change(&next)
	if err := writeIdentity(s.dir, next, s.keys); err != nil {
		return err
	}
	s.mu.Lock()
	s.self = next
	s.mu.Unlock()
	return nil
}

// Own returns the log that this replica writes now. It changes when the folder turns out to be a copy.
func (s *Store) Own() fieldwork.LogID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.self.Log
}
