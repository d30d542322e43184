package laptop

import (
	"context"
	"crypto/rand"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/road"
)

// CheckPassphrase says whether a passphrase opens this folder: for what must not be done on a laptop that somebody left unlocked.
func (f *Folder) CheckPassphrase(passphrase []byte) error {
	keys, err := vault.Unlock(filepath.Join(f.Dir, vaultName), passphrase)
	if err != nil {
		return err
	}
	keys.Wipe()
	return nil
}

// ChangePassphrase gives the folder another passphrase.
func (f *Folder) ChangePassphrase(before, after []byte) error {
	if err := longEnough(after); err != nil {
		return err
	}
	return vault.ChangePassphrase(filepath.Join(f.Dir, vaultName), before, after)
}

// Recover opens a folder whose passphrase is lost with the code that HQ keeps for it, and gives it a new passphrase. The code
// works once: the next contact with HQ brings another one there.
func Recover(dir, code string, after []byte) (*Folder, error) {
	if err := longEnough(after); err != nil {
		return nil, err
	}
	secret, err := fieldwork.ParseRecovery(code)
	if err != nil {
		return nil, err
	}
	if err := vault.Recover(filepath.Join(dir, vaultName), secret, after, kdfParams); err != nil {
		return nil, err
	}
	return Open(dir, after)
}

// offerRecovery gives HQ a secret that opens this folder once its passphrase is lost, over a connection to HQ alone. It does
// nothing once HQ has it. Whoever has HQ's folder and the laptop can open the laptop; either alone cannot.
func (f *Folder) offerRecovery(ctx context.Context, s *store.Store, way *road.HTTPS) error {
	path := filepath.Join(f.Dir, vaultName)
	pending := s.Note(recoveryNote)
	if pending == nil && vault.HasRecovery(path) {
		return nil
	}
	if len(pending) != fieldwork.RecoveryBytes {
		pending = make([]byte, fieldwork.RecoveryBytes)
		rand.Read(pending)
		if err := s.SetNote(recoveryNote, pending); err != nil {
			return err
		}
	}
	if err := vault.SetRecovery(path, f.keys, pending); err != nil { // before HQ may say the code to anybody
		return err
	}
	if err := way.KeepRecovery(ctx, pending); err != nil {
		return err
	}
	return s.SetNote(recoveryNote, nil)
}

// recoveryNote keeps a secret that HQ may have or not, since its answer was not heard: the same one is offered again.
const recoveryNote = "laptop/recovery"

func longEnough(passphrase []byte) error {
	if len([]rune(string(passphrase))) < minPassphrase {
		return &fieldwork.Problem{Code: "short-passphrase", Sentence: "The passphrase is too short.", Hint: "Take eight characters or more; four words are good."}
	}
	return nil
}
